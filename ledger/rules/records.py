"""The records of the rules room: what is adopted stands on the ledger as full text, so that a reader needs nothing else."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ledger.log.act import Body, ClauseName, Digest, Short


class ClauseInForce(Body):
    """A clause that votes lean on, by name, with its place in the document (第十二条)."""

    name: ClauseName
    place: Short


class ProfileAdopted(Body):
    """``profile.adopted/1``: another profile from here on, as full text, with the decision that adopted it. Two-party."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
    source: Digest


class CalendarAdopted(Body):
    """``calendar.adopted/1``: the State Council's working-day table of one year as full text. Two-party."""

    year: Annotated[int, Field(ge=2000, le=2999)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class BylawsAdopted(Body):
    """``bylaws.adopted/1``: rules of procedure or covenant by digest, replacing those of ``replaces``. Two-party."""

    document: Digest
    clauses: Annotated[tuple[ClauseInForce, ...], Field(max_length=16)] = ()
    replaces: Digest | None = None
    source: Digest
