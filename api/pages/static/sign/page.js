// @ts-check
/** What the pages that sign share: where they are, the words that their templates hand over, and how an outcome is told. */

import { Malformed } from "../check/errors.js";
import { insideApp, ways } from "./keys.js";

/**
 * The page's own element, by the name in `data-page`.
 * @param {string} name
 * @returns {HTMLElement}
 */
export function placed(name) {
  return /** @type {HTMLElement} */ (document.querySelector("[data-page=" + name + "]"));
}

/**
 * A part of it, by the name in `data-part`.
 * @param {Element} of
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(of, name) {
  return /** @type {HTMLElement} */ (of.querySelector("[data-part=" + name + "]"));
}

/**
 * A word of the template with values in its `{places}`.
 * @param {HTMLElement} page
 * @param {string} name
 * @param {Record<string, string>} [values]
 */
export function word(page, name, values) {
  const filled = values || {};
  return (page.dataset[name] || "").replace(/\{([a-z_]+)\}/g, (whole, key) => (key in filled ? filled[key] : whole));
}

/** @param {HTMLElement} page */
export function rpIds(page) {
  return (page.dataset.rpIds || "").split(" ").filter(Boolean);
}

/**
 * Show which ways there are here, and say whether the page may sign at all.
 * @param {HTMLElement} page
 * @returns {Promise<Record<import("./keys.js").Way, boolean>>}
 */
export async function showWays(page) {
  const found = /** @type {Record<import("./keys.js").Way, boolean>} */ ({});
  for (const { way, usable } of await ways(rpIds(page))) found[way] = usable;
  const insecure = part(page, "insecure");
  if (insecure) insecure.hidden = found.passkey || found.browser_key;
  /** @type {HTMLElement | null} */
  const other = document.querySelector("[data-way=system_browser]");
  if (other) other.hidden = !(insideApp() && found.system_browser);
  return found;
}

/**
 * Why something did not come about, for people: a refusal in its own words, a cancelled finger, a server that shows one thing
 * and prepared another.
 * @param {HTMLElement} page
 * @param {unknown} error
 * @returns {string}
 */
export function reason(page, error) {
  if (error instanceof Malformed) return word(page, "differs", { rule: error.rule });
  if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) {
    return word(page, "cancelled");
  }
  return error instanceof Error ? error.message : String(error);
}
