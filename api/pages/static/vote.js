// @ts-check
/**
 * My ballot: made whole in this browser, shown in plain words, signed, handed in; its receipt offered without being asked for.
 *
 * The choices and the salt that hides them come from here. The server is told them only with the signed ballot, and shows
 * them to nobody before the close.
 */

import { ballot } from "./sign/ballot.js";
import { consent } from "./sign/consent.js";
import { own, signAll } from "./sign/keys.js";
import { part, placed, reason, word } from "./sign/page.js";
import { digest } from "./sign/record.js";
import { handIn, offerReceipt } from "./sign/submit.js";

const page = placed("vote");
const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.consent"));
const told = part(page, "told");
const { base, ledger } = /** @type {Record<string, string>} */ (page.dataset);

/**
 * What was chosen, motion by motion, as the reader reads it.
 * @param {HTMLFormElement} form
 */
function chosen(form) {
  return [...form.querySelectorAll("fieldset")].map((field) => {
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input:checked"));
    const label = /** @type {HTMLElement} */ (field.querySelector("legend")).innerText;
    const text = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (input.parentElement).querySelector("span")).innerText;
    return { choice: input.value, label, text };
  });
}

/**
 * The ballot in the form in which prepared acts are shown.
 * @param {HTMLFormElement} form
 * @param {import("./sign/record.js").Submission} submission
 * @param {ReturnType<typeof chosen>} answers
 */
function shown(form, submission, answers) {
  const { meeting, unit, revision } = submission.record.body;
  const rows = [
    { field: "choices", label: page.dataset.fieldChoices || "", text: "", within: answers.map(({ label, text }) => ({ label, text })) },
    { field: "unit", label: page.dataset.fieldUnit || "", text: form.dataset.label + " (" + unit + ")" },
    { field: "meeting", label: page.dataset.fieldMeeting || "", text: page.dataset.meeting + " (" + meeting + ")" },
    { field: "revision", label: page.dataset.fieldRevision || "", text: String(revision) },
  ];
  const item = { submission, digest: digest(submission.record), title: page.dataset.title || "", rows, wrong: [], missing: 0 };
  return { items: [item], sums: [] };
}

/**
 * @param {any} place
 * @param {import("./sign/record.js").Submission} submission
 */
function tell(place, submission) {
  told.textContent = word(page, place.receipt ? "cast" : "later", { number: String(place.seq) });
  if (!place.receipt) return;
  const receipt = Object.assign({}, place.receipt, { openings: submission.openings });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = place.seq + ".receipt.json";
  button.addEventListener("click", () => offerReceipt(receipt, place.seq + ".receipt.json"));
  part(page, "receipts").replaceChildren(button);
}

/** @param {HTMLFormElement} form */
async function vote(form) {
  told.textContent = word(page, "working");
  const answers = chosen(form);
  const where = { meeting: form.dataset.opened || "", unit: form.dataset.unit || "", revision: Number(form.dataset.revision) };
  try {
    // Several people may have keys in one browser: it is the one who signed in that votes, for the seats that he was shown.
    const key = (await own(ledger)).find((one) => one.id === page.dataset.key);
    if (!key) {
      told.textContent = word(page, "noKey");
      return;
    }
    const submission = ballot(ledger, where, answers.map((one) => one.choice));
    const agreed = await consent(dialog, null, shown(form, submission, answers), ledger);
    if (agreed === null) {
      told.textContent = "";
      return;
    }
    const signed = await signAll(key, agreed);
    const [place] = await handIn(base, ledger, signed);
    form.dataset.revision = String(where.revision + 1);
    tell(place, submission);
  } catch (error) {
    told.textContent = word(page, "failed", { reason: reason(page, error) });
  }
}

for (const form of page.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    vote(form);
  });
}
