/**
 * What a reader knows from elsewhere, and therefore need not believe the material about: from the poster, from an earlier
 * visit, from the street office. Nothing given means the material's own keys: consistent at best (自洽，未验明来源).
 */
import { text, unhex, utf8 } from "./bytes.js";
import { MAX_SIZE } from "./checkpoint.js";
import { parseVkey } from "./note.js";
import { need } from "./need.js";
import { parsePolicy } from "./policy.js";
import { isDigest, strictDecimal } from "./strict.js";

/**
 * @typedef {object} Trust
 * @property {string|null} genesis the genesis digest
 * @property {import("./note.js").Vkey[]} vkeys the log's keys
 * @property {import("./policy.js").Policy|null} policy
 * @property {{origin: string, size: bigint, root: Uint8Array}[]} heads heads seen before
 */

/**
 * Read what somebody typed or kept: `{genesis, vkeys: [text], policy: text, heads: [{origin, size: text, root: hex}]}`,
 * all of it optional.
 * @returns {Trust}
 * @throws {Malformed} `trust.genesis`, `trust.head`, `note.…`, `policy.…`
 */
export function readTrust(said = {}) {
  const { genesis = null, vkeys = [], policy = null, heads = [] } = said;
  need(genesis === null || isDigest(genesis), "trust.genesis", genesis);
  return {
    genesis,
    vkeys: vkeys.map((written) => parseVkey(written.trim())),
    policy: policy === null ? null : parsePolicy(typeof policy === "string" ? utf8(policy) : utf8(text(policy))),
    heads: heads.map(({ origin, size, root }) => {
      need(isDigest(root), "trust.head", root);
      return { origin, size: strictDecimal(String(size), "trust.head", MAX_SIZE), root: unhex(root) };
    }),
  };
}

/** The log's keys as known from outside. */
export function logKeys(trust, origin) {
  if (trust.vkeys.length > 0) return trust.vkeys;
  return trust.policy ? trust.policy.logs.filter((key) => key.name === origin) : [];
}

/** Whether the reader has keys of logs at all, so that a log without any of them is a stranger. */
export function knowsLogs(trust) {
  return trust.vkeys.length > 0 || Boolean(trust.policy && trust.policy.logs.length > 0);
}

/** Whether anything here ties the material to one ledger. */
export function establishesOrigin(trust) {
  return Boolean(trust.genesis) || knowsLogs(trust) || trust.heads.some((head) => head.size > 0n);
}
