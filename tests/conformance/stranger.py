"""A checker of bundles by somebody who has `docs/format.md` and nothing else of ours.

It imports nothing of the product: the standard library, PyNaCl for Ed25519, cryptography for ML-DSA-44 and P-256. It does
not know the rules of the books, so it cannot say that a payment had its authority; it says whether the bytes are whole,
signed and add up. Run it on a folder or an archive::

    python stranger.py bundle [--genesis <64 hex digits>]

It prints what it finds, one finding a line, and ends with 1 if there is any.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from nacl import bindings as sodium
from nacl.exceptions import BadSignatureError

Findings = list[str]
HEX64 = re.compile("[0-9a-f]{64}")
LOG_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
DECIMAL = re.compile("0|[1-9][0-9]{0,19}")
UUID7 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
RECORD_TYPE, BATCH_TYPE = (f"application/vnd.mingzhang.{what}+json" for what in ("record", "batch"))
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BLOCKS = {"income": "own", "expense": "own", "own_transfer": "transfers"} | dict.fromkeys(
    ("pass_through", "payable", "deposit_held", "refund"), "others"
)


class Wrong(Exception):
    """Something is not as the page says."""


def need(holds: bool, what: str) -> None:
    """Stop here unless it holds."""
    if not holds:
        raise Wrong(what)


# --- notation -----------------------------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def pae(kind: str, payload: bytes) -> bytes:
    return b" ".join((b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(payload)).encode(), payload))


def unbase64(text: object) -> bytes:
    need(isinstance(text, str), "base64 is not a text")
    try:
        data = base64.b64decode(str(text), validate=True)
    except ValueError as error:
        raise Wrong("not base64") from error
    need(base64.b64encode(data).decode() == text, "base64 written in another way")
    return data


def moment(text: object) -> datetime:
    need(isinstance(text, str) and LOG_TIME.fullmatch(text) is not None, f"not a log time: {text}")
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Wrong(f"not a log time: {text}") from error


# --- canonical JSON -----------------------------------------------------------------------------------------------------

SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write_json(value: Any, room: int = 16) -> str:
    """The one way to write a value."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        need(abs(value) < 2**53, "an integer out of bounds")
        return str(value)
    if isinstance(value, str):
        need(not any("\ud800" <= c <= "\udfff" for c in value), "half a character")
        return '"' + "".join(SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    need(isinstance(value, (list, dict)), f"no {type(value).__name__} in JSON here")
    need(room > 0, "containers too deep")
    if isinstance(value, list):
        return "[" + ",".join(write_json(item, room - 1) for item in value) + "]"
    need(all(re.fullmatch("[a-z0-9_]+", key) for key in value), "a key of other letters")
    return "{" + ",".join(f'"{key}":{write_json(value[key], room - 1)}' for key in sorted(value)) + "}"


def _refuse(text: str) -> Any:
    raise Wrong(f"a number written {text[:20]}")


def _integer(text: str) -> int:
    need(len(text) < 20, "an integer out of bounds")
    return int(text)


def read_json(data: bytes) -> Any:
    """The value of canonical JSON."""
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"not JSON: {error}") from error
    # Another spelling, a key that stands twice, an order of its own: none survives being written again.
    need(write_json(value).encode() == data, "JSON written in another way")
    return value


# --- the tree -----------------------------------------------------------------------------------------------------------


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:]))


def root_by_path(index: int, size: int, value: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion path leads to, the leaf's sibling first."""
    if size == 1:
        need(not path, "a path too long")
        return value
    need(bool(path), "a path too short")
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return sha256(b"\x01" + root_by_path(index, half, value, path[:-1]) + path[-1])
    return sha256(b"\x01" + path[-1] + root_by_path(index - half, size - half, value, path[:-1]))


def tile_path(level: str, number: int, width: int) -> str:
    digits = str(number).zfill(-(-len(str(number)) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + ("" if width == 256 else f".p/{width}")


# --- signatures ---------------------------------------------------------------------------------------------------------


def check_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    need(len(public) == 32 and len(signature) == 64, "a key or signature of another length")
    try:
        sodium.crypto_sign_open(signature + message, public)
    except BadSignatureError as error:
        raise Wrong("a signature that does not hold") from error


def check_ecdsa(public: bytes, message: bytes, der: bytes) -> None:
    need(len(public) == 65, "a key of another length")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(der, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise Wrong("a signature that does not hold") from error


def check_p256(public: bytes, message: bytes, signature: bytes) -> None:
    need(len(signature) == 64, "a signature of another length")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    need(0 < r < P256_ORDER and 0 < s < P256_ORDER, "r or s out of bounds")
    check_ecdsa(public, message, encode_dss_signature(r, s))


def check_passkey(public: bytes, message: bytes, signed: dict[str, Any], passkeys: dict[str, Any]) -> None:
    data, client = unbase64(signed["authenticator_data"]), unbase64(signed["client_data"])
    try:
        said = json.loads(client.decode())
    except ValueError as error:
        raise Wrong("client data that are no JSON") from error
    need(isinstance(said, dict) and said.get("type") == "webauthn.get", "client data of another type")
    challenge = base64.urlsafe_b64encode(sha256(message)).rstrip(b"=").decode()
    need(said.get("challenge") == challenge, "another challenge")
    need(said.get("origin") in passkeys.get("origins", []), "an origin that entry 0 does not list")
    need(said.get("crossOrigin", False) is False and "topOrigin" not in said, "signed across origins")
    need(data[:32] in [sha256(name.encode()) for name in passkeys.get("rp_ids", [])], "another relying party")
    need(len(data) >= 37 and data[32] & 5 == 5, "user not present and verified")
    der = unbase64(signed["sig"])
    need(len(data) + len(client) + len(der) <= 2048, "too long")
    check_ecdsa(public, data + sha256(client), der)


# --- files --------------------------------------------------------------------------------------------------------------


def read_files(place: Path) -> dict[str, bytes]:
    """Every file of a bundle by its path."""
    if place.is_dir():
        return {file.relative_to(place).as_posix(): file.read_bytes() for file in place.rglob("*") if file.is_file()}
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@dataclass
class Checkpoint:
    text: bytes
    origin: str
    size: int
    root: bytes
    lines: list[tuple[str, bytes, bytes]]


def read_checkpoint(data: bytes) -> Checkpoint:
    need(all(byte >= 32 or byte == 10 for byte in data), "a control character in the checkpoint")
    try:
        whole = data.decode()
    except ValueError as error:
        raise Wrong("a checkpoint that is not UTF-8") from error
    text, blank, rest = whole.rpartition("\n\n")
    need(bool(blank), "a checkpoint without signature lines")
    parts = text.split("\n")
    need(len(parts) == 3, "a checkpoint text of other than three lines")
    need(DECIMAL.fullmatch(parts[1]) is not None, "a size that is no decimal")
    head = unbase64(parts[2])
    need(len(head) == 32, "a root of another length")
    lines = []
    need(rest.endswith("\n"), "a line without its end")
    for line in rest[:-1].split("\n"):
        words = line.split(" ")
        need(len(words) == 3 and words[0] == "—", "not a signature line")
        signature = unbase64(words[2])
        need(len(signature) > 4, "an empty signature")
        lines.append((words[1], signature[:4], signature[4:]))
    return Checkpoint((text + "\n").encode(), parts[0], int(parts[1]), head, lines)


@dataclass(frozen=True)
class Vkey:
    name: str
    id: bytes
    type: int
    public: bytes


def read_vkey(text: str) -> Vkey:
    parts = text.split("+", 2)
    need(len(parts) == 3, "not a vkey")
    key = unbase64(parts[2])
    need(len(key) > 1 and key[0] in (1, 4, 6), "a vkey of another type")
    name = sha256(parts[0].encode() + b"\n" + key)[:4]
    need(parts[1] == name.hex(), "a vkey whose id is another's")
    return Vkey(parts[0], name, key[0], key[1:])


def check_line(point: Checkpoint, key: Vkey, signature: bytes) -> int | None:
    """Check a signature line; the time that it carries."""
    if key.type == 1:
        check_ed25519(key.public, point.text, signature)
        return None
    need(len(signature) > 8, "a cosignature too short")
    time = int.from_bytes(signature[:8], "big")
    if key.type == 4:
        check_ed25519(key.public, b"cosignature/v1\ntime %d\n" % time + point.text, signature[8:])
        return time
    names = b"".join(
        bytes([len(n.encode())]) + n.encode() + t for n, t in ((key.name, signature[:8]), (point.origin, b""))
    )
    message = b"subtree/v1\n\0" + names + struct.pack(">QQ", 0, point.size) + point.root
    try:
        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature[8:], message)
    except (InvalidSignature, ValueError) as error:
        raise Wrong("a signature that does not hold") from error
    return time


# --- the checks ---------------------------------------------------------------------------------------------------------


@dataclass
class Bundle:
    """A bundle under check. What is wrong goes to ``findings``, each with its place."""

    files: dict[str, bytes]
    genesis: str = ""
    findings: Findings = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)
    parsed: list[dict[str, Any] | None] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)

    def wrong(self, place: str, what: object) -> None:
        self.findings.append(f"{place}: {what}")

    def attempt(self, place: str, check: Callable[[], Any]) -> Any:
        """The result of a check, or None and a finding."""
        try:
            return check()
        except Wrong as error:
            self.wrong(place, error)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            self.wrong(place, f"not as the page says ({type(error).__name__}: {error})")
        return None

    def check(self) -> Findings:
        """All of it."""
        self.attempt("manifest.json", self.manifest)
        point = self.attempt("checkpoint", lambda: read_checkpoint(self.files["checkpoint"]))
        if point is None:
            return self.findings
        self.tree(point)
        self.parsed = [self.attempt(f"entry {n}", partial(read_json, raw)) for n, raw in enumerate(self.entries)]
        self.attempt("entry 0", self.origin)
        self.attempt("checkpoint", lambda: self.head(point))
        self.chain()
        self.records()
        self.statements()
        return self.findings

    def manifest(self) -> None:
        value = read_json(self.files["manifest.json"])
        need(value.keys() == {"manifest", "files"} and value["manifest"] == 1, "not a manifest")
        listed = {row["path"]: (row["size"], row["sha256"]) for row in value["files"]}
        need(sorted(listed) == [row["path"] for row in value["files"]], "files out of order")
        for path, said in listed.items():
            data = self.files.get(path)
            if data is None:
                self.wrong(path, "listed and not there")
            elif (len(data), sha256(data).hex()) != said:
                self.wrong(path, "not as listed")
        for path in sorted(self.files.keys() - listed.keys() - {"manifest.json"}):
            self.wrong(path, "not listed")

    def tree(self, point: Checkpoint) -> None:
        due: set[str] = set()
        for start in range(0, min(point.size, 300_000 * 256), 256):
            width = min(256, point.size - start)
            path = tile_path("entries", start // 256, width)
            due.add(path)
            if self.attempt(path, partial(self.unpack, path, width)) is None:
                break
        self.leaves = [leaf(raw) for raw in self.entries]
        row, level = self.leaves, 0
        while row:
            for start in range(0, len(row), 256):
                hashes = row[start : start + 256]
                path = tile_path(str(level), start // 256, len(hashes))
                due.add(path)
                if self.files.get(path) != b"".join(hashes):
                    self.wrong(path, "not what the entries hash to")
            row, level = [root(row[at : at + 256]) for at in range(0, len(row) // 256 * 256, 256)], level + 1
        for path in sorted(path for path in self.files if path.startswith("tile/") and path not in due):
            self.wrong(path, "no tile of this log")
        if len(self.entries) != point.size or root(self.leaves) != point.root:
            self.wrong("checkpoint", "not the root of the entries")

    def unpack(self, path: str, width: int) -> bool:
        data, at, found = self.files[path], 0, []
        for _ in range(width):
            need(at + 2 <= len(data), "too short")
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            need(end <= len(data), "too short")
            found.append(data[at + 2 : end])
            at = end
        need(at == len(data), "too long")
        self.entries += found
        return True

    @property
    def first(self) -> dict[str, Any]:
        need(bool(self.parsed) and self.parsed[0] is not None, "no entry 0")
        record: dict[str, Any] = self.parsed[0]["record"]  # type: ignore[index]
        need(record["kind"] == "ledger.opened/1" and record["ledger"] == "", "not the beginning of a ledger")
        return record

    @cached_property
    def ledger(self) -> str:
        return digest_of(self.first)

    def origin(self) -> None:
        need(self.genesis in ("", self.ledger), f"the genesis digest is {self.ledger}")
        own = "".join(f"{text}\n" for text in self.first["body"]["vkeys"]).encode()
        need(self.files.get("vkeys.txt") == own, "vkeys.txt is not what entry 0 names")

    def witnesses(self) -> Iterator[Vkey]:
        for line in self.files["policy.txt"].decode().split("\n"):
            words = line.split()
            if words[:1] == ["witness"]:
                yield read_vkey(words[2])

    def head(self, point: Checkpoint) -> None:
        body = self.first["body"]
        own = [read_vkey(text) for text in body["vkeys"]]
        need(point.origin == body["origin"], "another origin than entry 0 names")
        need(sorted(key.type for key in own) == [1, 6], "entry 0 does not name two keys of types 1 and 6")
        need({key.name for key in own} == {point.origin}, "a key of the log with another name")
        logs = {
            read_vkey(words[1])
            for words in map(str.split, self.files["policy.txt"].decode().split("\n"))
            if words[:1] == ["log"]
        }
        need(logs == set(own), "policy.txt lists other keys of the log")
        known = {(key.name, key.id): key for key in (*self.witnesses(), *own)}
        seen: list[Vkey] = []
        last = moment(self.parsed[-1]["time"]) if self.parsed and self.parsed[-1] else None
        for name, identifier, signature in point.lines:
            key = known.get((name, identifier))
            need(key is not None, f"a line of no known key: {name}")
            assert key is not None
            need(key not in seen, f"a second line of {name}")
            time = check_line(point, key, signature)
            if time is not None and last is not None:
                signed = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(time, 2**37))
                need(signed + timedelta(minutes=5) >= last, f"{name} signed before the last entry")
            seen.append(key)
        need(set(own) <= set(seen), "not signed by both keys of the log")

    def chain(self) -> None:
        before, link = datetime(1970, 1, 1, tzinfo=UTC), "0" * 64
        for n, entry in enumerate(self.parsed):
            place, due = f"entry {n}", link
            link = self.leaves[n].hex()
            if entry is None:
                continue
            try:
                need(entry.keys() == {"entry", "seq", "time", "prev", "record", "signatures"}, "other fields")
                need(entry["entry"] == 1 and entry["entry"] is not True, "another version")
                need(type(entry["seq"]) is int and entry["seq"] == n, "another number")
                need(entry["prev"] == due, "not linked to the entry before")
                time = moment(entry["time"])
                need(time >= before, "earlier than the entry before")
                before = time
            except (Wrong, TypeError, AttributeError) as error:
                self.wrong(place, error)

    def records(self) -> None:
        seen: set[str] = set()
        batch: tuple[str, int, int] | None = None
        for n, entry in enumerate(self.parsed):
            if entry is None:
                batch = None
                continue
            record = entry.get("record") or {}
            self.attempt(f"entry {n}", partial(self.record, entry, record, n, seen))
            due = self.attempt(f"entry {n}", partial(batch_of, entry, record))
            if (batch or due) and due != batch and not (batch is None and due and due[2] == 0):
                self.wrong(f"entry {n}", "a batch out of order")
            batch = (due[0], due[1], due[2] + 1) if due and due[2] + 1 < due[1] else None
        if batch is not None:
            self.wrong("checkpoint", "the log ends inside a batch")

    def record(self, entry: dict[str, Any], record: dict[str, Any], n: int, seen: set[str]) -> None:
        need(record.keys() == {"ledger", "kind", "id", "at", "body"}, "a record of other fields")
        digest = digest_of(record)
        need(record["ledger"] == ("" if n == 0 else self.ledger), "a record of another ledger")
        need(UUID7.fullmatch(record["id"]) is not None, "an id that is no UUID version 7")
        need(not {digest, record["id"]} & seen, "a record or id for the second time")
        seen |= {digest, record["id"]}
        at = datetime.fromisoformat(record["at"])
        time = moment(entry["time"])
        need(time - timedelta(days=31) <= at <= time + timedelta(minutes=10), "signed too long ago, or in the future")
        brought = list(self.brought(record))
        for key, alg, public in brought:
            self.keys.setdefault(key, (alg, public))
        signed = entry["signatures"]
        need(1 <= len(signed) <= 8, "no signature, or too many")
        names = [signature["key"] for signature in signed]
        need(names == sorted(set(names)), "signatures out of order")
        need({key for key, _, _ in brought} <= set(names), "a new key that does not sign")
        for signature in signed:
            self.signature(record, signature)
        if record["kind"] == "key.revoked/1":
            self.revoked.add(record["body"]["key"])

    def signature(self, record: dict[str, Any], signed: dict[str, Any]) -> None:
        extra = {"authenticator_data", "client_data"} if signed["alg"] == "webauthn" else set()
        need(signed.keys() - {"batch"} == {"alg", "key", "sig"} | extra, "a signature of other fields")
        need(signed["key"] in self.keys, f"a key that nobody enrolled: {signed['key']}")
        need(signed["key"] not in self.revoked, "a key that was revoked")
        alg, public = self.keys[signed["key"]]
        need(alg == signed["alg"], "another algorithm than the key's")
        message = pae(RECORD_TYPE, write_json(record).encode())
        if "batch" in signed:
            place = signed["batch"]
            payload = {"ledger": record["ledger"], "count": place["count"], "at": record["at"]}
            message = pae(BATCH_TYPE, write_json(payload | {"root": batch_root(record, place)}).encode())
        if alg == "ed25519":
            check_ed25519(public, message, unbase64(signed["sig"]))
        elif alg == "p256":
            check_p256(public, message, unbase64(signed["sig"]))
        else:
            check_passkey(public, message, signed, self.first["body"].get("passkeys", {}))

    @staticmethod
    def brought(record: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
        body = record["body"]
        holders = body["persons"] if record["kind"] == "ledger.opened/1" else [body]
        if record["kind"] in ("ledger.opened/1", "person.entered/1", "key.enrolled/1"):
            for holder in holders:
                if "key" in holder:
                    alg, public = holder["key"]["alg"], unbase64(holder["key"]["public"])
                    need(alg in ("ed25519", "p256", "webauthn"), "a key of another algorithm")
                    yield sha256(alg.encode() + b"\x00" + public).hex(), alg, public

    def statements(self) -> None:
        before: dict[str, Any] | None = None
        paths = set()
        for n, entry in enumerate(self.parsed):
            if entry is None or not isinstance(entry.get("record"), dict):
                continue
            if entry["record"].get("kind") == "statement.published/1":
                body = entry["record"]["body"]
                path = f"statements/{body.get('period')}.json"
                paths.add(path)
                before = self.attempt(path, partial(self.statement, path, body, n, before))
        for path in sorted(self.files):
            if path.startswith("statements/") and path.endswith(".json") and path not in paths:
                self.wrong(path, "a statement that nobody published")

    def statement(self, path: str, body: dict[str, Any], n: int, before: dict[str, Any] | None) -> dict[str, Any]:
        data = self.files[path]
        need(sha256(data).hex() == body["digest"], f"not the statement that entry {n} published")
        statement: dict[str, Any] = read_json(data)
        prefix, lines = statement["prefix"], statement["lines"]
        need(0 < prefix == body["prefix"] <= n, "another prefix")
        need(statement["root"] == root(self.leaves[:prefix]).hex(), "not the root of the entries before its prefix")
        last = self.parsed[prefix - 1]
        need(last is not None and statement["time"] == last["time"], "not the time of the last entry")
        first = self.first["body"]
        own = {"ledger": self.ledger, "statement": 1, "period": statement["period"]} | {
            name: first[name] for name in ("origin", "name", "machine")
        }
        need(all(statement[name] == value for name, value in own.items()), "of another ledger")
        need(statement["period"]["code"] == body["period"], "of another period")
        if before is not None:
            need(statement["previous"] == sha256(write_json(before).encode()).hex(), "not after the one before")
        for line in lines:
            entry = self.parsed[line["entry"]]
            need(line["entry"] < prefix and entry is not None, "a line from behind the prefix")
            assert entry is not None
            need(line["record"] == digest_of(entry["record"]), "a line of another record")
            need(line["line"] == 1, "a line of another version")
        own_root = root([leaf(write_json(line).encode()) for line in lines]).hex()
        need(body["root"] == statement["lines_root"] == own_root, "not the root of its lines")
        need(body["count"] == statement["count"] == len(lines), "not as many lines as it says")
        add_up(statement)
        six = ("account", "fund", "opening", "received", "spent", "closing")
        need(body["totals"] == [{name: fund[name] for name in six} for fund in statement["funds"]], "other totals")
        self.rejected(statement)
        if before is not None:
            closed = {(fund["account"], fund["fund"]): fund["closing"] for fund in before["funds"]}
            for fund in statement["funds"]:
                need(fund["opening"] == closed.get((fund["account"], fund["fund"]), 0), "opens with another amount")
        return statement

    def rejected(self, statement: dict[str, Any]) -> None:
        """The bank files taken back before its prefix, of which a day lies in its period: made again from the entries."""
        sign, hours, minutes = self.first["body"]["offset"][0], *map(int, self.first["body"]["offset"][1:].split(":"))
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1)
        files: dict[str, dict[str, Any]] = {}
        counts: dict[str, int] = {}
        rows_until: dict[str, str] = {}
        due = []
        for entry in self.parsed[: statement["prefix"]]:
            record = (entry or {}).get("record", {})
            body = record.get("body", {})
            if record.get("kind") == "bank.imported/1":
                for other in files.values():
                    # The next file of an account ends one whose rows stopped coming.
                    if other["account"] == body["account"] and other["count"] < counts[other["file"]]:
                        other["end"] = rows_until[other["file"]]
                named = {"file": digest_of(record), "account": body["account"], "start": body["start"]}
                files[named["file"]] = named | {"end": body["end"], "count": 0, "received": 0, "paid": 0}
                counts[named["file"]], rows_until[named["file"]] = body["count"], body["end"]
            elif record.get("kind") == "bank.row/1":
                file = files[body["file"]]
                received, paid = sides_of([body["amount"]])
                file |= {"count": file["count"] + 1, "received": file["received"] + received}
                file["paid"] += paid
                rows_until[body["file"]] = body["on"]
            elif record.get("kind") == "bank.rejected/1" and entry is not None:
                on = (moment(entry["time"]) + offset).date().isoformat()
                due.append(files[body["file"]] | {"on": on, "record": digest_of(record), "reason": body["reason"]})
        first, last = statement["period"]["first"], statement["period"]["last"]
        due = [file for file in due if file["start"] <= last and file["on"] >= first]
        need(statement["rejected"] == due, "other files were taken back")


def digest_of(record: dict[str, Any]) -> str:
    return sha256(pae(RECORD_TYPE, write_json(record).encode())).hex()


def batch_root(record: dict[str, Any], place: dict[str, Any]) -> str:
    need(place.keys() == {"index", "count", "path"}, "a batch of other fields")
    need(type(place["count"]) is int and type(place["index"]) is int, "a batch without numbers")
    need(0 <= place["index"] < place["count"] <= 512, "no place in a batch")
    need(all(HEX64.fullmatch(step) for step in place["path"]), "a path of other than hashes")
    path = [bytes.fromhex(step) for step in place["path"]]
    return root_by_path(place["index"], place["count"], leaf(write_json(record).encode()), path).hex()


def batch_of(entry: dict[str, Any], record: dict[str, Any]) -> tuple[str, int, int] | None:
    """Root, count and index of the batch that an entry belongs to; all of its signatures say the same."""
    said = {
        (batch_root(record, s["batch"]), s["batch"]["count"], s["batch"]["index"])
        for s in entry["signatures"]
        if "batch" in s
    }
    need(len(said) < 2, "signatures of two batches")
    return next(iter(said), None)


def sides_of(amounts: Sequence[int]) -> tuple[int, int]:
    """What came in and what went out."""
    return sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)


def add_up(statement: dict[str, Any]) -> None:
    """Every sum of a statement from its lines."""
    lines, funds, totals = statement["lines"], statement["funds"], statement["totals"]

    def moved(**chosen: str) -> tuple[int, int]:
        amounts = [line["amount"] for line in lines if all(line[name] == value for name, value in chosen.items())]
        return sides_of(amounts)

    for line in lines:
        need(type(line["amount"]) is int, "an amount that is no integer")
    kept = [n for n, line in enumerate(lines) if line["part"] >= 32]
    need([item["cost_line"] for item in statement["deductions"]] == kept, "deductions that are not listed once each")
    for item in statement["deductions"]:
        gross, cost = lines[item["line"]], lines[item["cost_line"]]
        need(item["line"] + 1 == item["cost_line"], "a deduction that is not behind its gross")
        need((gross["record"], gross["part"] + 32) == (cost["record"], cost["part"]), "a deduction from something else")
        amounts = (gross["amount"], -cost["amount"], gross["amount"] + cost["amount"])
        need((item["gross"], item["cost"], item["net"]) == amounts, "gross less cost is not net")
        need(item["evidence"] == cost["document"], "a deduction on other evidence")
    rows = set()
    for fund in funds:
        where = (fund["account"], fund["fund"])
        received, spent = moved(account=where[0], fund=where[1])
        need((fund["received"], fund["spent"]) == (received, spent), f"{where} does not add up")
        need(fund["closing"] == fund["opening"] + received - spent, f"{where} does not close")
        need(fund["blocks"].keys() == {"own", "others", "transfers"}, "other blocks")
        for name, block in fund["blocks"].items():
            for row in block["rows"]:
                key = (*where, row["nature"], row["category"])
                own = moved(account=where[0], fund=where[1], nature=row["nature"], category=row["category"])
                need(BLOCKS[row["nature"]] == name and key not in rows, f"{key} in a wrong place")
                need((row["received"], row["spent"]) == own, f"{key} does not add up")
                rows.add(key)
            sums = tuple(sum(row[side] for row in block["rows"]) for side in ("received", "spent"))
            need((block["received"], block["spent"]) == sums, f"block {name} of {where} does not add up")
    need(rows == {(ln["account"], ln["fund"], ln["nature"], ln["category"]) for ln in lines}, "lines outside all rows")
    for account in statement["accounts"]:
        for name in ("opening", "received", "spent", "closing"):
            held = sum(fund[name] for fund in funds if fund["account"] == account["code"])
            need(account[name] == held, f"{name} of account {account['code']} does not add up")
        if "bank_balance" in account:
            need(account["difference"] == account["bank_balance"] - account["closing"], "a difference that is none")
    due = {name: sum(fund[name] for fund in funds) for name in ("opening", "closing")}
    due["income"] = sum(line["amount"] for line in lines if line["nature"] == "income")
    due["expense"] = -sum(line["amount"] for line in lines if line["nature"] == "expense")
    for name in ("others", "transfers"):
        sides = sides_of([line["amount"] for line in lines if BLOCKS[line["nature"]] == name])
        due[f"{name}_received"], due[f"{name}_spent"] = sides
    need(totals == due, f"totals are {due}")
    for table in statement["reconciliation"]:
        item = {c: sum(i["amount"] for i in table["items"] if i["class"] == c) for c in CLASSES}
        bank = table["bank"] + item["books_received"] - item["books_paid"]
        books = table["books"] + item["bank_received"] - item["bank_paid"]
        books += item["rejected_paid"] - item["rejected_received"]
        need(table["adjusted"] == bank and table["agrees"] == (bank == books), f"{table['month']} does not reconcile")


CLASSES = ("bank_received", "bank_paid", "books_received", "books_paid", "rejected_received", "rejected_paid")


def check(files: dict[str, bytes], genesis: str = "") -> Findings:
    """Everything that is not as the page says."""
    return Bundle(files, genesis).check()


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="check a bundle by docs/format.md")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--genesis", default="", help="the genesis digest as known from elsewhere")
    asked = parser.parse_args(words)
    bundle = Bundle(read_files(asked.bundle), asked.genesis)
    findings = bundle.check()
    told = [f"{len(bundle.entries)} entries, {len(bundle.files)} files, {len(findings)} findings"]
    if not asked.genesis:
        told.append("consistent at best: no genesis digest from elsewhere")
    sys.stdout.write("\n".join([*findings, *told, ""]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
