"""Income that contracts promise, beside what came in: each finding and the nearest ledger without one."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found

RENT = {"cycle": "month", "amount": 300_00, "fund": "common_income", "category": "rent", "nature": "income"}
UNTIL_JUNE = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")


def let(house: Treasury, code: str = "c9", **said: Any) -> str:
    """A lease from the first of January; ``expected`` in parts of one promise."""
    body: dict[str, Any] = {"code": code, "direction": "in", "object": "机房", "party": "lift", "start": "2026-01-01"}
    promise = RENT | said.pop("promise", {})
    body |= {"expected": [promise]} | said
    return house.act("contract.entered/1", {k: v for k, v in body.items() if v is not None}, by=["chair"])


def paid(house: Treasury, on: str, amount: int = 300_00, **other: str) -> str:
    """Money that the bank had on a day."""
    house.set_clock(f"{on}T12:00:00+08:00")
    part = {"amount": amount, "fund": "common_income", "category": "rent", "nature": "income", "contract": "c9"}
    return house.take((on, amount, [{k: v for k, v in (part | other).items() if v}]))[1]


def now(house: Treasury, day: str) -> None:
    """Let it be that day: something is entered."""
    house.set_clock(f"{day}T12:00:00+08:00")
    house.document()


def paid_by_month(house: Treasury, *months: str, said: bool = True) -> None:
    for month in months:
        paid(house, f"{month}-28", covers=month if said else "")


def test_an_instalment_is_missing_when_its_time_and_the_grace_are_over() -> None:
    house = treasury()
    let(house)
    now(house, "2026-03-02")  # January ended 30 days ago
    assert found(house, "income.missing") == []
    assert [figures["days"] for figures in found(house, "income.nothing_yet")] == [60]
    now(house, "2026-03-03")
    assert found(house, "income.nothing_yet") == []
    assert found(house, "income.missing") == [
        {
            "contract": "c9",
            "count": 1,
            "first_day": "2026-01-01",
            "last_day": "2026-01-31",
            "due_fen": 300_00,
            "received_fen": 0,
            "missing_fen": 300_00,
        }
    ]


def test_a_month_of_two_promises_is_one_month() -> None:
    house = treasury()
    fee = RENT | {"amount": 20_00, "category": "service_fee", "fund": "service_fee"}
    let(house, expected=[RENT, fee])
    now(house, "2026-03-05")
    (figures,) = found(house, "income.missing")
    assert (figures["count"], figures["missing_fen"]) == (1, 320_00)


def test_a_contract_older_than_the_books_owes_what_came_due_since() -> None:
    house = treasury()
    let(house, start="1990-12-15")
    now(house, "2026-04-20")
    (figures,) = found(house, "income.missing")
    assert (figures["first_day"], figures["count"]) == ("2026-01-15", 2)


@pytest.mark.parametrize(
    ("start", "cycle", "first"),
    [
        ("2025-12-04", "month", "2026-01-04"),
        ("2025-12-03", "month", "2026-01-03"),
        ("2025-12-02", "month", "2026-02-02"),
        ("2025-11-01", "quarter", "2026-02-01"),
        ("2024-02-29", "year", "2026-02-28"),
    ],
)
def test_what_a_contract_owed_before_the_books_is_no_business_of_theirs(start: str, cycle: str, first: str) -> None:
    house = treasury(opened=False)
    house.open(on="2026-01-03")
    let(house, start=start, promise={"cycle": cycle})
    now(house, "2027-04-30")
    assert [figures["first_day"] for figures in found(house, "income.missing")] == [first]


def test_before_the_books_are_open_nothing_is_owed_to_them() -> None:
    house = treasury(opened=False)
    let(house)
    now(house, "2026-07-20")
    assert found(house, "income.missing") == found(house, "income.nothing_yet") == []


def test_nothing_is_missing_where_all_was_paid() -> None:
    house = treasury()
    let(house)
    paid_by_month(house, *UNTIL_JUNE)
    now(house, "2026-07-20")
    assert found(house, "income.missing") == found(house, "income.late") == []


@pytest.mark.parametrize("said", [True, False])
def test_a_month_left_out_is_one_finding(said: bool) -> None:
    """Where receipts say which month they are for, the very month is named; else the last one is short."""
    house = treasury()
    let(house)
    paid_by_month(house, *(month for month in UNTIL_JUNE if month != "2026-03"), said=said)
    now(house, "2026-08-20")
    (finding,) = findings(house, "income.missing")
    assert finding.figures["missing_fen"] == 300_00
    assert finding.figures["count"] == 1
    assert finding.figures["first_day"] == ("2026-03-01" if said else "2026-06-01")


def test_a_fen_short_is_a_month_unpaid() -> None:
    house = treasury()
    let(house)
    first = paid(house, "2026-02-01", 299_99)
    now(house, "2026-04-02")
    (finding,) = findings(house, "income.missing")
    assert (finding.figures["count"], finding.figures["first_day"]) == (2, "2026-01-01")
    second = paid(house, "2026-04-02", 1)
    (finding,) = findings(house, "income.missing")
    assert (finding.figures["count"], finding.figures["first_day"]) == (1, "2026-02-01")
    assert not {first, second} & {cited.record for cited in finding.evidence}, "none came before February"


def test_the_gap_is_seen_from_the_receipt_before_it_whatever_comes_later() -> None:
    house = treasury()
    let(house)
    paid_by_month(house, "2026-01")
    february = paid(house, "2026-02-28", covers="2026-02")
    paid_by_month(house, "2026-04")
    now(house, "2026-05-20")
    (before,) = findings(house, "income.missing")
    assert [cited.record for cited in before.evidence][1:] == [february]
    paid_by_month(house, "2026-05")
    now(house, "2026-06-20")
    assert [finding.key for finding in findings(house, "income.missing")] == [before.key]


def test_who_paid_for_later_months_still_owes_the_earlier_one() -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-20", covers="2026-01")
    paid(house, "2026-02-20", 900_00, covers="2026年4月至6月")
    now(house, "2026-04-02")
    (figures,) = found(house, "income.missing")
    assert (figures["first_day"], figures["missing_fen"]) == ("2026-02-01", 300_00)


@pytest.mark.parametrize(("short", "met"), [(100, []), (101, [101])])
def test_what_rounding_leaves_is_not_missing(short: int, met: list[int]) -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-31", 300_00 - short, covers="2026-01")
    now(house, "2026-03-05")
    assert [figures["missing_fen"] for figures in found(house, "income.missing")] == met


@pytest.mark.parametrize(
    "other",
    [
        {"contract": "", "party": "lift"},  # the payer named no contract
        {"covers": "2026-01-01..2026-01-31"},
        {"covers": "首月"},
        {"covers": "2026-01-31..2026-02-28"},
    ],
)
def test_money_is_counted_however_it_was_said(other: dict[str, str]) -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-31", 300_00, **other)
    now(house, "2026-03-05")
    assert found(house, "income.missing") == []


@pytest.mark.parametrize(
    "other", [{"contract": "", "party": "zhao"}, {"category": "advert", "contract": "", "party": "lift"}]
)
def test_money_of_somebody_or_something_else_is_not_counted(other: dict[str, str]) -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-31", 300_00, **other)
    now(house, "2026-03-05")
    assert len(found(house, "income.missing")) == 1


def test_a_payer_of_two_contracts_pays_the_one_whose_amount_it_is() -> None:
    house = treasury()
    let(house, "c8", object="杂物间", promise={"amount": 200_00})
    let(house)
    paid(house, "2026-01-31", contract="", party="lift")
    now(house, "2026-03-05")
    assert [figures["contract"] for figures in found(house, "income.missing")] == ["c8"]


def test_money_without_a_contract_is_no_rent_of_what_we_pay_for() -> None:
    house = treasury()
    let(house, "c8", direction="out")
    let(house)
    paid(house, "2026-01-31", contract="", party="lift")
    now(house, "2026-03-05")
    assert found(house, "income.missing") == []


def test_money_of_nobody_pays_no_contract_with_nobody() -> None:
    house = treasury()
    let(house, party=None)
    house.deposit(300_00, fund="common_income", category="rent")
    now(house, "2026-03-05")
    assert len(found(house, "income.missing")) == 1


@pytest.mark.parametrize("cycle", ["metered", "share"])
def test_what_is_measured_or_shared_is_no_rent(cycle: str) -> None:
    house = treasury()
    let(house, expected=[RENT, RENT | {"cycle": cycle, "amount": 0, "category": "charging"}])
    paid(house, "2026-01-31", category="charging")
    now(house, "2026-03-05")
    assert [figures["received_fen"] for figures in found(house, "income.missing")] == [0]


def test_a_deposit_held_is_no_rent() -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-31", category="deposit_held", nature="deposit_held")
    now(house, "2026-03-05")
    assert len(found(house, "income.missing")) == 1


def test_what_is_on_its_way_to_the_bank_has_come() -> None:
    house = treasury()
    let(house)
    house.set_clock("2026-01-31T12:00:00+08:00")
    house.deposit(300_00, fund="common_income", category="rent", contract="c9")
    now(house, "2026-03-05")
    assert found(house, "income.missing") == []


def test_what_a_contra_took_back_has_not_come() -> None:
    house = treasury()
    let(house)
    row = paid(house, "2026-01-31", covers="2026-01")
    now(house, "2026-03-05")
    assert found(house, "income.missing") == []
    house.contra(row)
    assert len(found(house, "income.missing")) == 1


@pytest.mark.parametrize(
    ("said", "met", "yet"),
    [
        ({"start": "2025-12-01"}, 1, []),  # its December is of a time before the books, its January is not
        ({"start": "2025-12-20"}, 0, [44]),
        ({"start": "2026-02-01"}, 0, [32]),
        ({"end": "2026-01-15"}, 0, []),  # no whole month
        ({"end": "2026-01-29"}, 0, []),
        ({"end": "2026-01-30"}, 1, []),  # whether the last day counts is written both ways
        ({"direction": "out"}, 0, []),
        ({"start": None}, 0, []),
        ({"promise": {"cycle": "metered"}}, 0, []),
        ({"promise": {"amount": 0, "cycle": "quarter"}}, 0, []),
        ({"promise": {"cycle": "quarter"}}, 0, [63]),
        ({"promise": {"cycle": "once"}, "end": "2026-01-31"}, 1, []),
        ({"promise": {"cycle": "once"}, "start": "2025-12-31", "end": "2026-01-31"}, 0, []),
        ({"promise": {"cycle": "once", "amount": 0}, "end": "2026-03-31"}, 0, []),
        ({"promise": {"cycle": "once"}}, 0, []),
        ({"notes": "先付后用", "start": "2026-02-03"}, 0, []),
        ({"notes": "先付后用", "start": "2026-02-02"}, 1, []),
        ({"term_printed": "先付后用", "start": "2026-02-02"}, 1, []),
        ({"notes": "期满付", "start": "2026-01-20"}, 0, [44]),
    ],
)
def test_what_is_due_by_the_fifth_of_march(said: dict[str, Any], met: int, yet: list[int]) -> None:
    house = treasury()
    let(house, **{"start": "2026-01-01"} | said)
    now(house, "2026-03-05")
    assert len(found(house, "income.missing")) == met
    assert [figures["days"] for figures in found(house, "income.nothing_yet")] == yet


@pytest.mark.parametrize("renewed", ["", "（续租）"])
def test_a_thing_let_anew_owes_nothing_more_under_the_old_contract(renewed: str) -> None:
    house = treasury()
    let(house, "c8", object=f"机房{renewed}", promise={"amount": 200_00})
    let(house, "c6", start=None)
    let(house, start="2026-01-20")
    now(house, "2026-03-05")
    assert [figures["contract"] for figures in found(house, "income.missing")] == []
    house.act(
        "contract.entered/1",
        {"code": "c7", "direction": "in", "object": "屋面", "start": "2026-01-01", "expected": [RENT]},
        by=["chair"],
    )
    assert [figures["contract"] for figures in found(house, "income.missing")] == ["c7"]


@pytest.mark.parametrize(("anew", "met"), [("2026-01-30", []), ("2026-01-31", ["c8"])])
def test_a_thing_let_anew_owes_until_the_day_before(anew: str, met: list[str]) -> None:
    """Of a time whose last day is the new contract's first, whether it counts is written both ways."""
    house = treasury()
    let(house, "c8")
    let(house, start=anew, end="2026-02-10")
    now(house, "2026-03-05")
    assert [figures["contract"] for figures in found(house, "income.missing")] == met


def test_who_paid_for_a_time_that_begins_pays_ahead() -> None:
    house = treasury()
    let(house)
    paid(house, "2026-01-20", covers="2026-02")
    now(house, "2026-01-31")
    assert found(house, "income.missing") == []
    now(house, "2026-02-01")
    assert [figures["last_day"] for figures in found(house, "income.missing")] == ["2026-01-31"]


def test_who_always_paid_ahead_owes_when_he_would_have_paid() -> None:
    house = treasury()
    let(house, promise={"cycle": "quarter", "amount": 900_00})
    paid(house, "2026-01-10", 900_00, covers="2026-01-01..2026-03-31")
    now(house, "2026-05-10")  # thirty days after the tenth day of the second quarter
    assert found(house, "income.missing") == []
    now(house, "2026-05-11")
    (figures,) = found(house, "income.missing")
    assert (figures["first_day"], figures["missing_fen"]) == ("2026-04-01", 900_00)


@pytest.mark.parametrize(("on", "ahead"), [("2026-01-16", True), ("2026-01-17", False)])
def test_ahead_is_in_the_first_half_of_the_time(on: str, ahead: bool) -> None:
    house = treasury()
    let(house)
    paid(house, on, covers="2026-01")
    now(house, "2026-03-18")  # thirty days after the 16th of February
    assert found(house, "income.missing") == []
    now(house, "2026-03-19")
    assert bool(found(house, "income.missing")) is ahead
    now(house, "2026-03-31")
    assert len(found(house, "income.missing")) == 1


def test_who_pays_before_his_time_begins_owes_when_it_does() -> None:
    house = treasury()
    let(house, start="2026-02-01", promise={"cycle": "quarter", "amount": 900_00})
    paid(house, "2026-01-20", 900_00, covers="2026-02-01..2026-04-30")
    now(house, "2026-05-31")
    assert found(house, "income.missing") == []
    now(house, "2026-06-01")
    assert len(found(house, "income.missing")) == 1


def test_who_paid_ahead_owes_at_the_end_where_that_is_printed() -> None:
    house = treasury()
    let(house, promise={"cycle": "quarter", "amount": 900_00}, notes="每季后付")
    paid(house, "2026-01-10", 900_00, covers="2026-01-01..2026-03-31")
    now(house, "2026-06-30")
    assert found(house, "income.missing") == []


@pytest.mark.parametrize(("notes", "met"), [("", 0), ("按季先付", 1), ("先付一半，余款后付", 0)])
def test_who_pays_in_the_middle_of_his_time_is_late_only_if_it_was_due_before(notes: str, met: int) -> None:
    house = treasury()
    let(house, promise={"cycle": "quarter", "amount": 900_00}, notes=notes or None)
    paid(house, "2026-02-05", 900_00, covers="2026-01-01..2026-03-31")
    now(house, "2026-06-30")
    assert len(found(house, "income.late")) == met


def test_who_paid_at_the_end_owes_at_the_end() -> None:
    house = treasury()
    let(house, promise={"cycle": "quarter", "amount": 900_00})
    paid(house, "2026-03-20", 900_00, covers="2026-01-01..2026-03-31")
    now(house, "2026-07-30")
    assert found(house, "income.missing") == []
    now(house, "2026-07-31")
    assert len(found(house, "income.missing")) == 1


def test_income_that_came_late() -> None:
    house = treasury()
    let(house)
    on_time = paid(house, "2026-03-02", covers="2026-01")
    assert found(house, "income.late") == []
    late = paid(house, "2026-03-31", covers="2026-02")
    assert found(house, "income.late") == [{"contract": "c9", "count": 1, "days": 31, "limit_days": 30}]
    (finding,) = findings(house, "income.late")
    assert [cited.record for cited in finding.evidence][1:] == [late]
    assert on_time != late


def test_a_year_that_begins_without_any_money() -> None:
    house = treasury()
    let(house, promise={"cycle": "year", "amount": 3_600_00})
    now(house, "2026-01-31")
    assert found(house, "income.nothing_yet") == []
    now(house, "2026-02-01")
    (figures,) = found(house, "income.nothing_yet")
    assert (figures["days"], figures["amount_fen"]) == (31, 3_600_00)
    assert found(house, "income.missing") == []
    paid(house, "2026-02-02", 1)
    assert found(house, "income.nothing_yet") == []


def test_what_is_missing_is_not_also_nothing_yet() -> None:
    house = treasury()
    let(house)
    now(house, "2026-03-05")
    assert len(found(house, "income.missing")) == 1
    assert found(house, "income.nothing_yet") == []


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, 1),
        ({"notes": "1元/3小时(对业主收费)；未约定场地费与分成"}, 1),
        ({"notes": "对业主10元/天"}, 1),
        ({"notes": "每年递增5%"}, 1),
        ({"notes": "收入三七分成"}, 0),
        ({"notes": "收入按3:7"}, 0),
        ({"notes": "营业时间8:00至20:00"}, 1),
        ({"notes": "按收入30%分成"}, 0),
        ({"notes": "场地费3000元/年"}, 0),
        ({"notes": "每月500元"}, 0),
        ({"total_printed": 300_00}, 0),
        ({"expected": [RENT]}, 0),
        ({"expected": [RENT | {"cycle": "metered", "amount": 0}]}, 0),
        ({"expected": [RENT | {"cycle": "share", "amount": 0}]}, 1),
        ({"direction": "out"}, 0),
    ],
)
def test_a_thing_let_for_nothing_that_is_said(said: dict[str, Any], met: int) -> None:
    house = treasury()
    paper = house.document("充电桩安装协议")
    let(house, **{"start": None, "expected": [], "object": "充电桩", "document": paper} | said)
    met_here = findings(house, "income.no_amount")
    assert len(met_here) == met
    assert all([cited.record for cited in finding.evidence][1:] == [paper] for finding in met_here)
