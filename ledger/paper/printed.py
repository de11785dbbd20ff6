"""What stands on prints beside the statement: known later than the statement, and never part of its hash.

Every field may be missing. A missing place or telephone number is printed as a line to fill in by hand, a missing
check code as 未经外部见证; nothing that is missing is made up.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ledger.errors import Malformed
from ledger.paper.pointer import Copy

_HEX64: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Findings 待说明事项 that everybody saw, and nobody had answered, at a statement's last entry: by this version of the checks.

    ``heavy``: those of them that weigh most (critical, high).
    """

    count: int
    heavy: int
    checks: int


@dataclass(frozen=True, slots=True)
class PrintedWith:
    """Later facts and contact lines. Days are ISO text, roles and bodies codes of the ledger."""

    record: str = ""
    """Digest of ``statement.published/1``."""
    entry: int | None = None
    """Its number in the log."""
    published_on: str = ""
    signers: tuple[str, ...] = ()
    """Roles of those who signed it, in order."""
    posted_from: str = ""
    posted_until: str = ""
    media: tuple[str, ...] = ()
    """Where it is made public, in plain words."""
    objections_until: str = ""
    reply_days: int | None = None
    reading: str = ""
    """Where and when one may read the whole, without a telephone."""
    objection_place: str = ""
    street_phone: str = ""
    address: str = ""
    """Where the statement is on the web; the QR code carries it with the whole hash."""
    check_code: str = ""
    """By :func:`check_code`; empty without an outside witness."""
    copy: Copy | None = None
    unexplained: Unexplained | None = None
    """What the checks ask of the entries before it; None where nobody asked them."""
    seals: tuple[str, ...] = ("committee", "company")
    """Bodies that stamp the poster."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """Record of an open item -> a few public words on it (来源待查 …)."""


def check_code(statement_digest: str, cosignature: bytes) -> str:
    """The 12 digits 核对码 that may be read out from a poster: short, so they only *find*; they prove nothing.

    ``cosignature``: the earliest outside cosignature on a head that covers the publication, as it stands in the
    checkpoint: key id (4 bytes), timestamp (8 bytes, big-endian), signature. Whoever made the statement cannot foresee
    it, so he cannot try statements until the digits fit. First 8 bytes of SHA-256(digest ‖ cosignature), big-endian,
    modulo 10¹², in three groups (design §4). Raises ``paper.digest``.

    >>> check_code("00" * 32, bytes(76))
    '2725 5899 0045'
    """
    if not _HEX64.fullmatch(statement_digest):
        raise Malformed("paper.digest", statement_digest, "64 lower-case hexadecimal digits")
    hashed = hashlib.sha256(bytes.fromhex(statement_digest) + cosignature).digest()
    digits = f"{int.from_bytes(hashed[:8], 'big') % 10**12:012}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


__all__ = ["Copy", "PrintedWith", "Unexplained", "check_code"]
