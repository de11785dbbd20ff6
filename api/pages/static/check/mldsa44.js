// @ts-check
/**
 * ML-DSA-44 verification (FIPS 204, the pure variant of §5.3): the second of the two signatures on every head of a log, for
 * the years in which Ed25519 may have fallen.
 *
 * A signature is (c̃, z, h): a challenge, a short vector, and hints which of the highest bits of A·z − c·t rounding changed.
 * The key holds only the upper part of t; the hints make up for the lower. It fits if z is short and hashing what comes out
 * gives the challenge again.
 */

import { equal } from "./bytes.js";
import { N, Q, addProduct, subProduct, transform, transformBack } from "./ring.js";
import { Shake, shake256 } from "./sha3.js";

// §4, table 1.
const ROWS = 4; // k
const COLUMNS = 4; // ℓ
const DROPPED_BITS = 13; // d
const CHALLENGE_ONES = 39; // τ
const CHALLENGE_BYTES = 32; // λ / 4
const GAMMA1 = 2 ** 17;
const GAMMA2 = (Q - 1) / 88;
const BETA = 78;
const MOST_HINTS = 80; // ω

export const PUBLIC_KEY_BYTES = 32 + ROWS * 320;
export const SIGNATURE_BYTES = CHALLENGE_BYTES + COLUMNS * 576 + MOST_HINTS + ROWS;

/**
 * Algorithm 3, with algorithm 8 for its inner part.
 * @param {Uint8Array} publicKey 1312 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} context what the signer bound the signature to, at most 255 bytes; for heads empty
 * @param {Uint8Array} signature 2420 bytes
 * @returns {boolean} whether the signature fits; false for any other length
 */
export function verify(publicKey, message, context, signature) {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES || context.length > 255) return false;
  const challenge = signature.subarray(0, CHALLENGE_BYTES);
  const hints = unpackHints(signature.subarray(SIGNATURE_BYTES - MOST_HINTS - ROWS));
  const z = Array.from({ length: COLUMNS }, (_, i) => unpackShort(signature.subarray(CHALLENGE_BYTES + 576 * i)));
  if (!hints || !z.every(isShort)) return false;
  const digest = new Shake(256, shake256(publicKey, 64), Uint8Array.of(0, context.length), context, message).squeeze(64);
  const c = challengePolynomial(challenge);
  transform(c);
  z.forEach(transform);
  const hash = [digest];
  for (let row = 0; row < ROWS; row++) {
    // Algorithm 8, line 9: a row of A·z − c·t₁·2^d, multiplied in the transformed domain, where A is drawn at once.
    const w = new Int32Array(N);
    for (let column = 0; column < COLUMNS; column++) addProduct(w, drawn(publicKey.subarray(0, 32), row, column), z[column]);
    const t = unpackUpper(publicKey.subarray(32 + 320 * row));
    transform(t);
    subProduct(w, c, t);
    transformBack(w);
    hash.push(packHigh(w.map((r, j) => highBits(r, hints[row][j]))));
  }
  return equal(new Shake(256, ...hash).squeeze(CHALLENGE_BYTES), challenge);
}

/**
 * The infinity norm of a part of z is below γ₁ − β (algorithm 8, line 13).
 * @param {Int32Array} z
 */
function isShort(z) {
  const bound = GAMMA1 - BETA;
  return z.every((coefficient) => coefficient < bound || coefficient > Q - bound);
}

/**
 * A polynomial of z (algorithm 19 for its γ₁): 18 bits a coefficient, which is γ₁ less their number.
 * @param {Uint8Array} bytes 576 or more
 * @returns {Int32Array}
 */
function unpackShort(bytes) {
  return unpack(bytes, 18).map((bits) => (bits <= GAMMA1 ? GAMMA1 - bits : GAMMA1 - bits + Q));
}

/**
 * A polynomial of t₁·2^d (algorithm 23): 10 bits a coefficient.
 * @param {Uint8Array} bytes 320 or more
 * @returns {Int32Array}
 */
function unpackUpper(bytes) {
  return unpack(bytes, 10).map((bits) => bits * 2 ** DROPPED_BITS);
}

/**
 * 256 numbers of so many bits each, least significant bit first (algorithm 18).
 * @param {Uint8Array} bytes
 * @param {number} width
 * @returns {Int32Array}
 */
function unpack(bytes, width) {
  const out = new Int32Array(N);
  for (let j = 0, at = 0, held = 0, count = 0; j < N; j++) {
    for (; count < width; count += 8) held += bytes[at++] << count;
    out[j] = held & (2 ** width - 1);
    held >>>= width;
    count -= width;
  }
  return out;
}

/**
 * The hints (algorithm 21): for each row the ascending places that have one, all rows in one list, then where each row ends
 * in it. Every other spelling of the same hints is refused, or one signature could be changed into many.
 * @param {Uint8Array} bytes 84
 * @returns {Uint8Array[] | null} for each row 256 times 0 or 1
 */
function unpackHints(bytes) {
  const rows = [];
  let index = 0;
  for (let row = 0; row < ROWS; row++) {
    const end = bytes[MOST_HINTS + row];
    if (end < index || end > MOST_HINTS) return null;
    const hints = new Uint8Array(N);
    for (const first = index; index < end; index++) {
      if (index > first && bytes[index - 1] >= bytes[index]) return null;
      hints[bytes[index]] = 1;
    }
    rows.push(hints);
  }
  return bytes.subarray(index, MOST_HINTS).every((byte) => byte === 0) ? rows : null;
}

/**
 * A polynomial of the public matrix A, as good as transformed (algorithms 30, 32 and 14): numbers of 23 bits from SHAKE128,
 * those from q on left out.
 * @param {Uint8Array} seed 32 bytes, ρ
 * @param {number} row
 * @param {number} column
 * @returns {Int32Array}
 */
function drawn(seed, row, column) {
  const source = new Shake(128, seed, Uint8Array.of(column, row));
  const out = new Int32Array(N);
  for (let j = 0; j < N; ) {
    const block = source.squeeze(168);
    for (let at = 0; at < 168 && j < N; at += 3) {
      const number = block[at] | (block[at + 1] << 8) | ((block[at + 2] & 0x7f) << 16);
      if (number < Q) out[j++] = number;
    }
  }
  return out;
}

/**
 * The challenge as a polynomial of 39 coefficients ±1 and zeros (algorithm 29).
 * @param {Uint8Array} seed c̃
 * @returns {Int32Array}
 */
function challengePolynomial(seed) {
  const source = new Shake(256, seed);
  const signs = source.squeeze(8);
  const c = new Int32Array(N);
  for (let i = N - CHALLENGE_ONES, bit = 0; i < N; i++, bit++) {
    let j;
    do j = source.squeeze(1)[0];
    while (j > i);
    c[i] = c[j];
    c[j] = (signs[bit >> 3] >> (bit & 7)) & 1 ? Q - 1 : 1;
  }
  return c;
}

/**
 * The high bits of r, changed by one if there is a hint (algorithms 36 and 40).
 * @param {number} r
 * @param {number} hint
 * @returns {number} from 0 to 43
 */
function highBits(r, hint) {
  // r = high · 2γ₂ + low with −γ₂ < low ≤ γ₂. The interval around q − 1 is the first again; of low only the sign matters.
  const steps = (Q - 1) / (2 * GAMMA2);
  let low = r % (2 * GAMMA2);
  if (low > GAMMA2) low -= 2 * GAMMA2;
  const high = ((r - low) / (2 * GAMMA2)) % steps;
  return hint ? (high + (low > 0 ? 1 : steps - 1)) % steps : high;
}

/**
 * 256 numbers of 6 bits in 192 bytes (algorithm 28).
 * @param {Int32Array} numbers
 * @returns {Uint8Array}
 */
function packHigh(numbers) {
  const out = new Uint8Array(192);
  for (let j = 0, at = 0; j < N; j += 4, at += 3) {
    const group = numbers[j] | (numbers[j + 1] << 6) | (numbers[j + 2] << 12) | (numbers[j + 3] << 18);
    out[at] = group;
    out[at + 1] = group >> 8;
    out[at + 2] = group >> 16;
  }
  return out;
}
