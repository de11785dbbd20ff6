import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { text, unhex, utf8 } from "../../api/pages/static/check/bytes.js";
import { checkText, decode, encode } from "../../api/pages/static/check/canonical.js";

const refusedBy = (rule, context) => ({ name: "Malformed", rule, ...(context && { context }) });
const nested = (depth) => (depth === 1 ? [] : [nested(depth - 1)]);

test("values come back", () => {
  const values = [true, false, 0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), "", "丰巢租金\n€ 😂", [], [1, [2, []]], nested(16)];
  for (const value of values) assert.deepEqual(decode(encode(value)), value);
  assert.equal(text(encode({ fen: 1800000, at: "2019-06-30", kind: "deposit.recorded/1" })),
    '{"at":"2019-06-30","fen":1800000,"kind":"deposit.recorded/1"}'); // prettier-ignore
});

test("keys that mean something to JavaScript are keys like others", () => {
  const source = '{"1":1,"10":2,"9":3,"__proto__":{"fen":4},"constructor":5,"to_string":6}';
  const value = decode(utf8(source));
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(Object.keys(value).sort(), ["1", "10", "9", "__proto__", "constructor", "to_string"]);
  assert.equal(value.__proto__.fen, 4);
  assert.equal({}.fen, undefined);
  assert.equal(text(encode(value)), source);
});

test("what is outside the subset is refused by its rule, at its place", () => {
  const sparse = [1];
  sparse[2] = 1;
  const cycle = {};
  cycle.a = cycle;
  const cases = [
    [null, "canonical.null"],
    [{ a: [null] }, "canonical.null"],
    [0.5, "canonical.fraction"],
    [NaN, "canonical.fraction"],
    [Infinity, "canonical.fraction"],
    [2 ** 53, "canonical.integer"],
    [{ a: -(2 ** 53) }, "canonical.integer"],
    [{ a: { "": 1 } }, "canonical.key"],
    [{ A: 1 }, "canonical.key"],
    [{ "a\n": 1 }, "canonical.key"],
    [{ 金额: 1 }, "canonical.key"],
    ["\ud800", "canonical.text"],
    [nested(17), "canonical.depth"],
    [cycle, "canonical.depth"],
    [{ a: undefined }, "canonical.type"],
    [1n, "canonical.type"],
    [new Map(), "canonical.type"],
    [new Date(0), "canonical.type"],
    [new Uint8Array(1), "canonical.type"],
    [() => 1, "canonical.type"],
    [sparse, "canonical.type"],
    [Object.create({ inherited: 1 }), "canonical.type"],
  ];
  for (const [value, rule] of cases) assert.throws(() => encode(value), refusedBy(rule), rule);
  assert.throws(() => encode({ record: { items: [1, { fen: 0.5 }] } }), { context: { where: "/record/items/1/fen" } });
});

test("the reader takes only the one form", () => {
  const cases = {
    "canonical.not_json": ["", "{", "\ufeff{}", '"\\ud800"', '"\\udc00"', "NaN", "{}{}", '{"a":1,}', "[1,]", "01", "1.", ".5",
      "-", "+1", "1e400", "tru", "'a'", '"\t"', '"\\x41"', "[".repeat(100000), "[".repeat(1025) + "]".repeat(1025)],
    "canonical.depth": ["[".repeat(17) + "]".repeat(17), "[".repeat(1000) + "]".repeat(1000)],
    "canonical.null": ["null", '{"a":null}'],
    "canonical.fraction": ["1.0", "1e3", "-0.0", "100000000000000000000"],
    "canonical.integer": ["9007199254740992", "-9007199254740992", "18446744073709551615"],
    "canonical.key": ['{"B":1}', '{"":1}', '{"é":1}'],
    "canonical.not_canonical": ["-0", " {}", "{}\n", '{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a":null,"a":1}',
      '"\\u0061"', '"\\/"', '"\\u000A"', '"\\u001F"', '"\\u007f"', '"\\ud83d\\ude02"', '{"10":1,"9":1,"1":1}'],
  }; // prettier-ignore
  for (const [rule, sources] of Object.entries(cases)) {
    for (const source of sources) assert.throws(() => decode(utf8(source)), refusedBy(rule), source.slice(0, 40));
  }
  for (const data of ["22ff22", "22eda08022"]) assert.throws(() => decode(unhex(data)), refusedBy("canonical.not_json"));
  for (const [source, offset] of [['{"a": 1}', 5], ["[1,2] ", 5], ['{"a":1,"a":2}', 5]]) {
    assert.throws(() => decode(utf8(source)), refusedBy("canonical.not_canonical", { offset }));
  }
});

test("every changed byte gives another value or none", () => {
  const entry = encode({ entry: 1, on: "2019-06-30", text: "丰巢租金\n€", parts: [{ fen: -1 }, { fen: 2 }], ok: true });
  let refused = 0;
  let other = 0;
  for (let at = 0; at < entry.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      if (byte === entry[at]) continue;
      const changed = entry.slice();
      changed[at] = byte;
      try {
        assert.deepEqual(encode(decode(changed)), changed);
        other++;
      } catch (error) {
        assert.equal(error.name, "Malformed");
        refused++;
      }
    }
    assert.throws(() => decode(entry.subarray(0, at)), refusedBy("canonical.not_json"));
  }
  assert.equal(refused + other, entry.length * 255);
  assert.ok(refused > 0 && other > 0);
});

test("the length limit is judged before parsing", () => {
  assert.deepEqual(decode(utf8("[1,2]"), 5), [1, 2]);
  assert.throws(() => decode(utf8("[".repeat(6)), 5), refusedBy("canonical.length"));
});

test("normalisation is judged when it is asked for, and only then", () => {
  assert.equal(decode(utf8('"A\u030a"')), "A\u030a");
  assert.throws(() => checkText("A\u030a", "text"), refusedBy("text.not_nfc", { field: "text" }));
  assert.throws(() => checkText("a\u202eb", "text"), refusedBy("text.unprintable"));
  assert.throws(() => checkText("a\u{e0041}", "text"), refusedBy("text.unprintable"));
  assert.throws(() => checkText("\ud800", "text"), refusedBy("text.unprintable"));
  checkText("丰巢租金\n€ 😂", "text");
});

test("strings and keys of RFC 8785's own cases are written as they want them", () => {
  const folder = process.env.MINGZHANG_VECTORS + "/jcs-rfc8785";
  const names = readdirSync(folder + "/input");
  assert.equal(names.length, 6);
  let strings = 0;
  const walk = (value, due) => {
    if (typeof value === "string") {
      assert.ok(due.includes(text(encode(value))), value);
      strings++;
    } else if (Array.isArray(value)) value.forEach((item) => walk(item, due));
    else if (value && typeof value === "object") Object.entries(value).flat().forEach((item) => walk(item, due));
  };
  for (const name of names) {
    const due = readFileSync(folder + "/output/" + name, "utf8");
    // None of the six lies in our subset.
    for (const source of [due, readFileSync(folder + "/input/" + name, "utf8")]) assert.throws(() => decode(utf8(source)));
    walk(JSON.parse(due), due);
  }
  assert.equal(strings, 51);
});
