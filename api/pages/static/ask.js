// @ts-check
/** Whoever has no key in this browser is shown the other ways at once, not only after he has written his question. */

import { own, secure } from "./sign/keys.js";
import { part, placed } from "./sign/page.js";

const page = placed("ask");

/** @param {boolean} held */
function show(held) {
  /** @type {HTMLElement} */ (page.querySelector("form")).hidden = !held;
  part(page, "nokey").hidden = held;
}

if (secure()) own(page.dataset.ledger || "").then((keys) => show(keys.length > 0), () => show(false));
else show(false);
