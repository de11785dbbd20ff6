/**
 * Trust policies (C2SP tlog-policy): which logs and witnesses count, and how many must have cosigned.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <member> ...
 *     quorum <name>|none
 */
import { hex, text } from "./bytes.js";
import { ED25519, parseVkey } from "./note.js";
import { Malformed } from "./errors.js";
import { need } from "./need.js";

const MAX_POLICY = 1000000;
const RESERVED = ["all", "any", "none"];

/**
 * @typedef {object} Policy
 * @property {import("./note.js").Vkey[]} logs
 * @property {{name: string, key: import("./note.js").Vkey}[]} witnesses
 * @property {{name: string, threshold: number, members: string[]}[]} groups
 * @property {string|null} quorum name of a witness or group; null for none
 */

/** A policy that asks for nobody. @returns {Policy} */
export function noPolicy() {
  return { logs: [], witnesses: [], groups: [], quorum: null };
}

/** Read a policy. @param {Uint8Array} data @returns {Policy} */
export function parsePolicy(data) {
  need(data.length <= MAX_POLICY, "policy.size", data.length, MAX_POLICY);
  need(data.every((byte) => byte === 9 || byte === 10 || (byte >= 32 && byte !== 127)), "policy.control");
  need(data.length === 0 || data[data.length - 1] === 10, "policy.final_newline");
  const policy = noPolicy();
  const defined = new Set();
  const quorums = [];
  for (const words of lines(data)) {
    const [what, first, second, third, ...rest] = words;
    if (what === "log" && (words.length === 2 || words.length === 3)) {
      policy.logs.push(parseVkey(first));
    } else if (what === "witness" && (words.length === 3 || words.length === 4)) {
      policy.witnesses.push({ name: first, key: parseVkey(second) });
      define(defined, first);
    } else if (what === "group" && words.length >= 4) {
      const members = [third, ...rest];
      for (const member of members) need(defined.has(member), "policy.unknown_name", member);
      policy.groups.push({ name: first, threshold: threshold(second, members.length), members });
      define(defined, first);
    } else if (what === "quorum" && words.length === 2) {
      need(first === "none" || defined.has(first), "policy.unknown_name", first);
      quorums.push(first === "none" ? null : first);
    } else {
      throw new Malformed("policy.line", words.join(" ").slice(0, 200));
    }
  }
  need(quorums.length === 1, "policy.quorum_lines", quorums.length, 1);
  policy.quorum = quorums[0];
  checkWhole(policy);
  return policy;
}

/** Whether the witnesses of these names make up the quorum. @param {Policy} policy @param {Set<string>} cosigned */
export function metBy(policy, cosigned) {
  const have = new Set(policy.witnesses.map((witness) => witness.name).filter((name) => cosigned.has(name)));
  for (const group of policy.groups) {
    if (group.members.filter((member) => have.has(member)).length >= group.threshold) have.add(group.name);
  }
  return policy.quorum === null || have.has(policy.quorum);
}

function checkWhole(policy) {
  for (const [what, keys] of [["log", policy.logs], ["witness", policy.witnesses.map((witness) => witness.key)]]) {
    const seen = new Set(keys.map((key) => hex(key.key)));
    need(seen.size === keys.length, "policy.key_twice", what);
  }
  for (const witness of policy.witnesses) need(witness.key.type !== ED25519, "policy.witness_type", witness.name);
  const members = policy.groups.reduce((found, group) => found.concat(group.members), []);
  need(new Set(members).size === members.length, "policy.member_twice");
}

/** The words of each line that has any and is no comment. Names are octets: those that are no UTF-8 are kept apart. */
function lines(data) {
  const found = [];
  for (let start = 0; start < data.length;) {
    const end = data.indexOf(10, start);
    const words = [];
    for (let at = start; at < end;) {
      let next = at;
      while (next < end && data[next] !== 32 && data[next] !== 9) next += 1;
      if (next > at) words.push(word(data.subarray(at, next)));
      at = next + 1;
    }
    if (words.length > 0 && !words[0].startsWith("#")) found.push(words);
    start = end + 1;
  }
  return found;
}

function word(octets) {
  try {
    return text(octets);
  } catch (error) {
    return String.fromCharCode(...Array.from(octets, (byte) => (byte < 128 ? byte : 0xdc00 + byte)));
  }
}

function define(defined, name) {
  need(!RESERVED.includes(name), "policy.reserved", name);
  need(!defined.has(name), "policy.name_twice", name);
  defined.add(name);
}

function threshold(written, members) {
  if (written === "all") return members;
  if (written === "any") return 1;
  need(/^[1-9][0-9]{0,5}$/.test(written), "policy.threshold", written);
  need(Number(written) <= members, "policy.threshold", written, members);
  return Number(written);
}
