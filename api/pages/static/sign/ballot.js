// @ts-check
/**
 * A ballot, made whole in the voter's browser: the salt comes from here, so that no server can learn later which choices a
 * commitment hides, and none can choose a salt that tells it.
 */

import { Malformed } from "../check/errors.js";
import { build, seal } from "./record.js";

export const KIND = "ballot.cast/1";
export const CHOICES = ["yes", "no", "abstain"];

/**
 * @param {string} ledger genesis digest
 * @param {{meeting: string, unit: string, revision: number}} where digest of `meeting.opened/1`, the roll leaf's unit, 1 or the last + 1
 * @param {string[]} choices one a motion, in their order
 * @param {number} [ms] its time
 * @returns {import("./record.js").Submission} unsigned
 * @throws {Malformed} `ballot.answers`
 */
export function ballot(ledger, where, choices, ms) {
  if (!choices.length || choices.some((choice) => !CHOICES.includes(choice))) {
    throw new Malformed("ballot.answers", choices, CHOICES.join(", "));
  }
  const sealed = seal(ledger, KIND, "choices", choices.slice());
  const body = { meeting: where.meeting, unit: where.unit, revision: where.revision, choices: sealed.commitment };
  return { record: build(ledger, KIND, body, ms === undefined ? Date.now() : ms), signatures: [], openings: [sealed.opening] };
}
