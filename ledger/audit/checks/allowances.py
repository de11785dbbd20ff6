"""Allowances paid above the standard that a paper of the community itself prints: row 24 of the table.

A standard is an amount a person and month (餐补300), in a list counted by the month. A bill is compared where it says for how
many people and days it is. A month counts as thirty days, and of several standards the highest is taken.

>>> standards("维修员（周末加班4天，餐补300/人）"), standards("另交通补贴200、餐补300"), standards("保洁（无餐补）")
({'meals': 30000}, {'meals': 30000, 'travel': 20000}, {})
>>> billed("24人每日2餐共13天，15元/餐"), billed("订餐13天"), billed("24人住宿3天")
(Billed(kind='meals', people=24, days=13), None, Billed(kind='lodging', people=24, days=3))
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.accounts.booking import Line
from ledger.accounts.records import DocumentEntered
from ledger.audit.checks.dossier import Cited, Dossier
from ledger.audit.checks.figures import narrow, whole_number, yuan
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import cites

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "meals": (
        "餐补|餐费补[贴助]|餐费标准|伙食(?:补[贴助]|费|标准)|误餐补[贴助]?|meal allowance",
        "餐|伙食|盒饭|\\bmeals?\\b",
    ),
    "travel": ("交通补[贴助]|交通费标准|travel allowance", "交通费|打车|\\btravel\\b"),
    "lodging": ("住宿补[贴助]|住宿费?标准|住房补[贴助]|lodging allowance", "住宿|\\blodging\\b"),
}
"""What allowances are called, and what bills for them name."""
_MONTH: Final = 30
_MONTHLY: Final = re.compile("月|month")
_PEOPLE: Final = re.compile("([0-9]{1,4}|[一二三四五六七八九十]{1,3})(?:人|名|people|persons)")
_DAYS: Final = re.compile("([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:天|日(?!期)|days)")


@dataclass(frozen=True, slots=True)
class Billed:
    """What a line of a bill is for."""

    kind: str
    people: int
    days: int


def standards(text: str) -> dict[str, int]:
    """The allowances that a line names with an amount, in fen."""
    read = {}
    for kind, (name, _) in KINDS.items():
        match = re.search(
            rf"(?:{name})[:： 为是]*([0-9]+(?:\.[0-9]{{1,2}})?)(?![0-9天日])", narrow(text), re.IGNORECASE
        )
        if match and (amount := yuan(match[1])):
            read[kind] = int(amount)
    return read


def billed(text: str) -> Billed | None:
    """People and days of a line that bills an allowance; None where one of them is not said, or said twice."""
    plain = narrow(text).replace(" ", "")
    people, days = _PEOPLE.findall(plain), _DAYS.findall(plain)
    kinds = [kind for kind, (_, words) in KINDS.items() if re.search(words, narrow(text), re.IGNORECASE)]
    if len(kinds) != 1 or len(people) != 1 or len(days) != 1:
        return None
    count, length = whole_number(people[0]), whole_number(days[0])
    return Billed(kinds[0], count, length) if count and length else None


def over_standard(case: Dossier) -> Iterator[Found]:
    """A paid bill comes to more a person and month than the standard that another paper prints."""
    highest: defaultdict[str, int] = defaultdict(int)
    printed: defaultdict[str, list[Cited]] = defaultdict(list)
    for paper in case.acts(DocumentEntered):
        for n, line in enumerate(paper.body.lines):
            monthly = _MONTHLY.search(f"{line.text} {line.unit_printed or ''}")
            for kind, standard in standards(line.text).items() if monthly else ():
                highest[kind] = max(highest[kind], standard)
                printed[kind].append(paper.cite(f"lines/{n}"))
    for paper in case.acts(DocumentEntered):
        paid = [noted for noted in case.lines_of(paper.digest) if noted.fact.move.amount < 0]
        for n, line in enumerate(paper.body.lines):
            bill, amount = billed(line.text), line.amount_printed
            if not paid or bill is None or amount is None or not highest[bill.kind]:
                continue
            share = amount * _MONTH
            if share > highest[bill.kind] * bill.people * bill.days:
                yield found(
                    paper.cite(f"lines/{n}"),
                    *cites(case, paid),
                    *printed[bill.kind],
                    amount_fen=amount,
                    people=bill.people,
                    days=bill.days,
                    month_fen=share // (bill.people * bill.days),
                    standard_fen=highest[bill.kind],
                )


CHECKS: Final = (
    Check("allowance.over_standard", "24", "medium", ("Sh 24", "Hz 35"), (DocumentEntered, Line), over_standard),
)
