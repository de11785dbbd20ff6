"""Roots computed by code that is not ours: merkletools, where it is installed, told to hash as RFC 6962 does.

It promotes an odd node as RFC 6962's tree shape does, but hashes leaves and nodes alike; given leaf hashes made with the
prefix 00 and a node hash with the prefix 01, its root is the RFC 6962 root. Only its roots are asked for, never its
proofs. It is asked about the small trees, those of statement lines, rolls, unit lists and batches.

>>> opinion = root_of([b"a", b"b", b"c"])
>>> opinion is None or opinion.hex() == "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"
True
"""

import hashlib
import importlib.metadata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ledger.audit.findings import Findings, Place
from ledger.log.entry import Entry, batch_root
from ledger.votes.facts import RollFrozen
from ledger.votes.roll import leaf_bytes

try:
    with warnings.catch_warnings():
        # It says at import that SHA-3 is not there; SHA-256 is hashlib's.
        warnings.filterwarnings("ignore", message="sha3 is not working!")
        from merkletools import MerkleTools
except ImportError:
    MerkleTools = None

_NOTHING = hashlib.sha256(b"").digest()


def version() -> str | None:
    """The version of merkletools, None where it is not installed."""
    return None if MerkleTools is None else importlib.metadata.version("merkletools")


def root_of(leaves: Iterable[bytes]) -> bytes | None:
    """The RFC 6962 root over leaf data by merkletools, None where it is not installed."""
    if MerkleTools is None:
        return None
    hashes = [hashlib.sha256(b"\x00" + leaf).hexdigest() for leaf in leaves]
    if not hashes:
        return _NOTHING  # its own answer for an empty tree is None
    tree = MerkleTools("sha256")
    tree.hash_function = lambda pair: hashlib.sha256(b"\x01" + pair)
    tree.add_leaf(hashes, do_hash=False)
    tree.make_tree()
    return bytes.fromhex(tree.get_merkle_root())


@dataclass(slots=True)
class SecondOpinion:
    """Gathers small trees while entries pass by and asks about each. ``batch``, ``units``: the records of those still growing."""

    findings: Findings
    batch: list[bytes] = field(default_factory=list)
    units: list[bytes] = field(default_factory=list)

    def take(self, entry: Entry, facts: Iterable[object], where: Place) -> None:
        """An entry that was applied, with its facts."""
        place = next((signature.batch for signature in entry.signatures if signature.batch), None)
        if place is not None:
            self.batch.append(entry.record.raw)
            if place.index + 1 == place.count:
                self.ask("batches", self.batch, batch_root(entry.record, place).hex(), where)
                self.batch = []
        if entry.record.kind == "unit.entered/1":
            self.units.append(entry.record.raw)
        elif entry.record.kind == "units.closed/1":
            self.ask("unit_lists", self.units, entry.record.body["root"], where)
            self.units = []
        for fact in facts:
            if isinstance(fact, RollFrozen):
                self.ask("rolls", [leaf_bytes(leaf) for leaf in fact.leaves], fact.root, where)

    def ask(self, what: str, leaves: Sequence[bytes], root: str, where: Place) -> None:
        """Compare a root that stands in the ledger with theirs."""
        theirs = root_of(leaves)
        if theirs is None:
            return
        self.findings.counts[f"second_{what}"] += 1
        if theirs.hex() != root:
            self.findings.add("second.differs", where, what=what, value=root, accepted=theirs.hex())
