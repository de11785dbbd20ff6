"""What auditors, owners and the body say of findings, reports and boards (from machine 2 on).

====================  ================================================================================================
``audit.reported/1``  an auditor's signed report over a prefix of this log: its digest, the opinion, firm and report code
``finding.answered``  核查提示的说明: the body, or the company, explains a finding named by its key; the answer is public
``check.lowered/1``   a check speaks as a notice here, for a stated reason; it is never silent (design §5.6)
``posting.seen/1``    an owner or anyone in office saw a record hang in public on a day, with a photograph
====================  ================================================================================================

Nothing is decided by them: what a report says follows from the entries and the version of the checks, so that ``verify`` can
draw it up again; an answer stands beside its finding and takes nothing away.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from ledger import canonical
from ledger.errors import NotFound, Refused
from ledger.log.act import LARGEST, Act, Body, Commitment, Day, Digest, Free, Kind, Short, Signing, Used, seat
from ledger.people.state import BODY_ROLES
from ledger.publication.objections import Decided, World

AuditSort = Literal["trust", "term", "annual", "handover"]
Opinion = Literal["unqualified", "qualified", "adverse", "disclaimer"]
"""无保留、保留、否定、无法表示意见."""
AUDITED: Final = BODY_ROLES | {"company", "clerk"}
"""Whose work an audit is about: nobody who had a part in it signs one (as AL 27)."""
Version = Annotated[int, Field(ge=1, le=LARGEST)]
CheckCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,30}\.[a-z0-9_]{1,40}$")]


class AuditReported(Body):
    """``audit.reported/1``: a report that an auditor signs. ``report``: SHA-256 of its canonical bytes; ``prefix``: the entries it
    is about; ``report_number``: its report code 报告编号, once a firm. ``checks``, ``form``: the versions of the checks and of the
    report's form that it was drawn up with, by which everybody can draw it up again.
    """

    sort: AuditSort
    start: Day
    until: Day
    prefix: Annotated[int, Field(ge=1, le=LARGEST)]
    report: Digest
    checks: Version
    form: Version
    opinion: Opinion
    firm: Short
    report_number: Short
    document: Digest | None = None


class FindingAnswered(Body):
    """``finding.answered/1``: what the body or the company has to say to a finding, by the finding's key (SHA-256 of its check
    and places) and the check's code, with the papers that show it.
    """

    finding: Digest
    check: CheckCode
    text: Commitment
    evidence: Annotated[tuple[Digest, ...], Field(max_length=16)] = ()


class CheckLowered(Body):
    """``check.lowered/1``: findings of a check count as notices in this community, for a reason that everybody reads. Two-party.

    ``until``: the last day on which they do. The newest act of a check counts, so that whoever comes after may end it.
    """

    check: CheckCode
    reason: Short
    until: Day | None = None


class PostingSeen(Body):
    """``posting.seen/1``: whoever signs saw a record hang ``on`` a day at a place; ``evidence``: the photograph's digest.

    Where it was is the signer's own text, and owners' texts hang on no noticeboard for ever: it is sealed, and public.
    """

    record: Digest
    on: Day
    where: Commitment
    evidence: Digest


@dataclass(frozen=True, slots=True)
class Reported:
    """Fact: an auditor signed a report."""

    record: str
    sort: AuditSort
    start: str
    until: str
    prefix: int
    report: str
    checks: int
    form: int
    opinion: str
    firm: str
    number: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Fact: a finding has an answer."""

    finding: str
    check: str
    record: str
    on: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Fact: somebody saw a record hang in public."""

    record: str
    on: str
    person: str
    owner: bool


def report(world: World, act: Act[AuditReported]) -> Decided:
    """Enter a report. Raises ``audit.days``, ``audit.own_work``, ``audit.prefix``, ``audit_number.used_before``."""
    body, day = act.body, act.day.isoformat()
    if body.until < body.start:
        raise Refused("audit.days", f"{body.start}..{body.until}", "a day to begin with and one after it")
    if body.start > day:
        raise Refused("day.future", body.start, f"{day} or earlier")
    for term in world.people.terms.get(act.signer.person, ()):
        if term.role in AUDITED and term.start <= day and term.end >= body.start:
            raise Refused("audit.own_work", term.role, "an auditor without a part in it since the first day audited")
    if body.prefix > act.seq:
        raise Refused("audit.prefix", body.prefix, f"1 to {act.seq}")
    said = (act.digest, body.sort, body.start, body.until, body.prefix, body.report)
    once = Used("audit_number", canonical.encode_trusted([body.firm, body.report_number]).decode())
    made = (body.checks, body.form, body.opinion, body.firm, body.report_number)
    return world.publication, (once, Reported(*said, *made))


def explain(world: World, act: Act[FindingAnswered]) -> Decided:
    """Answer a finding; a later answer stands beside the earlier one."""
    body = act.body
    return world.publication, (Explained(body.finding, body.check, act.digest, act.day.isoformat()),)


def lower(world: World, act: Act[CheckLowered]) -> Decided:
    """Lower a check, or end that."""
    return world.publication, ()


def see(world: World, act: Act[PostingSeen]) -> Decided:
    """Say that it hangs. Raises ``posting.unknown_record``, ``posting.seen_later``, ``posting.no_owner``, ``posting_seen.used_before``."""
    body, signer = act.body, act.signer
    if act.past.used("record", body.record) is None:
        raise NotFound("posting.unknown_record", body.record)
    if body.on > act.day.isoformat():
        raise Refused("posting.seen_later", body.on, f"{act.day.isoformat()} or earlier")
    owner = any(signer.person in unit.owners for unit in world.people.units.values())
    if not owner and not signer.roles:
        raise Refused("posting.no_owner", signer.person, "an owner, or a role in term")
    once = Used("posting_seen", f"{body.record} {body.evidence}")
    return world.publication, (once, Seen(body.record, body.on, signer.person, owner))


KINDS: Final[dict[str, Kind]] = {
    "audit.reported/1": Kind("publication", AuditReported, Signing(seats=(seat("auditor"),)), report, since=2),
    "finding.answered/1": Kind(
        "publication", FindingAnswered, Signing(seats=(BODY_ROLES | {"company"},)), explain, since=2
    ),
    "check.lowered/1": Kind("publication", CheckLowered, Signing(two_party=True, alone=False), lower, since=2),
    "posting.seen/1": Kind("publication", PostingSeen, Signing(free=Free.ONE), see, since=2),
}
