"""Reading what papers print: quantities and prices, document numbers, signatures with their days.

Papers stand on the ledger letter by letter. Here is read what Chinese and English papers commonly print; everything else is
None, and a check says nothing about it.

>>> figure("1,234.5"), figure("三"), figure("12个"), figure("约90"), figure("3×6")
(Fraction(2469, 2), Fraction(3, 1), Fraction(12, 1), None, None)
>>> yuan("¥22.1"), yuan("630元/台"), yuan("2.5万元"), yuan("面议")
(Fraction(2210, 1), Fraction(63000, 1), Fraction(2500000, 1), None)
>>> document_number("甲物业字〔2019〕42号"), document_number("WY-2024-03-012")
(Numbered(prefix='甲物业字', year=2019, number=42), Numbered(prefix='WY-03', year=2024, number=12))
>>> document_number("2019-04-28"), document_number("立项-水泵"), document_number("〔2019〕42号之一")
(None, None, None)
"""

import contextlib
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger import period
from ledger.accounts.records import DocumentEntered
from ledger.audit.checks.printed import Span

# Full-width forms one by one rather than by NFKC, which would also read "①" as 1.
_NARROW: Final = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " ", 0xFFE5: "¥"}
_BRACKETS: Final = str.maketrans("〔〕【】［］（）()", "[][][][][]")
_DIGITS: Final = {word: n for n, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CAPITALS: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_PLACES: Final = {"千": 1000, "百": 100, "十": 10}
_WORD: Final = "[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]{1,9}"
_PLAIN: Final = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?"
_FIGURE: Final = re.compile(rf"(-?)({_PLAIN}|{_WORD})(万?)([^\W\d_]{{0,8}}|㎡|m2|m²)")
_YUAN: Final = re.compile(rf"(?:人民币|RMB|CNY|¥)?(-?)({_PLAIN})(万?)(?:元|yuan)?(?:/[^\d/]{{1,8}})?", re.IGNORECASE)
_WHOLE: Final = 100
_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)[%％]")

_LABEL: Final = re.compile(r"(?:文件编号|文号|编号|发票号码|发票号|票号|N[Oo]\.?|№|Ref\.?|Number)[:.]?", re.IGNORECASE)
_YEAR: Final = "(?:19|20)[0-9]{2}"
_IN_BRACKETS: Final = re.compile(rf"([^\[\]]*)\[({_YEAR})年?度?\]-?第?({_WORD}|[0-9]{{1,6}})号?")
_IN_WORDS: Final = re.compile(rf"([^\d\[\]]*?)-?({_YEAR})年度?-?第?({_WORD}|[0-9]{{1,6}})号")
_BARE: Final = re.compile(rf"([^\[\]]*?)(第?)(?<![0-9])([0-9]{{1,20}}|(?<=第){_WORD})(号?)")
_ENDS_IN_YEAR: Final = re.compile(rf"(\D+)({_YEAR})-")

_SIGNED: Final = re.compile(
    r"(?P<who>[^\d,;]{1,12}?)[: ]?(?:签字|签署|签|signed|on)?[: ]?"
    r"(?:(?P<year>[0-9]{4})[-./年])?(?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})日?"
    r"(?:盖章|签字盖章|签字|签署|签名|签|同意|批准|审批|审核|signed|approved)?",
    re.IGNORECASE,
)
_OTHER_PAPER: Final = re.compile(
    "根据|依据|依照|按|见|会议|大会|决议|纪要|合同|文件|发文|函|日期|有效|至|起|额|价|费用|合计|共计|版|附"
    "|under|per|see|minutes|meeting|version",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document number, taken apart. ``prefix``: what stands before, as a series keeps it; may be empty."""

    prefix: str
    year: int | None
    number: int


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Who signed a paper on which day, as its approvals say."""

    who: str
    day: date


def narrow(text: str) -> str:
    """With full-width letters, digits and marks as their ordinary ones."""
    return text.translate(_NARROW)


def whole_number(text: str) -> int | None:
    """A number in digits, or in Chinese words below ten thousand (十二, 一百零三, 二〇一九)."""
    if text.isascii() and text.isdigit():
        return int(text)
    words = text.translate(_CAPITALS)
    if len(words) > 1 and all(word in _DIGITS for word in words):
        return int("".join(str(_DIGITS[word]) for word in words))
    total, digit, least = 0, None, 10_000
    for word in words:
        if word in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[word]
        elif word in _PLACES and _PLACES[word] < least:
            least = _PLACES[word]
            total += (1 if digit is None else digit) * least
            digit = None
        else:
            return None
    return total + (digit or 0) if words else None


def figure(text: str | None) -> Fraction | None:
    """A quantity, with a short unit behind it or not."""
    match = _FIGURE.fullmatch(narrow(text or "").replace(" ", ""))
    return _scaled(match[1], match[2], match[3]) if match else None


def yuan(text: str | None) -> Fraction | None:
    """A price in fen, which may be a fraction of one; ``…/unit`` behind it is left out."""
    match = _YUAN.fullmatch(narrow(text or "").replace(" ", ""))
    value = _scaled(match[1], match[2], match[3]) if match else None
    return None if value is None else value * 100


def unit_of_price(text: str | None) -> str:
    """What a price is for, where it says so behind a slash."""
    return narrow(text or "").replace(" ", "").partition("/")[2]


def name_of(body: DocumentEntered) -> str:
    """What people call a paper: its number as printed, else its subject."""
    return body.number_printed or body.subject


def percent(text: str) -> Fraction | None:
    """The one percentage in a text, of the whole at most."""
    every = _PERCENT.findall(narrow(text))
    return Fraction(every[0]) / 100 if len(every) == 1 and Fraction(every[0]) <= _WHOLE else None


def document_number(text: str | None) -> Numbered | None:
    """A document's number: ``甲字〔2019〕42号``, ``甲字2019年第42号``, ``AB-2019-042``, ``No. 0012345``."""
    plain = re.sub(r"\s", "", narrow(text or "")).translate(_BRACKETS)
    plain = (
        _LABEL.sub("", re.sub("[—–_/·]", "-", plain), count=1) if _LABEL.match(plain) else re.sub("[—–_/·]", "-", plain)
    )
    for pattern in (_IN_BRACKETS, _IN_WORDS):
        if match := pattern.fullmatch(plain):
            number = whole_number(match[3])
            return None if number is None else Numbered(match[1].strip("-").upper(), int(match[2]), number)
    return _with_dashes(plain) or _bare(plain)


def months_of(span: Span) -> int | None:
    """How many months a span is, if it is whole ones from its first day on."""
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month
    for whole in (months, months + 1):
        if period.add_days(period.add_months(span.first, whole), -1) == span.last:
            return whole
    return None


def signed_on(text: str, near: date) -> list[SignedOn]:
    """Who signed when: segments that are a name and a day and no more. A day without a year is the one closest to ``near``."""
    every = []
    for segment in re.split("[;,。、]", narrow(text)):
        match = _SIGNED.fullmatch(segment.strip())
        if match is None or _OTHER_PAPER.search(match["who"]):
            continue
        years = [int(match["year"])] if match["year"] else [near.year - 1, near.year, near.year + 1]
        days = [day for year in years if (day := _day(year, int(match["month"]), int(match["day"])))]
        if days:
            every.append(SignedOn(match["who"].strip(" :"), min(days, key=lambda day: abs((day - near).days))))
    return every


def _scaled(sign: str, digits: str, ten_thousands: str) -> Fraction | None:
    plain = digits.replace(",", "")
    value = Fraction(plain) if plain[0].isascii() else whole_number(plain)
    if value is None:
        return None
    return Fraction(value) * (10_000 if ten_thousands else 1) * (-1 if sign else 1)


def _with_dashes(plain: str) -> Numbered | None:
    *parts, last = plain.removesuffix("号").split("-")
    years = [part for part in parts if re.fullmatch(_YEAR, part)]
    rest = "-".join(part for part in parts if part not in years)
    if len(years) != 1 or not re.fullmatch("[0-9]{1,6}", last) or re.fullmatch("[0-9-]+", rest):
        return None
    if not rest and len(last) <= 2:
        return None  # 2019-04 is a month
    return Numbered(rest.upper(), int(years[0]), int(last))


def _bare(plain: str) -> Numbered | None:
    match = _BARE.fullmatch(plain)
    if match is None:
        return None
    before, ordinal, digits, closing = match[1], match[2], match[3], match[4]
    if before and not any(letter.isalpha() for letter in before):
        return None  # a day
    if not (ordinal or closing or len(digits) >= 3 or (before and before.isascii())):
        return None  # a title that ends in a figure
    number = whole_number(digits)
    dated = _ENDS_IN_YEAR.fullmatch(before)
    prefix, year = (dated[1], int(dated[2])) if dated else (before, None)
    return None if number is None else Numbered(prefix.strip("-").upper(), year, number)


def _day(year: int, month: int, day: int) -> date | None:
    with contextlib.suppress(ValueError):
        return date(year, month, day)
    return None
