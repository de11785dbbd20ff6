// @ts-check
/**
 * Canonical JSON: one value, one byte string. The norm is ledger/canonical.py; the bytes are those of RFC 8785 for a subset.
 *
 * - objects, arrays, strings, `true`, `false` and integers within ±(2⁵³ − 1); no `null`, no fractions, no exponents;
 * - keys match `[a-z0-9_]+`, stand once, in ascending order;
 * - at most 16 containers within one another;
 * - no white space, no byte order mark; a character is escaped only where RFC 8785 §3.2.2.2 escapes it.
 *
 * `decode` parses, checks the subset, encodes again and compares, so that whatever another reader would silently repair is
 * refused here, under the same rule as there. Unicode normalisation is not judged by `decode`: its tables change with each
 * edition of Unicode (and of the browser), and what is on the ledger must be read alike for ever. `checkText` judges it.
 *
 * Objects come without a prototype: `__proto__` matches the pattern of keys, and on a common object it would not be a key.
 */

import { equal, isWellFormed, text, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";
import { Members, NotJson, Outside, parse } from "./json.js";

/**
 * @typedef {boolean | number | string | any[] | { [key: string]: any }} Json
 */

export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
export const MAX_DEPTH = 16;

const KEY = /^[a-z0-9_]+$/;

/**
 * The value whose canonical bytes are exactly `bytes`.
 * @param {Uint8Array} bytes
 * @param {number} [limit] the greatest length accepted, in bytes
 * @returns {any} a {@link Json}
 * @throws {Malformed} `canonical.length`, `canonical.not_json`, `canonical.not_canonical`, and what {@link encode} throws
 */
export function decode(bytes, limit) {
  if (limit !== undefined && bytes.length > limit) {
    throw new Malformed("canonical.length", bytes.length, "at most " + limit + " bytes");
  }
  const value = checked(parsed(bytes), "", MAX_DEPTH);
  const again = utf8(written(value));
  if (!equal(again, bytes)) {
    let at = 0;
    while (at < again.length && again[at] === bytes[at]) at++;
    const due = new TextDecoder().decode(again.subarray(at, at + 16));
    throw new Malformed("canonical.not_canonical", bytes.slice(at, at + 16), due, { offset: at });
  }
  return value;
}

/**
 * The canonical bytes of a value, which may come from anywhere.
 * @param {any} value a {@link Json}
 * @returns {Uint8Array}
 * @throws {Malformed} `canonical.null`, `canonical.fraction`, `canonical.integer`, `canonical.key`, `canonical.text` (a lone
 *   surrogate), `canonical.depth`, `canonical.type` (anything but a boolean, number, string, array or plain object)
 */
export function encode(value) {
  return utf8(written(checked(value, "", MAX_DEPTH)));
}

/** @param {Uint8Array} bytes */
function parsed(bytes) {
  try {
    return parse(text(bytes));
  } catch (error) {
    if (!(error instanceof NotJson || error instanceof Malformed)) throw error;
    throw new Malformed("canonical.not_json", error.message, "RFC 8259 JSON in UTF-8 without byte order mark");
  }
}

/**
 * A copy of `value`, all of it found in the subset; the first fault in the order of the text is thrown.
 * @param {any} value
 * @param {string} where the path to it, for the error
 * @param {number} room containers that may still open
 * @returns {any}
 */
function checked(value, where, room) {
  if (value === null) throw new Malformed("canonical.null", null, "the key left out", { where });
  if (value instanceof Outside) throw refusedNumber(value.rule, value.text, where);
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      if (!Number.isInteger(value)) throw refusedNumber("canonical.fraction", value, where);
      if (!Number.isSafeInteger(value)) throw refusedNumber("canonical.integer", value, where);
      return value;
    case "string":
      if (isWellFormed(value)) return value;
      throw new Malformed("canonical.text", value.slice(0, 64), "characters without lone surrogates", { where });
  }
  const isArray = Array.isArray(value);
  if (!isArray && !isMembers(value)) {
    throw new Malformed("canonical.type", typeof value, "boolean, number, string, array or plain object", { where });
  }
  if (!room) {
    const most = "at most " + MAX_DEPTH + " containers within one another";
    throw new Malformed("canonical.depth", "more than " + MAX_DEPTH, most);
  }
  if (isArray) return Array.from(value, (child, index) => checked(child, where + "/" + index, room - 1));
  const copy = Object.create(null);
  for (const [key, child] of value instanceof Members ? value : Object.entries(value)) {
    if (!KEY.test(key)) throw new Malformed("canonical.key", key, "[a-z0-9_]+", { where });
    copy[key] = checked(child, where + "/" + key, room - 1);
  }
  return copy;
}

/**
 * @param {string} rule
 * @param {unknown} value
 * @param {string} where
 */
function refusedNumber(rule, value, where) {
  const accepted = rule === "canonical.fraction" ? "an integer in the smallest unit" : "within ±(2**53 - 1)";
  return new Malformed(rule, value, accepted, { where });
}

/**
 * Whether a value is what the parser makes of an object, or an object with members only. Dates, maps of others, classes and
 * byte arrays are not: what they would be written as is a guess.
 * @param {any} value
 */
function isMembers(value) {
  if (typeof value !== "object") return false;
  if (value instanceof Members) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * The canonical text of a checked value. Keys are ASCII, so that UTF-16 units (RFC 8785 §3.2.3) and code points sort alike.
 * @param {any} value
 * @returns {string}
 */
function written(value) {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return "[" + value.map(written).join(",") + "]";
  const members = Object.keys(value).sort();
  return "{" + members.map((key) => '"' + key + '":' + written(value[key])).join(",") + "}";
}

/** @type {Record<string, string>} */
const SHORT = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * RFC 8785 §3.2.2.2: the two marks and the control characters are escaped, by two characters where JSON has such an escape.
 * @param {string} value
 */
function quoted(value) {
  const escaped = value.replace(
    /["\\\u0000-\u001f]/g,
    (character) => SHORT[character] || "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return '"' + escaped + '"';
}

// The characters of ledger/canonical.py that print as something other than what they say: C0 controls but line feed, DEL
// and C1, bidirectional controls, and whatever takes no room on paper.
const UNPRINTABLE = new RegExp(
  "[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f" +
    "\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069" +
    "\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065\\u206a-\\u206f\\u3164" +
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ud800-\\udfff\\ufdd0-\\ufdef\\ufff0-\\ufffb\\ufffe\\uffff" +
    "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
  "u",
);

/**
 * Refuse a text that prints as something other than what it says. Admission refuses by this; a check of what is on the
 * ledger makes it a notice.
 * @param {string} value
 * @param {string} field names the place for the error
 * @throws {Malformed} `text.unprintable`, `text.not_nfc`
 */
export function checkText(value, field) {
  const found = UNPRINTABLE.exec(value);
  if (found) {
    const code = /** @type {number} */ (found[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
    throw new Malformed("text.unprintable", "U+" + code, "printable characters and line feed", { field });
  }
  if (value.normalize("NFC") !== value) {
    throw new Malformed("text.not_nfc", value.slice(0, 64), value.slice(0, 64).normalize("NFC"), { field });
  }
}
