"""``mingzhang bench``: how fast this machine keeps and checks a ledger, as ratios to what the bare libraries need here.

========  ================================================================================================  =============
part      what is measured                                                                                  aim
========  ================================================================================================  =============
sync      the disk: 4 KiB made durable, beside which everything durable has to be read
append    one signed record through the write path, against one bare durable commit of the same rows        floor ÷ ours
          and one bare signature check (:mod:`ledger.cli.floors`)                                           ≥ 0.7
groups    signed records a second: in jobs of 512, one by one from several threads, as batches              ≥ 4,000 a second
proof     inclusion proofs from the stored nodes of a tree of ``--entries``                                 p50 < 200 µs
verify    a whole bundle checked, against bare hashing of its bytes and bare signature checks by as many    ours ÷ floor
          threads (``by_one``: by one thread; ``cpu``: processor time instead of the wall's)                ≤ 2.5
snapshot  the state written down and read again
start     ``mingzhang --help``, against an interpreter that does nothing
========  ================================================================================================  =============

With ``--http`` the service is measured instead (:mod:`ledger.cli.load`), with ``--audit`` an audit of a ledger of
``--entries`` entries (:mod:`ledger.cli.auditbench`).

Everything is measured in a folder of its own inside FOLDER, on its disk, and removed afterwards. Figures of another
machine, another disk or another hour cannot be compared; ratios can, with care.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli.console import Console, Step
from ledger.cli.measure import Taken, Work, in_turns, median, quantile, sync_times
from ledger.cli.told import Told

if TYPE_CHECKING:
    from ledger.cli.floors import Signed
    from ledger.cli.specimen import Specimen
    from ledger.log.entry import Submission

Figures = dict[str, int | float]

BLOCK: Final = 20
"""Single appends before the same number of floors."""
JOB: Final = 512
SUBMITTERS: Final = 8
"""Threads that hand in one record at a time, as a server's do."""
PROOFS: Final = 2_000
REPEATS: Final = 3
"""How often what takes seconds is measured."""
STRIDE: Final = 7_919
"""A prime: proofs are asked for leaves all over the tree."""


def command() -> click.Command:
    """The command."""
    return bench


@click.command("bench", cls=Told, key="cli.bench")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
@click.option("--entries", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True, help="option.tree")
@click.option("--records", type=click.IntRange(1, 200_000), default=4_096, show_default=True, help="option.signed")
@click.option("--rounds", type=click.IntRange(1, 100_000), default=400, show_default=True, help="option.appends")
@click.option("--http", is_flag=True, default=False, help="option.the_service")
@click.option("--audit", is_flag=True, default=False, help="option.an_audit")
@click.option("--connections", type=click.IntRange(1, 900), default=512, show_default=True, help="option.connections")
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, help="option.each_load")
@click.option("--minutes", type=click.FloatRange(0, 1440), default=0.0, show_default=True, help="option.all_at_once")
@click.option("--example", type=click.Path(path_type=Path, exists=True), help="option.example_served")
@click.pass_obj
def bench(
    console: Console,
    folder: Path,
    entries: int,
    records: int,
    rounds: int,
    http: bool,
    audit: bool,
    connections: int,
    seconds: float,
    minutes: float,
    example: Path | None,
) -> None:
    """Measure appending, proving and checking on the disk of FOLDER, or the service over it, or an audit, beside the bare
    floor.
    """
    from ledger.cli import auditbench, load
    from ledger.store import driver

    with tempfile.TemporaryDirectory(prefix="mingzhang-bench-", dir=folder) as temporary:
        place = Path(temporary)
        report: dict[str, Any] = {
            "machine": {
                "python": sys.version.split()[0],
                "sqlite": driver.load().sqlite_version,
                "processors": os.cpu_count() or 1,
            },
            "sync": _sync(place, rounds),
        }
        with console.progress("bench.progress") as step:
            if http:
                report |= load.measure(place, load.Plan(connections, seconds, minutes, records, example), step)
            elif audit:
                report |= auditbench.measure(place, entries, step)
            else:
                report |= _parts(place, entries, records, rounds, step)
    _show(console, report, "load" if http else "bench.audit" if audit else "bench")


def _parts(place: Path, entries: int, records: int, rounds: int, step: Step) -> dict[str, Figures]:
    from ledger.cli.specimen import Specimen

    report = {}
    specimen = Specimen.create(place)
    with specimen.store:
        # What is checked is signed record by record, so the batches come last.
        parts: dict[str, Callable[[], Figures]] = {
            "append": lambda: _append(place, specimen, rounds),
            "groups": lambda: _groups(specimen, records),
            "proof": lambda: _proof(place, entries),
            "verify": lambda: _verify(place, specimen),
            "batches": lambda: _batches(specimen, records),
            "snapshot": lambda: _snapshot(specimen),
            "start": _start,
        }
        for done, (name, measure) in enumerate(parts.items()):
            step(done, len(parts))
            report[name] = measure()
    return report


def _show(console: Console, report: Mapping[str, Mapping[str, object]], room: str) -> None:
    if console.json:
        console.data(report)
        return
    for part, figures in report.items():
        click.echo(console.text(f"{'bench' if part in ('machine', 'sync') else room}.{part}", **figures))


def _sync(folder: Path, rounds: int) -> Figures:
    taken = sync_times(folder, rounds)
    return {"rounds": rounds, "p50_us": _us(median(taken)), "p99_us": _us(quantile(taken, 99))}


def _once(work: Callable[..., object], *values: object) -> Work:
    """Work that does not care in which turn it is."""
    return lambda _turn: work(*values)


def _append(folder: Path, specimen: "Specimen", rounds: int) -> Figures:
    """In blocks, as appends come to a server one behind the other: a single one would meet caches that the bench emptied."""
    from ledger.cli import floors

    raw = floors.RawCommits(folder / "floor.db", like=specimen.store.path)
    ours, floor, check, store = Taken(), Taken(), Taken(), specimen.store
    left = deque(specimen.signed_singly(rounds))
    while left:
        block = [left.popleft() for _ in range(min(BLOCK, len(left)))]
        pairs = [_signed(submission, specimen) for submission in block]
        first = store.books.head.size
        for submission in block:
            ours.add(_once(store.submit, [submission]))
        written = [specimen.written_by(seq) for seq in range(first, first + len(block))]
        for pair, (rows, head) in zip(pairs, written, strict=True):
            floor.add(_once(raw.append, pair, rows, head))
        for pair in pairs:
            check.add(_once(floors.check_signatures, [pair], 1))
    raw.close()
    return {
        "rounds": rounds,
        "ours_us": _us(median(ours.wall)),
        "ours_p99_us": _us(quantile(ours.wall, 99)),
        "floor_us": _us(median(floor.wall)),
        "floor_p99_us": _us(quantile(floor.wall, 99)),
        "check_us": _us(median(check.wall)),
        "ratio": _ratio(median(floor.wall), median(ours.wall)),
    }


def _groups(specimen: "Specimen", records: int) -> Figures:
    jobs, singly = [], []
    few = max(1, records // SUBMITTERS)
    for _ in range(REPEATS):
        submissions = specimen.signed_singly(records)
        jobs.append(_rate(specimen, [submissions[at : at + JOB] for at in range(0, records, JOB)], 2))
        singly.append(_rate(specimen, [[submission] for submission in specimen.signed_singly(few)], SUBMITTERS))
    return {
        "records": REPEATS * (records + few),
        "jobs_per_second": median(jobs),
        "singly_per_second": median(singly),
        "submitters": SUBMITTERS,
    }


def _batches(specimen: "Specimen", records: int) -> Figures:
    rates = [_rate(specimen, specimen.signed_as_batches(records), 1) for _ in range(REPEATS)]
    return {"records": REPEATS * records, "per_second": median(rates)}


def _rate(specimen: "Specimen", jobs: Sequence[Sequence["Submission"]], threads: int) -> int:
    """Records a second, handed in by so many threads."""
    waiting = deque(jobs)

    def hand_in() -> None:
        while waiting:
            try:
                job = waiting.popleft()
            except IndexError:  # another thread was faster
                return
            specimen.store.submit(job)

    def all_of_them(_turn: int) -> None:
        crowd = [threading.Thread(target=hand_in) for _ in range(threads)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()

    taken, before = Taken(), specimen.store.books.head.size
    taken.add(all_of_them)
    return (specimen.store.books.head.size - before) * 1_000_000_000 // max(1, taken.wall[0])


def _proof(folder: Path, entries: int) -> Figures:
    from ledger.cli import floors
    from ledger.cli.specimen import grown_tree
    from ledger.log.merkle import inclusion_path
    from ledger.store.database import Database
    from ledger.store.queries import StoredNodes

    path = folder / "tree.db"
    nodes = grown_tree(entries)
    raw = floors.RawCommits(path, like=folder / "ledger.db")
    raw.commit({"node": nodes}, (entries, b"", 0))
    raw.close()
    database = Database(path, writable=False)

    def prove(turn: int) -> None:
        with database.reading() as reader:
            inclusion_path(turn * STRIDE % entries, entries, StoredNodes(reader.rows))

    wall = in_turns(PROOFS, {"ours": prove})["ours"].wall
    database.close()
    return {"entries": entries, "p50_us": _us(median(wall)), "p99_us": _us(quantile(wall, 99))}


def _verify(folder: Path, specimen: "Specimen") -> Figures:
    from ledger import audit
    from ledger.cli import floors
    from ledger.log.entry import parse_entry
    from ledger.log.source import DirectorySource, read_entries

    target = folder / "bundle"
    size = specimen.write_bundle(target)
    source, trust = DirectorySource(target), audit.Trust(genesis=specimen.store.books.ledger)
    threads = min(os.cpu_count() or 1, 8)
    known = {key.id: key.public for key in specimen.store.books.people.keys.values()}
    signed: list[Signed] = [
        (signature.sig + entry.record.pae, known[signature.key])
        for entry in map(parse_entry, read_entries(source, size))
        for signature in entry.signatures
    ]
    findings: list[int] = []

    def ours(_turn: int) -> None:
        findings.append(len(audit.verify(source, trust).findings))

    def floor(by: int, _turn: int) -> None:
        floors.hash_files(list(floors.files_below(target)), list(read_entries(source, size)))
        floors.check_signatures(signed, by)

    taken = in_turns(REPEATS, {"ours": ours, "floor": partial(floor, threads), "by_one": partial(floor, 1)})
    wall = {name: median(each.wall) for name, each in taken.items()}
    return {
        "entries": size,
        "signatures": len(signed),
        "findings": max(findings),
        "threads": threads,
        "ours_ms": wall["ours"] // 1_000_000,
        "floor_ms": wall["floor"] // 1_000_000,
        "ratio": _ratio(wall["ours"], wall["floor"]),
        "ratio_by_one": _ratio(wall["ours"], wall["by_one"]),
        "ratio_cpu": _ratio(median(taken["ours"].cpu), median(taken["by_one"].cpu)),
    }


def _snapshot(specimen: "Specimen") -> Figures:
    from ledger.books import Books
    from ledger.log import snapshot

    books = specimen.store.books
    data = snapshot.dump(books)
    taken = in_turns(REPEATS, {"dump": lambda _: snapshot.dump(books), "load": lambda _: snapshot.load(Books, data)})
    return {
        "entries": books.head.size,
        "bytes": len(data),
        "dump_ms": median(taken["dump"].wall) // 1_000_000,
        "load_ms": median(taken["load"].wall) // 1_000_000,
    }


def _start() -> Figures:
    def run(code: str, _turn: int) -> None:
        subprocess.run([sys.executable, "-c", code, "--help"], check=True, stdout=subprocess.DEVNULL)

    ours = "from ledger.cli import main; main()"
    taken = in_turns(REPEATS, {"help": partial(run, ours), "bare": partial(run, "pass")})
    return {f"{name}_ms": median(each.wall) // 1_000_000 for name, each in taken.items()}


def _signed(submission: "Submission", specimen: "Specimen") -> "Signed":
    return submission.signatures[0].sig + submission.record.pae, specimen.treasurer.public


def _us(nanoseconds: int) -> int:
    return nanoseconds // 1_000


def _ratio(one: int, other: int) -> float:
    return round(one / max(1, other), 2)
