/**
 * The head of a log under its keys and its witnesses, and the key files that lie beside it in a bundle.
 *
 * Whose keys: those that the reader brought; else those that entry 0 names. No key of the log is ever taken from
 * `vkeys.txt` or `policy.txt`; they are compared, and lend their witnesses where the reader has no policy.
 */
import { text } from "./bytes.js";
import { openCheckpoint, readCheckpoint } from "./checkpoint.js";
import { MINUTE_MS } from "./instants.js";
import { COSIGNATURE_ML_DSA_44, ED25519, parseVkey, sameKey, timestampOf } from "./note.js";
import { need } from "./need.js";
import { metBy, noPolicy, parsePolicy } from "./policy.js";
import { knowsLogs, logKeys } from "./trust.js";

export const CHECKPOINT = "checkpoint";
const HERE = { path: CHECKPOINT };
/** Clocks may differ by this much before times contradict each other. */
const CLOCKS_MS = BigInt(5 * MINUTE_MS);

/** The head as it claims to be, or null and a finding. */
export function readHead(note, findings) {
  if (note === null) {
    findings.add("head.missing", HERE);
    return null;
  }
  try {
    return readCheckpoint(note);
  } catch (error) {
    findings.refuse("head.malformed", HERE, error);
    return null;
  }
}

/** The two vkeys that entry 0 names; none at all if one is wrong. */
export function readOwnKeys(written, findings, where) {
  let keys;
  try {
    keys = written.map(parseVkey);
  } catch (error) {
    findings.refuse("genesis.vkeys", where, error);
    return [];
  }
  const types = keys.map((key) => key.type).sort().join();
  if (types !== [ED25519, COSIGNATURE_ML_DSA_44].join() || keys[0].name !== keys[1].name) {
    findings.add("genesis.vkeys", where, { types });
    return [];
  }
  return keys;
}

/** Compare `vkeys.txt` and `policy.txt` with the keys of entry 0. The policy, or null. */
export function checkKeyFiles(vkeys, policy, own, findings) {
  if (vkeys === null) findings.add("file.missing", { path: "vkeys.txt" });
  else checkVkeysFile(vkeys, own, findings);
  if (policy === null) {
    findings.add("file.missing", { path: "policy.txt" });
    return null;
  }
  try {
    const read = parsePolicy(policy);
    if (own.length > 0 && !sameSet(read.logs, own)) findings.add("policy.differs", { path: "policy.txt" });
    return read;
  } catch (error) {
    findings.refuse("policy.malformed", { path: "policy.txt" }, error);
    return null;
  }
}

function checkVkeysFile(data, own, findings) {
  let keys;
  try {
    const rows = text(data).split("\n");
    need(rows.pop() === "" && rows.length > 0, "vkeys.lines", rows.length);
    keys = rows.map(parseVkey);
  } catch (error) {
    findings.refuse("vkeys.malformed", { path: "vkeys.txt" }, error);
    return;
  }
  if (own.length === 0) return;
  const shorter = Math.min(keys.length, own.length);
  let at = 0;
  while (at < shorter && sameKey(keys[at], own[at])) at += 1;
  if (at < shorter || keys.length !== own.length) {
    findings.add("vkeys.differ", { path: "vkeys.txt", field: `line ${at + 1}` }, { lines: keys.length });
  }
}

function sameSet(some, others) {
  const within = (key, keys) => keys.some((other) => sameKey(key, other));
  return some.every((key) => within(key, others)) && others.every((key) => within(key, some));
}

/**
 * Check a head's signatures.
 * @param {ReturnType<typeof readCheckpoint>} head
 * @param {import("./note.js").Vkey[]} own the keys that entry 0 names
 * @param {import("./policy.js").Policy|null} policy the bundle's, for its witnesses
 * @param {import("./trust.js").Trust} trust
 * @param {import("./findings.js").Findings} findings
 * @param {boolean} strangers whether lines of keys that nobody here knows may stand on it: on a receipt's, not a bundle's
 * @returns {ReturnType<typeof openCheckpoint>|null}
 */
export function openHead(head, own, policy, trust, findings, strangers = false) {
  let keys = logKeys(trust, head.origin);
  if (knowsLogs(trust) && keys.length === 0) {
    findings.add("trust.unknown_log", HERE, { value: head.origin });
    return null;
  }
  const outside = keys.length > 0;
  if (outside && own.length > 0 && !sameSet(own, keys)) findings.add("trust.vkeys", HERE);
  if (!outside) keys = own;
  if (keys.length === 0) {
    findings.add("trust.none", HERE);
    return null;
  }
  const judging = trust.policy || policy || noPolicy();
  // A witness that only the bundle's policy knows counts for nothing, but its line is no stranger's.
  const witnesses = [...judging.witnesses, ...(policy ? policy.witnesses : [])].map((witness) => witness.key);
  let opened;
  try {
    opened = openCheckpoint(head, keys, witnesses);
  } catch (error) {
    findings.refuse(error.rule === "checkpoint.origin_key" ? "head.origin" : "head.signature", HERE, error);
    return null;
  }
  if (!strangers) checkLines(head.lines, opened.unknown, findings);
  countWitnesses(opened, judging, trust, findings);
  findings.keys.unshift(...keys.map((key) => used("log", key.name, key, outside)));
  return opened;
}

function countWitnesses(opened, judging, trust, findings) {
  const names = new Map(judging.witnesses.map(({ name, key }) => [key.id, name]));
  const counted = opened.cosignatures.filter(({ key }) => names.has(key.id));
  for (const { key, time } of counted) {
    findings.keys.push({ ...used("witness", names.get(key.id), key, trust.policy), time: Number(time) });
  }
  findings.counts.cosignatures = counted.length;
  const cosigned = new Set(counted.map(({ key }) => names.get(key.id)));
  if (!metBy(judging, cosigned)) findings.add("witness.quorum", HERE, { value: [...cosigned].join(", ") });
}

function used(whose, name, key, outside) {
  return { whose, name, key: key.text, source: outside ? "outside" : "bundle" };
}

function checkLines(lines, unknown, findings) {
  const seen = new Set();
  for (const line of lines) {
    // A second line by one key was checked like the first; it says nothing more and has no place in a bundle.
    if (seen.has(line.id)) findings.add("head.unknown_line", { ...HERE, field: line.name });
    seen.add(line.id);
  }
  for (const line of unknown) findings.add("head.unknown_line", { ...HERE, field: line.name });
}

/** No key can have signed a head before its last entry was made, clocks granted their five minutes. */
export function checkTimes(opened, last, findings) {
  const early = (time) => time * 1000n + CLOCKS_MS < BigInt(last);
  for (const line of opened.log) {
    if (line.signature.length > 64 && early(timestampOf(line.signature))) {
      findings.add("head.time", { ...HERE, field: line.name });
    }
  }
  for (const { key, time } of opened.cosignatures) {
    if (early(time)) findings.add("witness.time", { ...HERE, field: key.name });
  }
}
