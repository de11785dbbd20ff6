"""The books of account: what the legs of all vouchers come to is what statements and books say otherwise, to the fen."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.audit.books import INPUTS, Span, balances, bank, ledgers, postings
from ledger.audit.books.balances import Balance
from ledger.audit.books.journal import Posting
from ledger.audit.books.titles import INPUTS as NAMED
from ledger.audit.books.titles import Titles
from ledger.audit.checks import Dossier, Gathering
from ledger.publication.journal import Journal
from ledger.publication.statement import draw_up
from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.example.built import Year, build_or_find
from tests.test_model import Years

HALVES = {"2018H2": Span("2018-11-01", "2018-12-31"), "2019H1": Span("2019-01-01", "2019-06-30")}
WHOLE = Span("2018-11-01", "2019-06-30")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def case(year: Year) -> Dossier:
    gathering = Gathering((*INPUTS, *NAMED))
    for entry, facts in zip(year.entries, year.facts, strict=True):
        gathering.add(year.books, entry, facts)
    return gathering.close(year.books)


@pytest.fixture(scope="module")
def legs(case: Dossier) -> tuple[Posting, ...]:
    return postings(case)


def case_of(house: Treasury) -> Dossier:
    gathering = Gathering((*INPUTS, *NAMED))
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        gathering.add(house.books, entry, facts)
    return gathering.close(house.books)


def draft(house: Treasury) -> Mapping[str, Any]:
    journal = Journal()
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        journal.add(entry, facts)
    return draw_up(house.books, journal, bytes(32))


# --- the example, against what its statements say -------------------------------------------------------------------


@pytest.mark.parametrize("code", HALVES)
def test_the_trial_balance_balances(legs: tuple[Posting, ...], code: str) -> None:
    found = balances.balances(legs, HALVES[code], balances.by_code)
    total = sum(found.values(), Balance())
    assert total.opening == 0
    assert total.debit == total.credit > 0
    assert sum(max(one.opening, 0) for one in found.values()) > 0
    assert sum(one.closing for one in found.values()) == 0


@pytest.mark.parametrize("code", HALVES)
def test_each_fund_of_each_account_has_what_the_statement_says(
    year: Year, legs: tuple[Posting, ...], code: str
) -> None:
    span = HALVES[code]
    said = {(fund["account"], fund["fund"]): fund for fund in year.statement(code)["funds"]}
    held = balances.held(legs, span.last)
    assert {key: held.get(key, 0) for key in said} == {key: fund["closing"] for key, fund in said.items()}
    before = balances.held([posting for posting in legs if posting.before(span)], span.last)
    assert {key: before.get(key, 0) for key in said} == {key: fund["opening"] for key, fund in said.items()}


@pytest.mark.parametrize("code", HALVES)
def test_incomes_and_expenses_of_the_chart_are_the_statements(year: Year, legs: tuple[Posting, ...], code: str) -> None:
    found = balances.balances(legs, HALVES[code], balances.by_code)
    totals = year.statement(code)["totals"]
    given_back = sum(b.debit - b.credit for name, b in found.items() if name == "4009")
    income = sum(b.credit - b.debit for name, b in found.items() if name[0] == "4" and name != "4009")
    assert income == totals["income"]
    assert sum(b.debit - b.credit for name, b in found.items() if name[0] == "5") == totals["expense"]
    assert given_back == {"2018H2": 0, "2019H1": 248_05}[code]


def test_opening_is_no_turnover(legs: tuple[Posting, ...]) -> None:
    opening = [posting for posting in legs if posting.opens]
    assert sum(posting.leg.debit for posting in opening) == 86_420_15
    found = balances.balances(legs, WHOLE, balances.by_code)
    assert found["3003"] == Balance(-86_420_15, 0, 0)


def test_each_months_reconciliation_is_the_statements_and_the_vouchers_come_to_it(
    year: Year, legs: tuple[Posting, ...]
) -> None:
    statements = [year.statement(code) for code in HALVES]
    found = list(bank.months(legs, statements, None, WHOLE, "2019-07-12"))
    assert [month.table for month in found] == [t for statement in statements for t in statement["reconciliation"]]
    assert [month.table["month"] for month in found] == list(WHOLE.months)
    assert all(month.agrees and month.published for month in found)
    assert [month.sums.get("bank_paid", 0) for month in found] == [0, 0, 0, 0, 60_00, 2460_00, 2460_00, 2460_00]


def test_a_table_that_the_vouchers_do_not_come_to_says_so(year: Year, legs: tuple[Posting, ...]) -> None:
    """A leg left out, or a table that does not agree in itself."""
    statement = year.statement("2019H1")
    without = [p for p in legs if p.voucher.number != "2019-03-0003"]
    found = list(bank.months(without, [statement], None, HALVES["2019H1"], "2019-07-12"))
    assert [month.agrees for month in found] == [True, True, False, False, False, False]
    table = statement["reconciliation"][0] | {"agrees": False}
    (month,) = bank.months(legs, [statement | {"reconciliation": [table]}], None, WHOLE, "2019-07-12")
    assert not month.agrees


def test_ledgers_run_from_opening_to_closing(legs: tuple[Posting, ...]) -> None:
    span = HALVES["2019H1"]
    places = balances.balances(legs, span, balances.by_place)
    details = list(ledgers.details(legs, span))
    assert [(d.code, d.account, d.fund) for d in details] == list(places)
    assert [d.closing for d in details] == [balance.closing for balance in places.values()]
    assert sum(len(d.rows) for d in details) == sum(1 for posting in legs if posting.within(span))
    codes = balances.balances(legs, span, balances.by_code)
    months = list(ledgers.general(legs, span))
    assert len(months) == len(codes) * 6
    for code, balance in codes.items():
        mine = [month.balance for month in months if month.code == code]
        assert [m.closing for m in mine[:-1]] == [m.opening for m in mine[1:]]
        assert (mine[0].opening, mine[-1].closing) == (balance.opening, balance.closing)


def test_the_journal_says_what_each_leg_is_about(case: Dossier, legs: tuple[Posting, ...]) -> None:
    """A leg has its line's party, contract and paper, on both sides; money in suspense has none."""
    titles = Titles(case, "zh_CN")
    (voucher,) = {p.voucher.number for p in legs if titles.summary(p) == "保险·9台电梯保险（澜物江业〔2019〕45号）"}
    mine = [p for p in legs if p.voucher.number == voucher]
    assert [(p.leg.code, p.amount, titles.party(p.move.party)) for p in mine if p.move] == [
        ("1002", -1170_00, "甲保险公司"),
        ("5006", 1170_00, "甲保险公司"),
    ]
    assert {p.papers for p in mine} == {1}
    assert {titles.summary(p) for p in legs if p.move is None} == {"期初建账", "待查款项"}
    assert len(legs) == sum(len(v.legs) for v in {p.voucher.number: p.voucher for p in legs}.values())


# --- small books ----------------------------------------------------------------------------------------------------------


def test_money_in_suspense_belongs_to_no_fund_until_it_is_said() -> None:
    house = treasury()
    letter = house.document()
    file = house.take(("2026-01-03", 50_00, [fees(50_00)]), ("2026-01-04", -20_00, []))
    house.confirm(file[0])
    row = next(iter(house.accounts.suspense))
    before = postings(case_of(house))
    (out,) = [p for p in before if p.leg.code == house.chart.suspense(-1)]
    assert (out.amount, out.leg.fund, out.move) == (20_00, "", None)
    house.clear(row, spent(20_00), evidence=letter)
    legs = postings(case_of(house))
    assert sum(p.amount for p in legs if p.leg.code == house.chart.suspense(-1)) == 0
    held = balances.held(legs, "9999-12-31")
    assert {key: amount for key, amount in held.items() if amount} == {
        key: amount for key, amount in house.accounts.balances.items() if amount
    }


# --- generated books ----------------------------------------------------------------------------------------------------------


class Legs(Years):
    """The random years of the books' own model; at their end the legs are asked."""

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        legs, today = postings(case_of(self.house)), self.house.day
        for number in {posting.voucher.number for posting in legs}:
            assert sum(posting.amount for posting in legs if posting.voucher.number == number) == 0
        held = balances.held(legs, "9999-12-31")
        kept = {key: amount for key, amount in self.house.accounts.balances.items() if amount}
        assert {key: amount for key, amount in held.items() if amount} == kept
        total = sum(balances.balances(legs, Span("2026-03-01", "2026-08-31"), balances.by_code).values(), Balance())
        assert (total.opening, total.closing) == (0, 0)
        if self.house.accounts.opened_on:
            drawn = draft(self.house)
            months = bank.months(legs, [], drawn, Span("2026-01-01", "2030-12-31"), today)
            assert all(month.agrees for month in months)


@pytest.mark.uncounted
def test_generated_books_balance_and_reconcile() -> None:
    run_state_machine_as_test(Legs, settings=settings(max_examples=15, stateful_step_count=40, deadline=None))
