"""What was made public on the days audited: each statement with its days, due and published, and how long it hung."""

from collections import defaultdict
from typing import Final

from ledger.accounts.records import BooksOpened
from ledger.audit.checks.dossier import Acted
from ledger.audit.checks.publication import publish_term, statement_due
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, State, Table
from ledger.people.records import LedgerOpened
from ledger.period import Period
from ledger.publication.records import PostingHung, StatementPublished
from ledger.rules.records import ProfileAdopted

INPUTS: Final = (BooksOpened, LedgerOpened, PostingHung, ProfileAdopted, StatementPublished)
_STATEMENTS: Final = ("closed_period", "published_day", "due_day", "hung_from_day", "hung_until_day")
_BASIS: Final = ("CC 281", "O165 30", "Hz 30")


def published(case: Case) -> Section:
    """The statements that came on the days audited, or close a period that ends on one of them."""
    hung = _hung(case)
    rows = []
    for act in case.dossier.acts(StatementPublished):
        closed = Period.parse(act.body.period)
        if not (case.within(act.day) or case.within(closed.last.isoformat())):
            continue
        due = _due(case, act)
        claims = hung.get(act.digest, [])
        cells: Figures = {"closed_period": act.body.period, "published_day": act.day}
        cells |= {"due_day": due}
        cells |= {"hung_from_day": min((one.body.start for one in claims), default="")}
        cells |= {"hung_until_day": max((one.body.until for one in claims), default="")}
        state: State = "differs" if is_late(case, act) else "agrees" if claims else "open"
        rows.append(Row(cells, (act.cite(), *(one.cite() for one in claims)), state))
    late_ones = sum(row.state == "differs" for row in rows)
    without = sum(not row.cells["hung_from_day"] for row in rows)
    figures: Figures = {"count": len(rows), "late": late_ones, "not_hung": without}
    if not rows:
        said = Said("nothing_published", "absent", basis=_BASIS)
    else:
        state = "differs" if late_ones else "open" if without else "agrees"
        said = Said("published", state, figures, tuple(row.evidence[0] for row in rows), _BASIS)
    return Section("publicity", (said,), (Table("statements", _STATEMENTS, tuple(rows)),), asks=("27", "30"))


def is_late(case: Case, act: Acted[StatementPublished]) -> bool:
    """Whether a statement came after its days; nobody says so where nobody can count them."""
    due = _due(case, act)
    return bool(due) and act.day > due


def _due(case: Case, act: Acted[StatementPublished]) -> str:
    due = statement_due(case.dossier, Period.parse(act.body.period), publish_term(case.dossier, act))
    return due.isoformat() if due else ""


def _hung(case: Case) -> dict[str, list[Acted[PostingHung]]]:
    found: defaultdict[str, list[Acted[PostingHung]]] = defaultdict(list)
    for act in case.dossier.acts(PostingHung):
        found[act.body.record].append(act)
    return found
