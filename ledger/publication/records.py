"""The records of the publication room."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ledger.accounts.records import MOST_TOTALS, FundCode
from ledger.log.act import LARGEST, Body, Code, Day, Digest, Fen, Short

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
