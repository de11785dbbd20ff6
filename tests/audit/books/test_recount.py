"""Counting again finds what was certified, and finds a figure that was not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledger.audit.books.recount import Recounted, recounts
from ledger.audit.checks import Dossier, Gathering
from ledger.people.records import LedgerOpened
from ledger.rules.records import ProfileAdopted
from ledger.votes import facts
from ledger.votes.records import MeetingCertified
from tests.audit.specimen import Ledger, full_ledger

INPUTS = (
    LedgerOpened, ProfileAdopted, MeetingCertified,
    facts.BallotOpened, facts.MeetingCalled, facts.MeetingOpened, facts.RollFrozen,
)  # fmt: skip


def case_of(ledger: Ledger, change: Any = lambda fact: fact) -> Dossier:
    gathering = Gathering(INPUTS)
    for entry, followed in zip(ledger.entries, ledger.past.facts, strict=True):
        gathering.add(ledger.books, entry, [change(fact) for fact in followed])
    return gathering.close(ledger.books)


def found(ledger: Ledger, change: Any = lambda fact: fact) -> Sequence[Recounted]:
    return list(recounts(case_of(ledger, change)))


def test_a_certificate_is_found_again() -> None:
    both = found(full_ledger())
    assert len(both) == 2
    assert all(one.agrees for one in both)
    assert both[0].answers["yes"][0].area > 0
    assert both[1].answers["no"][0].area > 0


def test_a_ballot_that_says_otherwise_is_noticed() -> None:
    def no_instead(fact: Any) -> Any:
        if isinstance(fact, facts.BallotOpened) and fact.unit == "a1":
            return replace(fact, choices=("no", *fact.choices[1:]))
        return fact

    first, second = found(full_ledger(), no_instead)
    assert not first.agrees
    assert first.answers["yes"][0] != first.answers["yes"][1]
    assert second.agrees


def test_a_roll_of_other_areas_is_noticed() -> None:
    def doubled(fact: Any) -> Any:
        if isinstance(fact, facts.RollFrozen):
            return replace(fact, leaves=tuple(replace(leaf, area=leaf.area * 9) for leaf in fact.leaves))
        return fact

    assert not any(one.agrees for one in found(full_ledger(), doubled))
