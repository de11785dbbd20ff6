"""The trust model's terms: entered as they were agreed, by both parties, about what stands on the ledger; pay by the law's figures."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.trust import pay
from ledger.rules.ratio import Share
from tests.accounts.treasury import Treasury, treasury
from tests.community import BOTH, digest_of, flats, refused_as
from tests.poll import Poll


@pytest.fixture
def house() -> Treasury:
    return treasury()


def terms(house: Treasury, **said: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"code": "t1", "trustee": "lift", "document": house.letter, "start": "2026-01-01"}
    body |= {"until": "2028-12-31", "rate": "9/100", "base": "received", "categories": ["service_fee"]}
    return body | {"fund": "service_fee", "category": "remuneration"} | said


def plan(house: Treasury, *lines: dict[str, Any], **said: Any) -> dict[str, Any]:
    some = {"line": "fees", "direction": "in", "fund": "service_fee", "categories": ["service_fee"], "amount": 900_00}
    body = {"code": "y1", "start": "2026-01-01", "until": "2026-12-31", "document": house.letter}
    return body | {"lines": list(lines) or [some]} | said


def test_terms_a_deduction_and_a_budget_move_nothing(house: Treasury) -> None:
    before = house.accounts
    house.act("trust.agreed/1", terms(house), by=BOTH)
    deducted = {"trust": "t1", "on": house.day, "amount": 5_00, "reason": "迟报", "evidence": house.letter}
    house.act("trust.deducted/1", deducted, by=BOTH)
    house.act("plan.adopted/1", plan(house, trust="t1"), by=BOTH)
    assert house.accounts == before


@pytest.mark.parametrize("kind", ["trust.agreed/1", "plan.adopted/1"])
def test_one_party_agrees_nothing(house: Treasury, kind: str) -> None:
    with refused_as("signers.seats"):
        house.act(kind, terms(house) if kind == "trust.agreed/1" else plan(house), by=["chair"])


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"trustee": "nobody"}, "party.unknown"),
        ({"document": digest_of("nothing")}, "document.unknown"),
        ({"motion": f"{digest_of('nothing')}#0"}, "trust.unknown_motion"),
        ({"replaces": "t0"}, "trust.unknown"),
        ({"categories": ["nothing"]}, "category.unknown"),
        ({"category": "nothing"}, "category.unknown"),
        ({"supervisor": digest_of("nobody")}, "person.unknown"),
        ({"until": "2025-12-31"}, "record.body"),
        ({"rate": "101/100"}, "record.body"),
        ({"rate": "0/100"}, "record.body"),
        ({"other_base": "received"}, "record.body"),
        ({"cap": 0}, "record.body"),
    ],
)
def test_terms_that_make_no_sense(house: Treasury, said: dict[str, Any], rule: str) -> None:
    with refused_as(rule):
        house.act("trust.agreed/1", terms(house, **said), by=BOTH)


def test_terms_stand_once_and_name_a_motion_of_a_meeting() -> None:
    house = Treasury(units=flats("a1 a2"))
    house.open()
    meeting = Poll(house).call()
    motion = f"{meeting}#0"
    for other in (meeting, f"{meeting}#1", f"{house.letter}#0"):
        with refused_as("trust.unknown_motion"):
            house.act("trust.agreed/1", terms(house, motion=other), by=BOTH)
    house.act("trust.agreed/1", terms(house, motion=motion, other_base="receivable", rate="1/1"), by=BOTH)
    with refused_as("trust.agreed_before"):
        house.act("trust.agreed/1", terms(house), by=BOTH)


@pytest.mark.parametrize(
    ("start", "fits"), [("2025-12-31", False), ("2026-01-01", True), ("2028-12-31", True), ("2029-01-01", False)]
)
def test_terms_take_the_place_of_others_on_one_of_their_days_and_once(house: Treasury, start: str, fits: bool) -> None:
    house.act("trust.agreed/1", terms(house), by=BOTH)
    new = {"code": "t2", "start": start, "until": "2030-12-31", "replaces": "t1"}
    if not fits:
        with refused_as("trust.other_days"):
            house.act("trust.agreed/1", terms(house, **new), by=BOTH)
        return
    house.act("trust.agreed/1", terms(house, **new), by=BOTH)
    with refused_as("trust_replaced.used_before"):
        house.act("trust.agreed/1", terms(house, **new | {"code": "t3"}), by=BOTH)


def deduct(house: Treasury, **said: Any) -> str:
    body = {"trust": "t1", "on": house.day, "amount": 5_00, "reason": "迟报", "evidence": house.letter}
    return house.act("trust.deducted/1", body | said, by=BOTH)


def test_a_breach_is_deducted_once_and_a_slip_of_the_pen_is_answered(house: Treasury) -> None:
    house.act("trust.agreed/1", terms(house), by=BOTH)
    house.act("trust.agreed/1", terms(house, code="t2"), by=BOTH)
    wrong = deduct(house, amount=500_00)
    with refused_as("trust_deducted.used_before"):
        deduct(house)
    with refused_as("record.body"):
        deduct(house, amount=0, evidence=house.document("另一份"))
    for other in ({"corrects": house.letter}, {"trust": "t2", "corrects": wrong}):
        with refused_as("trust.unknown_deduction"):
            deduct(house, **other)
    right = deduct(house, corrects=wrong)
    with refused_as("trust_corrected.used_before"):
        deduct(house, corrects=wrong, evidence=house.document("又一份"))
    deduct(house, amount=0, corrects=right)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"trust": "t9"}, "trust.unknown"),
        ({"on": "2026-12-31"}, "day.future"),
        ({"on": "2025-12-31"}, "trust.other_days"),
        ({"evidence": digest_of("nothing")}, "document.unknown"),
    ],
)
def test_a_deduction_that_makes_no_sense(house: Treasury, said: dict[str, Any], rule: str) -> None:
    house.act("trust.agreed/1", terms(house), by=BOTH)
    body = {"trust": "t1", "on": house.day, "amount": 5_00, "reason": "迟报", "evidence": house.letter}
    with refused_as(rule):
        house.act("trust.deducted/1", body | said, by=BOTH)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"trust": "t9"}, "trust.unknown"),
        ({"document": digest_of("nothing")}, "document.unknown"),
        ({"motion": f"{digest_of('nothing')}#0"}, "trust.unknown_motion"),
        ({"until": "2025-12-31"}, "record.body"),
        ({"replaces": "y0"}, "plan.unknown"),
    ],
)
def test_a_budget_that_makes_no_sense(house: Treasury, said: dict[str, Any], rule: str) -> None:
    with refused_as(rule):
        house.act("plan.adopted/1", plan(house, **said), by=BOTH)


def test_a_budget_claims_a_category_once_and_stands_once(house: Treasury) -> None:
    one = {"line": "a", "direction": "in", "fund": "service_fee", "categories": ["service_fee"], "amount": 1}
    with refused_as("record.body"):
        house.act("plan.adopted/1", plan(house, one, one | {"line": "b"}), by=BOTH)
    with refused_as("record.body"):
        house.act("plan.adopted/1", plan(house, one, one | {"direction": "out"}), by=BOTH)
    with refused_as("category.unknown"):
        house.act("plan.adopted/1", plan(house, one | {"categories": ["nothing"]}), by=BOTH)
    house.act("plan.adopted/1", plan(house, one, one | {"line": "b", "fund": "common_income"}), by=BOTH)
    with refused_as("plan.adopted_before"):
        house.act("plan.adopted/1", plan(house), by=BOTH)
    house.act("plan.adopted/1", plan(house, code="y2", replaces="y1"), by=BOTH)
    with refused_as("plan_replaced.used_before"):
        house.act("plan.adopted/1", plan(house, code="y3", replaces="y1"), by=BOTH)


# --- the pay --------------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_published_trust_budget() -> None:
    """514,384.39 × 9 % = 46,294.5951, so 46,294.60; with tax 3,160.64 and 56,000.00 the total is 619,839.63 (law.md §6; TL 35)."""
    earned = pay(514_384_39, Share(9, 100))
    assert earned == 46_294_60
    assert 514_384_39 + earned + 3_160_64 + 56_000_00 == 619_839_63


@pytest.mark.parametrize(
    ("base", "deductions", "cap", "earned"),
    [
        (100, 0, None, 9),
        (50, 0, None, 5),
        (49, 0, None, 4),
        (10_000, 0, 800, 800),
        (10_000, 0, 900, 900),
        (0, 0, None, 0),
        (10_000, 900, None, 0),
        (10_000, 901, None, 0),
        (10_000, 50, 800, 800),
        (10_000, 150, 800, 750),
    ],
)
def test_pay_is_rounded_half_up_capped_and_never_below_nothing(
    base: int, deductions: int, cap: int | None, earned: int
) -> None:
    assert pay(base, Share(9, 100), deductions=deductions, cap=cap) == earned


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(1, 10**9))
def test_pay_never_grows_by_a_deduction_or_a_cap(base: int, deductions: int, cap: int) -> None:
    whole = pay(base, Share(9, 100))
    assert 0 <= pay(base, Share(9, 100), deductions=deductions, cap=cap) <= min(whole, cap)
