"""A file joins what was imported before it: no gap, no row twice, twins kept."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.exchange.bank import BankFile, JoinedFile, join, read_bank_file
from tests.exchange.bank.writers import Movement, balances, comma, plain

DAY = datetime.date(2026, 8, 1)


def story(*steps: tuple[int, int]) -> list[tuple[Movement, int]]:
    movements = [Movement(DAY + datetime.timedelta(days=day), "", amount, "甲", "", "款") for day, amount in steps]
    return list(zip(movements, balances(0, movements), strict=True))


def file(rows: list[tuple[Movement, int]], opening: int | None = None) -> BankFile:
    if opening is None:
        opening = rows[0][1] - rows[0][0].amount
    return read_bank_file(comma(plain(opening, rows)))


STORY = story((0, 100), (0, -40), (1, 100), (1, -100), (1, 100), (2, 7), (4, -9))


def onto(old: BankFile, new: BankFile) -> JoinedFile:
    keys = {row.key for row in old.rows}
    return join(old.closing, old.last, new, lambda row: row.key in keys)


def test_the_next_file_joins_whole() -> None:
    joined = onto(file(STORY[:5]), file(STORY[5:]))
    assert ([row.amount for row in joined.fresh], joined.known) == ([7, -9], ())
    assert (joined.opening, joined.closing) == (160, 158)


def test_what_was_imported_before_is_passed_over() -> None:
    joined = onto(file(STORY[:5]), file(STORY[2:]))
    assert ([row.amount for row in joined.known], [row.amount for row in joined.fresh]) == ([100, -100, 100], [7, -9])


def test_the_same_file_again_brings_nothing() -> None:
    whole = file(STORY)
    assert onto(whole, whole).fresh == ()
    assert onto(whole, file(STORY[:2])).fresh == ()
    assert onto(whole, file(STORY[:2])).closing == whole.closing


def test_a_day_imported_in_parts_keeps_its_twins() -> None:
    joined = onto(file(STORY[:3]), file(STORY[2:5]))
    assert [(row.amount, row.ordinal) for row in joined.fresh] == [(-100, 0), (100, 1)]


@given(cut=st.integers(1, 6), start=st.integers(0, 6))
@settings(max_examples=60)
def test_any_cut_joins_or_is_refused(cut: int, start: int) -> None:
    whole_days = {0, 2, 5, 6}
    old, new = file(STORY[:cut]), file(STORY[start:])
    if start > cut and start in whole_days and old.closing != new.opening:
        with pytest.raises(Refused) as caught:
            onto(old, new)
        assert caught.value.rule == "bank.does_not_join"
        assert (caught.value.context["expected"], caught.value.context["got"]) == (old.closing, new.opening)
    elif start in whole_days and start <= cut:
        joined = onto(old, new)
        assert joined.closing == file(STORY).closing
        assert [row.balance for row in joined.fresh] == [balance for _, balance in STORY[cut:]]


def test_rows_that_come_to_nothing_between_two_files_leave_no_trace() -> None:
    # Known and written down: only totals and the second person find this. Should it ever be refused, the manual changes.
    assert onto(file(STORY[:3]), file(STORY[5:], 160)).closing == 158


def test_an_altered_row_of_the_past_is_named() -> None:
    old = file(STORY[:5])
    altered = [(Movement(DAY, "", 90, "甲", "", "款"), 90), (Movement(DAY, "", -30, "甲", "", "款"), 60), *STORY[2:]]
    with pytest.raises(Refused) as caught:
        onto(old, file(altered))
    assert (caught.value.rule, caught.value.context["row"]) == ("bank.does_not_join", 3)


def test_a_hole_before_known_rows_is_refused() -> None:
    old = file(STORY[2:5])  # imported first, without the two rows before
    with pytest.raises(Refused) as caught:
        onto(old, file(STORY))
    assert (caught.value.rule, caught.value.context["row"]) == ("bank.does_not_join", 3)


def test_known_rows_behind_new_ones_are_refused() -> None:
    new = file(STORY[5:])
    with pytest.raises(Refused) as caught:
        join(160, DAY, new, lambda row: row.amount == -9)
    assert (caught.value.rule, caught.value.context["row"]) == ("bank.does_not_join", 4)


def test_a_row_before_the_last_imported_day_is_refused() -> None:
    new = file(STORY[5:])
    assert join(160, DAY + datetime.timedelta(days=2), new, lambda row: False).fresh == new.rows
    assert join(160, None, new, lambda row: False).fresh == new.rows
    with pytest.raises(Refused) as caught:
        join(160, DAY + datetime.timedelta(days=3), new, lambda row: False)
    assert caught.value.rule == "bank.does_not_join"


def test_a_file_without_rows_must_say_the_same_balance() -> None:
    empty = file([], 160)
    assert join(160, DAY, empty, lambda row: False).closing == 160
    with pytest.raises(Refused) as caught:
        join(161, DAY, empty, lambda row: False)
    assert (caught.value.rule, caught.value.context["row"]) == ("bank.does_not_join", None)
