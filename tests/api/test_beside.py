"""What the server does beside answering has ended when the server has: the store is closed right after."""

import asyncio
import threading
from pathlib import Path

from api.beside import beside
from api.keeper import Keeper, Kept
from ledger.store import Store
from tests.store.settled import Maker, ended, log_keys


class Clock:
    """A clock that somebody may be kept waiting for."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.asked, self.free = threading.Event(), threading.Event()
        self.free.set()

    def __call__(self) -> int:
        self.asked.set()
        assert self.free.wait(30)
        return self.maker.time

    def hold(self) -> None:
        """From now on whoever asks waits until `free` is set."""
        self.asked.clear()
        self.free.clear()


def founded(path: Path, maker: Maker, clock: Clock) -> Store:
    return Store.create(path, maker.submissions[0], log_keys(), clock, fatal=ended)


def test_a_head_that_is_being_signed_when_the_server_ends_is_signed(tmp_path: Path) -> None:
    maker = Maker()
    clock = Clock(maker)

    async def story(kept: Kept) -> None:
        running = Keeper.of([kept]).running()
        await running.__aenter__()
        kept.store.submit([maker.person("one")])
        clock.hold()
        kept.want()
        while not clock.asked.is_set():
            await asyncio.sleep(0)
        ending = asyncio.create_task(running.__aexit__(None, None, None))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not ending.done()
        clock.free.set()
        await ending
        assert kept.task is not None
        assert kept.task.done()

    with founded(tmp_path / "ledger.db", maker, clock) as store:
        asyncio.run(story(Kept(store, writable=True, pause=0)))
        found = store.published()
        assert found is not None
        assert found.size == 2


def test_a_store_is_closed_behind_whoever_writes(tmp_path: Path) -> None:
    maker = Maker()
    clock = Clock(maker)
    store = founded(tmp_path / "ledger.db", maker, clock)
    one, placed = maker.person("one"), list[int]()
    writing = threading.Thread(target=lambda: placed.extend(each.seq for each in store.submit([one])))
    closing = threading.Thread(target=store.abandon)
    clock.hold()
    writing.start()
    assert clock.asked.wait(30)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    clock.free.set()
    closing.join(30)
    writing.join(30)
    assert placed == [1]


def test_a_fault_ends_what_runs_beside_and_nothing_else() -> None:
    async def fails() -> None:
        raise ArithmeticError

    async def story() -> None:
        async with beside(fails) as task:
            while not task.done():
                await asyncio.sleep(0)
            assert isinstance(task.exception(), ArithmeticError)

    asyncio.run(story())
