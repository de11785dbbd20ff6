// @ts-check
/**
 * What is signed: the DSSE v1 pre-authentication encoding of a payload, so that no signature means anything elsewhere.
 * The norm is docs/format.md; ledger/signatures.py says the same in Python.
 */

import { concat, utf8 } from "../check/bytes.js";
import { encode } from "../check/canonical.js";
import { sha256 } from "../check/sha2.js";

export const RECORD = "application/vnd.mingzhang.record+json";
export const BATCH = "application/vnd.mingzhang.batch+json";
export const SIGN_IN = "application/vnd.mingzhang.sign-in+json";

/**
 * @param {string} type
 * @param {Uint8Array} payload
 * @returns {Uint8Array} "DSSEv1" SP len(type) SP type SP len(payload) SP payload
 */
export function pae(type, payload) {
  const kind = utf8(type);
  return concat(utf8("DSSEv1 " + kind.length + " "), kind, utf8(" " + payload.length + " "), payload);
}

/**
 * The name of a key: SHA-256(alg ‖ 0x00 ‖ public key).
 * @param {string} alg
 * @param {Uint8Array} publicKey
 */
export function keyId(alg, publicKey) {
  return sha256(concat(utf8(alg), [0], publicKey));
}

/**
 * The bytes that are signed to sign in.
 * @param {{ledger: string, site: string, nonce: string, at: string}} challenge
 */
export function signInBytes(challenge) {
  return pae(SIGN_IN, encode(challenge));
}
