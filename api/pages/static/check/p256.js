// @ts-check
/**
 * ECDSA on P-256 with SHA-256 (FIPS 186-5 §6.4.2), the signatures of passkeys and of keys in phones.
 *
 * What ledger/signatures.py accepts: the uncompressed point (SEC 1 §2.3.3), on the curve; r and s from 1 to n − 1, a high s
 * too. WebCrypto could do it, but only where the page is a secure context; the answer must not depend on that.
 *
 * Points are projective (X : Y : Z) with x = X/Z, y = Y/Z, added by complete formulas (Renes, Costello, Batina 2016, §3 with
 * a = −3): one computation for any two points of the curve, equal, opposite or infinite, so that no forger can steer into a
 * case that was forgotten. Doubling is adding a point to itself.
 */

import { concat } from "./bytes.js";
import { Malformed } from "./errors.js";
import { P, carry, constant, isZero, mul } from "./fieldp256.js";
import { add, element, sub } from "./limbs.js";
import { fromBigEndian, signedDigits } from "./scalars.js";
import { sha256 } from "./sha2.js";

/**
 * @typedef {import("./limbs.js").Element} Element
 * @typedef {{ X: Element, Y: Element, Z: Element }} Point
 * @typedef {{ digits: Int8Array, multiples: Point[] }} Term a scalar and the odd multiples of its point
 */

// SP 800-186 §3.2.1.3.
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const CURVE_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const GX = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n;
const GY = 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n;

/**
 * @param {Uint8Array} publicKey 65 bytes, the uncompressed point
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes, r ‖ s
 * @returns {boolean} whether the signature fits; false for any other length and for what is no point
 */
export function verify(publicKey, message, signature) {
  const Q = point(publicKey);
  if (!Q || signature.length !== 64) return false;
  const r = fromBigEndian(signature.subarray(0, 32));
  const s = fromBigEndian(signature.subarray(32));
  if (r === 0n || r >= N || s === 0n || s >= N) return false;
  const inverse = invert(s);
  const e = fromBigEndian(sha256(message));
  const R = sum([
    { digits: signedDigits((e * inverse) % N, 8), multiples: multiplesOfBase() },
    { digits: signedDigits((r * inverse) % N, 5), multiples: oddMultiples(Q, 8) },
  ]);
  if (isZero(R.Z)) return false;
  // r is the x of R modulo n, and x, below p, may be r or r + n.
  return hasX(R, r) || (r + N < P && hasX(R, r + N));
}

/**
 * Whether 65 bytes are a key: 04, x and y below p, a point of the curve (SEC 1 §2.3.4 and §3.2.2.1; its cofactor is 1).
 * @param {Uint8Array} publicKey
 */
export function acceptablePublicKey(publicKey) {
  return point(publicKey) !== null;
}

/**
 * r ‖ s of an ECDSA signature in DER: SEQUENCE { r INTEGER, s INTEGER } (SEC 1 §C.5), every length and integer in its
 * shortest form, nothing behind.
 * @param {Uint8Array} der
 * @returns {Uint8Array} 64 bytes
 * @throws {Malformed} `signature.der`; `signature.invalid` for proper DER of integers that no signature has
 */
export function derToRs(der) {
  const refuse = () => new Malformed("signature.der", der.length, "DER of SEQUENCE {r INTEGER, s INTEGER}, the shortest form");
  let at = 0;
  /** @param {number} tag @param {number} limit @returns {number} where the value that begins at `at` ends */
  const header = (tag, limit) => {
    if (at + 2 > limit || der[at] !== tag) throw refuse();
    let length = der[at + 1];
    at += 2;
    if (length >= 128) {
      // X.690 §8.1.3.5 and §10.1: so many bytes of length, no more than needed.
      const bytes = length - 128;
      if (bytes < 1 || bytes > 4 || at + bytes > limit || der[at] === 0) throw refuse();
      length = Number(fromBigEndian(der.subarray(at, at + bytes)));
      at += bytes;
      if (length < 128) throw refuse();
    }
    if (at + length > limit) throw refuse();
    return at + length;
  };
  const end = header(0x30, der.length);
  if (end !== der.length) throw refuse();
  const integers = [0, 1].map(() => {
    const stop = header(0x02, end);
    const value = der.subarray(at, stop);
    at = stop;
    // X.690 §8.3: at least one byte, the sign in its highest bit, no first byte that says nothing.
    if (!value.length || value[0] >= 128 || (value.length > 1 && value[0] === 0 && value[1] < 128)) throw refuse();
    return fromBigEndian(value);
  });
  if (at !== end) throw refuse();
  return concat(
    ...integers.map((integer) => {
      if (integer === 0n || integer >= N) throw new Malformed("signature.invalid", undefined, "r and s in 1..n-1");
      return Uint8Array.from({ length: 32 }, (_, i) => Number((integer >> BigInt(8 * (31 - i))) & 255n));
    }),
  );
}

/**
 * @param {Uint8Array} bytes
 * @returns {Point | null}
 */
function point(bytes) {
  if (bytes.length !== 65 || bytes[0] !== 4) return null;
  const x = fromBigEndian(bytes.subarray(1, 33));
  const y = fromBigEndian(bytes.subarray(33));
  // y² = x³ − 3x + b
  if (x >= P || y >= P || (x * x * x - 3n * x + CURVE_B - y * y) % P !== 0n) return null;
  return { X: constant(x), Y: constant(y), Z: constant(1n) };
}

/**
 * 1 / a modulo n, by Euclid's extended algorithm: throughout, a · before ≡ high and a · now ≡ low.
 * @param {bigint} a from 1 to n − 1
 * @returns {bigint}
 */
function invert(a) {
  let [high, low, before, now] = [N, a, 0n, 1n];
  while (low > 1n) {
    const times = high / low;
    [high, low, before, now] = [low, high - times * low, now, before - times * now];
  }
  return now < 0n ? now + N : now;
}

/**
 * Whether x = X/Z, without division.
 * @param {Point} point
 * @param {bigint} x
 */
function hasX({ X, Z }, x) {
  const difference = element();
  mul(difference, constant(x), Z);
  sub(difference, difference, X);
  return isZero(difference);
}

const B = constant(CURVE_B);
const xx = element();
const yy = element();
const zz = element();
const xy = element();
const yz = element();
const xz = element();
const u = element();
const v = element();
const w = element();
const more = element();
const less = element();
const other = element();

/**
 * Add one point to another in place; they may be the same. With the products xx = X₁X₂, xy = X₁Y₂ + X₂Y₁ and so on, and
 *
 *     u = 3(xz − b·zz)    v = 3(b·xz − 3zz − xx)    w = 3(xx − zz)
 *
 * the sum is (xy(yy + u) − yz·v : (yy + u)(yy − u) + w·v : yz(yy − u) + xy·w). Comments tell how tight factors are (limbs.js).
 * @param {Point} point
 * @param {Point} addend
 */
function addTo({ X, Y, Z }, { X: X2, Y: Y2, Z: Z2 }) {
  mul(xx, X, X2);
  mul(yy, Y, Y2);
  mul(zz, Z, Z2);
  cross(xy, X, Y, X2, Y2, xx, yy);
  cross(yz, Y, Z, Y2, Z2, yy, zz);
  cross(xz, X, Z, X2, Z2, xx, zz);
  mul(u, B, zz);
  sub(u, xz, u);
  triple(u, u);
  triple(v, zz);
  add(v, v, xx);
  mul(other, B, xz); // 1 × 3
  sub(v, other, v);
  triple(v, v);
  sub(w, xx, zz);
  triple(w, w);
  add(more, yy, u);
  sub(less, yy, u);
  mul(X, xy, more); // 3 × 2
  mul(other, yz, v); // 3 × 1
  sub(X, X, other);
  mul(Y, more, less);
  mul(other, w, v);
  add(Y, Y, other);
  mul(Z, yz, less); // 3 × 2
  mul(other, xy, w); // 3 × 1
  add(Z, Z, other);
  carry(X, X);
  carry(Y, Y);
  carry(Z, Z);
}

/**
 * a₁b₂ + a₂b₁, 3-tight, from the products that are there already: (a₁ + b₁)(a₂ + b₂) − a₁a₂ − b₁b₂.
 * @param {Element} out
 * @param {Element} a1
 * @param {Element} b1
 * @param {Element} a2
 * @param {Element} b2
 * @param {Element} aa
 * @param {Element} bb
 */
function cross(out, a1, b1, a2, b2, aa, bb) {
  add(out, a1, b1);
  add(other, a2, b2);
  mul(out, out, other);
  sub(out, out, aa);
  sub(out, out, bb);
}

/**
 * Three times a number, carried.
 * @param {Element} out
 * @param {Element} a
 */
function triple(out, a) {
  for (let i = 0; i < a.length; i++) out[i] = 3 * a[i];
  carry(out, out);
}

/** @param {Point} point @returns {Point} */
function copy({ X, Y, Z }) {
  return { X: X.slice(), Y: Y.slice(), Z: Z.slice() };
}

/**
 * P, 3P, 5P, …
 * @param {Point} point
 * @param {number} count
 * @returns {Point[]}
 */
function oddMultiples(point, count) {
  const multiple = copy(point);
  const twice = copy(point);
  addTo(twice, twice);
  const out = [point];
  while (out.length < count) {
    addTo(multiple, twice);
    out.push(copy(multiple));
  }
  return out;
}

/** @type {Point[]} */
let ofBase = [];

function multiplesOfBase() {
  if (!ofBase.length) ofBase = oddMultiples({ X: constant(GX), Y: constant(GY), Z: constant(1n) }, 64);
  return ofBase;
}

/**
 * The sum of scalars times points, all by one chain of doublings.
 * @param {Term[]} terms
 * @returns {Point}
 */
function sum(terms) {
  const out = { X: constant(0n), Y: constant(1n), Z: constant(0n) };
  const negative = element();
  const zero = element();
  for (let i = 256; i >= 0; i--) {
    addTo(out, out);
    for (const { digits, multiples } of terms) {
      const digit = digits[i];
      if (!digit) continue;
      const { X, Y, Z } = multiples[Math.abs(digit) >> 1];
      if (digit < 0) sub(negative, zero, Y);
      addTo(out, { X, Y: digit < 0 ? negative : Y, Z });
    }
  }
  return out;
}
