/**
 * What this device saw of a ledger before: the newest head that it checked whole. A server that shows two histories to one
 * reader is caught by it; a head that forked is never overwritten.
 */
const KEY = "mingzhang.seen.";

/** @returns {{origin: string, size: string, root: string, when: string}|null} */
export function lastSeen(ledger) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY + ledger));
    const whole = kept && typeof kept.origin === "string" && /^[0-9]{1,20}$/.test(kept.size) && /^[0-9a-f]{64}$/.test(kept.root);
    return whole ? kept : null;
  } catch (error) {
    // No storage here (a private window, a file), or what lies there is not ours.
    return null;
  }
}

/** Keep the head of a report, if the ledger was seen whole and agreed with itself and with what was seen before. */
export function remember(ledger, report, today) {
  const { subject, verdict, steps } = report;
  const whole = steps.every(({ step, state }) => state === "agrees" || (step !== "tree" && step !== "keys"));
  if (verdict === "differs" || !whole || subject.ledger !== ledger) return;
  const kept = lastSeen(ledger);
  if (kept !== null && BigInt(kept.size) > BigInt(subject.size)) return;
  try {
    const { origin, size, root } = subject;
    localStorage.setItem(KEY + ledger, JSON.stringify({ origin, size, root, when: today }));
  } catch (error) {
    // Nothing can be kept here; the check stands without it.
  }
}
