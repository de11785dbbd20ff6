"""A thousand receipts, statements and bundles, sound and damaged, from one seed: what both verifiers are asked about.

A *damage* is a function that takes a source of chance and gives a case. Three families: receipts, statements, bundles.
Damage comes in two sorts: as a bad disk or a stranger does it, who cannot sign, and as the keeper does it, who holds the
log's keys and makes tree, head, manifest fit again.
"""

import base64
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ledger.audit import Report, Trust, verify, verify_receipt, verify_statement
from ledger.errors import MingzhangError
from ledger.log.policy import format_policy
from ledger.log.source import ZipSource
from tests.audit.specimen import InMemory, Published, full, policy_of, small

SEED = 20_190_630


@dataclass(frozen=True)
class Case:
    """What a verifier is asked: ``what`` is receipt, statement, bundle, log or zip."""

    what: str
    trust: Trust = field(default_factory=Trust)
    data: bytes = b""
    receipt: bytes | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    damage: str = ""

    def ask_python(self) -> Report | str:
        """The report, or the rule by which an archive cannot be opened."""
        if self.what == "receipt":
            return verify_receipt(self.data, self.trust)
        if self.what == "statement":
            return verify_statement(self.data, self.receipt, self.trust)
        if self.what == "zip":
            try:
                with ZipSource(io.BytesIO(self.data)) as source:
                    return verify(source, self.trust)
            except MingzhangError as error:
                return error.rule
        return verify(InMemory(self.files), self.trust, bundle=self.what == "bundle")

    def wire(self, blobs: dict[str, str]) -> dict[str, Any]:
        """The case for the other side; its bytes go to ``blobs``, each once."""

        def put(data: bytes) -> str:
            name = sha256(data).hexdigest()[:16]
            blobs.setdefault(name, base64.b64encode(data).decode())
            return name

        said: dict[str, Any] = {"what": self.what, "trust": trust_json(self.trust)}
        if self.what in ("receipt", "statement", "zip"):
            said["data"] = put(self.data)
        if self.receipt is not None:
            said["receipt"] = put(self.receipt)
        if self.files:
            said["files"] = {path: put(data) for path, data in self.files.items()}
        return said


def trust_json(trust: Trust) -> dict[str, Any]:
    """Trust as the browser's checker reads it."""
    said: dict[str, Any] = {
        "vkeys": [str(key) for key in trust.vkeys],
        "heads": [{"origin": h.origin, "size": str(h.size), "root": h.root.hex()} for h in trust.heads],
    }
    if trust.genesis is not None:
        said["genesis"] = trust.genesis
    if trust.policy is not None:
        said["policy"] = format_policy(trust.policy).decode()
    return said


Make = Callable[[random.Random], Case]


def known(made: Published, chance: random.Random | None = None) -> Trust:
    """What is known from elsewhere: all of it, or by chance some of it. Registrars are for the rules to judge."""
    policy = policy_of(made.keys, *made.witnesses)
    every = [
        Trust(made.genesis, made.keys.vkeys, policy, frozenset(), (made.head,)),
        Trust(),
        Trust(genesis=made.genesis),
        Trust(vkeys=made.keys.vkeys),
        Trust(policy=policy),
    ]
    return every[0] if chance is None else chance.choice([every[0], *every])


def flipped(chance: random.Random, data: bytes, start: int = 0, end: int | None = None) -> bytes:
    """One bit changed, between two places."""
    harmed = bytearray(data)
    harmed[chance.randrange(start, len(data) if end is None else end)] ^= 1 << chance.randrange(8)
    return bytes(harmed)


def cut(chance: random.Random, data: bytes) -> bytes:
    """Cut short."""
    return data[: chance.randrange(len(data))]


def doubled_key(data: bytes) -> bytes:
    """JSON with its first member twice."""
    first = data[1 : data.index(b",") + 1]
    return b"{" + first + data[1:]


def spaced(chance: random.Random, data: bytes) -> bytes:
    """JSON with a blank behind one of its colons or commas."""
    at = chance.choice([at for at, byte in enumerate(data[:400]) if byte in b",:{"])
    return data[: at + 1] + b" " + data[at + 1 :]


def some(chance: random.Random) -> Published:
    """A ledger."""
    return chance.choice([small(), full()])
