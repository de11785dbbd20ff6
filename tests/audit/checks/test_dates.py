"""Days on papers that do not fit each other, each beside the nearest that do. The books of these tests open on 2026-01-01."""

from datetime import date
from typing import Any

import pytest

from tests.accounts.treasury import Treasury, fees, treasury
from tests.audit.checks.asked import findings, found


def go_to(house: Treasury, day: str) -> None:
    """Wait until that day."""
    house.advance(days=(date.fromisoformat(day) - date.fromisoformat(house.day)).days)


def contract(house: Treasury, code: str = "c9", **said: Any) -> None:
    body = {"code": code, "direction": "in", "object": "广告位"}
    house.act("contract.entered/1", body | {k: v for k, v in said.items() if v is not None}, by=["chair"])


@pytest.mark.parametrize(
    ("start", "dated", "days"),
    [
        ("2018-12-01", "2018-12-13", 12),
        ("2018-12-12", "2018-12-13", 1),
        ("2018-12-13", "2018-12-13", None),
        ("2019-01-01", "2018-12-13", None),
        (None, "2018-12-13", None),
        ("2018-12-01", None, None),
    ],
)
def test_a_contract_that_began_before_its_paper(start: str | None, dated: str | None, days: int | None) -> None:
    house = treasury()
    paper = house.document("续签", **({"dated": dated} if dated else {}))
    contract(house, start=start, document=paper)
    contract(house, "c8", start=start)
    met = found(house, "dates.retroactive")
    said = {"contract": "c9", "count": 1, "paper": "续签", "start_day": start, "dated_day": dated, "days": days}
    assert met == ([] if days is None else [said])


def test_all_contracts_of_a_paper_are_one_finding() -> None:
    house = treasury()
    paper = house.document("续签", dated="2018-12-13", number_printed="甲字〔2018〕9号")
    contract(house, "c7", start="2018-12-05", document=paper)
    contract(house, "c8", start="2018-12-01", document=paper)
    contract(house, "c9", start="2019-01-01", document=paper)
    (met,) = findings(house, "dates.retroactive")
    assert [cited.part for cited in met.evidence] == ["start", "start", "dated"]
    assert met.evidence[-1].record == paper
    assert (met.figures["count"], met.figures["start_day"], met.figures["days"]) == (2, "2018-12-01", 12)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        ("2026-01-01", 31),
        ("2026-01-02", None),
        ("2025-12-31", None),
        (None, None),
    ],  # thirty days late; older than the books
)
def test_a_contract_entered_long_after_it_began(start: str | None, days: int | None) -> None:
    house = treasury()
    go_to(house, "2026-02-01")
    contract(house, start=start)
    assert [met["days"] for met in found(house, "dates.contract_late")] == ([] if days is None else [days])


@pytest.mark.parametrize(("dated", "met"), [("2026-01-01", 1), (None, 1), ("2026-01-02", 0)])
def test_a_contract_whose_paper_was_late_is_said_once(dated: str | None, met: int) -> None:
    house = treasury()
    go_to(house, "2026-02-15")
    contract(house, start="2026-01-01", document=house.document("租约", **({"dated": dated} if dated else {})))
    assert len(found(house, "dates.contract_late")) == met
    assert len(found(house, "dates.retroactive")) == 1 - met


def test_contracts_before_the_books_are_open() -> None:
    house = treasury(opened=False)
    go_to(house, "2026-03-15")
    contract(house, start="2026-01-01")
    assert found(house, "dates.contract_late") == []


@pytest.mark.parametrize(
    ("dated", "saved", "days"),
    [
        ("2019-02-11", "2019-02-16", 5),
        ("2019-02-11", "2019-02-15", None),
        ("2019-04-28", "2019-03-31", 28),
        ("2019-02-11", None, None),
        (None, "2019-02-16", None),
    ],
)
def test_a_paper_and_its_file(dated: str | None, saved: str | None, days: int | None) -> None:
    house = treasury()
    for _ in range(2):
        house.document("其他", dated="2019-02-11", saved="2019-02-12")
    house.document("函件", **{k: v for k, v in {"dated": dated, "saved": saved}.items() if v})
    said = {"paper": "函件", "dated_day": dated, "saved_day": saved, "days": days}
    assert found(house, "dates.saved_apart") == ([] if days is None else [said])


def test_papers_that_are_scanned_afterwards() -> None:
    house = treasury()
    house.document(number_printed="甲字第1号", dated="2019-02-11", saved="2019-02-12")
    house.document(number_printed="甲字第2号", dated="2019-02-11", saved="2019-03-12")
    assert found(house, "dates.saved_apart") == []
    house.document(number_printed="甲字第3号", dated="2019-02-11", saved="2019-02-12")
    assert [met["paper"] for met in found(house, "dates.saved_apart")] == ["甲字第2号"]


def test_a_paper_dated_after_it_came_on_the_ledger() -> None:
    house = treasury()
    house.document("函件", dated=house.day)
    assert found(house, "dates.dated_ahead") == []
    house.document("函件")
    house.document("预先写好的函", dated="2026-03-01")
    (met,) = found(house, "dates.dated_ahead")
    assert (met["paper"], met["dated_day"], met["entered_day"]) == ("预先写好的函", "2026-03-01", house.day)


@pytest.mark.parametrize(
    ("approval", "who", "day"),
    [
        ("业委会04-13；项目04-14；分管04-30", "业委会、项目", "2019-04-13"),
        ("业委会04-15；项目04-30", None, None),
        ("业委会盖章无日期", None, None),
        ("依据2019-03-01会议纪要", None, None),
        (None, None, None),
    ],
)
def test_a_paper_signed_before_it_was_dated(approval: str | None, who: str | None, day: str | None) -> None:
    house = treasury()
    house.document("立项", **({"approval_printed": approval} if approval else {}), dated="2019-04-15")
    house.document("立项", **({"approval_printed": approval} if approval else {}))
    met = found(house, "dates.signed_before")
    assert [(finding["who"], finding["signed_day"]) for finding in met] == ([] if who is None else [(who, day)])


def test_money_recorded_long_after_it_moved() -> None:
    house = treasury()
    go_to(house, "2026-02-04")
    house.take(("2026-01-04", 100_00, [fees(100_00)]), ("2026-01-05", 100_00, [fees(100_00)]))
    assert found(house, "dates.recorded_late") == [
        {"count": 1, "first_day": "2026-01-04", "entered_day": "2026-02-04", "days": 31}
    ]
    go_to(house, "2026-03-10")
    house.take(("2026-02-05", 100_00, [fees(60_00), fees(40_00)]), ("2026-02-06", 100_00, [fees(100_00)]))
    assert [(met["count"], met["first_day"]) for met in found(house, "dates.recorded_late")] == [
        (1, "2026-01-04"),
        (3, "2026-02-05"),
    ]


def test_money_of_a_period_whose_statement_was_out() -> None:
    house = treasury()
    house.take(("2026-01-04", 100_00, [fees(100_00)]))
    go_to(house, "2026-07-02")
    house.publish_next()
    row = house.take(("2026-06-30", 80_00, [fees(50_00), fees(30_00)]))[1]
    house.take(("2026-07-01", 20_00, [fees(20_00)]))
    cash = house.deposit(5_00, account="box", on="2026-06-29")
    whole, single = findings(house, "dates.closed_period")
    assert [[cited.record for cited in met.evidence] for met in (whole, single)] == [[row], [cash]]
    assert (single.figures["on_day"], single.figures["amount_fen"]) == ("2026-06-29", 5_00)
    assert whole.figures == {
        "voucher": "2026-07-0001",
        "on_day": "2026-06-30",
        "booked_day": "2026-07-01",
        "amount_fen": 80_00,
    }
    for record in (row, cash):
        house.contra(record)
    assert found(house, "dates.closed_period") == []


def test_a_list_of_contracts_is_younger_than_they() -> None:
    house = treasury()
    listed = house.document(kind="report", dated="2026-01-05")
    body = {"code": "c9", "direction": "in", "object": "广告位", "document": listed, "start": "2026-01-01"}
    house.act("contract.entered/1", body, by=["chair"])
    assert found(house, "dates.retroactive") == []
