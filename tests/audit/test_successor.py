"""A ledger that nobody can sign any more is carried on by another, whose genesis names it; both are checked."""

from dataclasses import replace

from ledger.log.checkpoint import Checkpoint, LogKeys
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from tests.audit.specimen import OFFICERS, Ledger, Published, check
from tests.community import BOTH, refused_as

AFTER = "example.org/after"
KEYS = LogKeys(SigningKey(AFTER, ED25519, b"\3" * 32), SigningKey(AFTER, COSIGNATURE_ML_DSA_44, b"\4" * 32))


def locked(last: str = "移交清单") -> Ledger:
    """Its books are open and every term is over; ``last`` is what was entered before that."""
    ledger = Ledger(officers=OFFICERS, term=("2026-01-01", "2026-06-30"))
    ledger.open_books()
    ledger.act("document.entered/1", {"kind": "other", "subject": last}, by=["chair"])
    ledger.set_clock("2026-07-01T00:00:00+08:00")
    with refused_as("signers.nobody_in_term"):
        ledger.act("person.entered/1", {"nature": "office", "title": "新一届"}, by=BOTH)
    return ledger


def successor(before: Published) -> Ledger:
    """Founded by the newly elected, its opening balances those that the old one ended with."""
    head = before.head
    named = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    ledger = Ledger(
        keys=KEYS,
        officers=OFFICERS,
        start="2026-07-02T09:00:00+08:00",
        term=("2026-07-01", "2031-06-30"),
        genesis={"predecessor": named},
    )
    ledger.open_books()
    return ledger


def test_both_ledgers_are_checked_and_the_new_one_holds_the_old_to_its_last_head() -> None:
    old = locked().published()
    new = successor(old).published()
    assert check(new.files, new.outside).verdict == "agrees"
    origin, size, root = str(check(new.files, new.outside).subject["predecessor"]).split()
    named = Checkpoint(origin, int(size), bytes.fromhex(root))
    assert check(old.files, replace(old.outside, heads=(named,))).verdict == "agrees"
    assert "predecessor" not in check(old.files, old.outside).subject


def test_an_old_ledger_that_was_cut_or_rewritten_differs_from_what_the_new_one_names() -> None:
    old = locked().published()
    _, size, root = str(check(successor(old).published().files).subject["predecessor"]).split()
    named = Checkpoint(old.head.origin, int(size), bytes.fromhex(root))
    cut = old.publish(entries=old.entries[:-1])
    assert "trust.head_older" in check(cut.files, replace(cut.outside, heads=(named,))).codes
    rewritten = locked("另一份清单").published()
    assert "trust.head_forked" in check(rewritten.files, replace(rewritten.outside, heads=(named,))).codes
