/**
 * Checking in the reader's hand: a receipt, a statement, a bundle, a server's log. Nothing here knows a page or a network.
 *
 *     const report = checkReceipt(bytes, readTrust({ genesis, vkeys }));
 *     report.verdict            // "agrees", "differs", "cannot_be_checked"
 *     report.steps              // [{step, state: "agrees"|"differs"|"cannot", findings}]
 *     report.findings           // [{code, where, facts}], as Python's `ledger.audit` finds them
 *
 * Whatever bytes come, the answer is a report: what is wrong is a finding with its place.
 */
import { BUNDLE_STEPS, BundleCheck } from "./bundle.js";
import { Findings } from "./findings.js";
import { RECEIPT_STEPS, checkReceiptBytes } from "./receipt.js";
import { STATEMENT_STEPS, checkStatementBytes } from "./statement.js";
import { readTrust } from "./trust.js";

export { placeText } from "./findings.js";
export { fromMemory } from "./source.js";
export { readTrust } from "./trust.js";
export { isZip, openZip } from "./zip.js";

/** As long as a page may stand still, in milliseconds. */
const BREATH = 30;

/** @param {Uint8Array} bytes @returns {import("./findings.js").Report} */
export function checkReceipt(bytes, trust = readTrust()) {
  return guarded(new Findings(RECEIPT_STEPS), (findings) => checkReceiptBytes(bytes, trust, findings));
}

/**
 * @param {Uint8Array} bytes
 * @param {{receipt?: Uint8Array, published?: Uint8Array}} beside the receipt of the entry that published it; the statement
 *   of the same period as somebody else gives it
 */
export function checkStatement(bytes, { receipt = null, published = null } = {}, trust = readTrust()) {
  const check = (findings) => checkStatementBytes(bytes, receipt, published, trust, findings);
  return guarded(new Findings(STATEMENT_STEPS), check);
}

function guarded(findings, check) {
  try {
    check(findings);
  } catch (error) {
    findings.fail({}, error);
  }
  return findings.report();
}

/**
 * Check a bundle, or with `bare` a log without files beside it.
 * @param {import("./source.js").Source} source
 * @param {{progress?: (step: string, done: number, whole: number) => void, pause?: () => Promise<void>, bare?: boolean,
 *   statements?: boolean, held?: Set<string>}} how `pause` lets others have the thread
 * @returns {Promise<import("./findings.js").Report>}
 */
export async function checkBundle(source, trust = readTrust(), how = {}) {
  const { progress = () => {}, pause = breathe, ...rest } = how;
  const { bare = false, statements = !bare } = rest;
  const left = [...(bare ? ["files"] : []), ...(statements ? [] : ["sums", "published"])];
  const findings = new Findings(BUNDLE_STEPS.filter((step) => !left.includes(step)));
  let since = Date.now();
  async function told(step, done, whole) {
    if (Date.now() - since < BREATH && done < whole) return;
    progress(step, done, whole);
    await pause();
    since = Date.now();
  }
  try {
    await new BundleCheck(source, trust, findings, { ...rest, progress: told }).run();
  } catch (error) {
    findings.fail({}, error);
  }
  return findings.report();
}

function breathe() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
