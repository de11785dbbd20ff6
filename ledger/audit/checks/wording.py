"""What printed texts say that a check can use: a planned amount, a seal, that two texts speak of one matter.

Papers are printed by people, in Chinese or English; what is not said in one of the common ways counts as not said.

>>> plan_printed("申购保险柜一台，计划价1600元"), plan_printed("预算：1.2万元"), plan_printed("超计划680")
(160000, 1200000, None)
>>> sealed("业委会01-15盖章；公司01-16"), sealed("业委会栏空白；项目03-07"), sealed("未见签字")
(True, False, False)
>>> sealed("业委会未盖章"), sealed("业委会；项目盖章")
(False, False)
>>> same_matter("生活水泵节能改造三套", "关于生活水泵改造的表决"), same_matter("外墙维修", "电梯维修")
(True, False)
>>> same_matter("屋面防水", "屋面防渗"), same_matter("屋面防水", "屋面翻新"), same_matter("屋面维修防水", "屋面采购防水")
(True, False, True)
>>> bare("11月电费（前物业应担）")
'11月电费'
"""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Final

_PLAN: Final = re.compile(
    r"(?<![超按过])(?:计划|预算|预计|\b(?:planned|budgeted|budget|plan))(?:价款|价|单价|金额|总额|额|费用|资金)?(?:[ :：为是约]|of|at)*"
    r"(?:人民币|RMB|¥|￥)? ?([0-9][0-9,]*(?:\.[0-9]{1,2})?)(万)?(?:元|圆|yuan)?(?![0-9年月日号台个套块条份户%％])",
    re.IGNORECASE,
)
_BODY: Final = re.compile(r"业委会|业主委员会|物管会|物业管理委员会|committee", re.IGNORECASE)
_AGREED: Final = re.compile(
    r"盖章|签字|签名|签章|已签|同意|批准|[0-9]{1,2}[-./月][0-9]{1,2}|sealed|signed|approved", re.IGNORECASE
)
_NOT: Final = re.compile(r"未|空|没有|不同意|缺|无(?=盖|签|批|意见)|\b(?:not|no|un\w+)\b", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_MARKS: Final = re.compile(r"[\W_]+")
_COMMON: Final = re.compile("维修|改造|工程|项目|费用|付款|支付|采购|关于|业主|大会|小区|表决")
"""Words that stand in the titles of unlike matters."""
_COUNTED: Final = re.compile(r"[0-9０-９]+|[一二三四五六七八九十两]+(?=[年月日号台个套次期幢栋])")
_ALIKE: Final = 2
"""Pairs of characters, or English words, in common that are no chance: 生活水泵."""


def plan_printed(text: str) -> int | None:
    """The one amount, in fen, that a text says was planned; None where it says none, or several."""
    said = {_fen(number, ten_thousands) for number, ten_thousands in _PLAN.findall(text)}
    return said.pop() if len(said) == 1 else None


def sealed(approval: str) -> bool:
    """Whether the printed approvals say that the body itself agreed."""
    parts = re.split(r"[；;，,。\n]", approval)
    return any(_BODY.search(part) and _AGREED.search(part) and not _NOT.search(part) for part in parts)


def bare(text: str) -> str:
    """A text without what stands in brackets, blanks and marks."""
    return _MARKS.sub("", _BRACKETS.sub("", text)).lower()


def same_matter(one: str, other: str) -> bool:
    """Whether two titles share enough to speak of one matter."""
    return len(_pairs(one) & _pairs(other)) >= _ALIKE


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of each run, words that stand everywhere left out; English by words."""
    text = bare(text) if re.search("[\u4e00-\u9fff]", text) else text.lower()
    if text.isascii():
        return set(re.findall("[a-z]{4,}", text))
    runs = _COMMON.sub(" ", _COUNTED.sub(" ", text)).split()
    return {one + next_ for run in runs for one, next_ in pairwise(run)}


def _fen(number: str, ten_thousands: str) -> int:
    yuan = Fraction(number.replace(",", "")) * (10_000 if ten_thousands else 1)
    return int(yuan * 100)
