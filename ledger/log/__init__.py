"""The append-only log: a Merkle tree with signed heads, published as files that anyone can check.

It knows bytes, not funds or votes. From bottom to top:

======================== ===========================================================================================
:mod:`.merkle`           hashes, compact ranges, inclusion and consistency proofs from stored nodes (RFC 6962)
:mod:`.note`             signed notes, verifier keys and signing keys (C2SP signed-note)
:mod:`.checkpoint`       heads under both keys of a log, cosignatures of witnesses (tlog-checkpoint, tlog-cosignature)
:mod:`.tiles`            the files a log is published as: hash tiles and entry bundles (tlog-tiles)
:mod:`.policy`           which logs and witnesses count, and how many (tlog-policy)
:mod:`.proof`            a proof of one entry in one file, for a stranger without a network (tlog-proof)
:mod:`.witness`          asking for a cosignature, and giving one (tlog-witness)
:mod:`.source`           reading a published log from a folder or an archive, and checking that it is one tree
:mod:`.entry`            our own entries: canonical JSON, numbered, timed and linked
======================== ===========================================================================================

Each module's docstring is the manual of its bytes, with a worked example that runs as a test. Names are imported from
the modules; what the rooms above use most stands here too.
"""

from ledger.log.checkpoint import Checkpoint, LogKeys, open_checkpoint
from ledger.log.merkle import Range, leaf_hash
from ledger.log.note import SigningKey, VerifierKey, parse_vkey
from ledger.log.policy import Policy, check_head, parse_policy
from ledger.log.proof import Proof, check_proof, format_proof, parse_proof
from ledger.log.source import DirectorySource, Source, ZipSource

__all__ = [
    "Checkpoint",
    "DirectorySource",
    "LogKeys",
    "Policy",
    "Proof",
    "Range",
    "SigningKey",
    "Source",
    "VerifierKey",
    "ZipSource",
    "check_head",
    "check_proof",
    "format_proof",
    "leaf_hash",
    "open_checkpoint",
    "parse_policy",
    "parse_proof",
    "parse_vkey",
]
