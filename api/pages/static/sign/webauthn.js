// @ts-check
/**
 * Passkeys (WebAuthn level 3): made, and asked for a signature whose challenge is the SHA-256 of what is signed.
 *
 * Base64url is done here and not by `toJSON`, which browsers of 2023 lack. The signature goes on as the authenticator
 * made it, strict DER; the public key becomes the uncompressed point that ledgers hold.
 */

import { base64, concat, unbase64 } from "../check/bytes.js";
import { Malformed } from "../check/errors.js";
import { sha256 } from "../check/sha2.js";
import { decode } from "./cbor.js";

export const ES256 = -7;
const POINT = 65;

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} text */
export function unbase64url(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4);
  return unbase64(padded, "bytes.base64url");
}

/**
 * The uncompressed P-256 point in a SubjectPublicKeyInfo: its last 65 bytes (RFC 5480 §2.2).
 * @param {Uint8Array} spki
 * @throws {Malformed} `key.point`
 */
export function pointOfSpki(spki) {
  return checkedPoint(spki.slice(-POINT));
}

/**
 * The uncompressed point of a COSE key (RFC 9053 §7.1.1).
 * @param {Map<number, any>} cose
 * @throws {Malformed} `key.alg`, `key.point`
 */
export function pointOfCose(cose) {
  if (cose.get(1) !== 2 || cose.get(3) !== ES256 || cose.get(-1) !== 1) {
    throw new Malformed("key.alg", cose.get(3), "ES256 on P-256");
  }
  return checkedPoint(concat([4], cose.get(-2), cose.get(-3)));
}

/**
 * The point in the authenticator data of an attestation object (WebAuthn §6.5.1): after 37 bytes of hash, flags and
 * counter come 16 of the model, the length of the credential's name, the name, and the COSE key.
 * @param {Uint8Array} attestation
 */
export function pointOfAttestation(attestation) {
  const data = decode(attestation).get("authData");
  if (!(data instanceof Uint8Array) || data.length < 55 || !(data[32] & 0x40)) {
    throw new Malformed("key.point", "attestation", "authenticator data with a credential");
  }
  return pointOfCose(decode(data.subarray(55 + data[53] * 256 + data[54])));
}

/** @param {Uint8Array} point */
function checkedPoint(point) {
  if (point.length !== POINT || point[0] !== 4) throw new Malformed("key.point", point.length, "04 and 64 bytes");
  return point;
}

/**
 * Make a passkey that this device keeps and that needs the finger, the face or the code each time.
 * @param {{rpId: string, site: string, user: string, handle: Uint8Array}} given `handle`: at most 64 bytes, no name in them
 * @returns {Promise<{alg: "webauthn", publicKey: Uint8Array, credential: string}>}
 */
export async function create(given) {
  /** @type {any} */
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: given.rpId, name: given.site },
      user: { id: given.handle, name: given.user, displayName: given.user },
      // Nobody checks it: what proves possession is the signature over the record that enrols the key.
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
      timeout: 120000,
    },
  });
  const answer = made.response;
  const spki = answer.getPublicKey ? answer.getPublicKey() : null;
  const publicKey = spki ? pointOfSpki(new Uint8Array(spki)) : pointOfAttestation(new Uint8Array(answer.attestationObject));
  return { alg: "webauthn", publicKey, credential: base64url(new Uint8Array(made.rawId)) };
}

/**
 * Sign with a passkey.
 * @param {{rpId: string, credential: string}} key
 * @param {Uint8Array} message what is signed; its SHA-256 is the challenge
 * @returns {Promise<{sig: string, authenticator_data: string, client_data: string}>}
 */
export async function sign(key, message) {
  return signatureOf(await asked(key.rpId, message, [{ type: "public-key", id: unbase64url(key.credential) }]));
}

/**
 * Sign with whichever passkey of the relying party the person picks.
 * @param {string} rpId
 * @param {Uint8Array} message
 * @returns {Promise<{sig: string, authenticator_data: string, client_data: string, handle: Uint8Array, credential: string}>}
 */
export async function find(rpId, message) {
  const made = await asked(rpId, message, []);
  const handle = new Uint8Array(made.response.userHandle || 0);
  return Object.assign(signatureOf(made), { handle, credential: base64url(new Uint8Array(made.rawId)) });
}

/**
 * @param {string} rpId
 * @param {Uint8Array} message
 * @param {any[]} allowCredentials
 * @returns {Promise<any>}
 */
function asked(rpId, message, allowCredentials) {
  const challenge = /** @type {BufferSource} */ (sha256(message));
  return navigator.credentials.get({
    publicKey: { rpId, challenge, allowCredentials, userVerification: "required", timeout: 120000 },
  });
}

/**
 * A signature in the form that entries have.
 * @param {any} made
 */
function signatureOf(made) {
  const answer = made.response;
  return {
    sig: base64(new Uint8Array(answer.signature)),
    authenticator_data: base64(new Uint8Array(answer.authenticatorData)),
    client_data: base64(new Uint8Array(answer.clientDataJSON)),
  };
}
