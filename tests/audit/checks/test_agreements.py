"""Contracts that do not fit themselves, each beside the nearest one that does."""

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import found


def contract(house: Treasury, **said: object) -> None:
    house.act("contract.entered/1", {"code": "c9", "direction": "in", "object": "广告位"} | said, by=["chair"])


def test_a_day_that_does_not_exist() -> None:
    house = treasury()
    contract(house, end_printed="2023-11-31")
    assert found(house, "contract.impossible_day") == [{"contract": "c9", "printed": "2023-11-31"}]


@pytest.mark.parametrize("said", [{"end": "2023-11-30", "end_printed": "2023-11-30"}, {"end_printed": "未约定期限"}])
def test_a_day_that_exists_or_no_day_at_all(said: dict[str, str]) -> None:
    house = treasury()
    contract(house, **said)
    assert found(house, "contract.impossible_day") == []


@pytest.mark.parametrize(("end", "met"), [("2019-01-14", 1), ("2019-01-15", 0), ("2019-01-16", 0)])
def test_an_end_before_the_start(end: str, met: int) -> None:
    house = treasury()
    contract(house, start="2019-01-15", end_printed=end)
    assert len(found(house, "contract.ends_before_start")) == met


@pytest.mark.parametrize(
    ("term", "end", "due"),
    [
        ("三年", "2021-03-31", "2022-01-14"),
        ("三年", "2022-01-14", ""),
        ("三年", "2022-01-15", ""),  # whether the last day counts is written both ways
        ("三年", "2022-01-16", "2022-01-14"),
        ("四个月", "2019-05-14", ""),
        ("未约定期限", "2021-03-31", ""),
    ],
)
def test_a_term_and_its_days(term: str, end: str, due: str) -> None:
    house = treasury()
    contract(house, start="2019-01-15", end=end, term_printed=term)
    met = found(house, "contract.term_differs")
    assert [finding["due_day"] for finding in met] == ([due] if due else [])
