"""Private texts and documents: encrypted at rest, each for its audience, gone for good when an order says so."""

import shutil
from pathlib import Path

import pytest

from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.store import Store, documents, private
from ledger.store.private import CASE, OWNERS, PUBLIC, SUPERVISORS, Vault, audience
from tests.store.settled import Maker, created, opened


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def everything_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.name != "ledger.db.key")


def test_nothing_private_is_readable_on_the_disk(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        store.submit([maker.person("张三丰的名字")])
        store.add_document("这封信只给业主看".encode(), audience=OWNERS)
        for secret in ("张三丰的名字", "这封信只给业主看"):
            assert secret.encode() not in everything_under(path.parent)
    key = path.with_name("ledger.db.key")
    assert key.stat().st_mode & 0o777 == 0o600


def test_each_audience_sees_its_own(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        assert store.opening(accepted.digest, "name", {SUPERVISORS}).value == "张三"
        with pytest.raises(Refused) as refusal:
            store.opening(accepted.digest, "name", {PUBLIC, OWNERS, CASE})
        assert refusal.value.rule == "private.audience"
        digest = store.add_document(b"letter", audience=OWNERS, media="application/pdf")
        assert store.document(digest, {OWNERS}).media == "application/pdf"
        with pytest.raises(Refused) as refusal:
            store.document(digest, {PUBLIC})
        assert refusal.value.rule == "document.audience"


def test_what_is_not_listed_is_for_the_case_only() -> None:
    assert audience("unit.entered/1", "label") == OWNERS
    assert audience("ledger.opened/1", "persons/0/name") == OWNERS
    assert audience("ballot.cast/1", "choices") == CASE
    assert audience("some.kind/1", "label") == CASE


def test_an_order_erases_a_text_and_leaves_its_commitment(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, order = maker.person("要被删除的人名"), maker.person("order")
        (accepted, ordered) = store.submit([one, order])
        (row,) = _boxes(store)[:1]
        digest = store.add_document(b"to be forgotten" * 50)
        for erase, rule in (
            (lambda: store.erase(accepted.digest, "name", "00" * 32), "record.unknown"),
            (lambda: store.erase(accepted.digest, "label", ordered.digest), "private.unknown"),
            (lambda: store.erase_document("00" * 32, ordered.digest), "document.unknown"),
        ):
            with pytest.raises(NotFound) as unknown:
                erase()
            assert unknown.value.rule == rule
        store.erase(accepted.digest, "name", ordered.digest)
        store.erase_document(digest, ordered.digest)
        with pytest.raises(Refused) as refusal:
            store.opening(accepted.digest, "name")
        assert (refusal.value.rule, refusal.value.context["order"]) == ("private.withdrawn", ordered.digest)
        with pytest.raises(Refused) as refusal:
            store.document(digest)
        assert refusal.value.rule == "document.withdrawn"
        assert store.openings(accepted.digest) == ()
        assert store.books == maker.books or store.books.head.size == 3
        assert row not in everything_under(path.parent)
        with pytest.raises(NotFound):
            store.erase(accepted.digest, "name", ordered.digest)
        # A submitter who sends the record again does not bring the text back.
        assert store.submit([one])[0].again
        assert store.openings(accepted.digest) == ()


def _boxes(store: Store) -> list[bytes]:
    with store.reading() as reader:
        return [row[0] for row in reader.rows("SELECT box FROM opening ORDER BY record = ? DESC", ("",))]


def test_a_box_opens_only_in_its_place(maker: Maker) -> None:
    vault = Vault(bytes(32))
    place = {"ledger": "a", "record": "b", "field": "c"}
    box = vault.seal(b"text", place)
    assert vault.unseal(box, place) == b"text"
    for other in ({**place, "record": "x"}, {**place, "field": "x"}, {**place, "ledger": "x"}):
        with pytest.raises(Unavailable) as refusal:
            vault.unseal(box, other)
        assert refusal.value.rule == "private.key_differs"
    for at in (0, 13, -1):
        changed = bytearray(box)
        changed[at] ^= 1
        with pytest.raises(Unavailable):
            vault.unseal(bytes(changed), place)
    with pytest.raises(Unavailable):
        Vault(bytes(31) + b"\1").unseal(box, place)
    assert vault.seal(b"text", place) != box


def test_a_ledger_without_its_key_file_loses_private_texts_only(maker: Maker, path: Path, tmp_path: Path) -> None:
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        store.publish()
    key = path.with_name("ledger.db.key")
    shutil.move(key, kept := tmp_path / "kept")
    with Store.open(path) as reader:
        assert reader.books.head.size == 2
        assert reader.receipt(1).openings == ()
        assert "checkpoint" in reader.source.names()
        with pytest.raises(Unavailable) as refusal:
            reader.opening(accepted.digest, "name")
        assert refusal.value.rule == "private.key_missing"
    with pytest.raises(Unavailable) as refusal:
        opened(path, maker)
    assert refusal.value.rule == "private.key_missing"
    for damaged in ("", "zz" * 32, "00" * 31):
        key.write_text(damaged)
        with pytest.raises(Unavailable) as refusal:
            opened(path, maker)
        assert refusal.value.rule == "private.key_damaged"
    shutil.copy(kept, key)
    with opened(path, maker) as store:
        assert store.opening(accepted.digest, "name").value == "张三"


def test_two_processes_that_make_a_key_end_up_with_one(path: Path) -> None:
    first = private.make_key(path)
    assert private.make_key(path) == first == private.read_key(path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.db.key"]


def test_documents(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with created(path, maker) as store:
        digest = store.add_document(b"letter", audience=PUBLIC)
        assert store.add_document(b"letter", audience=CASE) == digest
        found = store.document(digest)
        assert (found.data, found.audience, found.digest) == (b"letter", PUBLIC, digest)
        monkeypatch.setattr(documents, "MAX_DOCUMENT", 8)
        for data, options, rule in (
            (b"", {}, "document.empty"),
            (b"123456789", {}, "document.too_large"),
            (b"x", {"media": "text/html; charset=x"}, "document.media"),
            (b"x", {"audience": "friends"}, "document.audience"),
        ):
            with pytest.raises(Malformed) as refusal:
                store.add_document(data, **options)
            assert refusal.value.rule == rule
        store.add_document(b"secret", audience=CASE)
        store.publish()
        source = store.source
        assert [name for name in source.names() if name.startswith("documents/")] == [f"documents/{digest}"]
        assert source.attachment(f"documents/{digest}") == b"letter"
        with pytest.raises(NotFound) as unknown:
            source.attachment("vkeys.txt")
        assert unknown.value.rule == "source.file"


def test_a_private_document_is_no_attachment(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        digest = store.add_document(b"secret", audience=OWNERS)
        store.publish()
        with pytest.raises(Refused) as refusal:
            store.source.attachment(f"documents/{digest}")
        assert refusal.value.rule == "document.audience"


def test_openings_stand_before_the_answer_does(maker: Maker, path: Path) -> None:
    """In the same transaction: an entry without its private text would be a ballot that nobody can open."""
    with created(path, maker) as store:
        one = maker.person("张三")
        store.submit([one])
        with store.reading() as reader:
            assert reader.rows("SELECT record, field FROM opening") == [(one.record.digest, "name")]
