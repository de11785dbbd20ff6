// @ts-check
/**
 * Ed25519 (RFC 8032 §5.1.7), as strict as libsodium, which the project's verifier in Python uses (ledger/signatures.py).
 *
 * RFC 8032 leaves edges open, and implementations differ there: WebCrypto in browsers accepts keys of small order, under
 * which one signature fits every message. Two verifiers that differ would be two ledgers, so this one is written out:
 *
 * - S < L, or the signature could be changed into a second one;
 * - the key A is canonical (y < p), on the curve, and not of small order;
 * - R is compared with the canonical encoding of S·B − h·A (no cofactor), and is not of small order either.
 *
 * A key of mixed order verifies here, as in libsodium; it is refused once, when it is enrolled: `acceptablePublicKey`.
 */

import { concat, equal } from "./bytes.js";
import { L, baseTerm, decode, encode, isCanonical, isPrimeOrder, isSmallOrder, negative, sum, term } from "./edwards25519.js";
import { fromLittleEndian } from "./scalars.js";
import { sha512 } from "./sha2.js";

/**
 * @param {Uint8Array} publicKey 32 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes, R ‖ S
 * @returns {boolean} whether the signature fits; false for any other length
 */
export function verify(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const R = signature.subarray(0, 32);
  const S = fromLittleEndian(signature.subarray(32));
  if (S >= L) return false;
  const A = point(publicKey);
  if (!A) return false;
  const h = fromLittleEndian(sha512(concat(R, publicKey, message))) % L;
  const recomputed = sum([baseTerm(S), term(h, negative(A))]);
  return equal(encode(recomputed), R) && !isSmallOrder(recomputed);
}

/**
 * Whether a key may be enrolled: libsodium's crypto_core_ed25519_is_valid_point.
 * @param {Uint8Array} publicKey
 * @returns {boolean} whether it is the canonical encoding of a point of the subgroup of prime order, not the identity
 */
export function acceptablePublicKey(publicKey) {
  const A = publicKey.length === 32 && point(publicKey);
  return Boolean(A) && isPrimeOrder(/** @type {import("./edwards25519.js").Point} */ (A));
}

/**
 * @param {Uint8Array} publicKey 32 bytes
 * @returns {import("./edwards25519.js").Point | null}
 */
function point(publicKey) {
  const A = isCanonical(publicKey) ? decode(publicKey) : null;
  return A && !isSmallOrder(A) ? A : null;
}
