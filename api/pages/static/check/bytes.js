// @ts-check
/**
 * Bytes and the texts that stand for them: UTF-8, hex, base64.
 *
 * Every decoder takes exactly one spelling of a byte string and refuses the rest. What the platform offers is more
 * generous (TextEncoder replaces a lone surrogate, TextDecoder drops a byte order mark, atob skips blanks and spare bits),
 * and a generous reader shows two readers of one ledger two different things.
 */

import { Malformed } from "./errors.js";

const ENCODER = new TextEncoder();
// ignoreBOM means "leave it in the text": the mark is then a character that the reader of the text may refuse.
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The UTF-8 bytes of a text.
 * @param {string} text
 * @returns {Uint8Array}
 * @throws {Malformed} `bytes.text`: a lone surrogate, which has no UTF-8
 */
export function utf8(text) {
  if (!isWellFormed(text)) throw new Malformed("bytes.text", text.slice(0, 64), "characters without lone surrogates");
  return ENCODER.encode(text);
}

/**
 * The text of UTF-8 bytes; a byte order mark stays in it as U+FEFF.
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {Malformed} `bytes.utf8`
 */
export function text(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch (error) {
    throw new Malformed("bytes.utf8", bytes.length, "UTF-8");
  }
}

/**
 * Whether every surrogate of a text is one of a pair. Under the flag `u` a pair is one character, so what is found is alone.
 * @param {string} text
 */
export function isWellFormed(text) {
  return !/[\ud800-\udfff]/u.test(text);
}

const HEX = Array.from({ length: 256 }, (_, byte) => (byte < 16 ? "0" : "") + byte.toString(16));

/**
 * @param {Uint8Array} bytes
 * @returns {string} two lower-case digits a byte
 */
export function hex(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += HEX[bytes[i]];
  return out;
}

/**
 * The inverse of {@link hex}: lower case only, an even number of digits.
 * @param {string} text
 * @param {string} [rule] the code to refuse by, where the caller has one of its own
 * @returns {Uint8Array}
 * @throws {Malformed} `rule`
 */
export function unhex(text, rule = "bytes.hex") {
  if (typeof text !== "string" || text.length % 2 || !/^[0-9a-f]*$/.test(text)) {
    throw new Malformed(rule, shown(text), "pairs of lower-case hexadecimal digits");
  }
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

// RFC 4648 §4, table 1.
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SEXTET = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) SEXTET[ALPHABET.charCodeAt(i)] = i;

/**
 * @param {Uint8Array} bytes
 * @returns {string} base64 with padding, RFC 4648 §4
 */
export function base64(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    out += ALPHABET[group >> 18] + ALPHABET[(group >> 12) & 63];
    out += (left > 1 ? ALPHABET[(group >> 6) & 63] : "=") + (left > 2 ? ALPHABET[group & 63] : "=");
  }
  return out;
}

/**
 * The inverse of {@link base64}: padded to groups of four, no blanks, spare bits zero (RFC 4648 §3.5).
 * @param {string} text
 * @param {string} [rule] the code to refuse by, where the caller has one of its own
 * @returns {Uint8Array}
 * @throws {Malformed} `rule`
 */
export function unbase64(text, rule = "bytes.base64") {
  const refuse = () => new Malformed(rule, shown(text), "base64 with padding and no spare bits");
  if (typeof text !== "string" || text.length % 4) throw refuse();
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let group = 0;
  for (let i = 0, at = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const sextet = i >= digits ? 0 : code < 128 ? SEXTET[code] : -1;
    if (sextet < 0) throw refuse();
    group = (group << 6) | sextet;
    if (i % 4 !== 3) continue;
    // A typed array ignores what is written past its end, but what would fall there must be nothing.
    for (let shift = 16; shift >= 0; shift -= 8, at++) {
      const byte = (group >> shift) & 255;
      if (at < out.length) out[at] = byte;
      else if (byte) throw refuse();
    }
    group = 0;
  }
  return out;
}

/**
 * @param {...(Uint8Array | number[])} arrays
 * @returns {Uint8Array} their bytes one after another
 */
export function concat(...arrays) {
  const out = new Uint8Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

/**
 * Whether two byte strings are the same. Not in constant time: nothing that is checked here is secret.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** @param {unknown} value */
function shown(value) {
  return typeof value === "string" ? value.slice(0, 80) : typeof value;
}
