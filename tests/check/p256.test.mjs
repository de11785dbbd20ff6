import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { concat, hex, unhex, utf8 } from "../../api/pages/static/check/bytes.js";
import { acceptablePublicKey, derToRs, verify } from "../../api/pages/static/check/p256.js";

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const bytes32 = (value) => unhex(value.toString(16).padStart(64, "0"));
const vectors = (name) => JSON.parse(readFileSync(process.env.MINGZHANG_VECTORS + "/wycheproof/" + name, "utf8"));

// RFC 6979 §A.2.5, SHA-256, "sample".
const KEY = unhex(
  "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
);
const SIGNATURE = unhex(
  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
);
const MESSAGE = utf8("sample");

test("Wycheproof, r and s side by side", () => {
  const seen = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of vectors("ecdsa_secp256r1_sha256_p1363_test.json").testGroups) {
    assert.equal(acceptablePublicKey(unhex(publicKey.uncompressed)), true);
    for (const { tcId, msg, sig, result } of tests) {
      assert.equal(verify(unhex(publicKey.uncompressed), unhex(msg), unhex(sig)), result === "valid", "case " + tcId);
      seen[result]++;
    }
  }
  assert.deepEqual(seen, { valid: 173, invalid: 89 });
});

test("Wycheproof, DER", () => {
  const seen = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of vectors("ecdsa_secp256r1_sha256_test.json").testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      let fits = false;
      try {
        fits = verify(unhex(publicKey.uncompressed), unhex(msg), derToRs(unhex(sig)));
      } catch (error) {
        assert.ok(["signature.der", "signature.invalid"].includes(error.rule));
      }
      assert.equal(fits, result === "valid", "case " + tcId);
      seen[result]++;
    }
  }
  assert.deepEqual(seen, { valid: 174, invalid: 310 });
});

test("the signature of RFC 6979 fits, and no changed bit of it, its message or its key does", () => {
  assert.equal(verify(KEY, MESSAGE, SIGNATURE), true);
  for (const part of [0, 1, 2]) {
    for (let bit = 0; bit < [KEY, MESSAGE, SIGNATURE][part].length * 8; bit++) {
      const changed = [KEY.slice(), MESSAGE.slice(), SIGNATURE.slice()];
      changed[part][bit >> 3] ^= 1 << (bit & 7);
      assert.equal(verify(...changed), false, "part " + part + ", bit " + bit);
    }
  }
});

test("a high s fits as the low one does; nothing outside 1 to n − 1 does", () => {
  const r = SIGNATURE.subarray(0, 32);
  const s = SIGNATURE.subarray(32);
  assert.equal(verify(KEY, MESSAGE, concat(r, bytes32(N - BigInt("0x" + hex(s))))), true);
  for (const bad of [0n, N, N + 1n, 2n ** 256n - 1n]) {
    assert.equal(verify(KEY, MESSAGE, concat(r, bytes32(bad))), false);
    assert.equal(verify(KEY, MESSAGE, concat(bytes32(bad), s)), false);
  }
  for (const length of [0, 63, 65]) assert.equal(verify(KEY, MESSAGE, new Uint8Array(length)), false);
});

test("a key is an uncompressed point of the curve in its one form", () => {
  assert.equal(acceptablePublicKey(KEY), true);
  const compressed = concat([2], KEY.subarray(1, 33));
  const hybrid = concat([6], KEY.subarray(1));
  // x = 0 is on the curve; its y is a root of b. Written as p it is another form of the same point.
  const y = power(B, (P + 1n) / 4n);
  assert.equal((y * y) % P, B);
  assert.equal(acceptablePublicKey(concat([4], bytes32(0n), bytes32(y))), true);
  const bad = [new Uint8Array(0), Uint8Array.of(0), KEY.subarray(0, 64), concat(KEY, [0]), compressed, hybrid,
    concat([4], new Uint8Array(64)), concat([4], bytes32(P), bytes32(y)), concat([4], bytes32(1n), bytes32(1n))]; // prettier-ignore
  for (const key of bad) {
    assert.equal(acceptablePublicKey(key), false);
    assert.equal(verify(key, MESSAGE, SIGNATURE), false);
  }
});

test("scalars that bring equal, opposite and infinite points together", () => {
  // With the base point as key (private scalar 1) anybody can sign, and choose what the sum of the two products meets.
  const G = unhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
  );
  const e = 0xaf2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bfn; // SHA-256("sample")
  // r = n − e: e/s·G + r/s·G is infinite for every s, and is no signature.
  for (const s of [1n, 2n, N - 1n]) assert.equal(verify(G, MESSAGE, concat(bytes32(N - e), bytes32(s))), false);
  // k = 1, 2: R = G and 2G, with s = (e + r) / k.
  const gx = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n;
  assert.equal(verify(G, MESSAGE, concat(bytes32(gx), bytes32((e + gx) % N))), true);
  const g2x = 0x7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978n;
  const half = (N + 1n) / 2n;
  assert.equal(verify(G, MESSAGE, concat(bytes32(g2x), bytes32(((e + g2x) * half) % N))), true);
  assert.equal(verify(G, MESSAGE, concat(bytes32(gx), bytes32(((e + gx) * half) % N))), false);
});

function power(base, exponent) {
  let out = 1n;
  for (; exponent; exponent >>= 1n, base = (base * base) % P) if (exponent & 1n) out = (out * base) % P;
  return out;
}
