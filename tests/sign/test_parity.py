"""What the browser hashes, names, seals and signs is what Python does, byte for byte; its signatures open the ledger."""

import base64
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api import sessions
from ledger import canonical, signatures
from ledger.log import merkle
from ledger.log.entry import batch_pae, batch_root, parse_record, parse_signatures, parse_submission
from ledger.people import drafting
from ledger.signatures import key_id
from tests.sign.node import Signer, signer
from tests.store.settled import Maker, created

LEDGER = "ab" * 32


@pytest.fixture(scope="module")
def browser() -> Iterator[Signer]:
    """The modules."""
    with signer() as found:
        yield found


def records(count: int) -> list[dict[str, Any]]:
    """Acts of one moment, as JSON."""
    made = [
        drafting.draft(
            LEDGER, "party.entered/1", {"code": f"p{n}", "nature": "legal", "title": f"某公司 {n}\n"}, 1_767_575_000_123
        )
        for n in range(count)
    ]
    return [dict(canonical.decode(one.raw)) for one in made]  # type: ignore[arg-type]


def test_pae_and_key_ids(browser: Signer) -> None:
    for length in (0, 1, 9, 10, 300):
        data = os.urandom(length)
        assert (
            browser.ask("pae", signatures.RECORD_TYPE, data.hex()) == signatures.pae(signatures.RECORD_TYPE, data).hex()
        )
        for alg in signatures.ALGORITHMS:
            assert browser.ask("key", alg, data.hex()) == key_id(alg, data)


def test_identifiers(browser: Signer) -> None:
    chance = random.Random(1)
    for ms in (0, 1, 0x017F22E279B0, 2**48 - 1, *(chance.randrange(2**48) for _ in range(50))):
        data = chance.randbytes(10)
        assert browser.ask("uuid7", ms, data.hex()) == drafting.uuid7(ms, data)


def test_a_record_made_in_the_browser_is_one(browser: Signer) -> None:
    made = browser.ask("build", LEDGER, "party.entered/1", {"code": "a", "title": "明账"}, 1_767_575_000_123)
    read = parse_record(made)
    assert (read.at, read.at_ms) == ("2026-01-05T01:03:20.123Z", 1_767_575_000_123)
    assert read.id.startswith(f"{1_767_575_000_123:012x}"[:8])


def test_digests(browser: Signer) -> None:
    for record in records(20):
        assert browser.ask("digest", record) == parse_record(record).digest


def test_commitments(browser: Signer) -> None:
    salt = os.urandom(32)
    for value in ("张三", ["yes", "no"], 7, True):
        ours = canonical.commitment(LEDGER, "person.entered/1", "name", value, salt)
        assert browser.ask("commitment", LEDGER, "person.entered/1", "name", value, salt.hex()) == ours


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 200])
def test_batches(browser: Signer, count: int) -> None:
    listed = records(count)
    read = [parse_record(one) for one in listed]
    root = merkle.root(merkle.leaf_hashes(one.raw for one in read))
    answer = browser.ask("batch", listed)
    assert answer["root"] == root.hex()
    assert answer["message"] == batch_pae(LEDGER, count, root, read[0].at).hex()
    for record, place in zip(read, answer["places"], strict=True):
        wire = [{"key": "00" * 32, "alg": "p256", "sig": "AAAA", "batch": place}]
        (signature,) = parse_signatures(wire)
        assert signature.batch is not None
        assert batch_root(record, signature.batch) == root


def test_no_batch_of_two_times_or_too_many(browser: Signer) -> None:
    one, two = records(2)
    assert browser.ask("batch", [one, two | {"at": "2026-01-05T01:03:21Z"}])["rule"] == "batch.times_differ"
    assert browser.ask("batch", [])["rule"] == "batch.size"
    assert browser.ask("batch", [one] * 513)["rule"] == "batch.size"


def test_sign_in_bytes(browser: Signer) -> None:
    site = "https://books.example.org"
    challenge = {"ledger": LEDGER, "site": site, "nonce": "AAAA", "at": "2026-01-05T01:03:20.123Z"}
    assert browser.ask("signin", challenge, LEDGER, site) == sessions.signed_bytes(challenge).hex()


@pytest.mark.parametrize("foreign", [{"ledger": "cd" * 32}, {"site": "https://evil.example"}])
def test_a_challenge_for_another_ledger_or_site_is_not_signed(browser: Signer, foreign: dict[str, str]) -> None:
    site = "https://books.example.org"
    challenge = {"ledger": LEDGER, "site": site, "nonce": "AAAA", "at": "2026-01-05T01:03:20.123Z"} | foreign
    assert browser.ask("signin", challenge, LEDGER, site)["rule"] == "access.other_site"


@pytest.mark.parametrize("alg", ["ed25519", "p256"])
def test_what_a_browser_key_signs_enters_the_ledger(browser: Signer, alg: str, tmp_path: Path) -> None:
    """A person's first key is made in the browser and proves its possession; then it signs singly and as a batch."""
    maker = Maker()
    with created(tmp_path / "ledger.db", maker) as store:
        ledger = store.books.ledger
        key = browser.ask("make", ledger, alg)
        public = {"alg": alg, "public": key["public"]}
        assert key["id"] == key_id(alg, base64.b64decode(key["public"]))
        body = {"nature": "office", "title": "窗口", "key": public}
        record = drafting.draft(ledger, "person.entered/1", body, maker.time)
        by_two = drafting.sign(record, [maker._private(name) for name in maker.both])
        waiting = {"record": canonical.decode(record.raw), "signatures": [], "openings": []}
        (signed,) = browser.ask("sign", key["id"], [waiting])
        (own,) = parse_signatures(signed["signatures"])
        whole = drafting.submissions([record], [drafting.merged(record, by_two, (own,))])
        store.submit(whole)
        revoked = drafting.draft(ledger, "key.revoked/1", {"key": key["id"], "reason": "replaced"}, maker.time)
        wire = {"record": canonical.decode(revoked.raw), "signatures": [], "openings": []}
        (as_batch,), (singly,) = (browser.ask("sign", key["id"], [wire], together) for together in (True, False))
        assert "batch" in as_batch["signatures"][0]
        assert "batch" not in singly["signatures"][0]
        for answer in (as_batch, singly):
            assert store.dry_run([parse_submission(canonical.encode(answer))]).errors == ()
        store.submit([parse_submission(canonical.encode(singly))])


def test_a_ballot_is_made_whole_in_the_browser(browser: Signer) -> None:
    where = {"meeting": "cd" * 32, "unit": "a1", "revision": 1}
    made = browser.ask("ballot", LEDGER, where, ["yes", "abstain"], 1_767_575_000_123)
    submission = parse_submission(canonical.encode(made))
    (opening,) = submission.openings
    own = canonical.commitment(LEDGER, "ballot.cast/1", "choices", ["yes", "abstain"], opening.salt)
    assert submission.record.body == where | {"choices": own}
    again = browser.ask("ballot", LEDGER, where, ["yes", "abstain"], 1_767_575_000_123)
    assert again["openings"][0]["salt"] != made["openings"][0]["salt"]
    assert browser.ask("ballot", LEDGER, where, ["maybe"])["rule"] == "ballot.answers"
    assert browser.ask("ballot", LEDGER, where, [])["rule"] == "ballot.answers"


def test_a_waiting_file_is_what_the_command_line_reads(browser: Signer) -> None:
    wires = [{"record": record, "signatures": [], "openings": []} for record in records(3)]
    lines = browser.ask("waiting", wires).encode().removesuffix(b"\n").split(b"\n")
    assert [parse_submission(line).record.digest for line in lines] == [parse_record(w["record"]).digest for w in wires]


def test_points_of_passkeys(browser: Signer) -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert browser.ask("spki", spki.hex()) == point.hex()
    assert browser.ask("spki", spki[:-1].hex())["rule"] == "key.point"
    assert browser.ask("attestation", attestation(point).hex()) == point.hex()
    assert browser.ask("attestation", attestation(point, alg=b"\x38\x18").hex())["rule"] == "key.alg"
    for length in range(len(attestation(point))):
        assert "rule" in browser.ask("attestation", attestation(point)[:length].hex())


def attestation(point: bytes, alg: bytes = b"\x26") -> bytes:
    """An attestation object ``{"fmt": "none", "attStmt": {}, "authData": …}`` in CBOR."""
    cose = b"\xa5\x01\x02\x03" + alg + b"\x20\x01\x21\x58\x20" + point[1:33] + b"\x22\x58\x20" + point[33:]
    data = bytes(32) + b"\x45" + bytes(4) + bytes(16) + b"\x00\x10" + bytes(16) + cose
    return b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data


def test_base64url(browser: Signer) -> None:
    for length in range(70):
        data = os.urandom(length)
        ours = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
        assert browser.ask("base64url", data.hex()) == [ours, data.hex()]


def test_comparison_codes(browser: Signer) -> None:
    assert browser.ask("comparison", "00" * 32) == "0000 0000 0000 0000"
    expected = f"{int('ff' * 8, 16) % 10**16:016}"
    assert browser.ask("comparison", "ff" * 32).replace(" ", "") == expected
