/** What records bring that later ones lean on: keys, and what entry 0 says of its log. Bodies are read as far as that. */
import { unbase64 } from "./bytes.js";
import { ALGORITHMS, keyId } from "./entry.js";
import { isRefusal } from "./need.js";
import { field, hasFields, isObject } from "./strict.js";

export const GENESIS = "ledger.opened/1";
const strings = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

/**
 * The keys that a record brings with it.
 * @param {{kind: string, body: object}} record
 * @returns {{id: string, alg: string, key: Uint8Array}[]}
 */
export function keysBrought({ kind, body }) {
  let holders = [];
  if (kind === GENESIS) holders = Array.isArray(body.persons) ? body.persons : [];
  else if (kind === "person.entered/1" || kind === "key.enrolled/1") holders = [body];
  return holders.map((holder) => readKey(field(holder, "key"))).filter(Boolean);
}

function readKey(value) {
  if (!hasFields(value, ["alg", "public"]) || !ALGORITHMS.includes(value.alg)) return null;
  try {
    const key = unbase64(value.public, "key.public");
    return { id: keyId(value.alg, key), alg: value.alg, key };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** The id of a key that may sign no later entry, null for a record that revokes none. */
export function keyRevoked({ kind, body }) {
  return kind === "key.revoked/1" && typeof body.key === "string" ? body.key : null;
}

/** What entry 0 says of its log, or null where it is no genesis. */
export function readGenesis({ kind, body, digest }) {
  if (kind !== GENESIS) return null;
  const passkeys = isObject(field(body, "passkeys")) ? body.passkeys : {};
  return {
    digest,
    origin: typeof body.origin === "string" ? body.origin : "",
    name: typeof body.name === "string" ? body.name : "",
    example: body.example === true,
    vkeys: strings(body.vkeys),
    relying: { rpIds: strings(passkeys.rp_ids), origins: strings(passkeys.origins) },
  };
}
