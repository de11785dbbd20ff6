"""The published keys, policies and proofs of transparency-dev/formats, and where we follow the C2SP texts instead."""

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from ledger.errors import Malformed
from ledger.log.checkpoint import timestamp_of, verifier
from ledger.log.note import COSIGNATURE_ED25519, VerifierKey, open_note, parse_vkey, split_note
from ledger.log.policy import Policy, parse_policy
from ledger.log.proof import Proof, format_proof, parse_proof
from ledger.log.witness import origin_hash


@pytest.fixture(scope="module")
def formats(shared: Path) -> dict:
    return json.loads((shared / "vectors" / "transparency-dev-formats" / "formats.json").read_bytes())


def test_verifier_keys(formats: dict, record_property) -> None:
    known, mislabelled, other, bad = 0, 0, 0, 0
    for case in formats["vkeys"]:
        if case["ok"] and case["type"] in (1, 4):
            key = parse_vkey(case["vkey"])
            assert (key.type, str(key)) == (case["type"], case["vkey"])
            assert verifier(key).key_id == key.key_id
            known += 1
        elif case["ok"] and case["type"] == 6:
            # Their reader computes the ID and never compares the one in the text, which is another here;
            # tlog-cosignature: the ID "MUST be computed as" it is not.
            with pytest.raises(Malformed) as refusal:
                parse_vkey(case["vkey"])
            assert refusal.value.rule == "note.key_id"
            right = case["vkey"].replace(refusal.value.value, refusal.value.accepted)
            assert str(parse_vkey(right)) == right
            mislabelled += 1
        elif case["ok"]:
            # ECDSA and RFC 6962 tree heads: the text advises to support the types one's design needs and no others.
            with pytest.raises(Malformed) as refusal:
                parse_vkey(case["vkey"])
            assert refusal.value.rule == "note.key_type"
            other += 1
        else:
            with pytest.raises(Malformed):
                parse_vkey(case["vkey"])
            bad += 1
    record_property("cases", known + mislabelled + other + bad)
    assert (known, mislabelled, other, bad) == (2, 1, 3, 5)


def test_notes_of_unknown_types_have_the_right_form_but_nothing_to_trust(formats: dict) -> None:
    for case in formats["ecdsa_notes"]:
        text, lines = split_note(case["note"].encode())
        assert text.count(b"\n") == 3
        assert [line.name for line in lines] == [case["vkey"].split("+")[0]]
        with pytest.raises(Malformed) as refusal:
            open_note(case["note"].encode(), [verifier(parse_vkey(case["vkey"]))])
        assert refusal.value.rule == "note.key_type"
    assert len(formats["ecdsa_notes"]) == 2


def test_the_time_of_a_cosignature(formats: dict) -> None:
    case = formats["cosig_timestamp"]
    payload = b64decode(case["signature_b64"])
    assert timestamp_of(payload[4:]) == case["unix"]


def test_log_ids(formats: dict, record_property) -> None:
    """Theirs hash ``o:`` before the origin; tlog-witness hashes the origin alone, and so do we."""
    for case in formats["log_ids"]:
        assert origin_hash("o:" + case["origin"]) == case["want"]
        assert origin_hash(case["origin"]) != case["want"]
    record_property("cases", len(formats["log_ids"]))
    assert len(formats["log_ids"]) == 6


def as_the_text_has_it(policy: str) -> tuple[str, set[str]]:
    """The policy with what the tlog-policy text asks for, and what had to be changed.

    Theirs takes witnesses with type 01 keys (the text: a type fit for cosignatures), a comment behind a line's words,
    and one key for two witnesses.
    """
    changes, seen, lines = set(), set(), []
    for line in policy.split("\n"):
        words = line.split()
        if words and not words[0].startswith("#") and any(word.startswith("#") for word in words):
            words = words[: next(at for at, word in enumerate(words) if word.startswith("#"))]
            line = " ".join(words)
            changes.add("comment")
        if words and words[0] == "witness":
            key = parse_vkey(words[2])
            public = key.public
            if key.type not in (4, 6):
                changes.add("type")
            if public in seen:
                # Any other valid point will do as a key of its own.
                public = OTHER.public
                changes.add("twice")
            seen.add(public)
            line = line.replace(words[2], str(VerifierKey(key.name, COSIGNATURE_ED25519, public)))
        lines.append(line)
    return "\n".join(lines), changes


OTHER = VerifierKey("other", COSIGNATURE_ED25519, bytes([0x58, *[0x66] * 31]))  # the base point of Ed25519


def test_good_policies(formats: dict, record_property) -> None:
    changes: list[set[str]] = []
    for case in formats["policy_ok"]:
        policy, changed = as_the_text_has_it(case["policy"])
        changes.append(changed)
        with pytest.raises(Malformed) as refusal:
            parse_policy(case["policy"].encode())
        expected = {"policy.witness_type", "policy.key_twice", "policy.line"}
        assert refusal.value.rule in expected, case["name"]
        parsed = parse_policy(policy.encode())
        assert parsed.quorum == "g1"
        assert parsed.groups[0].threshold == case.get("want_n", 2), case["name"]
    record_property("cases", len(changes))
    assert changes == [{"type"}, {"type", "comment"}, {"type", "twice"}, {"type", "twice"}, {"type", "twice"}]


def test_bad_policies(formats: dict, record_property) -> None:
    rules = {
        "no quorum": "policy.quorum_lines",
        "unknown quorum component": "policy.unknown_name",
        "duplicate component name": "policy.name_twice",
        "negative threshold": "policy.threshold",
        "witness name is keyword": "policy.reserved",
    }
    for case in formats["policy_bad"]:
        policy, _ = as_the_text_has_it(re.sub(r"(?<!\n)\Z", "\n", case["policy"]))
        with pytest.raises(Malformed) as refusal:
            parse_policy(policy.encode())
        if case["policy"].startswith("group none"):
            # Refused for its member, which is not defined either.
            assert refusal.value.rule in ("policy.unknown_name", "policy.reserved")
        else:
            assert refusal.value.rule == rules[case["name"]]
        with pytest.raises(Malformed):
            parse_policy(case["policy"].encode())
    record_property("cases", len(formats["policy_bad"]))
    assert len(formats["policy_bad"]) == 6
    assert Policy().quorum is None


def test_proofs(formats: dict, record_property) -> None:
    for case in formats["tlog_proof_marshal"]:
        extra = b64decode(case["extra"]) if case["extra"] else None
        path = tuple(b64decode(value) for value in case["hashes"])
        proof = Proof(case["index"], path, case["checkpoint"].encode(), extra)
        assert format_proof(proof).decode() == case["want"]
        assert parse_proof(case["want"].encode()) == proof
    for text in formats["tlog_proof_bad"]:
        with pytest.raises(Malformed):
            parse_proof(text.encode())
    record_property("cases", len(formats["tlog_proof_marshal"]) + len(formats["tlog_proof_bad"]))
    assert (len(formats["tlog_proof_marshal"]), len(formats["tlog_proof_bad"])) == (3, 7)
