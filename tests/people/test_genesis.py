"""The founding: who signs the first entry, with which keys, roles and terms."""

import base64
from datetime import date
from typing import Any

import pytest

from ledger.books import MACHINE
from ledger.log.act import Act, Signer, read_body
from ledger.people.decide import KINDS
from ledger.signatures import Ed25519Key, P256Key
from tests.community import OFFICERS, Community, digest_of, key_of, refused_as


def founder(key: Ed25519Key | P256Key | dict[str, str], *roles: str, **other: Any) -> dict[str, Any]:
    """A founding office with roles of the committee, or of the residents' committee for a registrar."""
    public = key if isinstance(key, dict) else {"alg": key.alg, "public": base64.b64encode(key.public).decode()}
    bodies = {"registrar": "residents_committee", "supervisor": "supervisors"}
    held = [{"role": r, "body": bodies.get(r, "committee"), "start": "2026-01-01", "end": "2030-12-31"} for r in roles]
    return {"nature": "office", "title": "办公室", "key": public, "roles": held} | other


class Founding(Community):
    """A community whose genesis is signed by given keys."""

    def __init__(self, persons: list[dict[str, Any]], by: list[Ed25519Key | P256Key], **genesis: Any) -> None:
        self.signatories = by
        super().__init__(genesis={"persons": persons, **genesis}, officers={})

    def act(self, kind: str, body: Any, by: Any = (), **how: Any) -> str:
        return super().act(kind, body, by or self.signatories, **how)


A, B, C = key_of("a"), key_of("b"), P256Key(key_of("c").private)


def test_every_founder_signs_and_is_in_office() -> None:
    people = Founding([founder(A, "chair"), founder(C, "registrar")], [A, C]).books.people
    assert {key.alg for key in people.keys.values()} == {"ed25519", "p256"}
    assert people.in_term("2026-01-05") == {"chair", "registrar"}
    assert people.in_term("2025-12-31") == people.in_term("2031-01-01") == frozenset()
    assert people.roles_of(people.keys[A.key].person, "2030-12-31") == {"chair"}


@pytest.mark.parametrize(
    ("persons", "by", "rule"),
    [
        ([founder(A, "chair"), founder(B, "registrar")], [A], "signers.new_key_silent"),
        ([founder(A, "chair")], [A, B], "signature.unknown_key"),
        ([founder(A, "chair"), founder(A, "registrar")], [A], "key.enrolled_before"),
        ([founder(A, "registrar")], [A], "genesis.no_body"),
        ([founder(A)], [A], "genesis.no_body"),
        ([founder(A, "chair", "registrar")], [A], "role.registrar_in_body"),
        ([founder(A, "chair", "chair")], [A], "role.term_overlaps"),
        ([], [A], "record.body"),
        ([founder(A, "chair", nature="natural")], [A], "record.body"),
        ([founder(A, "chair", nature="natural", name=digest_of("n"))], [A], "record.body"),
        ([founder(A, "king")], [A], "record.body"),
    ],
)
def test_a_founding_that_is_refused(persons: list[dict[str, Any]], by: list[Any], rule: str) -> None:
    with refused_as(rule):
        Founding(persons, by)


def test_a_registrar_comes_from_outside_the_body() -> None:
    person = founder(A, "registrar")
    person["roles"][0]["body"] = "committee"
    with refused_as("role.registrar_inside"):
        Founding([founder(B, "chair"), person], [A, B])


def test_a_term_that_ends_before_it_starts() -> None:
    person = founder(A, "chair")
    person["roles"][0]["end"] = "2025-12-31"
    with refused_as("role.ends_before_start"):
        Founding([person], [A])


@pytest.mark.parametrize(
    ("public", "rule"),
    [
        # a key too short: the signer's is another one
        ({"alg": "ed25519", "public": base64.b64encode(bytes(31)).decode()}, "signature.unknown_key"),
        ({"alg": "ed25519", "public": "A"}, "record.body"),
        ({"alg": "ed25519", "public": "AAA"}, "record.body"),
        ({"alg": "ed25519", "public": "AB=="}, "record.body"),
        ({"alg": "ed25519", "public": "AAAA===="}, "record.body"),
        ({"alg": "ed25519", "public": ""}, "record.body"),
        ({"alg": "rsa", "public": "AAAA"}, "record.body"),
    ],
)
def test_a_key_that_is_none_is_refused_and_stops_nothing(public: dict[str, str], rule: str) -> None:
    """What is not base64 is a malformed body: it must not end the process that reads it."""
    with refused_as(rule):
        Founding([founder(public, "chair")], [A])


@pytest.mark.parametrize(
    "small",
    [
        bytes(32),
        bytes([1]) + bytes(31),
        bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ],
)
def test_a_key_for_which_anybody_can_sign_is_not_enrolled(small: bytes) -> None:
    """Small-order and non-canonical points: the act is made by hand, for no honest signer holds such a key."""
    community = Community()
    body = {"alg": "ed25519", "public": base64.b64encode(small).decode()}
    record = community.record("key.enrolled/1", {"person": community.ref("chair"), "key": body})
    kind = KINDS["key.enrolled/1"]
    act = Act(
        len(community.entries),
        community.time,
        date(2026, 1, 5),
        record,
        read_body(kind.model, record.body, record.kind),
        (Signer("k", community.ref("chair"), frozenset({"chair"})),),
        community.past,
    )
    with refused_as("key.point"):
        kind.decide(community.books, act)


@pytest.mark.parametrize(
    ("genesis", "rule"),
    [
        ({"machine": MACHINE + 1}, "machine.unknown"),
        ({"machine": 0}, "record.body"),
        ({"offset": "+8"}, "record.body"),
        ({"offset": "+25:00"}, "period.offset"),
        ({"offset": "-00:00"}, "period.offset"),
        ({"vkeys": ["one"]}, "record.body"),
        ({"origin": "https://example.org"}, "record.body"),
        ({"profile": "nonsense"}, "toml.line"),
        ({"units": {"count": 0, "area": 1, "source": digest_of("x")}}, "record.body"),
        ({"units": {"count": 1, "area": -1, "source": digest_of("x")}}, "record.body"),
        ({"more": 1}, "record.body"),
        ({"example": 1}, "record.body"),
    ],
)
def test_a_genesis_that_is_not_one(genesis: dict[str, Any], rule: str) -> None:
    with refused_as(rule):
        Community(genesis=genesis)


def test_what_the_genesis_says_stands() -> None:
    community = Community(
        genesis={"example": True, "passkeys": {"rp_ids": ["example.org"], "origins": ["https://example.org"]}}
    )
    books = community.books
    assert (books.example, books.machine, books.offset, books.name) == (True, MACHINE, 480, "示例小区")
    assert books.people.rp_ids == ("example.org",)
    assert books.ledger == community.entries[0].record.digest
    assert books.rules.clause("phone_vote") is not None
    assert len(books.people.persons) == len(OFFICERS)
    assert not Community().books.example
