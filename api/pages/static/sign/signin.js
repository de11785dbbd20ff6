// @ts-check
/**
 * Signing in: a challenge of the server, signed by a key of this browser; the session comes back as a cookie.
 *
 * The challenge must name this ledger and this site. One that was passed on by another site names that other site, and is
 * not signed.
 */

import { Malformed } from "../check/errors.js";
import { keep } from "./kept.js";
import { WEBAUTHN, personOf, relyingParty, sign } from "./keys.js";
import { signInBytes } from "./pae.js";
import { post } from "./submit.js";
import { find } from "./webauthn.js";

/**
 * @param {string} base `/api/v1/ledgers/<ledger>`
 * @param {string} ledger genesis digest
 * @param {import("./keys.js").Key} key
 * @returns {Promise<void>}
 * @throws {Malformed} `access.other_site`; {@link import("./submit.js").Problem}
 */
export async function signIn(base, ledger, key) {
  const challenge = await post(base + "/session/challenge");
  const { key: id, sig, authenticator_data, client_data } = await sign(key, signedBytes(challenge, ledger, location.origin));
  const answer = { challenge, key: id, sig, authenticator_data: authenticator_data || "", client_data: client_data || "" };
  await post(base + "/session", answer);
}

/**
 * Sign in with whichever passkey the device offers, where this browser has forgotten which is its own: it says whose it is, and
 * the service finds the key among that person's.
 * @param {string} base
 * @param {string} ledger
 * @param {string[]} rpIds
 * @returns {Promise<void>}
 */
export async function signInFound(base, ledger, rpIds) {
  const challenge = await post(base + "/session/challenge");
  const rpId = relyingParty(rpIds);
  const { handle, credential, ...made } = await find(rpId, signedBytes(challenge, ledger, location.origin));
  await post(base + "/session", Object.assign({ challenge, person: personOf(handle) }, made));
  const answer = await fetch(base + "/session", { credentials: "same-origin" });
  const { key } = await answer.json();
  await keep("keys", /** @type {any} */ ({ id: key, ledger, alg: WEBAUTHN, public: "", made: Date.now(), rpId, credential }));
}

/**
 * The bytes to sign for a challenge, if it is meant for us.
 * @param {any} challenge
 * @param {string} ledger
 * @param {string} site
 * @returns {Uint8Array}
 */
export function signedBytes(challenge, ledger, site) {
  const { nonce, at } = challenge;
  if (challenge.ledger !== ledger || challenge.site !== site) {
    throw new Malformed("access.other_site", String(challenge.site), site);
  }
  return signInBytes({ ledger, site, nonce: String(nonce), at: String(at) });
}

/**
 * @param {string} base
 * @returns {Promise<void>}
 */
export async function signOut(base) {
  const answer = await fetch(base + "/session", { method: "DELETE", credentials: "same-origin" });
  if (answer.ok || answer.status === 401) return;
  throw new Malformed("access.sign_out", answer.status);
}
