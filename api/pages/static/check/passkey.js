/**
 * Signatures of passkeys (WebAuthn level 3 §7.2): an assertion whose challenge is the SHA-256 of what is signed.
 *
 * The client data are JSON that a browser wrote, not ours: any order and spacing, but each member once. JSON.parse would
 * keep the last of two members and say nothing, so they are read here.
 */
import { base64, concat, equal, text, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";
import { need } from "./need.js";
import * as p256 from "./p256.js";
import { sha256 } from "./sha2.js";
import { field, isObject } from "./strict.js";

const LIMIT = 2048;
const USER_PRESENT = 1;
const USER_VERIFIED = 4;

/**
 * Return if the assertion fits.
 * @param {Uint8Array} key the uncompressed point, 65 bytes
 * @param {Uint8Array} message what was signed
 * @param {{sig: Uint8Array, authenticatorData: Uint8Array, clientData: Uint8Array}} signature
 * @param {{rpIds: string[], origins: string[]}} relying what entry 0 lists
 */
export function checkPasskey(key, message, signature, relying) {
  const { sig, authenticatorData, clientData } = signature;
  need(authenticatorData.length + clientData.length + sig.length <= LIMIT, "webauthn.size");
  checkClientData(clientData, sha256(message), relying.origins);
  checkAuthenticatorData(authenticatorData, relying.rpIds);
  const rs = p256.derToRs(sig);
  need(p256.verify(key, concat(authenticatorData, sha256(clientData)), rs), "signature.invalid");
}

function checkClientData(data, challenge, origins) {
  const said = readJson(text(data));
  need(isObject(said), "webauthn.client_data");
  need(field(said, "type") === "webauthn.get", "webauthn.type");
  const due = base64(challenge).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  need(field(said, "challenge") === due, "webauthn.challenge");
  need(origins.includes(field(said, "origin")), "webauthn.origin");
  const crossed = field(said, "crossOrigin");
  need((crossed === undefined || crossed === false) && field(said, "topOrigin") === undefined, "webauthn.cross_origin");
}

function checkAuthenticatorData(data, rpIds) {
  need(data.length >= 37, "webauthn.authenticator_data");
  const about = data.subarray(0, 32);
  need(rpIds.some((rpId) => equal(sha256(utf8(rpId)), about)), "webauthn.rp_id");
  need((data[32] & USER_PRESENT) !== 0, "webauthn.user_present");
  need((data[32] & USER_VERIFIED) !== 0, "webauthn.user_verified");
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|NaN|-?Infinity|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))/y;

/** A JSON value in which no object has a member twice. `NaN` and its like pass, as they do where the ledger is kept. */
function readJson(written) {
  let at = 0;
  let depth = 0;
  const wrong = () => new Malformed("webauthn.client_data");

  function next() {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(written);
    if (!found) throw wrong();
    at = TOKEN.lastIndex;
    return found;
  }

  function value(token) {
    if (token[2]) return JSON.parse(token[2]);
    // No number and no null is asked for; only that they are well written matters.
    if (token[3]) return token[3] === "true" ? true : token[3] === "false" ? false : null;
    depth += 1;
    if (depth > 900) throw wrong();
    const made = token[1] === "{" ? members() : token[1] === "[" ? items() : undefined;
    if (made === undefined) throw wrong();
    depth -= 1;
    return made;
  }

  function members() {
    const made = {};
    const names = new Set();
    for (let token = next(); ; token = next()) {
      if (token[1] === "}" && names.size === 0) return made;
      if (!token[2]) throw wrong();
      const name = JSON.parse(token[2]);
      if (names.has(name) || next()[1] !== ":") throw wrong();
      names.add(name);
      Object.defineProperty(made, name, { value: value(next()), enumerable: true });
      const [, mark] = next();
      if (mark === "}") return made;
      if (mark !== ",") throw wrong();
    }
  }

  function items() {
    const made = [];
    for (let token = next(); ; token = next()) {
      if (token[1] === "]" && made.length === 0) return made;
      made.push(value(token));
      const [, mark] = next();
      if (mark === "]") return made;
      if (mark !== ",") throw wrong();
    }
  }

  const made = value(next());
  if (!/^[ \t\n\r]*$/.test(written.slice(at))) throw wrong();
  return made;
}
