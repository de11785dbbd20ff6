// @ts-check
/**
 * The one-touch buttons of the desk: each form with `data-does` says which act it is; its fields say the rest.
 *
 * =============  =====================================================================================================
 * `data-does`    what is signed
 * =============  =====================================================================================================
 * `one`          the act in `data-kind` and `data-body`, with the form's fields added to the body
 * `composed`     what the service composes at `data-from`, asked with the form's fields
 * `chosen`       the acts of the ticked boxes (each `data-kind`, `data-body`), with the fields of its own row
 * `statement`    the next statement as it is drawn up now
 * `waiting`      what another person signed before, at `data-from`
 * =============  =====================================================================================================
 *
 * A field with `data-private` is a text that the act only commits to; one that takes a file hands it in for its `data-audience`
 * and names it by its digest, in a list where it has `data-listed`.
 */

import { word } from "../sign/page.js";
import { ask, carryOn, carryOut } from "./carry.js";
import { fen } from "./fen.js";
import { handedIn } from "./file.js";

for (const form of document.querySelectorAll("form[data-does]")) ready(/** @type {HTMLFormElement} */ (form));
for (const only of document.querySelectorAll("[data-scripted]")) /** @type {HTMLElement} */ (only).hidden = false;

/** @param {HTMLFormElement} form */
function ready(form) {
  const page = /** @type {HTMLElement} */ (form.closest("[data-page]"));
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.does === "waiting") carryOn(page, () => ask(form.dataset.from || ""), (outcome) => done(form, outcome));
    else carryOut(page, () => asked(page, form), (outcome) => done(form, outcome));
  });
}

/**
 * What was done is not done twice; what comes after it is shown.
 * @param {HTMLFormElement} form
 * @param {import("./carry.js").Outcome} outcome
 */
function done(form, outcome) {
  const page = /** @type {HTMLElement} */ (form.closest("[data-page]"));
  const after = page.querySelectorAll("[data-after=" + outcome.done + "]");
  after.forEach((one) => (/** @type {HTMLElement} */ (one).hidden = false));
  if (outcome.done === "placed") {
    const { record } = outcome.places[0];
    page.querySelectorAll("a[data-record]").forEach((one) => (/** @type {HTMLAnchorElement} */ (one).href += record));
  }
  page.querySelectorAll("form[data-does]").forEach((one) => one.remove());
}

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @returns {Promise<import("./carry.js").Asked[]>}
 */
async function asked(page, form) {
  if (form.dataset.does === "composed") {
    const query = new URLSearchParams();
    new FormData(form).forEach((value, name) => query.append(name, String(value)));
    return (await ask(form.dataset.from + "?" + query)).items;
  }
  if (form.dataset.does === "statement") {
    return [{ kind: "statement.published/1", body: (await ask(form.dataset.from || "")).body }];
  }
  if (form.dataset.does === "one") return [await filled(page, form, form)];
  const boxes = [...form.querySelectorAll("input[data-body]:checked")].map((one) => /** @type {HTMLInputElement} */ (one));
  if (!boxes.length) throw new Error(word(page, "nothing"));
  return Promise.all(boxes.map((box) => filled(page, box, /** @type {HTMLElement} */ (box.closest("[data-item]")))));
}

/**
 * An act with the fields beside it: a select `basis` holds JSON, an `amount` is yuan, anything else stands as it is typed.
 * @param {HTMLElement} page
 * @param {HTMLElement} of
 * @param {HTMLElement} within
 * @returns {Promise<import("./carry.js").Asked>}
 */
async function filled(page, of, within) {
  const body = JSON.parse(of.dataset.body || "{}");
  /** @type {Record<string, string>} */
  const sealed = {};
  for (const input of within.querySelectorAll("[name]")) {
    const { name, value, type, checked, dataset, files } = /** @type {HTMLInputElement} */ (input);
    if (type === "radio" && !checked) continue;
    if (type === "file") {
      const file = (files || [])[0];
      const digest = file && (await handedIn(page.dataset.base || "", file, dataset.audience || ""));
      if (digest) body[name] = "listed" in dataset ? [digest] : digest;
    } else if (name === "basis") body.basis = JSON.parse(value);
    else if (name === "amount") body.stages = [{ amount: fen(value) || refuse(page, value) }];
    else if (value.trim()) ("private" in dataset ? sealed : body)[name] = value.trim();
  }
  const kind = of.dataset.kind || "";
  return Object.keys(sealed).length ? { kind, body, private: sealed } : { kind, body };
}

/**
 * @param {HTMLElement} page
 * @param {string} value
 * @returns {never}
 */
function refuse(page, value) {
  throw new Error(word(page, "noamount", { value }));
}
