// @ts-check
/**
 * Talking with the service: preparing, handing in, and keeping the receipt.
 */

import { encode } from "../check/canonical.js";
import { text } from "../check/bytes.js";
import * as kept from "./kept.js";
import { digest } from "./record.js";

/** A refusal as the service says it (RFC 9457): `rule` for programs, `message` for people. */
export class Problem extends Error {
  /** @param {{rule?: string, detail?: string, status?: number}} said */
  constructor(said) {
    super(said.detail || said.rule || String(said.status));
    this.name = "Problem";
    this.rule = said.rule || "";
    this.status = said.status || 0;
  }
}

/**
 * @param {string} path
 * @param {any} [value]
 * @returns {Promise<any>} the answer's JSON
 * @throws {Problem}
 */
export async function post(path, value) {
  const language = document.documentElement.lang;
  const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": language };
  const body = value === undefined ? undefined : JSON.stringify(value);
  const answer = await fetch(path, { method: "POST", headers, body, credentials: "same-origin" });
  const said = answer.status === 204 ? null : await answer.json().catch(() => ({ status: answer.status }));
  if (!answer.ok) throw new Problem(Object.assign({ status: answer.status }, said));
  return said;
}

/**
 * @typedef {{kind: string, body: Record<string, any>, private?: Record<string, any>}} Asked
 */

/**
 * Have acts drafted, told in plain words and tried. What comes back is checked by consent.js before anything is signed.
 * @param {string} base `/api/v1/ledgers/<ledger>`
 * @param {Asked[]} items
 * @returns {Promise<any>}
 */
export function prepare(base, items) {
  return post(base + "/acts/prepare", { items });
}

/**
 * Hand in signed acts, all or none. Their receipts are kept in this browser as far as they came at once; without one, the
 * number and the leaf hash are kept: a promise that can be held against the log.
 * @param {string} base
 * @param {string} ledger
 * @param {import("./record.js").Submission[]} submissions
 * @returns {Promise<any[]>} the place of each
 */
export async function handIn(base, ledger, submissions) {
  const said = await post(base + "/submissions", submissions);
  for (let i = 0; i < submissions.length; i++) {
    await keepReceipt(ledger, submissions[i], said.items[i]);
  }
  return said.items;
}

/**
 * @param {string} ledger
 * @param {import("./record.js").Submission} submission
 * @param {any} place
 */
export async function keepReceipt(ledger, submission, place) {
  const id = digest(submission.record);
  const { kind } = submission.record;
  await kept.keep("receipts", /** @type {any} */ ({ id, ledger, kind, made: Date.now(), place, openings: submission.openings }));
}

/**
 * Offer a receipt as a file, in the form that `mingzhang` and the checking page read.
 * @param {any} receipt
 * @param {string} name
 */
export function offerReceipt(receipt, name) {
  offer([text(encode(receipt))], name);
}

/**
 * Offer acts that are not signed, or not by all, as the waiting file that `mingzhang keys sign` takes: one a line.
 * @param {import("./record.js").Submission[]} submissions
 * @param {string} name
 */
export function offerWaiting(submissions, name) {
  offer([waitingFile(submissions)], name);
}

/**
 * @param {import("./record.js").Submission[]} submissions
 * @returns {string}
 */
export function waitingFile(submissions) {
  return submissions.map((one) => text(encode(one)) + "\n").join("");
}

/**
 * @param {string[]} parts
 * @param {string} name
 */
function offer(parts, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
