/**
 * The kinds of records that any machine knows. A record of another kind may bring a key in a way that this program does not
 * know, so that nothing can be said of signatures by keys it has not seen. A test holds this list against `ledger.books.KINDS`.
 */
const KINDS = new Set(`
account.opened/1 ballot.cast/1 ballot.opened/1 bank.confirmed/1 bank.imported/1 bank.rejected/1 bank.row/1
books.opened/1 bylaws.adopted/1 calendar.adopted/1 cash.counted/1 cash.paid/1 chart.adopted/1 contra.recorded/1
contract.entered/1 correction.noticed/1 deposit.recorded/1 document.entered/1 key.enrolled/1 key.revoked/1
ledger.opened/1 mandate.changed/1 meeting.called/1 meeting.certified/1 meeting.opened/1 meeting.withdrawn/1
notice.posted/1 party.entered/1 person.entered/1 posting.hung/1 profile.adopted/1 role.appointed/1 role.ended/1
roll.frozen/1 statement.published/1 suspense.cleared/1 unit.changed/1 unit.entered/1 units.closed/1
withdrawal.applied/1 withdrawal.approved/1 withdrawal.dropped/1 withdrawal.instructed/1 withdrawal.proposed/1
audit.reported/1 check.lowered/1 finding.answered/1 plan.adopted/1 posting.seen/1 trust.agreed/1 trust.deducted/1
machine.adopted/1 objection.answered/1 objection.concluded/1 objection.filed/1 objection.received/1
`.trim().split(/\s+/));

/** @param {string} kind */
export function isKnownKind(kind) {
  return KINDS.has(kind);
}
