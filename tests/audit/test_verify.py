"""Verification from outside: what agrees, what each forgery is answered with, that nothing ends it but its end."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import canonical
from ledger.audit import Report, Trust, replay, secondopinion, verify
from ledger.audit.findings import CODES
from ledger.audit.manifest import MANIFEST
from ledger.audit.replay import IndexPast, Replay, entry_reader
from ledger.books import MACHINE
from ledger.errors import Malformed, NotFound, Refused
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Signature, encode_entry, parse_entry, parse_record, signature_json
from ledger.log.merkle import Range, leaf_hash, leaf_hashes
from ledger.log.note import COSIGNATURE_ED25519, SigningKey
from ledger.log.policy import Policy, parse_policy
from ledger.log.tiles import encode_entries
from ledger.period import format_time
from ledger.publication.statement import draw_up
from tests.audit.specimen import (
    OTHER_WITNESS,
    WITNESS,
    InMemory,
    Ledger,
    Published,
    changed,
    check,
    full,
    full_ledger,
    head_of,
    index_of,
    log_files,
    log_keys,
    policy_of,
    relink,
    remade,
    small,
)
from tests.community import key_of, refused_as

WIDTH = len(full().entries)
"""Of the one bundle of the full ledger, and of its one tile of hashes."""
HASHES, ENTRIES = f"tile/0/000.p/{WIDTH}", f"tile/entries/000.p/{WIDTH}"

STATEMENT = "statement.published/1"


def places(report: Report, code: str) -> list[str]:
    return [str(finding.where) for finding in report.findings if finding.code == code]


# --- what agrees ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [small, full])
def test_what_was_published_agrees_with_what_is_known_outside(made: Callable[[], Published]):
    report = check(made().files, made().outside)
    assert (report.verdict, report.exit_code, report.findings) == ("agrees", 0, ())
    assert report.counts["applied"] == report.counts["entries"] == report.counts["records"] == len(made().entries)
    assert report.counts["statements"] == len(made().statements)
    assert report.counts["files"] == len(made().files) - 1
    assert {(key.whose, key.source) for key in report.keys} == {
        ("log", "outside"),
        ("witness", "outside"),
        ("registrar", "outside"),
    }
    assert {"checks", "machine", "python", "merkletools"} == set(report.versions)
    assert json.loads(json.dumps(report.json())) == report.json()


def test_the_bundles_own_keys_are_said_to_be_no_more_than_that():
    report = check(full().files)
    assert (report.verdict, report.exit_code) == ("agrees", 0)
    assert [finding.code for finding in report.findings] == ["trust.self"]
    assert {key.source for key in report.keys} == {"bundle"}


@pytest.mark.parametrize(
    "trust",
    [
        lambda made: Trust(genesis=made.genesis),
        lambda made: Trust(vkeys=made.keys.vkeys),
        lambda made: Trust(policy=policy_of(made.keys)),
        lambda made: Trust(heads=(head_of(made.entries[:5]),)),
        lambda made: Trust(heads=(made.head, head_of(made.entries[:1])), genesis=made.genesis),
    ],
)
def test_any_one_thing_known_outside_establishes_the_origin(trust: Callable[[Published], Trust]):
    assert check(full().files, trust(full())).findings == ()


def test_a_bare_log_has_no_files_beside_it():
    log = {path: data for path, data in full().files.items() if path == "checkpoint" or path.startswith("tile/")}
    report = check(log, Trust(genesis=full().genesis), bundle=False)
    # Without a policy of the bundle its witnesses' lines are strangers'.
    assert report.codes == {"head.unknown_line"}
    assert check(log, full().outside, bundle=False).findings == ()
    assert check(log, full().outside).codes == {"manifest.missing", "file.missing", "statement.missing"}


def test_progress_is_told_for_each_step():
    told: list[tuple[str, int, int]] = []
    check(full().files, progress=lambda *step: told.append(step))
    assert {step for step, _, _ in told} == {"files", "tree", "rules"}
    assert told[-1] == ("rules", len(full().entries), len(full().entries))


def test_trust_self_stands_first():
    report = check(remade(dict(full().files) | {"statements/2099H1.json": b"{}"}))
    assert report.findings[0].code == "trust.self"
    assert "statement.foreign" in report.codes
    assert report.exit_code == 1


# --- forged whole -----------------------------------------------------------------------------------------------------


def test_signed_again_by_other_keys_is_refused():
    stranger = full().publish(keys=log_keys("stranger"))
    assert "head.signature" in check(stranger.files, Trust(genesis=full().genesis)).codes
    report = check(stranger.files, Trust(vkeys=full().keys.vkeys))
    assert places(report, "head.signature") == ["checkpoint"]
    # The genesis still names the keys that did not sign.
    assert "head.signature" in check(stranger.files).codes


def test_a_ledger_of_the_same_name_made_by_somebody_else_is_refused():
    other = full_ledger_by("stranger")
    assert check(other.files).verdict == "agrees"
    assert "trust.genesis" in check(other.files, Trust(genesis=full().genesis)).codes
    assert "head.signature" in check(other.files, Trust(vkeys=full().keys.vkeys)).codes
    assert "trust.vkeys" in check(other.files, Trust(vkeys=full().keys.vkeys)).codes
    assert "trust.head_forked" in check(other.files, Trust(heads=(full().head,))).codes


def full_ledger_by(name: str) -> Published:
    ledger = Ledger(keys=log_keys(name))
    ledger.open_books()
    for number in range(len(full().entries)):
        ledger.act("document.entered/1", {"kind": "other", "subject": f"{number}"}, by=["chair"])
    return ledger.published(WITNESS)


def test_an_entry_taken_out_and_the_tree_rebuilt_is_refused():
    out = index_of(full(), "document.entered/1", 1)
    entries = relink([raw for seq, raw in enumerate(full().entries) if seq != out])
    # By somebody without the log's keys: the head is not theirs to make.
    assert places(
        check(full().publish(entries=entries, keys=log_keys("stranger")).files, full().outside), "head.signature"
    )
    old = dict(full().publish(entries=entries).files) | {"checkpoint": full().files["checkpoint"]}
    assert check(remade(old), full().outside).verdict == "differs"
    # By the keeper himself: whoever saw a head before sees that this is another log.
    keeper = full().publish(entries=entries)
    assert "trust.head_older" in check(keeper.files, full().outside).codes
    seen = Trust(genesis=full().genesis, heads=(head_of(full().entries[: out + 2]),))
    assert "trust.head_forked" in check(keeper.files, seen).codes


def test_an_older_head_is_refused_by_who_knows_a_later_one():
    older = full().publish(entries=full().entries[:20], statements={})
    assert check(older.files, Trust(genesis=full().genesis)).verdict == "agrees"
    assert check(older.files, full().outside).codes == {"trust.head_older"}


def test_a_head_older_than_its_entries_is_refused():
    files = dict(full().files)
    files["checkpoint"] = full().publish(entries=full().entries[:20], statements={}).files["checkpoint"]
    report = check(remade(files), full().outside)
    assert {"entries.missing", "trust.head_older"} <= report.codes


def test_a_tile_of_another_size_is_found():
    files = dict(full().files) | {"tile/0/000.p/5": full().files[HASHES][: 5 * 32]}
    assert places(check(remade(files), full().outside), "tile.unknown") == ["tile/0/000.p/5"]


def test_a_statement_of_another_ledger_is_refused():
    other = full_ledger(name="另一个小区").published()
    files = dict(full().files) | {"statements/2026H1.json": other.statements["2026H1"]}
    report = check(remade(files), full().outside)
    assert {"statement.bytes", "statement.digest", "statement.log"} <= report.codes
    assert {"statements/2026H1.json ledger", "statements/2026H1.json name"} <= set(places(report, "statement.log"))
    assert places(report, "statement.bytes")[0].startswith("statements/2026H1.json@")


def test_log_keys_from_elsewhere_must_be_those_of_the_genesis():
    trust = Trust(vkeys=log_keys("stranger").vkeys)
    assert {"head.signature", "trust.vkeys"} <= check(full().files, trust).codes


def test_a_log_that_no_policy_lists_is_unknown():
    trust = Trust(policy=policy_of(log_keys("other", "example.org/other")))
    assert "trust.unknown_log" in check(full().files, trust).codes


def test_the_registrar_must_be_the_one_that_the_reader_was_told_of():
    told = replace(full().outside, registrar=frozenset({key_of("somebody").key}))
    assert check(full().files, told).codes == {"trust.registrar"}


def test_a_registrar_appointed_later_is_unchecked_and_none_at_all_differs():
    ledger = Ledger()
    ledger.enter("wang")
    term = {"role": "registrar", "body": "street", "start": "2026-01-01", "end": "2026-12-31"}
    ledger.act(
        "role.appointed/1", {"person": ledger.ref("wang"), "source": "0" * 64, **term}, by=["chair", "registrar"]
    )
    made = ledger.published()
    assert check(made.files, made.outside).codes == {"trust.registrar_later"}
    both = replace(made.outside, registrar=made.outside.registrar | {key_of("wang").key})
    assert check(made.files, both).findings == ()
    without = Ledger(officers={"chair": ("chair", "committee"), "treasurer": ("treasurer", "committee")})
    made = without.published(registrar=frozenset({key_of("registrar").key}))
    assert check(made.files, made.outside).codes == {"trust.registrar"}


# --- heads ------------------------------------------------------------------------------------------------------------


def test_a_witness_that_is_missing_leaves_it_unchecked():
    policy = policy_of(full().keys, SigningKey("example.org/third", COSIGNATURE_ED25519, b"3" * 32))
    report = check(full().files, replace(full().outside, policy=policy))
    assert report.codes == {"witness.quorum"}
    assert (report.verdict, report.exit_code) == ("cannot_be_checked", 1)


def test_a_line_of_no_known_key_is_found():
    stranger = SigningKey("example.org/stranger", COSIGNATURE_ED25519, b"4" * 32)
    files = dict(full().publish(witnesses=(WITNESS, OTHER_WITNESS, stranger)).files)
    files["policy.txt"] = full().files["policy.txt"]
    report = check(remade(files), full().outside)
    assert places(report, "head.unknown_line") == ["checkpoint example.org/stranger"]


def test_a_line_that_stands_twice_is_found():
    files = dict(full().files)
    files["checkpoint"] += files["checkpoint"].split(b"\n\n")[1].split(b"\n")[2] + b"\n"
    assert places(check(remade(files), full().outside), "head.unknown_line") == [f"checkpoint {WITNESS.name}"]


@pytest.mark.parametrize("line", [0, 1])
def test_both_keys_of_the_log_must_have_signed(line: int):
    files = dict(full().files)
    text, lines = files["checkpoint"].split(b"\n\n")
    kept = [one for number, one in enumerate(lines.splitlines(keepends=True)) if number != line]
    files["checkpoint"] = text + b"\n\n" + b"".join(kept)
    assert "head.signature" in check(remade(files), full().outside).codes


def test_a_head_cosigned_before_its_entries_is_found():
    early = full().publish(timestamp=full().timestamp - 3600)
    report = check(early.files, full().outside)
    assert places(report, "head.time") == ["checkpoint example.org/books"]
    assert places(report, "witness.time") == [f"checkpoint {WITNESS.name}", f"checkpoint {OTHER_WITNESS.name}"]
    assert check(full().publish(timestamp=full().timestamp - 300).files, full().outside).findings == ()


def test_a_head_inside_a_batch_is_found():
    first = index_of(full(), "bank.imported/1")
    cut = full().publish(entries=full().entries[: first + 2], statements={})
    assert check(cut.files, Trust(genesis=full().genesis)).codes == {"head.in_batch"}


def test_a_head_that_claims_more_than_there_is():
    for size in (60, 257, 2**40, 2**64 - 1):
        keys, root = full().keys, full().head.root
        files = dict(full().files) | {"checkpoint": keys.sign(Checkpoint(keys.origin, size, root), 2_000_000_000)}
        report = check(remade(files), full().outside)
        assert report.verdict == "differs"
        assert report.codes & {"entries.missing", "log.too_large"}


def test_an_empty_log_tells_nothing():
    empty = full().publish(entries=(), statements={})
    assert {"log.empty", "trust.genesis"} <= check(empty.files, full().outside).codes
    assert check(empty.files, Trust(vkeys=full().keys.vkeys)).verdict == "cannot_be_checked"


def test_a_head_of_another_name_is_refused():
    moved = full().publish(keys=log_keys("log", "example.org/moved"))
    assert "head.origin" in check(moved.files).codes
    assert "head.origin" in check(moved.files, Trust(vkeys=moved.keys.vkeys)).codes


def test_without_a_readable_head_the_rest_is_still_checked():
    files = dict(full().files)
    del files["checkpoint"]
    report = check(remade(files))
    assert report.codes == {"trust.self", "head.missing"}
    assert report.counts["applied"] == len(full().entries)
    report = check(remade(files | {"checkpoint": b"not a note"}))
    assert report.codes == {"trust.self", "head.malformed"}


# --- files ------------------------------------------------------------------------------------------------------------


def test_manifest_and_files_must_be_the_same():
    files = dict(full().files)
    del files[HASHES]
    files["note.txt"] = b"hello"
    files["vkeys.txt"] += b"\n"
    report = check(files, full().outside)
    assert places(report, "file.missing") == [HASHES]
    assert places(report, "file.unlisted") == ["note.txt"]
    assert places(report, "file.differs") == ["vkeys.txt"]
    assert {"tile.missing", "vkeys.malformed"} <= report.codes


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b'{"files":[],"manifest":2}',
        b'{"files":[],"manifest":true}',
        b'{"files":[1],"manifest":1}',
        b'{"files":[{"path":"../x","sha256":"' + b"0" * 64 + b'","size":1}],"manifest":1}',
        b'{"files":[{"path":"x","sha256":"' + b"0" * 63 + b'","size":1}],"manifest":1}',
        b'{"files":[{"path":"x","sha256":"' + b"0" * 64 + b'","size":-1}],"manifest":1}',
        b'{"files":[{"path":"x","sha256":"' + b"0" * 64 + b'","size":true}],"manifest":1}',
        b'{"files": [],"manifest":1}',
        b'{"files":[],"manifest":1,"more":1}',
    ],
)
def test_a_manifest_that_is_none_is_found(manifest: bytes):
    report = check(dict(full().files) | {MANIFEST: manifest}, full().outside)
    assert report.codes == {"manifest.malformed"}


def test_files_listed_out_of_order_or_twice_are_found():
    value: Any = canonical.decode(full().files[MANIFEST])
    twice = value | {"files": [value["files"][0], *value["files"]]}
    assert check(dict(full().files) | {MANIFEST: canonical.encode(twice)}, full().outside).codes == {
        "manifest.malformed"
    }


@pytest.mark.parametrize(
    ("vkeys", "code"),
    [
        (b"", "vkeys.malformed"),
        (b"no vkey\n", "vkeys.malformed"),
        (b"\xff\n", "vkeys.malformed"),
        ("".join(f"{key}\n" for key in log_keys("stranger").vkeys).encode(), "vkeys.differ"),
        (f"{log_keys().vkeys[0]}\n".encode(), "vkeys.differ"),
    ],
)
def test_the_keys_beside_the_log_are_those_of_its_genesis(vkeys: bytes, code: str):
    report = check(remade(dict(full().files) | {"vkeys.txt": vkeys}), full().outside)
    assert report.codes == {code}


def test_the_policy_beside_the_log_lists_its_keys():
    for policy in (Policy(), policy_of(log_keys("stranger"), WITNESS, OTHER_WITNESS)):
        made = replace(full(), files=dict(full().files))
        files = dict(made.files) | {"policy.txt": policy_text(policy)}
        assert "policy.differs" in check(remade(files), full().outside).codes
    files = dict(full().files) | {"policy.txt": b"quorum somebody\n"}
    assert {"policy.malformed"} <= check(remade(files), full().outside).codes


def policy_text(policy: Policy) -> bytes:
    from ledger.log.policy import format_policy

    assert parse_policy(format_policy(policy)) == policy
    return format_policy(policy)


@pytest.mark.parametrize("path", ["vkeys.txt", "policy.txt"])
def test_what_a_bundle_must_have_is_missed(path: str):
    files = {name: data for name, data in full().files.items() if name != path}
    assert places(check(remade(files), full().outside), "file.missing") == [path]


class Broken(InMemory):
    """A source that fails in a way of its own for one path."""

    def __init__(self, path: str, error: Exception) -> None:
        super().__init__(full().files)
        self._broken = path, error

    def attachment(self, path: str) -> bytes:
        if path == self._broken[0]:
            raise self._broken[1]
        return super().attachment(path)

    def checkpoint(self) -> bytes:
        return self.attachment("checkpoint")

    def entries(self, index: int, width: int | None = None) -> bytes:
        return self.attachment(ENTRIES)

    def names(self) -> list[str]:
        if self._broken[0] == "names":
            raise self._broken[1]
        return sorted(full().files)


@pytest.mark.parametrize("path", ["names", *full().files])
def test_what_cannot_be_read_is_a_finding(path: str):
    report = verify(Broken(path, Refused("source.link", path)), full().outside)
    assert "file.unreadable" in report.codes
    report = verify(Broken(path, NotFound("source.file", path)), full().outside)
    assert report.verdict == "differs" or path == "names"
    if path != "names":
        report = verify(Broken(path, ValueError("odd")), full().outside)
        assert "reader.failed" in report.codes
        assert report.exit_code == 1


# --- tiles and entries ------------------------------------------------------------------------------------------------


def test_a_tile_of_other_hashes_is_found_at_its_place():
    files = dict(full().files)
    tile = bytearray(files[HASHES])
    tile[32 * 5 + 7] ^= 1
    files[HASHES] = bytes(tile)
    report = check(remade(files), full().outside)
    assert places(report, "tile.differs") == [f"{HASHES}@{32 * 5 + 7} #5"]
    assert report.codes == {"tile.differs"}


def test_tiles_above_the_lowest_are_compared_too():
    ledger = Ledger()
    for number in range(300):
        ledger.act("document.entered/1", {"kind": "other", "subject": f"{number}"}, by=["chair"])
    made = ledger.published()
    assert check(made.files, made.outside).findings == ()
    assert {"tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1"} < set(made.files)
    for path in ("tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1"):
        harmed = dict(made.files) | {path: bytes(32) + made.files[path][32:]}
        (place,) = places(check(remade(harmed), made.outside), "tile.differs")
        assert place.startswith(path)
        gone = {name: data for name, data in made.files.items() if name != path}
        assert places(check(remade(gone), made.outside), "tile.missing") == [path]
    for path in ("tile/entries/000", "tile/entries/001.p/45"):
        gone = {name: data for name, data in made.files.items() if name != path}
        report = check(remade(gone), made.outside)
        assert [p.split(" ")[0] for p in places(report, "entries.missing")] == [path]
        assert {"log.unread", "replay.stopped"} <= report.codes


def harmed(published: Published, seq: int, path: str, value: Any, *, linked: bool = True) -> Published:
    """A ledger whose keeper changed one entry, and linked all that follow anew unless told not to."""
    entries = list(published.entries)
    entries[seq] = changed(entries[seq], path, value)
    return published.publish(entries=relink(entries) if linked else tuple(entries))


def test_a_record_changed_by_the_keeper_fails_its_signature():
    seq = index_of(full(), "bank.row/1", 1)
    made = harmed(full(), seq, "record/body/amount", -119_00)
    report = check(made.files, Trust(genesis=full().genesis))
    assert {f"#{place.split('#')[1]}" for place in places(report, "record.signature")} == {f"#{seq}"}
    assert {"rule.refused", "replay.stopped"} <= report.codes


def test_a_signature_of_another_key_is_refused():
    seq = index_of(full(), "document.entered/1")
    made = harmed(full(), seq, "signatures/0/key", key_of("nobody").key)
    report = check(made.files, Trust(genesis=full().genesis))
    (found,) = [f for f in report.findings if f.code == "record.signature"]
    assert found.context["rule"] == "signature.unknown_key"


def test_a_link_that_is_cut_is_found():
    seq = index_of(full(), "document.entered/1")
    made = harmed(full(), seq, "prev", "ab" * 32, linked=False)
    report = check(made.files, Trust(genesis=full().genesis))
    assert [place.split("#")[1] for place in places(report, "chain.prev")] == [str(seq), str(seq + 1)]


def test_a_number_or_time_out_of_order_is_found():
    seq = index_of(full(), "document.entered/1")
    entries = list(full().entries)
    entries[seq] = changed(entries[seq], "seq", 99)
    report = check(full().publish(entries=tuple(entries)).files, Trust(genesis=full().genesis))
    assert [place.split("#")[1] for place in places(report, "chain.seq")] == [str(seq)]
    made = harmed(full(), seq, "time", "2020-01-01T00:00:00.000Z")
    report = check(made.files, Trust(genesis=full().genesis))
    assert [place.split("#")[1] for place in places(report, "chain.time")] == [str(seq)]


def test_an_entry_that_is_not_canonical_is_found_with_its_byte():
    seq = index_of(full(), "document.entered/1")
    entries = list(full().entries)
    entries[seq] = entries[seq].replace(b'{"entry":1,', b'{"entry":1, ')
    made = full().publish(entries=tuple(entries))
    report = check(made.files, Trust(genesis=full().genesis))
    offset = sum(2 + len(raw) for raw in entries[:seq]) + 2 + len(b'{"entry":1,')
    assert places(report, "entry.malformed") == [f"tile/entries/000.p/{len(entries)}@{offset} #{seq}"]
    # What follows it is still linked, signed and placed.
    assert "record.signature" not in report.codes


@pytest.mark.parametrize(
    ("path", "value", "code", "rule"),
    [
        ("entry", 2, "entry.unknown", "entry.version"),
        ("record/kind", "thing.happened/1", "rule.unknown", "kind.unknown"),
        ("record/kind", "document.entered/2", "rule.unknown", "kind.unknown"),
        ("record/body/kind", "song", "rule.refused", "record.body"),
        ("record/ledger", "cd" * 32, "rule.refused", "record.foreign_ledger"),
        ("record/at", "2020-01-01T00:00:00.000Z", "rule.refused", "record.expired"),
        ("signatures", [], "entry.malformed", "signature.count"),
    ],
)
def test_what_breaks_a_rule_is_named_by_it(path: str, value: Any, code: str, rule: str):
    seq = index_of(full(), "document.entered/1")
    report = check(harmed(full(), seq, path, value).files, Trust(genesis=full().genesis))
    found = [f for f in report.findings if f.code == code]
    assert [f.context["rule"] for f in found] == [rule]
    assert [f.where.entry for f in found] == [seq]
    assert "replay.stopped" in report.codes
    assert report.exit_code == 1


def test_a_newer_machine_is_unknown_not_wrong():
    entries = [changed(full().entries[0], "record/body/machine", MACHINE + 1)]
    made = full().publish(entries=tuple(entries), statements={})
    report = check(made.files)
    assert [f.context["rule"] for f in report.findings if f.code == "rule.unknown"] == ["machine.unknown"]


def appended(published: Published, *records: tuple[dict[str, Any], str]) -> Published:
    """With more entries behind, whose records any names sign."""
    entries = list(published.entries)
    for record, name in records:
        whole = {"ledger": published.genesis, "id": f"01900000-0000-7000-8000-{len(entries):012x}", **record}
        time = parse_entry(entries[-1]).time
        whole["at"] = format_time(time)
        key = key_of(name)
        signed = Signature(key.key, key.alg, key.sign(parse_record(whole).pae))
        link = leaf_hash(entries[-1]).hex()
        entries.append(encode_entry(len(entries), time, link, whole, [signature_json(signed)]))
    return published.publish(entries=tuple(entries))


def test_what_a_newer_program_wrote_is_unknown_not_wrong():
    newer = {"kind": "thing.happened/1", "body": {"to": "somebody"}}
    made = appended(full(), (newer, "chair"))
    report = check(made.files, Trust(genesis=full().genesis))
    assert (report.verdict, report.exit_code) == ("cannot_be_checked", 1)
    assert report.codes == {"rule.unknown", "replay.stopped"}
    # Behind it a key may sign that such a record brought, and statements may stand that it published.
    paper = {"kind": "document.entered/1", "body": {"kind": "other", "subject": "x"}}
    made = appended(full(), (newer, "chair"), (paper, "nobody")).publish(
        statements=dict(full().statements) | {"2027H1": b"{}"}
    )
    report = check(made.files, Trust(genesis=full().genesis))
    assert report.codes == {"rule.unknown", "replay.stopped", "record.unknown_key"}
    assert report.verdict == "cannot_be_checked"
    # Before it, or by a key that is known, a signature that fails is wrong as ever.
    made = appended(full(), (paper, "nobody"))
    assert "record.signature" in check(made.files, Trust(genesis=full().genesis)).codes


def test_a_genesis_of_a_newer_kind_is_unknown_not_wrong():
    entry = changed(full().entries[0], "record/kind", "ledger.opened/2")
    made = full().publish(entries=(entry,), statements={})
    report = check(made.files)
    assert {"trust.none", "rule.unknown", "trust.self", "replay.stopped"} <= report.codes
    assert report.verdict == "cannot_be_checked"
    digest = parse_entry(entry).record.digest
    assert "trust.genesis" not in check(made.files, Trust(genesis=digest)).codes
    assert "trust.genesis" in check(made.files, Trust(genesis=full().genesis)).codes


def test_a_head_of_another_log_known_from_elsewhere():
    other = Checkpoint("example.org/other", 1, full().head.root)
    assert "trust.unknown_log" in check(full().files, replace(full().outside, heads=(other,))).codes
    nothing = Trust(heads=(head_of(()),))
    assert check(full().files, nothing).codes == {"trust.self"}


@pytest.mark.parametrize(
    "where", ["statements.StatementChecks.after", "secondopinion.SecondOpinion.take", "evidence.Evidence.find"]
)
def test_an_error_that_nobody_thought_of_is_no_agreement(monkeypatch: pytest.MonkeyPatch, where: str):
    def fails(*_: object, **__: object) -> None:
        raise LookupError("odd")

    monkeypatch.setattr(f"ledger.audit.{where}", fails)
    report = check(full().files, full().outside)
    assert "reader.failed" in report.codes
    assert report.exit_code == 1


@pytest.mark.parametrize("vkeys", [["log+00000000+a", "log+00000000+b"], [str(log_keys().vkeys[0])] * 2])
def test_a_genesis_that_names_no_pair_of_keys_is_found(vkeys: list[str]):
    made = harmed(full(), 0, "record/body/vkeys", vkeys)
    assert {"genesis.vkeys", "trust.none"} <= check(made.files).codes


def test_a_log_that_does_not_begin_with_a_genesis_is_found():
    made = full().publish(entries=relink(full().entries[1:]))
    assert {"rule.refused", "trust.genesis"} <= check(made.files, full().outside).codes


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x05abc", encode_entries([b"{}"]) + b"x"])
def test_a_bundle_of_entries_that_is_none_is_found(data: bytes):
    files = dict(full().files) | {ENTRIES: data}
    report = check(remade(files), full().outside)
    assert {"entries.malformed", "log.unread", "replay.stopped", "trust.genesis"} <= report.codes


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_that_is_missing_or_foreign_is_found():
    files = dict(full().files)
    files["statements/2025H2.json"] = files.pop("statements/2026H2.json")
    report = check(remade(files), full().outside)
    assert [place.split(" ")[0] for place in places(report, "statement.missing")] == ["statements/2026H2.json"]
    assert places(report, "statement.foreign") == ["statements/2025H2.json"]


def test_prints_beside_the_statements_are_no_evidence():
    files = dict(full().files) | {"statements/2026H1.html": b"<p>"}
    assert check(remade(files), full().outside).findings == ()
    assert check(files, full().outside).codes == {"file.unlisted"}


def test_a_changed_statement_is_found_at_its_first_byte():
    data = full().statements["2026H1"]
    at = data.index(b'"income":31000') + len('"income":3100')
    made = full().publish(
        statements=dict(full().statements) | {"2026H1": data.replace(b'"income":31000', b'"income":31001')}
    )
    report = check(made.files, full().outside)
    assert places(report, "statement.bytes") == [f"statements/2026H1.json@{at}"]


def published_with(**other: Any) -> Published:
    ledger = Ledger()
    ledger.open_books()
    ledger.set_clock("2026-06-30T09:00:00+08:00")
    ledger.take(("2026-03-01", 300_00, "fees", "income"))
    ledger.set_clock("2026-07-14T09:00:00+08:00")
    ledger.publish_statement(at="2026-07-15T09:00:00+08:00", **other)
    return ledger.published()


def test_a_digest_that_the_entries_do_not_give_is_found():
    made = published_with(digest="ee" * 32)
    report = check(made.files, made.outside)
    assert report.codes == {"statement.drawn", "statement.digest"}
    assert [place.split("#")[1] for place in places(report, "statement.drawn")] == [str(len(made.entries) - 1)]
    # The file is the one that was drawn up, which is not what was signed.
    assert places(report, "statement.digest") == [f"statements/2026H1.json #{len(made.entries) - 1}"]


def test_no_statement_is_published_at_a_prefix_before_the_last():
    """Another statement was due there; `verify` would call the ledger wrong for ever, so the rules refuse it."""
    ledger = full_ledger()
    ledger.statements.clear()
    ledger.set_clock("2027-07-14T09:00:00+08:00")
    with refused_as("statement.prefix"):
        ledger.publish_statement(at="2027-07-15T09:00:00+08:00", prefix=index_of(full(), STATEMENT, 1))


def test_sums_are_added_without_the_books(monkeypatch: pytest.MonkeyPatch):
    """A booking that prints wrong sums, consistently, everywhere: only the addition of the lines tells."""

    def wrong(*args: Any) -> dict[str, Any]:
        drawn = draw_up(*args)
        drawn["totals"]["income"] += 1
        return drawn

    monkeypatch.setattr(replay, "draw_up", wrong)
    report = check(full().files, full().outside)
    assert "statements/2026H1.json totals/income" in places(report, "statement.sum")


def test_a_statement_that_cannot_be_drawn_up_is_found(monkeypatch: pytest.MonkeyPatch):
    def refuses(*_: Any) -> dict[str, Any]:
        raise Refused("statement.journal")

    monkeypatch.setattr(replay, "draw_up", refuses)
    assert check(full().files, full().outside).codes == {"statement.undrawable"}
    monkeypatch.setattr(replay, "draw_up", lambda *_: dict[str, Any]()["x"])
    report = check(full().files, full().outside)
    assert report.exit_code == 1
    assert report.codes == {"reader.failed"}
    # A sum beyond what JSON may hold.
    monkeypatch.setattr(replay, "draw_up", lambda *_: {"sum": 2**60})
    assert check(full().files, full().outside).codes == {"statement.undrawable"}
    # What lies there is at least added up, and compared with what was signed.
    files = dict(full().files)
    files["statements/2026H1.json"] = files["statements/2026H1.json"].replace(b'"income":31000', b'"income":31001')
    files["statements/2026H2.json"] = b"{}"
    report = check(remade(files), full().outside)
    assert places(report, "statement.sum") == ["statements/2026H1.json totals/income"]
    assert places(report, "statement.malformed") == ["statements/2026H2.json"]


# --- the second opinion -----------------------------------------------------------------------------------------------


def test_the_second_opinion_is_asked_about_every_small_tree():
    counts = check(full().files, full().outside).counts
    assert counts["second_lines"] == 2
    assert counts["second_rolls"] == 1
    assert counts["second_unit_lists"] == 1
    assert counts["second_batches"] == 6


def test_a_second_opinion_that_differs_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secondopinion, "root_of", lambda _leaves: bytes(32))
    report = check(full().files, full().outside)
    assert report.codes == {"second.differs"}
    assert {f.context["what"] for f in report.findings} == {"lines", "rolls", "unit_lists", "batches"}


def test_without_a_second_opinion_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secondopinion, "MerkleTools", None)
    report = check(full().files, full().outside)
    assert report.verdict == "agrees"
    assert report.codes == {"second.absent"}
    assert "merkletools" not in report.versions


# --- hostile ----------------------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.sampled_from(
        [0, -1, 2**53 - 1, True, "", "A=", "x" * 64, "0" * 64, [], {}, [[]], "2026-13-01", "\x00", "Ａ", {"a": 1}]
    ),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(max_size=20),
)


def spots(value: Any, path: str = "") -> list[str]:
    """Every path of an entry."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for step, inner in pairs:
        below = f"{path}/{step}" if path else str(step)
        found += [below, *spots(inner, below)]
    return found


@settings(max_examples=120)
@given(st.data())
def test_no_entry_that_a_keeper_could_make_ends_the_check_or_passes(data: st.DataObject):
    seq = data.draw(st.integers(0, len(full().entries) - 1), "entry")
    path = data.draw(st.sampled_from(spots(canonical.decode(full().entries[seq]))), "path")
    value = data.draw(VALUES, "value")
    entries = list(full().entries)
    try:
        entries[seq] = changed(entries[seq], path, value)
    except (Malformed, TypeError):
        return
    if entries[seq] == full().entries[seq] or len(entries[seq]) > 65_535:
        return
    report = check(full().publish(entries=tuple(entries)).files, Trust(vkeys=full().keys.vkeys))
    assert report.exit_code == 1
    assert report.verdict != "agrees"


@settings(max_examples=60)
@given(st.data())
def test_any_bytes_for_any_file_end_in_a_finding(data: st.DataObject):
    path = data.draw(st.sampled_from(sorted(full().files)))
    written = data.draw(st.binary(max_size=300))
    report = check(dict(full().files) | {path: written}, full().outside)
    assert report.exit_code == 1
    assert any(path in str(finding.where) for finding in report.findings)


def replayed(entries: Sequence[bytes]) -> Replay:
    """All entries applied."""
    done = Replay(IndexPast(entries.__getitem__))
    for raw in entries:
        done.apply(parse_entry(raw))
    return done


def test_replay_moves_books_tree_and_journal_together():
    done = replayed(full().entries)
    assert done.journal is not None
    assert done.books.head.size == done.journal.size == done.tree.size == len(full().entries)
    assert done.tree == Range().extend(leaf_hashes(full().entries))[0]
    before = done.books, done.tree
    with refused_as("entry.seq"):
        done.apply(parse_entry(full().entries[0]))
    assert (done.books, done.tree, done.journal.size) == (*before, len(full().entries))


def test_a_replay_that_went_on_from_kept_books_draws_up_no_statement():
    whole = replayed(full().entries)
    with refused_as("statement.journal"):
        Replay(whole.past, whole.books, whole.tree, journal=None).draw_up()
    assert whole.draw_up()["prefix"] == len(full().entries)


def test_every_code_has_a_severity_and_a_form():
    assert set(CODES.values()) == {"differs", "unchecked", "notice"}
    assert all(code.count(".") == 1 and code.islower() for code in CODES)


def test_a_rule_that_asks_for_an_earlier_entry_reads_it_again():
    ledger = full_ledger()
    row = next(entry.record.digest for entry in ledger.entries if entry.record.body.get("amount") == 11_00)
    ledger.act("contra.recorded/1", {"corrects": row, "on": "2027-01-15", "reason": "记错"}, by=["treasurer"])
    made = ledger.published()
    assert check(made.files, made.outside).findings == ()
    assert replayed(made.entries).books.head.size == len(made.entries)


def test_the_past_has_no_entry_beyond_it():
    past = IndexPast(lambda seq: full().entries[seq], 3)
    assert past.entry(2).seq == 2
    for seq in (-1, 3):
        with pytest.raises(NotFound) as unknown:
            past.entry(seq)
        assert unknown.value.rule == "entry.unknown"


def test_bundles_are_read_again_and_few_are_kept():
    files = log_files([b"%d" % number for number in range(9 * 256 + 5)], log_keys(), 2_000_000_000)
    read = entry_reader(InMemory(files), 9 * 256 + 5)
    assert [read(256 * at + 1) for at in range(10)] == [b"%d" % (256 * at + 1) for at in range(10)]
    assert read(1) == b"1"


def test_statements_of_other_digits_are_not_mistaken_for_published_ones():
    """Text in a body that looks like the kind of a publication is no publication."""
    ledger = Ledger()
    ledger.act("document.entered/1", {"kind": "other", "subject": '"kind":"statement.published/1"'}, by=["chair"])
    made = ledger.published()
    assert check(made.files, made.outside).findings == ()


class TwoFaced(InMemory):
    """A server that shows one log to whoever hashes it, and another to whoever reads it."""

    def __init__(self, shown: Published, told: Published, turns: int) -> None:
        super().__init__(shown.files)
        self._told, self._turns = InMemory(told.files), turns

    def entries(self, index: int, width: int | None = None) -> bytes:
        self._turns -= 1
        return super().entries(index, width) if self._turns >= 0 else self._told.entries(index, width)


def test_a_source_that_says_two_things_is_found():
    seq = index_of(full(), "document.entered/1", 1)
    other = harmed(full(), seq, "record/body/subject", "别的")
    report = verify(TwoFaced(full(), other, 1), Trust(genesis=full().genesis), bundle=False)
    assert [place.split("#")[1] for place in places(report, "entries.changed")][:1] == [str(seq)]
    # Also where a rule asks for an entry again.
    ledger = full_ledger()
    row = next(entry.record.digest for entry in ledger.entries if entry.record.body.get("amount") == 11_00)
    ledger.act("contra.recorded/1", {"corrects": row, "on": "2027-01-15", "reason": "记错"}, by=["treasurer"])
    made = ledger.published(WITNESS)
    assert check(made.files, made.outside).findings == ()
    other = harmed(made, index_of(made, "bank.row/1", 4), "record/body/amount", 12_00)
    report = verify(TwoFaced(made, other, 2), made.outside, bundle=False)
    assert [f.context["rule"] for f in report.findings if f.code == "rule.refused"] == ["entries.changed"]
