"""Entries: one way to write each, every other refused; what is signed and named is what the standard texts say."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.errors import Malformed, MingzhangError
from ledger.log import merkle
from ledger.log.entry import (
    MAX_ENTRY,
    ORIGIN_LINK,
    Opening,
    Place,
    Submission,
    batch_pae,
    batch_root,
    encode_entry,
    parse_entry,
    parse_record,
    parse_signatures,
    parse_submission,
    signature_json,
    submission_json,
)
from tests.community import Community, key_of, refused_as

RECORD: dict[str, Any] = {
    "ledger": "",
    "kind": "note.made/1",
    "id": "01900000-0000-7000-8000-000000000000",
    "at": "2026-01-01T08:00:00+08:00",
    "body": {"text": "明账"},
}
SIGNATURE: dict[str, Any] = {"key": "00" * 32, "alg": "ed25519", "sig": "AA=="}
PASSKEY = {"key": "11" * 32, "alg": "webauthn", "sig": "AA==", "authenticator_data": "AA==", "client_data": "e30="}


def entry(**fields: Any) -> bytes:
    """The bytes of an entry with some fields replaced, whatever they are."""
    whole = {"entry": 1, "seq": 0, "time": "2026-01-01T00:00:00.000Z", "prev": ORIGIN_LINK, "record": RECORD}
    whole |= {"signatures": [SIGNATURE]}
    return json.dumps(whole | fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record(**fields: Any) -> dict[str, Any]:
    return RECORD | fields


# --- what it is ----------------------------------------------------------------------------------------------------------------


def test_an_entry_read_and_written() -> None:
    raw = encode_entry(7, 1_767_225_600_000, "ab" * 32, RECORD, [SIGNATURE, PASSKEY])
    read = parse_entry(raw)
    assert (read.seq, read.time, read.prev, read.raw) == (7, 1_767_225_600_000, "ab" * 32, raw)
    assert [signature_json(s) for s in read.signatures] == [SIGNATURE, PASSKEY]
    assert read.leaf == hashlib.sha256(b"\0" + raw).digest()
    assert read.record.at_ms == 1_767_225_600_000
    assert raw == entry(seq=7, prev="ab" * 32, signatures=[SIGNATURE, PASSKEY])


def test_a_record_is_named_by_its_dsse_encoding() -> None:
    """DSSE's pre-authentication encoding, written out by hand."""
    raw = json.dumps(RECORD, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    kind = b"application/vnd.mingzhang.record+json"
    pae = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(raw)).encode(), raw])
    read = parse_record(RECORD)
    assert (read.raw, read.pae) == (raw, pae)
    assert read.digest == hashlib.sha256(pae).hexdigest()


def test_a_batch_signs_ledger_count_root_and_time() -> None:
    raw = b'{"at":"2026-01-01T08:00:00+08:00","count":2,"ledger":"aa","root":"' + b"00" * 32 + b'"}'
    kind = b"application/vnd.mingzhang.batch+json"
    assert batch_pae("aa", 2, bytes(32), "2026-01-01T08:00:00+08:00") == b" ".join(
        [b"DSSEv1", str(len(kind)).encode(), kind, str(len(raw)).encode(), raw]
    )


def test_the_root_of_a_batch_is_over_the_records_themselves() -> None:
    community = Community()
    records = [community.record("note.made/1", {"n": n}) for n in range(5)]
    root = merkle.root([hashlib.sha256(b"\0" + r.raw).digest() for r in records])
    for one, (signature,) in zip(records, community.sign_batch(records, ["chair"]), strict=True):
        assert signature.batch is not None
        assert batch_root(one, signature.batch) == root
        with refused_as("merkle.path_length"):
            batch_root(one, Place(signature.batch.index, 5, (*signature.batch.path, bytes(32))))


# --- every other way is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"entry": 2}, "entry.version"),
        ({"entry": True}, "entry.version"),
        ({"entry": "1"}, "entry.version"),
        ({"seq": -1}, "entry.seq"),
        ({"seq": True}, "entry.seq"),
        ({"seq": "0"}, "entry.seq"),
        ({"seq": 0.0}, "canonical.fraction"),
        ({"seq": 2**53}, "canonical.integer"),
        ({"time": 0}, "entry.time"),
        ({"time": "2026-01-01T00:00:00Z"}, "period.time"),
        ({"time": "2026-01-01T00:00:00.000+00:00"}, "period.time"),
        ({"time": "2026-02-30T00:00:00.000Z"}, "period.time"),
        ({"prev": ORIGIN_LINK[1:]}, "entry.prev"),
        ({"prev": "AB" * 32}, "entry.prev"),
        ({"prev": 0}, "entry.prev"),
        ({"more": 1}, "entry.fields"),
        ({"prev": None}, "canonical.null"),
        ({"record": []}, "record.shape"),
        ({"record": record(more=1)}, "record.fields"),
        ({"record": {k: v for k, v in RECORD.items() if k != "at"}}, "record.fields"),
        ({"record": record(kind="note.made")}, "record.kind"),
        ({"record": record(kind="note.made/0")}, "record.kind"),
        ({"record": record(kind="note.made/01")}, "record.kind"),
        ({"record": record(kind="Note.made/1")}, "record.kind"),
        ({"record": record(kind="note.made/1\n")}, "record.kind"),
        ({"record": record(kind="a.b.c/1")}, "record.kind"),
        ({"record": record(kind=1)}, "record.kind"),
        ({"record": record(ledger="ab")}, "record.ledger"),
        ({"record": record(ledger="AB" * 32)}, "record.ledger"),
        ({"record": record(id="01900000-0000-4000-8000-000000000000")}, "record.id"),
        ({"record": record(id="01900000-0000-7000-c000-000000000000")}, "record.id"),
        ({"record": record(id="01900000-0000-7000-8000-00000000000A")}, "record.id"),
        ({"record": record(id="0190000000007000800000000000000")}, "record.id"),
        ({"record": record(at="2026-01-01")}, "period.time"),
        ({"record": record(at="2026-01-01T08:00:00+25:00")}, "period.offset"),
        ({"record": record(at=1)}, "record.at"),
        ({"record": record(body=[])}, "record.body"),
        ({"record": record(body="x")}, "record.body"),
        ({"signatures": {}}, "signature.count"),
        ({"signatures": []}, "signature.count"),
        ({"signatures": [SIGNATURE | {"key": f"{n:064x}"} for n in range(9)]}, "signature.count"),
        ({"signatures": [PASSKEY, SIGNATURE]}, "signature.order"),
        ({"signatures": [SIGNATURE, SIGNATURE]}, "signature.order"),
        ({"signatures": [1]}, "signature.shape"),
        ({"signatures": [SIGNATURE | {"alg": "rsa"}]}, "signature.alg"),
        ({"signatures": [SIGNATURE | {"key": "0"}]}, "signature.key"),
        ({"signatures": [SIGNATURE | {"sig": 1}]}, "signature.sig"),
        ({"signatures": [SIGNATURE | {"more": 1}]}, "signature.fields"),
        ({"signatures": [SIGNATURE | {"client_data": "AA=="}]}, "signature.fields"),
        ({"signatures": [{k: v for k, v in PASSKEY.items() if k != "client_data"}]}, "signature.fields"),
    ],
)
def test_an_entry_that_is_none(fields: dict[str, Any], rule: str) -> None:
    with refused_as(rule):
        parse_entry(entry(**fields))


@pytest.mark.parametrize("sig", ["AA", "AA=", "AB==", "AA==\n", " AA==", "A===", "__==", "AA==AA==", "é===", "明账"])
def test_base64_has_one_spelling(sig: str) -> None:
    with refused_as("signature.sig"):
        parse_entry(entry(signatures=[SIGNATURE | {"sig": sig}]))


@pytest.mark.parametrize(
    ("batch", "rule"),
    [
        (1, "batch.shape"),
        ({"index": 0, "count": 1}, "batch.fields"),
        ({"index": 0, "count": 0, "path": []}, "batch.count"),
        ({"index": -1, "count": 1, "path": []}, "batch.index"),
        ({"index": 1, "count": 1, "path": []}, "batch.place"),
        ({"index": 0, "count": 513, "path": []}, "batch.place"),
        ({"index": 0, "count": True, "path": []}, "batch.count"),
        ({"index": 0, "count": 2, "path": "ab"}, "batch.path"),
        ({"index": 0, "count": 2, "path": ["ab"]}, "batch.path"),
        ({"index": 0, "count": 2, "path": [1]}, "batch.path"),
    ],
)
def test_a_place_in_a_batch_that_is_none(batch: object, rule: str) -> None:
    with refused_as(rule):
        parse_entry(entry(signatures=[SIGNATURE | {"batch": batch}]))


def test_the_signatures_of_an_entry_share_one_place() -> None:
    place = {"index": 0, "count": 2, "path": ["ab" * 32]}
    assert len(parse_signatures([SIGNATURE | {"batch": place}, PASSKEY | {"batch": place}])) == 2
    for other in ({"index": 1}, {"count": 3}, {"path": ["cd" * 32]}):
        with refused_as("signature.batches_differ"):
            parse_signatures([SIGNATURE | {"batch": place}, PASSKEY | {"batch": place | other}])


@pytest.mark.parametrize(
    "raw",
    [
        entry().replace(b",", b", ", 1),
        entry() + b"\n",
        b"\xef\xbb\xbf" + entry(),
        entry().replace("明账".encode(), b"\\u660e\\u8d26"),
        entry().replace(b'"entry":1,', b'"entry":1,"entry":1,'),
        entry().replace(b'"seq":0', b'"seq":-0'),
        entry()[:-1],
        b"",
        b"[]",
        b"null",
    ],
)
def test_other_bytes_for_the_same_thing(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_entry(raw)


def test_an_entry_has_a_length_that_fits_its_bundle() -> None:
    room = MAX_ENTRY - len(entry(record=record(body={"text": ""})))
    raw = entry(record=record(body={"text": "x" * room}))
    assert len(raw) == MAX_ENTRY
    assert parse_entry(raw).raw == raw
    with refused_as("canonical.length"):
        parse_entry(entry(record=record(body={"text": "x" * (room + 1)})))
    with refused_as("entry.too_large"):
        encode_entry(0, 0, ORIGIN_LINK, record(body={"text": "x" * (room + 1)}), [SIGNATURE])


def test_no_changed_bit_goes_unnoticed() -> None:
    """Each bit of a signed entry flipped: no entry, or one that is refused. The log's own time alone is nobody's
    signature: it is held by the tree, in which the leaf is another.
    """
    community = Community()
    community.act("person.entered/1", {"nature": "office", "title": "办"}, by=["chair", "registrar"])
    good = community.entries[-1]
    before = Community()
    accepted = 0
    for place in range(len(good.raw) * 8):
        changed = bytearray(good.raw)
        changed[place // 8] ^= 1 << place % 8
        try:
            read = parse_entry(bytes(changed))
            before.apply(before.books, read, before.past)
        except MingzhangError:
            continue
        accepted += 1
        assert (read.seq, read.prev, read.record, read.signatures) == (
            good.seq,
            good.prev,
            good.record,
            good.signatures,
        )
        assert read.time != good.time
        assert read.leaf != good.leaf
    assert 0 < accepted < 40


JSON = st.recursive(
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"\A[a-z0-9_]{1,5}\Z"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    seq=st.integers(0, 2**53 - 1),
    time=st.integers(0, 253_402_300_799_999),
    body=st.dictionaries(st.from_regex(r"\A[a-z0-9_]{1,5}\Z"), JSON, max_size=4),
    sig=st.binary(max_size=80),
)
def test_whatever_it_holds_it_reads_back(seq: int, time: int, body: dict[str, Any], sig: bytes) -> None:
    signature = SIGNATURE | {"sig": base64.b64encode(sig).decode()}
    raw = encode_entry(seq, time, "cd" * 32, record(body=body), [signature])
    read = parse_entry(raw)
    assert (read.seq, read.time, read.record.body, read.signatures[0].sig) == (seq, time, body, sig)
    assert read.record.raw == canonical.encode(record(body=body))


def test_a_record_that_looks_like_the_end_of_its_entry() -> None:
    body = {
        "prev": ORIGIN_LINK,
        "record": {"a": 1},
        "seq": 7,
        "signatures": [{"seq": 7, "signatures": [1]}],
        "text": ',"seq":7,',
    }
    raw = encode_entry(7, 0, "cd" * 32, record(body=body), [SIGNATURE])
    assert parse_entry(raw).record.raw == canonical.encode(record(body=body))


# --- submissions -----------------------------------------------------------------------------------------------------------------


def waiting(**fields: Any) -> bytes:
    whole = {"record": RECORD, "signatures": [], "openings": []}
    return canonical.encode(whole | fields)


def test_a_submission_goes_round_for_signatures() -> None:
    assert parse_submission(waiting()).signatures == ()
    opening = {
        "field": "persons/0/name",
        "salt": base64.b64encode(bytes(range(32))).decode(),
        "value": {"name": "张三"},
    }
    raw = waiting(signatures=[SIGNATURE], openings=[opening])
    read = parse_submission(raw)
    assert read.openings == (Opening("persons/0/name", bytes(range(32)), {"name": "张三"}),)
    assert canonical.encode(submission_json(read)) == raw


def test_signatures_are_put_in_order_when_written() -> None:
    one, two = (parse_signatures([s])[0] for s in (SIGNATURE, PASSKEY))
    written = submission_json(Submission(parse_record(RECORD), (two, one)))
    assert [s["key"] for s in written["signatures"]] == ["00" * 32, "11" * 32]


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: waiting(more=1), "submission.fields"),
        (lambda: b"[]", "submission.shape"),
        (lambda: waiting(openings={}), "submission.openings"),
        (lambda: waiting(openings=[1]), "opening.shape"),
        (lambda: waiting(openings=[{"field": "a", "salt": "AA=="}]), "opening.fields"),
        (lambda: waiting(openings=[{"field": "a", "salt": "AA==", "value": 1}]), "opening.salt"),
        (
            lambda: waiting(openings=[{"field": 1, "salt": base64.b64encode(bytes(32)).decode(), "value": 1}]),
            "opening.field",
        ),
        (lambda: waiting(signatures=[PASSKEY, SIGNATURE]), "signature.order"),
        (lambda: waiting(record=record(body={"text": "x" * (1 << 20)})), "canonical.length"),
    ],
)
def test_a_submission_that_is_none(make: Callable[[], bytes], rule: str) -> None:
    with refused_as(rule):
        parse_submission(make())


def test_what_was_signed_is_what_is_checked() -> None:
    """The PAE and nothing shorter: a signature over the bare record is none."""
    community = Community()
    one = community.record("person.entered/1", {"nature": "office", "title": "x"})
    key = key_of("chair")
    assert key.sign(one.pae) == community.sign(one, ["chair"])[0].sig
    bare = [
        signature_json(s) | {"sig": base64.b64encode(key.sign(one.raw)).decode()}
        for s in community.sign(one, ["chair"])
    ]
    with refused_as("signature.invalid"):
        community.submit(one, parse_signatures(bare))
