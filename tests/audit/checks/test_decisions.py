"""Decisions that the machine takes as they come, each beside the nearest one that the law takes too."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.accounts.treasury import Treasury
from tests.audit.checks.asked import findings, found
from tests.community import OFFICERS, Community, Flat, digest_of, flats, profile_with
from tests.poll import DELEGATION, Poll, motion

TEN = "a1 a2 a3 a4 a5 a6 a7 a8 a9 b1"


def house(**how: Any) -> Community:
    return Community(flats(TEN), **how)


def votes(yes: int, no: int = 0) -> dict[str, str]:
    return {unit: "y" if n < yes else "n" for n, unit in enumerate(TEN.split()[: yes + no])}


def held(community: Community, answers: Mapping[str, str], *motions: Mapping[str, Any], **how: Any) -> Poll:
    return Poll.hold(community, motions or [motion()], answers, **how)


# --- the Civil Code's shares ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "matter", "yes", "no", "met"),
    [
        (("vote.participation", '">1/2"'), 9, 6, 0, 1),  # 6 of 10 take part: two thirds are 7
        (("vote.participation", '">1/2"'), 9, 7, 0, 0),
        (("vote.ordinary", '">=1/2"'), 9, 4, 4, 1),  # exactly half
        (("vote.ordinary", '">=1/2"'), 9, 5, 4, 0),
        (("vote.special", '">=2/3"'), 6, 5, 2, 1),  # 5 of 7: below three quarters
        (("vote.special", '">=2/3"'), 7, 5, 2, 1),
        (("vote.special", '">=2/3"'), 8, 5, 2, 1),
        (("vote.special", '">=2/3"'), 8, 6, 2, 0),  # exactly three quarters
    ],
)
def test_passed_short_of_the_law(value: tuple[str, str], matter: int, yes: int, no: int, met: int) -> None:
    community = house(profile=profile_with(*value))
    poll = held(community, votes(yes, no), motion(matter))
    assert poll.passed()
    assert [finding["yes_heads"] for finding in found(community, "decision.below_law")] == [yes] * met


def test_void_ballots_are_counted_both_ways_before_anything_is_said() -> None:
    """Seven of ten cast, one of them void: with it two thirds took part, and the law does not say whether it counts."""
    community = house(profile=profile_with("vote.void_participates", "true"))
    assert held(community, votes(6) | {"a7": "x"}).passed()
    assert found(community, "decision.below_law") == []


def test_short_both_ways_is_told_without_the_void_ballots() -> None:
    text = profile_with("vote.void_participates", "true").replace(
        'participation = { value = ">=2/3"', 'participation = { value = ">1/2"'
    )
    community = house(profile=text)
    assert held(community, votes(5) | {"a6": "x"}).passed()
    (finding,) = found(community, "decision.below_law")
    assert (finding["yes_heads"], finding["heads"], finding["area"]) == (5, 5, "500.00")


def test_area_and_heads_must_both_reach_it() -> None:
    community = Community(
        [*flats("a1 a2 a3 a4 a5 a6 a7 a8"), Flat("b1", 80_000)], profile=profile_with("vote.participation", '">=1/2"')
    )
    assert held(community, dict.fromkeys(TEN.split()[:8], "y")).passed()  # half of the area
    (finding,) = found(community, "decision.below_law")
    assert (finding["area"], finding["all_area"]) == ("800.00", "1600.00")


def test_heads_are_short_where_area_is_not() -> None:
    text = profile_with("vote.participation", '">=1/3"')
    community = Community([*flats("a1 a2 a3 a4 a5 a6"), Flat("b1", 300_000)], profile=text)
    assert held(community, {"b1": "y", "a1": "y", "a2": "y"}).passed()
    assert [finding["heads"] for finding in found(community, "decision.below_law")] == [3]


def test_an_opinion_and_a_motion_that_failed_decide_nothing() -> None:
    community = house(profile=profile_with("vote.participation", '">1/2"'))
    held(community, votes(6), phone=False)
    held(community, votes(0, 6))
    assert found(community, "decision.below_law") == []


# --- the rules themselves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "met"),
    [
        ("vote.participation", '">1/2"', 1),
        ("vote.participation", '">2/3"', 0),  # more than the law asks
        ("vote.ordinary", '">=1/2"', 1),  # half is no majority
        ("vote.ordinary", '">=2/3"', 0),
        ("vote.special", '">2/3"', 1),
        ("vote.special_items", "[6, 7]", 1),
        ("vote.special_items", "[5, 6, 7, 8]", 0),
        ("notice.regular", '"14d"', 1),
        ("notice.regular", '"15d"', 0),
        ("notice.regular", '"10wd"', 0),
    ],
)
def test_rules_that_ask_for_less_than_the_law(key: str, value: str, met: int) -> None:
    text = profile_with(key, value) if (key, value) != ("notice.regular", '"15d"') else None
    below = [finding["below"] for finding in found(house(profile=text), "decision.rules_below_law")]
    assert len(below) == met
    assert all(str(said).startswith(key) for said in below)


def test_a_profile_that_opens_no_vote_may_say_what_the_old_law_said() -> None:
    text = profile_with("vote.participation", '">1/2"').replace("opens_votes = true", "opens_votes = false")
    assert found(house(profile=text), "decision.rules_below_law") == []


def test_a_later_profile_is_read_too() -> None:
    community = house()
    adopted = adopt(community, profile_with("vote.special", '">=2/3"'))
    (finding,) = findings(community, "decision.rules_below_law")
    assert finding.evidence[0].record == adopted


def adopt(community: Community, text: str, source: str = "") -> str:
    body = {"text": text, "source": source or digest_of("decision")}
    return community.act("profile.adopted/1", body, by=community.both)


@pytest.mark.parametrize(
    ("key", "value", "rules"),
    [
        ("vote.special", '">=4/5"', ["vote.special"]),
        ("notice.extra", '"20d"', ["notice.extra"]),
        ("audit.late_days", "31", []),
    ],
)
def test_rules_that_change_between_notice_and_opening(key: str, value: str, rules: list[str]) -> None:
    community = house()
    poll = Poll(community)
    poll.call(), poll.post()
    adopt(community, profile_with(key, value))
    community.advance(days=15)
    poll.freeze(), poll.open()
    assert [finding["rules"] for finding in found(community, "decision.rules_moved")] == rules


def test_only_what_was_adopted_between_notice_and_opening_is_told() -> None:
    community = house()
    poll = Poll(community)
    poll.call()
    adopt(community, profile_with("vote.special", '">=5/6"'))
    poll.post()
    between = adopt(community, profile_with("vote.special", '">=4/5"'))
    community.advance(days=15)
    poll.freeze(), poll.open()
    adopt(community, profile_with("vote.special", '">=6/7"'))
    (finding,) = findings(community, "decision.rules_moved")
    assert [cited.record for cited in finding.evidence] == [poll.opened, between, poll.notice]


def test_rules_that_changed_before_the_notice_or_after_the_opening() -> None:
    community = house()
    poll = Poll(community)
    poll.call()
    adopt(community, profile_with("vote.special", '">=4/5"'))
    poll.post()
    community.advance(days=15)
    poll.freeze(), poll.open()
    adopt(community, profile_with("vote.special", '">=5/6"'))
    assert found(community, "decision.rules_moved") == []


# --- papers behind a change -------------------------------------------------------------------------------------------


def bylaws(community: Community, source: str) -> None:
    community.act("bylaws.adopted/1", {"document": digest_of("other rules"), "source": source}, by=community.both)


def appoint(community: Community, source: str, role: str = "member", person: str = "owner-a1", **term: str) -> None:
    body = {
        "person": community.ref(person),
        "role": role,
        "body": "committee",
        "start": "2026-02-01",
        "end": "2027-01-31",
    }
    community.act("role.appointed/1", body | {"source": source} | term, by=community.both)


def test_changes_whose_paper_stands_nowhere() -> None:
    community = house()
    adopt(community, profile_with("vote.special", '">=4/5"'), digest_of("a"))
    bylaws(community, digest_of("b"))
    appoint(community, digest_of("c"))
    appoint(community, digest_of("d"), role="clerk")  # no office of the body
    sources = {digest_of(name)[:12] for name in "abc"}
    assert {finding["source"] for finding in found(community, "decision.source_unknown")} == sources


def test_one_paper_behind_several_changes_is_one_finding() -> None:
    community = house()
    for person in ("owner-a1", "owner-a2"):
        appoint(community, digest_of("c"), person=person)
    assert [finding["changes"] for finding in found(community, "decision.source_unknown")] == [2]


def test_changes_on_a_paper_or_a_vote_that_stands_here() -> None:
    community = house()
    paper = {
        "kind": "minutes",
        "subject": "会议纪要",
        "original": digest_of("original"),
        "redacted": digest_of("redacted"),
    }
    entered = community.act("document.entered/1", paper, by=["chair"])
    poll = held(community, votes(8), motion(1, title="议事规则"))
    for n, source in enumerate([entered, digest_of("original"), digest_of("redacted"), poll.certificate, poll.called]):
        appoint(community, source, person=f"owner-a{n + 1}")
    bylaws(community, digest_of("议事规则"))  # the text that was voted on
    assert found(community, "decision.source_unknown") == []


def test_a_mandate_changed_on_no_paper() -> None:
    community = house()
    mandate = [{"least": 1, "seats": [["chair"]]}]
    account = {"code": "bank", "nature": "bank", "title": "专户", "holder": "committee", "funds": ["service_fee"]}
    community.act("account.opened/1", account | {"mandate": mandate}, by=community.both)
    community.act(
        "mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("m")}, by=community.both
    )
    assert [finding["source"] for finding in found(community, "decision.source_unknown")] == [digest_of("m")[:12]]


# --- matters ----------------------------------------------------------------------------------------------------------

LETTING = "关于出租小区公共场地设置广告的议案"


@pytest.mark.parametrize(
    ("title", "matter", "yes", "no", "wrong", "unclear"),
    [
        (LETTING, 9, 5, 2, 1, 0),  # 5 of 7: a majority, not three quarters
        (LETTING, 9, 6, 2, 0, 1),  # three quarters: enough for both
        (LETTING, 8, 6, 2, 0, 0),
        (LETTING, 9, 2, 5, 0, 0),  # failed
        (LETTING, 9, 3, 0, 0, 0),  # failed: three of ten are too few to decide
        ("公共场地出租收入的使用方案", 9, 5, 2, 0, 0),
        ("续筹住宅专项维修资金", 5, 5, 2, 1, 0),
        ("使用住宅专项维修资金更换电梯", 5, 5, 2, 0, 0),
        ("改建附属设施", 9, 5, 2, 1, 0),
    ],
)
def test_a_title_and_its_matter(title: str, matter: int, yes: int, no: int, wrong: int, unclear: int) -> None:
    community = house()
    held(community, votes(yes, no), motion(matter, title=title))
    assert len(found(community, "decision.wrong_matter")) == wrong
    assert len(found(community, "decision.unclear_matter")) == unclear


def test_a_vote_short_of_the_higher_majority_says_which_matter_it_seems_to_be() -> None:
    community = house()
    held(community, votes(5, 2), motion(9, title=LETTING))
    figures = {"title": LETTING, "matter": 9, "other": 8, "yes_heads": 5, "heads": 7}
    assert found(community, "decision.wrong_matter") == [figures]


@pytest.mark.parametrize(
    ("items", "matter", "title"), [("[6, 7]", 8, LETTING), ("[5, 6, 7, 8]", 5, "续筹住宅专项维修资金")]
)
def test_a_matter_of_the_higher_majority_by_law_or_by_the_rules_is_put_as_that(
    items: str, matter: int, title: str
) -> None:
    community = house(profile=profile_with("vote.special_items", items))
    held(community, votes(6, 2), motion(matter, title=title))
    assert found(community, "decision.wrong_matter") == found(community, "decision.unclear_matter") == []


def test_a_motion_still_to_be_voted_on() -> None:
    community = house()
    poll = Poll(community, [motion(9), motion(9, title=LETTING)])
    poll.call()
    (finding,) = findings(community, "decision.unclear_matter")
    assert finding.evidence[0].part == "motions/1"
    assert (finding.figures["matter"], finding.figures["other"]) == (9, 8)
    assert found(community, "decision.wrong_matter") == []
    community.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "类别有误"}, by=["chair"])
    assert found(community, "decision.unclear_matter") == []


def test_a_question_that_binds_nobody_may_have_any_matter() -> None:
    community = house()
    held(community, votes(5, 2), motion(9, title=LETTING), phone=False)
    assert found(community, "decision.wrong_matter") == found(community, "decision.unclear_matter") == []


# --- who signed, what stayed sealed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "phone", "records"),
    [(["chair", "registrar"], True, []), (["chair"], True, [1]), (["supervisor"], True, [1]), (["chair"], False, [])],
)
def test_a_certificate_without_the_registrar(by: list[str], phone: bool, records: list[int]) -> None:
    community = house()
    poll = Poll(community, phone=phone)
    poll.prepare()
    poll.cast("a1", "y")
    poll.close()
    poll.unseal()
    poll.certify(by=by)
    assert [finding["records"] for finding in found(community, "decision.no_registrar")] == records


def test_a_community_without_a_registrar() -> None:
    community = house(officers={name: OFFICERS[name] for name in ("chair", "treasurer", "member")})
    held(community, votes(7))
    (finding,) = findings(community, "decision.no_registrar")
    assert finding.figures["records"] == len(finding.evidence) == 2  # roll and certificate


@pytest.mark.parametrize(
    ("answers", "sealed", "base", "passed", "met"),
    [
        ("yyyyyn", 2, "participating", False, 1),
        ("yyyyyn", 0, "participating", False, 0),
        ("ynnnnn", 2, "participating", False, 0),
        ("yyyyy", 1, "participating", False, 0),  # six of ten are too few still
        ("yyyynn", 1, "participating", False, 1),  # five of seven
        ("yyyynn", 1, "all", False, 0),  # five of ten
        ("yyyynnn", 2, "all", False, 1),
        ("yyyyyyy", 2, "participating", True, 0),
    ],
)
def test_ballots_that_nobody_opened(answers: str, sealed: int, base: str, passed: bool, met: int) -> None:
    """Of ten owners; had those that stayed sealed said yes, some motions would pass."""
    community = house(profile=profile_with("vote.base", f'"{base}"'))
    poll = Poll(community)
    poll.prepare()
    units = TEN.split()
    for unit, answer in zip(units, [*answers, *["y"] * sealed], strict=False):
        poll.cast(unit, answer)
    poll.close()
    community.advance(days=9)
    poll.unseal(*units[: len(answers)])
    poll.certify()
    assert poll.passed() == passed
    assert found(community, "decision.unopened_turns") == [{"ballots": sealed, "heads": sealed}] * met


@pytest.mark.parametrize(("days", "phone", "met"), [(5, True, 0), (4, True, 1), (4, False, 0)])
def test_a_vote_that_is_open_for_a_short_time(days: int, phone: bool, met: int) -> None:
    community = house()
    poll = Poll(community, days=(16, days), phone=phone)
    poll.prepare()
    assert [finding["hours"] for finding in found(community, "decision.short_vote")] == [24 * days] * met


# --- delegations ------------------------------------------------------------------------------------------------------


def delegated(community: Community, yes: int = 8, **other: Any) -> None:
    held(community, votes(yes, 8 - yes), motion(9, effect=DELEGATION | other))


@pytest.mark.parametrize(("each", "met"), [(9_999_999, 0), (10_000_000, 1)])
def test_a_delegation_of_large_payments(each: int, met: int) -> None:
    community = house()
    delegated(community, each=each, total=20_000_000)
    assert len(found(community, "decision.delegation_large")) == met


@pytest.mark.parametrize(("until", "met"), [("2030-12-31", 0), ("2031-01-01", 1)])
def test_a_delegation_beyond_everybody_s_term(until: str, met: int) -> None:
    community = house()
    delegated(community, until=until)
    assert [finding["term_day"] for finding in found(community, "decision.delegation_long")] == ["2030-12-31"] * met


@pytest.mark.parametrize(
    ("role", "start", "end", "term_day"),
    [
        ("member", "2026-01-05", "2031-06-30", "2031-06-30"),  # in office on the day of the call
        ("member", "2026-01-06", "2031-06-30", "2030-12-31"),
        ("supervisor", "2026-01-01", "2031-06-30", "2030-12-31"),
    ],
)
def test_the_terms_of_those_to_whom_it_is_given(role: str, start: str, end: str, term_day: str) -> None:
    community = house()
    term = {"start": start, "end": end, "body": "supervisors" if role == "supervisor" else "committee"}
    appoint(community, digest_of("minutes"), role, **term)
    delegated(community, until="2031-12-31")
    assert [f["term_day"] for f in found(community, "decision.delegation_long")] == [term_day]


@pytest.mark.parametrize(("last_day", "term_day"), [("2026-01-05", ["2026-01-05"]), ("2026-01-04", [])])
def test_a_body_that_left_when_it_had_asked_for_it(last_day: str, term_day: list[str]) -> None:
    """A term may be ended as of the day before: then nobody was in office on the day of the call."""
    community = house(officers={name: OFFICERS[name] for name in ("chair", "registrar")})
    poll = Poll(community, [motion(9, effect=DELEGATION)])
    poll.call()
    appoint(community, digest_of("minutes"), "chair", start="2026-01-06")
    ended = {"person": community.ref("chair"), "role": "chair", "on": last_day, "source": digest_of("minutes")}
    community.act("role.ended/1", ended, by=community.both)
    community.advance(days=1)
    by = ("owner-a1", "registrar")
    poll.post(by=by[0]), poll.freeze(by=by), poll.open(by=by[:1])
    poll.wait_until(poll.opens)
    for unit, answer in votes(8).items():
        poll.cast(unit, answer)
    poll.close()
    poll.unseal(by=by[0])
    poll.certify(by=by)
    assert poll.passed()
    assert [finding["term_day"] for finding in found(community, "decision.delegation_long")] == term_day


def test_motions_that_delegate_nothing() -> None:
    made = Treasury(units=flats(TEN))
    made.open()
    effect = {"type": "payment", "fund": "service_fee", "party": "lift", "purpose": "大修", "cap": 20_000_000}
    held(made, votes(8), motion(9), phone=True)
    held(made, votes(8), motion(9, effect=effect | {"start": "2026-01-01", "until": "2040-12-31"}))
    assert found(made, "decision.delegation_large") == found(made, "decision.delegation_long") == []


def test_a_delegation_that_failed_or_only_asked() -> None:
    community = house()
    delegated(community, yes=3, each=10_000_000, total=10_000_000, until="2035-12-31")
    held(community, votes(8), motion(9, effect=DELEGATION | {"each": 10_000_000, "total": 10_000_000}), phone=False)
    assert found(community, "decision.delegation_large") == found(community, "decision.delegation_long") == []
