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
from ledger.log.act import Body, read_body
from ledger.log.entry import MAX_BATCH, Record, Signature, Submission
from ledger.people import drafting, signing
from ledger.people.seating import SIGNED, Seating, seating
from ledger.store import admission
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
    idle: int = 0
    """Signatures that fill no seat."""
    unproven: int = 0
    """Keys that the record enrols and that have not signed it yet."""

    @property
    def missing(self) -> int:
        """Signatures that are left to others, once the reader has signed."""
        return self.seating.missing + self.unproven


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
    claimed = [Submission(one.record, seat.claims, one.openings) for one, seat in zip(submissions, seen, strict=True)]
    wrong: dict[int, list[MingzhangError]] = {}
    for index, error in store.dry_run(claimed, signed=False).errors:
        wrong.setdefault(min(index, len(submissions) - 1), []).append(error)
    return [
        Prepared(one, seat.seating, tuple(wrong.get(index, ())), seat.whole, seat.idle, seat.unproven)
        for index, (one, seat) in enumerate(zip(submissions, seen, strict=True))
    ]


def seats(books: Books, submissions: Sequence[Submission], reader: str, now: int) -> list[Seating]:
    """The seats of each act as ``reader`` meets them, without trying it."""
    time = max(now, books.head.time)
    day = period.legal_day(time, books.offset).isoformat()
    return [_seated(books, one, day, time, reader).seating for one in submissions]


def check_signed(store: Store, submissions: Sequence[Submission], now: int) -> list[Prepared]:
    """Acts that some have signed, as far as they can be judged before the others have: every signature holds and fills a
    seat, and nothing else is wrong.

    Raises as :func:`ledger.store.admission.admit` and what :func:`look` finds wrong first; Refused ``signature.…``,
    ``signers.superfluous``, ``batch.incomplete``.
    """
    books = store.books
    if any(one.undecided for one in admission.admit(books, submissions)):
        keys = sorted({s.key for one in submissions for s in one.signatures if s.key not in books.people.keys})
        raise Refused("signature.unknown_key", keys, "keys enrolled on this ledger")
    _check_batch(submissions)
    for one in submissions:
        for signature in one.signatures:
            if signature.key in books.people.keys:
                books.people.usable(signature.key, max(now, books.head.time))
    looked = look(store, submissions, "", now)
    for prepared in looked:
        for error in prepared.wrong:
            raise error
        if prepared.idle:
            raise Refused("signers.superfluous", prepared.idle, 0)
    return looked


def _check_batch(submissions: Sequence[Submission]) -> None:
    """What a ceremony signed as a batch waits whole and in its order, or nobody could ever hand it in."""
    places = [{(s.batch.index, s.batch.count) for s in one.signatures if s.batch} for one in submissions]
    if any(places) and places != [{(index, len(submissions))} for index in range(len(submissions))]:
        (_index, count) = next(place for found in places for place in found)
        raise Refused("batch.incomplete", f"{len(submissions)} of {count}", "all records of the batch in one job")


@dataclass(frozen=True)
class _Seats:
    """``claims``: a signature that is made or will be, for each signer; ``idle``: signatures that fill no seat."""

    seating: Seating
    claims: tuple[Signature, ...]
    whole: bool
    unproven: int
    idle: int


def _seated(books: Books, submission: Submission, day: str, time: int, reader: str) -> _Seats:
    """The seats of an act. A holder who vouches with an older key for a newer one sits beside them."""
    record, kind = submission.record, KINDS[submission.record.kind]
    people, signing_now = books.people, signing_of(kind, books.rules)
    body = _body(record)
    new = {name: key.alg for name, key in signing.new_key_ids(kind.new_keys(body)).items()} if body else {}
    signed = [one.key for one in submission.signatures if one.key not in new]
    holder = kind.holder(body) if body else None
    beside = [key for key in signed if key in people.keys and people.keys[key].person == holder]
    seats = seating(signing_now, people, day, time, signed, reader)
    idle = _idle(seats, signed)
    if idle and beside:
        seated = [key for key in signed if key not in beside]
        seats = seating(signing_now, people, day, time, seated, reader)
        idle = _idle(seats, seated)
    held = {key: people.keys[key].alg for key in {*seats.keys, *signed} if key in people.keys} | new
    claims = tuple(Signature(key, held[key], b"") for key in sorted(held))
    unproven = len(new.keys() - {one.key for one in submission.signatures})
    return _Seats(seats, claims, body is not None, unproven, idle)


def _idle(seats: Seating, signed: Sequence[str]) -> int:
    return len(signed) - sum(seat.by == SIGNED for seat in seats.seats)


def _body(record: Record) -> Body | None:
    """The body of a record; None where it is none of its kind."""
    try:
        return read_body(KINDS[record.kind].model, record.body, record.kind)
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
