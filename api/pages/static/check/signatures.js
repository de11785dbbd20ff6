/** Whether the signatures of a record hold, each under the key that its ledger knows it by. */
import { concat, hex, utf8 } from "./bytes.js";
import * as ed25519 from "./ed25519.js";
import { signedBytes } from "./entry.js";
import { need } from "./need.js";
import * as p256 from "./p256.js";
import { checkPasskey } from "./passkey.js";
import { sha256 } from "./sha2.js";

/**
 * Checks the signatures of one ledger and remembers those that held: the 512 records of a batch share one.
 */
export class Signatures {
  /** @param {Set<string>} [held] what was found to hold before; a check is named by all that goes into it */
  constructor(held = new Set()) {
    this.held = held;
    /** @type {{rpIds: string[], origins: string[]}} of passkeys, as entry 0 lists them */
    this.relying = { rpIds: [], origins: [] };
  }

  /**
   * Return if every signature of a record holds.
   * @param {import("./entry.js").Entry} entry
   * @param {(id: string) => {alg: string, key: Uint8Array}|undefined} find a key by its id
   */
  check(entry, find) {
    for (const signature of entry.signatures) {
      const found = find(signature.key);
      need(found, "signature.unknown_key", signature.key);
      need(found.alg === signature.alg, "signature.alg_differs", signature.alg, found.alg);
      this._checkOne(found, signedBytes(entry.record, signature.batch), signature);
    }
  }

  _checkOne({ alg, key }, message, signature) {
    const name = this._name(alg, key, message, signature);
    if (this.held.has(name)) return;
    if (alg === "webauthn") {
      checkPasskey(key, message, signature, this.relying);
    } else {
      need(signature.sig.length === 64, "signature.length", signature.sig.length, 64);
      const verify = alg === "ed25519" ? ed25519.verify : p256.verify;
      need(verify(key, message, signature.sig), "signature.invalid", signature.key);
    }
    this.held.add(name);
  }

  _name(alg, key, message, signature) {
    const parts = [utf8(alg), key, message, signature.sig];
    if (alg === "webauthn") {
      parts.push(signature.authenticatorData, signature.clientData, utf8(JSON.stringify(this.relying)));
    }
    return hex(sha256(concat(...parts.map((part) => sha256(part)))));
  }
}
