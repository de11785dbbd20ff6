"""The audit in the example: an auditor appointed by two, a report of the trust model drawn up from the entries, signed and hung.

Firm, number and opinion are the example's own. The report is what anybody draws up from the same entries by the same version
of the checks; another version draws up another, and whoever verifies is told so.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from ledger.audit.checks import VERSION
from ledger.audit.reports import FORM
from ledger.example import community, figures
from ledger.example.desk import BOTH, Desk, Step
from ledger.store.auditing import About, make

AUDITOR = "auditor"


def steps() -> Iterable[Step]:
    """The appointment; the report, which hangs from the same day."""
    yield Step(figures.settings()["auditor"]["at"], "audit", appoint)
    yield Step(figures.settings()["audit"]["at"], "audit", report)


def appoint(desk: Desk) -> None:
    """The firm as a person of this ledger with a key, and its term."""
    firm, key = figures.settings()["auditor"], desk.key(AUDITOR)
    body = {"nature": "legal", "title": firm["title"], "key": community.public_key(key)}
    entered = desk.draft("person.entered/1", body, AUDITOR, keys=[key])
    desk.hand_in([entered], BOTH)
    desk.refs[AUDITOR] = entered.record.digest
    term = {name: firm[name] for name in ("body", "start", "end")}
    decided = {"source": community.text_digest(firm["text"])}
    desk.act("role.appointed/1", {"person": desk.refs[AUDITOR], "role": AUDITOR} | term | decided, BOTH)


def report(desk: Desk) -> None:
    """Drawn up from all entries until now, signed by the auditor, hung by the treasurer."""
    planned, firm = figures.settings()["audit"], figures.settings()["auditor"]["title"]
    about = About(planned["sort"], planned["start"], planned["until"], desk.books.head.size)
    signed = {name: planned[name] for name in ("sort", "start", "until", "opinion")}
    signed |= {"prefix": about.prefix, "report": make(desk.store, about).digest, "checks": VERSION, "form": FORM}
    record = desk.act(
        "audit.reported/1", signed | {"firm": firm, "report_number": planned["number"]}, [AUDITOR], "audit"
    )
    day = date.fromisoformat(planned["at"][:10])
    until = day + timedelta(days=planned["days"])
    hung = {"record": record, "start": day.isoformat(), "until": until.isoformat(), "places": planned["places"]}
    desk.act("posting.hung/1", hung, ["treasurer"])
