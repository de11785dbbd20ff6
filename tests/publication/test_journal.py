"""The journal forgets what no statement prints any more: its statements are those of a model that forgets nothing."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import MingzhangError
from ledger.log import merkle
from ledger.publication.journal import Journal
from ledger.publication.statement import draw_up
from tests.accounts.treasury import spent
from tests.publication import whole
from tests.publication.treasurer import Busy
from tests.publication.whole import Whole

NAMED = {"corrections": "notice", "rejected": "record"}
"""Fields of which the model knows which ones are there."""


def journal_of(house: Busy) -> Journal:
    """Its journal so far."""
    journal = Journal()
    for entry, facts in house.history:
        journal.add(entry, facts)
    return journal


def drawn(house: Busy) -> dict[str, Any]:
    """The next statement, compared with the model's."""
    model = Whole()
    for entry, facts in house.history:
        model.add(entry, facts)
    made = draw_up(house.books, journal_of(house), merkle.root(entry.leaf for entry in house.entries))
    for name, expected in whole.fields(made, model, house.accounts).items():
        said = [one[NAMED[name]] for one in made[name]] if name in NAMED else made[name]
        assert said == expected, name
    assert all(table["agrees"] for table in made["reconciliation"])
    return made


def a_period(house: Busy, acts: int) -> None:
    """Acts in a half-year and after its end, until it is published; others may stand between prefix and publication."""
    for _ in range(acts):
        house.act_somehow()
        drawn(house)
    last = drawn(house)["period"]["last"]
    if house.day <= last:
        house.set_clock(f"{last}T23:00:00+08:00")
        house.advance(days=house.random.choice((1, 9, 40)))
    for _ in range(acts // 2):
        house.act_somehow()
        drawn(house)
    made = drawn(house)
    house.act_somehow()
    try:
        house.publish(made)
    except MingzhangError:
        house.publish(drawn(house))


@pytest.mark.uncounted
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_statements_are_those_of_a_journal_that_keeps_everything(seed: int) -> None:
    house = Busy(Random(seed))
    for _ in range(3):
        a_period(house, 20)
    drawn(house)


@pytest.mark.uncounted
def test_what_lies_behind_a_closed_period_is_forgotten() -> None:
    house = Busy(Random(1))
    for _ in range(4):
        a_period(house, 20)
    journal = journal_of(house)
    until = house.accounts.closed_until
    assert set(journal.lines) <= set(house.accounts.periods)
    assert journal.banks
    assert not any(on <= until for bank in journal.banks.values() for on, _ in bank.rows)
    open_ = {row for row, held in journal.suspense.items() if held.amount or held.moves}
    assert set(journal.suspense) == open_
    assert not any(move.booked <= until for held in journal.suspense.values() for move in held.moves[:1])
    assert not any("" < one.came <= until for one in journal.awaited.values())
    booked = {f"{line.record}#{line.move.part}" for lines in journal.lines.values() for line in lines}
    assert set(journal.founded) <= booked


def test_a_payment_of_the_next_period_that_was_ratified_early_is_told_as_such() -> None:
    """Ratified while the period before was still open: its closing must not forget that."""
    house = Busy(Random(0))
    house.set_clock("2026-07-03T09:00:00+08:00")
    house.take(("2026-07-02", -50_00, [spent(50_00)]), confirmed=True)
    house.ratify()
    house.publish(drawn(house))
    assert [b["basis"] for b in drawn(house)["decisions"]["by_basis"]] == ["ratified"]


def test_a_payment_taken_back_in_the_next_period_before_its_own_is_published_counts_no_more() -> None:
    house = Busy(Random(0))
    house.set_clock("2026-06-30T09:00:00+08:00")
    _, row = house.take(("2026-06-30", -50_00, [spent(50_00)]), confirmed=True)
    house.set_clock("2026-07-03T09:00:00+08:00")
    assert drawn(house)["decisions"]["by_basis"] != []
    house.contra(row)
    assert drawn(house)["decisions"]["by_basis"] == []
