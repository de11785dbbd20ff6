// @ts-check
/** A row in suspense, and what it was: with evidence that stands already, or a file that is handed in and entered beside it. */

import { part, placed, word } from "../sign/page.js";
import { yuan } from "../sign/compare.js";
import { carryOut } from "./carry.js";
import { handedIn } from "./file.js";
import { readPart } from "./part.js";

const page = placed("clear");
const form = /** @type {HTMLFormElement} */ (part(page, "clear"));
const known = /** @type {HTMLSelectElement} */ (part(page, "known"));
const amount = /** @type {HTMLInputElement} */ (form.querySelector("[name=amount]"));

amount.value = yuan(Number(page.dataset.left));
form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  carryOut(page, compose, () => form.remove());
});

/** @returns {Promise<import("./carry.js").Asked[]>} */
async function compose() {
  const what = readPart(part(page, "what"));
  if (what === null) throw new Error(word(page, "noamount", { value: amount.value }));
  const on = /** @type {HTMLInputElement} */ (part(page, "on")).value;
  const entered = known.value ? [] : [await evidence()];
  const named = known.value || { $record: 0 };
  const body = { row: page.dataset.row, on, evidence: named, parts: [what] };
  return [...entered, { kind: "suspense.cleared/1", body }];
}

/**
 * The document that the evidence becomes; its file is handed in first, so that its digest is the file's.
 * @returns {Promise<import("./carry.js").Asked>}
 */
async function evidence() {
  const file = (/** @type {HTMLInputElement} */ (part(page, "file")).files || [])[0];
  const subject = /** @type {HTMLInputElement} */ (part(page, "subject")).value.trim();
  if (!file || !subject) throw new Error(word(page, "evidence"));
  const digest = await handedIn(page.dataset.base || "", file, "supervisors");
  return { kind: "document.entered/1", body: { kind: "bank_paper", subject, original: digest } };
}
