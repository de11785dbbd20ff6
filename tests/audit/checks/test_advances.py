"""Advances, debts and cash that stay open, each case beside the nearest one that is settled."""

from typing import Any

import pytest

from ledger.rules.profile import shipped_text
from tests.accounts.treasury import Treasury, spent, to_box, treasury
from tests.audit.checks.asked import findings, found


def brought(house: Treasury, amount: int = 300_00, **said: Any) -> str:
    """Money that a party brought to be settled; the row."""
    part = {"fund": "service_fee", "category": "current_account", "nature": "payable", "party": "lift"}
    return house.take((house.day, amount, [part | {"amount": amount} | said]))[1]


def taken(house: Treasury, amount: int = 300_00, **said: Any) -> str:
    """Money that a party took to be settled; the row."""
    return brought(house, -amount, **said)


@pytest.mark.parametrize(("days", "met"), [(60, 0), (61, 1)])
def test_money_of_others_open_longer_than_an_advance_may_be(days: int, met: int) -> None:
    house = treasury()
    row = brought(house, covers="2025-11")
    house.advance(days=days)
    house.document()
    cited = [[c.record for c in f.evidence] for f in findings(house, "owed.to_others")]
    assert cited == [[row]] * met
    figures = {"from_party": "lift", "purpose_category": "current_account", "came_day": "2026-01-05"}
    assert found(house, "owed.to_others") == [figures | {"open_fen": 300_00, "days": 61}] * met
    assert found(house, "owed.by_others") == []


@pytest.mark.parametrize(("back", "left"), [(300_00, []), (299_99, [1])])
def test_money_of_others_that_went_back(back: int, left: list[int]) -> None:
    house = treasury()
    brought(house)
    taken(house, back)
    house.advance(days=61)
    house.document()
    assert [met["open_fen"] for met in found(house, "owed.to_others")] == left


def test_what_goes_back_settles_the_oldest_and_the_rest_is_an_advance() -> None:
    house = treasury()
    brought(house, 100_00)
    house.advance(days=1)
    second = brought(house, 100_00)
    taken(house, 150_00)
    house.advance(days=61)
    house.document()
    (met,) = findings(house, "owed.to_others")
    assert (met.evidence[0].record, met.figures["open_fen"]) == (second, 50_00)
    taken(house, 70_00)
    house.advance(days=61)
    house.document()
    assert found(house, "owed.to_others") == []
    assert [met["open_fen"] for met in found(house, "owed.by_others")] == [20_00]


def test_what_one_party_brought_is_not_settled_with_another() -> None:
    house = treasury()
    brought(house)
    taken(house, party="zhao")
    taken(house, category="loan")
    house.advance(days=61)
    house.document()
    assert len(found(house, "owed.to_others")) == 1
    assert len(found(house, "owed.by_others")) == 2


@pytest.mark.parametrize(("days", "amount", "met"), [(0, 300_00, 2), (7, 300_00, 2), (8, 300_00, 1), (7, 299_99, 1)])
def test_what_borrowed_money_was_for(days: int, amount: int, met: int) -> None:
    house = treasury()
    row = brought(house, category="loan")
    house.advance(days=days)
    paid = house.take((house.day, -amount, [spent(amount)]))[1]
    house.advance(days=61)
    house.document()
    (finding,) = findings(house, "owed.to_others")
    assert [cited.record for cited in finding.evidence] == [row, paid][:met]


def test_what_goes_to_another_to_be_settled_is_not_what_it_was_for() -> None:
    house = treasury()
    row = brought(house, category="loan")
    house.advance(days=1)
    taken(house, party="zhao")
    house.advance(days=61)
    house.document()
    (met,) = findings(house, "owed.to_others")
    assert [cited.record for cited in met.evidence] == [row]


@pytest.mark.parametrize(("days", "met"), [(60, 0), (61, 1)])
def test_an_advance_that_did_not_come_back(days: int, met: int) -> None:
    house = treasury()
    row = taken(house, document=house.letter)
    house.advance(days=days)
    house.document()
    assert [[c.record for c in f.evidence] for f in findings(house, "owed.by_others")] == [[row, house.letter]] * met


@pytest.mark.parametrize(("subject", "met"), [("归还前期押金", 0), ("预付货款", 1)])
def test_a_debt_older_than_the_books_that_is_paid_back(subject: str, met: int) -> None:
    house = treasury()
    taken(house, document=house.document(subject))
    taken(house, 1_00, party="zhao", document=house.document("函", lines=[{"text": subject}]))
    house.advance(days=61)
    house.document()
    assert len(found(house, "owed.by_others")) == 2 * met


def agreed(house: Treasury, **said: Any) -> None:
    body: dict[str, Any] = {
        "code": "c9",
        "direction": "out",
        "object": "开办费垫资",
        "term_printed": "进驻后6个月归还",
        "party": "lift",
    }
    body |= {"start": "2026-01-05", "total_printed": 1_000_00}
    house.act("contract.entered/1", {k: v for k, v in (body | said).items() if v is not None}, by=["chair"])


@pytest.mark.parametrize(("now", "met"), [("2026-09-03", 0), ("2026-09-04", 1)])
def test_an_advance_due_by_contract(now: str, met: int) -> None:
    """From 5 January six months end on 5 July, and 60 days later on 3 September."""
    house = treasury()
    agreed(house)
    house.set_clock(f"{now}T09:00:00+08:00")
    house.document()
    assert [f["due_day"] for f in found(house, "owed.by_contract")] == ["2026-07-05"] * met


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({"start": None}, ["2026-07-05"]),
        ({"start": "2026-02-01"}, ["2026-08-01"]),
        ({"term_printed": None, "end_printed": "进驻后6个月归还"}, ["2026-07-05"]),
        ({"start": None, "document": True}, ["2026-04-30"]),
        ({"term_printed": "归还期另议"}, []),
        ({"term_printed": None, "notes": "须于三个月内归还"}, ["2026-04-05"]),
        ({"object": "质保金"}, []),
        ({"object": "垫资", "term_printed": "保修6个月"}, []),
    ],
)
def test_when_an_advance_is_due(said: dict[str, Any], due: list[str]) -> None:
    house = treasury()
    if "document" in said:
        said |= {"document": house.document("补充协议", dated="2025-10-30")}
    agreed(house, **said)
    house.advance(days=300)
    house.document()
    assert [f["due_day"] for f in found(house, "owed.by_contract")] == due


@pytest.mark.parametrize(("total", "amount"), [(1_000_00, 1_000_00), (None, 0)])
def test_what_a_contract_says_of_an_advance(total: int | None, amount: int) -> None:
    house = treasury()
    agreed(house, total_printed=total)
    house.advance(days=300)
    house.document()
    figures = {"contract": "c9", "object": "开办费垫资", "amount_fen": amount, "months": 6, "due_day": "2026-07-05"}
    assert found(house, "owed.by_contract") == [figures]


def test_an_advance_under_which_something_was_booked() -> None:
    house = treasury()
    agreed(house)
    taken(house, contract="c9")
    house.advance(days=300)
    house.document()
    assert found(house, "owed.by_contract") == []


def fill(house: Treasury, amount: int = 400_00) -> str:
    """A party's advance into the box, on a paper; the paper."""
    paper = house.document("备用金")
    body = {"account": "box", "category": "current_account", "nature": "payable", "party": "lift", "document": paper}
    house.deposit(amount, **body)
    return paper


@pytest.mark.parametrize(("days", "held", "met"), [(60, 400_00, 0), (61, 400_00, 1), (61, 1, 1)])
def test_a_box_that_nobody_counted(days: int, held: int, met: int) -> None:
    house = treasury()
    fill(house, held)
    house.advance(days=days)
    house.document()
    assert [(f["held_fen"], f["days"]) for f in found(house, "cash.uncounted")] == [(held, 61)] * met


def count(house: Treasury, counted: int, *documents: str) -> None:
    body = {"account": "box", "on": house.day, "counted": counted, "documents": list(documents)}
    house.act("cash.counted/1", body, by=["treasurer", "supervisor"])


def test_a_box_that_was_counted_or_is_empty() -> None:
    house = treasury()
    fill(house)
    house.advance(days=40)
    count(house, 400_00)
    house.advance(days=40)
    house.document()
    assert found(house, "cash.uncounted") == []
    house.pay_cash(spent(400_00))
    house.advance(days=90)
    house.document()
    assert found(house, "cash.uncounted") == []


def test_an_advance_and_claims_that_no_count_names() -> None:
    house = treasury()
    advance = fill(house)
    claims = [house.document(f"函{n}") for n in range(2)]
    cash = [
        house.pay_cash(spent(amount, document=paper)) for amount, paper in zip((100_00, 250_00), claims, strict=True)
    ]
    repaid = taken(house, 400_00, document=advance)
    (met,) = findings(house, "cash.unmatched_advance")
    assert [cited.record for cited in met.evidence[1:]] == [repaid, *cash, advance, *claims]
    assert [met.figures[name] for name in ("advanced_fen", "claimed_fen", "rest_fen", "count")] == [
        400_00,
        350_00,
        50_00,
        2,
    ]
    count(house, 50_00, claims[0])
    assert [met["count"] for met in found(house, "cash.unmatched_advance")] == [1]
    count(house, 50_00, *claims)
    assert found(house, "cash.unmatched_advance") == []


def test_own_money_in_the_box_is_no_advance() -> None:
    house = treasury()
    house.take((house.day, -400_00, [to_box(400_00)]))
    house.pay_cash(spent(100_00, document=house.letter))
    lent = {"fund": "service_fee", "category": "current_account", "nature": "payable", "party": "lift"}
    house.pay_cash(lent | {"amount": -100_00, "document": house.document("预支")})
    assert found(house, "cash.unmatched_advance") == []


def test_an_advance_without_a_paper_was_repaid_on_none() -> None:
    """However small it is; what was paid on no paper either has nothing to do with it."""
    house = treasury()
    house.deposit(1, account="box", category="current_account", nature="payable", party="lift")
    house.take((house.day, -100_00, [spent(100_00)]))
    cash = house.pay_cash(spent(1, document=house.letter))
    (met,) = findings(house, "cash.unmatched_advance")
    assert [cited.record for cited in met.evidence[1:]] == [cash, house.letter]
    assert (met.figures["advanced_fen"], met.figures["claimed_fen"], met.figures["rest_fen"]) == (1, 1, 0)


def test_an_advance_of_which_nothing_is_claimed_by_paper() -> None:
    house = treasury()
    fill(house)
    assert found(house, "cash.unmatched_advance") == []
    house.pay_cash(spent(100_00))
    house.take((house.day, 50_00, [to_box(-50_00, document=house.letter)]))
    assert found(house, "cash.unmatched_advance") == []


@pytest.mark.parametrize(("amount", "met"), [(5_000_00, 0), (5_000_01, 1)])
def test_a_large_amount_in_cash(amount: int, met: int) -> None:
    """Above 5,000 yuan the national profile wants two to approve."""
    house = treasury()
    fill(house, 6_000_00)
    cash = house.pay_cash(spent(amount, document=house.letter))
    assert [[c.record for c in f.evidence] for f in findings(house, "cash.large")] == [[cash, house.letter]] * met


def test_money_at_the_bank_is_no_cash() -> None:
    house = treasury()
    house.take((house.day, -6_000_00, [spent(6_000_00)]))
    house.advance(days=1)
    house.take((house.day, 7_000_00, [spent(-7_000_00) | {"category": "service_fee", "nature": "income"}]))
    house.advance(days=90)
    house.document()
    assert found(house, "cash.large") == found(house, "cash.uncounted") == []


def test_cash_that_goes_to_the_bank_is_not_spent() -> None:
    house = treasury()
    fill(house, 6_000_00)
    house.take((house.day, 5_500_00, [to_box(-5_500_00)]))
    assert found(house, "cash.large") == []


@pytest.mark.parametrize(
    ("subject", "total", "met"),
    [
        ("12月水费，须现场交现金或支票", 5_000_01, 1),
        ("12月水费，须现场交现金或支票", 5_000_00, 0),
        ("12月水费", 5_000_01, 0),
        ("现金流量表", 5_000_01, 0),
        ("To be paid in cash", 5_000_01, 1),
    ],
)
def test_a_paper_that_wants_cash(subject: str, total: int, met: int) -> None:
    house = treasury()
    house.document(subject, total_printed=total)
    told = {"box_account": "", "paid_day": house.day, "amount_fen": total}
    assert found(house, "cash.large") == [told] * met


def test_a_paper_that_wants_cash_is_of_its_own_day_and_has_an_amount() -> None:
    """Even where a fen takes two to approve."""
    text = shipped_text("civil-code-2021").replace("from_fen = 500001", "from_fen = 1")
    house = Treasury(profile=text)
    house.document("须现场交现金", total_printed=1, dated="2025-12-01")
    house.document("须现场交现金")
    assert [(f["paid_day"], f["amount_fen"]) for f in found(house, "cash.large")] == [("2025-12-01", 1)]


def test_a_paper_that_wanted_cash_and_got_it_is_one_finding() -> None:
    house = treasury()
    fill(house, 6_000_00)
    paper = house.document("以现金支付", total_printed=5_500_00)
    house.pay_cash(spent(5_500_00, document=paper))
    assert len(found(house, "cash.large")) == 1
