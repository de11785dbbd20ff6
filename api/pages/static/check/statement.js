/**
 * Statements: added up alone, held against the record that published them, and in a whole log against what it says.
 *
 * Whether a statement follows from the entries only the rules of the books can tell; those are not here.
 */
import { equal, hex } from "./bytes.js";
import { decode, encode } from "./canonical.js";
import { checkCarried, checkPublished, checkSums, PUBLISHED, STATEMENT } from "./arithmetic.js";
import { isRefusal, need } from "./need.js";
import { checkReceiptBytes } from "./receipt.js";
import { sha256 } from "./sha2.js";
import { checkShape } from "./shape.js";
import { field, isObject } from "./strict.js";

export const PUBLICATION = "statement.published/1";
const FOLDER = "statements/";
const SUFFIX = ".json";
/** What the check of a statement consists of. */
export const STATEMENT_STEPS = ["form", "sums", "published", "keys", "place"];

/** Where a bundle keeps the statement of a period. */
export function pathOf(period) {
  return `${FOLDER}${period}${SUFFIX}`;
}

export function isStatementPath(path) {
  return path.startsWith(FOLDER) && path.endsWith(SUFFIX);
}

function parseStatement(data) {
  const value = decode(data);
  need(isObject(value) && value.statement === 1, "statement.version");
  return value;
}

/**
 * Check a statement, with the receipt of its publication where there is one.
 * @param {Uint8Array} data
 * @param {Uint8Array|null} receipt
 * @param {Uint8Array|null} published the statement of the same period as somebody else gives it, to be compared
 */
export function checkStatementBytes(data, receipt, published, trust, findings) {
  const here = { path: "statement" };
  let statement = null;
  try {
    statement = parseStatement(data);
    describe(statement, findings);
  } catch (error) {
    findings.refuse("statement.malformed", here, error);
  }
  const entry = receipt === null ? null : checkReceiptBytes(receipt, trust, findings);
  let body = null;
  if (receipt === null) {
    findings.add("statement.unproven", here);
  } else if (entry !== null) {
    const digest = hex(sha256(data));
    body = entry.record.kind === PUBLICATION ? entry.record.body : null;
    if (body === null || field(body, "digest") !== digest) findings.add("statement.digest", here, { value: digest });
    findings.reached("published");
  }
  if (published !== null && !equal(data, published)) {
    const line = firstOtherLine(statement, published);
    findings.add("statement.digest", line === null ? here : { ...here, field: `lines/${line}` });
  }
  if (statement === null) return;
  if (trust.genesis !== null && field(statement, "ledger") !== trust.genesis) {
    findings.add("trust.genesis", here, { value: field(statement, "ledger"), accepted: trust.genesis });
  }
  noteSums(findings, here.path, statement, body, null);
}

/** The number of the first line in which two statements differ; null where it is not a line. */
function firstOtherLine(statement, published) {
  let other;
  try {
    other = parseStatement(published);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
  const [lines, others] = [field(statement, "lines"), field(other, "lines")];
  if (!Array.isArray(lines) || !Array.isArray(others)) return null;
  for (let n = 0; n < Math.max(lines.length, others.length); n += 1) {
    if (n >= lines.length || n >= others.length || !equal(encode(lines[n]), encode(others[n]))) return n;
  }
  return null;
}

function describe(statement, findings) {
  for (const name of ["ledger", "origin", "name"]) {
    if (typeof field(statement, name) === "string") findings.subject[name] = statement[name];
  }
  const code = field(field(statement, "period"), "code");
  if (typeof code === "string") findings.subject.period = code;
  findings.count("statements");
  findings.reached("form");
}

/** Add a statement up; compare it with the record that published it, and with the statement before it. */
function noteSums(findings, path, statement, body, before) {
  let found;
  try {
    found = checkSums(statement);
    if (body !== null) found.push(...checkPublished(statement, body));
    if (before !== null) found.push(...checkCarried(statement, before));
  } catch (error) {
    findings.refuse("statement.malformed", { path }, error);
    return;
  }
  findings.count("lines", statement.lines.length);
  for (const { field: place, said, own } of found) {
    const code = place === "lines_root" ? "statement.root" : "statement.sum";
    findings.add(code, { path, field: place }, { value: said, accepted: own });
  }
  findings.reached("sums");
}

/**
 * The published statements of a log, each held against its file and what the log says.
 *
 * @param {{genesis: object|null, rows: {seq: number, body: object, where: object}[], digests: (string|null)[],
 *   times: (string|null)[], rootAt: (size: number) => Uint8Array}} log `rows`: the publications in order; by number the
 *   digest of each record and the time of each entry, null for one that did not read
 * @param {(path: string) => Promise<Uint8Array|null>} read
 * @param {string[]} names every path, where the source can list them
 * @param {(done: number, whole: number) => Promise<void>} progress
 */
export async function checkPublications(log, read, names, findings, progress) {
  const known = new Set();
  let before = null;
  let previous;
  let done = 0;
  for (const { seq, body, where } of log.rows) {
    try {
      checkShape(body, PUBLISHED);
    } catch (error) {
      findings.refuse("statement.malformed", { ...where, field: "record/body" }, error);
      continue;
    }
    const path = pathOf(body.period);
    known.add(path);
    before = await checkPublication({ ...log, seq, body, path, previous }, read, before, findings, () => progress(done, log.rows.length));
    previous = body.digest;
    done += 1;
    await progress(done, log.rows.length);
  }
  for (const name of names) {
    if (isStatementPath(name) && !known.has(name)) findings.add("statement.foreign", { path: name });
  }
  findings.reached("published");
  if (log.rows.length > 0) return;
  for (const step of ["sums", "published"]) findings.leaveOut(step);
}

/** @returns {Promise<object|null>} the statement, if its file is the one that was published and could be added up */
async function checkPublication(log, read, before, findings, breathe) {
  const { seq, body, path } = log;
  const data = await read(path);
  if (data === null) {
    findings.add("statement.missing", { path, entry: seq });
    return null;
  }
  const genuine = hex(sha256(data)) === body.digest;
  if (!genuine) findings.add("statement.digest", { path, entry: seq });
  let statement;
  try {
    statement = parseStatement(data);
  } catch (error) {
    findings.refuse("statement.malformed", { path }, error);
    return null;
  }
  findings.count("statements");
  await breathe();
  noteSums(findings, path, statement, body, before);
  await breathe();
  try {
    checkShape(statement, STATEMENT);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
  for (const place of saidOtherwise(statement, log)) findings.add("statement.log", { path, field: place });
  return genuine ? statement : null;
}

/** The fields in which a statement says something of its log that the log does not. */
function saidOtherwise(statement, { genesis, seq, digests, times, rootAt, previous }) {
  const found = [];
  const compare = (name, due) => {
    if (field(statement, name) !== due) found.push(name);
  };
  if (genesis !== null) {
    compare("ledger", genesis.digest);
    compare("origin", genesis.origin);
    compare("name", genesis.name);
    compare("example", genesis.example ? true : undefined);
  }
  compare("previous", previous);
  const { prefix } = statement;
  if (!(prefix >= 1 && prefix <= seq)) return [...found, "prefix"];
  compare("root", hex(rootAt(prefix)));
  if (times[prefix - 1] !== null) compare("time", times[prefix - 1]);
  statement.lines.forEach((line, n) => {
    if (!(line.entry >= 0 && line.entry < prefix && digests[line.entry] === line.record)) found.push(`lines/${n}`);
  });
  return found;
}
