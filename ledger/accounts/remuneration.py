"""The manager's pay 酬金 by its terms: a rate of a base, less deductions, capped. Pure arithmetic in whole fen.

What the base is (money received, money receivable, items of a budget) its terms say; TL 35 allows none that was not agreed.
The worked example is a published one (``law.md`` §6): 9 % of 514,384.39 is 46,294.5951, rounded half away from zero.

>>> pay = earned(51_438_439, Share(9, 100))
>>> pay, in_all(51_438_439, pay, 316_064, 5_600_000)
(4629460, 61983963)
"""

from ledger.errors import Refused
from ledger.money import check_fen
from ledger.rules.ratio import Share


def earned(base: int, rate: Share, *, deductions: int = 0, cap: int = 0) -> int:
    """``rate`` of ``base``, less ``deductions`` 违约扣减, at most ``cap`` (0: none) and never below zero.

    All in fen. Deductions come before the cap: what was deducted may leave the cap untouched.

    Raises ``remuneration.negative`` for a negative base, deduction or cap.
    """
    for name, fen in (("base", base), ("deductions", deductions), ("cap", cap)):
        if check_fen(fen) < 0:
            raise Refused("remuneration.negative", fen, "0 or more", what=name)
    pay = max(0, rate.of(base) - deductions)
    return min(pay, cap) if cap else pay


def in_all(base: int, pay: int, *further: int) -> int:
    """What the service costs in all where the base is what was spent: the base, the pay, and further items such as tax."""
    return check_fen(base + pay + sum(further))
