"""Statements that the books themselves draw up are printed: real lines, real findings, no hand in between."""

from typing import Any

from ledger import canonical
from ledger.paper.message import message
from ledger.paper.statement import render_html, render_pdf
from ledger.paper.view import LATER, view
from tests.accounts.treasury import fees, spent, to_box, treasury
from tests.paper.test_html import Page
from tests.publication.drawing import drawn


def half_year() -> dict[str, Any]:
    """A half-year with fees, a payment without authority, petty cash, suspense, a deposit awaited, a deduction and a contra."""
    house = treasury()
    house.take(("2026-01-04", 900_00, [fees(900_00, covers="2026-01")]), confirmed=True)
    _file, _first, row, _third = house.take(
        ("2026-01-05", -70_00, [spent(70_00, party="lift")]),
        ("2026-01-05", 33_00),
        ("2026-01-05", -50_00, [to_box(50_00)]),
    )
    house.pay_cash({**spent(20_00), "party": "zhao"})
    house.contra(house.deposit(10_00, account="box"))
    house.deposit(200_00, cost=20_00, gross=220_00, cost_evidence=house.letter)
    house.clear(row, fees(30_00))
    kept = house.deposit(90_00, cost=10_00, gross=100_00, cost_evidence=house.letter)
    house.take(("2026-01-05", 90_00, [{"amount": 90_00, "settles": kept}]))
    return drawn(house)


def test_what_the_books_draw_up_is_printed() -> None:
    statement = half_year()
    assert canonical.decode(canonical.encode(statement)) == statement
    seen = view(statement, LATER, "zh_CN")
    text = Page(render_html(statement)).text
    assert render_pdf(statement).startswith(b"%PDF-")
    assert seen.poster.blocks[0].closing in message(statement)
    for account in seen.accounts:
        assert account.rows == () or account.rows[-1].balance == account.closing
    assert sum(len(account.rows) for account in seen.accounts) == statement["count"]
    for row in (row for account in seen.accounts for row in account.rows):
        assert row.balance in text


def test_its_open_points_are_told() -> None:
    poster = view(half_year(), LATER, "zh_CN").poster
    labels = {pair.label for pair in poster.open}
    assert {"待查款项（收到的）", "尚无依据的付款", "已登记、银行还没收到", "银行文件待第二人核对"} <= labels
    assert poster.blocks[0].answer.state == "differs"
    assert [row.title for row in poster.boxes] == ["box"]


def test_its_reconciliation_agrees_or_says_not() -> None:
    statement = half_year()
    for table, shown in zip(statement["reconciliation"], view(statement, LATER, "zh_CN").reconciliations, strict=True):
        assert shown.agrees == table["agrees"]


def test_codes_that_a_statement_does_not_explain_stand_as_codes() -> None:
    statement = half_year() | {"parties": [], "categories": [], "contracts": []}
    seen = view(statement, LATER, "en")
    assert any(row.party == "lift" for account in seen.accounts for row in account.rows)
    assert "lift" in [bar.label for bar in seen.poster.expense.bars]
