"""Contracts that do not fit themselves, each beside the nearest one that does."""

import pytest

from tests.accounts.treasury import Treasury, fees, treasury
from tests.audit.checks.asked import findings, found


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
    told = {"contract": "c9", "start_day": "2019-01-15", "end_day": end}
    assert found(house, "contract.ends_before_start") == [told] * met


@pytest.mark.parametrize("said", [{"start": "2019-01-15"}, {"end": "2019-01-14"}, {}])
def test_a_contract_with_one_of_its_days_or_none(said: dict[str, str]) -> None:
    house = treasury()
    contract(house, term_printed="三年", **said)
    assert found(house, "contract.ends_before_start") == found(house, "contract.term_differs") == []


@pytest.mark.parametrize(
    ("term", "end", "due"),
    [
        ("三年", "2021-03-31", "2022-01-14"),
        ("三年", "2022-01-14", ""),
        ("三年", "2022-01-15", ""),  # whether the last day counts is written both ways
        ("三年", "2022-01-16", "2022-01-14"),
        ("四个月", "2019-05-14", ""),
        ("两年", "2022-01-14", "2021-01-14"),
        ("十一个月", "2022-01-14", "2019-12-14"),
        ("十二个月", "2022-01-14", "2020-01-14"),
        ("十五天", "2022-01-14", "2019-01-29"),
        ("未约定期限", "2021-03-31", ""),
    ],
)
def test_a_term_and_its_days(term: str, end: str, due: str) -> None:
    house = treasury()
    contract(house, start="2019-01-15", end=end, term_printed=term)
    met = found(house, "contract.term_differs")
    assert [(finding["term"], finding["due_day"]) for finding in met] == ([(term, due)] if due else [])


def test_days_are_counted_with_both_ends() -> None:
    house = treasury()
    contract(house, start="2019-01-15", end="2019-01-31", term_printed="十五天")
    (met,) = found(house, "contract.term_differs")
    assert (met["start_day"], met["end_day"], met["days"]) == ("2019-01-15", "2019-01-31", 17)


def test_a_term_that_goes_beyond_the_calendar_is_not_counted() -> None:
    house = treasury()
    contract(house, start="9998-01-15", end="9999-01-14", term_printed="三年")
    assert found(house, "contract.term_differs") == []


def test_a_contract_without_a_party_beside_what_was_paid_under_it() -> None:
    house = treasury()
    contract(house)
    row = house.take((house.day, 100_00, [fees(100_00, contract="c9")]))[1]
    contract(house, code="c8", party="lift")
    (finding,) = findings(house, "contract.no_party")
    assert finding.figures == {"contract": "c9", "count": 1}
    assert [cited.record for cited in finding.evidence][1:] == [row]


def test_a_row_in_two_parts_is_one_payment() -> None:
    house = treasury()
    contract(house)
    house.take((house.day, 100_00, [fees(60_00, contract="c9"), fees(40_00, contract="c9")]))
    (finding,) = findings(house, "contract.no_party")
    assert [cited.part for cited in finding.evidence] == ["", "parts/0", "parts/1"]
    assert finding.figures["count"] == 1


MONTHLY = {"cycle": "month", "amount": 100_00, "fund": "service_fee", "category": "lift", "nature": "expense"}


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, 1),
        ({"term_printed": "未约定期限"}, 1),
        ({"end_printed": "长期"}, 1),
        ({"term_printed": "两年"}, 0),
        ({"end": "2027-12-31"}, 0),
        ({"end_printed": "2027-11-31"}, 0),  # no day, but it says until when
        ({"direction": "out"}, 0),
        ({"direction": "out", "expected": [MONTHLY]}, 1),
        ({"direction": "out", "expected": [MONTHLY | {"cycle": "once"}]}, 0),
    ],
)
def test_a_contract_without_an_end(said: dict[str, object], met: int) -> None:
    house = treasury()
    contract(house, **said)
    assert len(found(house, "contract.open_ended")) == met


def test_a_contract_without_an_end_says_what_its_paper_prints() -> None:
    house = treasury()
    contract(house, term_printed="长期", deposit_printed="500元")
    contract(house, code="c8", end_printed="至拆迁")
    assert found(house, "contract.open_ended") == [
        {"contract": "c9", "term": "长期", "deposit": "500元"},
        {"contract": "c8", "term": "至拆迁", "deposit": ""},
    ]


@pytest.mark.parametrize(
    ("notes", "met"),
    [
        ("2027-04-01起总额递增8%", ["2027-04-01起总额递增8%"]),
        ("6块，2200元/块·年；自第二年起租金上浮5%", ["自第二年起租金上浮5%"]),
        ("Rent increases by 5% from 2027", ["Rent increases by 5% from 2027"]),
        ("每年递增8%", []),
        ("逐年递增百分之五", []),
        ("2027-04-01起一次性上浮8%", []),
        ("Rent increases by 5% annually", []),
        ("按8%分成", []),
        ("租金递增", []),
        ("每块2200元；2027-04-01起递增8%", ["2027-04-01起递增8%"]),
        ("2027年起租金递增8%；2027年起管理费上浮5%", ["2027年起租金递增8%"]),  # one contract, one finding
        ("每年递增8%；2030年起租金上浮5%", ["2030年起租金上浮5%"]),
    ],
)
def test_an_increase_that_does_not_say_how_often(notes: str, met: list[str]) -> None:
    house = treasury()
    contract(house, notes=notes)
    assert [finding["clause"] for finding in found(house, "contract.increase_unclear")] == met


def test_the_same_increase_in_contracts_of_one_paper_is_one_finding() -> None:
    house = treasury()
    paper = house.document()
    for code in ("c8", "c9"):
        contract(house, code=code, document=paper, notes="2027年起递增8%")
    for code in ("c6", "c7"):
        contract(house, code=code, notes="2027年起递增8%")
    met = found(house, "contract.increase_unclear")
    assert [(finding["contract"], finding["count"]) for finding in met] == [("c8", 2), ("c6", 1), ("c7", 1)]
