"""Money of the days audited: by fund what was there, came in, went out and is left; on what spending rested; what is unexplained.

All by the day booked, corrections included, so that every figure is the sum of the published lines and agrees with the
statements to the fen.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from ledger.accounts.booking import NO_BASIS, Line
from ledger.accounts.facts import BankMoved, Founded
from ledger.accounts.records import BooksOpened
from ledger.audit.checks.dossier import Cited, Noted
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, State, Table, cite, spent
from ledger.period import Period
from ledger.publication.records import StatementPublished

BASES: Final = ("motion", "budget", "delegation", "ratified", NO_BASIS)
INPUTS: Final = (Line, Founded, BankMoved, BooksOpened, StatementPublished)


def funds(case: Case) -> Section:
    """Each fund's opening, income, expense, other movements, closing; and whether statements of the same days say the same."""
    openings, movements = _openings(case), _movements(case)
    rows = []
    for fund in sorted({*openings, *movements}):
        moved = movements.get(fund, {})
        opening, income, expense = openings.get(fund, 0), moved.get("income", 0), -moved.get("expense", 0)
        other = sum(amount for nature, amount in moved.items() if nature not in ("income", "expense"))
        closing = opening + income - expense + other
        cells: Figures = {"fund": fund, "opening_fen": opening, "income_fen": income, "expense_fen": expense}
        rows.append(Row(cells | {"other_fen": other, "closing_fen": closing}))
    columns = ("fund", "opening_fen", "income_fen", "expense_fen", "other_fen", "closing_fen")
    table = Table("funds", columns, tuple(rows), total=columns[1:])
    sums = {column: sum(int(row.cells[column]) for row in rows) for column in columns[1:]}
    said = [Said("money", "told" if rows else "absent", sums), *_against_statements(case, rows), *_suspense(case)]
    return Section("funds", tuple(said), (table,), asks=("12", "14", "16", "17", "32"))


def basis(case: Case) -> Section:
    """Spending by what it rested on. What was ratified later rests on that; a contra took away what it corrects."""
    ratified = ratified_parts(case)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, noted in enumerate(case.spending):
        groups[rests_on(noted, ratified)].append(number)
    rows = []
    for name in (*BASES, *sorted(set(groups) - set(BASES))):
        lines = [case.spending[number] for number in groups.get(name, ())]
        if lines:
            state: State = "differs" if name == NO_BASIS else "agrees"
            shown = cite(lines) if name == NO_BASIS else ()
            rows.append(Row({"basis": name, "count": len(lines), "amount_fen": spent(lines)}, shown, state))
    without = [case.spending[number] for number in groups.get(NO_BASIS, ())]
    figures: Figures = {"count": len(case.spending), "spent_fen": spent(case.spending)}
    if not case.spending:
        said = Said("nothing_spent", "told")
    elif without:
        more: Figures = {"without": len(without), "without_fen": spent(without)}
        said = Said("without_basis", "differs", figures | more, cite(without), ("CC 278", "CC 282"))
    else:
        said = Said("all_with_basis", "agrees", figures, basis=("CC 278", "CC 282"))
    table = Table("basis", ("basis", "count", "amount_fen"), tuple(rows), total=("count", "amount_fen"))
    return Section("basis", (said,), (table,), asks=("1", "2", "3", "9", "10"))


def ratified_parts(case: Case) -> frozenset[str]:
    """The parts of payments that owners ratified later."""
    return frozenset(noted.fact.ref for noted in case.dossier.facts(Founded) if noted.fact.motion)


def rests_on(noted: Noted[Line], ratified: frozenset[str]) -> str:
    """What spending rests on: its own basis, ``ratified`` what was ratified later, :data:`~ledger.accounts.booking.NO_BASIS`."""
    move = noted.fact.move
    rests = move.basis or NO_BASIS
    return "ratified" if rests == NO_BASIS and f"{noted.record}#{move.part}" in ratified else rests


def _openings(case: Case) -> dict[str, int]:
    """What each fund had on the evening before the first day."""
    found: defaultdict[str, int] = defaultdict(int)
    for act in case.dossier.acts(BooksOpened):
        for part in act.body.parts:
            found[part.fund] += part.amount
    for noted in case.dossier.facts(Line):
        if noted.fact.booked < case.start:
            found[noted.fact.move.fund] += noted.fact.move.amount
    return dict(found)


def _movements(case: Case) -> Mapping[str, Mapping[str, int]]:
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for noted in case.dossier.facts(Line):
        if case.within(noted.fact.booked):
            found[noted.fact.move.fund][noted.fact.move.nature] += noted.fact.move.amount
    return found


def _against_statements(case: Case, rows: list[Row]) -> list[Said]:
    """Closing sums beside the statement whose period ends on the last day audited."""
    for act in reversed(case.dossier.acts(StatementPublished)):
        if Period.parse(act.body.period).last.isoformat() != case.until:
            continue
        printed: defaultdict[str, int] = defaultdict(int)
        for total in act.body.totals:
            printed[total.fund] += total.closing
        own = {str(row.cells["fund"]): int(row.cells["closing_fen"]) for row in rows}
        same = {fund: sum_ for fund, sum_ in own.items() if sum_} == {f: s for f, s in printed.items() if s}
        figures: Figures = {
            "closed_period": act.body.period,
            "closing_fen": sum(own.values()),
            "printed_fen": sum(printed.values()),
        }
        return [Said("as_published", "agrees" if same else "differs", figures, (act.cite(),), ("AL 17",))]
    return [Said("no_statement", "absent", {"until_day": case.until}, basis=("CC 281",))]


def _suspense(case: Case) -> list[Said]:
    """What of the bank's rows nobody has said what it was, at the end of the prefix."""
    waiting = sorted(case.dossier.books.accounts.suspense.values(), key=lambda item: (item.on, item.row))
    if not waiting:
        return [Said("nothing_in_suspense", "agrees")]
    came = sum(item.amount for item in waiting if item.amount > 0)
    went = -sum(item.amount for item in waiting if item.amount < 0)
    figures: Figures = {"count": len(waiting), "received_fen": came, "spent_fen": went, "since_day": waiting[0].on}
    return [Said("in_suspense", "open", figures, _rows(case, [item.row for item in waiting]))]


def _rows(case: Case, records: list[str]) -> tuple[Cited, ...]:
    """The entries of bank rows by their records."""
    wanted = set(records)
    return tuple(noted.cite() for noted in case.dossier.facts(BankMoved) if noted.fact.row in wanted)
