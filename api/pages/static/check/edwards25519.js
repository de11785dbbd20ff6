// @ts-check
/**
 * The group of Ed25519: points of −x² + y² = 1 + d·x²·y² modulo p (RFC 8032 §5.1), for ed25519.js.
 *
 * A point is kept in extended coordinates (X : Y : Z : T) with x = X/Z, y = Y/Z, x·y = T/Z (§5.1.4), which add and double
 * without division. The comments "2 × 4" say how tight the factors of a product are (see limbs.js).
 */

import { equal } from "./bytes.js";
import { carry, constant, fromBytes, invert, isZero, mul, powerForRoot, sign, square, toBytes } from "./field25519.js";
import { add, element, sub } from "./limbs.js";
import { signedDigits } from "./scalars.js";

/**
 * @typedef {import("./limbs.js").Element} Element
 * @typedef {{ X: Element, Y: Element, Z: Element, T: Element }} Point
 * @typedef {{ plus: Element, minus: Element, Z2: Element, T2d: Element }} Addend what additions want of a point:
 *   Y + X, Y − X, 2·Z, 2·d·T
 * @typedef {{ digits: Int8Array, multiples: Addend[] }} Term a scalar and the point that it multiplies
 */

const ONE = constant(1n);
const D = constant(37095705934669439343138083508754565189542113879843219016388785533085940283555n);
const D2 = element();
add(D2, D, D);
carry(D2, D2);
/** 2^((p − 1) / 4), a square root of −1 (§5.1.3). */
const ROOT_OF_MINUS_ONE = constant(19681161376707505956807079304988542015446066515923890162744021073123829784752n);

/** The order of the subgroup that the base point generates. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @returns {Point} */
function identity() {
  return { X: element(), Y: ONE.slice(), Z: ONE.slice(), T: element() };
}

/**
 * The point of 32 bytes (§5.1.3), whatever its order; y is taken modulo p.
 * @param {Uint8Array} bytes
 * @returns {Point | null} null if no point has that y, or x is 0 and the sign bit set
 */
export function decode(bytes) {
  const point = identity();
  const { X, Y, T } = point;
  Y.set(fromBytes(bytes));
  // x² = u / v with u = y² − 1, v = d·y² + 1; the root is u·v³·(u·v⁷)^((p−5)/8), perhaps times the root of −1.
  const u = element();
  const v = element();
  const v3 = element();
  const check = element();
  square(u, Y);
  mul(v, u, D);
  sub(u, u, ONE);
  add(v, v, ONE);
  square(v3, v);
  mul(v3, v3, v);
  square(X, v3);
  mul(X, X, v);
  mul(X, X, u);
  powerForRoot(X, X);
  mul(X, X, v3);
  mul(X, X, u);
  square(check, X);
  mul(check, check, v);
  const other = element();
  sub(other, check, u); // v·x² − u
  if (!isZero(other)) {
    add(other, check, u);
    if (!isZero(other)) return null;
    mul(X, X, ROOT_OF_MINUS_ONE);
  }
  const wanted = bytes[31] >> 7;
  if (sign(X) !== wanted) {
    if (isZero(X)) return null;
    sub(X, element(), X);
  }
  mul(T, X, Y);
  return point;
}

/**
 * Whether the y of an encoding is below p, so that no other encoding with that sign has the same y (§5.1.3, step 1).
 * @param {Uint8Array} bytes
 */
export function isCanonical(bytes) {
  const y = bytes.slice();
  y[31] &= 0x7f;
  return equal(toBytes(fromBytes(bytes)), y);
}

/**
 * @param {Point} point
 * @returns {Uint8Array} its one canonical encoding (§5.1.2)
 */
export function encode({ X, Y, Z }) {
  const inverse = element();
  const x = element();
  const y = element();
  invert(inverse, Z);
  mul(x, X, inverse);
  mul(y, Y, inverse);
  const out = toBytes(y);
  out[31] |= sign(x) << 7;
  return out;
}

/**
 * @param {Point} point
 * @returns {Point}
 */
export function negative({ X, Y, Z, T }) {
  const out = { X: element(), Y, Z, T: element() };
  sub(out.X, out.X, X);
  sub(out.T, out.T, T);
  return out;
}

/**
 * Whether a point is one of the eight whose order divides 8.
 * @param {Point} point
 */
export function isSmallOrder({ X, Y, Z, T }) {
  const eightfold = { X: X.slice(), Y: Y.slice(), Z: Z.slice(), T: T.slice() };
  for (let i = 0; i < 3; i++) double(eightfold, false);
  return isIdentity(eightfold);
}

/**
 * Whether a point lies in the subgroup of prime order: L times it is the identity.
 * @param {Point} point
 */
export function isPrimeOrder(point) {
  return isIdentity(sum([term(L, point)]));
}

/** @param {Point} point */
function isIdentity({ X, Y, Z }) {
  const difference = element();
  sub(difference, Y, Z);
  return isZero(X) && isZero(difference);
}

const A = element();
const B = element();
const C = element();
const E = element();
const F = element();
const G = element();
const H = element();

/**
 * Double a point in place (§5.1.4).
 * @param {Point} point
 * @param {boolean} withT whether T is wanted: only an addition asks for it
 */
function double({ X, Y, Z, T }, withT) {
  square(A, X);
  square(B, Y);
  square(C, Z);
  add(C, C, C);
  add(H, A, B);
  add(E, X, Y);
  square(E, E);
  sub(E, H, E);
  carry(E, E); // or E × F were 3 × 4
  sub(G, A, B);
  add(F, C, G);
  mul(X, E, F); // 1 × 4
  mul(Y, G, H);
  mul(Z, F, G); // 4 × 2
  if (withT) mul(T, E, H);
}

/**
 * Add to a point in place (§5.1.4). The negative of the addend has −x: its sum and difference change places, and the sign
 * of its T.
 * @param {Point} point
 * @param {Addend} addend
 * @param {boolean} negated
 */
function addTo({ X, Y, Z, T }, { plus, minus, Z2, T2d }, negated) {
  sub(A, Y, X);
  add(B, Y, X);
  mul(A, A, negated ? plus : minus);
  mul(B, B, negated ? minus : plus);
  mul(C, T, T2d);
  mul(H, Z, Z2); // D of §5.1.4
  sub(E, B, A);
  add(F, H, C);
  sub(G, H, C);
  add(H, B, A);
  mul(X, E, negated ? F : G);
  mul(Y, negated ? G : F, H);
  mul(T, E, H);
  mul(Z, F, G);
}

/**
 * @param {Point} point
 * @returns {Addend}
 */
function addend({ X, Y, Z, T }) {
  const out = { plus: element(), minus: element(), Z2: element(), T2d: element() };
  add(out.plus, Y, X);
  sub(out.minus, Y, X);
  add(out.Z2, Z, Z);
  mul(out.T2d, T, D2);
  return out;
}

/**
 * The first odd multiples of a point: P, 3P, 5P, …
 * @param {Point} point
 * @param {number} count
 * @returns {Addend[]}
 */
function oddMultiples({ X, Y, Z, T }, count) {
  const multiple = { X: X.slice(), Y: Y.slice(), Z: Z.slice(), T: T.slice() };
  const doubled = { X: X.slice(), Y: Y.slice(), Z: Z.slice(), T: T.slice() };
  double(doubled, true);
  const twice = addend(doubled);
  const out = [addend(multiple)];
  while (out.length < count) {
    addTo(multiple, twice, false);
    out.push(addend(multiple));
  }
  return out;
}

/**
 * A scalar times a point met once. Width 5 is where a greater table costs more than it saves.
 * @param {bigint} scalar
 * @param {Point} point
 * @returns {Term}
 */
export function term(scalar, point) {
  return { digits: signedDigits(scalar, 5), multiples: oddMultiples(point, 8) };
}

/** @type {Addend[]} */
let ofBase = [];

/**
 * A scalar times the base point (§5.1: y = 4/5, x even), whose great table is made once.
 * @param {bigint} scalar
 * @returns {Term}
 */
export function baseTerm(scalar) {
  if (!ofBase.length) {
    const base = decode(new Uint8Array(32).fill(0x66).fill(0x58, 0, 1));
    ofBase = oddMultiples(/** @type {Point} */ (base), 64);
  }
  return { digits: signedDigits(scalar, 8), multiples: ofBase };
}

/**
 * The sum of scalars times points, all by one chain of doublings (Straus; "Shamir's trick").
 * @param {Term[]} terms
 * @returns {Point}
 */
export function sum(terms) {
  const out = identity();
  let i = 256;
  while (i >= 0 && terms.every(({ digits }) => !digits[i])) i--;
  for (; i >= 0; i--) {
    double(out, terms.some(({ digits }) => digits[i]));
    for (const { digits, multiples } of terms) {
      const digit = digits[i];
      if (digit) addTo(out, multiples[Math.abs(digit) >> 1], digit < 0);
    }
  }
  return out;
}
