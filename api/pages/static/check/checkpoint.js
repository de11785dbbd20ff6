/**
 * Checkpoints: the head of a log as a signed note of three lines (C2SP tlog-checkpoint): origin, size, root.
 *
 * A head counts only when every key of the log signed it. One line of two would do by the published text, but then most
 * bits of the other could be changed into "a line of an unknown key", and nobody would notice.
 */
import { equal, text, unbase64 } from "./bytes.js";
import { EMPTY_ROOT, HASH_SIZE } from "./merkle.js";
import { openNote, splitNote, timestampOf } from "./note.js";
import { need } from "./need.js";
import { strictDecimal } from "./strict.js";

export const MAX_SIZE = 2n ** 64n - 1n;

/**
 * Read what a head claims; nothing is checked but the form.
 * @param {Uint8Array} note
 * @returns {{note: Uint8Array, origin: string, size: bigint, root: Uint8Array, lines: object[]}}
 */
export function readCheckpoint(note) {
  const split = splitNote(note);
  const rows = text(split.text).split("\n");
  need(rows.pop() === "" && rows.length >= 3, "checkpoint.lines", rows.length, 3);
  need(rows.length === 3, "checkpoint.extension", rows[3], "no extension lines");
  const size = strictDecimal(rows[1], "checkpoint.size", MAX_SIZE);
  const root = unbase64(rows[2], "checkpoint.root");
  need(rows[0] !== "", "checkpoint.origin");
  need(root.length === HASH_SIZE, "checkpoint.root", root.length, HASH_SIZE);
  return { note, origin: rows[0], size, root, lines: split.lines };
}

/**
 * Check a head under the keys of its log, all of which must have signed it.
 * @param {ReturnType<typeof readCheckpoint>} head
 * @param {import("./note.js").Vkey[]} log
 * @param {import("./note.js").Vkey[]} witnesses
 * @returns {{log: object[], cosignatures: {key: object, time: bigint}[], unknown: object[]}}
 */
export function openCheckpoint(head, log, witnesses) {
  need(log.length > 0, "checkpoint.no_log_key");
  const { verified, unknown } = openNote(head.note, [...log, ...witnesses], head);
  for (const key of log) need(key.name === head.origin, "checkpoint.origin_key", head.origin, key.name);
  const missing = log.filter((key) => !verified.has(key.id)).map((key) => key.id);
  need(missing.length === 0, "checkpoint.log_line", missing);
  need(head.size > 0n || equal(head.root, EMPTY_ROOT), "checkpoint.empty_root");
  const seen = new Map(witnesses.map((key) => [key.id, key]));
  const cosignatures = [...verified.values()].filter((line) => seen.has(line.id))
    .map((line) => ({ key: seen.get(line.id), time: timestampOf(line.signature) }));
  return { log: log.map((key) => verified.get(key.id)), cosignatures, unknown };
}
