"""The checkpoint: under both keys of the log, with the witnesses that a policy asks for; and the keys that lie beside it.

Whose keys: those that the reader brought; else those that entry 0 names, which the genesis digest binds. ``vkeys.txt``
and ``policy.txt`` of a bundle are conveniences for other programs: they are compared with what entry 0 says and lend
their witnesses where the reader has no policy, but no key of the log is ever taken from them.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ledger.audit.evidence import Evidence
from ledger.audit.findings import Findings, KeyUsed, Place
from ledger.audit.trust import Trust
from ledger.errors import Malformed, MingzhangError, NotFound
from ledger.log.checkpoint import Checkpoint, Opened, open_checkpoint, parse_checkpoint, timestamp_of
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, VerifierKey, parse_vkey, split_note
from ledger.log.policy import Policy, parse_policy

CHECKPOINT: Final = "checkpoint"
VKEYS: Final = "vkeys.txt"
POLICY: Final = "policy.txt"
CLOCKS_MS: Final = 5 * 60_000
"""Clocks may differ by this much before times contradict each other (design §5)."""


@dataclass(frozen=True, slots=True)
class Head:
    """The checkpoint as read; ``opened`` once its signatures were right under known keys."""

    note: bytes
    claimed: Checkpoint
    opened: Opened | None = None


def read_head(evidence: Evidence, findings: Findings) -> Head | None:
    """The checkpoint's text, not to be trusted yet."""
    try:
        note = evidence.checkpoint()
    except NotFound:
        findings.add("head.missing", Place(CHECKPOINT))
        return None
    try:
        return Head(note, parse_checkpoint(split_note(note)[0]))
    except MingzhangError as error:
        findings.refuse("head.malformed", Place(CHECKPOINT), error)
        return None


def read_vkeys(texts: tuple[str, ...], findings: Findings, where: Place, code: str) -> tuple[VerifierKey, ...]:
    """Vkeys from their texts; none at all if one is malformed."""
    try:
        keys = tuple(parse_vkey(text) for text in texts)
    except Malformed as error:
        findings.refuse(code, where, error)
        return ()
    if sorted(key.type for key in keys) != [ED25519, COSIGNATURE_ML_DSA_44] or len({key.name for key in keys}) != 1:
        findings.add(code, where, value=[f"{key.name} type {key.type}" for key in keys], accepted="types 1 and 6")
        return ()
    return keys


def check_key_files(evidence: Evidence, own: tuple[VerifierKey, ...], findings: Findings) -> Policy | None:
    """Compare ``vkeys.txt`` and ``policy.txt`` with the keys that entry 0 names. The policy, for its witnesses."""
    data = evidence.find(VKEYS)
    if data is None:
        findings.add("file.missing", Place(VKEYS))
    else:
        _check_vkeys_file(data, own, findings)
    data = evidence.find(POLICY)
    if data is None:
        findings.add("file.missing", Place(POLICY))
        return None
    try:
        policy = parse_policy(data)
    except Malformed as error:
        findings.refuse("policy.malformed", Place(POLICY), error)
        return None
    listed = {log.vkey for log in policy.logs}
    if own and listed != set(own):
        findings.add("policy.differs", Place(POLICY), listed=[str(key)[:80] for key in listed])
    return policy


def _check_vkeys_file(data: bytes, own: tuple[VerifierKey, ...], findings: Findings) -> None:
    try:
        lines = data.decode().split("\n")
        if lines.pop() or not lines:
            raise Malformed("vkeys.lines", len(lines), "one vkey a line, each ending in a newline")
        keys = [parse_vkey(line) for line in lines]
    except UnicodeDecodeError as error:
        findings.add("vkeys.malformed", Place(VKEYS), value=error.start)
    except Malformed as error:
        findings.refuse("vkeys.malformed", Place(VKEYS), error)
    else:
        if own and tuple(keys) != own:
            at = next((n for n, (a, b) in enumerate(zip(keys, own, strict=False)) if a != b), min(len(keys), len(own)))
            findings.add("vkeys.differ", Place(VKEYS, field=f"line {at + 1}"), lines=len(keys))


def open_head(
    head: Head,
    own: tuple[VerifierKey, ...],
    policy: Policy | None,
    trust: Trust,
    findings: Findings,
    *,
    strangers: bool = False,
) -> Head:
    """Check the head's signatures. ``own``: the keys that entry 0 names; ``policy``: the bundle's, for its witnesses.

    ``strangers``: lines of keys that nobody here knows may stand on it. In a bundle they may not: behind "unknown lines
    are ignored" most changed bits of a line could hide.
    """
    origin = head.claimed.origin
    keys = trust.log_keys(origin)
    if trust.knows_logs and not keys:
        findings.add("trust.unknown_log", Place(CHECKPOINT), value=origin)
        return head
    outside = bool(keys)
    if outside and own and set(own) != set(keys):
        findings.add("trust.vkeys", Place(CHECKPOINT), value=[f"{k.name}+{k.key_id.hex()}" for k in own])
    keys = keys or own
    if not keys:
        findings.add("trust.none", Place(CHECKPOINT))
        return head
    judging = trust.policy or policy or Policy()
    # A witness that only the bundle's policy knows counts for nothing, but its line is no stranger's.
    witnesses = [w.vkey for listed in (judging, policy or Policy()) for w in listed.witnesses]
    try:
        opened = open_checkpoint(head.note, keys, witnesses)
    except MingzhangError as error:
        code = "head.origin" if error.rule == "checkpoint.origin_key" else "head.signature"
        findings.refuse(code, Place(CHECKPOINT), error)
        return head
    if not strangers:
        _check_lines(head.note, opened, findings)
    findings.counts["head_signatures"] = len(opened.log)
    findings.counts["cosignatures"] = len(opened.cosignatures)
    findings.keys += [KeyUsed("log", key.name, str(key), "outside" if outside else "bundle") for key in keys]
    names = {witness.vkey: witness.name for witness in judging.witnesses}
    counted = [cosignature for cosignature in opened.cosignatures if cosignature.key in names]
    findings.keys += [
        KeyUsed("witness", names[c.key], str(c.key), "outside" if trust.policy else "bundle") for c in counted
    ]
    cosigned = {names[cosignature.key] for cosignature in counted}
    if not judging.met_by(cosigned):
        findings.add("witness.quorum", Place(CHECKPOINT), value=sorted(cosigned), accepted=judging.quorum)
    return replace(head, opened=opened)


def _check_lines(note: bytes, opened: Opened, findings: Findings) -> None:
    lines = sorted(split_note(note)[1], key=lambda line: (line.name, line.key_id))
    for one, other in pairwise(lines):
        # A second line by one key was checked like the first; it says nothing more and has no place in a bundle.
        if (one.name, one.key_id) == (other.name, other.key_id):
            findings.add("head.unknown_line", Place(CHECKPOINT, field=other.name), value=other.key_id.hex())
    for line in opened.unknown:
        findings.add("head.unknown_line", Place(CHECKPOINT, field=line.name), value=line.key_id.hex())


def check_times(head: Head, last: int, findings: Findings) -> None:
    """No key can have signed a head before its last entry was made, clocks granted their five minutes."""
    if head.opened is None:
        return
    for line in head.opened.log:
        if len(line.signature) > 64:
            _check_time("head.time", line.name, timestamp_of(line.signature), last, findings)
    for cosignature in head.opened.cosignatures:
        _check_time("witness.time", cosignature.key.name, cosignature.timestamp, last, findings)


def _check_time(code: str, name: str, timestamp: int, last: int, findings: Findings) -> None:
    if timestamp * 1000 + CLOCKS_MS < last:
        findings.add(code, Place(CHECKPOINT, field=name), signed=timestamp, last_entry=last // 1000)
