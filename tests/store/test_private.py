"""Private texts and documents: encrypted at rest, each for its audience, gone for good when an order says so."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger import audit
from ledger.errors import Malformed, MingzhangError, NotFound, Refused, Unavailable
from ledger.exchange import bundle
from ledger.log.policy import Log, Policy
from ledger.log.source import DirectorySource
from ledger.store import Store, documents, erasure, private
from ledger.store.private import CASE, OWNERS, PUBLIC, SUPERVISORS, Vault, audience
from tests.store.settled import Maker, created, log_keys, opened


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


def order(
    store: Store, maker: Maker, texts: Sequence[tuple[str, str]], papers: Sequence[str] = (), **more: object
) -> str:
    """Enter an order that lists these; its digest."""
    listed = erasure.Listed(tuple(erasure.Text(*one) for one in texts), tuple(papers))
    kept = store.add_document(erasure.dump(listed, store.books.ledger))
    body = {"kind": "letter", "subject": "erasing", "original": kept, **more}
    body = {name: value for name, value in body.items() if value is not None}
    maker.act("document.entered/1", body, by=("treasurer",))
    return store.submit([maker.submissions[-1]])[0].digest


def test_an_order_erases_a_text_and_leaves_its_commitment(maker: Maker, path: Path) -> None:
    name, paper = "要被删除的人名", "要被删除的信".encode() * 50
    with created(path, maker) as store:
        one = maker.person(name)
        (accepted,) = store.submit([one])
        (kept,) = store.submit([maker.person("留下的人名")])
        digest = store.add_document(paper)
        boxes = _box(store, "opening", accepted.digest), _box(store, "document", digest)
        assert all(box in everything_under(path.parent) for box in boxes)
        ordered = order(store, maker, [(accepted.digest, "name")], [digest])
        assert [(item.kind, item.audience, item.erased) for item in store.ordered(ordered)] == [
            ("person.entered/1", SUPERVISORS, None),
            ("", CASE, None),
        ]
        assert store.opening(accepted.digest, "name").value == name
        assert store.erase(ordered) == 2
        for read, rule in (
            (lambda: store.opening(accepted.digest, "name"), "private.withdrawn"),
            (lambda: store.document(digest), "document.withdrawn"),
        ):
            with pytest.raises(Refused) as refusal:
                read()
            assert (refusal.value.rule, refusal.value.context["order"]) == (rule, ordered)
        assert store.openings(accepted.digest) == ()
        assert store.opening(kept.digest, "name").value == "留下的人名"
        # Neither file, log nor free pages: whoever has the key file later finds nothing that it opens.
        assert not any(box in everything_under(path.parent) for box in boxes)
        assert {item.erased for item in store.ordered(ordered)} == {ordered}
        assert store.erase(ordered) == 0
        # A submitter who sends the record again does not bring the text back.
        assert store.submit([one])[0].again
        assert store.openings(accepted.digest) == ()
        store.publish()
        bundle.write_bundle(
            path.parent / "bundle", store.source, {}, log_keys().vkeys, Policy(tuple(map(Log, log_keys().vkeys)))
        )
    report = audit.verify(DirectorySource(path.parent / "bundle"), audit.Trust(genesis=maker.ledger))
    assert (report.findings, report.exit_code) == ((), 0)


@pytest.mark.parametrize(
    ("texts", "papers", "rule"),
    [
        ([("name", "label")], [], "private.unknown"),
        ([("name", "name"), ("00" * 32, "name")], [], "private.unknown"),
        ([("name", "name")], ["00" * 32], "document.unknown"),
    ],
)
def test_an_order_that_names_what_is_not_there_erases_nothing(
    maker: Maker, path: Path, texts: list[tuple[str, str]], papers: list[str], rule: str
) -> None:
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        named = [(accepted.digest if record == "name" else record, field) for record, field in texts]
        ordered = order(store, maker, named, papers)
        with pytest.raises(NotFound) as unknown:
            store.erase(ordered)
        assert unknown.value.rule == rule
        assert store.opening(accepted.digest, "name").value == "张三"


def test_only_a_paper_that_holds_the_list_is_an_order(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        text = (accepted.digest, "name")
        foreign = store.add_document(erasure.dump(erasure.Listed((erasure.Text(*text),), ()), "0" * 64))
        letter = store.add_document("请删除张三".encode())
        for wrong, rule in (
            ("00" * 32, "record.unknown"),
            (accepted.digest, "erasure.order"),
            (order(store, maker, [text], original=None), "erasure.order"),
            (order(store, maker, [text], original=letter), "erasure.list"),
            (order(store, maker, [text], original=foreign), "erasure.list"),
            (order(store, maker, [text], original="0" * 64), "document.unknown"),
        ):
            with pytest.raises(MingzhangError) as refusal:
                store.erase(wrong)
            assert refusal.value.rule == rule
        assert store.opening(*text).value == "张三"


def test_a_list_stands_as_long_as_its_order(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        first = order(store, maker, [(accepted.digest, "name")])
        listed = store.entry(store.seq_of(first)).record.body["original"]
        store.erase(first)
        second = order(store, maker, [], [listed])
        assert store.erase(second) == 1
        with pytest.raises(Refused) as refusal:
            store.erase(first)
        assert refusal.value.rule == "document.withdrawn"


def test_while_somebody_reads_it_is_said_that_old_bytes_are_left(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.database.BUSY_SECONDS", 0.1)
    with created(path, maker) as store:
        (accepted,) = store.submit([maker.person("张三")])
        box = _box(store, "opening", accepted.digest)
        ordered = order(store, maker, [(accepted.digest, "name")])
        with store.reading() as reader:
            assert reader.rows("SELECT count(*) FROM opening")
            with pytest.raises(Unavailable) as refusal:
                store.erase(ordered)
            assert refusal.value.rule == "store.not_folded"
            assert store.openings(accepted.digest) == ()
        assert box in everything_under(path.parent)
        assert store.erase(ordered) == 0
        assert box not in everything_under(path.parent)


def _box(store: Store, table: str, digest: str) -> bytes:
    column = "record" if table == "opening" else "digest"
    with store.reading() as reader:
        ((box,),) = reader.rows(f"SELECT box FROM {table} WHERE {column} = ?", (digest,))
    return bytes(box)


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
