/** Demanding something of bytes that a stranger made. */
import { Malformed } from "./errors.js";

/**
 * Return if `holds`.
 * @param {unknown} holds
 * @param {string} rule as the Python side names it: `note.signature`, `merkle.inclusion`
 * @param {unknown} [value] what was met
 * @param {string} [accepted] what would be accepted
 * @throws {Malformed} `rule`
 */
export function need(holds, rule, value, accepted) {
  if (!holds) throw new Malformed(rule, value, accepted === undefined ? undefined : String(accepted));
}

/** Whether an error says something about the bytes, not about this program. */
export function isRefusal(error) {
  return error instanceof Error && typeof error.rule === "string";
}
