// @ts-check
/**
 * A month from the bank's file: read it, look at each new row, change what is not right, sign all of it once.
 *
 * The file stays in the browser; the service reads it and answers with the rows and their acts, which name the file by the
 * digest that is computed here. What is changed here are the `parts` of those acts and nothing else.
 */

import { base64, hex } from "../check/bytes.js";
import { Malformed } from "../check/errors.js";
import { sha256 } from "../check/sha2.js";
import { part, placed, reason, word } from "../sign/page.js";
import { yuan } from "../sign/compare.js";
import { carryOut, signer } from "./carry.js";
import { readPart } from "./part.js";

const MOST = 512;
const page = placed("bank");
const form = /** @type {HTMLFormElement} */ (part(page, "choose"));
const review = part(page, "review");
/** @type {{data: Uint8Array, acts: any[]}} */
let taken = { data: new Uint8Array(), acts: [] };

form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const told = part(page, "told");
  told.textContent = word(page, "reading");
  try {
    await look();
    told.textContent = "";
  } catch (error) {
    told.textContent = reason(page, error);
  }
});

async function look() {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("file"));
  const file = (input.files || [])[0];
  const data = new Uint8Array(await file.arrayBuffer());
  const start = /** @type {HTMLInputElement} */ (form.elements.namedItem("start")).value;
  const end = /** @type {HTMLInputElement} */ (form.elements.namedItem("end")).value;
  await signer(page);
  const body = JSON.stringify({ name: file.name.slice(-200), data: base64(data), start, end });
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  const answer = await fetch(page.dataset.look || "", { method: "POST", headers, body, credentials: "same-origin" });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || String(answer.status));
  review.innerHTML = await answer.text();
  const acts = JSON.parse(part(review, "acts").textContent || "[]");
  const digest = hex(sha256(data));
  if (acts[0].body.file !== digest) {
    review.textContent = "";
    throw new Malformed("consent.file", acts[0].body.file, digest);
  }
  taken = { data, acts };
  form.hidden = true;
  for (const row of review.querySelectorAll("[data-row]")) ready(/** @type {HTMLElement} */ (row));
  /** @type {HTMLButtonElement | null} */
  const sign = review.querySelector("button[data-act]");
  if (sign) {
    sign.disabled = acts.length > MOST;
    sign.addEventListener("click", () => carryOut(page, async () => taken.acts, stands));
  }
  part(review, "title").focus();
}

/** What follows when the rows stand: the list has become history, and the file itself is kept beside the ledger. */
async function stands() {
  review.querySelectorAll("details, button").forEach((one) => one.remove());
  const headers = { "Content-Type": "application/octet-stream" };
  const path = page.dataset.base + "/documents?audience=case";
  const body = /** @type {BufferSource} */ (taken.data);
  const kept = await fetch(path, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
  if (!kept || !kept.ok) part(page, "told").append(word(page, "notkept"));
  part(page, "told").focus();
}

/** @param {HTMLElement} row */
function ready(row) {
  const details = row.querySelector("details");
  if (!details) return;
  details.addEventListener("toggle", () => {
    const fields = part(row, "parts");
    if (details.open && !fields.childElementCount) partsOf(row).forEach((/** @type {any} */ one) => fields.append(field(row, one)));
  });
  part(row, "more").addEventListener("click", () => part(row, "parts").append(field(row, { amount: left(row) })));
  part(row, "nothing").addEventListener("click", () => {
    part(row, "parts").textContent = "";
    changed(row);
  });
  details.addEventListener("change", () => changed(row));
}

/** @param {HTMLElement} row */
function act(row) {
  return taken.acts[Number(row.dataset.row) + 1].body;
}

/** @param {HTMLElement} row */
function partsOf(row) {
  return act(row).parts;
}

/** @param {HTMLElement} row what its parts leave to suspense, in fen */
function left(row) {
  return partsOf(row).reduce((/** @type {number} */ open, /** @type {any} */ one) => open - one.amount, act(row).amount);
}

/**
 * A part as fields. One that settles something, or gives something back, is kept as it is or taken out.
 * @param {HTMLElement} row
 * @param {any} said
 */
function field(row, said) {
  const settled = said.settles || said.returns;
  const name = settled ? "settled" : "said";
  const template = /** @type {HTMLTemplateElement} */ (part(page, name));
  const made = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
  made.dataset.said = JSON.stringify(said);
  for (const input of made.querySelectorAll("[name]")) {
    const control = /** @type {HTMLInputElement} */ (input);
    const value = control.name === "amount" ? yuan(said.amount) : said[control.name];
    if (value !== undefined) control.value = value;
  }
  part(made, "out").addEventListener("click", () => {
    made.remove();
    changed(row);
  });
  return made;
}

/**
 * Take the fields of a row over into its act, and say what is left.
 * @param {HTMLElement} row
 */
function changed(row) {
  const parts = [...part(row, "parts").children].map((one) => readPart(/** @type {HTMLElement} */ (one)));
  const wrong = parts.some((one) => one === null);
  if (!wrong) act(row).parts = parts;
  part(row, "wrong").hidden = !wrong;
  const open = left(row);
  part(row, "what").textContent = word(page, "changed", { what: [...part(row, "parts").children].map(told).join("、") });
  part(row, "open").textContent = open ? word(page, "open", { amount: yuan(open) }) : "";
  sum();
}

/**
 * A part in words: what was chosen, and how much.
 * @param {Element} fields
 */
function told(fields) {
  const amount = /** @type {HTMLInputElement} */ (fields.querySelector("[name=amount]")).value;
  const chosen = /** @type {HTMLSelectElement | null} */ (fields.querySelector("select[name=category]"));
  const option = chosen && chosen.selectedOptions[0];
  return (option ? option.text : (fields.querySelector("legend") || fields).textContent) + " " + amount;
}

function sum() {
  let into = 0;
  let out = 0;
  for (const row of review.querySelectorAll("[data-row]")) {
    const open = left(/** @type {HTMLElement} */ (row));
    if (open > 0) into += open;
    else out -= open;
  }
  part(review, "suspense").textContent = word(page, "suspense", { received: yuan(into), paid: yuan(out) });
}
