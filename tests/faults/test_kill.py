"""``kill -9`` at any moment, two processes on one file: no answered record lost, none twice, no fork."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.rig import Answers, Rig, parse_lines


def rounds(rig: Rig, people: int, count: int, seed: int) -> Answers:
    """Kill both appenders ``count`` times at a random moment, checking the ledger now and then, then let them end.

    Both send the same submissions, each beginning somewhere else, so that they meet, and so that records answered in one
    life or by the other process are asked for again.
    """
    chance, answered = random.Random(seed), Answers()
    for number in range(count):
        processes = [rig.start(chance.randrange(people), every=3) for _ in range(2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"open\n", process.communicate()[1].decode()
        time.sleep(chance.random() * 0.15)
        for process in chance.sample(processes, 2):
            process.send_signal(signal.SIGKILL)
        for process in processes:
            out, _errors = process.communicate()
            answered.take(parse_lines(out))
        if number % 10 == 9:
            rig.check(answered)
    last = [rig.start(first, every=50) for first in (0, people // 2)]
    for process in last:
        out, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
        answered.take(parse_lines(out))
    return answered


def test_a_few_rounds(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.prepare(30)
    answered = rounds(rig, 30, 2, seed=1)
    assert rig.check(answered).head.size == 31
    assert len(answered.places) == 30


@pytest.mark.slow
def test_two_hundred_rounds(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.prepare(4_000)
    answered = rounds(rig, 4_000, 200, seed=20)
    books = rig.check(answered)
    assert books.head.size == 4_001
    assert len(answered.places) == 4_000
