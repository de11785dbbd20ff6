"""What is owed at the end, from movements of the natures given: each return settles the oldest that it can.

Money that a party brought and has not back is owed to it; money that went to a party first and has not come back is owed
by it. What a contra took back is not there at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.accounts.booking import Line
from ledger.audit.checks.dossier import Dossier, Noted


@dataclass(frozen=True, slots=True)
class Open:
    """What is left of a movement: ``amount`` positive where it is owed to the party, negative where by it."""

    line: Noted[Line]
    amount: int


def open_items(case: Dossier, *natures: str) -> Mapping[tuple[str, str], tuple[Open, ...]]:
    """Per party and category what is still open of movements of these natures, oldest first."""
    moved: defaultdict[tuple[str, str], list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        if noted.fact.move.nature in natures:
            moved[noted.fact.move.party, noted.fact.move.category].append(noted)
    settled = {key: tuple(_settle(lines)) for key, lines in moved.items()}
    return {key: left for key, left in settled.items() if left}


def _settle(lines: Iterable[Noted[Line]]) -> Iterable[Open]:
    left: list[Open] = []
    for noted in sorted(lines, key=lambda n: (n.fact.on, n.seq, n.fact.move.part)):
        amount = noted.fact.move.amount
        while amount and left and left[0].amount * amount < 0:
            first, taken = left[0], min(abs(left[0].amount), abs(amount))
            kept = first.amount + (taken if first.amount < 0 else -taken)
            amount += -taken if amount > 0 else taken
            left[0:1] = [Open(first.line, kept)] if kept else []
        if amount:
            left.append(Open(noted, amount))
    return left
