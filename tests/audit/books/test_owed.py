"""Ages of what is owed: nothing is lost between the movements and what is left of them, and the oldest is settled first."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.books.owed import Aged, Open, open_items

DAYS = st.dates().map(lambda day: day.isoformat())
MOVED = st.lists(st.builds(Open, DAYS, st.integers(-500, 500).filter(bool)), max_size=20)


@given(MOVED)
def test_what_is_open_is_the_sum_of_what_moved(moved: list[Open]) -> None:
    left = open_items(moved)
    assert sum(item.amount for item in left) == sum(item.amount for item in moved)
    assert len({item.amount > 0 for item in left}) <= 1, "what is open is open in one direction"
    assert all(item.amount for item in left)
    assert [item.since for item in left] == sorted(item.since for item in left)


@given(MOVED)
def test_what_is_left_is_of_the_newest(moved: list[Open]) -> None:
    """Nobody gets younger debts by paying: what is left came into being no earlier than its own movement."""
    left = open_items(moved)
    assert {item.since for item in left} <= {item.since for item in moved}


def test_ages_at_their_bounds() -> None:
    items = tuple(Open(since, 1) for since in ("2019-05-31", "2019-05-30", "2019-04-01", "2019-03-31", "2018-06-30"))
    assert Aged(items).by_age("2019-06-30") == (1, 2, 1, 1, 0)
    assert Aged((Open("2018-06-29", 1),)).by_age("2019-06-30") == (0, 0, 0, 0, 1)
