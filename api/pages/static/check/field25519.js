// @ts-check
/**
 * Arithmetic modulo p = 2²⁵⁵ − 19 (RFC 8032 §5.1), for edwards25519.js. Numbers are limbs as limbs.js has them; `mul`,
 * `square`, `carry` and `fromBytes` leave them tight.
 */

import * as limbs from "./limbs.js";

// Engines fold constants of a module into its code, but not those that it imports: named again, they take half the time.
const { COLUMNS, LIMBS, RADIX, ROUND, element, multiply, multiplyBySelf } = limbs;

/** @typedef {import("./limbs.js").Element} Element */

/** 2²⁶⁴ = 2⁹ · 2²⁵⁵ ≡ 2⁹ · 19: what a unit of limb 11 is worth at limb 0. */
const FOLD = 9728;

/**
 * @param {bigint} value from 0 to 2²⁵⁵ − 1
 * @returns {Element}
 */
export function constant(value) {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 255n);
  return fromBytes(bytes);
}

/**
 * The number of 32 bytes, little-endian, without their highest bit (RFC 8032 §5.1.3: that is the sign of x).
 * @param {Uint8Array} bytes
 * @returns {Element}
 */
export function fromBytes(bytes) {
  const out = element();
  for (let i = 0; i < LIMBS; i++) {
    COLUMNS[i] = bytes[3 * i] | (bytes[3 * i + 1] << 8) | (i < 10 ? bytes[3 * i + 2] << 16 : 0);
  }
  COLUMNS[10] %= 2 ** 15;
  settle(out);
  return out;
}

/**
 * The one encoding of a number: its representative from 0 to p − 1 in 32 bytes, little-endian.
 * @param {Element} a
 * @returns {Uint8Array}
 */
export function toBytes(a) {
  const digits = a.slice();
  // Limb 10 begins at bit 240, so bits 255 and above are what it holds beyond 15 bits; 2²⁵⁵ ≡ 19.
  const wrap = () => {
    const over = Math.floor(digits[10] / 2 ** 15);
    digits[10] -= over * 2 ** 15;
    digits[0] += over * 19;
    for (let i = 0; i < 10; i++) {
      const up = Math.floor(digits[i] / RADIX);
      digits[i] -= up * RADIX;
      digits[i + 1] += up;
    }
  };
  do wrap();
  while (digits[10] < 0 || digits[10] >= 2 ** 15);
  // Now 0 ≤ value < 2²⁵⁵, and p itself is 2²⁴ − 19 in limb 0 with ones above: nineteen values are still p too great.
  if (digits[10] === 2 ** 15 - 1 && digits[0] >= RADIX - 19 && digits.subarray(1, 10).every((limb) => limb === RADIX - 1)) {
    digits.fill(0, 1);
    digits[0] -= RADIX - 19;
  }
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i++) out[i] = digits[Math.floor(i / 3)] >> (8 * (i % 3));
  return out;
}

/**
 * @param {Element} a
 * @returns {boolean} whether a ≡ 0
 */
export function isZero(a) {
  return toBytes(a).every((byte) => byte === 0);
}

/**
 * @param {Element} a
 * @returns {number} 1 if the representative is odd: the sign of RFC 8032 §5.1.2
 */
export function sign(a) {
  return toBytes(a)[0] & 1;
}

/**
 * Make a number tight.
 * @param {Element} out
 * @param {Element} a
 */
export function carry(out, a) {
  for (let i = 0; i < LIMBS; i++) COLUMNS[i] = a[i];
  settle(out);
}

/**
 * @param {Element} out
 * @param {Element} a
 * @param {Element} b
 */
export function mul(out, a, b) {
  multiply(a, b);
  fold();
  settle(out);
}

/**
 * @param {Element} out
 * @param {Element} a
 */
export function square(out, a) {
  multiplyBySelf(a);
  fold();
  settle(out);
}

/** Carry the upper columns, so that the fold cannot overflow, and bring them down. */
function fold() {
  const c = COLUMNS;
  for (let k = 11; k < 21; k++) {
    const up = c[k] + ROUND - ROUND;
    c[k] -= up;
    c[k + 1] += up / RADIX;
  }
  for (let k = 0; k < LIMBS; k++) c[k] += FOLD * c[k + LIMBS];
}

/**
 * Carry the lower columns into limbs: once round, and one step more for what the last brings to the first.
 * @param {Element} out
 */
function settle(out) {
  const c = COLUMNS;
  let carried = 0;
  for (let k = 0; k < LIMBS; k++) {
    const limb = c[k] + carried;
    const up = limb + ROUND - ROUND;
    out[k] = limb - up;
    carried = up / RADIX;
  }
  const first = out[0] + FOLD * carried;
  const up = first + ROUND - ROUND;
  out[0] = first - up;
  out[1] += up / RADIX;
}

/**
 * Square a number `times` times.
 * @param {Element} out
 * @param {Element} a
 * @param {number} times
 */
function squares(out, a, times) {
  square(out, a);
  for (let i = 1; i < times; i++) square(out, out);
}

/**
 * a^((p − 5) / 8) = a^(2²⁵² − 3), the power in the square root of RFC 8032 §5.1.3. The exponent is 250 ones, a zero and a
 * one; strings of ones double by squaring: with x(n) = a^(2ⁿ − 1), x(m + n) = x(m)^(2ⁿ) · x(n).
 * @param {Element} out
 * @param {Element} a
 */
export function powerForRoot(out, a) {
  const ones = powersOfOnes(a);
  squares(ones, ones, 2);
  mul(out, ones, a);
}

/**
 * 1 / a = a^(p − 2) = a^(2²⁵⁵ − 21) (Fermat); 0 for 0. The exponent is 250 ones and 01011.
 * @param {Element} out
 * @param {Element} a
 */
export function invert(out, a) {
  const cube = element();
  square(cube, a);
  mul(cube, cube, a);
  const ones = powersOfOnes(a);
  const eleven = element();
  squares(eleven, a, 3);
  mul(eleven, eleven, cube);
  squares(out, ones, 5);
  mul(out, out, eleven);
}

/**
 * a^(2²⁵⁰ − 1), through strings of 1, 2, 3, 5, 10, 15, 25, 50, 75, 125 ones.
 * @param {Element} a
 * @returns {Element}
 */
function powersOfOnes(a) {
  /** @param {Element} high @param {Element} low @param {number} length of low */
  const join = (high, low, length) => {
    const out = element();
    squares(out, high, length);
    mul(out, out, low);
    return out;
  };
  const ones2 = join(a, a, 1);
  const ones3 = join(ones2, a, 1);
  const ones5 = join(ones3, ones2, 2);
  const ones10 = join(ones5, ones5, 5);
  const ones15 = join(ones10, ones5, 5);
  const ones25 = join(ones15, ones10, 10);
  const ones50 = join(ones25, ones25, 25);
  const ones75 = join(ones50, ones25, 25);
  const ones125 = join(ones75, ones50, 50);
  return join(ones125, ones125, 125);
}
