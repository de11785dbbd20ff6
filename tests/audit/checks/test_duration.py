"""How long contracts run: each finding and the nearest contract without one."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import digest_of, flats
from tests.poll import Poll, motion

MONTHLY = {"cycle": "month", "amount": 100_00, "fund": "service_fee", "category": "fire", "nature": "expense"}
TERM_ENDS = "2030-12-31"
"""Of the officers of a test community."""


def contract(house: Treasury, code: str = "c9", **said: Any) -> str:
    body = {"code": code, "direction": "out", "object": "消防维保", "party": "lift"}
    body |= {"start": "2026-01-01"} if code == "c9" else {}
    return house.act("contract.entered/1", body | said, by=["chair"])


def pay(house: Treasury, on: str, **other: Any) -> str:
    house.set_clock(f"{on}T12:00:00+08:00")
    return house.take((on, -100_00, [spent(100_00, category="fire", party="lift", contract="c9") | other]))[1]


# --- after the end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("covers", "met"),
    [
        ("2026-03", 1),
        ("2026-03-01..2026-03-31", 1),
        ("2026-02-28..2026-03-31", 0),
        ("2026-02", 0),
        ("2026-02..2026-03", 0),
        ("", 0),
    ],
)
def test_a_payment_after_the_end_for_days_after_it(covers: str, met: int) -> None:
    house = treasury()
    contract(house, end="2026-02-28", expected=[MONTHLY])
    row = pay(house, "2026-03-15", **({"covers": covers} if covers else {}))
    figures: dict[str, Any] = {"contract": "c9", "end_day": "2026-02-28", "last_day": "2026-03-15"}
    figures |= {"count": 1, "amount_fen": 100_00}
    met_here = findings(house, "contract.after_its_end")
    assert [finding.figures for finding in met_here] == [figures] * met
    assert [finding.evidence[1].record for finding in met_here] == [row] * met


@pytest.mark.parametrize(("on", "met"), [("2026-02-15", 0), ("2026-02-28", 0), ("2026-03-01", 1)])
def test_what_is_paid_before_the_end_is_paid_under_the_contract(on: str, met: int) -> None:
    house = treasury()
    contract(house, end="2026-02-28", expected=[MONTHLY])
    pay(house, on, covers="2026-03")
    assert len(found(house, "contract.after_its_end")) == met


def test_what_is_paid_before_the_start_is_not_paid_after_the_end() -> None:
    house = treasury()
    contract(house, "c8", start="2026-02-01", end="2026-02-28", expected=[MONTHLY])
    pay(house, "2026-01-15", contract="c8", covers="2026-03")
    assert found(house, "contract.after_its_end") == []


@pytest.mark.parametrize(("printed", "met"), [("2026-02", 0), ("2026-03", 1), ("2026-02 2026-03-01..2026-03-07", 0)])
def test_the_paper_says_for_which_days_it_is(printed: str, met: int) -> None:
    house = treasury()
    contract(house, end="2026-02-28", expected=[MONTHLY])
    house.set_clock("2026-06-15T12:00:00+08:00")
    paper = house.document(period_printed=printed)
    pay(house, "2026-06-15", document=paper)
    assert len(found(house, "contract.after_its_end")) == met


@pytest.mark.parametrize(
    ("on", "cycle", "met"),
    [
        ("2026-04-27", "month", 0),  # a month and thirty days after the end
        ("2026-04-28", "month", 1),
        ("2026-04-28", "quarter", 0),
        ("2026-06-27", "quarter", 0),
        ("2026-06-28", "quarter", 1),
        ("2026-12-28", "once", 0),  # what is paid once is paid when it is done
        ("2026-12-28", "", 0),
    ],
)
def test_what_says_nothing_is_still_for_the_time_before_for_one_cycle(on: str, cycle: str, met: int) -> None:
    house = treasury()
    contract(house, end="2026-02-28", expected=[MONTHLY | {"cycle": cycle}] if cycle else [])
    pay(house, on)
    assert len(found(house, "contract.after_its_end")) == met


def test_rent_that_still_comes_after_the_end() -> None:
    house = treasury()
    contract(house, direction="in", end="2026-01-31")
    house.set_clock("2026-03-15T12:00:00+08:00")
    house.take(("2026-03-15", 100_00, [fees(100_00, contract="c9", covers="2026-03")]))
    assert len(found(house, "contract.after_its_end")) == 1


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"start": "2026-03-01"}, 0),
        ({"start": "2026-03-01", "end": "2026-03-31"}, 0),
        ({"start": "2026-03-15"}, 0),
        ({"start": "2026-03-16"}, 1),
        ({"start": "2026-03-01", "end": "2026-03-15"}, 0),
        ({}, 0),  # nobody knows its days
        ({"start": "2026-03-01", "end": "2026-03-14"}, 1),
        ({"start": "2026-03-01", "party": "zhao"}, 1),
        ({"start": "2026-03-01", "direction": "in"}, 1),
        ({"start": "2026-03-01", "object": "消防维保（续）", "expected": [MONTHLY]}, 0),
        ({"start": "2026-03-01", "object": "清洁", "expected": [MONTHLY | {"category": "cleaning"}]}, 1),
    ],
)
def test_a_renewal_explains_it(said: dict[str, Any], met: int) -> None:
    house = treasury()
    contract(house, end="2026-02-28", expected=[MONTHLY])
    contract(house, "c8", **said)
    pay(house, "2026-03-15", covers="2026-03")
    assert len(found(house, "contract.after_its_end")) == met


def test_a_contract_without_an_end_has_no_time_after_it() -> None:
    house = treasury()
    contract(house, expected=[MONTHLY])
    pay(house, "2026-03-15", covers="2026-03")
    assert found(house, "contract.after_its_end") == []


# --- beyond the office -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"end": TERM_ENDS}, 0),
        ({"end": "2031-01-01"}, 1),
        ({"end_printed": "2031-02-30"}, 1),
        ({"end_printed": "2030-11-31"}, 0),
        ({"end_printed": "2031年1月1日"}, 1),
        ({}, 0),
    ],
)
def test_a_contract_that_ends_after_the_term_of_office(said: dict[str, str], met: int) -> None:
    house = treasury()
    contract(house, **said)
    assert len(found(house, "contract.beyond_office")) == met


def test_all_contracts_beyond_one_term_are_one_finding() -> None:
    house = treasury()
    contract(house, end="2031-03-31")
    latest = contract(house, "c8", direction="in", end="2032-03-31")
    (finding,) = findings(house, "contract.beyond_office")
    assert finding.figures == {
        "count": 2,
        "term_day": TERM_ENDS,
        "latest_day": "2032-03-31",
        "latest_contract": "c8",
    }
    assert finding.evidence[0].record == latest


@pytest.mark.parametrize(("role", "met"), [("vice_chair", 0), ("supervisor", 1)])
def test_the_body_is_in_office_until_its_last_member_is_as_appointed(role: str, met: int) -> None:
    """An office that ends early shortens no contract that was made before; a supervisor is not of the body."""
    house = treasury()
    assert house.day == "2026-01-05"
    body = "committee" if role == "vice_chair" else "supervisors"
    term = {"role": role, "body": body, "start": "2026-01-01", "end": "2031-12-31", "source": house.letter}
    house.act("role.appointed/1", {"person": house.ref("zhang")} | term, by=house.both)
    contract(house, end="2031-06-30")
    assert len(found(house, "contract.beyond_office")) == met
    ended = {"person": house.ref("zhang"), "role": role, "on": "2026-02-01", "source": house.letter}
    house.act("role.ended/1", ended, by=house.both)
    assert len(found(house, "contract.beyond_office")) == met


@pytest.mark.parametrize(("start", "met"), [("2026-01-05", 0), ("2026-01-06", 1)])
def test_who_comes_into_office_later_is_not_the_body_that_made_it(start: str, met: int) -> None:
    house = treasury()
    term = {"role": "member", "body": "committee", "start": start, "end": "2031-12-31", "source": house.letter}
    house.act("role.appointed/1", {"person": house.ref("zhang")} | term, by=house.both)
    contract(house, end="2031-06-30")
    assert len(found(house, "contract.beyond_office")) == met


def test_the_last_day_in_office() -> None:
    house = Treasury(term=("2026-01-01", "2026-01-05"))
    contract(house, end="2026-01-06")
    assert [finding["term_day"] for finding in found(house, "contract.beyond_office")] == ["2026-01-05"]


@pytest.mark.parametrize(
    ("attached", "matter", "votes", "met"),
    [
        ("paper", 8, "y", 0),
        ("record", 8, "y", 0),
        ("original", 8, "y", 0),
        ("redacted", 8, "y", 0),
        ("paper", 9, "y", 0),
        ("other", 8, "y", 1),
        ("paper", 8, "n", 1),
    ],
)
def test_a_decision_that_names_the_contract(attached: str, matter: int, votes: str, met: int) -> None:
    house = Treasury(units=flats("a1 a2 a3"))
    house.open()
    files = {"original": digest_of("scan"), "redacted": digest_of("scan without names")}
    paper = house.document("广告位合同", **files)
    record = contract(house, end="2031-03-31", document=paper)
    named = ({"paper": paper, "record": record, "other": house.letter} | files)[attached]
    Poll.hold(house, [motion(matter, attachments=[named])], dict.fromkeys(("a1", "a2", "a3"), votes))
    assert len(found(house, "contract.beyond_office")) == met


def test_an_opinion_that_was_asked_for_decides_nothing() -> None:
    house = Treasury(units=flats("a1 a2 a3"))
    paper = house.document("广告位合同")
    contract(house, end="2031-03-31", document=paper)
    poll = Poll.hold(house, [motion(8, attachments=[paper])], dict.fromkeys(("a1", "a2", "a3"), "y"), phone=False)
    assert not poll.decided().founds_authority
    assert len(found(house, "contract.beyond_office")) == 1


# --- too long ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"end": "2046-01-01"}, 0),
        ({"end": "2046-01-02"}, 1),
        ({"end": "2046-01-02", "direction": "out"}, 0),
        ({"end_printed": "2046-01-02"}, 0),
        ({"start": "9978-12-31", "end": "9999-12-31"}, 1),
        ({"start": "9990-01-01", "end": "9999-12-31"}, 0),  # twenty years on there is no calendar
    ],
)
def test_a_lease_of_twenty_years_and_of_a_day_more(said: dict[str, str], met: int) -> None:
    house = treasury()
    contract(house, **{"direction": "in", "object": "屋面"} | said)
    contract(house, "c8", direction="in", object="外墙", end="2046-01-02")  # nobody knows since when
    assert len(found(house, "contract.too_long")) == met
