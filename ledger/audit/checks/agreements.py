"""Contracts that do not fit themselves, or do not say what a contract says: days, term, party, end, increases.

Row 15 of the table. A contract is taken as printed; where its printed text cannot be read as what it should be, nothing is
guessed.

>>> term_printed("写三年"), term_printed("一年零十天"), term_printed("12 months")
(Term(months=36, days=0), Term(months=12, days=10), Term(months=12, days=0))
>>> term_printed("两年两个半月"), term_printed("免费维保五年"), term_printed("长期")
(None, None, None)
"""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered
from ledger.audit.checks.days import days_on, months_on
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.printed import last_day, plain
from ledger.audit.checks.spending import CYCLES, cites
from ledger.errors import Malformed

_NUMBERS: Final = {word: n for n, word in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "十一": 11,
    "十二": 12,
    "十五": 15,
}
_NUMBER: Final = "[0-9]{1,3}|十[一二五]|[一两二三四五六七八九十]"
_CHINESE: Final = re.compile(
    rf"(?:写|为|共|计|为期|期限|租期|合同期)?(?:({_NUMBER})年)?[零又]?(?:({_NUMBER})个月)?[零又]?(?:({_NUMBER})[天日])?"
)
_ENGLISH: Final = re.compile(r"(?:([0-9]{1,3}) years?)?,? ?(?:([0-9]{1,3}) months?)?,? ?(?:([0-9]{1,3}) days?)?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INCREASE: Final = re.compile(r"递增|递涨|上浮|上涨|上调|增长|increas|escalat|\brises?\b", re.IGNORECASE)
_PERCENT: Final = re.compile(r"[0-9.]+ ?%|百分之")
_HOW_OFTEN: Final = re.compile(
    r"每|逐|按年|一次|仅|只|annual|yearly|every|each|per (?:year|annum)|\bonce\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as a contract says it."""

    months: int
    days: int

    def last_day(self, start: date) -> date:
        """The last day of a term that begins on ``start``."""
        return days_on(months_on(start, self.months), self.days - 1)


def term_printed(text: str) -> Term | None:
    """The term that a printed text says and nothing else; None where it says something else, or less clearly."""
    match = _CHINESE.fullmatch(text) or _ENGLISH.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    years, months, days = (int(n) if n and n.isascii() else _NUMBERS[n or "零"] for n in match.groups())
    return Term(years * 12 + months, days)


def impossible_days(case: Dossier) -> Iterator[Found]:
    """A start or end that is printed like a day and is none."""
    for act in case.acts(ContractEntered):
        body = act.body
        for name, day, printed in (("start", body.start, body.start_printed), ("end", body.end, body.end_printed)):
            if day is None and printed is not None and _DAY.fullmatch(printed):
                yield found(act.cite(f"{name}_printed"), contract=body.code, printed=printed)


def ends_before_start(case: Dossier) -> Iterator[Found]:
    """A contract whose paper lets it end before it begins. The ledger takes such days as printed only."""
    for act in case.acts(ContractEntered):
        body = act.body
        start, end = _real_day(body.start, body.start_printed), _real_day(body.end, body.end_printed)
        if end and end < start:
            yield found(act.cite("end_printed"), contract=body.code, start_day=start, end_day=end)


def term_and_days_differ(case: Dossier) -> Iterator[Found]:
    """The printed term, counted from the start, ends on another day than the printed end: more than one day apart, since
    whether the last day counts is written both ways.
    """
    for act in case.acts(ContractEntered):
        body = act.body
        printed = body.term_printed or ""
        term = term_printed(printed)
        if term is None or body.start is None or body.end is None:
            continue
        start, end = period.parse_day(body.start), period.parse_day(body.end)
        due = term.last_day(start)
        if abs((end - due).days) > 1 and due.year < date.max.year:
            yield found(
                act.cite("term_printed"),
                contract=body.code,
                term=printed,
                start_day=body.start,
                end_day=body.end,
                due_day=due.isoformat(),
                days=(end - start).days + 1,
            )


def without_party(case: Dossier) -> Iterator[Found]:
    """A contract that does not say with whom; what was paid under it stands beside it."""
    for act in case.acts(ContractEntered):
        if act.body.party is None:
            paid = case.lines_under(act.body.code)
            times = len({noted.record for noted in paid})
            yield found(act.cite(), *cites(case, paid), contract=act.body.code, count=times)


def open_ended(case: Dossier) -> Iterator[Found]:
    """A letting, or a service paid again and again, that does not say until when."""
    for act in case.acts(ContractEntered):
        body = act.body
        lasting = body.direction == "in" or any(promise.cycle in CYCLES for promise in body.expected)
        ends = body.end or last_day(body.end_printed) or term_printed(body.term_printed or "")
        if lasting and not ends:
            yield found(
                act.cite(),
                contract=body.code,
                term=body.term_printed or body.end_printed or "",
                deposit=body.deposit_printed or "",
            )


def increase_unclear(case: Dossier) -> Iterator[Found]:
    """A price that rises by a share, and the text does not say whether once or every year: one finding a paper."""
    unclear: defaultdict[tuple[str, str], list[Acted[ContractEntered]]] = defaultdict(list)
    for act in case.acts(ContractEntered):
        clauses = re.split("[;。；]", plain(act.body.notes))
        rising = (clause.strip() for clause in clauses if _INCREASE.search(clause) and _PERCENT.search(clause))
        if clause := next((clause for clause in rising if not _HOW_OFTEN.search(clause)), ""):
            unclear[act.body.document or act.digest, clause].append(act)
    for (_paper, clause), acts in unclear.items():
        yield found(*(act.cite("notes") for act in acts), count=len(acts), contract=acts[0].body.code, clause=clause)


def _real_day(day: str | None, printed: str | None) -> str:
    """A day as ledger or paper has it; empty where neither is one."""
    with contextlib.suppress(Malformed):
        return day or period.parse_day(printed or "").isoformat()
    return ""


CHECKS: Final = (
    Check("contract.impossible_day", "15", "high", ("CC 470",), (ContractEntered,), impossible_days),
    Check("contract.ends_before_start", "15", "high", ("CC 470",), (ContractEntered,), ends_before_start),
    Check("contract.term_differs", "15", "high", ("CC 470",), (ContractEntered,), term_and_days_differ),
    Check("contract.no_party", "15", "medium", ("CC 470",), (ContractEntered, Line), without_party),
    Check("contract.open_ended", "15", "medium", ("CC 470", "CC 730"), (ContractEntered,), open_ended),
    Check("contract.increase_unclear", "15", "low", ("CC 470",), (ContractEntered,), increase_unclear, weak=True),
)
