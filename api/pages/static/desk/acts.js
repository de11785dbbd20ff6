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
 */

import { word } from "../sign/page.js";
import { ask, carryOn, carryOut } from "./carry.js";
import { fen } from "./fen.js";

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
  if (form.dataset.does === "one") return [filled(page, form, form)];
  const boxes = [...form.querySelectorAll("input[data-body]:checked")].map((one) => /** @type {HTMLInputElement} */ (one));
  if (!boxes.length) throw new Error(word(page, "nothing"));
  return boxes.map((box) => filled(page, box, /** @type {HTMLElement} */ (box.closest("[data-item]"))));
}

/**
 * An act with the fields beside it: a select `basis` holds JSON, an `amount` is yuan, anything else stands as it is typed.
 * @param {HTMLElement} page
 * @param {HTMLElement} of
 * @param {HTMLElement} within
 */
function filled(page, of, within) {
  const body = JSON.parse(of.dataset.body || "{}");
  for (const input of within.querySelectorAll("[name]")) {
    const { name, value } = /** @type {HTMLInputElement} */ (input);
    if (name === "basis") body.basis = JSON.parse(value);
    else if (name === "amount") body.stages = [{ amount: fen(value) || refuse(page, value) }];
    else if (value.trim()) body[name] = value.trim();
  }
  return { kind: of.dataset.kind || "", body };
}

/**
 * @param {HTMLElement} page
 * @param {string} value
 * @returns {never}
 */
function refuse(page, value) {
  throw new Error(word(page, "noamount", { value }));
}
