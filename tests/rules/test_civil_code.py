"""The national default, value by value: this table is the reading of the law, written apart from the profile."""

from typing import Final

import pytest

from ledger.rules import SCHEMA, Days, Evidence, Kind, MonthDay, Profile, Ratio, Share, Tier, names, shipped

APPROVERS: Final = ("chair", "vice_chair", "treasurer", "member", "caretaker", "company")


def days(text: str) -> Days:
    return Days.parse(text)


def ratio(text: str) -> Ratio:
    return Ratio.parse(text)


SETTLED: Final[dict[str, object]] = {
    "vote.participation": ratio(">=2/3"),
    "vote.ordinary": ratio(">1/2"),
    "vote.special": ratio(">=3/4"),
    "vote.base": "participating",
    "vote.special_items": (6, 7, 8),
    "vote.special_modes": (),
    "vote.call_share": ratio(">=1/5"),
    "vote.revocation_years": 1,
    "notice.regular": days("15d"),
    "notice.extra": days("15d"),
    "fund.deposit_rate": (Share(5, 100), Share(8, 100)),
    "fund.topup_trigger": ratio("<30/100"),
    "fund.topup_target": "assembly",
    "fund.reconcile_months": 12,
    "fund.publish_months": 12,
    "fund.invest": "treasury_hold",
    "account.personal": False,
    "trust.report_months": 12,
}
LEFT_OPEN: Final[dict[str, object]] = {
    "vote.non_voter_policy": "exclude",
    "vote.non_voter_floor": "none",
    "vote.proxy_cap": 0,
    "vote.platform": "any",
    "vote.paper": "allowed",
    "vote.days_min": 0,
    "vote.days_max": 0,
    "vote.extension_months": 0,
    "vote.retable_years": 0,
    "vote.result_inquiry": days("0d"),
    "committee.term_years": 5,
    "committee.meeting_months": 0,
    "fund.deposit_fen_m2": (),
    "fund.topup_decide": days("0d"),
    "fund.topup_pay": days("0d"),
    "fund.audit_free_fen": 0,
    "emergency.decide": days("0d"),
    "emergency.post_before_draw": days("0d"),
    "emergency.reserve": Share(0, 100),
    "emergency.upfront": Share(100, 100),
    "emergency.cap_fen": 0,
    "income.deduction_max": "none",
    "income.to_fund": "none",
    "income.to_fund_when": "none",
    "income.to_fund_months": 0,
    "account.holders": ("assembly", "committee", "company_special"),
    "account.comanaged": "optional",
    "account.delegation": "by_resolution",
    "statement.period_months": 6,
    "statement.posting": days("15d"),
    "statement.answer_post": days("0d"),
    "statement.realtime": False,
    "audit.annual": False,
    "audit.annual_due": MonthDay(6, 30),
    "trust.rate": "none",
    "trust.cap": 0,
    "street.site_approval": False,
}
ADOPTED: Final[dict[str, object]] = {
    "chart": "adopted",
    "vote.scope_levels": ("community", "building", "stack", "units"),
    "vote.head_merge": "same_owner_set",
    "vote.parking_default": "registrable_only",
    "vote.void_participates": False,
    "vote.proxy_company_staff": "warn",
    "vote.openings": "coded",
    "vote.unopened_after": days("7d"),
    "vote.title_change": "cast_stands",
    "vote.result_post": days("3d"),
    "notice.undeliverable": days("7d"),
    "election.candidate_post": days("7d"),
    "committee.post": days("3d"),
    "committee.caretaker_post": days("3d"),
    "committee.seal_consent": ratio(">1/2"),
    "committee.caretaker_years": 3,
    "committee.report_months": 3,
    "fund.overrun": ratio(">=10/100"),
    "emergency.categories": ("lift", "fire", "facade", "leak", "drains", "water_pump", "other"),
    "emergency.evidence": Evidence(certificate=True, parties=2),
    "emergency.approvers": ("committee", "street"),
    "emergency.publish": days("30d"),
    "income.bank_within": days("15wd"),
    "income.invest": False,
    "income.holder_before_assembly": "company_special",
    "account.tiers": (
        Tier(0, 1, APPROVERS, days("0d")),
        Tier(5_000_01, 2, APPROVERS, days("0d")),
        Tier(100_000_00, 2, APPROVERS, days("10d")),
    ),
    "account.large_fen": 100_000_00,
    "account.large_post": days("10d"),
    "account.lapse_policy": "recurring_only",
    "account.handover": days("10d"),
    "account.member_handover": days("10d"),
    "statement.signers": ("treasurer", "chair"),
    "statement.publish_within": days("30d"),
    "statement.objection_extra": days("7d"),
    "statement.reply": days("7d"),
    "statement.seal_months": 6,
    "audit.term": True,
    "audit.leaving": True,
    "audit.demand_share": ratio(">=1/5"),
    "audit.posting": days("30d"),
    "audit.split_days": 30,
    "audit.near_limit": ratio(">=90/100"),
    "audit.quotes_min": 3,
    "audit.advance_days": 60,
    "audit.late_days": 30,
    "audit.peer_factor": 3,
    "audit.unmatched_days": 30,
    "trust.base": "received",
    "street.gate": ("fund_large", "manager", "fee"),
    "street.gate_silence": days("7d"),
    "calendar.rest_weekend": True,
}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return shipped("civil-code-2021")


@pytest.mark.parametrize(("key", "value"), [*SETTLED.items(), *LEFT_OPEN.items(), *ADOPTED.items()])
def test_each_value_is_the_one_of_the_law(profile: Profile, key: str, value: object) -> None:
    assert profile.settings[key].value == value
    assert type(profile.settings[key].value) is type(value)


def test_no_key_is_without_a_case() -> None:
    assert sorted([*SETTLED, *LEFT_OPEN, *ADOPTED]) == sorted(SCHEMA)


def test_adopted_rules_are_marked_as_such_and_nothing_else(profile: Profile) -> None:
    assert profile.starred == frozenset(ADOPTED)
    assert not any(profile.adopted(key) for key in [*SETTLED, *LEFT_OPEN])


def test_only_what_national_law_settles_is_called_settled(profile: Profile) -> None:
    assert {key for key in SCHEMA if profile.status(key) == "S"} == set(SETTLED)


def test_unsettled_questions_of_the_vote_are_marked(profile: Profile) -> None:
    unsettled = {key for key in SCHEMA if profile.status(key) == "U"}
    assert unsettled >= {"vote.non_voter_policy", "vote.void_participates", "vote.head_merge", "vote.parking_default"}


@pytest.mark.parametrize("name", names())
def test_each_value_of_each_profile_names_its_source(name: str) -> None:
    profile = shipped(name)
    assert profile.name == name
    assert set(profile.settings) == set(SCHEMA)
    assert all(profile.basis(key).strip() for key in SCHEMA)


def test_the_header(profile: Profile) -> None:
    assert profile.in_force.isoformat() == "2021-01-01"
    assert profile.opens_votes
    assert "民法典" in profile.law


def test_five_thousand_yuan_need_one_approver_and_a_fen_more_needs_two(profile: Profile) -> None:
    tiers = {fen: profile.tier(fen) for fen in (0, 5_000_00, 5_000_01, 99_999_99, 100_000_00, 10**12)}
    assert [tier.approvals for tier in tiers.values()] == [1, 1, 2, 2, 2, 2]
    assert [tier.post.count for tier in tiers.values()] == [0, 0, 0, 0, 10, 10]


def test_a_top_up_is_due_below_thirty_in_a_hundred(profile: Profile) -> None:
    trigger = profile.ratio("fund.topup_trigger")
    assert trigger.holds(2_999_99, 10_000_00)
    assert not trigger.holds(3_000_00, 10_000_00)


def test_the_text_fits_into_an_entry_with_room_for_the_rest(profile: Profile) -> None:
    assert len(profile.text.encode()) < 12_000


def test_every_kind_of_value_is_in_use() -> None:
    assert {key.kind for key in SCHEMA.values()} == set(Kind)
