r"""What a server counts, in Prometheus's text format, and nothing that names anybody.

Labels are bounded: routes by their template, ledgers by their first digits, refusals by the first word of their rule.
Counting happens in the server's event loop only; whoever reads from another thread takes a copy first. So nothing here locks.

>>> counted = Family("books_total", "counter", "Books seen.", ("place",))
>>> counted.add(2, 'a "shelf"')
>>> print(counted.text())
# HELP books_total Books seen.
# TYPE books_total counter
books_total{place="a \"shelf\""} 2

A histogram's buckets are cumulative, as the format has it:

>>> slow = Histogram("wait_seconds", "Waited.", ("at",), (0.1, 1))
>>> slow.observe(0.5, "door")
>>> for line in slow.text().splitlines()[2:]:
...     print(line)
wait_seconds_bucket{at="door",le="0.1"} 0
wait_seconds_bucket{at="door",le="1"} 1
wait_seconds_bucket{at="door",le="+Inf"} 1
wait_seconds_sum{at="door"} 0.5
wait_seconds_count{at="door"} 1
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.keeper import Keeper, Kept
from api.sessions import Sessions
from api.streams import Streams

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds, upper bounds: Prometheus's usual ones."""
DIGITS: Final = 8
"""Digits of the genesis digest by which a ledger is labelled."""
FILES: Final[Mapping[str, str]] = {"database": "", "wal": "-wal"}
STATM: Final = Path("/proc/self/statm")


@dataclass
class Family:
    """One metric with its values by the values of its labels."""

    name: str
    kind: str
    says: str
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], float] = field(default_factory=dict)

    def add(self, amount: float, *labels: str) -> None:
        """Count."""
        self.values[labels] = self.values.get(labels, 0) + amount

    def set(self, value: float, *labels: str) -> None:
        """Say how much there is now."""
        self.values[labels] = value

    def text(self) -> str:
        """The lines of this metric."""
        return "\n".join([f"# HELP {self.name} {self.says}", f"# TYPE {self.name} {self.kind}", *self._lines()])

    def _lines(self) -> Iterator[str]:
        for labels, value in list(self.values.items()):
            yield f"{self.name}{_labelled(self.labels, labels)} {_number(value)}"


class Histogram(Family):
    """How often something took how long."""

    def __init__(self, name: str, says: str, labels: tuple[str, ...], bounds: Sequence[float] = BUCKETS) -> None:
        super().__init__(name, "histogram", says, labels)
        self._bounds = bounds
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}

    def observe(self, value: float, *labels: str) -> None:
        """Count one."""
        counts = self._counts.setdefault(labels, [0] * (len(self._bounds) + 1))
        counts[next((n for n, bound in enumerate(self._bounds) if value <= bound), len(self._bounds))] += 1
        self._sums[labels] = self._sums.get(labels, 0.0) + value

    def _lines(self) -> Iterator[str]:
        for labels, counts in list(self._counts.items()):
            below = 0
            for bound, count in zip([*map(_number, self._bounds), "+Inf"], counts, strict=True):
                below += count
                yield f"{self.name}_bucket{_labelled((*self.labels, 'le'), (*labels, bound))} {below}"
            yield f"{self.name}_sum{_labelled(self.labels, labels)} {_number(round(self._sums[labels], 6))}"
            yield f"{self.name}_count{_labelled(self.labels, labels)} {below}"


class Metrics:
    """What one server has counted since it started."""

    def __init__(self) -> None:
        self.requests = Histogram("mingzhang_request_seconds", "Time to an answer's last byte.", ("route",))
        self.answers = Family(
            "mingzhang_answers_total", "counter", "Answers by route and status.", ("route", "method", "status")
        )
        self.submitted = Family(
            "mingzhang_records_total",
            "counter",
            "Records handed in: accepted, again (stood already), refused by the first word of the rule.",
            ("ledger", "outcome", "rule"),
        )

    def text(self, keeper: Keeper, sessions: Sessions, streams: Streams) -> str:
        """Everything, as Prometheus reads it."""
        families = [self.requests, self.answers, self.submitted, *_now(keeper, sessions, streams)]
        return "".join(family.text() + "\n" for family in families)


def label(ledger: str) -> str:
    """A ledger in a label: enough to tell the ledgers of one server apart."""
    return ledger[:DIGITS]


def rule_class(rule: str) -> str:
    """The first word of a rule: of these there are few."""
    return rule.partition(".")[0]


def _now(keeper: Keeper, sessions: Sessions, streams: Streams) -> Iterable[Family]:
    """What can be read off when it is asked."""

    def gauge(name: str, says: str, *labels: str) -> Family:
        return Family(f"mingzhang_{name}", "gauge", says, labels)

    def counter(name: str, says: str, *labels: str) -> Family:
        return Family(f"mingzhang_{name}", "counter", says, labels)

    entries = gauge("entries", "Entries committed.", "ledger")
    published = gauge("published_entries", "Entries under the newest head given out.", "ledger")
    age = gauge("head_age_seconds", "Seconds since the newest head was given out here.", "ledger")
    ready = gauge("ready", "1 while heads are given out.", "ledger")
    failures = counter("publish_failures_total", "Times that no head could be given out.", "ledger")
    silent = counter("witness_refusals_total", "Heads that a witness did not cosign.", "ledger", "witness")
    queue = gauge("queued_jobs", "Jobs that wait for the write path.", "ledger")
    size = gauge("sqlite_bytes", "Size of the database's files.", "ledger", "file")
    for one in keeper.kept.values():
        ledger = label(one.digest)
        entries.set(one.books.head.size, ledger)
        published.set(one.size, ledger)
        age.set(round(time.monotonic() - one.since, 1), ledger)
        ready.set(one.stopped is None and one.size > 0, ledger)
        failures.set(one.failures, ledger)
        queue.set(one.waiting, ledger)
        for witness, count in one.refusals.items():
            silent.set(count, ledger, witness)
        for name, file_size in _files(one):
            size.set(file_size, ledger, name)
    opened = gauge("sessions", "Sessions open.")
    opened.set(sessions.count)
    listening = gauge("event_streams", "Event streams open.")
    listening.set(streams.open)
    most = gauge("event_streams_most", "Event streams that may be open.")
    most.set(streams.most)
    memory = Family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
    if STATM.exists():
        memory.set(int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    return [entries, published, age, ready, failures, silent, queue, size, opened, listening, most, memory]


def _files(one: Kept) -> Iterator[tuple[str, int]]:
    for name, suffix in FILES.items():
        path = one.store.path.with_name(one.store.path.name + suffix)
        yield name, path.stat().st_size if path.exists() else 0


def _labelled(names: Sequence[str], values: Sequence[str]) -> str:
    if not names:
        return ""
    escaped = (value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") for value in values)
    return "{" + ",".join(f'{name}="{value}"' for name, value in zip(names, escaped, strict=True)) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
