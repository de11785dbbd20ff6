"""Passkeys: an owner's phone signs records and batches, for the sites that stand on the ledger and no others."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ledger.log.entry import Record, Signature, batch_pae, batch_root
from ledger.signatures import P256Key, key_id
from tests.community import BOTH, Community, key_of, refused_as

PHONE = P256Key(key_of("phone").private)
ID = key_id("webauthn", PHONE.public)
SITE = {"rp_ids": ["example.org"], "origins": ["https://example.org"]}


def assertion(
    message: bytes, *, rp_id: str = "example.org", origin: str = "https://example.org", flags: int = 5
) -> Signature:
    """What an authenticator answers when it is asked to sign a PAE."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(message).digest()).rstrip(b"=").decode()
    client = json.dumps(
        {"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}
    ).encode()
    data = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + bytes(4)
    raw = PHONE.sign(data + hashlib.sha256(client).digest())
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    return Signature(ID, "webauthn", der, data, client)


def ordered(signatures: Sequence[Signature]) -> list[Signature]:
    return sorted(signatures, key=lambda s: s.key)


def enrolment(community: Community) -> Record:
    public = {"alg": "webauthn", "public": base64.b64encode(PHONE.public).decode()}
    return community.record("key.enrolled/1", {"person": community.ref("zhang"), "key": public})


@pytest.fixture
def community() -> Community:
    """Zhang's phone is enrolled."""
    community = Community(genesis={"passkeys": SITE})
    community.enter("zhang")
    record = enrolment(community)
    community.submit(record, ordered([*community.sign(record, [*BOTH, "zhang"]), assertion(record.pae)]))
    return community


def application(community: Community) -> Record:
    """An act that any owner may sign; accepted signatures end at the party that is not there."""
    body: dict[str, Any] = {"party": "nobody", "fund": "service_fee", "category": "lift", "nature": "expense"}
    return community.record("withdrawal.applied/1", body | {"purpose": "x", "stages": [{"amount": 1}]})


def test_a_phone_signs(community: Community) -> None:
    record = application(community)
    with refused_as("party.unknown"):
        community.submit(record, [assertion(record.pae)])


@pytest.mark.parametrize(
    ("how", "rule"),
    [
        ({"rp_id": "evil.example"}, "webauthn.rp_id"),
        ({"origin": "https://evil.example"}, "webauthn.origin"),
        ({"flags": 1}, "webauthn.user_verified"),
        ({"flags": 4}, "webauthn.user_present"),
    ],
)
def test_for_another_site_or_without_its_owner_it_does_not(
    community: Community, how: dict[str, Any], rule: str
) -> None:
    record = application(community)
    with refused_as(rule):
        community.submit(record, [assertion(record.pae, **how)])


def test_an_answer_for_one_record_is_none_for_another(community: Community) -> None:
    record, other = application(community), application(community)
    with refused_as("webauthn.challenge"):
        community.submit(record, [assertion(other.pae)])


def test_on_a_ledger_that_names_no_site_no_passkey_counts() -> None:
    community = Community()
    community.enter("zhang")
    record = enrolment(community)
    with refused_as("webauthn.origin"):
        community.submit(record, ordered([*community.sign(record, [*BOTH, "zhang"]), assertion(record.pae)]))


def test_one_touch_signs_a_batch(community: Community) -> None:
    records = [application(community) for _ in range(3)]
    places = [s[0].batch for s in community.sign_batch(records, ["zhang"])]
    assert places[0] is not None
    message = batch_pae(community.ledger, 3, batch_root(records[0], places[0]), records[0].at)
    touched = assertion(message)
    with refused_as("party.unknown"):
        community.submit(records[0], [replace(touched, batch=places[0])])
    with refused_as("webauthn.challenge"):
        community.submit(application(community), [replace(touched, batch=places[0])])


def test_the_same_point_as_a_plain_key_is_another_key(community: Community) -> None:
    record = application(community)
    plain = Signature(PHONE.key, "p256", PHONE.sign(record.pae))
    with refused_as("signature.unknown_key"):
        community.submit(record, [plain])
    with refused_as("signature.alg_differs"):
        community.submit(record, [Signature(ID, "p256", PHONE.sign(record.pae))])
