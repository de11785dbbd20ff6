// @ts-check
/**
 * Keys of a person in this browser: which ways of signing there are, making a key, and signing with one.
 *
 * The ways stand in one order, and none is called lesser: passkey, the same page in the system's browser, a key in this
 * browser, the signing station at the committee's desk, paper. A browser key is Ed25519 where WebCrypto has it, else
 * ECDSA on P-256, which every browser with WebCrypto has, WeChat's older ones included; both are algorithms of the ledger.
 */

import { base64, hex, unbase64 } from "../check/bytes.js";
import { Malformed } from "../check/errors.js";
import * as kept from "./kept.js";
import { keyId } from "./pae.js";
import { batch, recordBytes } from "./record.js";
import * as webauthn from "./webauthn.js";

/** @typedef {"passkey" | "system_browser" | "browser_key" | "station" | "paper"} Way */
/** @typedef {{id: string, ledger: string, alg: "webauthn" | "ed25519" | "p256", public: string, made: number, rpId?: string, credential?: string, handle?: CryptoKey}} Key */

export const ED25519 = "ed25519";
export const P256 = "p256";
export const WEBAUTHN = "webauthn";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };

/** Whether this page may use the platform's cryptography at all: only over HTTPS, or on the machine itself. */
export function secure() {
  return typeof crypto === "object" && Boolean(crypto.subtle);
}

/** Whether the page is open inside an app, whose browser often has no passkeys while the system's has. */
export function insideApp() {
  return /MicroMessenger|QQ\/|AlipayClient|DingTalk/i.test(navigator.userAgent);
}

/**
 * The ways of signing, in the order in which they are offered, each with whether it works here now.
 * @param {string[]} rpIds relying parties that the ledger names
 * @returns {Promise<{way: Way, usable: boolean}[]>}
 */
export async function ways(rpIds) {
  const passkey = secure() && relyingParty(rpIds) !== "" && (await hasVerifier());
  return [
    { way: "passkey", usable: passkey },
    { way: "system_browser", usable: !passkey && insideApp() && rpIds.length > 0 },
    { way: "browser_key", usable: secure() && typeof indexedDB === "object" },
    { way: "station", usable: true },
    { way: "paper", usable: true },
  ];
}

async function hasVerifier() {
  if (typeof PublicKeyCredential !== "function") return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/**
 * The relying party of the ledger that this page may use: its host, or a domain above it. Empty when there is none.
 * @param {string[]} rpIds
 */
export function relyingParty(rpIds) {
  const host = location.hostname;
  return rpIds.find((id) => host === id || host.endsWith("." + id)) || "";
}

/**
 * Make a key for a person of a ledger; it is kept here and stands on no ledger yet.
 * @param {string} ledger genesis digest
 * @param {"passkey" | "browser_key"} way
 * @param {{rpIds: string[], site: string, user: string, person: string}} about `person`: his reference on the ledger
 * @returns {Promise<Key>}
 */
export async function make(ledger, way, about) {
  /** @type {Key} */
  let key;
  if (way === "passkey") {
    const rpId = relyingParty(about.rpIds);
    const made = await webauthn.create({ rpId, site: about.site, user: about.user, handle: handleOf(about.person) });
    key = named(ledger, WEBAUTHN, made.publicKey, { rpId, credential: made.credential });
  } else {
    key = await makeInBrowser(ledger);
  }
  await kept.keep("keys", key);
  return key;
}

/**
 * What a passkey calls its user: the person's reference in bytes, which names nobody to whoever reads it.
 * @param {string} person
 */
function handleOf(person) {
  const [digest, item] = person.split("#");
  const bytes = new Uint8Array(33);
  for (let i = 0; i < 32; i++) bytes[i] = parseInt(digest.slice(2 * i, 2 * i + 2), 16);
  bytes[32] = item === undefined ? 255 : Number(item);
  return bytes;
}

/**
 * The person whom a passkey names as its user.
 * @param {Uint8Array} handle
 * @returns {string} his reference on the ledger
 */
export function personOf(handle) {
  return hex(handle.subarray(0, 32)) + (handle[32] === 255 ? "" : "#" + handle[32]);
}

/**
 * @param {string} ledger
 * @returns {Promise<Key>}
 */
async function makeInBrowser(ledger) {
  for (const [alg, algorithm] of /** @type {["ed25519" | "p256", any][]} */ ([[ED25519, { name: "Ed25519" }], [P256, ECDSA]])) {
    try {
      const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]));
      const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
      return named(ledger, alg, raw, { handle: pair.privateKey });
    } catch (error) {
      if (alg === P256) throw error; // an older browser has no Ed25519, and every one has P-256
    }
  }
  throw new Malformed("key.alg", "none", "Ed25519 or P-256");
}

/**
 * @param {string} ledger
 * @param {"webauthn" | "ed25519" | "p256"} alg
 * @param {Uint8Array} publicKey
 * @param {object} more
 * @returns {Key}
 */
function named(ledger, alg, publicKey, more) {
  return Object.assign({ id: hex(keyId(alg, publicKey)), ledger, alg, public: base64(publicKey), made: Date.now() }, more);
}

/**
 * The keys of a ledger that are kept in this browser, the newest first.
 * @param {string} ledger
 * @returns {Promise<Key[]>}
 */
export async function own(ledger) {
  return (await kept.all("keys", ledger)).reverse();
}

/**
 * Sign bytes that this browser made itself.
 * @param {Key} key
 * @param {Uint8Array} message
 * @returns {Promise<{key: string, alg: string, sig: string, authenticator_data?: string, client_data?: string}>}
 */
export async function sign(key, message) {
  if (key.alg === WEBAUTHN) {
    const made = await webauthn.sign({ rpId: key.rpId || "", credential: key.credential || "" }, message);
    return Object.assign({ key: key.id, alg: key.alg }, made);
  }
  const algorithm = key.alg === ED25519 ? { name: "Ed25519" } : { name: "ECDSA", hash: "SHA-256" };
  // WebCrypto's ECDSA signature is r ‖ s, as the ledger has it.
  const made = await crypto.subtle.sign(algorithm, /** @type {CryptoKey} */ (key.handle), /** @type {BufferSource} */ (message));
  return { key: key.id, alg: key.alg, sig: base64(new Uint8Array(made)) };
}

/**
 * Sign records: one singly, several as one batch, in one ceremony. The signatures are put into the submissions.
 * @param {Key} key
 * @param {import("./record.js").Submission[]} submissions
 * @param {boolean} [together] whether one record is a batch too; it is when others have signed it as one
 * @returns {Promise<import("./record.js").Submission[]>} copies with the signature added, signatures ascending by key
 */
export async function signAll(key, submissions, together) {
  const records = submissions.map((one) => one.record);
  const single = records.length === 1 && !together;
  const signed = single ? { message: recordBytes(records[0]), places: [] } : batch(records);
  const made = await sign(key, signed.message);
  return submissions.map((one, index) => {
    const signature = single ? made : Object.assign({}, made, { batch: signed.places[index] });
    const all = one.signatures.filter((other) => other.key !== key.id).concat([signature]);
    return Object.assign({}, one, { signatures: all.sort((a, b) => (a.key < b.key ? -1 : 1)) });
  });
}

/**
 * A short text that two screens show of one key, so that two people see that they speak of the same: its id as sixteen
 * digits (8 bytes, big-endian, mod 10^16). Whoever wants another key with the same digits makes some 2^53 of them.
 * @param {string} id
 */
export function comparison(id) {
  const digits = (BigInt("0x" + id.slice(0, 16)) % BigInt(1e16)).toString().padStart(16, "0");
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}

/**
 * The id of a key as a record enrols it.
 * @param {{alg: string, public: string}} key
 */
export function enrolled(key) {
  return hex(keyId(key.alg, unbase64(key.public)));
}

/** @param {Key} key */
export function publicBytes(key) {
  return unbase64(key.public);
}
