"""Printed places 位置, read: what kind of place a thing is at, and whether two texts may mean one and the same.

Two things may be at one place where both name a place of one kind and nothing that tells them apart: other buildings,
floors, sides, wings. A text that does not say which building may mean any.

>>> hall = where("候梯厅液晶广告")
>>> sorted(hall.kinds), hall.may_be(where("一、四层候梯厅框架广告")), hall.may_be(where("电梯轿厢框架广告"))
(['hall'], True, False)
>>> where("一层候梯厅").may_be(where("负一层候梯厅")), where("1、2栋大堂").may_be(where("2栋大堂灯箱"))
(False, True)
>>> where("小区大门广告").may_be(where("裙楼大门玻璃墙广告")), where("东门灯箱").kinds
(False, frozenset({'gate'}))
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from ledger.audit.checks.printed import plain
from ledger.audit.checks.wording import bare

_KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "hall": r"候梯厅|候梯间|电梯厅|(?<!电)梯厅|电梯间|电梯前室|(?:lift|elevator) (?:hall|lobby|lobbies)",
        "lift": r"轿厢|梯内|电梯(?!厅|间|前室|机房|井)|\b(?:lift|elevator)s?\b(?! (?:hall|lobby|lobbies|shaft|machine))",
        "garage": r"地库|车库|地下停车|停车场|\b(?:garage|basement|car park)",
        "gate": r"大门|正门|[东西南北侧后]门|门口|出入口|主入口|门岗|岗亭|道闸|\bgates?\b",
        "square": r"广场|\b(?:square|plaza)\b",
        "lobby": r"大堂|(?<![梯餐])大厅|\b(?<!lift )(?<!elevator )lobby",
        "wall": r"外墙|围墙|墙面|\bwalls?\b",
        "roof": r"屋顶|屋面|天台|楼顶|\broof",
    }.items()
}
_CHINESE: Final = "零一二三四五六七八九十"
_DIGITS: Final = _CHINESE.rstrip("十")
_COUNT: Final = r"(?:[A-Za-z]?[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z](?![A-Za-z]))"
_LIST: Final = rf"({_COUNT}(?:[#号]?[、,和及与]{_COUNT})*)"
_TELLING: Final[Mapping[str, re.Pattern[str]]] = {
    "building": re.compile(rf"{_LIST}(?:#?(?:栋|幢|座)|号楼|#楼)|\bbuildings? {_LIST}", re.IGNORECASE),
    "stack": re.compile(rf"{_LIST}#?(?:单元|梯(?!厅|内))"),
    "phase": re.compile(rf"{_LIST}期"),
    "floor": re.compile(rf"(?<![负号\-]){_LIST}(?:层|楼(?![梯道宇体]))|\bfloors? {_LIST}", re.IGNORECASE),
}
_BELOW: Final = re.compile(r"(?:负|-|\bB)([0-9一二三四五])(?![0-9])")
_SIDE: Final = re.compile(r"[东西南北左右内外](?=门|侧|区|面|边|墙|入口|出口|出入口|广场)")
_WING: Final = re.compile(r"裙楼|商业街|会所|幼儿园|商铺|小区(?=大门|正门|门口|出入口|主入口)")


_RENEWED: Final = re.compile(r"续签|续租|续约|新签|(?:19|20)[0-9]{2}年?度?|renewal|renewed")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the kinds of place named, and by group what tells it from others of the kind."""

    kinds: frozenset[str]
    telling: Mapping[str, frozenset[str]]

    def may_be(self, other: "Place") -> bool:
        """Whether the two may be one place."""
        apart = (self.telling[group].isdisjoint(other.telling[group]) for group in self.telling.keys() & other.telling)
        return not self.kinds.isdisjoint(other.kinds) and not any(apart)


@lru_cache(maxsize=4096)
def where(text: str) -> Place:
    """The place that a text names; of no kind where it names none that is known."""
    text = plain(text)
    kinds = frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(text))
    telling = {group: _listed(pattern, text) for group, pattern in _TELLING.items()}
    telling["floor"] |= {f"-{_number(match)}" for match in _BELOW.findall(text)}
    telling["side"] = frozenset(_SIDE.findall(text))
    telling["wing"] = frozenset(_WING.findall(text))
    return Place(kinds, {group: named for group, named in telling.items() if named})


def thing(text: str) -> str:
    """What a thing is called, however its contract is: a renewal, a year, what stands in brackets left out.

    >>> thing("小区大门广告（2027年续签）") == thing("小区大门广告") != thing("小区东门广告")
    True
    """
    return _RENEWED.sub("", bare(plain(text)))


def _listed(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    lists = ("".join(match.groups(default="")) for match in pattern.finditer(text))
    # 二三层 is the second and the third; only with 十 do several characters make one number.
    counts = (one for named in lists for one in re.findall(_COUNT, named))
    return frozenset(_number(n) for one in counts for n in (one if one.strip(_DIGITS) == "" else (one,)))


def _number(text: str) -> str:
    """Numbers alike however they are written: ``二`` and ``2``, ``十二`` and ``12``, ``b`` and ``B``."""
    tens, ten, ones = text.partition("十")
    if len(text) == 1 and text in _CHINESE:
        return str(_CHINESE.index(text))
    if ten and len(tens) < 2 and len(ones) < 2:
        return str(_CHINESE.index(tens or "一") * 10 + _CHINESE.index(ones))  # that of nothing is 0
    return text.upper()


def clustered(count: int, joined: Callable[[int, int], bool]) -> tuple[tuple[int, ...], ...]:
    """The groups of two or more of ``count`` things that hang together, by who is joined to whom.

    >>> clustered(5, lambda a, b: (a, b) in {(0, 2), (2, 3)})
    ((0, 2, 3),)
    """
    group = list(range(count))
    for one, other in combinations(range(count), 2):
        # Without the first half it says the same, in the cube of the time.
        if group[one] != group[other] and joined(one, other):
            group = [group[one] if mark == group[other] else mark for mark in group]
    found = (tuple(n for n in range(count) if group[n] == mark) for mark in dict.fromkeys(group))
    return tuple(members for members in found if len(members) > 1)
