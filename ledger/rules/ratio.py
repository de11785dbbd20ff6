"""Thresholds, shares and terms as profiles write them: exact, in integers, with one way to write each.

=============  ==============================  ==================================================================
written        class                           meaning
=============  ==============================  ==================================================================
``">=2/3"``    :class:`Ratio`                  a test on a part of a whole: ``part·den >= num·whole``
``"5/100"``    :class:`Share`                  a fraction to be taken of an amount, rounded to the fen
``"15d"``      :class:`Days`                   natural days
``"10wd"``     :class:`Days`                   working days 工作日
=============  ==============================  ==================================================================

A fraction keeps the numbers it was written with (``"<30/100"`` stays so in print and in the digest of the profile),
but two are tested alike. 以上, 以下 and 以内 include the number (``>=``, ``<=``); 超过, 过半数, 不满 and 不足 do not
(``>``, ``<``): Civil Code, article 1259. So exactly two thirds and exactly three quarters pass, exactly one half fails:

>>> Ratio.parse(">=2/3").holds(340, 510), Ratio.parse(">=2/3").holds(339, 510)
(True, False)
>>> Ratio.parse(">1/2").holds(170, 340), Ratio.parse(">1/2").holds(171, 340)
(False, True)
>>> Share.parse("9/100").of(51_438_439)
4629460
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Self, cast

from ledger.errors import Malformed, Refused
from ledger.money import divide

_NUMBER: Final = r"(0|[1-9][0-9]{0,8})"
_RATIO: Final = re.compile(rf"(>=|<=|>|<){_NUMBER}/{_NUMBER}")
_SHARE: Final = re.compile(rf"{_NUMBER}/{_NUMBER}")
_DAYS: Final = re.compile(r"(0|[1-9][0-9]{0,3})(d|wd)")
_LARGEST: Final = 999_999_999

Operator = Literal[">=", ">", "<=", "<"]
_COMPARES: Final[dict[Operator, Callable[[int, int], bool]]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A test that a part bears to its whole, decided without division."""

    op: Operator
    num: int
    den: int

    def __post_init__(self) -> None:
        """Raises ``Malformed("ratio.operator" | "ratio.denominator" | "ratio.number")``."""
        if self.op not in _COMPARES:
            raise Malformed("ratio.operator", self.op, ", ".join(_COMPARES))
        _check_fraction(self.num, self.den)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``">=2/3"``. Raises ``Malformed("ratio.text")`` or what the constructor raises."""
        match = _RATIO.fullmatch(text)
        if match is None:
            raise Malformed("ratio.text", text, ">=2/3, >1/2, <=30/100, <1/3")
        return cls(cast(Operator, match[1]), int(match[2]), int(match[3]))

    def __str__(self) -> str:
        return f"{self.op}{self.num}/{self.den}"

    def holds(self, part: int, whole: int) -> bool:
        """Whether ``part`` bears this ratio to ``whole``.

        With ``whole`` 0 it never holds, since 0 ≥ 0 would let an empty roll decide. The part may be negative (an
        overdrawn sub-account). Raises ``Refused("ratio.whole")`` for a negative whole.
        """
        if whole < 0:
            raise Refused("ratio.whole", whole, "0 or more")
        if whole == 0:
            return False
        left, right = self.sides(part, whole)
        return _COMPARES[self.op](left, right)

    def sides(self, part: int, whole: int) -> tuple[int, int]:
        """The two integers that are compared, as a certificate prints them: ``(part·den, num·whole)``."""
        return part * self.den, self.num * whole

    def least(self, whole: int) -> int | None:
        """The smallest integer part that passes a ``>=`` or ``>`` test on ``whole``; None for ``<`` and ``<=``.

        >>> Ratio.parse(">=2/3").least(25), Ratio.parse(">1/2").least(200750)
        (17, 100376)
        """
        if self.op == ">=":
            return -(-self.num * whole // self.den)
        if self.op == ">":
            return self.num * whole // self.den + 1
        return None


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction to take of an amount."""

    num: int
    den: int

    def __post_init__(self) -> None:
        """Raises ``Malformed("ratio.denominator" | "ratio.number")``."""
        _check_fraction(self.num, self.den)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"5/100"``. Raises ``Malformed("ratio.text")`` or what the constructor raises."""
        match = _SHARE.fullmatch(text)
        if match is None:
            raise Malformed("ratio.text", text, "5/100")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"

    def of(self, amount: int) -> int:
        """This share of ``amount``, rounded half away from zero."""
        return divide(amount * self.num, self.den)


@dataclass(frozen=True, slots=True)
class Days:
    """A term in natural or working days. What it ends on is the business of :mod:`ledger.rules.calendar`."""

    count: int
    working: bool = False

    def __post_init__(self) -> None:
        """Raises ``Malformed("days.count")``."""
        if not 0 <= self.count <= 9999:
            raise Malformed("days.count", self.count, "0…9999")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"15d"`` or ``"10wd"``. Raises ``Malformed("days.text")``."""
        match = _DAYS.fullmatch(text)
        if match is None:
            raise Malformed("days.text", text, "15d or 10wd")
        return cls(int(match[1]), match[2] == "wd")

    def __str__(self) -> str:
        return f"{self.count}{'wd' if self.working else 'd'}"


def _check_fraction(num: int, den: int) -> None:
    if den == 0:
        raise Malformed("ratio.denominator", den, "1 or more")
    if not (0 <= num <= _LARGEST and 0 < den <= _LARGEST):
        raise Malformed("ratio.number", f"{num}/{den}", "numbers of at most nine digits, none negative")
