import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { hex, utf8 } from "../../api/pages/static/check/bytes.js";
import { Sha256, sha256, sha512 } from "../../api/pages/static/check/sha2.js";

const OURS = { sha256, sha512 };

test("the examples of FIPS 180-4", () => {
  // One block, two blocks, and a million times "a".
  const two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const four = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
  const million = new Uint8Array(1_000_000).fill(97);
  assert.equal(hex(sha256(utf8("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(hex(sha256(utf8(two))), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  assert.equal(hex(sha256(million)), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  assert.equal(
    hex(sha512(utf8("abc"))),
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  );
  assert.equal(
    hex(sha512(utf8(four))),
    "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018" +
      "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
  );
  assert.equal(
    hex(sha512(million)),
    "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb" +
      "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
  );
});

test("every length around the ends of blocks", () => {
  for (let length = 0; length < 520; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    for (const [name, hash] of Object.entries(OURS)) {
      assert.equal(hex(hash(data)), createHash(name).update(data).digest("hex"), name + " of " + length);
    }
  }
});

test("pieces of any size hash as their whole", () => {
  const data = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) & 255);
  const due = hex(sha256(data));
  for (let piece = 1; piece < 200; piece++) {
    const hash = new Sha256();
    for (let at = 0; at < data.length; at += piece) hash.update(data.subarray(at, at + piece)).update(new Uint8Array(0));
    assert.equal(hex(hash.digest()), due);
  }
});

test("a view of a greater buffer is hashed alone, and is not changed", () => {
  const whole = new Uint8Array(300).fill(9);
  assert.equal(hex(sha256(whole.subarray(50, 250))), hex(sha256(new Uint8Array(200).fill(9))));
  assert.equal(hex(sha512(whole.subarray(50, 250))), hex(sha512(new Uint8Array(200).fill(9))));
  assert.ok(whole.every((byte) => byte === 9));
});

test("the length of more than half a gibibyte does not overflow", () => {
  // 2²⁹ bytes are 2³² bits, the first length whose upper word is not 0.
  const hash = new Sha256();
  const piece = new Uint8Array(1 << 24);
  for (let i = 0; i < 32; i++) hash.update(piece);
  const due = createHash("sha256");
  for (let i = 0; i < 32; i++) due.update(piece);
  assert.equal(hex(hash.digest()), due.digest("hex"));
});
