"""How each type of value is written in a profile, and what it becomes.

============== ======================================================= =====================================
type           written                                                 read as
============== ======================================================= =====================================
ratio, share   ``">=2/3"``, ``"5/100"``, or one of the key's words     :class:`Ratio`, :class:`Share`, word
shares         ``["5/100", "8/100"]``, ascending                       tuple of :class:`Share`
days           ``"15d"``, ``"10wd"``                                   :class:`Days`
integer        ``5``; months and fen alike                             int
flag           ``true``                                                bool
choice, items  ``"exclude"``, ``["lift", "fire"]``                     word, tuple of words
numbers        ``[6, 7, 8]``, ascending                                tuple of int
month_day      ``"06-30"``                                             :class:`MonthDay`
tiers          ``[{ from_fen = 0, approvals = 1, roles = [...], ...`` tuple of :class:`Tier`
rates          ``[{ class = "lift", fen_m2 = 9500 }]``                 tuple of :class:`Rate`
evidence       ``{ certificate = true, parties = 2 }``                 :class:`Evidence`
============== ======================================================= =====================================
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Self

from ledger.errors import Malformed
from ledger.rules.ratio import Days, Ratio, Share
from ledger.rules.schema import ROLES, Key, Kind

_MONTH_DAY: Final = re.compile(r"([01][0-9])-([0-3][0-9])")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year; never 29 February."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"06-30"``. Raises ``Malformed("profile.month_day")``."""
        match = _MONTH_DAY.fullmatch(text)
        month, day = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(2001, month)[1]:
            raise Malformed("profile.month_day", text, "MM-DD, not 02-29")
        return cls(month, day)

    def of(self, year: int) -> date:
        """This day of ``year``."""
        return date(year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Tier:
    """Payments from ``from_fen`` up to the next tier.

    They need ``approvals`` approvals, each by another person in another of ``roles``, after they were posted for
    ``post``. A tier says who signs and is never the authority 用款依据 itself.
    """

    from_fen: int
    approvals: int
    roles: tuple[str, ...]
    post: Days


@dataclass(frozen=True, slots=True)
class Rate:
    """The first deposit a square metre for one class of building."""

    building_class: str
    fen_m2: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an emergency: a certificate, if that is enough, or a site check by ``parties`` parties (0: never)."""

    certificate: bool
    parties: int


def read_value(key: Key, written: object) -> object:
    """The value of ``key``. Raises ``Malformed`` with the value met and what would be accepted."""
    return _READERS[key.kind](key, written)


def _ratio(key: Key, written: object) -> Ratio | str:
    text = _text(written, ">=2/3")
    return text if text in key.words else Ratio.parse(text)


def _share(key: Key, written: object) -> Share | str:
    text = _text(written, "5/100")
    return text if text in key.words else Share.parse(text)


def _shares(_key: Key, written: object) -> tuple[Share, ...]:
    shares = tuple(Share.parse(_text(item, "5/100")) for item in _list(written))
    _check_list(shares, may_be_empty=False)
    if any(left.num * right.den > right.num * left.den for left, right in pairwise(shares)):
        raise Malformed("profile.order", ", ".join(map(str, shares)), "ascending")
    return shares


def _days(_key: Key, written: object) -> Days:
    return Days.parse(_text(written, "15d, 10wd"))


def _number(key: Key, written: object) -> int:
    number = _integer(written, key.least, key.most)
    if key.words and str(number) not in key.words:
        raise Malformed("profile.number", number, ", ".join(key.words))
    return number


def _flag(key: Key, written: object) -> bool:
    if not isinstance(written, bool) or (key.words and str(written).lower() not in key.words):
        raise Malformed("profile.flag", written, ", ".join(key.words or ("true", "false")))
    return written


def _choice(key: Key, written: object) -> str:
    return _word(written, key.words)


def _items(key: Key, written: object) -> tuple[str, ...]:
    items = tuple(_word(item, key.words) for item in _list(written))
    _check_list(items, key.may_be_empty)
    return items


def _numbers(key: Key, written: object) -> tuple[int, ...]:
    numbers = tuple(_integer(item, key.least, key.most) for item in _list(written))
    _check_list(numbers, key.may_be_empty)
    if list(numbers) != sorted(numbers):
        raise Malformed("profile.order", ", ".join(map(str, numbers)), "ascending")
    return numbers


def _month_day(_key: Key, written: object) -> MonthDay:
    return MonthDay.parse(_text(written, "06-30"))


def _tiers(_key: Key, written: object) -> tuple[Tier, ...]:
    tiers = tuple(map(_tier, _list(written)))
    starts = [tier.from_fen for tier in tiers]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise Malformed("profile.order", ", ".join(map(str, starts)), "from_fen = 0 first, then ascending")
    return tiers


def _tier(written: object) -> Tier:
    table = _table(written, ("from_fen", "approvals", "roles", "post"))
    roles = tuple(_word(role, ROLES) for role in _list(table["roles"]))
    _check_list(roles, may_be_empty=False)
    return Tier(
        from_fen=_integer(table["from_fen"], 0, 2**53 - 1),
        approvals=_integer(table["approvals"], 1, len(roles)),
        roles=roles,
        post=Days.parse(_text(table["post"], "10d")),
    )


def _rates(_key: Key, written: object) -> tuple[Rate, ...]:
    tables = [_table(item, ("class", "fen_m2")) for item in _list(written)]
    rates = tuple(Rate(_code(table["class"]), _integer(table["fen_m2"], 1, 10**9)) for table in tables)
    _check_list(tuple(rate.building_class for rate in rates), may_be_empty=True)
    return rates


def _evidence(_key: Key, written: object) -> Evidence:
    table = _table(written, ("certificate", "parties"))
    evidence = Evidence(_flag(_FLAG_KEY, table["certificate"]), _integer(table["parties"], 0, 9))
    if not evidence.certificate and evidence.parties == 0:
        raise Malformed("profile.evidence", "neither", "certificate = true, or parties of 1 or more")
    return evidence


_FLAG_KEY: Final = Key(Kind.FLAG)
_READERS: Final[dict[Kind, Callable[[Key, object], object]]] = {
    Kind.RATIO: _ratio,
    Kind.SHARE: _share,
    Kind.SHARES: _shares,
    Kind.DAYS: _days,
    Kind.INTEGER: _number,
    Kind.MONTHS: _number,
    Kind.FEN: _number,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.ITEMS: _items,
    Kind.NUMBERS: _numbers,
    Kind.MONTH_DAY: _month_day,
    Kind.TIERS: _tiers,
    Kind.RATES: _rates,
    Kind.EVIDENCE: _evidence,
}


def _text(written: object, example: str) -> str:
    if not isinstance(written, str):
        raise Malformed("profile.text", str(written)[:80], f'"{example}"')
    return written


def _integer(written: object, least: int, most: int) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or not least <= written <= most:
        raise Malformed("profile.number", str(written)[:80], f"an integer, {least}…{most}")
    return written


def _word(written: object, words: tuple[str, ...]) -> str:
    if not isinstance(written, str) or written not in words:
        raise Malformed("profile.word", str(written)[:80], ", ".join(words))
    return written


def _code(written: object) -> str:
    if not isinstance(written, str) or not _CODE.fullmatch(written):
        raise Malformed("profile.word", str(written)[:80], "a code of a-z, 0-9 and _")
    return written


def _list(written: object) -> list[object]:
    if not isinstance(written, list):
        raise Malformed("profile.list", str(written)[:80], "[…]")
    return written


def _table(written: object, keys: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(written, dict) or set(written) != set(keys):
        raise Malformed("profile.table", str(written)[:80], f"{{ {', '.join(keys)} }}")
    return written


def _check_list(items: tuple[object, ...], may_be_empty: bool) -> None:
    if not items and not may_be_empty:
        raise Malformed("profile.list", "[]", "at least one")
    if len(set(items)) != len(items):
        raise Malformed("profile.repeated", ", ".join(map(str, items)), "each once")
