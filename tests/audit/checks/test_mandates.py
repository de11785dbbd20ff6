"""Mandates that ask for too little, or for less while a payment waits, each beside the nearest one that does not."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.accounts.treasury import MANDATE, Treasury, treasury
from tests.audit.checks.asked import findings, found

ONE = [{"least": 1, "seats": [["chair"]]}]


@pytest.mark.parametrize(
    ("mandate", "met"),
    [
        (MANDATE, []),
        (ONE, [500_001]),
        ([*ONE, {"least": 500_001, "seats": [["chair"], ["member"]]}], []),
        ([*ONE, {"least": 500_002, "seats": [["chair"], ["member"]]}], [500_001]),
        ([{"least": 1, "seats": [["chair", "clerk"]]}], [1]),
        ([{"least": 1, "seats": [["clerk"], ["chair"], ["member"]]}], []),
    ],
)
def test_a_mandate_and_the_profile(mandate: list[dict[str, Any]], met: list[int]) -> None:
    made = treasury()
    made.account("second", "bank", ["service_fee"], mandate=mandate)
    assert [finding["from_fen"] for finding in found(made, "mandate.weak")] == met


def test_a_mandate_that_is_changed_and_a_box() -> None:
    made = treasury()
    made.act("mandate.changed/1", {"account": "bank", "mandate": ONE, "source": made.letter}, by=made.both)
    made.account("box2", "petty", ["service_fee"], mandate=ONE)
    assert found(made, "mandate.weak") == [{"of_account": "bank", "from_fen": 500_001, "approvals": 1, "wanted": 2}]
    made.act("mandate.changed/1", {"account": "bank", "mandate": MANDATE, "source": made.letter}, by=made.both)
    assert found(made, "mandate.weak") == []


TWO = [{"least": 1, "seats": [["chair"], ["registrar"]]}]
POSTED = [{"least": 1, "seats": [["chair"], ["registrar"]], "posting": 5}]


def change(made: Treasury, mandate: Sequence[dict[str, Any]]) -> str:
    return made.act(
        "mandate.changed/1", {"account": "bank", "mandate": list(mandate), "source": made.letter}, by=made.both
    )


def proposed(made: Treasury, amount: int = 100_00) -> str:
    return made.propose(made.apply_for(amount, by=["zhang"]), made.budget(), "lifts")


@pytest.mark.parametrize(
    ("before", "after", "by", "approvals"),
    [
        (TWO, ONE, ["chair"], [(1, 2)]),
        (ONE, ONE, ["chair"], []),
        (TWO, [{"least": 1, "seats": [["chair"], ["member"]]}], ["chair", "member"], []),
        (POSTED, TWO, ["chair", "registrar"], [(2, 2)]),  # as many, at once instead of after five days
        ([{"least": 1, "seats": [["chair"], ["clerk"]]}], ONE, ["chair"], []),
        (TWO, [*ONE, {"least": 100_01, "seats": [["chair"], ["registrar"]]}], ["chair"], [(1, 2)]),
        (TWO, [*ONE, {"least": 100_00, "seats": [["chair"], ["registrar"]]}], ["chair", "registrar"], []),
    ],
)
def test_a_mandate_that_changes_while_a_payment_waits(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], by: list[str], approvals: list[tuple[int, int]]
) -> None:
    made = treasury()
    change(made, before)
    proposal = proposed(made)
    application = made.accounts.proposals[proposal]
    change(made, after)
    for approver in by:
        assert found(made, "mandate.lowered") == []
        made.approve(proposal, approver)
    assert made.withdrawal(application).approved
    change(made, ONE)  # what comes afterwards is not what it was approved by
    reported = found(made, "mandate.lowered")
    assert [(finding["approvals"], finding["before"]) for finding in reported] == approvals


def test_the_change_is_what_it_is_about() -> None:
    made = treasury()
    change(made, TWO)
    proposal = proposed(made)
    lowered = change(made, ONE)
    made.approve(proposal)
    (finding,) = findings(made, "mandate.lowered")
    assert finding.evidence[0].record == lowered


def test_a_mandate_lowered_before_and_after_and_a_payment_that_still_waits() -> None:
    made = treasury()
    change(made, TWO)
    change(made, ONE)
    made.approve(proposed(made))
    change(made, TWO)
    proposed(made, 50_00)
    change(made, ONE)
    assert found(made, "mandate.lowered") == []
