/**
 * A receipt: one entry, the proof that it stands in the log, and the openings of its commitments.
 *
 * The proof stands or falls with the log's keys, which a receipt cannot bring along. The signatures of its record are the
 * ledger's to check: their keys stand in other entries.
 */
import { hex, unbase64, utf8 } from "./bytes.js";
import { decode } from "./canonical.js";
import { MAX_SIZE, readCheckpoint } from "./checkpoint.js";
import { commitment, parseEntry } from "./entry.js";
import { openHead } from "./head.js";
import { checkInclusion, HASH_SIZE } from "./merkle.js";
import { MAX_NOTE } from "./note.js";
import { need } from "./need.js";
import { checkTexts } from "./readable.js";
import { field, hasFields, strictDecimal, strictText } from "./strict.js";
import { knowsLogs } from "./trust.js";

const MAX_RECEIPT = 2 << 20;
const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_PATH = 64;
const HERE = { path: "receipt" };
/** What the check of a receipt consists of. */
export const RECEIPT_STEPS = ["form", "keys", "place", "openings"];

/**
 * Read a receipt; nothing is checked but the form.
 * @returns {{entry: import("./entry.js").Entry, proof: {index: bigint, path: Uint8Array[]}, head: object,
 *   openings: {field: string, salt: Uint8Array, value: unknown}[]}}
 */
export function parseReceipt(data) {
  const value = decode(data, MAX_RECEIPT);
  need(hasFields(value, ["entry", "openings", "proof", "receipt"]), "receipt.fields");
  need(value.receipt === 1, "receipt.version", value.receipt, 1);
  need(typeof value.proof === "string" && Array.isArray(value.openings), "receipt.fields");
  const entry = parseEntry(someBase64(value.entry));
  const { checkpoint, ...proof } = parseProof(utf8(value.proof));
  const openings = value.openings.map((opening) => {
    need(hasFields(opening, ["field", "salt", "value"]), "receipt.opening");
    const salt = someBase64(opening.salt);
    need(salt.length === 32 && typeof opening.field === "string", "receipt.opening");
    return { field: opening.field, salt, value: opening.value };
  });
  return { entry, proof, head: readCheckpoint(checkpoint), openings };
}

function someBase64(written) {
  const data = unbase64(written, "receipt.base64");
  need(data.length > 0, "receipt.base64");
  return data;
}

/** Read a proof (C2SP tlog-proof). @returns {{index: bigint, path: Uint8Array[], checkpoint: Uint8Array}} */
export function parseProof(data) {
  need(data.length <= MAX_NOTE + 100000, "proof.size", data.length);
  const whole = strictText(data);
  const cut = whole.indexOf("\n\n");
  need(cut >= 0, "proof.line");
  const [header, ...rows] = whole.slice(0, cut).split("\n");
  need(header === HEADER, "proof.header", header, HEADER);
  if (rows.length > 0 && rows[0].startsWith("extra ")) {
    need(unbase64(rows.shift().slice("extra ".length), "proof.extra").length > 0, "proof.extra");
  }
  need(rows.length > 0 && rows[0].startsWith("index "), "proof.line", rows[0]);
  const index = strictDecimal(rows.shift().slice("index ".length), "proof.index", MAX_SIZE - 1n);
  need(rows.length <= MAX_PATH, "proof.path_length", rows.length, MAX_PATH);
  const path = rows.map((row) => unbase64(row, "proof.hash"));
  need(path.every((hash) => hash.length === HASH_SIZE), "proof.hash");
  need(whole.endsWith("\n"), "proof.checkpoint");
  return { index, path, checkpoint: utf8(whole.slice(cut + 2)) };
}

/**
 * Check a receipt.
 * @param {Uint8Array} data
 * @param {import("./trust.js").Trust} trust
 * @param {import("./findings.js").Findings} findings
 * @returns {import("./entry.js").Entry|null} its entry, if it could be read
 */
export function checkReceiptBytes(data, trust, findings) {
  let receipt;
  try {
    receipt = parseReceipt(data);
  } catch (error) {
    findings.refuse("receipt.malformed", HERE, error);
    return null;
  }
  const { entry, proof, head, openings } = receipt;
  const { record } = entry;
  // The genesis names no ledger: it is one.
  const ledger = record.ledger || record.digest;
  Object.assign(findings.subject, {
    origin: head.origin, size: String(head.size), root: hex(head.root), ledger, entry: entry.seq, kind: record.kind,
    record: record.digest, time: entry.written, leaf: hex(entry.leaf),
  });
  findings.count("entries");
  findings.reached("form");
  findings.add("receipt.signatures", HERE);
  checkTexts(record, HERE, findings);
  if (!knowsLogs(trust)) findings.add("trust.none", HERE);
  else if (openHead(head, [], null, trust, findings, true) !== null) findings.reached("keys");
  checkPlace(receipt, ledger, trust, findings);
  for (const opening of openings) checkOpening(record, opening, findings);
  findings.reached("openings");
  if (openings.length === 0) findings.leaveOut("openings");
  return entry;
}

function checkPlace({ entry, proof, head }, ledger, trust, findings) {
  try {
    checkInclusion(entry.leaf, proof.index, head.size, proof.path, head.root);
  } catch (error) {
    findings.refuse("receipt.proof", HERE, error);
  }
  if (proof.index !== BigInt(entry.seq)) {
    findings.add("receipt.place", HERE, { value: String(proof.index), accepted: entry.seq });
  }
  if (trust.genesis !== null && ledger !== trust.genesis) {
    findings.add("receipt.foreign", HERE, { value: ledger, accepted: trust.genesis });
  }
  for (const known of trust.heads) {
    if (known.size === head.size && hex(known.root) !== hex(head.root)) {
      findings.add("trust.head_forked", HERE, { value: hex(head.root), accepted: hex(known.root) });
    }
  }
  findings.reached("place");
}

function checkOpening(record, opening, findings) {
  findings.count("openings");
  const own = commitment(record.ledger, record.kind, opening.field, opening.value, opening.salt);
  if (at(record.body, opening.field) !== own) {
    findings.add("receipt.opening", { path: "receipt", field: opening.field });
  }
}

/** What stands at a path such as `persons/0/name`, undefined if nothing does. */
function at(value, path) {
  return path.split("/").reduce((inner, step) => {
    if (!Array.isArray(inner)) return field(inner, step);
    return /^[0-9]{1,5}$/.test(step) ? inner[Number(step)] : undefined;
  }, value);
}
