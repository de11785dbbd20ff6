"""``mingzhang bench --http``: what the service carries, beside floors that run under the same uvicorn at the same time.

===========  =======================================================================================================  =====
part         what is measured                                                                                         aim
===========  =======================================================================================================  =====
sync         the disk: 4 KiB made durable, beside which everything durable has to be read
submissions  signed records a second, one a request, each answered by its receipt; beside a handler that checks the   ≥ 0.5
             signature and commits one raw row (``to_row``), and one that answers at once (``to_empty``)
batches      records a second, 512 a request under one signature, beside raw rows one by one (``to_row``) and a       ≥ 0.5
             handler that commits a batch as raw rows (``to_rows``)
half         submissions arriving at random at half of that rate: time to the receipt, beside the raw row's at that
             rate. A receipt waits for the next signed head, of which there are four a second at most
checkpoint,  answers a second, beside files of the same bytes
tile, entry,
proof,
community,
statement
memory       the server's resident memory before and after ``--minutes`` of all of this at once
===========  =======================================================================================================  =====

The service is ``mingzhang serve`` as an operator starts it, over a new ledger, with all its checks, its log lines going to a
file; only its limits of requests and of connections are raised. ``--example FOLDER`` (as ``mingzhang demo`` leaves it) is served
beside it, from a copy, for pages with something on them; without it there is no statement. Servers and generator share
this machine: what the generator takes they lack, floors included.
"""

import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.cli import generator
from ledger.cli.generator import Load, get, post
from ledger.cli.measure import median, quantile
from ledger.cli.servers import Server, started

if TYPE_CHECKING:
    from ledger.cli.specimen import Specimen

Figures = dict[str, int | float]

REPEATS: Final = 3
READERS: Final = 32
"""Connections that read; more are of no use to a server that answers at once."""
BATCHERS: Final = 4
"""Connections that hand in batches."""
BATCH: Final = 512
MOST_SINGLE: Final = 4_000
MOST_BATCHED: Final = 16_000
"""Records signed beforehand for each second; a server that is faster has less time measured."""
SAMPLES: Final = 64
"""Entries that are asked for, one after another."""
STRIDE: Final = 7_919
OFFICERS: Final = ("treasurer", "chair", "vice_chair", "member", "member", "member", "caretaker")
"""Who signs by turns, since one key may bring in 50,000 records a day."""
FEWEST: Final = 10
"""Arrivals at least, however slow it is, for a median and a worst of them."""
SLICE: Final = 10.0
"""Seconds between two looks at the memory."""
SHARE: Final = 4
"""With all at once, requests arrive at one fourth of the rate that was measured: a submission, a read, a submission, …"""

SERVE: Final = "from ledger.cli import main; main()"
FLOORS: Final = "from ledger.cli import webfloors; webfloors.main()"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: connections that submit, seconds of each load, minutes of all at once, entries beforehand."""

    connections: int
    seconds: float
    minutes: float
    records: int
    example: Path | None


@dataclass(slots=True)
class Bench:
    """The servers side by side, and what is asked of them."""

    ours: Server
    floors: Server
    specimen: "Specimen"
    plan: Plan
    reads: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name, the addresses that are asked for by turns."""

    @property
    def submissions(self) -> str:
        """Where records are handed in."""
        return f"/api/v1/ledgers/{self.specimen.ledger}/submissions"

    def signed(self, count: int) -> list[bytes]:
        """The bodies of so many new records."""
        from ledger.log.entry import submission_json

        return [_json(submission_json(one)) for one in self.specimen.signed_singly(count)]

    def batches(self, count: int) -> list[bytes]:
        """The bodies of so many batches of new records."""
        from ledger.log.entry import submission_json

        return [
            _json([submission_json(one) for one in batch]) for batch in self.specimen.signed_as_batches(count * BATCH)
        ]


def measure(folder: Path, plan: Plan, step: Callable[[int, int], None]) -> dict[str, Figures]:
    """All parts, in a folder that is thrown away afterwards. Raises Unavailable ``bench.…``."""
    with _running(folder, plan) as bench:
        submissions = _submissions(bench)
        report = {"submissions": submissions}
        works: dict[str, Callable[[], Figures]] = {
            "batches": lambda: _batches(bench, int(submissions["row"])),
            "half": lambda: _half(bench, submissions["single"] / 2),
        }
        for name, paths in bench.reads.items():
            works[name] = lambda name=name, paths=paths: _read(bench, name, paths)  # type: ignore[misc]
        if plan.minutes:
            works["memory"] = lambda: _memory(bench, submissions["single"] / SHARE)
        for done, (name, work) in enumerate(works.items(), 1):
            step(done, len(works) + 1)
            report[name] = work()
    return report


def _submissions(bench: Bench) -> Figures:
    plan = bench.plan
    rates: dict[str, list[float]] = {"empty": [], "row": [], "single": []}
    used: dict[str, list[float]] = {"empty": [], "row": [], "single": []}
    promised = 0
    for _ in range(REPEATS):
        bodies = bench.signed(_count(MOST_SINGLE * plan.seconds))
        for name, path in (("empty", "/empty"), ("row", "/row")):
            requests = [post(path, body) for body in bodies]
            load = bench.floors.carry(itertools.cycle(requests), plan.connections, plan.seconds)
            rates[name].append(load.rate)
            used[name].append(load.each)
        load = bench.ours.carry([post(bench.submissions, body) for body in bodies], plan.connections, plan.seconds)
        rates["single"].append(load.rate)
        used["single"].append(load.each)
        promised += load.statuses[202]
    found = {name: _middle(each) for name, each in rates.items()}
    return {
        "connections": plan.connections,
        **found,
        "promised": promised,
        "cpu_us": _middle(used["single"]),
        "row_cpu_us": _middle(used["row"]),
        "to_row": _ratio(found["single"], found["row"]),
        "to_empty": _ratio(found["single"], found["empty"]),
    }


def _batches(bench: Bench, row: int) -> Figures:
    seconds = bench.plan.seconds
    ours, rows = [], []
    for _ in range(REPEATS):
        bodies = bench.batches(_count(MOST_BATCHED * seconds / BATCH))
        floor = itertools.cycle([post("/rows", body) for body in bodies])
        rows.append(bench.floors.carry(floor, BATCHERS, seconds).rate * BATCH)
        requests = [post(bench.submissions, body) for body in bodies]
        ours.append(bench.ours.carry(requests, BATCHERS, seconds).rate * BATCH)
    per_second, floor_rate = _middle(ours), _middle(rows)
    return {
        "connections": BATCHERS,
        "per_second": per_second,
        "rows": floor_rate,
        "to_row": _ratio(per_second, row),
        "to_rows": _ratio(per_second, floor_rate),
    }


def _half(bench: Bench, rate: float) -> Figures:
    """Both at the same rate, the one after the other."""
    plan, seconds = bench.plan, max(REPEATS * bench.plan.seconds, FEWEST / rate)
    bodies = bench.signed(_count(2 * rate * seconds))
    found = {}
    for name, server, path in (("row", bench.floors, "/row"), ("ours", bench.ours, bench.submissions)):
        requests = [post(path, body) for body in bodies]
        load = generator.run(generator.arriving(server.port, plan.connections, requests, rate, seconds))
        found[f"{name}_p50_ms"], found[f"{name}_p99_ms"] = (_ms(quantile(load.latencies, part)) for part in (50, 99))
    return {"rate": round(rate), **found}


def _read(bench: Bench, name: str, paths: Sequence[str]) -> Figures:
    ours: list[Load] = []
    files: list[Load] = []
    for _ in range(REPEATS):
        for loads, server, asked in ((files, bench.floors, _files(name, len(paths))), (ours, bench.ours, paths)):
            requests = itertools.cycle([get(path) for path in asked])
            loads.append(server.carry(requests, READERS, bench.plan.seconds / 2))
    per_second, of_files = (_middle([load.rate for load in loads]) for loads in (ours, files))
    cpu, of_files_cpu = (_middle([load.each for load in loads]) for loads in (ours, files))
    return {
        "per_second": per_second,
        "cpu_us": cpu,
        "files": of_files,
        "files_cpu_us": of_files_cpu,
        "to_files": _ratio(per_second, of_files),
    }


def _memory(bench: Bench, rate: float) -> Figures:
    """How the server's memory moves while everything is asked of it; the books grow with what is entered meanwhile."""
    plan, path = bench.plan, bench.submissions
    reads = itertools.cycle([get(one) for each in itertools.zip_longest(*bench.reads.values()) for one in each if one])
    submitted = 0

    def mixed() -> Iterator[bytes]:
        nonlocal submitted
        while True:
            (body,) = bench.signed(1)
            submitted += 1
            yield post(path, body)
            yield next(reads)

    looked = [(0.0, bench.ours.memory())]
    began = time.monotonic()
    while looked[-1][0] < plan.minutes * 60:
        seconds = min(SLICE, max(1.0, plan.minutes * 60 - looked[-1][0]))
        generator.run(generator.arriving(bench.ours.port, plan.connections, mixed(), rate, seconds))
        looked.append((time.monotonic() - began, bench.ours.memory()))
    slope = _slope(looked[len(looked) // 2 :])
    return {
        "minutes": plan.minutes,
        "rate": round(rate),
        "submitted": submitted,
        "begin_kib": looked[0][1] // 1024,
        "end_kib": looked[-1][1] // 1024,
        "slope_kib_a_minute": round(slope * 60 / 1024),
        "bytes_a_record": round(slope * looked[-1][0] / max(1, submitted)),
    }


@contextmanager
def _running(folder: Path, plan: Plan) -> Iterator[Bench]:
    """A new ledger with its first entries, the service over it, the floors, and files of what is read."""
    from ledger.cli import webfloors
    from ledger.cli.specimen import Specimen
    from ledger.example import figures, run
    from ledger.people import keyring
    from ledger.store.store import Store

    specimen = Specimen.create(folder, OFFICERS)
    with specimen.store as store:
        for batch in specimen.signed_as_batches(plan.records):
            store.submit(batch)
        store.publish()
    passphrase = str(figures.settings()["passphrase"])
    specimen.save_log_keys(folder / "log.ring", passphrase)
    arguments = ["serve", "--ledger", str(folder / "ledger.db"), "--keys", str(folder / "log.ring")]
    if plan.example is not None:
        copied = folder / "example"
        copied.mkdir()
        for file in plan.example.glob(f"{run.DATABASE}*"):
            shutil.copy(file, copied)
        # An older example gets this program's read tables when it is opened for writing; the service opens it for reading first.
        ring = keyring.load(plan.example / run.KEYRING, passphrase)
        Store.open(copied / run.DATABASE, ring.log).close()
        arguments += ["--also", str(copied / run.DATABASE), "--keys", str(plan.example / run.KEYRING)]
    static = folder / webfloors.STATIC
    static.mkdir()
    (folder / webfloors.KEYS).write_text(json.dumps({key.key: key.public.hex() for key in specimen.signers}))
    with (
        started(folder, SERVE, arguments, {"PASSPHRASE": passphrase}, "/ready") as ours,
        started(folder, FLOORS, [str(folder)], {}, "/empty") as floors,
    ):
        bench = Bench(ours, floors, specimen, plan)
        bench.reads = _reads(bench)
        for name, paths in bench.reads.items():
            for path, copy in zip(paths, _files(name, len(paths)), strict=True):
                (folder / copy.lstrip("/")).write_bytes(bench.ours.ask(path).body)
        yield bench


def _reads(bench: Bench) -> dict[str, list[str]]:
    """What is read, by name: addresses that are asked for by turns."""
    own, plan = bench.specimen.ledger, bench.plan
    api, sampled = f"/api/v1/ledgers/{own}", [n * STRIDE % plan.records for n in range(SAMPLES)]
    found = {
        "checkpoint": [f"/log/{own}/checkpoint"],
        "tile": [f"/log/{own}/tile/0/000"],
        "entry": [f"{api}/entries/{seq}" for seq in sampled],
        "proof": [f"{api}/proofs/inclusion?seq={seq}" for seq in sampled],
        "community": [f"/c/{own}/"],
    }
    others = [one["ledger"] for one in json.loads(bench.ours.ask("/ready").body)["ledgers"] if one["ledger"] != own]
    for other in others:
        periods = [
            one["period"] for one in json.loads(bench.ours.ask(f"/api/v1/ledgers/{other}/statements").body)["items"]
        ]
        found["community"] = [f"/c/{other}/"]
        found["statement"] = [f"/c/{other}/statements/{max(periods)}"]
    return found


def _files(name: str, count: int) -> list[str]:
    return [f"/static/{name}-{number}" for number in range(count)]


def _json(value: object) -> bytes:
    import orjson

    return orjson.dumps(value)


def _count(number: float) -> int:
    return max(1, round(number))


def _slope(points: Sequence[tuple[float, int]]) -> float:
    """Bytes a second, by least squares."""
    if len(points) < 2:
        return 0.0
    times, sizes = zip(*points, strict=True)
    middle, level = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((at - middle) ** 2 for at in times)
    return sum((at - middle) * (size - level) for at, size in points) / spread if spread else 0.0


def _middle(rates: Sequence[float]) -> int:
    return median([round(rate) for rate in rates])


def _ms(nanoseconds: int) -> float:
    return round(nanoseconds / 1e6, 1)


def _ratio(one: int, other: int) -> float:
    return round(one / max(1, other), 2)
