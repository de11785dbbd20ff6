"""Work that a contract already pays for, paid again or staffed again, and things of one price that are not one kind.

Row 10 of the table. Routine services are known by the words that contracts and bills use for them; repairs, goods and
works beyond the routine are something else, even at the same equipment.

>>> [kind for kind in KINDS if covers(kind, "清洁绿化消杀外包")]
['cleaning', 'greenery', 'pests']
>>> [kind for kind in KINDS if bills(kind, "4吨车清运绿化垃圾")], [kind for kind in KINDS if bills(kind, "黄金叶苗")]
(['cleaning', 'greenery'], [])
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered
from ledger.audit.checks.dossier import Acted, Cited, Dossier
from ledger.audit.checks.figures import figure, yuan
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.printed import fen, plain
from ledger.audit.checks.spending import cites

KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    # contract's object, bill's line, staff in a pay list
    "cleaning": (
        "清洁|保洁|环卫|cleaning",
        "垃圾.{0,4}(?:清运|清理|外运|转运)|(?:清运|清理|外运|转运).{0,6}垃圾|保洁服务|日常保洁|清扫|(?:rubbish|waste) removal",
        "保洁|清洁|cleaner",
    ),
    "greenery": (
        "绿化|园林|landscap|gardening",
        "(?:绿化|草坪|树木|乔木|灌木|绿篱).{0,4}(?:修剪|养护|清运|垃圾)|(?:修剪|养护|清运).{0,4}(?:绿化|草坪|树木|绿篱)|pruning",
        "绿化|园丁|gardener",
    ),
    "pests": ("消杀|除四害|虫害|pest", "消杀|灭鼠|灭蚊|灭蟑|除四害|pest control", "消杀"),
    "septic": ("化粪池|septic", "化粪池.{0,6}(?:清|抽|吸)|(?:清|抽|吸).{0,4}化粪池", "(?!)"),
    "tank": ("水[池箱].{0,4}清洗|清洗.{0,4}水[池箱]", "水[池箱].{0,4}(?:清洗|消毒)", "(?!)"),
    "lifts": ("电梯.{0,4}(?:维保|保养|维护)|lift maintenance", "电梯.{0,4}(?:维保|保养|维护)|lift maintenance", "(?!)"),
    "fire": ("消防.{0,6}(?:维保|保养|维护)", "消防.{0,6}(?:维保|保养|维护)", "(?!)"),
    "guards": ("保安|安保|秩序维护|security guard", "保安服务|安保服务|秩序维护服务", "保安|秩序|guard"),
}
"""Routine services by the words for them."""
_BUILDING_WASTE: Final = re.compile("建筑|装修|大件|渣土|construction|bulky", re.IGNORECASE)
"""What no cleaning contract covers."""


def covers(kind: str, contract: str) -> bool:
    """Whether a contract's object names this service."""
    return re.search(KINDS[kind][0], contract, re.IGNORECASE) is not None


def bills(kind: str, line: str) -> bool:
    """Whether a line of a paper bills this service."""
    return re.search(KINDS[kind][1], line, re.IGNORECASE) is not None and not _BUILDING_WASTE.search(line)


def staffs(kind: str, line: str) -> bool:
    """Whether a line of a pay list names people who do this."""
    return re.search(KINDS[kind][2], line, re.IGNORECASE) is not None


def paid_beside_contract(case: Dossier) -> Iterator[Found]:
    """While a contract for a service ran, the same service was paid by papers that belong to no contract."""
    billing = [
        (paper, [[kind for kind in KINDS if bills(kind, line.text)] for line in paper.body.lines])
        for paper in case.acts(DocumentEntered)
    ]
    billing = [(paper, kinds) for paper, kinds in billing if any(kinds)]
    for contract in case.acts(ContractEntered):
        body, met = contract.body, list[Cited]()
        instalments = {expected.amount for expected in body.expected}
        agreed = {kind for kind in KINDS if body.direction == "out" and covers(kind, body.object)}
        total = 0
        for paper, kinds in billing if agreed else ():
            lines = [
                noted
                for noted in case.lines_of(paper.digest)
                if not noted.fact.move.contract
                and not (noted.fact.move.party == body.party and -noted.fact.move.amount in instalments)
                and (body.start or "9") <= noted.fact.on <= (body.end or "9")
            ]
            served = [n for n, of in enumerate(kinds) if agreed.intersection(of)]
            if lines and served and paper.digest != body.document:
                met += [*(paper.cite(f"lines/{n}") for n in served), *cites(case, lines)]
                total += sum(paper.body.lines[n].amount_printed or 0 for n in served)
        if met:
            yield found(contract.cite(), *met, contract=body.code, object=body.object, amount_fen=total)


def staffed_beside_contract(case: Dossier) -> Iterator[Found]:
    """A pay list has people for a service at just what a contract for that service costs a month."""
    staff: defaultdict[int, list[tuple[Acted[DocumentEntered], int, str]]] = defaultdict(list)
    for paper in case.acts(DocumentEntered):
        for n, line in enumerate(paper.body.lines):
            staff[_product(line.quantity_printed, line.price_printed)].append((paper, n, line.text))
    for contract in case.acts(ContractEntered):
        body = contract.body
        monthly = {e.amount for e in body.expected if e.cycle == "month"} - {0}
        kinds = [kind for kind in KINDS if body.direction == "out" and covers(kind, body.object)]
        document = case.documents().get(body.document or "")
        for cost in sorted(monthly):
            for paper, n, text in staff[cost]:
                if paper.digest != body.document and any(staffs(kind, text) for kind in kinds):
                    yield found(
                        paper.cite(f"lines/{n}"),
                        contract.cite(),
                        *([document.cite()] if document else []),
                        *cites(case, (n for n in case.lines() if n.fact.move.contract == body.code)),
                        contract=body.code,
                        object=body.object,
                        staff=text,
                        amount_fen=cost,
                    )


def one_price_two_kinds(case: Dossier) -> Iterator[Found]:
    """Papers buy things at one price whose names differ in a measure only (7 W, 5 W): the measure or the price may be a slip."""
    alike: defaultdict[tuple[str, int], list[tuple[Acted[DocumentEntered], int, str]]] = defaultdict(list)
    for paper in case.acts(DocumentEntered):
        for n, line in enumerate(paper.body.lines):
            text, price = plain(line.text), fen(line.price_printed or "")
            kind = re.sub("[0-9.]+", "#", text)
            if price and _MEASURE.search(text):
                alike[kind, price].append((paper, n, text))
    for (_, price), lines in alike.items():
        texts = sorted({text for _, _, text in lines})
        if len(texts) > 1 and len({paper.digest for paper, _, _ in lines}) > 1:
            places = (paper.cite(f"lines/{n}") for paper, n, _ in lines)
            yield found(*places, one=texts[0], other=texts[1], price_fen=price)


_MEASURE: Final = re.compile(r"[0-9](?:瓦|W|寸|英寸|匹|安|A|V|伏|mm|cm|毫米|厘米|平方|kW|千瓦)", re.IGNORECASE)


def _product(quantity: str | None, price: str | None) -> int:
    """Quantity times price in fen, where both are printed as figures; else 0."""
    count, each = figure(quantity), yuan(price)
    cost = count * each if count and each else Fraction(0)
    return int(cost) if cost.denominator == 1 else 0


_INPUTS: Final = (ContractEntered, DocumentEntered, Line)
# It may be other work: what row 10 calls a double payment is only suspected here.
CHECKS: Final = (
    Check("repeated.service", "10", "medium", ("AL 17", "CC 509"), _INPUTS, paid_beside_contract),
    Check("repeated.staff", "10", "medium", ("AL 17", "CC 509"), _INPUTS, staffed_beside_contract),
    Check("repeated.price", "10", "low", ("AL 17",), (DocumentEntered,), one_price_two_kinds, weak=True),
)
