/**
 * Entries and the records in them, read strictly. `docs/format.md` is the page of these bytes.
 *
 * An entry is canonical JSON `{"entry": 1, "prev", "record", "seq", "signatures", "time"}`; what a person signed is the
 * record within it, or a batch that holds the record.
 */
import { concat, hex, unbase64, unhex, utf8 } from "./bytes.js";
import { decode, encode } from "./canonical.js";
import { parseRfc3339, parseTime } from "./instants.js";
import { leafHash, rootFromInclusion } from "./merkle.js";
import { need } from "./need.js";
import { sha256 } from "./sha2.js";
import { hasFields, hasOwn, isDigest, isObject } from "./strict.js";

export const MAX_ENTRY = 65535;
export const MAX_BATCH = 512;
/** `prev` of entry 0. */
export const ORIGIN_LINK = "0".repeat(64);
export const RECORD_TYPE = "application/vnd.mingzhang.record+json";
export const BATCH_TYPE = "application/vnd.mingzhang.batch+json";
export const ALGORITHMS = ["ed25519", "p256", "webauthn"];

const KIND = /^[a-z][a-z_]*\.[a-z][a-z_]*\/[1-9][0-9]{0,3}$/;
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const COMMITMENT = utf8("mingzhang/commit/1\0");
const BEFORE_RECORD = '{"entry":1,"prev":"","record":'.length + 64;

/**
 * @typedef {object} Place where a record stands in its batch
 * @property {number} index
 * @property {number} count
 * @property {Uint8Array[]} path
 *
 * @typedef {object} Signature
 * @property {string} key
 * @property {string} alg
 * @property {Uint8Array} sig
 * @property {Uint8Array} [authenticatorData]
 * @property {Uint8Array} [clientData]
 * @property {Place|null} batch
 *
 * @typedef {object} Entry
 * @property {number} seq
 * @property {number} time milliseconds
 * @property {string} written the time as it stands there
 * @property {string} prev
 * @property {{ledger: string, kind: string, id: string, at: string, atMs: number, body: object, raw: Uint8Array,
 *   digest: string}} record
 * @property {Signature[]} signatures
 * @property {Uint8Array} leaf
 */

/** DSSE's pre-authentication encoding: the bytes that are signed. */
export function pae(type, payload) {
  return concat(utf8(`DSSEv1 ${utf8(type).length} ${type} ${payload.length} `), payload);
}

/** The name of a key: hex SHA-256(alg || 0x00 || public key). */
export function keyId(alg, key) {
  return hex(sha256(concat(utf8(`${alg}\0`), key)));
}

/** The salted commitment that stands in a record in the place of `value`, in hex. */
export function commitment(ledger, kind, field, value, salt) {
  return hex(sha256(concat(COMMITMENT, salt, encode({ field, kind, ledger, value }))));
}

/** Read an entry. @param {Uint8Array} raw @returns {Entry} */
export function parseEntry(raw) {
  const value = decode(raw, MAX_ENTRY);
  need(isObject(value), "entry.shape");
  need(hasFields(value, ["entry", "prev", "record", "seq", "signatures", "time"]), "entry.fields", Object.keys(value));
  need(value.entry === 1, "entry.version", value.entry, 1);
  need(Number.isInteger(value.seq) && value.seq >= 0, "entry.seq", value.seq);
  need(typeof value.time === "string", "entry.time");
  const time = parseTime(value.time);
  need(isDigest(value.prev), "entry.prev", value.prev);
  const signatures = parseSignatures(value.signatures);
  const record = parseRecord(value.record, recordBytes(raw, value.seq));
  return { seq: value.seq, time, written: value.time, prev: value.prev, record, signatures, leaf: leafHash(raw) };
}

function parseRecord(value, raw) {
  need(isObject(value), "record.shape");
  need(hasFields(value, ["at", "body", "id", "kind", "ledger"]), "record.fields", Object.keys(value));
  const { at, body, id, kind, ledger } = value;
  need(typeof kind === "string" && KIND.test(kind), "record.kind", kind);
  need(ledger === "" || isDigest(ledger), "record.ledger", ledger);
  need(typeof id === "string" && UUID7.test(id), "record.id", id);
  need(isObject(body), "record.body");
  need(typeof at === "string", "record.at");
  return { ledger, kind, id, at, atMs: parseRfc3339(at), body, raw, digest: hex(sha256(pae(RECORD_TYPE, raw))) };
}

/** Where the record stands in the canonical bytes of an entry: behind it come the number and the signatures. */
function recordBytes(raw, seq) {
  const mark = utf8(`,"seq":${seq},"signatures":[`);
  let at = raw.length - mark.length;
  while (at > BEFORE_RECORD && !mark.every((byte, within) => raw[at + within] === byte)) at -= 1;
  return raw.subarray(BEFORE_RECORD, at);
}

function parseSignatures(value) {
  need(Array.isArray(value) && value.length >= 1 && value.length <= 8, "signature.count");
  const read = value.map(parseSignature);
  for (let at = 1; at < read.length; at += 1) need(read[at - 1].key < read[at].key, "signature.order");
  const places = new Set(read.filter((one) => one.batch).map((one) => placeText(one.batch)));
  need(places.size <= 1, "signature.batches_differ");
  return read;
}

function placeText(place) {
  return [place.index, place.count, ...place.path.map(hex)].join(" ");
}

/** @returns {Signature} */
function parseSignature(value) {
  need(isObject(value), "signature.shape");
  const passkey = value.alg === "webauthn";
  const names = passkey ? ["alg", "authenticator_data", "client_data", "key", "sig"] : ["alg", "key", "sig"];
  need(hasFields(value, names, ["batch"]), "signature.fields", Object.keys(value));
  need(ALGORITHMS.includes(value.alg), "signature.alg", value.alg);
  need(isDigest(value.key), "signature.key", value.key);
  const read = { key: value.key, alg: value.alg, sig: unbase64(value.sig, "signature.sig"), batch: null };
  if (passkey) {
    read.authenticatorData = unbase64(value.authenticator_data, "signature.authenticator_data");
    read.clientData = unbase64(value.client_data, "signature.client_data");
  }
  if (hasOwn(value, "batch")) read.batch = parsePlace(value.batch);
  return read;
}

/** @returns {Place} */
function parsePlace(value) {
  need(hasFields(value, ["count", "index", "path"]), "batch.fields");
  const { count, index, path } = value;
  need(Number.isInteger(count) && count >= 1 && count <= MAX_BATCH, "batch.count", count);
  need(Number.isInteger(index) && index >= 0 && index < count, "batch.index", index);
  need(Array.isArray(path) && path.every(isDigest), "batch.path");
  return { index, count, path: path.map((hash) => unhex(hash)) };
}

/** The root of the batch in which a record stands at `place`. @throws {Malformed} `merkle.path_length` */
export function batchRoot(record, place) {
  return rootFromInclusion(BigInt(place.index), BigInt(place.count), leafHash(record.raw), place.path);
}

/** The bytes that one signature of a record covers: the record's, or its batch's. */
export function signedBytes(record, place) {
  if (place === null) return pae(RECORD_TYPE, record.raw);
  const root = hex(batchRoot(record, place));
  return pae(BATCH_TYPE, encode({ at: record.at, count: place.count, ledger: record.ledger, root }));
}
