"""One receipt, or one statement, checked alone: what an owner holds in his hand against what he knows from elsewhere.

A receipt carries its entry, a proof to a signed head, and the openings of its commitments. The proof stands or falls with
the log's keys, which a receipt cannot bring along: without keys from outside only its inner consistency is checked, and
the report says so. The signatures of the record are the ledger's to check; their keys stand in other entries.

A statement is added up from its own lines. With the receipt of the entry that published it, its bytes are those that were
signed and stand in the log; whether they follow from the entries only the whole log can tell (:mod:`.verify`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger import canonical
from ledger.audit.arithmetic import parse_statement
from ledger.audit.findings import FAULTS, Findings, Place, Report
from ledger.audit.heads import Head, open_head
from ledger.audit.published import note_sums
from ledger.audit.texts import check_texts
from ledger.audit.tree import STATEMENT
from ledger.audit.trust import Trust
from ledger.errors import Malformed, MingzhangError
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.entry import Entry, parse_entry
from ledger.log.merkle import check_inclusion
from ledger.log.note import split_note
from ledger.log.proof import Proof, parse_proof
from ledger.period import format_time

MAX_RECEIPT: Final = 2 << 20
RECEIPT: Final = Place("receipt")
SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """An opening as a receipt carries it."""

    field: str
    salt: bytes
    value: canonical.Json


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as read: the entry, the proof, the openings. Nothing is checked but the form."""

    entry: Entry
    proof: Proof
    openings: tuple[Opened, ...]


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt strictly. Raises Malformed ``receipt.…``, ``canonical.…``, ``entry.…``, ``proof.…``."""
    value = canonical.decode(data, limit=MAX_RECEIPT)
    if not isinstance(value, dict) or value.keys() != {"receipt", "entry", "openings", "proof"}:
        raise Malformed("receipt.fields", None, "receipt, entry, openings, proof")
    if value["receipt"] != 1 or value["receipt"] is True:
        raise Malformed("receipt.version", value["receipt"], 1)
    proof, openings = value["proof"], value["openings"]
    if not isinstance(proof, str) or not isinstance(openings, list):
        raise Malformed("receipt.fields", None, "the proof as text, the openings as a list")
    return Receipt(
        parse_entry(_base64(value["entry"])), parse_proof(proof.encode()), tuple(_opening(item) for item in openings)
    )


def verify_receipt(data: bytes, trust: Trust | None = None) -> Report:
    """Check a receipt. Raises nothing for anything that ``data`` may hold."""
    findings = Findings()
    _check_receipt(data, trust or Trust(), findings)
    return findings.report()


def verify_statement(data: bytes, receipt: bytes | None = None, trust: Trust | None = None) -> Report:
    """Check a statement's JSON, with the receipt of its publication where there is one. Raises nothing likewise."""
    findings, trust = Findings(), trust or Trust()
    where = Place("statement")
    statement = _read_statement(data, where, findings)
    entry = None if receipt is None else _check_receipt(receipt, trust, findings)
    body: Mapping[str, Any] | None = None
    if entry is None:
        if receipt is None:
            findings.add("statement.unproven", where)
    elif entry.record.kind != STATEMENT:
        findings.add("statement.digest", where, value=entry.record.kind, accepted=STATEMENT)
    else:
        body, digest = entry.record.body, hashlib.sha256(data).hexdigest()
        if body.get("digest") != digest:
            findings.add("statement.digest", where, value=digest, accepted=body.get("digest"))
    if statement is not None:
        if trust.genesis is not None and statement.get("ledger") != trust.genesis:
            findings.add("trust.genesis", where, value=statement.get("ledger"), accepted=trust.genesis)
        note_sums(findings, where.path, statement, body)
    return findings.report()


def _read_statement(data: bytes, where: Place, findings: Findings) -> dict[str, Any] | None:
    try:
        statement = parse_statement(data)
    except MingzhangError as error:
        findings.refuse("statement.malformed", where, error)
        return None
    for name in ("ledger", "origin", "name"):
        if isinstance(statement.get(name), str):
            findings.subject[name] = statement[name]
    findings.counts["statements"] += 1
    return statement


def _check_receipt(data: bytes, trust: Trust, findings: Findings) -> Entry | None:
    try:
        receipt = parse_receipt(data)
        head = Head(receipt.proof.checkpoint, parse_checkpoint(split_note(receipt.proof.checkpoint)[0]))
    except MingzhangError as error:
        findings.refuse("receipt.malformed", RECEIPT, error)
        return None
    except FAULTS as error:
        findings.fail(RECEIPT, error)
        return None
    entry, claimed = receipt.entry, head.claimed
    findings.subject |= {
        "origin": claimed.origin,
        "size": claimed.size,
        "root": claimed.root.hex(),
        "entry": entry.seq,
        "kind": entry.record.kind,
        "time": format_time(entry.time),
        "leaf": entry.leaf.hex(),
    }
    findings.counts["entries"] += 1
    findings.counts["records"] += 1
    findings.add("receipt.signatures", RECEIPT)
    check_texts(entry, RECEIPT, findings)
    if trust.knows_logs:
        open_head(head, (), None, trust, findings, strangers=True)
    else:
        findings.add("trust.none", RECEIPT)
    _check_place(receipt, head, trust, findings)
    for opening in receipt.openings:
        _check_opening(entry, opening, findings)
    return entry


def _check_place(receipt: Receipt, head: Head, trust: Trust, findings: Findings) -> None:
    entry, proof, claimed = receipt.entry, receipt.proof, head.claimed
    try:
        check_inclusion(entry.leaf, proof.index, claimed.size, proof.path, claimed.root)
    except MingzhangError as error:
        findings.refuse("receipt.proof", RECEIPT, error)
    if proof.index != entry.seq:
        findings.add("receipt.place", RECEIPT, value=proof.index, accepted=entry.seq)
    # The genesis names no ledger: it is one.
    ledger = entry.record.ledger or entry.record.digest
    findings.subject["ledger"] = ledger
    if trust.genesis is not None and ledger != trust.genesis:
        findings.add("receipt.foreign", RECEIPT, value=ledger, accepted=trust.genesis)
    for known in trust.heads:
        if known.size == claimed.size and known.root != claimed.root:
            findings.add("trust.head_forked", RECEIPT, value=claimed.root.hex(), accepted=known.root.hex())


def _check_opening(entry: Entry, opening: Opened, findings: Findings) -> None:
    findings.counts["openings"] += 1
    record, where = entry.record, Place("receipt", field=opening.field)
    said = _at(record.body, opening.field)
    own = canonical.commitment(record.ledger, record.kind, opening.field, opening.value, opening.salt)
    if said != own:
        findings.add("receipt.opening", where, value=own, accepted=said)


def _at(value: object, path: str) -> object:
    """What stands at a path such as ``persons/0/name``, None if nothing does."""
    for step in path.split("/"):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif (
            isinstance(value, list) and step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(value)
        ):
            value = value[int(step)]
        else:
            return None
    return value


def _opening(value: object) -> Opened:
    if not isinstance(value, dict) or value.keys() != {"field", "salt", "value"}:
        raise Malformed("receipt.opening", None, "field, salt and value")
    salt = _base64(value["salt"])
    if len(salt) != SALT_BYTES or not isinstance(value["field"], str):
        raise Malformed("receipt.opening", len(salt), f"a field and a salt of {SALT_BYTES} bytes")
    return Opened(value["field"], salt, value["value"])


def _base64(value: object) -> bytes:
    data = canonical.decode_base64(value, "receipt.base64")
    if not data:
        raise Malformed("receipt.base64", "", "base64 with padding")
    return data
