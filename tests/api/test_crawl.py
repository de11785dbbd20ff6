"""A secret planted in every private text, and everything that can be read asked by everybody: who finds which.

Each name, label and narration, an explanation, a document of each audience, what waits for a second signer, and the choices
of ballots before the close hold a text that stands nowhere else. Every operation and page that answers GET is asked about
every record that holds one, archives are opened, and each text must be found by those in its audience, and by nobody else.
Prints as PDF are left to tests/paper: they are made from what ``.html`` and ``.txt`` say.
"""

import base64
import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.access import ANYONE, AUDIENCES, OFFICER, OWNER, PERSON, WATCHER
from api.app import operations
from ledger.log.entry import Opening
from ledger.store import private, statements
from tests.accounts.treasury import fees, spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.api.test_waiting import left
from tests.poll import Poll, motion

pytestmark = pytest.mark.uncounted  # quicker tests go through the same lines

__all__ = ["base", "client"]

WHO = {PERSON: "guest", OWNER: "owner-a1", OFFICER: "treasurer", WATCHER: "supervisor"}
NOT_ASKED = ("/events", "/acts/kinds", ".pdf", ".png")
"""Ends of paths: never ends; schemas only; no text to search."""


def secret(*parts: object) -> str:
    return "秘" + hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


class Secretive(House):
    """Whatever it seals has a text of its own; ``planted``: text to audience, ``place`` to the record's kind and field."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}
        self.where: dict[str, tuple[str, str]] = {}
        super().__init__()

    def commit(self, kind: str, place: str, value: Any, salt: bytes | None = None) -> tuple[str, Opening]:
        """As any community's, with a secret in the text."""
        text = secret(kind, place, value, salt)
        if isinstance(value, str):
            value = f"{value} {text}"
        else:
            text = base64.b64encode(salt or b"").decode()
        self.planted[text] = private.audience(kind, place)
        self.where[text] = kind, place
        return super().commit(kind, place, value, salt)


@dataclass
class Planted:
    """A house with its secrets: text to audience, and what to ask about."""

    living: Living
    audience: dict[str, str] = field(default_factory=dict)
    where: dict[str, tuple[str, str]] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    house = Secretive()
    house.enter("guest")
    name, _ = house.commit("party.entered/1", "name", "李四")
    house.act("party.entered/1", {"code": "li", "nature": "natural", "name": name}, by=["chair"])
    house.take(
        ("2026-01-05", 300_00, [fees(300_00, unit="a1", covers="2026-01")]),
        ("2026-01-05", -12_34, [spent(12_34, party="li")]),
        ("2026-01-06", 7_00),
        confirmed=True,
    )
    # By another owner than the one who looks: whoever asked may read what he wrote (tests/api/test_objections.py).
    asked = house.act("objection.filed/1", house.objection(house.letter, "这封函呢"), by=["owner-a2"])
    slip = house.objection(house.letter, "请说明", "objection.received/1")
    house.act("objection.received/1", slip | {"owner": house.ref("owner-a2"), "slip": "no-1"}, by=["registrar"])
    house.act("objection.answered/1", house.answer(asked, "见附件"), by=["chair"])
    said, _ = house.commit("finding.answered/1", "text", "已补")
    house.act("finding.answered/1", {"finding": "00" * 32, "check": "split.payments", "text": said}, by=["chair"])
    place, _ = house.commit("posting.seen/1", "where", "北门公告栏")
    seen = {"record": house.letter, "on": house.day, "where": place, "evidence": "00" * 32}
    house.act("posting.seen/1", seen, by=["owner-a2"])
    house.set_clock("2026-07-02T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        house.act("statement.published/1", statements.draft(home.store).body, by=["treasurer", "chair"])
        explained, _ = house.commit("meeting.called/1", "motions/0/explanation", "为什么")
        poll = Poll(house, [motion(5, "修电梯") | {"explanation": explained}])
        poll.prepare()
        poll.cast("a1", "y")
        poll.cast("a2", "n")
        home.follow()
        found = Planted(home, dict(house.planted), dict(house.where))
        for audience in sorted(private.EVERYBODY):
            text = secret("document", audience)
            found.audience[text], found.where[text] = audience, ("document", audience)
            found.digests.append(home.store.add_document(f"%PDF-{text}".encode(), audience=audience))
        found.digests += [entry.record.digest for entry in house.entries if home.store.openings(entry.record.digest)]
        found.digests += [poll.called, poll.opened]
        yield found


@pytest.fixture
def home(planted: Planted) -> Living:
    return planted.living


def text_of(answer: Any) -> bytes:
    """What an answer holds, its archives opened."""
    content: bytes = answer.content
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def seen_by(client: TestClient, planted: Planted, headers: dict[str, str], digests: list[str]) -> dict[str, set[str]]:
    """Planted text to the operations that show it to a reader."""
    store = planted.living.store
    values = {
        "digest": digests,
        "record": digests,
        "called": digests,
        "application": digests[:1],
        "seq": [str(store.seq_of(digest)) for digest in digests if digest in known(planted)],
        "code": ["a1", "a2", "bank", "li", "lift"],
        "path": [f"tile/entries/000.p/{store.books.head.size}", *(f"documents/{one}" for one in digests)],
        "period": ["2026H1"],
        "number": [one["number"] for one in get(client, f"/api/v1/ledgers/{store.books.ledger}/vouchers")["items"]],
    }
    shown: dict[str, set[str]] = defaultdict(set)
    for method, path in sorted(operations()):
        if method != "GET" or path.endswith(NOT_ASKED):
            continue
        name = next((one for one in values if f"{{{one}" in path), "")
        for value in values.get(name, [""]):
            real = path.replace(":path", "").format_map(
                defaultdict(lambda: "0", {"ledger": store.books.ledger, name: value})
            )
            answer = client.get(real, headers=headers, params={"reason": "x"})
            assert answer.status_code < 500, real
            text = text_of(answer).decode("utf-8", "replace")
            for one in planted.audience:
                if one in text:
                    shown[one].add(path)
    return shown


def known(planted: Planted) -> set[str]:
    return {entry.record.digest for entry in planted.living.house.entries}


def test_who_finds_what(client: TestClient, base: str, planted: Planted) -> None:
    waits = secret("waiting")
    act = {"kind": "person.entered/1", "body": {"nature": "natural"}, "private": {"name": waits}}
    waiting = left(client, base, "registrar", act)
    planted.audience[waits], planted.where[waits] = "second signer", ("waiting", "name")
    digests = [*planted.digests, waiting["digest"]]
    readers: dict[str, dict[str, str]] = {ANYONE: {}} | {
        name: bearer(signed_in(client, base, who)) for name, who in WHO.items()
    }
    found = {name: seen_by(client, planted, headers, digests) for name, headers in readers.items()}
    leaks: list[Any] = []
    missed: list[Any] = []
    for text, audience in planted.audience.items():
        allowed = {name for name in readers if audience in AUDIENCES[name]}
        if planted.where[text][0] == "waiting":
            allowed = {OFFICER}
        for name in readers:
            if found[name][text] and name not in allowed:
                leaks.append((planted.where[text], audience, name, found[name][text]))
            if not found[name][text] and name in allowed:
                missed.append((planted.where[text], audience, name))
    assert leaks == []
    assert missed == []
    assert {(kind, place.rpartition("/")[2]) for kind, place in planted.where.values()} == {
        *(one for one in private.AUDIENCES if one[0] not in ("ledger.opened/1", "unit.changed/1")),
        *(("document", audience) for audience in private.EVERYBODY),
        ("waiting", "name"),
    }
