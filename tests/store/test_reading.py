"""Reading stays fast when there are many lines: no list walks through a table, whatever it is asked for."""

from pathlib import Path

import pytest

from ledger.store.reading import lines
from ledger.store.reading.lines import LineFilter, Order
from ledger.store.tables import LINE_KEYS
from tests.accounts.treasury import Treasury, fees
from tests.store.settled import ORIGIN, log_keys
from tests.store.test_projection import stored


@pytest.fixture
def house() -> Treasury:
    house = Treasury(genesis={"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN})
    house.open()
    house.set_clock("2026-03-01T09:00:00+08:00")
    house.take(*[(f"2026-02-{day:02d}", day, [fees(day, unit=f"a{day}")]) for day in range(1, 20)])
    return house


@pytest.mark.parametrize("order", ["log", "newest"])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        *({name: "x"} for name in LINE_KEYS),
        {"account": "bank", "unit": "a3"},
        {"nature": "income", "party": "x", "first": "2020-01-01"},
        {"first": "2026-02-03", "last": "2026-02-05"},
        {"least": 4, "account": "bank"},
    ],
)
def test_every_filter_is_looked_up(house: Treasury, tmp_path: Path, asked: dict[str, str], order: Order) -> None:
    wanted = LineFilter.model_validate(asked)
    with stored(house, tmp_path / "ledger.db") as store, store.reading() as reader:
        for place in (None, (3, 1)):
            sql, values = lines.query(reader.rows, wanted, place, order)
            (plan, *rest) = [row[3] for row in reader.rows(f"EXPLAIN QUERY PLAN {sql}", [*values, 10])]
            assert "USING INDEX line_" in plan
            named = [name for name in LINE_KEYS if asked.get(name)]
            ranged = [
                name
                for name, keys in (("day", ("first", "last")), ("amount", ("least", "most")))
                if any(map(asked.get, keys))
            ]
            assert plan.startswith("SEARCH") or (not named and not ranged and place is None)
            # Only what is narrow is put in order afterwards.
            assert bool(rest) == bool(ranged)


def test_wide_bounds_are_met_in_log_order(house: Treasury, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "NARROW", 5)
    with stored(house, tmp_path / "ledger.db") as store:
        wide = LineFilter(first="2026-02-03", least=4)
        with store.reading() as reader:
            sql, _values = lines.query(reader.rows, wide, None, "log")
        assert "INDEXED BY line_log" in sql
        seen, after = [], ""
        while True:
            page = lines.lines(store, wide, after=after, limit=4)
            seen += [one.amount for one in page.items]
            if page.next is None:
                break
            after = page.next
        assert seen == list(range(4, 20))
        narrow = lines.lines(store, LineFilter(first="2026-02-03", last="2026-02-05"), order="newest")
        assert [one.amount for one in narrow.items] == [5, 4, 3]
