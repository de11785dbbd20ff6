// @ts-check
/**
 * Whether what a server prepared is what was asked for, and whether what it shows is what would be signed.
 *
 * The server drafts, because only it knows the books; it is not believed. Every digest is computed here from the record's
 * own bytes. Against what the page asked for: the same kinds, the same bodies, in the same order, each private text sealed by the
 * salt that came along, each reference to an earlier item by the digest computed here. Against what is shown: every value of
 * a body must stand in the row of its field, amounts in yuan, each act must be called what its kind is called, and the sums must
 * be the sums of these records.
 *
 * What this cannot stop is a server that sends other scripts than these. Whoever fears that signs at the signing station or
 * with `mingzhang keys sign`, whose program did not come from the server.
 */

import { equal, hex, utf8 } from "../check/bytes.js";
import { encode } from "../check/canonical.js";
import { Malformed } from "../check/errors.js";
import { sha256 } from "../check/sha2.js";
import { digest, opens } from "./record.js";

/**
 * @typedef {import("./record.js").Submission} Submission
 * @typedef {import("./submit.js").Asked} Asked
 * @typedef {{label: string, text: string, field?: string, within?: Row[]}} Row
 * @typedef {{submission: Submission, digest: string, title: string, rows: Row[]}} Item
 * @typedef {{items: Item[], sums: {label: string, text: string}[]}} Prepared
 */

const PLACEHOLDER = "$record";
const SUMMED = ["amount", "net", "area"];

/**
 * Check all of it.
 * @param {Asked[] | null} asked what the page asked for; null where others drafted it
 * @param {Prepared} prepared
 * @param {string} ledger genesis digest
 * @param {{yes: string, no: string, titles: Record<string, string>}} words what the rows say for true and false, and what each kind is called
 * @returns {Submission[]} what may be signed: the prepared submissions themselves
 * @throws {Malformed} `consent.…`, naming the item and the field
 */
export function check(asked, prepared, ledger, words) {
  const { items } = prepared;
  if (!items.length || (asked && asked.length !== items.length)) {
    throw new Malformed("consent.count", items.length, String(asked ? asked.length : "1 or more"));
  }
  /** @type {string[]} */
  const digests = [];
  items.forEach((item, index) => {
    const { record } = item.submission;
    const place = { index };
    if (record.ledger !== ledger) throw new Malformed("consent.ledger", record.ledger, ledger, place);
    if (record.at !== items[0].submission.record.at) throw new Malformed("consent.at", record.at, "one time", place);
    digests.push(digest(record));
    if (digests[index] !== item.digest) throw new Malformed("consent.digest", item.digest, digests[index], place);
    if (asked) checkAsked(asked[index], item.submission, digests, place);
    checkShown(item, words, place);
  });
  if (new Set(digests).size !== digests.length) throw new Malformed("consent.twice", digests.length);
  if (items.length > 1) checkSums(prepared);
  return items.map((item) => item.submission);
}

/**
 * @param {Asked} asked
 * @param {Submission} submission
 * @param {string[]} digests of the items up to this one
 * @param {{index: number}} place
 */
function checkAsked(asked, submission, digests, place) {
  const { record, openings } = submission;
  if (record.kind !== asked.kind) throw new Malformed("consent.kind", record.kind, asked.kind, place);
  const sealed = asked.private || {};
  if (openings.length !== Object.keys(sealed).length) {
    throw new Malformed("consent.openings", openings.length, String(Object.keys(sealed).length), place);
  }
  let body = resolved(asked.body, digests, place);
  for (const opening of openings) {
    const { field } = opening;
    const found = at(record.body, field.split("/"));
    const wanted = Object.prototype.hasOwnProperty.call(sealed, field) ? sealed[field] : undefined;
    if (wanted === undefined || !same(wanted, opening.value) || typeof found !== "string" || !opens(found, record, opening)) {
      throw new Malformed("consent.private", field, "the text that was typed", Object.assign({ field }, place));
    }
    body = put(body, field.split("/"), found);
  }
  if (!same(body, record.body)) throw new Malformed("consent.body", record.kind, "what was asked for", place);
}

/**
 * A body with the references to earlier items filled in.
 * @param {any} value
 * @param {string[]} digests
 * @param {{index: number}} place
 * @returns {any}
 */
function resolved(value, digests, place) {
  if (Array.isArray(value)) return value.map((one) => resolved(one, digests, place));
  if (typeof value !== "object" || value === null) return value;
  if (PLACEHOLDER in value) {
    const earlier = digests[value[PLACEHOLDER]];
    if (earlier === undefined || value[PLACEHOLDER] >= place.index) {
      throw new Malformed("consent.placeholder", value[PLACEHOLDER], "an earlier item", place);
    }
    return "item" in value ? earlier + "#" + value.item : earlier;
  }
  /** @type {Record<string, any>} */
  const copy = {};
  for (const name of Object.keys(value)) copy[name] = resolved(value[name], digests, place);
  return copy;
}

/**
 * @param {any} value
 * @param {string[]} path
 * @returns {any}
 */
function at(value, path) {
  return path.reduce((found, step) => (typeof found === "object" && found !== null ? found[step] : undefined), value);
}

/**
 * @param {any} value
 * @param {string[]} path
 * @param {string} leaf
 * @returns {any}
 */
function put(value, path, leaf) {
  if (!path.length) return leaf;
  const copy = Array.isArray(value) ? value.slice() : Object.assign({}, value);
  copy[path[0]] = put(copy[path[0]], path.slice(1), leaf);
  return copy;
}

/**
 * @param {any} a
 * @param {any} b
 */
function same(a, b) {
  return equal(encode(a), encode(b));
}

/**
 * Every value of the body stands in the row of its field, no field is without a row, and the act is called what it is.
 * @param {Item} item
 * @param {{yes: string, no: string, titles: Record<string, string>}} words
 * @param {{index: number}} place
 */
function checkShown(item, words, place) {
  const { record, openings } = item.submission;
  const fields = Object.keys(record.body);
  const called = words.titles[record.kind];
  if (item.title !== called) throw new Malformed("consent.title", item.title, called || record.kind, place);
  if (item.rows.length !== fields.length) throw new Malformed("consent.rows", item.rows.length, String(fields.length), place);
  for (const field of fields) {
    const row = item.rows.find((one) => one.field === field);
    const shown = row ? texts(row) : [];
    for (const [path, leaf] of leaves(record.body[field], field)) {
      const opening = openings.find((one) => one.field === path);
      const wanted = opening ? opening.value : leaf;
      if (opening && !opens(leaf, record, opening)) {
        throw new Malformed("consent.private", path, "what the record commits to", Object.assign({ field: path }, place));
      }
      if (Array.isArray(wanted)) continue; // the choices of a ballot, whose words its own page says
      for (const [inner, value] of leaves(wanted, path)) {
        if (forms(value, words).some((form) => shown.some((text) => says(text, form)))) continue;
        throw new Malformed("consent.shown", String(value).slice(0, 80), "a row that says so", Object.assign({ field: inner }, place));
      }
    }
  }
}

/**
 * @param {Row} row
 * @returns {string[]}
 */
function texts(row) {
  return [row.text].concat(...(row.within || []).map(texts));
}

/**
 * @param {any} value
 * @param {string} path
 * @returns {[string, any][]} path and value of everything that holds nothing further
 */
function leaves(value, path) {
  if (typeof value !== "object") return [[path, value]];
  /** @type {[string, any][]} */
  const found = [];
  for (const name of Object.keys(value)) found.push(...leaves(value[name], path + "/" + name));
  return found;
}

/**
 * The ways in which a value may be written in a row.
 * @param {any} value
 * @param {{yes: string, no: string}} words
 * @returns {string[]}
 */
function forms(value, words) {
  if (typeof value === "boolean") return [value ? words.yes : words.no];
  if (typeof value === "number") return [yuan(value), String(value)];
  return [value, hex(sha256(utf8(value)))];
}

/**
 * Whether a text says a value, whole: 100.00 does not stand in 1,100.00, nor abc in abcd.
 * @param {string} text
 * @param {string} form
 */
function says(text, form) {
  for (let found = text.indexOf(form); found >= 0; found = text.indexOf(form, found + 1)) {
    const cut = /^[A-Za-z0-9]/.test(form) && /(?:[A-Za-z0-9_-]|[0-9][.,])$/.test(text.slice(0, found));
    const goesOn = /[A-Za-z0-9]$/.test(form) && /^(?:[A-Za-z0-9_-]|[.,][0-9])/.test(text.slice(found + form.length));
    if (!cut && !goesOn) return true;
  }
  return false;
}

/**
 * Hundredths with two decimals and groups of three: fen as yuan, 0.01 m² as m².
 * @param {number} hundredths
 */
export function yuan(hundredths) {
  const digits = String(Math.abs(hundredths)).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/(\d)(?=(\d{3})+$)/g, "$1,");
  return (hundredths < 0 ? "-" : "") + whole + "." + digits.slice(-2);
}

/**
 * The sums that are shown are the sums of these records, in and out apart.
 * @param {Prepared} prepared
 */
function checkSums(prepared) {
  for (const [field, sum] of sums(prepared.items.map((item) => item.submission.record.body))) {
    if (!prepared.sums.some((row) => says(row.text, yuan(sum)))) {
      throw new Malformed("consent.sum", field, yuan(sum));
    }
  }
}

/**
 * @param {Record<string, any>[]} bodies
 * @returns {[string, number][]} field and sum, of what came in and what went out
 */
export function sums(bodies) {
  /** @type {[string, number][]} */
  const found = [];
  for (const field of SUMMED) {
    const values = bodies.map((body) => body[field]).filter((value) => typeof value === "number");
    for (const sign of [1, -1]) {
      const whole = values.filter((value) => value * sign > 0);
      if (whole.length) found.push([field, sign * whole.reduce((sum, value) => sum + value, 0)]);
    }
  }
  return found;
}
