"""Budget and actual, line by line: the yearly open budget 开放式预算, and the budgets and other authorities that the owners decided.

A plan's year may be longer than the days audited: planned is the whole year's, actual what was booked of its year within the
days audited.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ledger.accounts.booking import Line
from ledger.accounts.facts import Granted
from ledger.accounts.trust import PlanAdopted
from ledger.audit.books.plans import compared, standing
from ledger.audit.checks.dossier import Acted, Noted
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, State, Table, cite, spent

INPUTS: Final = (PlanAdopted, Granted, Line)
UNPLANNED: Final = "unplanned"
_PLAN: Final = ("plan", "line", "direction", "fund", "categories", "planned_fen", "actual_fen", "left_fen")
_AUTHORITIES: Final = ("authority", "line", "categories", "from_day", "to_day", "cap_fen", "actual_fen", "left_fen")


def plans(case: Case) -> Section:
    """The open budgets that run on some day audited, each line beside what came of it."""
    running = [act for act in standing(case.dossier) if act.body.start <= case.until and act.body.until >= case.start]
    rows = [row for act in running for row in _plan_rows(case, act)]
    said = [one for act in running for one in _plan_said(act, rows)] or [Said("no_plan", "absent", basis=("TL 33",))]
    return Section("plan", tuple(said), (Table("plan", _PLAN, tuple(rows)),), asks=("19", "24"))


def authorities(case: Case) -> Section:
    """What owners decided to let be spent, each authority beside what was spent under it on the days audited."""
    granted = [
        noted
        for noted in case.dossier.facts(Granted)
        if noted.fact.authority.start <= case.until and noted.fact.authority.until >= case.start
    ]
    rows, over = [], 0
    under: defaultdict[tuple[str, str], list[Noted[Line]]] = defaultdict(list)
    for line in case.dossier.lines():
        under[line.fact.move.motion, line.fact.move.line_code].append(line)
    for noted in granted:
        one = noted.fact.authority
        lines = under[one.motion, one.line]
        within = spent(n for n in lines if case.within(n.fact.booked))
        left = one.cap - spent(lines)
        over += left < 0
        cells: Figures = {
            "authority": one.kind,
            "line": one.line,
            "categories": ",".join(one.categories),
            "from_day": one.start,
            "to_day": one.until,
            "cap_fen": one.cap,
        }
        row_state: State = "differs" if left < 0 else "agrees"
        rows.append(Row(cells | {"actual_fen": within, "left_fen": left}, (noted.cite(),), row_state))
    if not rows:
        said = Said("no_authorities", "absent", basis=("CC 278",))
    else:
        figures: Figures = {
            "count": len(rows),
            "spent_fen": sum(int(row.cells["actual_fen"]) for row in rows),
            "over": over,
        }
        said = Said("authorities", "differs" if over else "agrees", figures, basis=("CC 278",))
    return Section("authorities", (said,), (Table("authorities", _AUTHORITIES, tuple(rows)),), asks=("19", "24"))


def _plan_rows(case: Case, act: Acted[PlanAdopted]) -> Iterator[Row]:
    for one in compared(act, case.lines):
        out = one.direction == "out"
        state: State = "told"
        if out:
            state = "open" if one.line is None else "differs" if one.left < 0 else "agrees"
        cells: Figures = {"plan": act.body.code, "line": one.line.line if one.line else UNPLANNED}
        cells |= {"direction": one.direction, "fund": one.fund, "categories": ",".join(one.categories)}
        cells |= {"planned_fen": one.planned, "actual_fen": one.actual, "left_fen": one.left}
        evidence = (act.cite(),) if one.line else cite(one.booked) if out else ()
        yield Row(cells, evidence, state)


def _plan_said(act: Acted[PlanAdopted], rows: list[Row]) -> Iterator[Said]:
    plan = act.body
    own = [row for row in rows if row.cells["plan"] == plan.code]

    def total(direction: str, column: str) -> int:
        return sum(int(row.cells[column]) for row in own if row.cells["direction"] == direction)

    figures: Figures = {"plan": plan.code, "start_day": plan.start, "end_day": plan.until}
    figures |= {"planned_in_fen": total("in", "planned_fen"), "actual_in_fen": total("in", "actual_fen")}
    figures |= {"planned_out_fen": total("out", "planned_fen"), "actual_out_fen": total("out", "actual_fen")}
    yield Said("plan", "told", figures, (act.cite(),), ("TL 33",))
    more: Figures
    over = [row for row in own if row.state == "differs"]
    unplanned = [row for row in own if row.cells["line"] == UNPLANNED and row.cells["direction"] == "out"]
    if over:
        more = {
            "plan": plan.code,
            "count": len(over),
            "over_fen": -sum(int(row.cells["left_fen"]) for row in over),
        }
        yield Said("plan_over", "differs", more, (act.cite(),), ("Hz 72",))
    if unplanned:
        more = {"plan": plan.code, "amount_fen": sum(int(row.cells["actual_fen"]) for row in unplanned)}
        yield Said("plan_unplanned", "open", more, (act.cite(), *(one for row in unplanned for one in row.evidence)))
    if not over and not unplanned:
        yield Said("plan_kept", "agrees", {"plan": plan.code}, (act.cite(),))
