"""What the books stand on, each beside the nearest one that stands."""

from typing import Any

import pytest

from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found
from tests.community import OFFICERS, Community, Flat, flats, profile_with
from tests.poll import Poll


def at(community: Community, day: str, **paper: Any) -> str:
    """Let it be that day, on which a paper is entered."""
    community.set_clock(f"{day}T12:00:00+08:00")
    return community.act("document.entered/1", {"kind": "letter", "subject": "函"} | paper, by=["chair"])


# --- opening balances -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-06-30", 0), ("2026-07-01", 1)])
def test_an_opening_that_nothing_proves_after_a_period(day: str, met: int) -> None:
    made = treasury()
    at(made, day)
    expected = [{"amount_fen": 5_000_00, "parts": 1, "opened_day": "2026-01-01"}] * met
    assert found(made, "opening.unproven") == expected


@pytest.mark.parametrize(
    ("kind", "total", "met"),
    [
        ("bank_paper", 5_000_00, 0),  # what the fund had
        ("bank_paper", 17_000_00, 0),  # what the account had
        ("bank_paper", 5_000_01, 1),
        ("letter", 5_000_00, 1),
    ],
)
def test_a_paper_of_the_bank(kind: str, total: int, met: int) -> None:
    made = treasury()
    at(made, "2026-12-31", kind=kind, total_printed=total)
    assert len(found(made, "opening.unproven")) == met


def test_an_opening_of_nothing_and_periods_of_another_length() -> None:
    made = Treasury(profile=profile_with("statement.period_months", "3"))
    made.open(opening={"maintenance": 0})
    at(made, "2026-12-31")
    assert found(made, "opening.unproven") == []
    made = Treasury(profile=profile_with("statement.period_months", "3"))
    made.open()
    at(made, "2026-04-01")
    (finding,) = findings(made, "opening.unproven")
    assert [cited.part for cited in finding.evidence] == ["parts/2"]


@pytest.mark.parametrize(("day", "met"), [("2026-04-05", 0), ("2026-04-06", 1)])
def test_books_without_a_bank_account(day: str, met: int) -> None:
    made = Community()
    made.act("chart.adopted/1", {"text": treasury().accounts.chart_text}, by=made.both)
    made.act("books.opened/1", {"on": "2026-01-01", "handed_over_by": "前期物业", "parts": []}, by=made.both)
    at(made, day)
    assert [finding["opened_day"] for finding in found(made, "opening.no_account")] == ["2026-01-05"] * met


@pytest.mark.parametrize(("nature", "met"), [("bank", 0), ("petty", 1), ("kept", 1)])
def test_what_is_an_account_of_one_s_own(nature: str, met: int) -> None:
    made = Community()
    made.act("chart.adopted/1", {"text": treasury().accounts.chart_text}, by=made.both)
    account = {"code": "a", "nature": nature, "title": "账户", "holder": "committee", "funds": ["service_fee"]}
    mandate = [{"least": 1, "seats": [["chair"]]}]
    made.act("account.opened/1", account | {"mandate": mandate}, by=made.both)
    made.act("books.opened/1", {"on": "2026-01-01", "handed_over_by": "前期物业", "parts": []}, by=made.both)
    at(made, "2026-12-31")
    assert len(found(made, "opening.no_account")) == met


# --- units ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-04-05", 0), ("2026-04-06", 1)])
def test_units_that_were_declared_and_not_entered(day: str, met: int) -> None:
    community = Community(genesis={"units": {"count": 2, "area": 20_000, "source": "0" * 64}})
    at(community, day)
    expected = [{"units": 0, "declared": 2, "area": "0.00", "declared_area": "200.00"}] * met
    assert found(community, "units.incomplete") == expected


@pytest.mark.parametrize(("count", "area", "met"), [(2, 20_000, 0), (3, 20_000, 1), (2, 20_001, 1)])
def test_units_that_are_not_as_many_or_not_as_large(count: int, area: int, met: int) -> None:
    community = Community(flats("a1 a2"), genesis={"units": {"count": count, "area": area, "source": "0" * 64}})
    at(community, "2026-12-31")
    assert len(found(community, "units.incomplete")) == met


def test_parking_that_does_not_count() -> None:
    community = Community([*flats("a1 a2"), Flat("p1", 1_250, counts_area=False, counts_head=False)])
    at(community, "2026-12-31")
    assert found(community, "units.incomplete") == []


@pytest.mark.parametrize(
    ("unit", "moved"),
    [
        (Flat("a1", 13_000), ["+30.00"]),
        (Flat("a1", 9_999), ["-0.01"]),
        (Flat("a1", counts_area=False), ["-100.00"]),
        (Flat("a1", counts_head=False), ["+0.00"]),
        (Flat("a1", owners=("buyer",)), []),
    ],
)
def test_a_unit_that_weighs_another(unit: Flat, moved: list[str]) -> None:
    community = Community(flats("a1 a2"))
    community.change_unit(unit)
    assert [finding["moved"] for finding in found(community, "units.area_changed")] == moved


def test_a_unit_that_was_put_right_again_and_one_that_was_not() -> None:
    community = Community(flats("a1 a2"))
    community.change_unit(Flat("a1", 13_000))
    last = community.change_unit(Flat("a2", 12_000))
    community.change_unit(Flat("a1"))
    (finding,) = findings(community, "units.area_changed")
    assert [cited.record for cited in finding.evidence] == [last]
    assert finding.figures == {"units": 1, "moved": "+20.00"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("物业服务合同，小区总建筑面积71,564.72㎡", ["71564.72"]),
        ("小区总面积：71564.7平方米", ["71564.70"]),
        ("小区总建筑面积200.00㎡", []),  # as the units add up to
        ("合同总面积300平方米，小区总建筑面积400平方米", []),  # which of them?
        ("2栋总面积9,038.20平方米", []),
        ("小区绿化总面积约80㎡", []),
        ("广告位3㎡", []),
    ],
)
def test_an_area_of_the_whole_that_papers_say(text: str, printed: list[str]) -> None:
    community = Community(flats("a1 a2"))
    at(community, "2026-02-01", subject=text)
    assert [finding["printed"] for finding in found(community, "units.area_differs")] == printed


def test_areas_in_lines_and_contracts_are_one_finding() -> None:
    community = Community(flats("a1 a2"))
    at(community, "2026-02-01", lines=[{"text": "甲"}, {"text": "小区总建筑面积300㎡"}])
    contract = {"code": "c1", "direction": "out", "object": "物业服务", "notes": "合同总建筑面积400㎡"}
    community.act("contract.entered/1", contract, by=["chair"])
    other = {"code": "c2", "direction": "out", "object": "小区总建筑面积500㎡保洁"}
    community.act("contract.entered/1", other, by=["chair"])
    (finding,) = findings(community, "units.area_differs")
    assert finding.figures["printed"] == "400.00, 500.00, 300.00"
    assert [cited.part for cited in finding.evidence] == ["", "", "lines/1"]


def test_papers_of_a_community_whose_units_are_not_entered() -> None:
    community = Community()
    at(community, "2026-02-01", subject="小区总建筑面积300㎡")
    assert found(community, "units.area_differs") == []


# --- owners' keys -----------------------------------------------------------------------------------------------------


def keyed(able: int, every: int = 6, **how: Any) -> Community:
    """Homes of which so many have an owner with a key."""
    community = Community(genesis={"units": {"count": every, "area": every * 10_000, "source": "0" * 64}})
    units = [Flat(f"a{n}", **how) for n in range(every)]
    for number, unit in enumerate(units):
        community.enter(*unit.owned(), keys=number < able)
    community.settle(units)
    return community


@pytest.mark.parametrize(("able", "met"), [(4, 0), (3, 1), (0, 1)])
def test_too_few_owners_with_keys(able: int, met: int) -> None:
    community = keyed(able)
    assert found(community, "owners.without_keys") == []  # the list has only just been closed
    at(community, "2026-12-31")
    assert [finding["heads"] for finding in found(community, "owners.without_keys")] == [able] * met


def test_a_meeting_is_called_before_owners_have_keys() -> None:
    community = keyed(3)
    Poll(community).call()
    assert len(found(community, "owners.without_keys")) == 1


def test_keys_that_were_revoked_and_voters_who_were_named() -> None:
    community = keyed(6)
    at(community, "2026-12-31")
    for number in range(3):
        community.revoke(community.key(f"owner-a{number}"))
    assert len(found(community, "owners.without_keys")) == 1
    community.change_unit(Flat("a0", owners=("owner-a0", "owner-a5")))
    assert len(found(community, "owners.without_keys")) == 0
    community.change_unit(Flat("a0", owners=("owner-a0", "owner-a5"), voter="owner-a0"))
    assert len(found(community, "owners.without_keys")) == 1


def test_area_counts_as_heads_do() -> None:
    community = Community(genesis={"units": {"count": 3, "area": 50_000, "source": "0" * 64}})
    large = Flat("b1", 30_000)
    community.enter("owner-b1", keys=False)
    community.settle([*flats("a1 a2"), large])
    at(community, "2026-12-31")
    assert [finding["area"] for finding in found(community, "owners.without_keys")] == ["200.00"]


def test_heads_count_as_area_does() -> None:
    """Who has three quarters of the area is one of three heads."""
    community = Community(genesis={"units": {"count": 3, "area": 80_000, "source": "0" * 64}})
    community.enter("owner-a1", "owner-a2", keys=False)
    community.settle([*flats("a1 a2"), Flat("b1", 60_000)])
    at(community, "2026-12-31")
    (finding,) = found(community, "owners.without_keys")
    assert (finding["heads"], finding["all_heads"], finding["area"], finding["all_area"]) == (1, 3, "600.00", "800.00")


@pytest.mark.parametrize("how", [{"counts_head": False}, {"counts_area": False}])
def test_units_that_nobody_votes_with_want_no_keys(how: dict[str, bool]) -> None:
    community = keyed(0, **how)
    at(community, "2026-12-31")
    assert found(community, "owners.without_keys") == []


def test_a_list_of_units_that_is_still_open_wants_no_keys() -> None:
    community = Community(genesis={"units": {"count": 2, "area": 20_000, "source": "0" * 64}})
    community.enter("owner-a1", keys=False)
    community.acts([("unit.entered/1", community.unit_body(flat)) for flat in flats("a1")], by=community.both)
    at(community, "2026-12-31")
    assert found(community, "owners.without_keys") == []
    assert len(found(community, "units.incomplete")) == 1


# --- calendars and audits ---------------------------------------------------------------------------------------------


def test_a_year_whose_working_days_are_not_adopted() -> None:
    made = treasury()
    (finding,) = findings(made, "calendar.missing")
    assert finding.figures == {"year": 2026}
    made.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=made.both)
    assert found(made, "calendar.missing") == []
    at(made, "2027-01-01")
    assert found(made, "calendar.missing") == [{"year": 2027}]
    assert found(Community(), "calendar.missing") == []  # there are no books yet


YEARLY = profile_with("audit.annual", "true")


@pytest.mark.parametrize(("day", "met"), [("2026-12-31", 0), ("2027-06-30", 0), ("2027-07-01", 1), ("2028-06-30", 1)])
def test_a_yearly_audit(day: str, met: int) -> None:
    made = Treasury(profile=YEARLY)
    made.open()
    at(made, day)
    assert found(made, "audit.annual_missing") == [{"due_day": "2027-06-30", "year": 2026}] * met


@pytest.mark.parametrize(
    ("entered", "paper", "met"),
    [
        ("2027-06-01", {"kind": "report", "subject": "2026年度审计报告"}, 0),
        ("2027-06-01", {"kind": "report", "subject": "Audit of 2026"}, 0),
        ("2027-06-01", {"kind": "report", "subject": "消防检测报告"}, 1),
        ("2027-06-01", {"kind": "letter", "subject": "关于审计的函"}, 1),
        ("2026-06-30", {"kind": "report", "subject": "2025年度审计报告"}, 1),
        ("2026-07-01", {"kind": "report", "subject": "审计报告"}, 0),
    ],
)
def test_a_report_of_a_yearly_audit(entered: str, paper: dict[str, str], met: int) -> None:
    made = Treasury(profile=YEARLY)
    made.open()
    at(made, entered, **paper)
    at(made, "2027-08-01")
    assert len(found(made, "audit.annual_missing")) == met


@pytest.mark.parametrize(("sort", "met"), [("annual", 0), ("term", 1)])
def test_a_yearly_report_that_an_auditor_signed(sort: str, met: int) -> None:
    made = Treasury(profile=YEARLY, officers={**OFFICERS, "auditor": ("auditor", "assembly")})
    made.open()
    made.set_clock("2027-06-01T12:00:00+08:00")
    body = {"sort": sort, "start": "2026-01-01", "until": "2026-12-31", "prefix": 1, "opinion": "unqualified"}
    body |= {"checks": 1, "form": 1, "report": "0" * 64, "firm": "事务所", "report_number": "一号"}
    made.act("audit.reported/1", body, by=["auditor"])
    at(made, "2027-08-01")
    assert len(found(made, "audit.annual_missing")) == met


def test_a_community_whose_rules_want_no_audit() -> None:
    made = treasury()
    at(made, "2029-12-31")
    assert found(made, "audit.annual_missing") == []
