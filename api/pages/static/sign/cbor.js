// @ts-check
/**
 * As much CBOR (RFC 8949) as an attestation object and a COSE key need: whole numbers, byte strings, texts, lists and maps of
 * definite length. Anything else is refused.
 */

import { text } from "../check/bytes.js";
import { Malformed } from "../check/errors.js";

/**
 * The first value in `bytes`.
 * @param {Uint8Array} bytes
 * @returns {any} a number, Uint8Array, string, boolean, null, array, or Map
 * @throws {Malformed} `cbor.…`
 */
export function decode(bytes) {
  return new Reader(bytes).value(8);
}

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this._bytes = bytes;
    this._at = 0;
  }

  /**
   * @param {number} depth containers that may still open
   * @returns {any}
   */
  value(depth) {
    if (!depth) throw new Malformed("cbor.depth", this._at);
    const first = this.take(1)[0];
    const major = first >> 5;
    if (major === 7) {
      if (first === 0xf4 || first === 0xf5) return first === 0xf5;
      if (first === 0xf6) return null;
      throw new Malformed("cbor.simple", first, "true, false, null");
    }
    const argument = this.argument(first & 31);
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return this.take(argument);
    if (major === 3) return text(this.take(argument));
    if (major === 4) return this.items(argument, () => this.value(depth - 1));
    if (major === 5) return new Map(this.items(argument, () => [this.value(depth - 1), this.value(depth - 1)]));
    throw new Malformed("cbor.tag", first, "no tags");
  }

  /**
   * @param {number} short
   * @returns {number}
   */
  argument(short) {
    if (short < 24) return short;
    if (short > 26) throw new Malformed("cbor.argument", short, "at most four bytes");
    return this.take(1 << (short - 24)).reduce((value, byte) => value * 256 + byte, 0);
  }

  /**
   * @template T
   * @param {number} count
   * @param {() => T} one
   */
  items(count, one) {
    if (count > this._bytes.length) throw new Malformed("cbor.length", count, "what is there");
    const found = [];
    for (let i = 0; i < count; i++) found.push(one());
    return found;
  }

  /** @param {number} count */
  take(count) {
    if (this._at + count > this._bytes.length) throw new Malformed("cbor.length", count, "what is there");
    return this._bytes.subarray(this._at, (this._at += count));
  }
}
