import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { concat, hex, utf8 } from "../../api/pages/static/check/bytes.js";
import { Shake, shake128, shake256 } from "../../api/pages/static/check/sha3.js";

const OURS = { shake128, shake256 };

test("the examples of FIPS 202", () => {
  // No bits, and 1600 bits of 11000101 (least significant first), the first 32 bytes of each.
  const a3 = new Uint8Array(200).fill(0xa3);
  const none = new Uint8Array(0);
  assert.equal(hex(shake128(none, 32)), "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
  assert.equal(hex(shake256(none, 32)), "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
  assert.equal(hex(shake128(a3, 32)), "131ab8d2b594946b9c81333f9bb6e0ce75c3b93104fa3469d3917457385da037");
  assert.equal(hex(shake256(a3, 32)), "cd8a920ed141aa0407a22d59288652e9d9f1a7ee0c1e7c1ca699424da84a904d");
});

test("every length of input and output around the ends of blocks", () => {
  for (let length = 0; length < 420; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    for (const [name, hash] of Object.entries(OURS)) {
      const due = createHash(name, { outputLength: length + 1 }).update(data).digest("hex");
      assert.equal(hex(hash(data, length + 1)), due, name + " of " + length);
    }
  }
});

test("input and output in pieces are those in one", () => {
  const data = utf8("明账".repeat(100));
  for (const strength of [128, 256]) {
    const due = hex(OURS["shake" + strength](data, 1000));
    for (const piece of [1, 2, 3, 135, 136, 137, 168, 999]) {
      const sponge = new Shake(strength, data.subarray(0, piece), new Uint8Array(0), data.subarray(piece));
      const pieces = [];
      for (let left = 1000; left > 0; left -= piece) pieces.push(sponge.squeeze(Math.min(piece, left)));
      assert.equal(hex(concat(...pieces)), due);
    }
  }
});
