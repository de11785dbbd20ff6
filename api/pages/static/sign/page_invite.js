// @ts-check
/** Making letters: whom to invite, and the PDF, which is the only place where their codes stand. */

import { part, placed, reason, word } from "./page.js";
import { Problem } from "./submit.js";

const page = placed("invite");
const told = part(page, "told");
const form = /** @type {HTMLFormElement} */ (part(page, "form"));
const units = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("units"));

async function make() {
  const persons = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=person]:checked"))];
  const asked = { units: units.value.split(/[\s,，、;；]+/).filter(Boolean), persons: persons.map((one) => one.value) };
  const answer = await fetch(page.dataset.base + "/invitations", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/pdf", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify(asked),
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Problem(await answer.json());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = "invitations.pdf";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = word(page, "working");
  try {
    await make();
    told.textContent = word(page, "done");
  } catch (error) {
    told.textContent = word(page, "failed", { reason: reason(page, error) });
  }
});

const fill = part(page, "fill");
if (fill) fill.addEventListener("click", () => (units.value = fill.dataset.codes || ""));
