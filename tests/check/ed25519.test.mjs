import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hex, unhex, utf8 } from "../../api/pages/static/check/bytes.js";
import { acceptablePublicKey, verify } from "../../api/pages/static/check/ed25519.js";
import { isCanonical } from "../../api/pages/static/check/edwards25519.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const little = (value) => Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const big = (bytes) => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

// RFC 8032 §7.1, tests 1 to 3 and SHA(abc).
const RFC_8032 = [
  ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
  ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
  ["fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
].map((row) => row.map(unhex)); // prettier-ignore

test("the signatures of RFC 8032 fit, and no changed bit of them, their message or their key does", () => {
  for (const [key, message, signature] of RFC_8032) {
    assert.equal(verify(key, message, signature), true);
    assert.equal(acceptablePublicKey(key), true);
  }
  for (const part of [0, 1, 2]) {
    for (let bit = 0; bit < RFC_8032[2][part].length * 8; bit++) {
      const changed = RFC_8032[2].map((bytes) => bytes.slice());
      changed[part][bit >> 3] ^= 1 << (bit & 7);
      assert.equal(verify(...changed), false, "part " + part + ", bit " + bit);
    }
  }
});

test("Wycheproof", () => {
  const file = JSON.parse(readFileSync(process.env.MINGZHANG_VECTORS + "/wycheproof/ed25519_test.json", "utf8"));
  const seen = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of file.testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      assert.equal(verify(unhex(publicKey.pk), unhex(msg), unhex(sig)), result === "valid", "case " + tcId);
      seen[result]++;
    }
  }
  assert.deepEqual(seen, { valid: 88, invalid: 63 });
});

test("lengths other than those of RFC 8032 fit nothing", () => {
  const [key, message, signature] = RFC_8032[0];
  for (const length of [0, 31, 33, 64]) assert.equal(verify(new Uint8Array(length), message, signature), false);
  for (const length of [0, 63, 65, 96]) assert.equal(verify(key, message, new Uint8Array(length)), false);
  for (const length of [0, 31, 33]) assert.equal(acceptablePublicKey(new Uint8Array(length)), false);
});

test("S has one value", () => {
  const [key, message, signature] = RFC_8032[1];
  const S = big(signature.subarray(32));
  let tried = 0;
  for (let more = 1n; more < 16n && S + more * L < 2n ** 256n; more++, tried++) {
    const changed = signature.slice();
    changed.set(little(S + more * L), 32);
    assert.equal(verify(key, message, changed), false);
  }
  assert.equal(tried, 15);
});

test("no small-order or non-canonical key is accepted, nor a signature under it", () => {
  // The fourteen encodings of the eight points of small order, and every encoding of a y from p to 2²⁵⁵ − 1.
  const eighth = ["26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"].map((text) => big(unhex(text))); // prettier-ignore
  const ys = [0n, 1n, P - 1n, P, P + 1n, ...eighth, ...Array.from({ length: 19 }, (_, i) => P + BigInt(i))];
  const keys = new Set(ys.flatMap((y) => [hex(little(y)), hex(little(y + 2n ** 255n))]));
  assert.equal(keys.size, 14 + 34);
  const identity = hex(little(1n));
  for (const key of keys) {
    assert.equal(acceptablePublicKey(unhex(key)), false, key);
    for (const R of [...keys]) {
      for (let number = 0; number < 2; number++) {
        assert.equal(verify(unhex(key), utf8("message " + number), unhex(R + "00".repeat(32))), false);
      }
    }
  }
  for (let number = 0; number < 64; number++) {
    assert.equal(verify(unhex(identity), utf8("message " + number), unhex(identity + "00".repeat(32))), false);
  }
});

test("y is canonical below p", () => {
  // Some y from p on belong to points whose order is great. Nobody knows a scalar of theirs to sign with, so no signature shows it.
  for (const sign of [0n, 2n ** 255n]) {
    for (const y of [0n, 1n, 18n, P - 2n, P - 1n]) assert.equal(isCanonical(little(y + sign)), true);
    for (let y = P; y < 2n ** 255n; y++) assert.equal(isCanonical(little(y + sign)), false);
  }
});
