"""The records of the publication room."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.accounts.records import MOST_TOTALS, FundCode
from ledger.log.act import LARGEST, Body, Code, Commitment, Day, Digest, Fen, Reference, Short

PeriodCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?$")]
"""``2019``, ``2019H1``, ``2019Q3``, ``2019-06``."""


Total = Annotated[int, Fen(), Field(ge=-LARGEST, le=LARGEST)]
"""A sum of sums; each of those is at most :data:`ledger.accounts.records.MOST`."""


class FundTotal(Body):
    """One fund in one account over the period: what was there, what came in and went out by any nature, what is left."""

    account: Code
    fund: FundCode
    opening: Total
    received: Total
    spent: Total
    closing: Total


class StatementPublished(Body):
    """``statement.published/1``: closes a period. Signed by the roles that the profile's ``statement.signers`` names.

    ``prefix``: the statement follows from the entries 0 to ``prefix - 1``; ``digest``: SHA-256 of its canonical JSON;
    ``count`` and ``root``: the lines of the period, RFC 6962 over their canonical leaves in log order.
    """

    period: PeriodCode
    prefix: Annotated[int, Field(ge=1, le=LARGEST)]
    digest: Digest
    totals: Annotated[tuple[FundTotal, ...], Field(max_length=MOST_TOTALS)]
    count: Annotated[int, Field(ge=0, le=LARGEST)]
    root: Digest


class PostingHung(Body):
    """``posting.hung/1`` 公示: a record hangs in public at places, with photographs by digest; a claim of who signs."""

    record: Digest
    start: Day
    until: Day
    places: Annotated[tuple[Short, ...], Field(min_length=1, max_length=64)]
    evidence: Annotated[tuple[Digest, ...], Field(max_length=64)] = ()


class CorrectionNoticed(Body):
    """``correction.noticed/1`` 更正公告: beside a published statement, what one of its lines was, is, and why.

    ``contra``: the contra entry in the open period that corrects the books, where they are concerned.
    """

    statement: Digest
    line: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    was: Short
    now: Short
    reason: Short
    contra: Digest | None = None


class ObjectionFiled(Body):
    """``objection.filed/1`` 异议: an owner asks about a record; its text is private. Signed by one key of an owner.

    ``about``: a statement's publication, an entry, a roll, ``digest#n`` a motion or the part of a row; a withdrawal's proposal
    that hangs in public waits for the answer.
    """

    about: Reference
    text: Commitment


class ObjectionReceived(Body):
    """``objection.received/1``: the same on paper, taken in at the community office for ``owner``; the number of the ``slip``
    that he was given starts the clock, ``on`` the day that stands on it where that is not the day of the entry. Signed by the
    registrar, a clerk or a supervisor.
    """

    about: Reference
    text: Commitment
    owner: Reference
    slip: Code
    on: Day | None = None
    document: Digest | None = None


class ObjectionAnswered(Body):
    """``objection.answered/1``: the body's answer, public, with the papers that it rests on."""

    objection: Digest
    text: Commitment
    evidence: Annotated[tuple[Digest, ...], Field(max_length=16)] = ()


class ObjectionConcluded(Body):
    """``objection.concluded/1``: the asker is satisfied with an answer, takes his question back, or goes to the street.
    Signed by him; for a paper one also by whoever may take it in, who takes nothing back and whose word does not stop the
    asker's own. ``document``: the paper on which the asker said so. ``not_mine``: he says, with his own key, that he never asked
    what was taken in on paper under his name.
    """

    objection: Digest
    outcome: Literal["satisfied", "taken_back", "street", "not_mine"]
    document: Digest | None = None
