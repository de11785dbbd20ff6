/**
 * Signed notes and verifier keys (C2SP signed-note), with the timestamped signatures of C2SP tlog-cosignature.
 *
 * A line of a key that nobody knows is left aside; a line of a known key that fails makes the whole note wrong.
 * Types: 1 Ed25519 over the text; 4 Ed25519 with a time; 6 ML-DSA-44 with a time, over name, time, origin, size and root.
 */
import { base64, concat, equal, hex, unbase64, utf8 } from "./bytes.js";
import { sha256 } from "./sha2.js";
import * as ed25519 from "./ed25519.js";
import * as mldsa44 from "./mldsa44.js";
import { Malformed } from "./errors.js";
import { need } from "./need.js";
import { strictText } from "./strict.js";

export const MAX_NOTE = 1000000;
const MAX_LINES = 100;
export const ED25519 = 1;
export const COSIGNATURE_ED25519 = 4;
export const COSIGNATURE_ML_DSA_44 = 6;
const KEY_BYTES = { 1: 32, 4: 32, 6: 1312 };
const MAX_TIMESTAMP = 2n ** 63n - 1n;
const DASH = "\u2014 ";
// White space as the Unicode Character Database had it when the format was made: spelled out, so that it never changes.
const NOT_IN_NAMES = /[\u0000- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;
const HALF = /[\ud800-\udfff]/u;

/**
 * @typedef {object} Vkey
 * @property {string} name
 * @property {number} type 1, 4 or 6
 * @property {Uint8Array} key the public key
 * @property {string} id name and key ID in hex: what lines are found by
 * @property {string} text as it is written
 */

/** Throw unless `name` can be a key's name. */
function checkName(name) {
  need(name !== "" && !NOT_IN_NAMES.test(name) && !HALF.test(name), "note.name", name);
}

/** Read `name+hex(key ID)+base64(type || key)`. @returns {Vkey} */
export function parseVkey(written) {
  const first = written.indexOf("+");
  const second = written.indexOf("+", first + 1);
  need(first >= 0 && second === first + 9, "note.vkey");
  const name = written.slice(0, first);
  const id = written.slice(first + 1, second);
  need(/^[0-9a-f]{8}$/.test(id), "note.vkey");
  const material = unbase64(written.slice(second + 1), "note.vkey");
  need(material.length > 0, "note.vkey");
  const type = material[0];
  const key = material.slice(1);
  checkName(name);
  need(KEY_BYTES[type] === key.length, "note.key_size", key.length, KEY_BYTES[type]);
  need(key.length !== 32 || ed25519.acceptablePublicKey(key), "note.weak_key", hex(key));
  const own = hex(sha256(concat(utf8(`${name}\n`), material)).slice(0, 4));
  need(own === id, "note.key_id", id, own);
  return { name, type, key, id: `${name}+${id}`, text: written };
}

/**
 * The text and the lines of a note, with nothing checked but the form.
 * @returns {{text: Uint8Array, lines: {name: string, id: string, signature: Uint8Array}[]}}
 */
export function splitNote(data) {
  need(data.length <= MAX_NOTE, "note.size", data.length, MAX_NOTE);
  const whole = strictText(data);
  const cut = whole.lastIndexOf("\n\n");
  need(cut >= 0, "note.no_blank_line");
  const rows = whole.slice(cut + 2).split("\n");
  need(rows.pop() === "" && rows.length > 0, "note.line");
  need(rows.length <= MAX_LINES, "note.line_count", rows.length, MAX_LINES);
  return { text: utf8(whole.slice(0, cut + 1)), lines: rows.map(parseLine) };
}

function parseLine(row) {
  need(row.startsWith(DASH), "note.line", row.slice(0, 80));
  const rest = row.slice(DASH.length);
  const space = rest.indexOf(" ");
  const name = space < 0 ? rest : rest.slice(0, space);
  checkName(name);
  const payload = unbase64(space < 0 ? "" : rest.slice(space + 1), "note.base64");
  need(payload.length >= 5, "note.line", payload.length);
  return { name, id: `${name}+${hex(payload.slice(0, 4))}`, signature: payload.slice(4) };
}

/**
 * Check every line of a known key.
 * @param {Uint8Array} data
 * @param {Vkey[]} keys
 * @param {{origin: string, size: bigint, root: Uint8Array}} head what the text says, for type 6
 * @returns {{verified: Map<string, object>, unknown: object[]}} the first line of each key by its id; lines of others
 */
export function openNote(data, keys, head) {
  const { text, lines } = splitNote(data);
  const known = new Map();
  const ambiguous = new Set();
  for (const key of keys) {
    if (known.has(key.id) && !sameKey(known.get(key.id), key)) ambiguous.add(key.id);
    known.set(key.id, key);
  }
  const verified = new Map();
  const unknown = new Map();
  for (const line of lines) {
    const key = known.get(line.id);
    if (!key) {
      unknown.set(`${line.id} ${base64(line.signature)}`, line);
    } else {
      need(!ambiguous.has(line.id), "note.ambiguous_key", line.id);
      checkLine(key, text, line.signature, head);
      if (!verified.has(line.id)) verified.set(line.id, line);
    }
  }
  need(verified.size > 0, "note.unverified");
  return { verified, unknown: [...unknown.values()] };
}

/** The time in a signature of type 4 or 6, seconds since 1970. @returns {bigint} */
export function timestampOf(signature) {
  need(signature.length >= 8, "checkpoint.timestamp", signature.length);
  const time = BigInt(`0x${hex(signature.slice(0, 8))}`);
  need(time <= MAX_TIMESTAMP, "checkpoint.timestamp", time);
  return time;
}

function checkLine(key, text, signature, head) {
  if (key.type === ED25519) {
    checkEd25519(key.key, text, signature);
    return;
  }
  const time = timestampOf(signature);
  const value = signature.slice(8);
  if (key.type === COSIGNATURE_ED25519) {
    checkEd25519(key.key, concat(utf8(`cosignature/v1\ntime ${time}\n`), text), value);
    return;
  }
  const name = utf8(key.name);
  const origin = utf8(head.origin);
  need(name.length <= 255 && origin.length <= 255, "checkpoint.name_length");
  const message = concat(
    utf8("subtree/v1\n\0"),
    new Uint8Array([name.length]), name, signature.slice(0, 8),
    new Uint8Array([origin.length]), origin,
    new Uint8Array(8), u64(head.size), head.root,
  );
  need(value.length === 2420, "note.signature", value.length, 2420);
  need(mldsa44.verify(key.key, message, new Uint8Array(0), value), "note.signature");
}

function checkEd25519(key, message, signature) {
  need(signature.length === 64, "note.signature", signature.length, 64);
  if (!ed25519.verify(key, message, signature)) throw new Malformed("note.signature");
}

function u64(number) {
  const bytes = new Uint8Array(8);
  let left = number;
  for (let at = 7; at >= 0; at -= 1) {
    bytes[at] = Number(left & 255n);
    left >>= 8n;
  }
  return bytes;
}

/** Whether two keys are one. */
export function sameKey(one, other) {
  return one.name === other.name && one.type === other.type && equal(one.key, other.key);
}
