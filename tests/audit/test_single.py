"""A receipt or a statement in the hand: what is proven, what is not, what every changed bit is answered with."""

import base64
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import canonical
from ledger.audit import Trust, verify_receipt, verify_statement
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Opening, parse_entry
from ledger.log.note import COSIGNATURE_ED25519, SigningKey
from ledger.log.policy import Policy
from ledger.log.proof import Proof, format_proof
from tests.audit.specimen import Ledger, Published, full, head_of, index_of, log_keys, policy_of
from tests.community import salt_of

STATEMENT = "statement.published/1"


def proof_of(published: Published, seq: int) -> Proof:
    """The proof of an entry in the newest head."""
    tree, new = merkle.Range().extend(merkle.leaf_hashes(published.entries))
    nodes = {(level, index): value for level, index, value in new}
    path = merkle.inclusion_plan(seq, tree.size).combine(nodes)
    return Proof(seq, path, published.files["checkpoint"])


def receipt_of(published: Published, seq: int, openings: tuple[Opening, ...] = ()) -> bytes:
    """A receipt as the store writes it."""
    value = {
        "receipt": 1,
        "entry": base64.b64encode(published.entries[seq]).decode(),
        "proof": format_proof(proof_of(published, seq)).decode(),
        "openings": [{"field": o.field, "salt": base64.b64encode(o.salt).decode(), "value": o.value} for o in openings],
    }
    return canonical.encode(value)


def person() -> tuple[int, tuple[Opening, ...]]:
    """The entry that entered a person, and what opens his name."""
    seq = index_of(full(), "person.entered/1")
    place = "person.entered/1 name zhang"
    return seq, (Opening("name", salt_of(place), "zhang"),)


def test_a_receipt_agrees_with_what_is_known_outside():
    seq, openings = person()
    report = verify_receipt(receipt_of(full(), seq, openings), full().outside)
    assert report.verdict == "agrees"
    assert report.codes == {"receipt.signatures"}
    assert report.subject["entry"] == seq
    assert report.subject["kind"] == "person.entered/1"
    assert report.subject["ledger"] == full().genesis
    assert report.counts["openings"] == 1
    assert {key.whose for key in report.keys} == {"log", "witness"}


def test_without_a_key_from_outside_nothing_is_established():
    report = verify_receipt(receipt_of(full(), 3))
    assert report.verdict == "cannot_be_checked"
    assert report.codes == {"trust.none", "receipt.signatures"}


def test_the_genesis_has_a_receipt_too():
    report = verify_receipt(receipt_of(full(), 0), full().outside)
    assert (report.verdict, report.subject["ledger"]) == ("agrees", full().genesis)


def test_an_opening_that_does_not_fit_is_found():
    seq, (opening,) = person()
    for other in (
        Opening("name", opening.salt, "li"),
        Opening("name", bytes(32), opening.value),
        Opening("title", opening.salt, opening.value),
        Opening("name/0", opening.salt, opening.value),
        Opening("name/x", opening.salt, opening.value),
        Opening("", opening.salt, opening.value),
    ):
        report = verify_receipt(receipt_of(full(), seq, (other,)), full().outside)
        assert "receipt.opening" in report.codes
        assert report.verdict == "differs"


def test_a_receipt_opens_a_field_in_a_list():
    place, salt = "persons/0/name", salt_of("wang")
    # A genesis names no ledger, so its commitments are made without one.
    name = canonical.commitment("", "ledger.opened/1", place, "王", salt)
    founders = parse_entry(full().entries[0]).record.body["persons"]
    natural = {field: value for field, value in founders[0].items() if field != "title"}
    first = natural | {"nature": "natural", "name": name}
    made = Ledger(genesis={"persons": [first, *founders[1:]]}).published()
    report = verify_receipt(receipt_of(made, 0, (Opening(place, salt, "王"),)), made.outside)
    assert (report.verdict, report.counts["openings"]) == ("agrees", 1)
    for harmed in ("persons/1/name", "persons/9/name", "persons/01/name", "persons/0/name/0"):
        report = verify_receipt(receipt_of(made, 0, (Opening(harmed, salt, "王"),)), made.outside)
        assert "receipt.opening" in report.codes


def test_the_place_must_be_the_entrys_own():
    receipt = canonical.decode(receipt_of(full(), 3))
    assert isinstance(receipt, dict)
    moved = format_proof(proof_of(full(), 4)).decode()
    report = verify_receipt(canonical.encode(receipt | {"proof": moved}), full().outside)
    assert {"receipt.proof", "receipt.place"} <= report.codes


def test_a_head_that_somebody_else_signed_is_refused():
    stranger = full().publish(keys=log_keys("stranger"))
    assert "head.signature" in verify_receipt(receipt_of(stranger, 3), full().outside).codes
    moved = Trust(policy=policy_of(log_keys("other", "example.org/other")))
    assert "trust.unknown_log" in verify_receipt(receipt_of(full(), 3), moved).codes


def test_a_receipt_of_another_ledger_is_refused():
    trust = Trust(genesis="ab" * 32, vkeys=full().keys.vkeys)
    assert "receipt.foreign" in verify_receipt(receipt_of(full(), 3), trust).codes
    assert "receipt.foreign" in verify_receipt(receipt_of(full(), 0), trust).codes


def test_a_head_that_forked_is_found():
    head = full().head
    trust = Trust(
        vkeys=full().keys.vkeys, heads=(Checkpoint(head.origin, head.size, bytes(32)), head_of(full().entries[:3]))
    )
    assert "trust.head_forked" in verify_receipt(receipt_of(full(), 3), trust).codes


def test_lines_of_strangers_may_stand_on_a_receipts_head():
    trust = Trust(vkeys=full().keys.vkeys, policy=Policy())
    assert verify_receipt(receipt_of(full(), 3), trust).codes == {"receipt.signatures"}
    missing = policy_of(full().keys, SigningKey("example.org/third", COSIGNATURE_ED25519, b"3" * 32))
    assert "witness.quorum" in verify_receipt(receipt_of(full(), 3), Trust(policy=missing)).codes


@pytest.mark.parametrize(
    "changed",
    [
        {"receipt": 2},
        {"receipt": True},
        {"more": 1},
        {"entry": "AA"},
        {"entry": 5},
        {"entry": ""},
        {"entry": "e30="},
        {"proof": "c2sp.org/tlog-proof@v1\n"},
        {"proof": 1},
        {"openings": {}},
        {"openings": [1]},
        {"openings": [{"field": "name", "salt": "AA==", "value": 1}]},
        {"openings": [{"field": 1, "salt": base64.b64encode(bytes(32)).decode(), "value": 1}]},
    ],
)
def test_what_is_no_receipt_is_found(changed: dict[str, Any]):
    value = canonical.decode(receipt_of(full(), 3))
    assert isinstance(value, dict)
    report = verify_receipt(canonical.encode(value | changed), full().outside)
    assert report.exit_code == 1
    assert report.codes == {"receipt.malformed"}


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(data: bytes):
    assert verify_receipt(data, full().outside).exit_code == 1
    assert verify_statement(data, data, full().outside).exit_code == 1


def test_a_changed_bit_of_a_receipt_is_found():
    seq, openings = person()
    data = receipt_of(full(), seq, openings)
    chance = random.Random(1)
    for start in range(0, len(data) * 8, 97):
        bit = min(len(data) * 8 - 1, start + chance.randrange(97))
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        report = verify_receipt(bytes(changed), full().outside)
        # The lines of witnesses beyond the quorum may turn into lines of strangers.
        if report.verdict != "differs":
            assert b"example.org/other" in data
            assert report.codes == {"receipt.signatures"}
            assert len(report.keys) == 3


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_with_the_receipt_of_its_publication_agrees():
    seq = index_of(full(), STATEMENT)
    report = verify_statement(full().statements["2026H1"], receipt_of(full(), seq), full().outside)
    assert report.verdict == "agrees"
    assert report.codes == {"receipt.signatures"}


def test_a_statement_alone_is_added_up_and_not_established():
    report = verify_statement(full().statements["2026H1"])
    assert report.verdict == "cannot_be_checked"
    assert report.codes == {"statement.unproven"}
    assert report.subject["name"] == "示例小区"


def test_a_statement_under_the_receipt_of_another_is_refused():
    seq = index_of(full(), STATEMENT)
    report = verify_statement(full().statements["2026H2"], receipt_of(full(), seq), full().outside)
    assert {"statement.digest", "statement.sum"} <= report.codes
    report = verify_statement(full().statements["2026H2"], receipt_of(full(), 3), full().outside)
    assert "statement.digest" in report.codes


def test_a_statement_of_another_ledger_is_refused():
    other = Ledger(name="别处")
    other.open_books()
    other.set_clock("2026-07-14T09:00:00+08:00")
    other.publish_statement(at="2026-07-15T09:00:00+08:00")
    made = other.published()
    seq = index_of(made, STATEMENT)
    report = verify_statement(made.statements["2026H1"], receipt_of(made, seq), full().outside)
    assert {"trust.genesis", "receipt.foreign"} <= report.codes


@settings(max_examples=60)
@given(st.data())
def test_a_changed_bit_of_a_statement_is_found(data: st.DataObject):
    statement = full().statements["2026H1"]
    bit = data.draw(st.integers(0, len(statement) * 8 - 1))
    changed = bytearray(statement)
    changed[bit // 8] ^= 1 << bit % 8
    seq = index_of(full(), STATEMENT)
    assert verify_statement(bytes(changed), receipt_of(full(), seq), full().outside).verdict == "differs"
