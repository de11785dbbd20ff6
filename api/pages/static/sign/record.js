// @ts-check
/**
 * Records in the browser: made, named by their digest, sealed, and put under one signature as a batch (docs/format.md).
 *
 * Whatever is signed here was hashed here. A digest that came with a record is only something to compare with.
 */

import { base64, concat, hex, unbase64, utf8 } from "../check/bytes.js";
import { encode } from "../check/canonical.js";
import { Malformed } from "../check/errors.js";
import { sha256 } from "../check/sha2.js";
import { BATCH, RECORD, pae } from "./pae.js";
import { leafHash, tree } from "./tree.js";

export const MAX_BATCH = 512;
export const SALT_BYTES = 32;

/**
 * @typedef {{ledger: string, kind: string, id: string, at: string, body: Record<string, any>}} LedgerRecord
 * @typedef {{field: string, salt: string, value: any}} Opening
 * @typedef {{key: string, alg: string, sig: string, authenticator_data?: string, client_data?: string, batch?: any}} Signature
 * @typedef {{record: LedgerRecord, signatures: Signature[], openings: Opening[]}} Submission
 */

/**
 * A new record.
 * @param {string} ledger its genesis digest
 * @param {string} kind
 * @param {Record<string, any>} body
 * @param {number} ms its time, milliseconds since 1970
 * @param {Uint8Array} [random] 10 bytes, which fix its id
 * @returns {LedgerRecord}
 */
export function build(ledger, kind, body, ms, random) {
  return { ledger, kind, id: uuid7(ms, random || randomBytes(10)), at: new Date(ms).toISOString(), body };
}

/**
 * A UUID version 7 (RFC 9562 §5.7).
 * @param {number} ms
 * @param {Uint8Array} random 10 bytes
 */
export function uuid7(ms, random) {
  const bytes = new Uint8Array(16);
  for (let i = 5, rest = ms; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes.set(random, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = hex(bytes);
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => digits.slice(from, to)).join("-");
}

/**
 * Bytes that nobody can guess.
 * @param {number} count
 * @returns {Uint8Array}
 */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/**
 * The bytes that a single signature covers.
 * @param {LedgerRecord} record
 */
export function recordBytes(record) {
  return pae(RECORD, encode(record));
}

/**
 * The identity of a record.
 * @param {LedgerRecord} record
 * @returns {string} hex
 */
export function digest(record) {
  return hex(sha256(recordBytes(record)));
}

/**
 * The salted commitment to a private value (formula of docs/format.md).
 * @param {string} ledger
 * @param {string} kind
 * @param {string} field
 * @param {any} value
 * @param {Uint8Array} salt
 * @returns {string} hex
 */
export function commitment(ledger, kind, field, value, salt) {
  return hex(sha256(concat(utf8("mingzhang/commit/1"), [0], salt, encode({ field, kind, ledger, value }))));
}

/**
 * A private value under a salt of our own.
 * @param {string} ledger
 * @param {string} kind
 * @param {string} field
 * @param {any} value
 * @returns {{commitment: string, opening: Opening}}
 */
export function seal(ledger, kind, field, value) {
  const salt = randomBytes(SALT_BYTES);
  return { commitment: commitment(ledger, kind, field, value, salt), opening: { field, salt: base64(salt), value } };
}

/**
 * Whether an opening opens a commitment of a record of this ledger and kind.
 * @param {string} found the commitment as the body has it
 * @param {LedgerRecord} record
 * @param {Opening} opening
 */
export function opens(found, record, opening) {
  const salt = unbase64(opening.salt, "opening.salt");
  return salt.length === SALT_BYTES && commitment(record.ledger, record.kind, opening.field, opening.value, salt) === found;
}

/**
 * What one ceremony over several records signs, and the place of each of them in it.
 * @param {LedgerRecord[]} records 1 to 512 of one ledger and one time
 * @returns {{message: Uint8Array, root: string, places: {index: number, count: number, path: string[]}[]}}
 * @throws {Malformed} `batch.size`, `batch.times_differ`
 */
export function batch(records) {
  const count = records.length;
  if (count < 1 || count > MAX_BATCH) throw new Malformed("batch.size", count, "1 to " + MAX_BATCH);
  const { ledger, at } = records[0];
  if (records.some((record) => record.ledger !== ledger || record.at !== at)) {
    throw new Malformed("batch.times_differ", count, "one ledger, one time");
  }
  const { root, paths } = tree(records.map((record) => leafHash(encode(record))));
  return {
    message: pae(BATCH, encode({ ledger, count, root: hex(root), at })),
    root: hex(root),
    places: paths.map((path, index) => ({ index, count, path: path.map(hex) })),
  };
}
