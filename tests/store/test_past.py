"""The past in the database: what a group of records is going to ask is asked in one statement."""

from collections.abc import Sequence
from typing import Any

from ledger.log.act import Used
from ledger.store.past import DatabasePast, names_of
from tests.accounts.treasury import treasury


def test_the_names_that_records_use_are_looked_up_at_once() -> None:
    house = treasury()
    asked: list[str] = []

    def rows(sql: str, _values: Sequence[object]) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return []

    past = DatabasePast(rows, 0)
    past.expect(names_of(entry.record for entry in house.entries))
    kinds = {"record", "id", "document", "party", "contract"}
    used = [fact for fact in house.all_facts if isinstance(fact, Used) and fact.kind in kinds]
    assert {fact.kind for fact in used} == kinds
    assert all(past.used(fact.kind, fact.key) is None for fact in used)
    assert len(asked) == 1
