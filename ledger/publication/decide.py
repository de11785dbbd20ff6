"""What the records of the publication room do, or the rule by which they are refused."""

from dataclasses import dataclass
from typing import Final, Protocol

from ledger.accounts import periods
from ledger.accounts.state import Accounts, PeriodBook
from ledger.accounts.world import World as AccountsWorld
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Kind, Signing, Used, seat
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.publication import audited, objections
from ledger.publication.records import CorrectionNoticed, FundTotal, PostingHung, StatementPublished
from ledger.publication.state import Publication, Published


class World(AccountsWorld, Protocol):
    """The books, seen from this room."""

    @property
    def publication(self) -> Publication: ...


Decided = tuple[Publication, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class StatementStands:
    """Fact: a statement was published; the books close its period."""

    statement: Published


@dataclass(frozen=True, slots=True)
class Posted:
    """Fact: a record hangs in public."""

    record: str
    start: str
    until: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Fact: a correction notice beside a statement."""

    notice: str
    statement: str
    line: int | None
    was: str
    now: str
    reason: str
    contra: str


def totals_of(accounts: Accounts, code: str) -> tuple[FundTotal, ...]:
    """The totals that a statement of the next period must name, ascending by account and fund."""
    book = accounts.periods.get(code) or PeriodBook()
    moved: dict[tuple[str, str], tuple[int, int]] = dict.fromkeys(accounts.openings, (0, 0))
    for (account, fund, _, _), total in book.sums.items():
        received, spent = moved.get((account, fund), (0, 0))
        moved[(account, fund)] = (received + total.received, spent + total.spent)
    return tuple(
        FundTotal(
            account=account,
            fund=fund,  # type: ignore[arg-type]  # funds in the state were checked when they were entered
            opening=(opening := accounts.openings.get((account, fund)) or 0),
            received=received,
            spent=spent,
            closing=opening + received - spent,
        )
        for (account, fund), (received, spent) in sorted(moved.items())
    )


def publish(world: World, act: Act[StatementPublished]) -> Decided:
    """Publish a statement: its totals and the root of its lines are the books' own, and nothing was booked since its prefix."""
    body, accounts = act.body, world.accounts
    due = periods.next_period(accounts)
    if body.period != due.code:
        raise Refused("period.not_next", body.period, due.code)
    if act.day <= due.last:
        raise Refused("statement.too_early", act.day.isoformat(), f"after {due.last.isoformat()}")
    latest = world.publication.latest
    least = latest.seq + 1 if latest else 1
    if not least <= body.prefix <= act.seq:
        raise Refused("statement.prefix", body.prefix, f"{least} to {act.seq}")
    book = accounts.periods.get(body.period) or PeriodBook()
    if book.last >= body.prefix:
        raise Refused("statement.booked_since", book.last, f"a prefix above {book.last}")
    for what, said, own in (
        ("count", body.count, book.lines.size),
        ("root", body.root, book.lines.root().hex()),
        ("totals", body.totals, totals_of(accounts, body.period)),
    ):
        if said != own:
            raise Refused(f"statement.{what}_differ", str(said), str(own))
    published = Published(act.digest, body.period, body.digest, body.prefix, act.seq)
    return replace(world.publication, latest=published), (Used("statement", act.digest), StatementStands(published))


def hang(world: World, act: Act[PostingHung]) -> Decided:
    """Claim that a record hangs in public."""
    body = act.body
    if act.past.used("record", body.record) is None:
        raise NotFound("posting.unknown_record", body.record)
    if body.until < body.start or body.start > act.day.isoformat():
        raise Refused("posting.days", f"{body.start}..{body.until}", f"from {act.day.isoformat()} or earlier, in order")
    return world.publication, (Posted(body.record, body.start, body.until, body.places),)


def correct(world: World, act: Act[CorrectionNoticed]) -> Decided:
    """Put a correction notice beside a published statement."""
    body = act.body
    if act.past.used("statement", body.statement) is None:
        raise NotFound("correction.unknown_statement", body.statement)
    if body.contra is not None and act.past.used("contra_record", body.contra) is None:
        raise NotFound("correction.unknown_contra", body.contra)
    return world.publication, (
        Corrected(act.digest, body.statement, body.line, body.was, body.now, body.reason, body.contra or ""),
    )


KINDS: Final[dict[str, Kind]] = {
    "statement.published/1": Kind(
        "publication", StatementPublished, Signing(profile="statement.signers"), publish, limit=65_535
    ),
    "posting.hung/1": Kind(
        "publication", PostingHung, Signing(seats=(BODY_ROLES | {REGISTRAR, "supervisor", "company", "clerk"},)), hang
    ),
    "correction.noticed/1": Kind(
        "publication", CorrectionNoticed, Signing(seats=(seat("treasurer"), seat("chair", "vice_chair"))), correct
    ),
    **objections.KINDS,
    **audited.KINDS,
}
