import assert from "node:assert/strict";
import { test } from "node:test";

import * as field25519 from "../../api/pages/static/check/field25519.js";
import * as fieldp256 from "../../api/pages/static/check/fieldp256.js";
import { LIMBS, add, element, sub } from "../../api/pages/static/check/limbs.js";
import { fromLittleEndian, signedDigits } from "../../api/pages/static/check/scalars.js";

const P25519 = 2n ** 255n - 19n;
const mod = (value, prime) => ((value % prime) + prime) % prime;
const valueOf = (limbs) => limbs.reduceRight((value, limb) => (value << 24n) + BigInt(limb), 0n);
const TIGHT = 2 ** 23 + 2 ** 18;

/** Numbers without a pattern, the same in every run (a generator modulo 2⁶⁴, its upper half kept). */
function* numbers() {
  for (let state = 1n, value = 0n; ; ) {
    for (let i = 0; i < 8; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
      value = ((value << 32n) | (state >> 32n)) % 2n ** 256n;
    }
    yield value;
  }
}

const EDGES = [0n, 1n, 2n, 18n, 19n, 2n ** 23n, 2n ** 24n - 1n, 2n ** 240n - 1n, 2n ** 254n, P25519 - 1n, P25519, 2n ** 255n - 1n];

function pairs(prime, limit) {
  const random = numbers();
  const out = [];
  for (const a of [...EDGES, prime - 1n, prime - 2n]) for (const b of [...EDGES, prime - 1n]) out.push([a, b]);
  for (let i = 0; i < 1000; i++) out.push([random.next().value, random.next().value]);
  return out.map((pair) => pair.map((value) => value % limit));
}

test("arithmetic modulo 2²⁵⁵ − 19", () => {
  const out = element();
  const is = (value) => assert.equal(fromLittleEndian(field25519.toBytes(out)), mod(value, P25519));
  for (const [a, b] of pairs(P25519, 2n ** 255n)) {
    const [A, B] = [field25519.constant(a), field25519.constant(b)];
    field25519.mul(out, A, B);
    is(a * b);
    field25519.square(out, A);
    is(a * a);
    add(out, A, B);
    is(a + b);
    sub(out, A, B);
    is(a - b);
    assert.equal(field25519.isZero(out), mod(a - b, P25519) === 0n);
    assert.equal(field25519.sign(A), Number(mod(a, P25519) & 1n));
  }
  for (const [a] of pairs(P25519, P25519).slice(0, 300)) {
    const A = field25519.constant(a);
    field25519.invert(out, A);
    field25519.mul(out, out, A);
    is(a ? 1n : 0n);
  }
});

test("arithmetic modulo the prime of P-256", () => {
  const out = element();
  const is = (value) => {
    sub(out, out, fieldp256.constant(mod(value, fieldp256.P)));
    assert.ok(fieldp256.isZero(out));
  };
  for (const [a, b] of pairs(fieldp256.P, fieldp256.P)) {
    const [A, B] = [fieldp256.constant(a), fieldp256.constant(b)];
    fieldp256.mul(out, A, B);
    is(a * b);
    sub(out, A, B);
    is(a - b);
    assert.equal(fieldp256.isZero(A), a === 0n);
  }
});

test("products are exact and tight up to the greatest limbs that are promised", () => {
  const random = numbers();
  const out = element();
  for (let round = 0; round < 400; round++) {
    const signs = random.next().value;
    const limbs = (m, shift) =>
      Float64Array.from({ length: LIMBS }, (_, i) => (round < 2 || (signs >> BigInt(i + shift)) & 1n ? m : -m) * TIGHT);
    for (const [m, n] of [[1, 9], [3, 3], [9, 1]]) {
      const a = limbs(m, 0);
      const b = limbs(n, round === 1 ? 0 : 16);
      field25519.mul(out, a, b);
      assert.equal(mod(valueOf(out), P25519), mod(valueOf(a) * valueOf(b), P25519));
      assert.ok(out.every((limb) => Math.abs(limb) <= TIGHT));
      // In the field of P-256 values are bounded as well: below 9p, the highest limb is below 2²⁰.
      a[LIMBS - 1] = Math.sign(a[LIMBS - 1]) * 9 * 2 ** 16;
      b[LIMBS - 1] = Math.sign(b[LIMBS - 1]) * 9 * 2 ** 16;
      fieldp256.mul(out, a, b);
      assert.equal(mod(valueOf(out) << 264n, fieldp256.P), mod(valueOf(a) * valueOf(b), fieldp256.P));
      assert.ok(out.every((limb) => Math.abs(limb) <= TIGHT));
      assert.ok(Math.abs(out[LIMBS - 1]) <= 2 ** 16);
    }
    const a = limbs(3, 0);
    field25519.square(out, a);
    assert.equal(mod(valueOf(out), P25519), mod(valueOf(a) ** 2n, P25519));
  }
});

test("signed digits add up to their scalar, and lie apart", () => {
  const random = numbers();
  const scalars = [0n, 1n, 2n, 2n ** 256n - 1n, 2n ** 255n, 2n ** 252n - 1n, ...Array.from({ length: 200 }, () => random.next().value)];
  for (const scalar of scalars) {
    for (const width of [2, 5, 8]) {
      const digits = signedDigits(scalar, width);
      assert.equal(digits.reduceRight((value, digit) => 2n * value + BigInt(digit), 0n), scalar);
      let last = -width;
      digits.forEach((digit, i) => {
        if (!digit) return;
        assert.ok(digit % 2 && Math.abs(digit) < 2 ** (width - 1) && i - last >= width);
        last = i;
      });
    }
  }
});
