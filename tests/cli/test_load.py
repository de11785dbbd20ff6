"""The service's benchmark measures what it says it measures; how fast that is, is no matter of a test."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from nacl.exceptions import BadSignatureError
from starlette.testclient import TestClient

from ledger import words
from ledger.cli import generator, webfloors
from ledger.cli.load import Plan, measure
from ledger.cli.servers import started
from ledger.cli.specimen import Specimen
from ledger.log.entry import submission_json
from ledger.store import driver
from tests.cli.desk import said
from tests.community import refused_as

SMALL = ("--seconds", "0.1", "--connections", "4", "--records", "300", "--rounds", "4", "--minutes", "0.01")
READ = {"per_second", "cpu_us", "files", "files_cpu_us", "to_files"}
SHAPE: dict[str, set[str]] = {
    "machine": {"python", "sqlite", "processors"},
    "sync": {"rounds", "p50_us", "p99_us"},
    "submissions": {"connections", "empty", "row", "single", "promised", "cpu_us", "row_cpu_us", "to_row", "to_empty"},
    "batches": {"connections", "per_second", "rows", "to_row", "to_rows"},
    "half": {"rate", "ours_p50_ms", "ours_p99_ms", "row_p50_ms", "row_p99_ms"},
    **dict.fromkeys(("checkpoint", "tile", "entry", "proof", "community"), READ),
    "memory": {"minutes", "rate", "submitted", "begin_kib", "end_kib", "slope_kib_a_minute", "bytes_a_record"},
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("load")
    answer = said("--json", "bench", "--http", str(folder), *SMALL)
    assert answer.code == 0, answer
    assert list(folder.iterdir()) == [], "something is left behind"
    found: dict[str, dict[str, Any]] = answer.data
    return found


def test_every_part_is_measured(report: dict[str, dict[str, Any]]) -> None:
    assert {part: set(figures) for part, figures in report.items()} == SHAPE
    for part in ("empty", "row", "single"):
        assert report["submissions"][part] > 0
    assert all(report[part]["files"] > 0 for part in SHAPE if SHAPE[part] is READ)
    assert report["memory"]["submitted"] > 0


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_part_reads_as_a_sentence(report: dict[str, dict[str, Any]], locale: str) -> None:
    parts = {part: figures for part, figures in report.items() if part not in ("machine", "sync")}
    texts = [words.text(f"load.{part}", locale, **figures) for part, figures in parts.items()]
    texts.append(words.text("load.statement", locale, **report["community"]))
    assert all(
        str(figures["rate"]) in text for figures, text in zip(parts.values(), texts, strict=False) if "rate" in figures
    )
    assert len(set(texts)) == len(parts) + 1


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    with refused_as("bench.not_started"), started(tmp_path, "raise SystemExit('why not')", [], {}, "/"):
        pass
    assert "why not" in next(tmp_path.glob("*.log")).read_text()


def test_what_is_no_example_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "none").mkdir()
    with refused_as("keyring.not_found"):
        measure(tmp_path / "bench", Plan(1, 0.1, 0.0, 1, tmp_path / "none"), lambda _done, _of: None)


@pytest.fixture
def specimen(tmp_path: Path) -> Any:
    made = Specimen.create(tmp_path, ("treasurer", "chair"))
    with made.store:
        yield made


@pytest.fixture
def floors(specimen: Specimen, tmp_path: Path) -> Any:
    (tmp_path / webfloors.STATIC).mkdir()
    (tmp_path / webfloors.STATIC / "tile-0").write_bytes(b"tile")
    keys = {key.key: key.public.hex() for key in specimen.signers}
    (tmp_path / webfloors.KEYS).write_text(json.dumps(keys))
    with TestClient(webfloors.create_app(tmp_path)) as client:
        yield client


def rows(folder: Path) -> int:
    connection = driver.load().connect(str(folder / "rows.db"))
    ((count,),) = connection.execute("SELECT count(*) FROM row").fetchall()
    connection.close()
    return int(count)


def test_the_floors_check_commit_and_serve(specimen: Specimen, floors: TestClient, tmp_path: Path) -> None:
    first, second = (orjson.dumps(submission_json(one)) for one in specimen.signed_singly(2))
    (batch,) = specimen.signed_as_batches(5)
    assert floors.post("/row", content=first).status_code == floors.post("/row", content=second).status_code == 201
    assert rows(tmp_path) == 2
    assert floors.post("/rows", content=orjson.dumps([submission_json(one) for one in batch])).status_code == 201
    assert rows(tmp_path) == 7
    assert floors.get("/static/tile-0").content == b"tile"
    assert floors.post("/empty").status_code == 201


def test_a_floor_takes_no_wrong_signature(specimen: Specimen, floors: TestClient, tmp_path: Path) -> None:
    (one,) = specimen.signed_singly(1)
    (batch,) = specimen.signed_as_batches(3)
    wrong = submission_json(one) | {"record": submission_json(specimen.signed_singly(1)[0])["record"]}
    with pytest.raises(BadSignatureError):
        floors.post("/row", content=orjson.dumps(wrong))
    with pytest.raises(BadSignatureError):
        floors.post("/rows", content=orjson.dumps([submission_json(each) for each in batch[:2]]))
    assert rows(tmp_path) == 0


def test_two_officers_sign_by_turns(specimen: Specimen) -> None:
    keys = [one.signatures[0].key for one in specimen.signed_singly(4)]
    assert keys == [specimen.signers[0].key, specimen.signers[1].key] * 2


@asynccontextmanager
async def serving(answer: Callable[[int], tuple[float, bytes]], answers: int = 1_000_000) -> AsyncIterator[int]:
    """A port that answers the nth request with these bytes after so many seconds, and hangs up after so many answers."""
    asked = 0

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        for _ in range(answers):
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            after, data = answer(asked)
            asked += 1
            await asyncio.sleep(after)
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(one, generator.HERE, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_request_that_found_no_connection_free_has_waited() -> None:
    """One connection, and a server that is silent for 0.4 s: whoever was to be asked meanwhile has waited for its end."""

    async def load() -> generator.Load:
        async with serving(lambda n: (0.4 if n == 20 else 0.0, OK)) as port:
            requests = (generator.get("/") for _ in range(100_000))
            return await generator.arriving(port, 1, requests, 100, 1.0)

    load_ = generator.run(load())
    waited = [latency for latency in load_.latencies if latency > 100_000_000]
    assert len(waited) > 15, "only the one that was under way is late: the rest was omitted"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "bench.answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "bench.no_answer"),
    ],
)
def test_what_is_no_answer_ends_the_load(data: bytes, rule: str) -> None:
    async def load() -> generator.Load:
        async with serving(lambda n: (0.0, OK if n < 5 else data)) as port:
            return await generator.as_fast_as_it_goes(port, 2, [generator.get("/")] * 20, 10)

    with refused_as(rule):
        generator.run(load())


def test_a_server_that_hangs_up_between_two_requests_is_called_again() -> None:
    async def load() -> list[generator.Load]:
        async with serving(lambda _n: (0.0, OK), answers=3) as port:
            requests = [generator.get("/")] * 20
            return [
                await generator.as_fast_as_it_goes(port, 2, requests, 10),
                await generator.arriving(port, 2, requests, 1_000, 10),
            ]

    assert [each.statuses for each in generator.run(load())] == [{200: 20}] * 2


def test_as_many_are_answered_as_were_asked() -> None:
    async def load() -> generator.Load:
        async with serving(lambda _n: (0.0, OK)) as port:
            return await generator.as_fast_as_it_goes(port, 3, [generator.get("/")] * 50, 10)

    assert generator.run(load()).statuses == {200: 50}


def test_nobody_answers() -> None:
    with refused_as("bench.no_answer"):
        generator.run(generator.ask(1, generator.get("/")))
