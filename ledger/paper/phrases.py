"""How amounts, days, areas, names and digests read on paper, in one language.

>>> chinese, english = Phrases("zh_CN"), Phrases("en")
>>> chinese.yuan(-196000), chinese.signed(12882496), english.signed(0)
('−1,960.00', '+128,824.96', '0.00')
>>> chinese.day("2019-06-30"), english.day("2019-06-30"), english.full_day("2019-06-30")
('6月30日', '30 June', '30 June 2019')
>>> chinese.period("2019H1"), english.period("2019-06")
('2019年上半年', 'June 2019')
>>> chinese.named("共管账户", "尾号8816"), english.join(["a", "b"])
('共管账户（尾号8816）', 'a, b')
>>> chinese.circled(1), chinese.circled(21), chinese.digest("ab" * 32)[:17]
('①', '(21)', 'abababab abababab')
"""

from collections.abc import Iterable
from typing import Final

from ledger import period, words
from ledger.money import format_yuan
from ledger.words import CHINESE

MINUS: Final = "\N{MINUS SIGN}"
"""A hyphen breaks lines and is too short beside digits."""
NOTHING: Final = "—"
BLANK: Final = "________"
"""A place to fill in by hand."""
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Phrases:
    """The words of one language. Raises ``words.locale`` where there is no such language."""

    def __init__(self, locale: str) -> None:
        words.keys(locale)
        self.locale = locale
        self.chinese = locale == CHINESE

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogues. Raises ``words.missing``, ``words.value``."""
        return words.text(key, self.locale, **values)

    def pattern(self, key: str) -> str:
        """A text with its placeholders, for a place that fills them itself (page numbers). Raises ``words.missing``."""
        names = words.placeholders(words.keys(self.locale).get(key, ""))
        return self.text(key, **{name: f"{{{name}}}" for name in names})

    def plain(self, *prefixes: str) -> dict[str, str]:
        """All texts without placeholders whose keys begin with one of ``prefixes``: what a typst template may name."""
        found = words.keys(self.locale)
        return {key: text for key, text in found.items() if key.startswith(prefixes) and not words.placeholders(text)}

    def yuan(self, fen: int) -> str:
        """An amount without its unit."""
        return format_yuan(fen).replace("-", MINUS)

    def signed(self, fen: int) -> str:
        """An amount with its sign, as a change reads."""
        return f"+{self.yuan(fen)}" if fen > 0 else self.yuan(fen)

    def hundredths(self, number: int) -> str:
        """An area of 0.01 m², without its unit."""
        return f"{number // 100:,}.{number % 100:02}"

    def percent(self, part: int, whole: int) -> str:
        """A share in percent, cut off after two decimals so that it never rounds up to a threshold."""
        if whole <= 0:
            return NOTHING
        hundredths = part * 10_000 // whole
        return f"{hundredths // 100}.{hundredths % 100:02}%"

    def day(self, iso: str) -> str:
        """A day without its year."""
        day = period.parse_day(iso)
        return self.text("statement.day", month=self.text(f"statement.month_{day.month}"), day=day.day)

    def full_day(self, iso: str) -> str:
        """A day with its year."""
        day = period.parse_day(iso)
        month = self.text(f"statement.month_{day.month}")
        return self.text("statement.day_of_year", year=day.year, month=month, day=day.day)

    def moment(self, log_time: str, offset: int = 480) -> str:
        """A log time at the ledger's offset (minutes), to the minute."""
        local = period.format_time(period.parse_time(log_time) + offset * period.MINUTE_MS)
        return f"{self.full_day(local[:10])} {local[11:16]}"

    def span(self, first: str, last: str) -> str:
        """From a day to a day."""
        return f"{self.day(first)}—{self.day(last)}" if self.chinese else f"{self.day(first)} – {self.day(last)}"

    def span_of_years(self, first: str, last: str) -> str:
        """From a day to a day, years said."""
        return (
            f"{self.full_day(first)}—{self.full_day(last)}"
            if self.chinese
            else f"{self.full_day(first)} – {self.full_day(last)}"
        )

    def period(self, code: str) -> str:
        """A statement's period. Raises ``period.code``."""
        of = period.Period.parse(code)
        match of.months:
            case 12:
                return self.text("term.period_year", year=of.year)
            case 6:
                half = "term.period_first_half" if of.number == 1 else "term.period_second_half"
                return self.text(half, year=of.year)
            case 3:
                return self.text("term.period_quarter", year=of.year, quarter=of.number)
            case _:
                return self.month(code)

    def month(self, code: str) -> str:
        """A month, ``2019-06``."""
        month = self.text(f"statement.month_{int(code[5:7])}")
        return f"{code[:4]}年{month}" if self.chinese else f"{month} {code[:4]}"

    def named(self, name: str, more: str) -> str:
        """A name with something in brackets; without brackets where there is nothing."""
        if not more:
            return name
        return f"{name}（{more}）" if self.chinese else f"{name} ({more})"

    def labelled(self, label: str, value: str) -> str:
        """A value with its label before it."""
        return f"{label}：{value}" if self.chinese else f"{label}: {value}"

    def quoted(self, title: str) -> str:
        """A title in the quotation marks of the language."""
        return f"《{title}》" if self.chinese else f"“{title}”"

    def join(self, items: Iterable[str]) -> str:
        """A list in a sentence."""
        return ("、" if self.chinese else ", ").join(items)

    def clauses(self, items: Iterable[str]) -> str:
        """Short statements in a row; empty ones are left out."""
        return ("；" if self.chinese else "; ").join(item for item in items if item)

    def circled(self, number: int) -> str:
        """The number of an item, from 1."""
        return _CIRCLED[number - 1] if 1 <= number <= len(_CIRCLED) else f"({number})"

    def digest(self, hex_digest: str) -> str:
        """A whole digest in groups of eight, so that eyes can follow."""
        return " ".join(hex_digest[start : start + 8] for start in range(0, len(hex_digest), 8))
