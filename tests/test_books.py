"""The joint of the rooms: an entry in its place, a record once and in time, batches whole, and no act half done."""

import base64
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest

from ledger import books as kernel
from ledger import canonical, period
from ledger.books import KINDS, Books
from ledger.log import snapshot
from ledger.log.act import Body, Kind
from ledger.log.entry import Entry, Record, Signature, encode_entry, parse_entry, signature_json
from tests.accounts.treasury import treasury
from tests.community import BOTH, Community, Flat, Memory, key_of, refused_as
from tests.poll import Poll, motion

OFFICE = {"nature": "office", "title": "办公室"}
ACT = ("person.entered/1", OFFICE)


@pytest.fixture
def community() -> Community:
    return Community()


def entry_of(
    community: Community, record: Record, signed: Sequence[Signature], *, seq: int = 0, time: int = 0, prev: str = ""
) -> Entry:
    """The entry that a record would be, off by ``seq`` places and ``time`` ms."""
    head = community.books.head
    wire = canonical.decode(record.raw)
    assert isinstance(wire, dict)
    signatures = [signature_json(s) for s in signed]
    raw = encode_entry(head.size + seq, community.time + time, prev or head.leaf, wire, signatures)
    return parse_entry(raw)


def signed(community: Community, kind: str = ACT[0], body: Any = None, **fields: str) -> tuple[Record, list[Signature]]:
    record = community.record(kind, OFFICE if body is None else body, **fields)
    return record, community.sign(record, BOTH)


def applied(community: Community, entry: Entry) -> Books:
    return community.apply(community.books, entry, community.past)[0]


# --- the entry in its place ---------------------------------------------------------------------------------------------------


def test_the_head_moves_by_one(community: Community) -> None:
    before = community.books.head
    community.act(*ACT, by=BOTH)
    head, last = community.books.head, community.entries[-1]
    assert (head.size, head.time, head.leaf) == (before.size + 1, last.time, last.leaf.hex())
    assert last.prev == before.leaf == community.entries[-2].leaf.hex()


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ({"seq": 1}, "entry.seq"),
        ({"seq": -1}, "entry.seq"),
        ({"prev": "0" * 64}, "entry.prev"),
        ({"time": -120_000}, "entry.time_before_last"),
    ],
)
def test_an_entry_out_of_its_place(community: Community, place: dict[str, Any], rule: str) -> None:
    community.act(*ACT, by=BOTH)
    community.advance(minutes=1)
    entry = entry_of(community, *signed(community), **place)
    with refused_as(rule):
        applied(community, entry)


def test_two_entries_may_share_a_millisecond(community: Community) -> None:
    community.act(*ACT, by=BOTH)
    community.submit(*signed(community))
    assert community.entries[-1].time == community.entries[-2].time


def test_the_genesis_is_entry_0_and_nothing_else_is(community: Community) -> None:
    with refused_as("ledger.opened_once"):
        applied(community, entry_of(community, *signed(community, "ledger.opened/1", community.entries[0].record.body)))
    empty, record = Books(), community.record(*ACT)
    wire = canonical.decode(record.raw)
    assert isinstance(wire, dict)
    first = encode_entry(0, community.time, "0" * 64, wire, [signature_json(s) for s in community.sign(record, BOTH)])
    with refused_as("ledger.opened_once"):
        kernel.apply(empty, parse_entry(first), Memory())


# --- the record -------------------------------------------------------------------------------------------------------------------


def test_a_record_of_another_ledger(community: Community) -> None:
    other = Community(genesis={"name": "别的小区"})
    with refused_as("record.foreign_ledger"):
        applied(community, entry_of(community, *signed(community, ledger=other.ledger)))


def test_a_record_of_another_ledger_is_not_signed_for_this_one(community: Community) -> None:
    """The same officers' keys serve two communities: what they signed for one says so."""
    other = Community(genesis={"name": "别的小区"})
    record, signatures = signed(other)
    here = replace(record, ledger=community.ledger)
    with refused_as("record.foreign_ledger"):
        applied(community, entry_of(community, here, signatures))
    forged = community.record(*ACT, id=record.id, at=record.at)
    with refused_as("signature.invalid"):
        applied(community, entry_of(community, forged, signatures))


def test_a_record_counts_once(community: Community) -> None:
    record, signatures = signed(community)
    community.submit(record, signatures)
    with refused_as("record.id_used"):
        community.submit(record, signatures)
    with refused_as("record.id_used"):
        community.submit(*signed(community, body={"nature": "office", "title": "另一个"}, id=record.id))


@pytest.mark.parametrize("kind", ["person.entered/2", "person.praised/1", "ledger.opened/2"])
def test_an_unknown_kind_or_version_stops(community: Community, kind: str) -> None:
    with refused_as("kind.unknown"):
        applied(community, entry_of(community, *signed(community, kind)))


@pytest.mark.parametrize(
    ("early", "accepted"),
    [
        (31 * 86_400_000, True),
        (31 * 86_400_000 + 1, False),
        (-10 * 60_000, True),
        (-10 * 60_000 - 1, False),
    ],
)
def test_signed_within_a_month_before_and_ten_minutes_after(community: Community, early: int, accepted: bool) -> None:
    community.advance(days=40)
    at = period.format_time(community.time - early)
    entry = entry_of(community, *signed(community, at=at))
    if accepted:
        applied(community, entry)
    else:
        with refused_as("record.expired"):
            applied(community, entry)


def test_the_signers_clock_may_be_at_another_offset(community: Community) -> None:
    applied(community, entry_of(community, *signed(community, at="2026-01-05T03:01:00+02:00")))


def test_each_kind_has_its_size(community: Community) -> None:
    letter = {"kind": "letter", "subject": "x", "lines": [{"text": "行" * 200}] * 100}
    record = community.record("document.entered/1", letter)
    entry = entry_of(community, record, community.sign(record, ["chair"]))
    assert len(entry.raw) > 60_000
    applied(community, entry)
    long = community.record("party.entered/1", {"code": "p", "nature": "legal", "title": "x" * 20_000})
    with refused_as("entry.too_large"):
        kernel.apply(community.books, entry_of(community, long, community.sign(long, ["chair"])), community.past)


def test_a_signature_that_fails_or_is_over(community: Community) -> None:
    record, (one, two) = signed(community)
    broken = replace(one, sig=bytes([one.sig[0] ^ 1]) + one.sig[1:])
    with refused_as("signature.invalid"):
        applied(community, entry_of(community, record, [broken, two]))
    with refused_as("signature.alg_differs"):
        applied(community, entry_of(community, record, [replace(one, alg="p256"), two]))
    with refused_as("signature.unknown_key"):
        applied(community, entry_of(community, record, community.sign(record, [*BOTH, key_of("stranger")])))
    with refused_as("signature.unknown_key"):
        kernel.apply(
            community.books,
            entry_of(community, record, community.sign(record, [*BOTH, key_of("stranger")])),
            community.past,
        )


def test_a_refusal_leaves_the_books_as_they_were(community: Community) -> None:
    before, dumped = community.books, snapshot.dump(community.books)
    for kind, body in (("unit.entered/1", {}), ("party.entered/1", OFFICE), ("person.entered/1", {"nature": "x"})):
        with refused_as("record.body"):
            community.act(kind, body, by=BOTH)
    assert community.books is before
    assert snapshot.dump(before) == dumped


def test_a_replay_of_the_bytes_gives_the_same_books(community: Community) -> None:
    community.enter("zhang")
    community.acts([ACT] * 3, by=BOTH)
    community.revoke(key_of("zhang"))
    replayed = community.replay()
    assert replayed == community.books
    assert snapshot.digest(replayed) == snapshot.digest(community.books)


# --- batches -----------------------------------------------------------------------------------------------------------------------


def batch(community: Community, count: int, by: Sequence[str] = BOTH) -> list[tuple[Record, list[Signature]]]:
    records = [community.record(*ACT) for _ in range(count)]
    return list(zip(records, community.sign_batch(records, by), strict=True))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9])
def test_a_batch_stands_whole_and_in_order(community: Community, count: int) -> None:
    for number, item in enumerate(batch(community, count)):
        community.submit(*item)
        running = community.books.head.batch
        assert (running.next if running else count) == number + 1
    assert community.books.head.batch is None
    assert community.replay() == community.books


def test_nothing_comes_between_the_records_of_a_batch(community: Community) -> None:
    one, two, three = batch(community, 3)
    community.submit(*one)
    with refused_as("batch.interrupted"):
        community.submit(*signed(community))
    for item in (batch(community, 2)[0], batch(community, 3)[0], batch(community, 3)[1], three):
        with refused_as("batch.out_of_place"):
            community.submit(*item)
    community.submit(*two)
    community.submit(*three)
    community.submit(*signed(community))


@pytest.mark.parametrize("start", [1, 2])
def test_a_batch_does_not_start_in_its_middle(community: Community, start: int) -> None:
    with refused_as("batch.out_of_place"):
        community.submit(*batch(community, 3)[start])


def test_a_record_that_is_not_of_the_batch(community: Community) -> None:
    (_, signatures), _ = batch(community, 2)
    with refused_as("signature.invalid"):
        community.submit(community.record(*ACT), signatures)


def test_all_records_of_a_batch_were_signed_at_one_time(community: Community) -> None:
    first, second = community.record(*ACT), community.record(*ACT, at="2026-01-05T01:00:30.000Z")
    one, two = community.sign_batch([first, second], BOTH)
    community.submit(first, one)
    with refused_as("signature.invalid"):
        community.submit(second, two)


def test_the_signatures_of_an_entry_stand_in_one_batch(community: Community) -> None:
    """Two batches with the same first record: as long, but not the same."""
    shared, one, other = (community.record(*ACT) for _ in range(3))
    chair = community.sign_batch([shared, one], ["chair"])[0]
    registrar = community.sign_batch([shared, other], ["registrar"])[0]
    with refused_as("signature.batches_differ"):
        community.submit(shared, sorted([*chair, *registrar], key=lambda s: s.key))
    longer = community.sign_batch([shared, one, other], ["registrar"])[0]
    with refused_as("signature.batches_differ"):
        community.submit(shared, sorted([*chair, *longer], key=lambda s: s.key))


def test_a_new_key_signs_singly_beside_a_batch(community: Community) -> None:
    """Proof of possession is given for this record, not for a list."""
    new = key_of("new")
    commitment, _ = community.commit("person.entered/1", "name", "x")
    public = {"alg": "ed25519", "public": base64.b64encode(new.public).decode()}
    record = community.record("person.entered/1", {"nature": "natural", "name": commitment, "key": public})
    other = community.record(*ACT)
    both, rest = community.sign_batch([record, other], BOTH)
    batched = community.sign_batch([record, other], [*BOTH, new])[0]
    with refused_as("signers.new_key_batched"):
        community.submit(record, batched)
    community.submit(record, sorted([*both, *community.sign(record, [new])], key=lambda s: s.key))
    community.submit(other, rest)


# --- the table of kinds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_kind_is_written_out_whole(name: str) -> None:
    kind = KINDS[name]
    assert isinstance(kind, Kind)
    assert issubclass(kind.model, Body)
    assert kind.limit <= 65_535
    assert kind.room in {field.name for field in fields(Books)} or name == "ledger.opened/1"
    assert kind.model.model_config["extra"] == "forbid"
    assert kind.model.model_config["strict"]
    assert kind.model.model_config["frozen"]
    signing = kind.signing
    assert signing.free or signing.seats or signing.profile or signing.two_party or name == "ledger.opened/1"


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"ledger.opened/1"}))
def test_every_kind_refuses_an_empty_body_and_more_than_it_knows(community: Community, name: str) -> None:
    for body in ({}, {"nothing": 1}):
        with refused_as("record.body"):
            applied(community, entry_of(community, *signed(community, name, body)))


def test_a_body_says_each_thing_that_is_wrong_with_it(community: Community) -> None:
    with pytest.raises(Exception, match=r"record.body") as refused:
        community.act("unit.entered/1", {"code": "A", "area": "1"}, by=BOTH)
    fields = " ".join(refused.value.context["fields"])  # type: ignore[attr-defined]
    assert "code" in fields
    assert "area" in fields
    assert "building" in fields


# --- votes found authorities, statements close periods ------------------------------------------------------------------------------


def test_a_passed_motion_founds_its_authority_and_pays() -> None:
    house = treasury()
    effect = {"type": "payment", "fund": "service_fee", "party": "lift", "purpose": "大修", "cap": 100}
    effect |= {"start": "2026-01-01", "until": "2026-12-31"}
    house.books = replace(house.books, people=replace(house.books.people, expected_units=2, expected_area=20_000))
    house.settle((Flat("a1", owners=("zhang",)), Flat("a2", owners=("zhang",))))
    poll = Poll.hold(house, [motion(9, effect=effect), motion(9, "否决", effect=effect | {"cap": 7})], {"a1": "yn"})
    assert house.authority(f"{poll.called}#0").cap == 100
    assert (f"{poll.called}#1", "") not in house.accounts.authorities
    application = house.approved(100, motion=f"{poll.called}#0", line="")
    house.take((house.day, -100, [{"amount": -100, "settles": f"{application}#0"}]))
    with refused_as("effect.matter"):
        Poll(house, [motion(5, effect=effect)]).call()
