"""Preparing acts: from what is asked for to whole unsigned records, with everything that is still wrong in them.

One list is one batch: its records carry one time. A body may name the record of an earlier item of the list, where the
digest is known only now: ``{"$record": 0}`` stands for the digest of the first, ``{"$record": 0, "item": 2}`` for its third
item. No key of a body may begin with ``$`` (:mod:`ledger.canonical`), so nothing else can be meant.

What is drafted is tried as if it were signed: by the reader where he can sign, and in the seats left by others in office,
so that what is wrong in the act itself is found before anybody is asked for a finger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import period
from ledger.books import KINDS, MACHINE, Books, signing_of
from ledger.canonical import Json
from ledger.errors import Malformed, MingzhangError, Refused
from ledger.log.act import read_body
from ledger.log.entry import MAX_BATCH, Record, Signature, Submission
from ledger.people import drafting, signing
from ledger.people.seating import Seating, seating
from ledger.store.store import Store

PLACEHOLDER: Final = "$record"


@dataclass(frozen=True)
class Asked:
    """An act that somebody wants: its kind, its body, and the texts to seal in it by their paths."""

    kind: str
    body: Mapping[str, Any]
    private: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A drafted act: not signed, or not by all. ``wrong``: why it would be refused, were every seat filled."""

    submission: Submission
    seating: Seating
    wrong: tuple[MingzhangError, ...]
    whole: bool
    """Whether the body is one of its kind, so that it can be told in plain words."""


def draft(ledger: str, asked: Sequence[Asked], at: int) -> list[Submission]:
    """The unsigned records of one moment.

    Raises Malformed ``submission.too_many``, ``prepare.placeholder``, ``opening.field``, ``canonical.…``, ``record.…``;
    Refused ``kind.unknown``.
    """
    if not 1 <= len(asked) <= MAX_BATCH:
        raise Malformed("submission.too_many", len(asked), f"1 to {MAX_BATCH}")
    drafted: list[Submission] = []
    for one in asked:
        if one.kind not in KINDS:
            raise Refused("kind.unknown", one.kind, f"a kind of machine {MACHINE}", index=len(drafted))
        body = _resolved(one.body, [earlier.record.digest for earlier in drafted])
        try:
            record, openings = drafting.draft_sealed(ledger, one.kind, body, one.private, at)
        except (LookupError, TypeError, ValueError, AttributeError):
            # A path that leads through what is no list and no object.
            paths = sorted(one.private)
            raise Malformed("opening.field", paths, index=len(drafted)) from None
        drafted.append(Submission(record, (), openings))
    return drafted


def look(store: Store, submissions: Sequence[Submission], reader: str, now: int) -> list[Prepared]:
    """Each act with its seats as ``reader`` (a key's id) meets them ``now`` (ms), and what is wrong in it; nothing is written.

    Raises Unavailable ``clock.behind_head``.
    """
    books = store.books
    time = max(now, books.head.time)
    day = period.legal_day(time, books.offset).isoformat()
    seen = [_seated(books, one, day, time, reader) for one in submissions]
    claimed = [
        Submission(one.record, claims, one.openings) for one, (_, claims, _) in zip(submissions, seen, strict=True)
    ]
    wrong: dict[int, list[MingzhangError]] = {}
    for index, error in store.dry_run(claimed, signed=False).errors:
        wrong.setdefault(min(index, len(submissions) - 1), []).append(error)
    return [
        Prepared(one, seats, tuple(wrong.get(index, ())), whole)
        for index, (one, (seats, _, whole)) in enumerate(zip(submissions, seen, strict=True))
    ]


def _seated(
    books: Books, submission: Submission, day: str, time: int, reader: str
) -> tuple[Seating, tuple[Signature, ...], bool]:
    """The seats of an act; a claim for each signature that it will carry; whether its body is one of its kind."""
    record, kind = submission.record, KINDS[submission.record.kind]
    new = _new_keys(record)
    signed = [one.key for one in submission.signatures if new is None or one.key not in new]
    seats = seating(signing_of(kind, books.rules), books.people, day, time, signed, reader)
    held = {key: books.people.keys[key].alg for key in {*seats.keys, *signed} if key in books.people.keys}
    claims = {key: Signature(key, alg, b"") for key, alg in (held | (new or {})).items()}
    return seats, tuple(claims[key] for key in sorted(claims)), new is not None


def _new_keys(record: Record) -> dict[str, str] | None:
    """The keys that a record enrols, with their algorithms; None where its body is none of its kind."""
    kind = KINDS[record.kind]
    try:
        body = read_body(kind.model, record.body, record.kind)
        return {name: key.alg for name, key in signing.new_key_ids(kind.new_keys(body)).items()}
    except MingzhangError:
        return None


def _resolved(value: Any, digests: Sequence[str]) -> Any:
    """A value with the references to earlier items filled in. Raises Malformed ``prepare.placeholder``."""
    if isinstance(value, list):
        return [_resolved(one, digests) for one in value]
    if not isinstance(value, Mapping):
        return value
    if PLACEHOLDER not in value:
        return {name: _resolved(one, digests) for name, one in value.items()}
    index, item = value[PLACEHOLDER], value.get("item")
    known = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(digests)
    named = item is None or (isinstance(item, int) and not isinstance(item, bool) and item >= 0)
    if not known or not named or value.keys() - {PLACEHOLDER, "item"}:
        raise Malformed("prepare.placeholder", dict(value), f"an earlier item, below {len(digests)}")
    return digests[index] if item is None else f"{digests[index]}#{item}"
