"""Admission: everything about a submission that can be judged before the lock.

Size, text, openings and signatures. What admission lets pass may still be refused by ``apply``; what it refuses is never
numbered. Replay and verification do not come here: an entry that stands was admitted, and the rules here may grow
stricter without touching old entries.

* Text: every string of the body and of the opened values prints as what it says (:func:`ledger.canonical.check_text`).
* Openings: every commitment of the body comes with what it commits to (:mod:`ledger.log.commitments`), so that no name is
  lost on purpose and whoever copies a commitment has nothing to hand in. A ballot's answers must count, too.
* Signatures: each is right under the key that the books know, or that the record brings with it. This is cryptography
  alone; whether the key may sign is judged by ``apply``. A key that is unknown to the books at hand (another process
  may have enrolled it a moment ago) leaves the submission *undecided*: the sequencer asks again inside the lock. So does
  a meeting that is unknown, for its ballots.

Many signatures are checked by several threads (libsodium and OpenSSL release the interpreter's lock).
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from ledger import books as ledger_books
from ledger import canonical
from ledger.books import Books
from ledger.errors import Malformed, NotFound, Refused
from ledger.log import commitments
from ledger.log.act import read_body
from ledger.log.entry import MAX_BATCH, MAX_SIGNATURES, Opening, Signature, Submission, signature_json
from ledger.people import signing
from ledger.votes.ballots import check_answers

MAX_SUBMISSION: Final = 1 << 20
"""Bytes of a record and all its openings together."""
MAX_OPENING: Final = 1 << 16
"""Canonical bytes of one opened value."""
PARALLEL_FROM: Final = 16
"""Fewer submissions than this are checked in the caller's thread: handing over costs more than it saves."""

BALLOT: Final = "ballot.cast/1"

_WORKERS: Final = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="signatures")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A submission that passed; ``signatures`` ascend by key, ``wire`` are their canonical bytes as they go into the entry.

    ``undecided``: a key or a meeting was not known yet; :func:`decide` asks again inside the lock.
    """

    submission: Submission
    signatures: tuple[Signature, ...]
    wire: bytes
    undecided: bool


def admit(books: Books, submissions: Sequence[Submission], *, signed: bool = True) -> tuple[Admitted, ...]:
    """Check a job of submissions; the signatures only if they are ``signed`` already.

    Raises Malformed ``submission.empty``, ``submission.too_many``, ``submission.too_large``, ``text.…``, ``opening.…``,
    ``ballot.answers``, ``signature.count``, ``signature.order``, ``signature.batches_differ``; Refused ``opening.differs``,
    ``signature.…``, ``batch.…``.
    """
    if not submissions:
        raise Malformed("submission.empty", 0, "one submission or more")
    if len(submissions) > MAX_BATCH:
        raise Malformed("submission.too_many", len(submissions), MAX_BATCH)
    forms = [_check_form(submission) for submission in submissions]
    unknown = [not _check_ballot(books, submission) for submission in submissions]
    if not signed:
        undecided = [False] * len(submissions)
    elif len(submissions) < PARALLEL_FROM:
        undecided = [not check_signatures(books, submission) for submission in submissions]
    else:
        share = -(-len(submissions) // (_WORKERS._max_workers * 2))
        parts = [submissions[at : at + share] for at in range(0, len(submissions), share)]
        checked = _WORKERS.map(lambda part: [not check_signatures(books, one) for one in part], parts)
        undecided = [one for part in checked for one in part]
    return tuple(
        Admitted(submission, signatures, wire, later or (signed and without_meeting))
        for submission, (signatures, wire), later, without_meeting in zip(
            submissions, forms, undecided, unknown, strict=True
        )
    )


def decide(books: Books, submission: Submission) -> None:
    """Judge an undecided submission by the newest books, inside the lock; a meeting still unknown is left to ``apply``.

    Raises Refused ``signature.…``, ``batch.…``; Malformed ``ballot.answers``.
    """
    _check_ballot(books, submission)
    if not check_signatures(books, submission):
        keys = [s.key for s in submission.signatures if s.key not in books.people.keys]
        raise Refused("signature.unknown_key", keys, "keys enrolled on this ledger")


def check_signatures(books: Books, submission: Submission) -> bool:
    """Check the signatures; False when a key is unknown to these books. Raises Refused ``signature.…``, ``batch.…``."""
    enrolled = [key for s in submission.signatures if (key := books.people.keys.get(s.key)) is not None]
    known = {key.id: (key.alg, key.public) for key in enrolled}
    if len(enrolled) < len(submission.signatures):
        known |= _brought(submission)
        if any(s.key not in known for s in submission.signatures):
            return False
    relying = (books.people.rp_ids, books.people.origins)
    signing.check_signatures(submission.record, submission.signatures, known.get, relying)
    return True


def _brought(submission: Submission) -> dict[str, tuple[str, bytes]]:
    """The keys that a record enrols itself, by id."""
    kind = ledger_books.KINDS[submission.record.kind]
    body = read_body(kind.model, submission.record.body, submission.record.kind)
    return {name: (key.alg, key.public) for name, key in signing.new_key_ids(kind.new_keys(body)).items()}


def _check_form(submission: Submission) -> tuple[tuple[Signature, ...], bytes]:
    record, size = submission.record, len(submission.record.raw)
    kind = ledger_books.KINDS.get(record.kind)
    if kind is None:
        raise Refused("kind.unknown", record.kind, f"a kind of machine {ledger_books.MACHINE}")
    for where, text in canonical.texts(record.body):
        canonical.check_text(text, where)
    for opening in submission.openings:
        size += _check_opened(opening)
    if size > MAX_SUBMISSION:
        raise Malformed("submission.too_large", size, MAX_SUBMISSION)
    commitments.check_openings(kind.model, record, submission.openings)
    return _signatures(submission)


def _check_ballot(books: Books, submission: Submission) -> bool:
    """Check a ballot's answers; False when these books do not know its meeting."""
    if submission.record.kind != BALLOT:
        return True
    answers = next((opening.value for opening in submission.openings), None)
    try:
        meeting, _roll, _voting = books.votes.polled(str(submission.record.body.get("meeting")))
    except NotFound:
        return False
    if answers is not None:  # else the body is none of a ballot's, as ``apply`` will say
        check_answers(answers, len(meeting.motions))
    return True


def _check_opened(opening: Opening) -> int:
    length = len(canonical.encode(opening.value))
    if length > MAX_OPENING:
        raise Malformed("opening.too_large", length, MAX_OPENING, field=opening.field)
    for where, text in canonical.texts(opening.value, opening.field):
        canonical.check_text(text, where)
    return length


def _signatures(submission: Submission) -> tuple[tuple[Signature, ...], bytes]:
    """The signatures ascending by key, and their canonical bytes: what :func:`ledger.log.entry.parse_signatures` reads."""
    signed = submission.signatures
    if not 1 <= len(signed) <= MAX_SIGNATURES:
        raise Malformed("signature.count", len(signed), f"1 to {MAX_SIGNATURES}")
    if len(signed) > 1:
        signed = tuple(sorted(signed, key=lambda s: s.key))
        if len({s.key for s in signed}) != len(signed):
            raise Malformed("signature.order", [s.key for s in signed], "each key once")
        places = {(s.batch.index, s.batch.count) for s in signed if s.batch}
        if len(places) > 1:
            raise Malformed("signature.batches_differ", sorted(places), "one batch")
    for signature in signed:
        if signature.batch is not None and signature.batch.count > MAX_BATCH:
            raise Malformed("batch.place", signature.batch.count, f"at most {MAX_BATCH}")
    return signed, canonical.encode_trusted([signature_json(signature) for signature in signed])
