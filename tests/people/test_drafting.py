"""Drafting: what is drafted is what is checked."""

import pytest

from ledger.log.entry import Signature
from ledger.people import drafting, signing
from ledger.signatures import Ed25519Key
from tests.community import digest_of, key_of, refused_as

LEDGER = digest_of("ledger")
KEYS = [key_of("a"), key_of("b")]


def find(identifier: str) -> tuple[str, bytes] | None:
    return next(((k.alg, k.public) for k in KEYS if k.key == identifier), None)


@pytest.mark.parametrize("count", [1, 2, 3, 511, 512])
def test_a_batch_is_signed_once_and_checked_record_by_record(count: int) -> None:
    records = [drafting.draft(LEDGER, "note.made/1", {"n": n}, 1000) for n in range(count)]
    signed = drafting.sign_batch(records, KEYS)
    for record, by in zip(records, signed, strict=True):
        signing.check_signatures(record, by, find)
    assert len({s.sig for by in signed for s in by}) == len(KEYS)
    if count > 1:
        with refused_as("signature.invalid"):
            signing.check_signatures(records[0], signed[1], find)


def test_single_signatures() -> None:
    record = drafting.draft(LEDGER, "note.made/1", {}, 1000)
    signed = drafting.merged(record, drafting.sign(record, KEYS[:1]), drafting.sign(record, KEYS[1:]))
    signing.check_signatures(record, signed, find)
    assert [s.key for s in signed] == sorted(k.key for k in KEYS)
    with refused_as("signature.order"):
        drafting.merged(record, signed, signed[:1])


@pytest.mark.parametrize("count", [0, 513])
def test_a_batch_has_its_size(count: int) -> None:
    with refused_as("batch.size"):
        drafting.sign_batch([drafting.draft(LEDGER, "note.made/1", {}, 1000)] * count, KEYS)


@pytest.mark.parametrize(("ledger", "at"), [(LEDGER, 2000), (digest_of("other"), 1000)])
def test_a_batch_has_one_ledger_and_one_time(ledger: str, at: int) -> None:
    records = [drafting.draft(LEDGER, "note.made/1", {}, 1000), drafting.draft(ledger, "note.made/1", {}, at)]
    with refused_as("batch.times_differ"):
        drafting.sign_batch(records, KEYS)


def test_ids_ascend_with_time_and_differ() -> None:
    ids = [drafting.draft(LEDGER, "note.made/1", {}, at).id for at in (1, 1, 2)]
    assert len(set(ids)) == len(ids)
    assert ids[2] > max(ids[:2])
    with refused_as("record.id_random"):
        drafting.uuid7(0, bytes(9))


def test_what_is_sealed_is_opened_by_its_salt_alone() -> None:
    one, opening = drafting.seal(LEDGER, "note.made/1", "text", "明账")
    two, other = drafting.seal(LEDGER, "note.made/1", "text", "明账")
    assert one != two
    assert drafting.seal(LEDGER, "note.made/1", "text", "明账", opening.salt) == (one, opening)
    assert opening.salt != other.salt


def test_an_unknown_key_and_another_algorithm() -> None:
    record = drafting.draft(LEDGER, "note.made/1", {}, 1000)
    with refused_as("signature.unknown_key"):
        signing.check_signatures(record, drafting.sign(record, [Ed25519Key.generate()]), find)
    (good,) = drafting.sign(record, KEYS[:1])
    with refused_as("signature.alg_differs"):
        signing.check_signatures(record, [Signature(good.key, "p256", good.sig)], find)
