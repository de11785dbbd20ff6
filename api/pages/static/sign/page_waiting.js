// @ts-check
/**
 * What waits for the reader: each is fetched again when he wants to sign, checked, shown whole, and signed.
 *
 * The comparison code of a key that waits to be enrolled is computed here from the record, and again from the very record that
 * is signed: a server that swaps one for the other in between is found out.
 */

import { Malformed } from "../check/errors.js";
import { join } from "./act.js";
import { comparison, enrolled, own, secure } from "./keys.js";
import { part, placed, reason, word } from "./page.js";
import { Problem } from "./submit.js";

const page = placed("waiting");
const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.consent"));
const { base, ledger } = /** @type {Record<string, string>} */ (page.dataset);

/**
 * @param {string} digest
 * @param {string} [method]
 * @returns {Promise<any>}
 */
async function asked(digest, method) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  const answer = await fetch(base + "/waiting/" + digest, { method: method || "GET", headers, credentials: "same-origin" });
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Problem(said);
  return said;
}

/** @param {any} waiting */
function codeOf(waiting) {
  const { kind, body } = waiting.items[0].submission.record;
  return kind === "key.enrolled/1" ? comparison(enrolled(body.key)) : "";
}

/** @param {HTMLElement} section */
async function sign(section) {
  const keys = secure() ? await own(ledger) : [];
  const key = keys.find((one) => one.id === page.dataset.key);
  if (!key) return word(page, "noKey");
  const waiting = await asked(section.dataset.digest || "");
  const seen = part(section, "code");
  if (seen && seen.textContent !== codeOf(waiting)) throw new Malformed("consent.code", codeOf(waiting), seen.textContent || "");
  const outcome = await join({ base, ledger, dialog }, key, waiting);
  if (outcome.done === "no") return "";
  finished(section);
  return outcome.done === "placed" ? word(page, "stands", { number: String(outcome.places[0].seq) }) : word(page, "signed");
}

/** @param {HTMLElement} section */
async function withdraw(section) {
  await asked(section.dataset.digest || "", "DELETE");
  finished(section);
  return word(page, "withdrawn");
}

/** @param {HTMLElement} section */
function finished(section) {
  section.querySelectorAll(".choice").forEach((one) => one.remove());
}

for (const section of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("section[data-digest]"))) {
  const told = part(section, "told");
  const code = part(section, "code");
  if (code) {
    asked(section.dataset.digest || "").then(
      (waiting) => (code.textContent = codeOf(waiting)),
      (error) => (told.textContent = word(page, "failed", { reason: reason(page, error) })),
    );
  }
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (section.querySelectorAll("button[data-act]"))) {
    button.addEventListener("click", async () => {
      told.textContent = word(page, "working");
      try {
        told.textContent = await (button.dataset.act === "sign" ? sign(section) : withdraw(section));
      } catch (error) {
        told.textContent = word(page, "failed", { reason: reason(page, error) });
      }
    });
  }
}
