"""Appending through a store: same books as in memory, once, in order, all or none."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical
from ledger.errors import Conflict, Malformed, NotFound, Refused, Unavailable
from ledger.log import merkle
from ledger.log.entry import Opening, encode_entry, parse_record, signature_json
from ledger.log.merkle import Range, inclusion_path, inclusion_paths, leaf_hash, root_from_inclusion
from ledger.store import Store
from ledger.store.database import Database
from ledger.store.queries import StoredNodes
from tests.community import BOTH, key_of, refused_as, salt_of
from tests.store.settled import Maker, created, ended, log_keys, opened


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def test_books_are_those_that_never_saw_a_database(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        for number in range(5):
            submission = maker.person(f"person {number}")
            (accepted,) = store.submit([submission])
            assert (accepted.seq, accepted.time, accepted.again) == (number + 1, maker.time, False)
            assert accepted.digest == submission.record.digest
            assert store.books == maker.books
    with opened(path, maker) as store:
        assert store.books == maker.books
        assert [entry.raw for entry, _books, _facts in store.history()] == [e.raw for e in maker.entries]
        assert [facts for _entry, _books, facts in store.history()][-1] == maker.facts
    with Store.open(path) as reader:
        assert reader.books == maker.books


def test_every_stored_entry_reads_back_as_what_was_applied(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        store.submit(maker.persons(3))
        store.submit(maker.batch(maker.offices(5)))
        for entry, _books, _facts in store.history():
            wire = canonical.decode(entry.record.raw)
            assert isinstance(wire, dict)
            signed = [signature_json(s) for s in entry.signatures]
            assert encode_entry(entry.seq, entry.time, entry.prev, wire, signed) == entry.raw


def test_the_same_record_again_gives_its_first_place(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, two, three = maker.persons(3)
        first, second = store.submit([one, two])
        maker.advance(minutes=5)
        again, third, first_again, third_again = store.submit([two, three, one, three])
        assert (again, first_again) == (replace(second, again=True), replace(first, again=True))
        assert (third.seq, third.again) == (3, False)
        assert third_again == replace(third, again=True)
        assert store.books.head.size == 4
    with opened(path, maker) as store:
        assert store.submit([three]) == (third_again,)


def test_other_signatures_do_not_make_another_record(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one = maker.person("one")
        (first,) = store.submit([one])
        signed = maker.sign(one.record, ("treasurer", "registrar"))
        (again,) = store.submit([replace(one, signatures=tuple(signed))])
        assert again == replace(first, again=True)


def test_the_same_id_with_other_bytes_is_a_conflict(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, two = maker.person("one"), maker.person("two")
        store.submit([one])
        record = parse_record({**_wire(two.record.raw), "id": one.record.id})
        with pytest.raises(Conflict) as refusal:
            store.submit([replace(two, record=record, signatures=tuple(maker.sign(record, BOTH)))])
        assert refusal.value.rule == "record.id_used"
        assert store.books.head.size == 2


def test_a_job_is_whole_or_not_at_all(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, two, three = maker.persons(3)
        wrong = replace(two, signatures=tuple(maker.sign(two.record, ("chair",))))
        with pytest.raises(Refused) as refusal:
            store.submit([one, wrong, three])
        assert refusal.value.rule == "signers.seats"
        assert store.books.head.size == 1
        with store.reading() as reader:
            for table in ("entry", "node", "opening"):
                assert reader.rows(f"SELECT count(*) FROM {table}") == [(0 if table == "opening" else 1,)]
        assert [a.seq for a in store.submit([one, two, three])] == [1, 2, 3]


def test_a_batch_comes_whole(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        batch = maker.batch(maker.offices(5))
        for part, rule in (
            (batch[:4], "batch.incomplete"),
            (batch[1:], "batch.out_of_place"),
            ([*batch[:2], *batch[3:]], "batch.out_of_place"),
        ):
            with pytest.raises(Refused) as refusal:
                store.submit(part)
            assert refusal.value.rule == rule
        assert [a.seq for a in store.submit(batch)] == [1, 2, 3, 4, 5]
        assert all(a.again for a in store.submit(batch))


def test_jobs_that_wait_together_do_not_touch_each_other(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        good = maker.persons(24)
        bad = [replace(s, signatures=s.signatures[:1]) for s in maker.persons(8, "bad")]
        outcomes: dict[str, Any] = {}

        def send(submission: Any) -> None:
            try:
                outcomes[submission.record.digest] = store.submit([submission])[0].seq
            except Refused as error:
                outcomes[submission.record.digest] = error.rule

        threads = [threading.Thread(target=send, args=(s,)) for s in (*good, *bad)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes[s.record.digest] for s in good) == list(range(1, 25))
        assert {outcomes[s.record.digest] for s in bad} == {"signers.seats"}
        assert [store.seq_of(s.record.digest) for s in good] == [outcomes[s.record.digest] for s in good]


def test_several_jobs_are_committed_in_one_transaction(maker: Maker, path: Path, monkeypatch: Any) -> None:
    with created(path, maker) as store:
        submissions = maker.persons(10)
        sequencer = store._sequencer
        assert sequencer is not None
        commits: list[int] = []
        writer = store._writer
        assert writer is not None
        monkeypatch.setattr(writer, "commit", _counted(writer.commit, commits))
        with sequencer._lock:
            threads = [threading.Thread(target=store.submit, args=([s],)) for s in submissions]
            for thread in threads:
                thread.start()
            while len(sequencer._queue) < len(submissions):
                pass
        for thread in threads:
            thread.join()
        assert len(commits) == 1
        assert store.books.head.size == 11


def test_jobs_handed_in_together_are_one_transaction_and_stand_or_fall_each_for_itself(
    maker: Maker, path: Path, monkeypatch: Any
) -> None:
    with created(path, maker) as store:
        one, two, three = maker.persons(3)
        wrong = replace(two, signatures=one.signatures)
        batch = maker.batch(maker.offices(3))
        commits: list[int] = []
        writer = store._writer
        assert writer is not None
        monkeypatch.setattr(writer, "commit", _counted(writer.commit, commits))
        found = store.submit_each([[one], [wrong], batch[:2], [three], [one]])
        assert len(commits) == 1
        places = [[place.seq for place in each] if isinstance(each, tuple) else each.rule for each in found]
        assert places == [[1], "signature.invalid", "batch.incomplete", [2], [1]]
        again = found[4]
        assert isinstance(again, tuple)
        assert again[0].again
        assert again[0].raw == store.entry(1).raw
        assert store.books.head.size == 3
        store.publish()
        assert store.proofs([2, 0, 2]) == [store.receipt(seq).proof for seq in (2, 0, 2)]
        with refused_as("receipt.not_published"):
            store.proofs([1, 3])


def _counted(commit: Any, commits: list[int]) -> Any:
    def counted() -> None:
        commits.append(1)
        commit()

    return counted


# --- admission --------------------------------------------------------------------------------------------------------


def test_openings_are_kept_and_must_fit(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one = maker.person("张三")
        (opening,) = one.openings
        for wrong, error, rule in (
            (replace(opening, value="李四"), Refused, "opening.differs"),
            (replace(opening, salt=salt_of("other")), Refused, "opening.differs"),
            (replace(opening, field="nature"), Malformed, "opening.field"),
            (replace(opening, field="nothing"), Malformed, "opening.field"),
            (replace(opening, field="name/0"), Malformed, "opening.field"),
            (replace(opening, value="a\u202eb"), Malformed, "text.unprintable"),
            (replace(opening, value="x" * 70_000), Malformed, "opening.too_large"),
        ):
            with pytest.raises(error) as refusal:
                store.submit([replace(one, openings=(wrong,))])
            assert refusal.value.rule == rule
        with pytest.raises(Malformed) as refusal:
            store.submit([replace(one, openings=(opening, opening))])
        assert refusal.value.rule == "opening.twice"
        (accepted,) = store.submit([one])
        assert store.opening(accepted.digest, "name") == opening
        assert store.openings(accepted.digest) == (opening,)
        assert store.openings(accepted.digest, {"public"}) == ()


def test_text_that_prints_otherwise_is_refused_before_the_lock(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        for title, rule in (("a\u200bb", "text.unprintable"), ("e\u0301", "text.not_nfc")):
            maker.act("person.entered/1", {"nature": "office", "title": title}, by=BOTH)
            with pytest.raises(Malformed) as refusal:
                store.submit([maker.submissions[-1]])
            assert refusal.value.rule == rule
        assert store.books.head.size == 1


def test_signatures_are_checked(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, two = maker.persons(2)
        stranger = maker.sign(one.record, ("chair", key_of("stranger")))
        for signed, error, rule in (
            ((), Malformed, "signature.count"),
            ((*one.signatures, *one.signatures), Malformed, "signature.order"),
            (two.signatures, Refused, "signature.invalid"),
            ([replace(s, alg="p256") for s in one.signatures], Refused, "signature.alg_differs"),
            (stranger, Refused, "signature.unknown_key"),
        ):
            with pytest.raises(error) as refusal:
                store.submit([replace(one, signatures=tuple(signed))])
            assert refusal.value.rule == rule
        assert store.books.head.size == 1


def test_one_bad_signature_among_many_refuses_the_job(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        many = maker.persons(40)
        bad = replace(many[37], signatures=tuple(replace(s, sig=bytes(64)) for s in many[37].signatures))
        with pytest.raises(Refused) as refusal:
            store.submit([*many[:37], bad, *many[38:]])
        assert refusal.value.rule == "signature.invalid"
        assert store.books.head.size == 1
        assert len(store.submit(many)) == 40


def test_a_key_enrolled_by_the_job_itself_signs_in_it(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        maker.enter("zhang")
        entered = maker.submissions[-1]
        maker.act("key.revoked/1", {"key": key_of("zhang").key, "reason": "lost"}, by=["zhang"])
        store.submit([entered, maker.submissions[-1]])
        assert store.books.people.keys[key_of("zhang").key].revoked is not None


def test_a_key_that_another_process_enrolled_a_moment_ago_signs(maker: Maker, path: Path) -> None:
    with created(path, maker) as one, opened(path, maker) as two:
        maker.enter("zhang")
        one.submit([maker.submissions[-1]])
        assert two._sequencer is not None
        assert two._sequencer.state.size == 1
        revoked = {"key": key_of("zhang").key, "reason": "lost"}
        maker.act("key.revoked/1", revoked, by=["zhang"])
        submission = maker.submissions[-1]
        forged = replace(submission, signatures=(replace(submission.signatures[0], sig=bytes(64)),))
        with pytest.raises(Refused) as refusal:
            two.submit([forged])
        assert refusal.value.rule == "signature.invalid"
        assert two.submit([submission])[0].seq == 2


def test_two_processes_append_in_turn(maker: Maker, path: Path) -> None:
    with created(path, maker) as one, opened(path, maker) as two, Store.open(path) as reader:
        for number in range(6):
            submission = maker.person(f"person {number}")
            writer, other = (one, two) if number % 2 else (two, one)
            (accepted,) = writer.submit([submission])
            assert accepted.seq == number + 1
            assert other.submit([submission]) == (replace(accepted, again=True),)
        assert one.books == two.books == reader.books == maker.books


def test_limits(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        for jobs, rule in (([], "submission.empty"), (maker.persons(1) * 513, "submission.too_many")):
            with pytest.raises(Malformed) as refusal:
                store.submit(jobs)
            assert refusal.value.rule == rule


# --- time -------------------------------------------------------------------------------------------------------------


def test_time_never_runs_back_and_a_clock_behind_the_head_stops(maker: Maker, path: Path) -> None:
    clock = [maker.time]
    store = Store.create(path, maker.submissions[0], log_keys(), lambda: clock[0], fatal=ended)
    with store:
        one, two, three = maker.persons(3)
        clock[0] += 60_000
        (first,) = store.submit([one])
        clock[0] -= 1_500
        (second,) = store.submit([two])
        assert second.time == first.time
        clock[0] -= 1_500
        with pytest.raises(Unavailable) as refusal:
            store.submit([three])
        assert refusal.value.rule == "clock.behind_head"
        assert store.books.head.size == 3
        clock[0] += 3_000
        assert store.submit([three])[0].time == first.time


# --- trials -----------------------------------------------------------------------------------------------------------


def test_a_trial_finds_every_error_and_changes_nothing(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one, two, three, four = maker.persons(4)
        wrong = replace(two, signatures=two.signatures[:1])
        worse = replace(four, openings=(Opening("name", salt_of("x"), "y"),))
        result = store.dry_run([one, wrong, three, worse])
        assert [(index, error.rule) for index, error in result.errors] == [(1, "signers.seats"), (3, "opening.differs")]
        assert result.books.head.size == 3
        assert len(result.facts) == 2
        assert store.books.head.size == 1
        unsigned = replace(one, signatures=tuple(replace(s, sig=b"") for s in one.signatures))
        assert [e.rule for _, e in store.dry_run([unsigned]).errors] == ["signature.length"]
        assert store.dry_run([unsigned], signed=False).errors == ()
        batch = maker.batch(maker.offices(3))
        assert [e.rule for _, e in store.dry_run(batch[:2]).errors] == ["batch.incomplete"]
    with Store.open(path, clock=lambda: maker.time) as reader:
        assert reader.dry_run([one]).errors == ()


# --- what stands in the database --------------------------------------------------------------------------------------


def test_nodes_give_every_proof(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        for size in (1, 2, 4, 5, 9):
            store.submit(maker.persons(size, f"of {size}"))
        total = store.books.head.size
        leaves = [entry.leaf for entry, _books, _facts in store.history()]
        for seq in range(total):
            root = root_from_inclusion(seq, total, leaves[seq], store.inclusion(seq, total))
            assert root == merkle.root(leaves)
        for old in range(1, total + 1):
            merkle.check_consistency(
                old, merkle.root(leaves[:old]), total, merkle.root(leaves), store.consistency(old, total)
            )


def test_many_nodes_are_read_at_once(tmp_path: Path) -> None:
    size = 3_000
    database = Database(tmp_path / "tree.db", writable=True, create=True)
    with database.migrating() as connection:
        connection.exec_driver_sql("CREATE TABLE node (level INTEGER, i INTEGER, hash BLOB, PRIMARY KEY (level, i))")
        nodes = Range().extend(leaf_hash(b"%d" % number) for number in range(size))[1]
        connection.exec_driver_sql("INSERT INTO node VALUES (?, ?, ?)", nodes)
    with database.reading() as reader:
        stored = StoredNodes(reader.rows)
        for some in (range(0, size, 7), range(size - 65, size), [5], []):
            assert inclusion_paths(some, size, stored) == [inclusion_path(index, size, stored) for index in some]
    database.close()


def test_reads_say_what_is_not_there(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        for read, rule in (
            (lambda: store.entry(1), "entry.unknown"),
            (lambda: store.entry(-1), "entry.unknown"),
            (lambda: store.entry(2**80), "entry.unknown"),
            (lambda: store.inclusion(2**80, 2**81), "merkle.node"),
            (lambda: store.consistency(2**80, 2**81 + 1), "merkle.node"),
            (lambda: store.inclusion(0, 2), "merkle.node"),
            (lambda: store.seq_of("00"), "record.unknown"),
            (lambda: store.opening("00", "name"), "private.unknown"),
            (lambda: store.document("00"), "document.unknown"),
        ):
            with pytest.raises(NotFound) as refusal:
                read()
            assert refusal.value.rule == rule


def test_a_reader_does_not_write_and_follows_the_writer(maker: Maker, path: Path) -> None:
    with created(path, maker) as store, Store.open(path) as reader:
        store.submit(maker.persons(2))
        assert reader.books == store.books
        for write in (
            lambda: reader.submit(maker.persons(1)),
            reader.publish,
            lambda: reader.add_document(b"x"),
            lambda: reader.restore_guard(1, bytes(32)),
        ):
            with pytest.raises(Unavailable) as refusal:
                write()
            assert refusal.value.rule == "store.read_only"


def test_there_must_be_a_ledger(tmp_path: Path, maker: Maker) -> None:
    with pytest.raises(NotFound) as refusal:
        Store.open(tmp_path / "none.db")
    assert refusal.value.rule == "store.no_database"
    with pytest.raises(NotFound):
        Store.open(tmp_path / "none.db", log_keys())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "other.db").write_bytes(b"this is no database, whatever its name says" * 200)
    with pytest.raises((Unavailable, NotFound)):
        Store.open(tmp_path / "other.db")


def test_create_goes_on_where_it_stopped_but_makes_no_second_ledger(maker: Maker, path: Path) -> None:
    created(path, maker).close()
    created(path, maker).close()
    with created(path, maker) as store:
        assert store.books.head.size == 1
    other = Maker(start="2026-02-02T09:00:00+08:00")
    with pytest.raises(Conflict) as refusal:
        created(path, other)
    assert refusal.value.rule == "store.ledger_exists"
    with pytest.raises(Refused) as refused:
        Store.create(path, maker.person("x"), log_keys())
    assert refused.value.rule == "store.genesis"
    with pytest.raises(Refused) as refused:
        Store.create(path, maker.submissions[0], log_keys("other"))
    assert refused.value.rule == "publisher.foreign_keys"
    with pytest.raises(Refused) as refused:
        Store.open(path, log_keys("other"))
    assert refused.value.rule == "publisher.foreign_keys"


def _wire(raw: bytes) -> dict[str, Any]:
    value = canonical.decode(raw)
    assert isinstance(value, dict)
    return value
