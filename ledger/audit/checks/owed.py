"""What is owed at the end, from movements of the natures given: each return settles the oldest that it can.

Money that a party brought and has not back is owed to it; money that went to a party first and has not come back is owed
by it. What a contra took back is not there at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.accounts.booking import Line
from ledger.audit.checks.dossier import Dossier, Noted

_RETURN: Final = re.compile(r"归还|偿还|还款|退还|返还|\b(?:repay\w*|return\w*|giv\w+ back)\b", re.IGNORECASE)


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
    return {key: tuple(_settle(lines)) for key, lines in moved.items()}


def is_return(case: Dossier, noted: Noted[Line]) -> bool:
    """Whether the paper of a payment says that it gives something back: a debt older than the books, which never saw it come."""
    paper = case.documents().get(noted.fact.move.document)
    texts = (paper.body.subject, *(line.text for line in paper.body.lines)) if paper else ()
    return any(_RETURN.search(text) for text in texts)


def _settle(lines: Iterable[Noted[Line]]) -> Iterable[Open]:
    left: list[Open] = []
    for noted in sorted(lines, key=lambda n: (n.fact.on, n.seq, n.fact.move.part)):
        amount = noted.fact.move.amount
        while left and left[0].amount * amount < 0:
            first, rest = left[0], left[0].amount + amount
            kept, amount = (0, rest) if abs(amount) > abs(first.amount) else (rest, 0)
            left[0:1] = [Open(first.line, kept)] if kept else []
        if amount:
            left.append(Open(noted, amount))
    return left
