r"""Offline proofs that an entry stands in a log (``.tlog-proof``, C2SP tlog-proof@v1).

Guarantees: :func:`check_proof` passes only when the entry with this leaf hash stands at the stated index of the tree
whose head the proof carries, and a policy accepts that head. Nothing else of the file is vouched for: ``extra`` is data
that anyone can change.

::

    c2sp.org/tlog-proof@v1
    extra <base64>                 optional
    index <decimal>
    <base64 of a hash>             the inclusion path, the leaf's sibling first; none in a tree of one
    <empty line>
    <the checkpoint, verbatim>

>>> from ledger.log.checkpoint import Checkpoint, LogKeys
>>> from ledger.log.merkle import leaf_hash, node_hash
>>> from ledger.log.policy import Policy
>>> keys = LogKeys.generate("example.com/books")
>>> one, two = leaf_hash(b"one"), leaf_hash(b"two")
>>> head = keys.sign(Checkpoint(keys.origin, 2, node_hash(one, two)), 1_700_000_000)
>>> text = format_proof(Proof(0, (two,), head))
>>> print(text[:96].decode())
c2sp.org/tlog-proof@v1
index 0
qxq38Hx8j+Dv9LpvqlPH5EEukaWZFT6KpOAb7s5beCU=
<BLANKLINE>
example.com/books
2
>>> check_proof(parse_proof(text), one, Policy(), keys.vkeys).checkpoint.size
2
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.canonical import decode_base64, encode_base64
from ledger.errors import Malformed
from ledger.log.checkpoint import MAX_SIZE, parse_decimal
from ledger.log.merkle import HASH_SIZE, check_inclusion
from ledger.log.note import MAX_NOTE, VerifierKey, check_characters
from ledger.log.policy import Policy, Trusted, check_head

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 64
"""The longest path there can be: in a tree of 2^64 - 1 leaves."""
MAX_PROOF = MAX_NOTE + 100_000


@dataclass(frozen=True, slots=True)
class Proof:
    """The parts of a proof; ``checkpoint`` is the signed note as it came.

    Raises Malformed ``proof.index``, ``proof.hash``, ``proof.path_length``, ``proof.extra`` (empty),
    ``proof.checkpoint`` (not ending in a newline).
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index < MAX_SIZE:
            raise Malformed("proof.index", self.index, f"0 to {MAX_SIZE - 1}")
        if len(self.path) > MAX_PATH:
            raise Malformed("proof.path_length", len(self.path), f"at most {MAX_PATH} hashes")
        for value in self.path:
            if len(value) != HASH_SIZE:
                raise Malformed("proof.hash", len(value), f"{HASH_SIZE} bytes")
        if self.extra == b"":
            raise Malformed("proof.extra", "", "some data, or no such line")
        if not self.checkpoint.endswith(b"\n"):
            raise Malformed("proof.checkpoint", self.checkpoint[-40:], "a signed note")


def parse_proof(data: bytes) -> Proof:
    """Read a proof; nothing is checked but the form.

    Raises Malformed ``proof.size``, ``proof.header``, ``proof.line``, ``note.utf8``, ``note.control`` and those of
    :class:`Proof`.
    """
    if len(data) > MAX_PROOF:
        raise Malformed("proof.size", len(data), f"at most {MAX_PROOF} bytes")
    check_characters(data)
    front, blank, checkpoint = data.partition(b"\n\n")
    header, *lines = front.decode().split("\n")
    if header != HEADER:
        raise Malformed("proof.header", header[:80], HEADER)
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "), "proof.extra")
    if not lines or not lines[0].startswith("index ") or not blank:
        raise Malformed("proof.line", lines[0][:80] if lines else None, "index <decimal>, hashes, an empty line")
    index = parse_decimal(lines[0].removeprefix("index "), "proof.index", MAX_SIZE - 1)
    if len(lines) - 1 > MAX_PATH:
        raise Malformed("proof.path_length", len(lines) - 1, f"at most {MAX_PATH} hashes")
    path = tuple(decode_base64(line, "proof.hash") for line in lines[1:])
    return Proof(index, path, checkpoint, extra)


def format_proof(proof: Proof) -> bytes:
    """The proof as text; :func:`parse_proof` gives it back."""
    lines = [HEADER]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += map(encode_base64, proof.path)
    return "\n".join([*lines, "", ""]).encode() + proof.checkpoint


def check_proof(proof: Proof, leaf: bytes, policy: Policy, log: Sequence[VerifierKey] = ()) -> Trusted:
    """Pass when the entry with leaf hash ``leaf`` is proven under ``policy``; ``log`` as in :func:`check_head`.

    Raises as :func:`~ledger.log.policy.check_head` and :func:`~ledger.log.merkle.check_inclusion`.
    """
    trusted = check_head(proof.checkpoint, policy, log)
    head = trusted.checkpoint
    check_inclusion(leaf, proof.index, head.size, proof.path, head.root)
    return trusted
