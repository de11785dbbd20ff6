/**
 * A whole published log: its files, its tree, its head, each entry behind the other, every signature, every statement.
 *
 * Entries are read once, a bundle of 256 at a time, and not kept; what stays is a hash, a digest and a time of each. The
 * rules of the books are not here: that a payment had its authority only a replay can say (`mingzhang verify`).
 */
import { hex } from "./bytes.js";
import { keyRevoked, keysBrought, readGenesis } from "./brought.js";
import { Chain } from "./chain.js";
import { parseEntry } from "./entry.js";
import { CHECKPOINT, checkKeyFiles, checkTimes, openHead, readHead, readOwnKeys } from "./head.js";
import { isKnownKind } from "./kinds.js";
import { checkManifest } from "./manifest.js";
import { leafHash } from "./merkle.js";
import { isRefusal } from "./need.js";
import { checkTexts } from "./readable.js";
import { Signatures } from "./signatures.js";
import { withFindings } from "./source.js";
import { checkPublications, PUBLICATION } from "./statement.js";
import { WIDTH, bundleAt, decodeEntries, parseTilePath, pathsOf, ENTRIES } from "./tiles.js";
import { Tree } from "./tree.js";
import { establishesOrigin } from "./trust.js";

const MAX_ENTRIES = 200000 * WIDTH;
/** What the check of a bundle consists of; a bare log has no files beside it. */
export const BUNDLE_STEPS = ["files", "tree", "keys", "chain", "signatures", "sums", "published"];
/** Rules that say "newer than this program", not "wrong". */
const NEWER = ["entry.version"];

export class BundleCheck {
  /**
   * @param {import("./source.js").Source} source
   * @param {import("./trust.js").Trust} trust
   * @param {import("./findings.js").Findings} findings
   * @param {{bare?: boolean, statements?: boolean, held?: Set<string>,
   *   progress: (step: string, done: number, whole: number) => Promise<void>}} how
   *   `bare`: a log as a server gives it, without files beside; `statements`: they are to be had even so
   */
  constructor(source, trust, findings, how) {
    this._source = withFindings(source, findings);
    this._trust = trust;
    this._findings = findings;
    this._how = how;
    this._tree = new Tree(this._source, findings);
    this._chain = new Chain(findings);
    this._signatures = new Signatures(how.held);
    this._keys = new Map();
    this._revoked = new Set();
    this._strange = false;
    this._genesis = null;
    this._own = [];
    this._publications = [];
    this._whole = false;
    this._digests = [];
    this._times = [];
  }

  async run() {
    const { _findings: findings, _trust: trust, _source: source } = this;
    const { bare = false, statements = !bare, progress } = this._how;
    const names = await source.names();
    if (!establishesOrigin(trust)) findings.add("trust.self");
    if (!bare) {
      await checkManifest(source.read, names, findings, (done, whole) => progress("files", done, whole));
      findings.reached("files");
    }
    const head = readHead(await source.read(CHECKPOINT), findings);
    const size = head === null ? BigInt(sizeByNames(names)) : head.size;
    if (size === 0n) findings.add("log.empty", { path: CHECKPOINT });
    this._whole = await this._readEntries(head, size, names);
    this._checkGenesis();
    if (head !== null) this._describe(head);
    const opened = await this._openHead(head, bare);
    await progress("statements", 0, 1);
    this._checkKnownHeads(head, size);
    if (this._chain.open !== null && this._whole) {
      findings.add("head.in_batch", { path: CHECKPOINT }, { value: this._chain.open.next });
    }
    if (opened !== null) checkTimes(opened, this._chain.time, findings);
    if (statements) await this._checkStatements(names);
  }

  /** @returns {Promise<boolean>} whether all of them were there */
  async _readEntries(head, claimed, names) {
    const { _findings: findings, _tree: tree } = this;
    if (claimed > BigInt(MAX_ENTRIES)) {
      findings.add("log.too_large", { path: CHECKPOINT }, { size: String(claimed) });
      return false;
    }
    const size = Number(claimed);
    for (let index = 0; index * WIDTH < size; index += 1) {
      const { path, width } = bundleAt(index, size);
      const entries = await this._readBundle(path, index * WIDTH, width);
      if (entries === null) return false;
      const leaves = entries.map(leafHash);
      await tree.add(leaves);
      let offset = 0;
      for (let at = 0; at < entries.length; at += 1) {
        this._take(entries[at], leaves[at], index * WIDTH + at, { path, offset: offset + 2, entry: index * WIDTH + at });
        offset += 2 + entries[at].length;
        await this._how.progress("entries", index * WIDTH + at + 1, size);
      }
    }
    await tree.finish();
    const due = pathsOf(size);
    for (const path of names) if (path.startsWith("tile/") && !due.has(path)) findings.add("tile.unknown", { path });
    if (head !== null && hex(tree.root()) !== hex(head.root)) findings.add("head.root", { path: CHECKPOINT });
    findings.counts.entries = size;
    for (const step of ["tree", "chain", "signatures"]) findings.reached(step);
    return true;
  }

  async _readBundle(path, first, width) {
    const where = { path, entry: first };
    const data = await this._source.read(path);
    try {
      if (data !== null) return decodeEntries(data, width);
      this._findings.add("entries.missing", where);
    } catch (error) {
      this._findings.refuse("entries.malformed", where, error);
    }
    // Without these entries nothing behind them has a place in the tree.
    this._findings.add("log.unread", where);
    return null;
  }

  _take(raw, leaf, seq, where) {
    const { _findings: findings } = this;
    this._digests.push(null);
    this._times.push(null);
    let entry;
    try {
      entry = parseEntry(raw);
    } catch (error) {
      this._malformed(error, where);
      return;
    }
    const { record } = entry;
    this._digests[seq] = record.digest;
    this._times[seq] = entry.written;
    if (seq === 0) this._begin(record, where);
    this._chain.follow(entry, seq, where);
    checkTexts(record, where, findings);
    if (record.kind === PUBLICATION) this._publications.push({ seq, body: record.body, where });
    this._checkSigned(entry, where);
  }

  _malformed(error, where) {
    const newer = isRefusal(error) && NEWER.includes(error.rule);
    const within = isRefusal(error) && error.context && error.context.offset;
    const place = within ? { ...where, offset: where.offset + within } : where;
    this._findings.refuse(newer ? "entry.unknown" : "entry.malformed", place, error);
  }

  _begin(record, where) {
    this._findings.subject.ledger = record.digest;
    this._genesis = readGenesis(record);
    if (this._genesis === null) return;
    this._own = readOwnKeys(this._genesis.vkeys, this._findings, where);
    this._signatures.relying = this._genesis.relying;
  }

  _checkSigned(entry, where) {
    const { _findings: findings } = this;
    if (!isKnownKind(entry.record.kind)) this._strange = true;
    for (const { id, alg, key } of keysBrought(entry.record)) if (!this._keys.has(id)) this._keys.set(id, { alg, key });
    findings.count("signatures", entry.signatures.length);
    try {
      this._signatures.check(entry, (id) => this._keys.get(id));
    } catch (error) {
      // A key may have been brought by a kind that this program does not know: then nothing can be said.
      const unknown = this._strange && error.rule === "signature.unknown_key";
      findings.refuse(unknown ? "record.unknown_key" : "record.signature", where, error);
    }
    for (const { key } of entry.signatures) {
      if (this._revoked.has(key)) findings.add("record.revoked", where, { value: key });
    }
    const revoked = keyRevoked(entry.record);
    if (revoked !== null) this._revoked.add(revoked);
  }

  _checkGenesis() {
    const { genesis } = this._trust;
    const own = this._findings.subject.ledger;
    if (genesis !== null && own !== genesis) {
      this._findings.add("trust.genesis", { entry: 0 }, { value: own, accepted: genesis });
    }
  }

  _describe(head) {
    const { subject } = this._findings;
    Object.assign(subject, { origin: head.origin, size: String(head.size), root: hex(head.root) });
    if (this._genesis !== null) Object.assign(subject, { name: this._genesis.name, example: this._genesis.example });
    if (this._chain.written) subject.time = this._chain.written;
  }

  async _openHead(head, bare) {
    const { _findings: findings, _own: own, _source: source } = this;
    const policy = bare ? null
      : checkKeyFiles(await source.read("vkeys.txt"), await source.read("policy.txt"), own, findings);
    if (head === null) return null;
    const opened = openHead(head, own, policy, this._trust, findings);
    if (this._genesis !== null && head.origin !== this._genesis.origin && !findings.seen("head.origin")) {
      findings.add("head.origin", { path: CHECKPOINT }, { value: head.origin, accepted: this._genesis.origin });
    }
    if (opened !== null) findings.reached("keys");
    return opened;
  }

  /** The log must contain every head that the reader has seen, unchanged. */
  _checkKnownHeads(head, size) {
    for (const known of this._trust.heads) {
      const where = { path: CHECKPOINT, field: `size ${known.size}` };
      if (head !== null && known.origin !== head.origin) {
        this._findings.add("trust.unknown_log", where, { value: head.origin, accepted: known.origin });
      }
      if (known.size > size) {
        this._findings.add("trust.head_older", where, { value: String(size), accepted: String(known.size) });
      } else if (known.size <= BigInt(this._tree.hashes.length)) {
        const own = hex(this._tree.rootAt(Number(known.size)));
        if (own !== hex(known.root)) this._findings.add("trust.head_forked", where, { value: own });
      }
    }
  }

  async _checkStatements(names) {
    const log = {
      genesis: this._genesis,
      rows: this._publications,
      digests: this._digests,
      times: this._times,
      rootAt: (size) => this._tree.rootAt(size),
    };
    // A file that nobody published may yet be published by an entry that could not be read, or that a newer program wrote.
    const whole = this._whole && !this._strange && !this._digests.includes(null);
    await checkPublications(log, this._source.read, whole ? names : [], this._findings, (done, all) => (
      this._how.progress("statements", done, all)));
  }
}

/** How many entries the bundles' paths promise: what is left to go by when the head cannot be read. */
function sizeByNames(names) {
  return names.map(parseTilePath).filter((tile) => tile !== null && tile.level === ENTRIES)
    .reduce((most, tile) => Math.max(most, tile.index * WIDTH + tile.width), 0);
}
