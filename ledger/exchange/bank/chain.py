"""The proof by running balance: in which order the rows happened, and which of them brought money in.

The bank prints after each row what then stood on the account. So of all readings of a file, only one for which
``balance[i] == balance[i-1] + amount[i]`` holds at every row can be the truth. Tried are

* four orders: as printed, reversed, and each of these sorted by day (banks print days downwards and each day upwards),
  as long as the reading runs with the calendar more often than against it;
* the signs as the layout's names have them; where the names do not settle it (借 and 贷 mean the opposite in our own
  books) also the other way round; and for one column of unsigned amounts, each row's own sign.

One reading fits: proven. None: the rows where the best one breaks are named. Several: the printed closing balance and
the printed times decide, then the layout's names, and the file is marked as only claiming its signs; if the *order* is
still open it is refused, since which balance is the last one would be a guess.

A row added, altered, moved or removed breaks the chain, with two exceptions. At the ends: the first row is covered by
the printed opening balance or by joining what was imported before, the last by the closing balance that a second
person confirms. And rows that together come to nothing can be cut out between two equal balances: only printed totals
and counts, the bank's own statement, or another person's copy of the file show that.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ledger.errors import MingzhangError, Refused
from ledger.exchange.bank.cells import yuan
from ledger.exchange.bank.layouts import Layout
from ledger.exchange.bank.rows import Proof
from ledger.exchange.bank.table import Line, raise_all


@dataclass(frozen=True)
class Proven:
    """``order`` lists indices of the lines as they happened; ``amounts`` are signed fen in that order."""

    order: tuple[int, ...]
    amounts: tuple[int, ...]
    opening: int
    closing: int
    proof: Proof


@dataclass(frozen=True)
class _Signs:
    """A way to read the signs; ``factor`` 0 lets each balance choose, the first row taking ``first``."""

    named: bool
    factor: int
    first: int = 0


@dataclass(frozen=True)
class _Reading:
    named: bool
    order: tuple[int, ...]
    amounts: tuple[int, ...]
    breaks: tuple[tuple[int, int], ...]


def prove(lines: Sequence[Line], layout: Layout, opening: int | None, closing: int | None) -> Proven:
    """The one order and reading of signs under which every balance follows from the one before.

    Raises :class:`Refused` ``bank.balance_breaks`` with ``row``, ``expected`` and ``got`` (fen) for each break,
    ``bank.ambiguous_order`` or ``bank.ambiguous_sign``. ``lines`` is not empty.
    """
    readings = [
        _read(lines, order, signs, opening) for signs in _signs(lines, layout, opening) for order in _orders(lines)
    ]
    fitting = list({_content(lines, reading): reading for reading in reversed(readings) if not reading.breaks}.values())
    if not fitting:
        _refuse_breaks(lines, min(readings, key=lambda reading: len(reading.breaks)))
    best = _narrow(lines, fitting, closing)
    sure = len(best) == 1 and (len(lines) > 1 or opening is not None)
    if len(best) > 1:
        best = [reading for reading in best if reading.named] or best
    if len(best) > 1:
        ordered = {reading.order for reading in best}
        rule = "bank.ambiguous_order" if len(ordered) > 1 else "bank.ambiguous_sign"
        raise Refused(rule, f"{len(best)}", "1", row=lines[best[0].order[0]].row)
    reading = best[0]
    start = lines[reading.order[0]].balance - reading.amounts[0]
    return Proven(
        reading.order, reading.amounts, start, lines[reading.order[-1]].balance, "chain" if sure else "claimed"
    )


def _orders(lines: Sequence[Line]) -> list[tuple[int, ...]]:
    down = tuple(range(len(lines)))
    up = down[::-1]
    by_day = [tuple(sorted(order, key=lambda index: lines[index].on)) for order in (down, up)]
    return [
        order
        for order in dict.fromkeys((down, up, *by_day))
        if _steps([lines[index].on for index in order]) >= 0
    ]  # fmt: skip


def _signs(lines: Sequence[Line], layout: Layout, opening: int | None) -> Iterator[_Signs]:
    printed = any(line.signed for line in lines)
    yield _Signs(named=layout.sign == "named" or printed or len(lines) > 1, factor=1)
    if layout.sign == "proven":
        yield _Signs(named=False, factor=-1)
        if not printed:
            yield _Signs(named=False, factor=0, first=1)
            if opening is None:
                yield _Signs(named=False, factor=0, first=-1)


def _read(lines: Sequence[Line], order: tuple[int, ...], signs: _Signs, opening: int | None) -> _Reading:
    before = opening
    amounts: list[int] = []
    breaks: list[tuple[int, int]] = []
    for index in order:
        line = lines[index]
        if signs.factor:
            amount = signs.factor * line.value
        elif before is None:
            amount = signs.first * line.value
        else:
            amount = line.value if before + line.value == line.balance else -line.value
        if before is not None and before + amount != line.balance:
            breaks.append((index, before + amount))
        amounts.append(amount)
        before = line.balance
    return _Reading(signs.named, order, tuple(amounts), tuple(breaks))


def _content(lines: Sequence[Line], reading: _Reading) -> tuple[object, ...]:
    """What a reading says of the money, so that two that say the same count once, and the first tried is taken.

    Two such readings differ only in which of several twins of a day carries which text; nothing in a file tells.
    """
    happened = zip(reading.order, reading.amounts, strict=True)
    return tuple((lines[index].on, lines[index].time, amount, lines[index].balance) for index, amount in happened)


def _narrow(lines: Sequence[Line], fitting: list[_Reading], closing: int | None) -> list[_Reading]:
    if len(fitting) > 1 and closing is not None:
        fitting = [reading for reading in fitting if lines[reading.order[-1]].balance == closing] or fitting
    if len(fitting) > 1 and all(line.time for line in lines):
        forward = [_steps([(lines[index].on, lines[index].time or "") for index in r.order]) for r in fitting]
        fitting = [reading for reading, steps in zip(fitting, forward, strict=True) if steps == max(forward)]
    return fitting


def _steps(moments: Sequence[datetime.date] | Sequence[tuple[datetime.date, str]]) -> int:
    """How much more often the moments step forward than back."""
    return sum((after > before) - (after < before) for before, after in pairwise(moments))  # type: ignore[operator]


def _refuse_breaks(lines: Sequence[Line], reading: _Reading) -> None:
    problems: list[MingzhangError] = []
    for index, expected in reading.breaks:
        line = lines[index]
        problems.append(
            Refused(
                "bank.balance_breaks",
                yuan(line.balance),
                yuan(expected),
                row=line.row,
                expected=expected,
                got=line.balance,
            )
        )
    raise_all(problems)
