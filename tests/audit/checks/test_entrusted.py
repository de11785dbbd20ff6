"""Which terms stand, and what was taken off under them, each case beside the nearest."""

from typing import Any

import pytest

from ledger.accounts.trust import TrustAgreed
from ledger.audit.checks.entrusted import deductions, standing
from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import dossier_of
from tests.community import BOTH


def agree(house: Treasury, code: str, **other: Any) -> None:
    body: dict[str, Any] = {"code": code, "trustee": "lift", "document": house.letter}
    body |= {"start": "2026-01-01", "until": "2026-12-31", "rate": "9/100", "base": "received"}
    body |= {"categories": ["service_fee"], "fund": "service_fee", "category": "remuneration"}
    house.act("trust.agreed/1", body | other, by=BOTH)


def deduct(house: Treasury, trust: str, on: str, amount: int = 100_00, **other: Any) -> str:
    body = {"trust": trust, "on": on, "amount": amount, "reason": "未保洁", "evidence": house.document()}
    return house.act("trust.deducted/1", body | other, by=BOTH)


def taken(house: Treasury) -> dict[str, list[str]]:
    """The deductions that count under each of the terms."""
    case = dossier_of(house)
    return {terms.body.code: [act.digest for act in deductions(case, terms)] for terms in case.acts(TrustAgreed)}


@pytest.mark.parametrize(("start", "left"), [("2026-01-02", ["t1", "t2"]), ("2026-01-01", ["t2"])])
def test_terms_stand_while_others_leave_them_a_day(start: str, left: list[str]) -> None:
    house = treasury()
    agree(house, "t1")
    agree(house, "t2", start=start, replaces="t1")
    assert [terms.body.code for terms in standing(dossier_of(house))] == left


def test_a_deduction_counts_under_the_terms_of_its_day_whichever_it_names() -> None:
    house = treasury()
    agree(house, "t1")
    agree(house, "t2", start="2026-07-01", replaces="t1")
    house.set_clock("2026-12-31T12:00:00+08:00")
    days = (("t1", "2026-01-01"), ("t1", "2026-06-30"), ("t1", "2026-07-01"), ("t2", "2026-12-31"))
    first, last, moved, end = (deduct(house, terms, day) for terms, day in days)
    assert taken(house) == {"t1": [first, last], "t2": [moved, end]}


def test_a_deduction_under_other_terms_of_the_same_days() -> None:
    house = treasury()
    agree(house, "t1")
    agree(house, "garage")
    one, other = deduct(house, "t1", house.day), deduct(house, "garage", house.day)
    assert taken(house) == {"t1": [one], "garage": [other]}


def test_a_deduction_that_was_corrected_and_one_that_was_taken_back() -> None:
    house = treasury()
    agree(house, "t1")
    wrong, mistaken = deduct(house, "t1", house.day), deduct(house, "t1", house.day)
    right = deduct(house, "t1", house.day, 50_00, corrects=wrong)
    deduct(house, "t1", house.day, 0, corrects=mistaken)
    assert taken(house) == {"t1": [right]}
