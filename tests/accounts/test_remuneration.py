"""The manager's pay by its terms. The first figures are published ones (``law.md`` §6, remuneration)."""

import pytest

from ledger.accounts.remuneration import earned, in_all
from ledger.rules.ratio import Share
from tests.community import refused_as

NINE = Share(9, 100)


def test_the_published_figures_to_the_fen() -> None:
    """514,384.39 × 9 % = 46,294.5951, rounded 46,294.60; with 3,160.64 tax and 56,000.00 it is 619,839.63 in all."""
    assert 51_438_439 * 9 == 4_629_459_51
    assert earned(514_384_39, NINE) == 46_294_60
    assert in_all(514_384_39, 46_294_60, 3_160_64, 56_000_00) == 619_839_63


@pytest.mark.parametrize(
    ("base", "rate", "pay"),
    [
        (0, NINE, 0),
        (5, Share(1, 10), 1),  # half a fen is rounded away from zero
        (4, Share(1, 10), 0),
        (15, Share(1, 10), 2),
        (100, Share(0, 100), 0),
        (100, Share(1, 1), 100),
        (297_051_75, Share(10, 100), 29_705_18),  # a month's fees receivable of the example
        (471_937_44, Share(10, 100), 47_193_74),  # what its owners paid by one person's hand
    ],
)
def test_a_rate_of_a_base(base: int, rate: Share, pay: int) -> None:
    assert earned(base, rate) == pay


@pytest.mark.parametrize(
    ("deductions", "cap", "pay"),
    [
        (0, 0, 9_00),
        (1_00, 0, 8_00),
        (9_00, 0, 0),
        (9_01, 0, 0),  # nobody pays for having served
        (0, 8_00, 8_00),
        (0, 9_00, 9_00),
        (0, 10_00, 9_00),
        (1_00, 8_50, 8_00),
        (50, 8_00, 8_00),
    ],
)
def test_deductions_and_the_cap(deductions: int, cap: int, pay: int) -> None:
    assert earned(100_00, NINE, deductions=deductions, cap=cap) == pay


@pytest.mark.parametrize("wrong", [{"base": -1}, {"deductions": -1}, {"cap": -1}])
def test_what_is_below_nothing_is_refused(wrong: dict[str, int]) -> None:
    figures = {"base": 100, "deductions": 0, "cap": 0} | wrong
    with refused_as("remuneration.negative"):
        earned(figures["base"], NINE, deductions=figures["deductions"], cap=figures["cap"])


def test_what_no_ledger_holds_is_refused() -> None:
    with refused_as("money.range"):
        earned(2**53, NINE)
    with refused_as("money.range"):
        in_all(2**53 - 1, 1)
