import assert from "node:assert/strict";
import { test } from "node:test";

import { base64, concat, equal, hex, text, unbase64, unhex, utf8 } from "../../api/pages/static/check/bytes.js";

const refusedBy = (rule) => ({ name: "Malformed", rule });

test("hex and base64 come back, for every length", () => {
  for (let length = 0; length < 70; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 101) & 255);
    assert.equal(hex(data), Buffer.from(data).toString("hex"));
    assert.equal(base64(data), Buffer.from(data).toString("base64"));
    assert.deepEqual(unhex(hex(data)), data);
    assert.deepEqual(unbase64(base64(data)), data);
  }
});

test("the examples of RFC 4648 §10", () => {
  const examples = { "": "", f: "Zg==", fo: "Zm8=", foo: "Zm9v", foob: "Zm9vYg==", fooba: "Zm9vYmE=", foobar: "Zm9vYmFy" };
  for (const [plain, encoded] of Object.entries(examples)) {
    assert.equal(base64(utf8(plain)), encoded);
    assert.equal(text(unbase64(encoded)), plain);
  }
});

test("hex has one spelling", () => {
  for (const bad of ["0", "AB", "0x", "ab ", " ab", "ab\n", "gg", "a\u0000", "０１", undefined, null, 12, ["ab"]]) {
    assert.throws(() => unhex(bad), refusedBy("bytes.hex"));
  }
  assert.throws(() => unhex("zz", "entry.prev"), refusedBy("entry.prev"));
});

test("base64 has one spelling", () => {
  const bad = ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zm9v====", "=", "====", "Z===", "Zg==Zg==", "Z=g=",
    "Zm-v", "Zm_v", "Zm９v", "Zmév", "é", undefined, null, 4, ["Zg=="]]; // prettier-ignore
  for (const given of bad) assert.throws(() => unbase64(given), refusedBy("bytes.base64"), String(given));
  assert.throws(() => unbase64("Zg", "signature.base64"), refusedBy("signature.base64"));
});

test("UTF-8 is refused where it is none, and a byte order mark stays", () => {
  assert.equal(text(utf8("明账 😂 \u0000\ufeff")), "明账 😂 \u0000\ufeff");
  assert.equal(text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), "\ufeffa");
  for (const bad of ["ff", "c080", "eda080", "f4908080", "e6988e".slice(0, 4), "80"]) {
    assert.throws(() => text(unhex(bad)), refusedBy("bytes.utf8"));
  }
  for (const bad of ["\ud800", "a\udc00", "\udc00\ud800", "\ud83d"]) assert.throws(() => utf8(bad), refusedBy("bytes.text"));
  assert.equal(hex(utf8("\ud83d\ude02")), "f09f9882");
});

test("pieces are joined and compared", () => {
  assert.deepEqual(concat(), new Uint8Array(0));
  assert.deepEqual(concat([0], utf8("ab"), new Uint8Array(0), [255]), Uint8Array.of(0, 97, 98, 255));
  assert.ok(equal(utf8("ab"), utf8("ab")));
  assert.ok(!equal(utf8("ab"), utf8("abc")) && !equal(utf8("abc"), utf8("ab")) && !equal(utf8("ab"), utf8("aa")));
});
