/**
 * The entries one behind the other, followed without the rules of the books: number, link, time, ledger, batches, names
 * that may stand once. A break is named wherever it is.
 */
import { hex } from "./bytes.js";
import { batchRoot, ORIGIN_LINK } from "./entry.js";
import { DAY_MS, MINUTE_MS } from "./instants.js";
import { isRefusal } from "./need.js";

/** A record may be signed at most this long before the log takes it … */
const OLDEST_MS = 31 * DAY_MS;
/** … and at most this long after the log's time, for clocks that differ. */
const AHEAD_MS = 10 * MINUTE_MS;

export class Chain {
  /** @param {import("./findings.js").Findings} findings */
  constructor(findings) {
    this._findings = findings;
    this._next = 0;
    this._link = ORIGIN_LINK;
    /** The latest time so far, in milliseconds, and as it stands in its entry. */
    this.time = 0;
    this.written = "";
    /** The genesis digest, once entry 0 was read. */
    this.ledger = null;
    /** The batch of which not all records have come. */
    this.open = null;
    this._seen = new Set();
  }

  /** @param {import("./entry.js").Entry} entry @param {number} due its index in the tree */
  follow(entry, due, where) {
    const findings = this._findings;
    // After an entry that did not read there is no link to compare with, and perhaps a part of a batch is gone.
    const linked = due === this._next;
    this._next = due + 1;
    if (entry.seq !== due) findings.add("chain.seq", where, { value: entry.seq, accepted: due });
    if (linked && entry.prev !== this._link) findings.add("chain.prev", where, { value: entry.prev });
    if (entry.time < this.time) findings.add("chain.time", where, { value: entry.written, accepted: this.written });
    this._link = hex(entry.leaf);
    if (entry.time >= this.time) {
      this.time = entry.time;
      this.written = entry.written;
    }
    this._followRecord(entry, due, where);
    this._followBatch(entry, linked, where);
  }

  _followRecord({ record, time }, due, where) {
    const findings = this._findings;
    if (due === 0) this.ledger = record.digest;
    const ledger = due === 0 ? "" : this.ledger;
    if (ledger !== null && record.ledger !== ledger) findings.add("chain.ledger", where, { value: record.ledger });
    if (record.atMs < time - OLDEST_MS || record.atMs > time + AHEAD_MS) {
      findings.add("chain.at", where, { value: record.at });
    }
    if (this._seen.has(record.digest) || this._seen.has(record.id)) findings.add("chain.twice", where);
    this._seen.add(record.digest).add(record.id);
  }

  _followBatch(entry, linked, where) {
    const running = linked ? this.open : null;
    this.open = null;
    const signature = entry.signatures.find((one) => one.batch);
    if (!signature) {
      if (running) this._findings.add("chain.batch", where, { value: 0, accepted: running.next });
      return;
    }
    const { index, count } = signature.batch;
    const root = rootOf(entry.record, signature.batch);
    const begins = linked ? 0 : index;
    const due = running || { root, count, next: begins };
    if (root !== due.root || count !== due.count || index !== due.next) {
      this._findings.add("chain.batch", where, { value: index, accepted: due.next });
    }
    if (root !== null && index + 1 < count) this.open = { root, count, next: index + 1 };
  }
}

/** The root of a batch in hex; null where the path is none, which the signatures' check says. */
function rootOf(record, place) {
  try {
    return hex(batchRoot(record, place));
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}
