"""Submissions of one moment share a transaction, and each its own fate; so do the proofs that answer them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.together import Together
from ledger.errors import Refused
from ledger.log.merkle import check_inclusion
from ledger.store.sequencer import ENTRY
from tests.api.conftest import Served
from tests.store.settled import Maker


class Work:
    """Halves even numbers, refuses odd ones, breaks at zero; its groups as they came."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def __call__(self, asked: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(asked))
        if 0 in asked:
            raise ZeroDivisionError
        return [Refused("odd.number", one) if one % 2 else one // 2 for one in asked]


def asked(work: Work, numbers: Sequence[int], most: int = 100) -> list[Any]:
    async def all_of_them() -> list[Any]:
        together = Together(work, lambda number: number, most)
        return list(await asyncio.gather(*map(together.ask, numbers), return_exceptions=True))

    return asyncio.run(all_of_them())


def test_what_is_asked_at_once_is_done_at_once_and_refused_each_for_itself() -> None:
    work = Work()
    two, three, four = asked(work, [2, 3, 4])
    assert (two, three.rule, four) == (1, "odd.number", 2)
    assert work.groups == [[2, 3, 4]]


def test_a_group_weighs_no_more_than_it_may_unless_it_is_one() -> None:
    work = Work()
    assert asked(work, [4, 4, 4, 30, 2], most=10) == [2, 2, 2, 15, 1]
    assert work.groups == [[4, 4], [4], [30], [2]]


def test_a_fault_that_one_meets_is_not_everybodys() -> None:
    work = Work()
    two, broken, four = asked(work, [2, 0, 4])
    assert (two, four) == (1, 2)
    assert isinstance(broken, ZeroDivisionError)
    assert work.groups == [[2, 0, 4], [2], [0], [4]]


def test_who_has_gone_keeps_nobody_waiting() -> None:
    async def some() -> list[int]:
        together = Together(Work(), lambda _number: 1, 100)
        gone = asyncio.create_task(together.ask(8))
        stays = asyncio.create_task(together.ask(6))
        await asyncio.sleep(0)
        gone.cancel()
        return [await stays, await together.ask(4)]

    assert asyncio.run(some()) == [3, 2]


def test_the_end_waits_for_all_that_was_asked() -> None:
    async def some() -> list[bool]:
        together = Together(Work(), lambda number: number, 4)
        asked = [asyncio.create_task(together.ask(4)) for _ in range(3)]
        await asyncio.sleep(0)
        await together.end()
        await asyncio.sleep(0)
        return [one.done() for one in asked]

    assert asyncio.run(some()) == [True] * 3


def in_the_loop(client: TestClient, work: Callable[[], Awaitable[Any]]) -> Any:
    assert client.portal is not None
    return client.portal.call(work)


@pytest.mark.usefixtures("client")
def test_submissions_of_one_moment_share_a_transaction(
    client: TestClient, served: Served, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, writer, size = served.kept, served.store._writer, served.store.books.head.size
    assert writer is not None
    written: list[int] = []
    write = writer.write

    def counted(sql: str, rows: Sequence[Sequence[object]]) -> None:
        if sql == ENTRY:
            written.append(len(rows))
        write(sql, rows)

    people = maker.persons(20)
    monkeypatch.setattr(writer, "write", counted)

    async def hand_in() -> list[Any]:
        jobs = [*([one] for one in people), people[:1], [people[1], people[1]]]
        found = await asyncio.gather(*map(kept.submit, jobs), return_exceptions=True)
        assert await kept.covers(size + 19, 10)
        return list(found)

    *accepted, again, twice = in_the_loop(client, hand_in)
    assert written == [20], "one statement, in one transaction"
    assert sorted(place.seq for (place,) in accepted) == list(range(size, size + 20))
    assert again[0].again
    assert {place.seq for place in twice} == {size + 1}

    async def prove() -> list[Any]:
        return list(await asyncio.gather(*(kept.proofs([place.seq]) for (place,) in accepted)))

    for (place,), (proof,) in zip(accepted, in_the_loop(client, prove), strict=True):
        head = kept.head.checkpoint
        assert (proof.index, proof.checkpoint) == (place.seq, kept.head.note)
        check_inclusion(place.leaf, place.seq, head.size, proof.path, head.root)
