/**
 * What a check answers with: findings by stable codes with places, the steps they belong to, and a verdict.
 *
 * The codes are those of Python's `ledger.audit.findings` that need no rules of the books; `docs/verify.md` has the table
 * of what each side checks. `differs` contradicts (对不上), `unchecked` says nothing (没法核对), `notice` changes no result.
 */
import { isRefusal } from "./need.js";

/** At most so many findings of one code are kept. */
export const MOST = 100;

/** Steps in the order in which they are told. */
export const STEPS = ["form", "files", "keys", "tree", "chain", "signatures", "place", "openings", "sums", "published"];

const TABLE = `
differs   keys        trust.genesis trust.vkeys trust.unknown_log trust.head_older trust.head_forked
differs   files       manifest.missing manifest.malformed file.unlisted file.missing file.differs file.unreadable
differs   files       vkeys.malformed vkeys.differ policy.malformed policy.differs
differs   keys        head.missing head.malformed head.signature head.origin head.unknown_line head.time witness.time
differs   keys        genesis.vkeys
differs   tree        head.root tile.differs tile.missing tile.unknown entries.missing entries.malformed
differs   chain       entry.malformed chain.seq chain.prev chain.time chain.ledger chain.at chain.twice chain.batch
differs   chain       head.in_batch
differs   signatures  record.signature record.revoked
differs   published   statement.missing statement.foreign statement.digest statement.log
differs   form        statement.malformed receipt.malformed
differs   sums        statement.sum statement.root
differs   place       receipt.proof receipt.place receipt.foreign
differs   openings    receipt.opening
unchecked keys        trust.none witness.quorum
unchecked tree        log.empty log.too_large log.unread
unchecked chain       entry.unknown
unchecked signatures  record.unknown_key
unchecked published   statement.unproven
unchecked form        reader.failed
notice    keys        trust.self
notice    signatures  receipt.signatures
notice    chain       record.text
`;

/** Each code with how much it weighs and the step that it belongs to. @type {Object<string, {weight, step}>} */
export const CODES = {};
for (const row of TABLE.trim().split("\n")) {
  const [weight, step, ...codes] = row.split(/ +/);
  for (const code of codes) CODES[code] = { weight, step };
}

/**
 * A place as text, as Python writes it: `tile/0/000.p/3@32 #1 name`.
 * @param {{path?: string, offset?: number, entry?: number, field?: string}} where
 */
export function placeText(where) {
  const path = (where.path || "") + (where.offset === undefined ? "" : `@${where.offset}`);
  const entry = where.entry === undefined ? "" : `#${where.entry}`;
  return [path, entry, where.field || ""].filter((part) => part !== "").join(" ");
}

export class Findings {
  /** @param {string[]} steps what this check consists of, in order */
  constructor(steps) {
    this.found = [];
    this.times = {};
    /** What was checked: origin, ledger, name, size, root, time; texts and numbers. */
    this.subject = {};
    /** How much of it. */
    this.counts = {};
    /** Whose keys: `{whose, name, key, source}` with source `outside` or `bundle`. */
    this.keys = [];
    this._steps = steps;
    this._reached = new Set();
  }

  /** Note a finding. `facts`: the values met. */
  add(code, where = {}, facts = {}) {
    this.times[code] = (this.times[code] || 0) + 1;
    if (this.times[code] <= MOST) this.found.push({ code, where, facts });
  }

  /** Note a finding that a refusal says; an error of our own says nothing about the bytes. */
  refuse(code, where, error) {
    if (isRefusal(error)) this.add(code, where, { rule: error.rule, value: shown(error.value) });
    else this.fail(where, error);
  }

  /** Note that this program could not cope with what it read. */
  fail(where, error) {
    this.add("reader.failed", where, { error: String(error) });
  }

  seen(code) {
    return Boolean(this.times[code]);
  }

  count(what, more = 1) {
    this.counts[what] = (this.counts[what] || 0) + more;
  }

  /** Say that a step was gone through: only then can it agree. */
  reached(step) {
    this._reached.add(step);
  }

  /** Leave a step out that had nothing to look at: to say that it agrees would say too much. */
  leaveOut(step) {
    if (!this.found.some(({ code }) => this._stepOf(code) === step)) this._steps = this._steps.filter((one) => one !== step);
  }

  /** The steps with their states, as far as they have come. */
  steps() {
    return this._steps.map((step) => {
      const findings = this.found.filter(({ code }) => this._stepOf(code) === step);
      const weights = findings.map(({ code }) => CODES[code].weight);
      let state = this._reached.has(step) ? "agrees" : "cannot";
      if (weights.includes("unchecked")) state = "cannot";
      if (weights.includes("differs")) state = "differs";
      return { step, state, findings };
    });
  }

  /** @returns {Report} */
  report() {
    const first = (finding) => (finding.code === "trust.self" ? 0 : 1);
    const findings = this.found.slice().sort((one, other) => first(one) - first(other));
    const weights = findings.map(({ code }) => CODES[code].weight);
    const verdict = weights.includes("differs") ? "differs"
      : weights.includes("unchecked") ? "cannot_be_checked" : "agrees";
    return { verdict, findings, steps: this.steps(), subject: this.subject, counts: this.counts, keys: this.keys };
  }

  /** A check that lacks a step of the table tells its findings in the first that it has. */
  _stepOf(code) {
    const { step } = CODES[code];
    return this._steps.includes(step) ? step : this._steps[0];
  }
}

/**
 * @typedef {object} Report
 * @property {"agrees"|"differs"|"cannot_be_checked"} verdict the worst that was found
 * @property {{code: string, where: object, facts: object}[]} findings `trust.self` first
 * @property {{step: string, state: "agrees"|"differs"|"cannot", findings: object[]}[]} steps
 * @property {object} subject
 * @property {object} counts
 * @property {object[]} keys
 */

function shown(value) {
  return typeof value === "number" ? value : String(value === undefined ? "" : value).slice(0, 300);
}
