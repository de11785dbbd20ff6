"""What a reader knows from elsewhere, and therefore need not believe the bundle about.

A bundle can be made whole by anybody: entries, tree, keys, checkpoint, all consistent. What tells the genuine one is
known from outside, and each piece here refuses another forgery:

===============  =====================================================  ==============================================
``genesis``      the genesis digest, printed on every poster            another ledger, other founders or log keys
``vkeys``        the log's keys                                         a head that the log did not sign
``policy``       logs and witnesses that count (tlog-policy)            a head that no witness has seen
``registrar``    key ids of the registrar, told by the street office    a ledger opened without its registrar
``heads``        heads seen before: a receipt's, a poster's             a shorter log, or one rewritten since
===============  =====================================================  ==============================================

A genesis digest alone establishes the origin: entry 0 names the log's keys, and every record names the digest. So do the
keys alone. Nothing given means the bundle's own: consistent at best, and the report says so first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.errors import Malformed
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey, parse_vkey
from ledger.log.policy import Policy


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known from outside the evidence. Raises Malformed ``trust.genesis``, ``trust.registrar``."""

    genesis: str | None = None
    vkeys: tuple[VerifierKey, ...] = ()
    policy: Policy | None = None
    registrar: frozenset[str] = frozenset()
    heads: tuple[Checkpoint, ...] = ()

    def __post_init__(self) -> None:
        if self.genesis is not None and not _is_hex(self.genesis):
            raise Malformed("trust.genesis", self.genesis[:80], "64 hex digits in lower case")
        for key in self.registrar:
            if not _is_hex(key):
                raise Malformed("trust.registrar", key[:80], "a key id, 64 hex digits in lower case")

    @property
    def establishes_origin(self) -> bool:
        """Whether anything here ties the evidence to one ledger."""
        return bool(self.genesis or self.knows_logs or any(head.size for head in self.heads))

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The log's keys as known from outside; none if the reader has none for any log."""
        return self.vkeys or (self.policy.keys_of(origin) if self.policy else ())

    @property
    def knows_logs(self) -> bool:
        """Whether the reader has keys of logs at all, so that a log without any of them is a stranger."""
        return bool(self.vkeys or (self.policy and self.policy.logs))

    def with_vkeys(self, texts: Iterable[str]) -> "Trust":
        """With log keys from their texts, one vkey each. Raises Malformed ``note.…``."""
        return replace(self, vkeys=(*self.vkeys, *(parse_vkey(text.strip()) for text in texts)))


def _is_hex(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")
