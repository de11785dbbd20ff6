"""What a fund must not pay, and what is not the owners' to pay: row 17 of the table.

Which category a fund may pay is read from the words of the chart that the community adopted, so that its own chart is
read as well as the one shipped.

>>> routine("电费", "Power"), routine("维修工程", "Repair works"), routine("供热管网维修", "")
(True, False, False)
>>> warranty_months("保修5年"), warranty_months("质保期：18个月"), warranty_months("免费维保五年"), warranty_months("五年")
(60, 18, 60, None)
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered
from ledger.audit.checks.dossier import Dossier, Noted
from ledger.audit.checks.figures import narrow, whole_number
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.owed import is_return, open_items
from ledger.audit.checks.spending import behind, cites
from ledger.audit.checks.wording import same_matter

RESERVED: Final = frozenset({"maintenance", "emergency", "quality_deposit"})
"""Funds for repairing and renewing common parts and equipment, and for nothing else (O165 2, 18)."""
_REPAIR: Final = re.compile(r"维修|修缮|更新|改造|更换|工程|大修|审价|repair|renewal|replacement|works", re.IGNORECASE)
_ROUTINE: Final = re.compile(
    r"水费|电费|水电|能耗|燃气|气费|热力|供热|采暖|保洁|清洁|绿化|垃圾|化粪池|清洗|消杀|保安|安保|秩序|办公|文具|通讯|电话|宽带"
    r"|交通费|差旅|餐|食堂|住宿|服装|劳保|节日|薪|工资|酬金|社保|福利|奖金|补贴|招待|税|保险|物业费"
    r"|\b(?:water|power|electricity|gas|heating|cleaning|greenery|garden\w*|waste|septic|security|guards?|office|telephone"
    r"|travel|meals?|lodging|canteen|cloth\w*|festive|pay|payroll|wages|salar\w+|remuneration|tax\w*|insurance)\b",
    re.IGNORECASE,
)
_LENDING: Final = re.compile(r"借款|借出|出借|拆借|投资|理财|担保|\b(?:loan|lending|invest\w*)\b", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"(?:前|原|上家|上一家|前任)(?:任)?物业(?:公司|企业|服务企业)?.{0,12}(?:费|款|债|欠)"
    r"|户名(?:为|是|：|:)?(?!.{0,12}(?:业委会|业主|小区|本|物业|服务中心|社区|公共|共用))|(?:商户|租户|个人|私人)名下"
    r"|\b(?:former|previous) (?:manager|management company)\b.{0,20}(?:bill|debt|fee)|\bin the name of\b",
    re.IGNORECASE,
)
_SETTLED: Final = re.compile(
    r"已(?:由.{0,12})?(?:转来|转入|收回|收讫|归还|退还|抵扣)|already (?:received|repaid)", re.I
)
_COMPANY: Final = re.compile(
    r"(?:物业|管理|服务)(?:公司|企业).{0,4}(?:标志|标识|标牌|logo|形象|宣传|工牌|名片|司旗|证书|年会|团建)"
    r"|\b(?:manager|management company)'?s? (?:logo|branding|business cards?)",
    re.IGNORECASE,
)

_WARRANTY: Final = re.compile(
    r"(?:保修|质保|免费维保|warranty)期?(?:为|:|：| of)?\s*([0-9]{1,2}|[一二两三四五六七八九十]{1,2})(?:个)?(年|月|years?|months?)",
    re.I,
)
_MENDED: Final = re.compile(r"维修|修复|修补|更换|返修|检修|\brepair", re.IGNORECASE)


def warranty_months(text: str) -> int | None:
    """The months of a warranty that a text prints."""
    match = _WARRANTY.search(narrow(text))
    number = whole_number(match[1]) if match else None
    return None if match is None or number is None else number * (12 if match[2][0] in "年yY" else 1)


def routine(zh: str, en: str) -> bool:
    """Whether a category is running cost, by its titles, and not repair or renewal."""
    if _REPAIR.search(zh):
        return False
    return _ROUTINE.search(zh) is not None or (not zh and _ROUTINE.search(en) is not None)


def is_lending(case: Dossier, category: str) -> bool:
    """Whether a category is money borrowed, lent or invested, by its titles."""
    titles = case.books.accounts.chart.categories[category]  # a chart only grows
    return _LENDING.search(f"{titles.zh} {titles.en}") is not None


def wrong_fund(case: Dossier) -> Iterator[Found]:
    """Running costs paid from a fund that is for repairing and renewing common parts."""
    met: defaultdict[tuple[str, str], list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        move = noted.fact.move
        if move.nature == "expense" and move.fund in RESERVED:
            titles = case.books.accounts.chart.categories[move.category]
            if routine(titles.zh, titles.en):
                met[move.fund, move.category].append(noted)
    for (fund, category), lines in met.items():
        yield found(
            *cites(case, lines),
            *behind(case, lines),
            own_fund=fund,
            purpose_category=category,
            count=len(lines),
            amount_fen=-sum(noted.fact.move.amount for noted in lines),
        )


def lent(case: Dossier) -> Iterator[Found]:
    """Co-owned money lent or invested, and not back."""
    for (party, category), items in open_items(case, "payable").items():
        out = [item for item in items if item.amount < 0 and not is_return(case, item.line)]
        if out and is_lending(case, category):
            lines = [item.line for item in out]
            yield found(
                *cites(case, lines),
                *behind(case, lines),
                to_party=party,
                own_fund=lines[0].fact.move.fund,
                amount_fen=-sum(item.amount for item in out),
                paid_day=lines[0].fact.on,
            )


def costs_of_others(case: Dossier) -> Iterator[Found]:
    """A paid paper says that the cost is another's: of a former manager, of a meter in somebody's name."""
    yield from _said(case, _OTHERS)


def mended_in_warranty(case: Dossier) -> Iterator[Found]:
    """Work of a contract with a warranty was mended for money, by another paper, before the warranty was over."""
    warranties = []
    for act in case.acts(ContractEntered):
        body = act.body
        texts = (body.object, body.term_printed or "", body.notes or "")
        months = next((m for text in texts if (m := warranty_months(text))), 0)
        begun = body.end or body.start
        if body.direction == "out" and begun:
            warranties.append((act, begun, period.add_months(period.parse_day(begun), months).isoformat()))
    for paper in case.acts(DocumentEntered) if warranties else ():
        printed = [paper.body.subject, *(line.text for line in paper.body.lines)]
        paid = [noted for noted in case.lines_of(paper.digest) if noted.fact.move.amount < 0]
        for act, begun, until in warranties:
            late = [n for n in paid if n.fact.move.contract != act.body.code and begun < n.fact.on <= until]
            said = [text for text in printed if _MENDED.search(text) and same_matter(text, act.body.object)]
            if late and said:
                yield found(
                    paper.cite(),
                    act.cite(),
                    *cites(case, late),
                    said=said[0],
                    contract=act.body.code,
                    object=act.body.object,
                    until_day=until,
                    amount_fen=-sum(noted.fact.move.amount for noted in late),
                )


def costs_of_company(case: Dossier) -> Iterator[Found]:
    """A paid paper buys what serves the manager's own name."""
    yield from _said(case, _COMPANY)


def _said(case: Dossier, pattern: re.Pattern[str]) -> Iterator[Found]:
    for act in case.acts(DocumentEntered):
        paid = [noted for noted in case.lines_of(act.digest) if noted.fact.move.amount < 0]
        if not paid:
            continue
        lines = [
            n for n, line in enumerate(act.body.lines) if pattern.search(line.text) and not _SETTLED.search(line.text)
        ]
        subject = pattern.search(act.body.subject) and not _SETTLED.search(act.body.subject)
        if lines or subject:
            said = act.body.lines[lines[0]] if lines else None
            yield found(
                *(act.cite(f"lines/{n}") for n in lines),
                *([] if lines else [act.cite("subject")]),
                *cites(case, paid),
                said=said.text if said else act.body.subject,
                amount_fen=sum(act.body.lines[n].amount_printed or 0 for n in lines) or act.body.total_printed or 0,
            )


CHECKS: Final = (
    Check(
        "fund.wrong_purpose", "17", "critical", ("O165 18", "O165 25", "PMR 60"), (Line, DocumentEntered), wrong_fund
    ),
    Check("fund.lent", "17", "critical", ("O165 26", "Nb 65", "Bj 47(6)"), (Line, DocumentEntered), lent),
    # What a paper says in passing is to be explained; it may have been agreed or be recovered.
    Check("cost.of_others", "17", "medium", ("O165 25", "CC 282"), (Line, DocumentEntered), costs_of_others),
    Check(
        "cost.in_warranty",
        "17",
        "medium",
        ("O165 2", "PMR 53"),
        (Line, DocumentEntered, ContractEntered),
        mended_in_warranty,
    ),
    Check("cost.of_company", "17", "low", ("O165 25", "PMR 60"), (Line, DocumentEntered), costs_of_company, weak=True),
)
