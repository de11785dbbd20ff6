// @ts-check
/**
 * Arithmetic modulo p = 2²⁵⁶ − 2²²⁴ + 2¹⁹² + 2⁹⁶ − 1, the prime of P-256 (SP 800-186 §3.2.1.3), for p256.js. Numbers are limbs
 * as limbs.js has them; `mul` and `carry` leave them tight.
 *
 * A number v is kept as v · 2²⁶⁴ modulo p (Montgomery's form): a product is then divided by 2²⁶⁴ modulo p, and nothing is
 * easier for this prime. p ≡ −1 modulo 2⁹⁶, so that adding (limb · p) makes the lowest limb of a number 0, eleven times over,
 * and each limb · p is the limb itself added at four other places.
 *
 * The highest limb takes what is carried into it, and nothing is folded; it stays small because values do. Coordinates of
 * p256.js are below 2p in size, their sums below 4p, products of those below 16p²/2²⁶⁴ + p/2 < 0.6p. Of these at most 15 are
 * added up, to less than 9p; products of such sums are below 81p²/2²⁶⁴ + p/2 < p, and coordinates, two of them, below 2p.
 */

import * as limbs from "./limbs.js";

// Engines fold constants of a module into its code, but not those that it imports: named again, they take half the time.
const { COLUMNS, LIMBS, RADIX, ROUND, element, multiply } = limbs;

/** @typedef {import("./limbs.js").Element} Element */

export const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;

/**
 * The form of a number.
 * @param {bigint} value from 0 to p − 1
 * @returns {Element}
 */
export function constant(value) {
  const out = element();
  const form = (value << 264n) % P;
  for (let i = 0; i < LIMBS; i++) out[i] = Number((form >> BigInt(24 * i)) & 0xffffffn);
  carry(out, out);
  return out;
}

/**
 * @param {Element} a
 * @returns {boolean} whether a ≡ 0
 */
export function isZero(a) {
  let value = 0n;
  for (let i = LIMBS - 1; i >= 0; i--) value = (value << 24n) + BigInt(a[i]);
  return value % P === 0n;
}

/**
 * Make a number tight.
 * @param {Element} out
 * @param {Float64Array} a
 * @param {number} [first] the place of its lowest limb
 */
export function carry(out, a, first = 0) {
  let carried = 0;
  for (let i = 0; i < LIMBS - 1; i++) {
    const limb = a[first + i] + carried;
    const up = limb + ROUND - ROUND;
    out[i] = limb - up;
    carried = up / RADIX;
  }
  out[LIMBS - 1] = a[first + LIMBS - 1] + carried;
}

/**
 * The form of the product of two numbers in that form: a · b / 2²⁶⁴.
 * @param {Element} out
 * @param {Element} a
 * @param {Element} b
 */
export function mul(out, a, b) {
  const c = COLUMNS;
  multiply(a, b);
  for (let i = 0; i < LIMBS; i++) {
    const up = c[i] + ROUND - ROUND;
    const limb = c[i] - up;
    // c[i] becomes up by adding limb · p: 2⁹⁶ is four limbs up, 2¹⁹² eight, 2²²⁴ nine and a byte, 2²⁵⁶ ten and two.
    c[i + 1] += up / RADIX;
    c[i + 4] += limb;
    c[i + 8] += limb;
    c[i + 9] -= limb * 2 ** 8;
    c[i + 10] += limb * 2 ** 16;
  }
  carry(out, c, LIMBS);
}
