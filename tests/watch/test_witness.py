"""Witnesses asked over a real socket: cosigned by who checks, refused by who sees another history, held up by nobody."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.errors import Malformed, Refused, Unavailable
from ledger.log.checkpoint import open_checkpoint
from ledger.log.note import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, SigningKey, VerifierKey
from ledger.log.policy import KnownWitness, Policy, format_policy
from ledger.store import Store
from ledger.watch import witness as watch
from ledger.watch.witness import HttpWitness, from_environment, witnesses_of
from tests.store.settled import ORIGIN, Maker, created, log_keys, opened
from tests.watch.street import street


def at(maker: Maker, *keys: SigningKey) -> AbstractContextManager[HttpWitness]:
    """A witness of the maker's log, on his clock."""
    return street(log_keys().vkeys, lambda: maker.time, keys)


@contextmanager
def answering(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """An address at which somebody talks as he likes to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(1 << 16)
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def key(name: str = "street", kind: int = COSIGNATURE_ED25519) -> SigningKey:
    return SigningKey(f"example.org/{name}", kind, sha256(f"{name} {kind}".encode()).digest())


def vkey(name: str = "street") -> VerifierKey:
    return key(name).vkey


@pytest.fixture
def maker() -> Maker:
    return Maker()


def test_a_witness_that_has_checked_cosigns_each_head(maker: Maker, tmp_path: Path) -> None:
    both = [key(), key(kind=COSIGNATURE_ML_DSA_44)]
    with at(maker, *both) as witness, created(tmp_path / "ledger.db", maker) as store:
        for count in (1, 2, 3):
            store.submit(maker.persons(count))
            publication = store.publish([witness])
            assert publication.refusals == ()
            head = open_checkpoint(publication.note, log_keys().vkeys, witness.vkeys)
            assert {one.key for one in head.cosignatures} == {one.vkey for one in both}
            assert open_checkpoint(witness.latest(ORIGIN), log_keys().vkeys).checkpoint == publication.head


def test_a_keeper_who_has_lost_what_it_said_before_is_told_the_size(maker: Maker, tmp_path: Path) -> None:
    """Its own memory of cosignatures is in another database: the witness answers 409 with the size, and is asked again."""
    with at(maker, key()) as witness:
        with created(tmp_path / "one.db", maker) as store:
            store.submit(maker.persons(2))
            store.publish([witness])
        other = Maker()
        other.submissions = list(maker.submissions)
        with created(tmp_path / "two.db", maker) as store:
            for one in maker.submissions[1:]:
                store.submit([one])
            store.submit(maker.persons(1))
            refusals = store.publish([witness]).refusals
    # The same records at other moments are another history: it is not cosigned.
    assert [error.rule for _name, error in refusals] == ["witness.refused"]
    assert refusals[0][1].value == 422


def test_an_old_backup_is_refused_by_what_a_witness_has_seen(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with at(maker, key()) as witness:
        with created(path, maker) as store:
            store.submit(maker.persons(1))
            store.publish([witness])
        old = {one: one.read_bytes() for one in tmp_path.iterdir() if one.name.startswith("ledger.db")}
        with opened(path, maker) as store:
            store.submit(maker.persons(1))
            store.publish([witness])
        for one, data in old.items():
            one.write_bytes(data)
        with opened(path, maker) as store:
            with pytest.raises(Refused) as refusal:
                store.check_seen(witness.latest(ORIGIN))
            assert refusal.value.rule == "headguard.rewound"
            with pytest.raises(Refused):
                store.submit(maker.persons(1))


def test_a_stranger_under_a_witness_s_name_does_not_count(maker: Maker, tmp_path: Path) -> None:
    with at(maker, key("somebody")) as somebody, created(tmp_path / "ledger.db", maker) as store:
        claimed = HttpWitness(somebody.url, [vkey("street")])
        ((name, error),) = store.publish([claimed]).refusals
        assert (name, error.rule) == ("example.org/street", "note.unverified")
        assert open_checkpoint(_note(store), log_keys().vkeys, [vkey("somebody"), vkey("street")]).cosignatures == ()


def test_who_does_not_answer_is_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    passed = [0.0]
    witness = HttpWitness(f"http://127.0.0.1:{port}", [vkey()], lambda: passed[0])
    rules = []
    for passed[0] in (0.0, 1.0, watch.REST - 1, watch.REST + 1):
        with pytest.raises(Unavailable) as unreachable:
            witness.add_checkpoint(0, (), b"")
        rules.append(unreachable.value.rule)
    assert rules == ["witness.unreachable", "witness.rests", "witness.rests", "witness.unreachable"]


def _drip(connection: socket.socket, first: bytes = b"") -> None:
    """A byte now and then, each well within any time-out between bytes."""
    try:
        connection.sendall(first)
        for _ in range(10_000):
            connection.send(b"H")
            connection.settimeout(0.02)
            try:
                connection.recv(1)
                return
            except TimeoutError:
                pass
    except OSError:
        pass


@pytest.mark.parametrize(
    "talk",
    [
        _drip,
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nX: "),
        lambda connection: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * (1 << 17)
        ),
        lambda connection: connection.sendall(b"\x00\x01\x02" * 100),
        lambda connection: _drip(connection, b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["drips", "ends in a header", "floods", "no HTTP", "drips a body"],
)
def test_no_answer_holds_a_keeper_up(talk: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.3)
    with answering(talk) as address:
        witness, began = HttpWitness(address, [vkey()]), time.monotonic()
        with pytest.raises((Unavailable, Malformed)) as refusal:
            witness.add_checkpoint(0, (), b"")
        assert refusal.value.rule in ("witness.unreachable", "note.line")
        assert time.monotonic() - began < 5


def test_no_redirect_is_followed_and_no_size_is_believed_of_any_answer() -> None:
    for answer in (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 409 Conflict\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n5\n",
        b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
    ):
        with answering(lambda connection, said=answer: connection.sendall(said)) as address:  # type: ignore[misc]
            with pytest.raises(Refused) as refusal:
                HttpWitness(address, [vkey()]).add_checkpoint(0, (), b"")
            assert refusal.value.rule == "witness.refused"


def test_a_policy_file_names_them(tmp_path: Path) -> None:
    both = [key(), key(kind=COSIGNATURE_ML_DSA_44)]
    policy = Policy(
        witnesses=(
            KnownWitness("street", both[0].vkey, "https://w.example.org/s"),
            KnownWitness("street-pq", both[1].vkey, "https://w.example.org/s"),
            KnownWitness("school", vkey("school")),
        )
    )
    (found,) = witnesses_of(policy)
    assert (found.name, found.host, list(found.vkeys)) == (
        "example.org/street",
        "w.example.org",
        [k.vkey for k in both],
    )
    file = tmp_path / "policy.txt"
    file.write_bytes(format_policy(policy))
    assert from_environment({watch.VARIABLE: str(file)}) == [found]
    assert from_environment({}) == []
    with pytest.raises(Unavailable) as missing:
        from_environment({watch.VARIABLE: str(tmp_path / "none")})
    assert missing.value.rule == "witness.policy"


@pytest.mark.parametrize("url", ["", "w.example.org", "file:///etc/passwd", "ftp://x/", "http:///x", "http://x/?a=1"])
def test_an_address_is_an_address(url: str) -> None:
    with pytest.raises(Malformed) as wrong:
        HttpWitness(url, [vkey()])
    assert wrong.value.rule == "witness.url"


def _note(store: Store) -> bytes:
    found = store.published()
    assert found is not None
    return found.note
