// @ts-check
/**
 * Consent: a dialog that lists every act and what they come to, in plain words, before a finger is asked for.
 *
 * Nothing reaches it that compare.js has not found to be what was asked for and what is shown. The dialog is the template's
 * (signing.html), with its words; here it is filled, opened and answered. Escape and the second button are no.
 */

import { check } from "./compare.js";

/**
 * Check what was prepared, show it, and ask.
 * @param {HTMLDialogElement} dialog
 * @param {import("./submit.js").Asked[] | null} asked
 * @param {any} prepared
 * @param {string} ledger
 * @returns {Promise<import("./record.js").Submission[] | null>} what was agreed to; null for no
 * @throws {import("../check/errors.js").Malformed} `consent.…`: the server shows one thing and prepared another
 */
export function consent(dialog, asked, prepared, ledger) {
  const words = { yes: dialog.dataset.yes || "", no: dialog.dataset.no || "", titles: titles(dialog) };
  const submissions = check(asked, prepared, ledger, words);
  fill(dialog, prepared);
  return answered(dialog).then((yes) => (yes ? submissions : null));
}

/**
 * What the page itself calls each kind of act.
 * @param {HTMLElement} dialog
 * @returns {Record<string, string>}
 */
function titles(dialog) {
  const listed = /** @type {HTMLTemplateElement} */ (part(dialog, "titles")).content.querySelectorAll("data");
  return Object.fromEntries([...listed].map((one) => [one.value, one.textContent || ""]));
}

/**
 * @param {HTMLElement} dialog
 * @param {any} prepared
 */
function fill(dialog, prepared) {
  const list = part(dialog, "items");
  const { items } = prepared;
  const named = dialog.dataset.digest || "";
  refill(list, items.map((/** @type {any} */ item, /** @type {number} */ index) => act(item, index, items.length, named)));
  const shown = items.length > 1 ? prepared.sums : [];
  part(dialog, "summed").hidden = !shown.length;
  refill(part(dialog, "sums"), shown.map(pair));
  const said = items.flatMap((/** @type {any} */ item) => item.wrong.map((/** @type {any} */ one) => one.detail));
  part(dialog, "refused").hidden = !said.length;
  refill(part(dialog, "wrong"), said.map((/** @type {string} */ text) => element("li", text)));
  const yes = /** @type {HTMLButtonElement} */ (dialog.querySelector("button[value=yes]"));
  yes.disabled = said.length > 0;
}

/**
 * @param {any} item
 * @param {number} index
 * @param {number} count
 * @param {string} digest the word for it
 */
function act(item, index, count, digest) {
  const shown = element("li");
  const title = element("h3", count > 1 ? index + 1 + "/" + count + " " + item.title : item.title);
  const rows = element("dl");
  rows.className = "facts";
  rows.append(...item.rows.concat([{ label: digest, text: item.digest }]).map(pair));
  shown.append(title, rows);
  return shown;
}

/**
 * @param {any} row
 * @returns {HTMLElement}
 */
function pair(row) {
  const said = element("dd", row.text);
  if (row.within && row.within.length) {
    const inner = element("dl");
    inner.className = "facts";
    inner.append(...row.within.map(pair));
    said.append(inner);
  }
  const both = element("div");
  both.append(element("dt", row.label), said);
  return both;
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>}
 */
function answered(dialog) {
  dialog.returnValue = "";
  const modal = typeof dialog.showModal === "function";
  if (modal) dialog.showModal();
  else dialog.setAttribute("open", ""); // an older browser: shown in its place in the page
  return new Promise((resolve) => {
    /** @param {boolean} yes */
    const done = (yes) => {
      dialog.onclose = dialog.onclick = null;
      if (!modal) dialog.removeAttribute("open");
      resolve(yes);
    };
    dialog.onclose = () => done(dialog.returnValue === "yes");
    dialog.onclick = (event) => {
      const button = event.target instanceof HTMLButtonElement ? event.target : null;
      if (!modal && button) {
        event.preventDefault();
        done(button.value === "yes");
      }
    };
  });
}

/**
 * @param {HTMLElement} dialog
 * @param {string} name
 * @returns {HTMLElement}
 */
function part(dialog, name) {
  return /** @type {HTMLElement} */ (dialog.querySelector("[data-part=" + name + "]"));
}

/**
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
function refill(parent, children) {
  parent.textContent = "";
  parent.append(...children);
}

/**
 * @param {string} tag
 * @param {string} [text]
 */
function element(tag, text) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  return made;
}
