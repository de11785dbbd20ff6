"""Key rings: what goes in comes out, for who knows the passphrase and nobody else; every byte counts."""

from pathlib import Path
from typing import Any

import pytest

from ledger import canonical
from ledger.log.checkpoint import LogKeys
from ledger.people import keyring
from ledger.people.keyring import KeyRing
from ledger.signatures import Ed25519Key, P256Key
from tests.community import refused_as

PHRASE = "correct horse battery"
WEAK = 64
"""KiB of memory: the fewest that four lanes take; these rings guard nothing."""


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    path = tmp_path / "a.keyring"
    keyring.save(KeyRing({"ed": Ed25519Key(bytes(32)), "p": P256Key(bytes(31) + b"\1")}), path, PHRASE, memory_kib=WEAK)
    return path


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    path, log = tmp_path / "sub" / "b.keyring", LogKeys.generate("example.org/log")
    made = KeyRing(log=log)
    key = made.add("chair", Ed25519Key.generate())
    keyring.save(made, path, PHRASE, memory_kib=WEAK)
    read = keyring.load(path, PHRASE)
    assert read.key("chair").private == key.private
    assert read.log is not None
    assert read.log.dump() == log.dump()
    assert path.stat().st_mode & 0o077 == 0


def test_keys_by_label_and_by_id(ring: Path) -> None:
    read = keyring.load(ring, PHRASE)
    ed = read.key("ed")
    assert [k.alg for k in read.holding([ed.key, "unknown"])] == ["ed25519"]
    with refused_as("keyring.no_such_key"):
        read.key("")
    with refused_as("keyring.label_used"):
        read.add("ed", Ed25519Key.generate())
    assert KeyRing({"only": ed}).key("") == ed


def test_a_wrong_passphrase(ring: Path) -> None:
    with refused_as("keyring.passphrase_wrong"):
        keyring.load(ring, PHRASE + "!")


def test_a_passphrase_typed_on_another_keyboard_is_the_same(tmp_path: Path) -> None:
    """é as one character or as two."""
    path = tmp_path / "c.keyring"
    keyring.save(KeyRing(), path, "caf\u00e9 au lait", memory_kib=WEAK)
    assert keyring.load(path, "cafe\u0301 au lait").keys == {}


@pytest.mark.parametrize("name", ["nonce", "box", "salt", "memory_kib", "passes", "lanes"])
def test_every_part_is_bound(ring: Path, name: str) -> None:
    value: Any = canonical.decode(ring.read_bytes().rstrip(b"\n"))
    holder = value if name in value else value["kdf"]
    old = holder[name]
    holder[name] = old * 2 if isinstance(old, int) else old[:-5] + ("A" if old[-5] != "A" else "B") + old[-4:]
    ring.write_bytes(canonical.encode(value))
    with refused_as("keyring.passphrase_wrong"):
        keyring.load(ring, PHRASE)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"keyring": 2}, "keyring.malformed"),
        ({"kdf": {"name": "scrypt"}}, "keyring.malformed"),
        ({"kdf": {"name": "argon2id", "salt": "AA==", "memory_kib": 1 << 30, "passes": 1, "lanes": 1}}, "keyring.kdf"),
        ({"kdf": {"name": "argon2id", "salt": "AA==", "memory_kib": 64, "passes": 99, "lanes": 1}}, "keyring.kdf"),
        ({"box": 5}, "keyring.malformed"),
        ({"box": "no base64"}, "keyring.malformed"),
    ],
)
def test_what_is_no_key_ring(ring: Path, change: dict[str, object], rule: str) -> None:
    value = canonical.decode(ring.read_bytes().rstrip(b"\n"))
    assert isinstance(value, dict)
    ring.write_bytes(canonical.encode({**value, **change}))
    with refused_as(rule):
        keyring.load(ring, PHRASE)


def test_a_list_is_no_key_ring(ring: Path) -> None:
    ring.write_bytes(b"[]")
    with refused_as("keyring.malformed"):
        keyring.load(ring, PHRASE)


def test_files_that_are_not_there_or_in_the_way(ring: Path, tmp_path: Path) -> None:
    with refused_as("keyring.not_found"):
        keyring.load(tmp_path / "none", PHRASE)
    with refused_as("keyring.unreadable"):
        keyring.load(tmp_path, PHRASE)
    with refused_as("keyring.exists"):
        keyring.save(KeyRing(), ring, PHRASE, memory_kib=WEAK)
    keyring.save(KeyRing(), ring, PHRASE, memory_kib=WEAK, replace=True)
    assert keyring.load(ring, PHRASE).keys == {}
    with refused_as("keyring.unwritable"):
        keyring.save(KeyRing(), ring / "below a file", PHRASE, memory_kib=WEAK)
    with refused_as("keyring.passphrase_short"):
        keyring.save(KeyRing(), tmp_path / "d", "short", memory_kib=WEAK)
    ring.write_bytes(b" " * (keyring.LARGEST_FILE + 1))
    with refused_as("keyring.too_large"):
        keyring.load(ring, PHRASE)
