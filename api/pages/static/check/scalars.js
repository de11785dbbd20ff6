// @ts-check
/**
 * Scalars: the great integers that multiply points of a curve, read from bytes and cut into signed digits.
 */

import { hex } from "./bytes.js";

/**
 * @param {Uint8Array} bytes
 * @returns {bigint} most significant byte first
 */
export function fromBigEndian(bytes) {
  return bytes.length ? BigInt("0x" + hex(bytes)) : 0n;
}

/**
 * @param {Uint8Array} bytes
 * @returns {bigint} least significant byte first
 */
export function fromLittleEndian(bytes) {
  return fromBigEndian(bytes.slice().reverse());
}

/**
 * The width-w non-adjacent form of a scalar: digits d[i] with scalar = Σ d[i] · 2ⁱ, each 0 or odd with |d[i]| < 2^(w−1), of
 * any w in a row at most one not 0. Point multiplication doubles once a digit and adds only where a digit is not 0, from a
 * table of odd multiples; the negative of a point costs nothing. (Guide to Elliptic Curve Cryptography, algorithm 3.35.)
 *
 * How long this takes depends on the scalar. Those of a verification are public.
 * @param {bigint} scalar from 0 to 2²⁵⁶ − 1
 * @param {number} width from 2 to 8
 * @returns {Int8Array} 257 digits, least significant first
 */
export function signedDigits(scalar, width) {
  const binary = scalar.toString(2);
  /** @param {number} i */
  const bit = (i) => (i < binary.length && binary[binary.length - 1 - i] === "1" ? 1 : 0);
  const digits = new Int8Array(257);
  let carry = 0;
  for (let i = 0; i < digits.length; ) {
    if (bit(i) === carry) {
      // Bit and carry make 0 or 2: nothing here, and the carry stays what it is.
      i++;
      continue;
    }
    let value = carry;
    for (let k = 0; k < width; k++) value += bit(i + k) << k;
    carry = value >> (width - 1);
    digits[i] = value - (carry << width);
    i += width;
  }
  return digits;
}
