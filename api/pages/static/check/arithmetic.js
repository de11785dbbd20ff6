/**
 * A statement added up again from its own lines: plain sums over plain JSON, the twin of `ledger/audit/arithmetic.py`.
 *
 * Amounts are fen. Sums are BigInt: many amounts, each within ±(2^53 - 1), may add up to more than a number holds.
 */
import { hex, text } from "./bytes.js";
import { encode } from "./canonical.js";
import { leafHash, root } from "./merkle.js";
import { need } from "./need.js";
import { checkShape } from "./shape.js";
import { hasOwn } from "./strict.js";

const FOUR = { opening: "integer", received: "integer", spent: "integer", closing: "integer" };
const SIDES = { received: "integer", spent: "integer" };

/** What of a statement the sums need. */
export const STATEMENT = {
  ledger: "text", origin: "text", name: "text", prefix: "integer", root: "text", time: "text",
  count: "integer", lines_root: "text", period: { code: "text" },
  lines: [{
    account: "text", fund: "text", category: "text", nature: "text", amount: "integer", part: "integer",
    entry: "integer", record: "text", "document?": "text",
  }],
  deductions: [{
    cost_line: "integer", line: "integer", gross: "integer", cost: "integer", net: "integer", "evidence?": "text",
  }],
  funds: [{
    account: "text", fund: "text", ...FOUR,
    blocks: { "*": { ...SIDES, rows: [{ nature: "text", category: "text", ...SIDES }] } },
  }],
  accounts: [{ code: "text", ...FOUR, "bank_balance?": "integer", "difference?": "integer" }],
  totals: { "*": "integer" },
  reconciliation: [{
    bank: "integer", books: "integer", adjusted: "integer", agrees: "yes_or_no",
    items: [{ class: "text", amount: "integer" }],
  }],
};

/** What `statement.published/1` says. */
export const PUBLISHED = {
  period: "text", prefix: "integer", digest: "text", count: "integer", root: "text",
  totals: [{ account: "text", fund: "text", ...FOUR }],
};

export const BLOCK_OF = {
  income: "own", expense: "own", pass_through: "others", payable: "others", deposit_held: "others", refund: "others",
  own_transfer: "transfers",
};
/** What a payer kept of the money of part n is part 32 + n. */
const DEDUCTED = 32;

/**
 * A printed figure that is not the sum of its parts.
 * @typedef {{field: string, said: unknown, own: unknown}} Difference
 */

/** @returns {Difference[]} every printed figure that its parts contradict @throws {Malformed} for another shape */
export function checkSums(statement) {
  checkShape(statement, STATEMENT);
  const { lines } = statement;
  for (const line of lines) need(hasOwn(BLOCK_OF, line.nature), "shape", line.nature);
  const byFund = new Map();
  const byRow = new Map();
  for (const line of lines) {
    movedAt(byFund, [line.account, line.fund]).add(line.amount);
    movedAt(byRow, [line.account, line.fund, line.nature, line.category]).add(line.amount);
  }
  const found = new Differences();
  found.compare("count", statement.count, lines.length);
  found.compare("lines_root", statement.lines_root, hex(root(lines.map((line) => leafHash(encode(line))))));
  checkDeductions(statement.deductions, lines, found);
  checkFunds(statement.funds, byFund, byRow, found);
  checkAccounts(statement.accounts, statement.funds, found);
  checkTotals(statement.totals, statement.funds, lines, found);
  checkReconciliation(statement.reconciliation, found);
  return found.list;
}

/** @returns {Difference[]} what the signed record says of the statement and the statement does not */
export function checkPublished(statement, body) {
  checkShape(body, PUBLISHED);
  const found = new Differences();
  found.compare("period/code", statement.period.code, body.period);
  found.compare("prefix", statement.prefix, body.prefix);
  found.compare("count", statement.count, body.count);
  found.compare("lines_root", statement.lines_root, body.root);
  const kept = statement.funds.map(({ account, fund, opening, received, spent, closing }) => (
    { account, fund, opening, received, spent, closing }));
  found.compare("funds", written(kept), written(body.totals));
  return found.list;
}

/** @returns {Difference[]} the funds that do not open with what they closed with in the statement before */
export function checkCarried(statement, before) {
  const found = new Differences();
  const closed = new Map(before.funds.map((fund) => [keyOf([fund.account, fund.fund]), fund.closing]));
  statement.funds.forEach((fund, n) => {
    const key = keyOf([fund.account, fund.fund]);
    found.compare(`funds/${n}/opening`, fund.opening, closed.has(key) ? closed.get(key) : 0);
    closed.delete(key);
  });
  for (const left of closed.values()) found.compare("funds", "left out", left);
  return found.list;
}

class Differences {
  constructor() {
    this.list = [];
  }

  /** Note the field if the two are not the same; whole numbers are compared as such, however they are held. */
  compare(field, said, own) {
    const number = (value) => (typeof value === "number" ? BigInt(value) : value);
    if (number(said) !== number(own)) this.list.push({ field, said: String(said), own: String(own) });
  }
}

class Moved {
  constructor() {
    this.received = 0n;
    this.spent = 0n;
  }

  add(amount) {
    if (amount > 0) this.received += BigInt(amount);
    else this.spent -= BigInt(amount);
  }
}

function keyOf(parts) {
  return JSON.stringify(parts);
}

function movedAt(map, parts) {
  const key = keyOf(parts);
  if (!map.has(key)) map.set(key, new Moved());
  return map.get(key);
}

function written(value) {
  return text(encode(value));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + BigInt(number), 0n);
}

function checkDeductions(deductions, lines, found) {
  const due = [];
  lines.forEach((line, n) => {
    if (line.part >= DEDUCTED) due.push(n);
  });
  found.compare("deductions", deductions.map((item) => item.cost_line).join(), due.join());
  deductions.slice(0, due.length).forEach((item, n) => {
    const at = due[n];
    const cost = lines[at];
    const gross = lines[at - 1];
    found.compare(`deductions/${n}/line`, item.line, at - 1);
    if (!gross) {
      found.compare(`lines/${at}/part`, cost.part, "a line behind that of the whole amount");
      return;
    }
    found.compare(`lines/${at}/part`, keyOf([cost.record, cost.part]), keyOf([gross.record, gross.part + DEDUCTED]));
    found.compare(`deductions/${n}/gross`, item.gross, gross.amount);
    found.compare(`deductions/${n}/cost`, item.cost, -BigInt(cost.amount));
    found.compare(`deductions/${n}/net`, item.net, BigInt(gross.amount) + BigInt(cost.amount));
    found.compare(`deductions/${n}/evidence`, item.evidence, cost.document);
  });
}

function checkFunds(funds, byFund, byRow, found) {
  const leftFunds = new Set(byFund.keys());
  const leftRows = new Set(byRow.keys());
  funds.forEach((fund, n) => {
    const own = [fund.account, fund.fund];
    leftFunds.delete(keyOf(own));
    const moved = byFund.get(keyOf(own)) || new Moved();
    found.compare(`funds/${n}/received`, fund.received, moved.received);
    found.compare(`funds/${n}/spent`, fund.spent, moved.spent);
    found.compare(`funds/${n}/closing`, fund.closing, BigInt(fund.opening) + moved.received - moved.spent);
    for (const [name, block] of Object.entries(fund.blocks)) {
      checkBlock(`funds/${n}/blocks/${name}`, name, block, own, byRow, leftRows, found);
    }
  });
  for (let left = leftFunds.size + leftRows.size; left > 0; left -= 1) found.compare("funds", "", "left out");
}

function checkBlock(where, name, block, own, byRow, left, found) {
  block.rows.forEach((row, m) => {
    const key = keyOf([...own, row.nature, row.category]);
    need(hasOwn(BLOCK_OF, row.nature), "shape", row.nature);
    // Each row has lines, and stands once.
    if (!left.delete(key)) found.compare(`${where}/rows/${m}`, key, "");
    found.compare(`${where}/rows/${m}/nature`, name, BLOCK_OF[row.nature]);
    const moved = byRow.get(key) || new Moved();
    found.compare(`${where}/rows/${m}/received`, row.received, moved.received);
    found.compare(`${where}/rows/${m}/spent`, row.spent, moved.spent);
  });
  for (const side of ["received", "spent"]) {
    found.compare(`${where}/${side}`, block[side], sum(block.rows.map((row) => row[side])));
  }
}

function checkAccounts(accounts, funds, found) {
  accounts.forEach((account, n) => {
    const held = funds.filter((fund) => fund.account === account.code);
    for (const name of Object.keys(FOUR)) {
      found.compare(`accounts/${n}/${name}`, account[name], sum(held.map((fund) => fund[name])));
    }
    if (hasOwn(account, "bank_balance")) {
      found.compare(`accounts/${n}/difference`, account.difference, BigInt(account.bank_balance) - BigInt(account.closing));
    }
  });
}

function checkTotals(totals, funds, lines, found) {
  const amounts = (chosen) => lines.filter(chosen).map((line) => line.amount);
  const own = {
    opening: sum(funds.map((fund) => fund.opening)),
    closing: sum(funds.map((fund) => fund.closing)),
    income: sum(amounts((line) => line.nature === "income")),
    expense: -sum(amounts((line) => line.nature === "expense")),
  };
  for (const block of ["others", "transfers"]) {
    own[`${block}_received`] = sum(amounts((line) => BLOCK_OF[line.nature] === block && line.amount > 0));
    own[`${block}_spent`] = -sum(amounts((line) => BLOCK_OF[line.nature] === block && line.amount < 0));
  }
  for (const name of new Set([...Object.keys(own), ...Object.keys(totals)])) {
    found.compare(`totals/${name}`, totals[name], own[name]);
  }
}

function checkReconciliation(tables, found) {
  tables.forEach((table, n) => {
    const moved = (name) => sum(table.items.filter((item) => item.class === name).map((item) => item.amount));
    const bank = BigInt(table.bank) + moved("books_received") - moved("books_paid");
    const books = BigInt(table.books) + moved("bank_received") - moved("bank_paid")
      + moved("rejected_paid") - moved("rejected_received");
    found.compare(`reconciliation/${n}/adjusted`, table.adjusted, bank);
    found.compare(`reconciliation/${n}/agrees`, table.agrees, bank === books);
  });
}
