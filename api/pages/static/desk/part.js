// @ts-check
/** A part of a bank's row as its fields say it (`bank.row/1`, `suspense.cleared/1`). */

import { fen } from "./fen.js";

/**
 * @param {HTMLElement} fields what was said of it before stands in `data-said`
 * @returns {any} a part; null where its amount is none
 */
export function readPart(fields) {
  const said = JSON.parse(fields.dataset.said || "{}");
  for (const input of fields.querySelectorAll("[name]")) {
    const { name, value } = /** @type {HTMLInputElement} */ (input);
    delete said[name];
    if (name === "amount") {
      const amount = fen(value);
      if (!amount) return null;
      said.amount = amount;
    } else if (value.trim()) {
      said[name] = value.trim();
    }
  }
  return said;
}
