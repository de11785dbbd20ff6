"""预算与实际: each line of an open budget 开放式预算 beside what came of it, and beside them what no line claims.

Planned is the whole year's; actual is what was booked of that year among the lines given. Money in the plan's funds that none
of its lines claims is a line of its own: a budget that leaves things out would else always hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ledger.accounts.booking import Line
from ledger.accounts.trust import PlanAdopted, PlanLine
from ledger.audit.checks.dossier import Acted, Dossier, Noted

Direction = Literal["in", "out"]
NATURES: Final[dict[Direction, str]] = {"in": "income", "out": "expense"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of a plan and what was booked under it; ``line`` is None for what no line claims. Sums are positive fen."""

    line: PlanLine | None
    direction: Direction
    fund: str
    categories: tuple[str, ...]
    booked: tuple[Noted[Line], ...]

    @property
    def planned(self) -> int:
        """For the whole year."""
        return self.line.amount if self.line else 0

    @property
    def actual(self) -> int:
        """What was booked; less than nothing where more was given back than came."""
        return sum(noted.fact.move.amount for noted in self.booked) * (1 if self.direction == "in" else -1)

    @property
    def left(self) -> int:
        """What of the plan has not come, or is not spent."""
        return self.planned - self.actual


def standing(case: Dossier) -> list[Acted[PlanAdopted]]:
    """The budgets whose place no other took."""
    adopted = case.acts(PlanAdopted)
    replaced = {act.body.replaces for act in adopted}
    return [act for act in adopted if act.body.code not in replaced]


def compared(act: Acted[PlanAdopted], lines: Iterable[Noted[Line]]) -> Iterator[Compared]:
    """A plan line by line, then what none of them claims, income first."""
    plan = act.body
    within = [noted for noted in lines if plan.start <= noted.fact.booked <= plan.until]
    for line in plan.lines:
        yield Compared(line, line.direction, line.fund, line.categories, _only(within, line))
    unclaimed = [noted for noted in within if not any(_belongs(noted, line) for line in plan.lines)]
    funds = dict.fromkeys(line.fund for line in plan.lines)
    for direction, nature in NATURES.items():
        for fund in funds:
            rest = [n for n in unclaimed if n.fact.move.nature == nature and n.fact.move.fund == fund]
            codes = tuple(sorted({noted.fact.move.category for noted in rest}))
            left_out = Compared(None, direction, fund, codes, tuple(rest))
            if left_out.actual:
                yield left_out


def _only(lines: Sequence[Noted[Line]], line: PlanLine) -> tuple[Noted[Line], ...]:
    return tuple(noted for noted in lines if _belongs(noted, line))


def _belongs(noted: Noted[Line], line: PlanLine) -> bool:
    move = noted.fact.move
    return move.nature == NATURES[line.direction] and move.fund == line.fund and move.category in line.categories
