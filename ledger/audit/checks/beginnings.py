"""What the books stand on 期初与底数: opening balances, the list of units, the keys of owners, the tables by which days are counted.

Rows 3, 16, 20, 27 and 31 of the table, as far as they are about what should be there before anything else.

>>> area_printed("物业服务合同，小区总建筑面积71564.72㎡"), area_printed("2栋总面积9,038.20平方米"), area_printed("小区绿化总面积约80㎡")
(7156472, None, None)
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.records import (
    AccountOpened,
    BooksOpened,
    ContractEntered,
    DocumentEntered,
)
from ledger.audit.checks.dossier import Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.people.records import LedgerOpened, UnitChanged, UnitEntered, UnitsClosed
from ledger.people.state import People
from ledger.publication.audited import AuditReported
from ledger.rules.records import CalendarAdopted, ProfileAdopted
from ledger.votes import roll
from ledger.votes.state import Leaf

MONTHS_TO_SETTLE: Final = 3
"""What a community needs first (a bank account, the list of units, keys) is there after a quarter: as long as contracts of
management give for an account.
"""
_WHOLE: Final = "小区|物业管理区域|全体业主|合同|规约|备案"
_AREA: Final = re.compile(
    rf"(?:{_WHOLE})(?:的|载|载明|所载|专有部分)?总?建?筑?总?面积(?:合计|共计|为|共|[:：])?约?"
    r"([0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]{1,8})(?:\.([0-9]{1,2}))? ?(?:㎡|m²|m2|平方米|平米)"
)


def area_printed(text: str) -> int | None:
    """The area of the whole community, in 0.01 m², that a text says; None where it says none, or that of a part."""
    said = {_hundredths(*match) for match in _AREA.findall(text)}
    return said.pop() if len(said) == 1 else None


def unproven(case: Dossier) -> Iterator[Found]:
    """After the first period no paper of a bank says what the books began with."""
    proven = {act.body.total_printed for act in case.acts(DocumentEntered) if act.body.kind == "bank_paper"}
    for act in case.acts(BooksOpened):
        months = case.profile_at(act.seq).integer("statement.period_months")
        first = period.Period.of(period.parse_day(act.body.on), months)
        held: defaultdict[str, int] = defaultdict(int)
        for part in act.body.parts:
            held[part.account] += part.amount
        open_parts = [
            (number, part)
            for number, part in enumerate(act.body.parts)
            if not part.proven and part.amount and not {part.amount, held[part.account]} & proven
        ]
        if open_parts and case.day > first.last:
            amount = sum(part.amount for _, part in open_parts)
            cited = (act.cite(f"parts/{number}") for number, _ in open_parts)
            yield found(*cited, amount_fen=amount, parts=len(open_parts), opened_day=act.body.on)


def no_account(case: Dossier) -> Iterator[Found]:
    """The books have been open for a quarter, and no bank account is theirs."""
    owned = [act for act in case.acts(AccountOpened) if act.body.nature == "bank"]
    for act in case.acts(BooksOpened):
        if not owned and _settled(case, act.day):
            yield found(act.cite(), opened_day=act.day, months=MONTHS_TO_SETTLE)


def units_incomplete(case: Dossier) -> Iterator[Found]:
    """The list of units that counts is another than the founding said, a quarter later: nobody can vote."""
    people = case.books.people
    (genesis,) = case.acts(LedgerOpened)
    area = _counted(people)
    if (len(people.units), area) != (people.expected_units, people.expected_area) and _settled(case, genesis.day):
        yield found(
            genesis.cite("units"),
            units=len(people.units),
            declared=people.expected_units,
            area=_square_metres(area),
            declared_area=_square_metres(people.expected_area),
        )


def area_changed(case: Dossier) -> Iterator[Found]:
    """Units weigh another than they were entered with: their areas, or whether they count."""
    entered = {act.body.code: act for act in case.acts(UnitEntered)} if case.acts(UnitChanged) else {}
    last = {act.body.code: act for act in case.acts(UnitChanged)}
    changed = [act for code, act in last.items() if _weight(act.body) != _weight(entered[code].body)]
    if changed:
        moved = sum(_weight(act.body)[0] - _weight(entered[act.body.code].body)[0] for act in changed)
        sign = "-" if moved < 0 else "+"
        cited = (act.cite("area") for act in changed)
        yield found(*cited, units=len(changed), moved=f"{sign}{_square_metres(abs(moved))}")


def area_differs(case: Dossier) -> Iterator[Found]:
    """Papers say another area of the whole community than its units add up to, on which votes and shares rest."""
    area = _counted(case.books.people)
    said: dict[int, list[Cited]] = {}
    for cited, text in _texts(case):
        printed = area_printed(text)
        if area and printed is not None and printed != area:
            said.setdefault(printed, []).append(cited)
    if said:
        cited_all = dict.fromkeys(cited for group in said.values() for cited in group)
        printed_all = ", ".join(_square_metres(one) for one in said)
        yield found(*cited_all, printed=printed_all, area=_square_metres(area))


def owners_without_keys(case: Dossier) -> Iterator[Found]:
    """So many owners have no key that a vote cannot reach the participation which the law asks for."""
    closed = case.acts(UnitsClosed)  # units count from there on
    people, profile = case.books.people, case.profile
    leaves = roll.merge(people.units.values(), profile.choice("vote.head_merge"))
    able = [leaf for leaf in leaves if _can_vote(people, leaf)]
    ratio = profile.ratio("vote.participation")
    heads, area = sum(leaf.head for leaf in leaves), sum(leaf.area for leaf in leaves)
    able_heads, able_area = sum(leaf.head for leaf in able), sum(leaf.area for leaf in able)
    reached = ratio.holds(able_heads, heads) and ratio.holds(able_area, area)
    if heads and area and not reached and (case.books.votes.meetings or _settled(case, closed[-1].day)):
        yield found(
            closed[-1].cite(),
            heads=able_heads,
            all_heads=heads,
            area=_square_metres(able_area),
            all_area=_square_metres(area),
            wanted=str(ratio),
        )


def no_calendar(case: Dossier) -> Iterator[Found]:
    """The working-day table of this year is not adopted, so that nobody can count to the last day of a term."""
    adopted = case.acts(CalendarAdopted)
    opened = case.acts(BooksOpened)
    if opened and case.day.year not in case.books.rules.calendars:
        yield found((adopted[-1] if adopted else opened[0]).cite(), year=case.day.year)


def no_audit(case: Dossier) -> Iterator[Found]:
    """Where the profile wants an audit every year: the day has passed, and no report was entered since the one before."""
    if not case.profile.flag("audit.annual"):
        return
    by = case.profile.month_day("audit.annual_due")
    for books in case.acts(BooksOpened):
        due = date(case.day.year, by.month, by.day)
        if due >= case.day:
            due = date(case.day.year - 1, by.month, by.day)
        before = date(due.year - 1, by.month, by.day).isoformat()
        papers = (act for act in case.acts(DocumentEntered) if act.body.kind == "report")
        reports = [act.day for act in papers if re.search("审计|audit", act.body.subject, re.IGNORECASE)]
        reports += [act.day for act in case.acts(AuditReported) if act.body.sort == "annual"]
        # The year that is to be audited is the one before; of it the books must have something.
        if books.body.on < f"{due.year}-01-01" and not any(day > before for day in reports):
            yield found(books.cite(), due_day=due.isoformat(), year=due.year - 1)


def _settled(case: Dossier, since: str) -> bool:
    return case.day > period.add_months(period.parse_day(since), MONTHS_TO_SETTLE)


def _counted(people: People) -> int:
    return sum(unit.area for unit in people.units.values() if unit.counts_area)


def _weight(body: UnitEntered | UnitChanged) -> tuple[int, bool]:
    return body.area if body.counts_area else 0, body.counts_head


def _can_vote(people: People, leaf: Leaf) -> bool:
    voters = (leaf.voter,) if leaf.voter else leaf.owners
    return any(people.keys[key].revoked is None for person in voters for key in people.persons[person].keys)


def _texts(case: Dossier) -> Iterator[tuple[Cited, str]]:
    """What papers and contracts say in their own words."""
    for contract in case.acts(ContractEntered):
        yield contract.cite(), contract.body.object
        yield contract.cite(), contract.body.notes or ""
    for paper in case.acts(DocumentEntered):
        yield paper.cite(), paper.body.subject
        for number, line in enumerate(paper.body.lines):
            yield paper.cite(f"lines/{number}"), line.text


def _hundredths(whole: str, part: str) -> int:
    return int(re.sub("[,，]", "", whole)) * 100 + int(part.ljust(2, "0"))


def _square_metres(area: int) -> str:
    return f"{area // 100}.{area % 100:02}"


_UNITS: Final = (LedgerOpened, UnitsClosed)
_PAPERS: Final = (DocumentEntered, ContractEntered)

CHECKS: Final = (
    Check(
        "opening.unproven",
        "31",
        "medium",
        ("AL 17", "Hz 34", "Nb 37"),
        (BooksOpened, DocumentEntered, LedgerOpened, ProfileAdopted),
        unproven,
    ),
    Check("opening.no_account", "16", "high", ("CC 282", "Hz 60"), (BooksOpened, AccountOpened), no_account),
    Check("units.incomplete", "20", "medium", ("SPC 8", "SPC 9"), (LedgerOpened,), units_incomplete),
    Check("units.area_changed", "20", "medium", ("SPC 8",), (UnitEntered, UnitChanged), area_changed),
    Check("units.area_differs", "20", "low", ("SPC 8", "CC 283"), _PAPERS, area_differs),
    Check("owners.without_keys", "3", "low", ("CC 278",), (UnitsClosed,), owners_without_keys),
    Check("calendar.missing", "27", "low", ("CC 203",), (CalendarAdopted, BooksOpened), no_calendar),
    Check("audit.annual_missing", "27", "medium", ("Sh 67",), (BooksOpened, DocumentEntered, AuditReported), no_audit),
)
