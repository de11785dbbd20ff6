"""Measuring: how long pieces of work take, in turns, so that a busy moment of the machine meets all of them.

Times are whole nanoseconds, by the wall and of the processors (this process and the children that it waited for). What is
compared is measured in one run and told by its median: a disk that syncs in 0.1 ms now takes 5 ms a minute later, so a
figure alone says little, a ratio much.

>>> taken = in_turns(3, {"ours": lambda turn: None, "floor": lambda turn: None})
>>> sorted(taken), len(taken["ours"].wall)
(['floor', 'ours'], 3)
>>> quantile([5, 1, 4, 2, 3], 50), quantile([5, 1, 4, 2, 3], 99), quantile([7], 50)
(3, 5, 7)
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledger.errors import Malformed

Work = Callable[[int], object]
"""One piece of work; it is told which turn it is."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What each turn of a work took."""

    wall: list[int] = field(default_factory=list)
    cpu: list[int] = field(default_factory=list)

    def add(self, work: Work, turn: int = 0) -> None:
        """Do it and keep how long it took."""
        cpu, start = _processor_ns(), time.perf_counter_ns()
        work(turn)
        end = time.perf_counter_ns()
        self.wall.append(end - start)
        self.cpu.append(_processor_ns() - cpu)


def in_turns(turns: int, works: Mapping[str, Work], between: Work = lambda _turn: None) -> dict[str, Taken]:
    """The times of each work by name. Every other turn goes through them backwards; ``between`` is not measured."""
    taken = {name: Taken() for name in works}
    forward = list(works.items())
    for turn in range(turns):
        for name, work in forward if turn % 2 == 0 else reversed(forward):
            taken[name].add(work, turn)
        between(turn)
    return taken


def quantile(samples: Sequence[int], percent: int) -> int:
    """The smallest sample that is not below ``percent`` of all. Raises Malformed ``bench.no_samples``."""
    if not samples:
        raise Malformed("bench.no_samples", 0, "one sample or more")
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def median(samples: Sequence[int]) -> int:
    """The middle sample."""
    return quantile(samples, 50)


def _processor_ns() -> int:
    used = os.times()
    return time.process_time_ns() + int((used.children_user + used.children_system) * 1e9)


def sync_times(folder: Path, turns: int) -> list[int]:
    """How long the disk takes to make 4 KiB durable, appended to a new file of ``folder``."""
    handle = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    page, taken = bytes(4096), Taken()
    try:
        for _ in range(turns):
            os.write(handle, page)
            taken.add(lambda _turn: os.fdatasync(handle))
    finally:
        os.close(handle)
    return taken.wall
