// Answers questions of the tests in Python, one a line: ["operation", "argument in hex", ...] on stdin, JSON on stdout.
// A refusal is answered {"rule": ..., and its context}; anything else that is thrown ends the process.

import { createInterface } from "node:readline";

import * as bytes from "../../api/pages/static/check/bytes.js";
import * as canonical from "../../api/pages/static/check/canonical.js";
import * as ed25519 from "../../api/pages/static/check/ed25519.js";
import { Malformed } from "../../api/pages/static/check/errors.js";
import * as mldsa44 from "../../api/pages/static/check/mldsa44.js";
import * as p256 from "../../api/pages/static/check/p256.js";
import { inflate } from "../../api/pages/static/check/inflate.js";
import * as instants from "../../api/pages/static/check/instants.js";
import * as merkle from "../../api/pages/static/check/merkle.js";
import { checkPasskey } from "../../api/pages/static/check/passkey.js";
import { metBy, parsePolicy } from "../../api/pages/static/check/policy.js";
import * as sha2 from "../../api/pages/static/check/sha2.js";
import * as sha3 from "../../api/pages/static/check/sha3.js";

const hashes = (data) => Array.from({ length: data.length / 32 }, (_, at) => data.subarray(32 * at, 32 * at + 32));
const number = (data) => BigInt(bytes.text(data));

const OPERATIONS = {
  "bytes.text": (data) => bytes.text(data),
  "bytes.unbase64": (data) => bytes.hex(bytes.unbase64(bytes.text(data))),
  "canonical.check_text": (data) => canonical.checkText(bytes.text(data), "field") === undefined,
  "canonical.decode": (data) => bytes.hex(canonical.encode(canonical.decode(data))),
  "ed25519.acceptable": ed25519.acceptablePublicKey,
  "ed25519.verify": ed25519.verify,
  "mldsa44.verify": mldsa44.verify,
  "p256.acceptable": p256.acceptablePublicKey,
  "p256.verify": p256.verify,
  "p256.verify_der": (key, message, der) => p256.verify(key, message, p256.derToRs(der)),
  "inflate": (packed, size) => bytes.hex(inflate(packed, Number(number(size)))),
  "instants.rfc3339": (data) => instants.parseRfc3339(bytes.text(data)),
  "instants.time": (data) => instants.parseTime(bytes.text(data)),
  "merkle.consistency": (old, oldRoot, size, root, path) =>
    merkle.checkConsistency(number(old), oldRoot, number(size), root, hashes(path)) === undefined,
  "merkle.inclusion": (leaf, index, size, path, root) =>
    merkle.checkInclusion(leaf, number(index), number(size), hashes(path), root) === undefined,
  "passkey.check": (key, message, sig, authenticatorData, clientData, rpId, origin) =>
    checkPasskey(key, message, { sig, authenticatorData, clientData }, {
      rpIds: [bytes.text(rpId)],
      origins: [bytes.text(origin)],
    }) === undefined,
  "policy.met": (policy, names) =>
    metBy(parsePolicy(policy), new Set(bytes.text(names).split(" ").filter((name) => name))),
  "sha2.sha256": (data) => bytes.hex(sha2.sha256(data)),
  "sha2.sha512": (data) => bytes.hex(sha2.sha512(data)),
  "sha3.shake128": (data) => bytes.hex(sha3.shake128(data, data.length + 1)),
  "sha3.shake256": (data) => bytes.hex(sha3.shake256(data, data.length + 1)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [operation, ...given] = JSON.parse(line);
  let answer;
  try {
    answer = OPERATIONS[operation](...given.map((argument) => bytes.unhex(argument)));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    answer = { rule: error.rule, ...error.context };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
