"""Policies: their grammar, their quorums, and what a head needs under one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import Checkpoint, LogKeys, cosign
from ledger.log.merkle import leaf_hash
from ledger.log.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    Line,
    SigningKey,
    sign_note,
    split_note,
)
from ledger.log.policy import (
    MAX_POLICY,
    Group,
    KnownWitness,
    Log,
    Policy,
    check_head,
    format_policy,
    parse_policy,
)

TIME = 1_700_000_000
KEYS = LogKeys(
    SigningKey("example.com/books", ED25519, b"\1" * 32),
    SigningKey("example.com/books", COSIGNATURE_ML_DSA_44, b"\2" * 32),
)
NAMES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
WITNESSES = {n: SigningKey(f"example.org/{n}", COSIGNATURE_ED25519, n.encode() * 16) for n in NAMES}
VKEYS = {name: key.vkey for name, key in WITNESSES.items()}
HEAD = Checkpoint(KEYS.origin, 7, leaf_hash(b"root"))
SIGNED = KEYS.sign(HEAD, TIME)

TWO_LEVELS = f"""
log {KEYS.vkeys[0]} https://example.com/books/
log\t{KEYS.vkeys[1]}
 \t # a comment, witness group quorum
#witness X1
witness X1 {VKEYS["X1"]}
witness X2 {VKEYS["X2"]}  https://example.org/x2/
  witness X3 {VKEYS["X3"]}\t
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS["Y1"]}
witness Y2 {VKEYS["Y2"]}
witness Y3 {VKEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
POLICY = parse_policy(TWO_LEVELS.encode())


def cosigned(*names: str) -> bytes:
    return SIGNED + b"".join(bytes(cosign(WITNESSES[name], HEAD.text(), TIME)) for name in names)


def test_a_parsed_policy() -> None:
    assert [log.vkey for log in POLICY.logs] == list(KEYS.vkeys)
    assert POLICY.logs[0].url == "https://example.com/books/"
    assert POLICY.witnesses[1] == KnownWitness("X2", VKEYS["X2"], "https://example.org/x2/")
    assert POLICY.groups[1] == Group("Y-witnesses", 1, ("Y1", "Y2", "Y3"))
    assert POLICY.groups[2].threshold == 2
    assert POLICY.keys_of(KEYS.origin) == KEYS.vkeys
    assert POLICY.keys_of("example.com/other") == ()


def test_quorums() -> None:
    for count in range(7):
        for names in combinations(NAMES, count):
            xs = sum(name[0] == "X" for name in names)
            assert POLICY.met_by(names) == (xs >= 2 and count > xs)
    assert not POLICY.met_by({"X-and-Y", "X-witnesses", "stranger"})


def test_none_asks_for_nobody_and_one_for_one() -> None:
    assert Policy().met_by(())
    one = Policy(witnesses=(KnownWitness("X1", VKEYS["X1"]),), quorum="X1")
    assert (one.met_by({"X1"}), one.met_by({"X2"})) == (True, False)


@given(st.integers(0, 6), st.booleans(), st.sampled_from(["none", *NAMES, "some"]))
def test_policies_come_back(threshold: int, urls: bool, quorum: str) -> None:
    url = "https://example.org/" if urls else None
    groups = (Group("some", threshold, tuple(NAMES)),) if threshold else ()
    policy = Policy(
        (Log(KEYS.vkeys[0], url),),
        tuple(KnownWitness(name, VKEYS[name], url) for name in NAMES),
        groups,
        None if quorum == "none" or (quorum == "some" and not groups) else quorum,
    )
    assert parse_policy(format_policy(policy)) == policy
    assert parse_policy(format_policy(POLICY)) == POLICY


def test_names_are_octets() -> None:
    """The Kelvin sign is not K, and bytes that are no UTF-8 are as good a name as others."""
    names = [b"K", "\u212a".encode(), b"\xff\xfe", "街道办".encode()]
    lines = [b"witness %b %b\n" % (name, str(key).encode()) for name, key in zip(names, VKEYS.values(), strict=False)]
    text = b"".join([*lines, b"group g all ", b" ".join(names), b"\nquorum g\n"])
    policy = parse_policy(text)
    assert parse_policy(format_policy(policy)) == policy
    assert len({witness.name for witness in policy.witnesses}) == 4
    assert policy.witnesses[3].name == "街道办"


X = str(VKEYS["X1"])
SAME_KEY = SigningKey("example.org/again", COSIGNATURE_ED25519, WITNESSES["X1"].seed).vkey


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "policy.quorum_lines"),
        ("quorum none", "policy.final_newline"),
        ("quorum none\nquorum none\n", "policy.quorum_lines"),
        (f"witness a {X}\nquorum a\nquorum none\n", "policy.quorum_lines"),
        ("quorum a\n", "policy.unknown_name"),
        (f"quorum a\nwitness a {X}\n", "policy.unknown_name"),
        ("quorum\n", "policy.line"),
        ("quorum none none\n", "policy.line"),
        ("quorum none # comment\n", "policy.line"),
        ("Quorum none\n", "policy.line"),
        ("log\n", "policy.line"),
        (f"log {KEYS.vkeys[0]} url more\n", "policy.line"),
        ("witness a\n", "policy.line"),
        (f"witness a {X} url # comment\n", "policy.line"),
        ("log notakey\n", "note.vkey"),
        ("witness a notakey\n", "note.vkey"),
        (f"witness a {X[:-4]}\n", "note.key_size"),
        (f"witness a {X.replace('example', 'wxample')}\n", "note.key_id"),
        (f"witness a {KEYS.vkeys[0]}\nquorum a\n", "policy.witness_type"),
        (f"witness a {X}\nwitness a {VKEYS['X2']}\nquorum a\n", "policy.name_twice"),
        (f"witness a {X}\ngroup a all a\nquorum a\n", "policy.name_twice"),
        (f"witness a {X}\nwitness b {X}\nquorum a\n", "policy.key_twice"),
        (f"witness a {X}\nwitness b {SAME_KEY}\nquorum a\n", "policy.key_twice"),
        (f"log {KEYS.vkeys[0]}\nlog {KEYS.vkeys[0]}\nquorum none\n", "policy.key_twice"),
        (f"witness none {X}\n", "policy.reserved"),
        (f"witness all {X}\n", "policy.reserved"),
        (f"witness any {X}\n", "policy.reserved"),
        (f"witness a {X}\ngroup none all a\n", "policy.reserved"),
        (f"witness a {X}\ngroup g all\n", "policy.line"),
        (f"witness a {X}\ngroup g 0 a\n", "policy.threshold"),
        (f"witness a {X}\ngroup g 2 a\nquorum g\n", "policy.threshold"),
        (f"witness a {X}\ngroup g -1 a\n", "policy.threshold"),
        (f"witness a {X}\ngroup g 01 a\n", "policy.threshold"),
        (f"witness a {X}\ngroup g most a\n", "policy.threshold"),
        (f"witness a {X}\ngroup g all none\n", "policy.unknown_name"),
        (f"witness a {X}\ngroup g all g\n", "policy.unknown_name"),
        (f"group g all a\nwitness a {X}\nquorum g\n", "policy.unknown_name"),
        (f"witness a {X}\ngroup g all a a\nquorum g\n", "policy.member_twice"),
        (f"witness a {X}\ngroup g all a\ngroup h all a\nquorum h\n", "policy.member_twice"),
        ("quorum none\r\n", "policy.control"),
        ("quorum\x0bnone\n", "policy.control"),
        ("# \x7f\nquorum none\n", "policy.control"),
        ("quorum\u00a0none\n", "policy.line"),
        ("#" * MAX_POLICY + "\n", "policy.size"),
    ],
)
def test_malformed(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_policy(text.encode())
    assert refusal.value.rule == rule


@pytest.mark.parametrize("url", ["", "a b", "#here", "a\nquorum none"])
def test_a_word_is_a_word(url: str) -> None:
    policy = Policy((Log(KEYS.vkeys[0], url or None),))
    if url:
        with pytest.raises(Malformed) as refusal:
            format_policy(policy)
        assert refusal.value.rule == "policy.word"
    else:
        assert parse_policy(format_policy(policy)) == policy


def test_64_witnesses_and_groups_are_few() -> None:
    keys = [SigningKey(f"w{n}", COSIGNATURE_ED25519, n.to_bytes(32)).vkey for n in range(64)]
    text = "".join(f"witness {key.name} {key}\ngroup g{key.name} any {key.name}\n" for key in keys)
    policy = parse_policy((text + "quorum gw63\n").encode())
    assert policy.met_by({"w63"})
    assert not policy.met_by({key.name for key in keys[:63]})


def test_a_head_needs_its_quorum() -> None:
    trusted = check_head(cosigned("X1", "X3", "Y2"), POLICY)
    assert trusted.checkpoint == HEAD
    assert trusted.log_keys == KEYS.vkeys
    assert trusted.unknown == ()
    stranger = Line("stranger", b"abcd", b"signature")
    assert check_head(cosigned("X1", "X2", "Y1") + bytes(stranger), POLICY).unknown == (stranger,)
    assert {name: cosignature.timestamp for name, cosignature in trusted.cosigned} == dict.fromkeys(
        ["X1", "X3", "Y2"], TIME
    )
    for names in ((), ("X1", "X2"), ("X1", "Y1", "Y2", "Y3")):
        with pytest.raises(Refused) as refusal:
            check_head(cosigned(*names), POLICY)
        assert refusal.value.rule == "policy.quorum"
    # The same witness twice is one.
    with pytest.raises(Refused):
        check_head(cosigned("X1", "X1", "Y1"), POLICY)


def test_a_head_needs_a_listed_log_and_all_its_keys() -> None:
    other = Policy((Log(SigningKey("example.com/other", ED25519, b"\1" * 32).vkey),))
    for policy, rule in ((Policy(), "policy.unknown_log"), (other, "policy.unknown_log")):
        with pytest.raises(Refused) as refusal:
            check_head(SIGNED, policy)
        assert refusal.value.rule == rule
    text, lines = split_note(SIGNED)
    both = Policy(tuple(Log(vkey) for vkey in KEYS.vkeys))
    assert check_head(SIGNED, both).checkpoint == HEAD
    with pytest.raises(Refused) as refusal:
        check_head(sign_note(text, [], lines[:1]), both)
    assert refusal.value.rule == "checkpoint.log_line"


def test_keys_from_elsewhere_replace_the_listed_ones() -> None:
    stranger = LogKeys.generate(KEYS.origin)
    theirs = Policy(tuple(Log(vkey) for vkey in stranger.vkeys))
    with pytest.raises(Refused):
        check_head(SIGNED, theirs)
    assert check_head(SIGNED, theirs, KEYS.vkeys).log_keys == KEYS.vkeys


def test_a_false_cosignature_refuses_the_head_though_others_suffice() -> None:
    false = Line(VKEYS["Y1"].name, VKEYS["Y1"].key_id, bytes(72))
    with pytest.raises(Refused) as refusal:
        check_head(cosigned("X1", "X2", "Y2") + bytes(false), POLICY)
    assert refusal.value.rule == "note.signature"
