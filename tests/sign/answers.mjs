/** What the modules that sign compute, line by line: `[operation, argument…]` in, the answer out; arguments are JSON values. */

import { createInterface } from "node:readline";
import * as bytes from "../../api/pages/static/check/bytes.js";
import { Malformed } from "../../api/pages/static/check/errors.js";
import { ballot } from "../../api/pages/static/sign/ballot.js";
import { check, yuan } from "../../api/pages/static/sign/compare.js";
import * as keys from "../../api/pages/static/sign/keys.js";
import * as pae from "../../api/pages/static/sign/pae.js";
import * as record from "../../api/pages/static/sign/record.js";
import { signedBytes } from "../../api/pages/static/sign/signin.js";
import { waitingFile } from "../../api/pages/static/sign/submit.js";
import * as webauthn from "../../api/pages/static/sign/webauthn.js";

const held = {};

async function browserKey(ledger, alg) {
  const algorithm = alg === "ed25519" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const id = bytes.hex(pae.keyId(alg, raw));
  held[id] = { id, ledger, alg, public: bytes.base64(raw), made: 0, handle: pair.privateKey };
  return { id, public: held[id].public };
}

const OPERATIONS = {
  pae: (type, payload) => bytes.hex(pae.pae(type, bytes.unhex(payload))),
  key: (alg, publicKey) => bytes.hex(pae.keyId(alg, bytes.unhex(publicKey))),
  uuid7: (ms, random) => record.uuid7(ms, bytes.unhex(random)),
  digest: record.digest,
  commitment: (ledger, kind, field, value, salt) => record.commitment(ledger, kind, field, value, bytes.unhex(salt)),
  batch: (records) => {
    const { message, root, places } = record.batch(records);
    return { message: bytes.hex(message), root, places };
  },
  signin: (challenge, ledger, site) => bytes.hex(signedBytes(challenge, ledger, site)),
  check: (asked, prepared, ledger, words) => check(asked, prepared, ledger, words).length,
  yuan,
  make: browserKey,
  sign: (id, submissions, together) => keys.signAll(held[id], submissions, together),
  comparison: keys.comparison,
  ballot,
  build: (ledger, kind, body, ms) => record.build(ledger, kind, body, ms),
  waiting: waitingFile,
  spki: (data) => bytes.hex(webauthn.pointOfSpki(bytes.unhex(data))),
  attestation: (data) => bytes.hex(webauthn.pointOfAttestation(bytes.unhex(data))),
  base64url: (data) => [webauthn.base64url(bytes.unhex(data)), bytes.hex(webauthn.unbase64url(webauthn.base64url(bytes.unhex(data))))],
};

for await (const line of createInterface({ input: process.stdin })) {
  const [operation, ...given] = JSON.parse(line);
  let answer;
  try {
    answer = await OPERATIONS[operation](...given);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    answer = { rule: error.rule, ...error.context };
  }
  process.stdout.write(JSON.stringify(answer === undefined ? null : answer) + "\n");
}
