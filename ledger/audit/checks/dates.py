"""Days on papers that do not fit each other: a contract put on paper after it began, a signature before its form, a late entry.

Row 11 of the table. "Late" is what the profile says (``audit.late_days``). What a file's properties say is weak evidence.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered
from ledger.audit.checks import figures
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found

SAVED_APART: Final = 5
"""Days, included, from which on a file saved on another day than the paper's says something: a letter is written, printed and
stamped within a working week.
"""

_AGREES: Final = frozenset({"letter", "form", "contract", "minutes"})
"""Kinds of paper by which a contract is agreed or approved; a list or report of contracts is always younger."""


def retroactive(case: Dossier) -> Iterator[Found]:
    """Contracts that began before the paper was dated that tells of them: all of a paper in one finding."""
    papers = case.documents()
    begun: defaultdict[tuple[str, str], list[Acted[ContractEntered]]] = defaultdict(list)
    for act in case.acts(ContractEntered):
        paper = papers.get(act.body.document or "")
        if paper is None or paper.body.kind not in _AGREES:
            continue
        if paper.body.dated and act.body.start and act.body.start < paper.body.dated:
            begun[paper.digest, paper.body.dated].append(act)
    for (digest, dated), contracts in begun.items():
        start = min(str(act.body.start) for act in contracts)
        yield found(
            *(act.cite("start") for act in contracts),
            papers[digest].cite("dated"),
            contract=contracts[0].body.code,
            count=len(contracts),
            paper=figures.name_of(papers[digest].body),
            start_day=start,
            dated_day=dated,
            days=_apart(start, dated),
        )


def contract_entered_late(case: Dossier) -> Iterator[Found]:
    """A contract that came on the ledger long after it began, though the books were open and its paper was made in time."""
    opened, late = case.books.accounts.opened_on, case.profile.integer("audit.late_days")
    papers = case.documents()
    for act in case.acts(ContractEntered):
        start, paper = act.body.start, papers.get(act.body.document or "")
        if not opened or start is None or start < opened or _apart(start, act.day) <= late:
            continue
        if paper is None or paper.body.dated is None or paper.body.dated <= start:
            days = _apart(start, act.day)
            yield found(act.cite(), contract=act.body.code, start_day=start, entered_day=act.day, days=days)


def saved_apart(case: Dossier) -> Iterator[Found]:
    """A paper dated well before or after its file was saved, where most files are saved when their paper is dated: where papers
    are scanned afterwards, the day of the file says nothing.
    """
    papers = case.acts(DocumentEntered)
    both = [(act, act.body.dated, act.body.saved) for act in papers if act.body.dated and act.body.saved]
    apart = [(act, dated, saved) for act, dated, saved in both if abs(_apart(dated, saved)) >= SAVED_APART]
    if 2 * len(apart) < len(both):
        for act, dated, saved in apart:
            yield found(
                act.cite("saved"),
                paper=figures.name_of(act.body),
                dated_day=dated,
                saved_day=saved,
                days=abs(_apart(dated, saved)),
            )


def dated_ahead(case: Dossier) -> Iterator[Found]:
    """A paper dated after the day on which it came on the ledger."""
    for act in case.acts(DocumentEntered):
        dated = act.body.dated
        if dated and dated > act.day:
            yield found(
                act.cite("dated"),
                paper=figures.name_of(act.body),
                dated_day=dated,
                entered_day=act.day,
                days=_apart(act.day, dated),
            )


def signed_before(case: Dossier) -> Iterator[Found]:
    """A paper signed before it was dated."""
    for act in case.acts(DocumentEntered):
        dated = act.body.dated
        if dated is None:
            continue
        every = figures.signed_on(act.body.approval_printed or "", period.parse_day(dated))
        before = [signed for signed in every if signed.day.isoformat() < dated]
        if before:
            first = min(signed.day for signed in before)
            yield found(
                act.cite("approval_printed"),
                paper=figures.name_of(act.body),
                who="、".join(signed.who for signed in before),
                signed_day=first.isoformat(),
                dated_day=dated,
                days=_apart(first.isoformat(), dated),
            )


def recorded_late(case: Dossier) -> Iterator[Found]:
    """Money recorded long after it moved: all that was recorded on one day."""
    late = case.profile.integer("audit.late_days")
    days: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        if _apart(noted.fact.on, noted.day) > late:
            days[noted.day].append(noted)
    for day, lines in days.items():
        first = min(noted.fact.on for noted in lines)
        yield found(
            *dict.fromkeys(noted.cite() for noted in lines),
            count=len(lines),
            first_day=first,
            entered_day=day,
            days=_apart(first, day),
        )


def in_closed_period(case: Dossier) -> Iterator[Found]:
    """What happened in a period whose statement was out before it was recorded: that statement does not show it."""
    acts: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        if noted.fact.booked != noted.fact.on:
            acts[noted.record].append(noted)
    for lines in acts.values():
        fact = lines[0].fact
        yield found(
            lines[0].cite(),
            voucher=fact.voucher,
            on_day=fact.on,
            booked_day=fact.booked,
            amount_fen=sum(noted.fact.move.amount for noted in lines),
        )


def _apart(earlier: str, later: str) -> int:
    """Days from one to the other."""
    return (period.parse_day(later) - period.parse_day(earlier)).days


_PAPER: Final = (DocumentEntered,)
_BOTH: Final = (ContractEntered, DocumentEntered)
_LATE: Final = ("AL 15", "profile audit.late_days")

CHECKS: Final = (
    Check("dates.retroactive", "11", "medium", ("CC 490", "AL 14"), _BOTH, retroactive),
    Check("dates.contract_late", "11", "medium", _LATE, _BOTH, contract_entered_late),
    Check("dates.dated_ahead", "11", "medium", ("AL 15",), _PAPER, dated_ahead),
    Check("dates.signed_before", "11", "medium", ("AL 15",), _PAPER, signed_before),
    Check("dates.recorded_late", "11", "medium", _LATE, (Line,), recorded_late),
    Check("dates.closed_period", "11", "high", ("AL 15",), (Line,), in_closed_period),
    Check("dates.saved_apart", "11", "low", ("AL 15",), _PAPER, saved_apart, weak=True),
)
