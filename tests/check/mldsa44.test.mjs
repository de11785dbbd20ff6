import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unhex } from "../../api/pages/static/check/bytes.js";
import { verify } from "../../api/pages/static/check/mldsa44.js";

const file = JSON.parse(readFileSync(process.env.MINGZHANG_VECTORS + "/wycheproof/mldsa_44_verify_test.json", "utf8"));
const NONE = new Uint8Array(0);

test("Wycheproof", () => {
  const seen = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of file.testGroups) {
    for (const { tcId, msg, ctx, sig, result } of tests) {
      const fits = verify(unhex(publicKey), unhex(msg), unhex(ctx || ""), unhex(sig));
      assert.equal(fits, result === "valid", "case " + tcId);
      seen[result]++;
    }
  }
  assert.deepEqual(seen, { valid: 77, invalid: 103 });
  assert.equal(file.numberOfTests, 180);
});

// The first case of the file, one part of it changed at a time.
const [{ publicKey, tests }] = file.testGroups;
const [key, message, signature] = [publicKey, tests[0].msg, tests[0].sig].map(unhex);

/** Whether it fits with one part changed in place. */
function fitsChanged(part, change) {
  const parts = { key: key.slice(), message: message.slice(), signature: signature.slice() };
  change(parts[part]);
  return verify(parts.key, parts.message, NONE, parts.signature);
}

test("no changed bit of a signature, a message or a key fits", () => {
  assert.equal(verify(key, message, NONE, signature), true);
  for (const [part, bytes, step] of [["signature", signature, 1], ["message", message, 1], ["key", key, 3]]) {
    for (let at = 0; at < bytes.length; at += step) {
      assert.equal(fitsChanged(part, (changed) => (changed[at] ^= 1 << at % 8)), false, part + " " + at);
    }
  }
});

test("hints have one spelling", () => {
  const at = 2420 - 84;
  const [first, second] = signature.subarray(2420 - 4);
  assert.ok(first >= 2 && second > first && signature[2419] < 80);
  const changes = {
    "two places changed about": (s) => s.subarray(at, at + 2).reverse(),
    "a place twice": (s) => (s[at + 1] = s[at]),
    "a place behind the last": (s) => (s[at + 79] = 1),
    "rows that end before they begin": (s) => (s[2417] = s[2416] - 1),
    "more places than there is room for": (s) => (s[2419] = 81),
  };
  for (const [name, change] of Object.entries(changes)) assert.equal(fitsChanged("signature", change), false, name);
});

test("another length, another context, a context too long", () => {
  for (const length of [0, 1311, 1313]) assert.equal(verify(new Uint8Array(length), message, NONE, signature), false);
  for (const length of [0, 2419, 2421]) assert.equal(verify(key, message, NONE, new Uint8Array(length)), false);
  assert.equal(verify(key, message, Uint8Array.of(0), signature), false);
  assert.equal(verify(key, message, new Uint8Array(256), signature), false);
});
