// Checks cases that the tests in Python made: JSON on stdin, {"blobs": {name: base64}, "cases": [...]}; answers JSON.
// A case has "what" (receipt, statement, bundle, log, zip), "trust", and the names of blobs. Each answer has the verdict and
// the findings as [code, place]; bytes that cannot be opened at all are answered {"rule"}.

import { text } from "node:stream/consumers";

import { unbase64 } from "../../api/pages/static/check/bytes.js";
import {
  checkBundle,
  checkReceipt,
  checkStatement,
  fromMemory,
  openZip,
  placeText,
  readTrust,
} from "../../api/pages/static/check/check.js";
import { CODES } from "../../api/pages/static/check/findings.js";

const { blobs, cases } = JSON.parse(await text(process.stdin));
const held = new Set();
const bytes = (name) => unbase64(blobs[name]);

async function answer(asked) {
  const trust = readTrust(asked.trust);
  if (asked.what === "receipt") return checkReceipt(bytes(asked.data), trust);
  if (asked.what === "statement") {
    return checkStatement(bytes(asked.data), asked.receipt ? { receipt: bytes(asked.receipt) } : {}, trust);
  }
  const files = Object.entries(asked.files || {}).map(([path, name]) => [path, bytes(name)]);
  const source = asked.what === "zip" ? openZip(bytes(asked.data)) : fromMemory(new Map(files));
  return checkBundle(source, trust, { held, bare: asked.what === "log", pause: async () => {} });
}

const answers = [];
for (const asked of cases) {
  const began = performance.now();
  try {
    const { verdict, findings, steps } = await answer(asked);
    answers.push({ verdict, findings: findings.map(({ code, where }) => [code, placeText(where)]), steps });
  } catch (error) {
    if (typeof error.rule !== "string") throw error;
    answers.push({ rule: error.rule });
  }
  answers[answers.length - 1].ms = performance.now() - began;
}
process.stdout.write(JSON.stringify({ codes: CODES, answers }));
