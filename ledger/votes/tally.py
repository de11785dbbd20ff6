"""Counting 计票: from opened ballots to figures, in integers alone; anyone can do it again from the ledger's records.

Every figure is a :class:`Weight`, area (0.01 m²) and heads, and a motion passes only if both pass: Civil Code article 278,
two thirds of all take part, and of those more than one half agree (ordinary) or three quarters (special: items 6, 7, 8).
A ratio is tested by two products, ``part·den`` against ``num·whole``, which the certificate prints; nothing is divided.
An abstention takes part and is no consent. A void answer takes part only where the profile says so.

>>> two_thirds, half = Ratio.parse(">=2/3"), Ratio.parse(">1/2")
>>> threshold(two_thirds, Weight(200_750, 17), Weight(301_125, 25))
Tested(ratio='>=2/3', area=(602250, 602250), heads=(51, 50), met=True)
>>> threshold(half, Weight(100_375, 9), Weight(200_750, 17)).met   # exactly one half of the area
False

Whether the silent may be counted with the majority is unsettled law: :func:`follow` says what they would add, for those
who are proven to have been served, and a certificate gives that figure beside the literal one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Refused
from ledger.rules.ratio import Ratio

ANSWERS: Final = ("yes", "no", "abstain")
VOID: Final = "void"
OF_ALL: Final = frozenset({"all", "scope"})
"""Values of ``vote.base`` under which consent is measured by all who may vote, not by those who took part."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Area in 0.01 m², and heads."""

    area: int = 0
    heads: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.area + other.area, self.heads + other.heads)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.area - other.area, self.heads - other.heads)


NOBODY: Final = Weight()


@dataclass(frozen=True, slots=True)
class Count:
    """What was answered to one motion."""

    yes: Weight = NOBODY
    no: Weight = NOBODY
    abstain: Weight = NOBODY
    void: Weight = NOBODY

    def participating(self, *, void: bool) -> Weight:
        """Who took part; ``void``: whether a void answer does."""
        return self.yes + self.no + self.abstain + (self.void if void else NOBODY)


@dataclass(frozen=True, slots=True)
class Tested:
    """A ratio with the two integers compared, ``(part·den, num·whole)``, for area and for heads."""

    ratio: str
    area: tuple[int, int]
    heads: tuple[int, int]
    met: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One way to count a motion."""

    participating: Weight
    agreeing: Weight
    participation: Tested
    consent: Tested

    @property
    def passed(self) -> bool:
        """Whether enough took part and enough of them agreed."""
        return self.participation.met and self.consent.met


def read_choices(written: Sequence[str], motions: int) -> tuple[str, ...]:
    """The answers of an opened ballot, one a motion; a ballot with too few or too many is void for all 无效."""
    if len(written) != motions:
        return (VOID,) * motions
    return tuple(answer if answer in ANSWERS else VOID for answer in written)


def count(ballots: Iterable[tuple[Weight, Sequence[str]]], motions: int) -> tuple[Count, ...]:
    """Add up opened ballots: each leaf's weight with its answers as written. One :class:`Count` a motion."""
    sums = [dict.fromkeys((*ANSWERS, VOID), NOBODY) for _ in range(motions)]
    for weight, written in ballots:
        for of_motion, answer in zip(sums, read_choices(written, motions), strict=True):
            of_motion[answer] += weight
    return tuple(Count(**of_motion) for of_motion in sums)


def threshold(ratio: Ratio, part: Weight, whole: Weight) -> Tested:
    """Test a part of a whole by area and by heads; both must hold."""
    return Tested(
        str(ratio),
        ratio.sides(part.area, whole.area),
        ratio.sides(part.heads, whole.heads),
        ratio.holds(part.area, whole.area) and ratio.holds(part.heads, whole.heads),
    )


def judge(
    total: Weight, participating: Weight, agreeing: Weight, *, participation: Ratio, consent: Ratio, base: str
) -> Result:
    """Both thresholds for one motion. Raises :class:`Refused` ``tally.nobody``: of an empty roll everything would pass."""
    if total.area <= 0 or total.heads <= 0:
        raise Refused("tally.nobody", f"{total.area}, {total.heads}", "area and heads above 0")
    return Result(
        participating,
        agreeing,
        threshold(participation, participating, total),
        threshold(consent, agreeing, total if base in OF_ALL else participating),
    )


def follow(counted: Count, silent: Weight, total: Weight, floor: Ratio | None = None) -> tuple[Weight, Weight]:
    """What silent owners add when they follow the majority 从众: to those who take part, to those who agree.

    There is a majority when one side leads by area and by heads; under a ``floor`` it must also bear that ratio to all.
    Without one nobody follows. ``silent``: those who did not vote and may be deemed to.
    """
    yes, no = counted.yes, counted.no
    if yes.area > no.area and yes.heads > no.heads:
        leading = yes
    elif no.area > yes.area and no.heads > yes.heads:
        leading = no
    else:
        return NOBODY, NOBODY
    if floor is not None and not threshold(floor, leading, total).met:
        return NOBODY, NOBODY
    return silent, silent if leading is yes else NOBODY
