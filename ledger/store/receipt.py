"""Receipts: an entry with the proof that it stands in the log, and the private texts that its submitter knows anyway.

::

    {"receipt": 1, "entry": base64, "openings": [{"field", "salt", "value"}, …], "proof": tlog-proof text}

canonical JSON. The proof is a ``.tlog-proof`` file verbatim (:mod:`ledger.log.proof`), so that tools of other make can
check it; with the openings the holder can show what a commitment says, and open his ballot himself.
"""

import base64
from dataclasses import dataclass

from ledger import canonical
from ledger.log.entry import Opening
from ledger.log.proof import Proof, format_proof
from ledger.store.private import opening_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt for one entry."""

    entry: bytes
    proof: Proof
    openings: tuple[Opening, ...] = ()

    def json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "receipt": 1,
            "entry": base64.b64encode(self.entry).decode(),
            "proof": format_proof(self.proof).decode(),
            "openings": [opening_json(opening) for opening in self.openings],
        }

    def dump(self) -> bytes:
        """The receipt as a file."""
        return canonical.encode(self.json())
