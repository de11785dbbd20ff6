"""Profiles: read from text alone, complete, and refused with everything that is wrong."""

import hashlib
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotFound
from ledger.rules import SCHEMA, Kind, Profile, Ratio, Share, names, shipped
from ledger.rules.profile import shipped_text

TEXT = shipped_text("civil-code-2021")


def with_setting(key: str, value: str, *, text: str = TEXT) -> str:
    """The default profile with another value (as TOML) for one key, all else alike."""
    prefix, _, name = key.rpartition(".")
    head, tail = text.split(f"[{prefix}]\n", 1) if prefix else ("", text)
    found = re.search(rf"^{name} = {{ value = .*?, basis = ", tail, re.MULTILINE)
    assert found, key
    tail = f"{tail[: found.start()]}{name} = {{ value = {value}, basis = {tail[found.end() :]}"
    return f"{head}[{prefix}]\n{tail}" if prefix else tail


def without_line(key: str) -> str:
    prefix, _, name = key.rpartition(".")
    lines, table = [], ""
    for line in TEXT.split("\n"):
        if line.startswith("["):
            table = line.strip("[]")
        if not (table == prefix and line.startswith(f"{name} = ")):
            lines.append(line)
    return "\n".join(lines)


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        Profile.parse(text)
    assert caught.value.rule == "profile.invalid"
    found = caught.value.context["problems"]
    assert isinstance(found, tuple)
    assert caught.value.value == len(found)
    return [(problem.rule, problem.context["key"]) for problem in found]


def test_the_digest_is_of_the_bytes_of_the_text() -> None:
    profile = Profile.parse(TEXT)
    assert profile.text == TEXT
    assert profile.digest == hashlib.sha256(TEXT.encode("utf-8")).hexdigest()
    assert Profile.parse("# another text, the same rules\n" + TEXT).digest != profile.digest


def test_profiles_are_equal_when_their_texts_are() -> None:
    assert Profile.parse(TEXT) == Profile.parse(TEXT)
    assert hash(Profile.parse(TEXT)) == hash(Profile.parse(TEXT))
    assert Profile.parse(TEXT) != Profile.parse(TEXT + "\n")


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Profile.parse(TEXT).settings["vote.ordinary"] = None  # type: ignore[index]


@pytest.mark.parametrize("key", SCHEMA)
def test_a_profile_without_one_of_the_keys_is_refused(key: str) -> None:
    assert problems(without_line(key)) == [("profile.missing_key", key)]


@pytest.mark.parametrize("value", ['"?"', "[[]]", "2021-01-01", "-1", "{ a = 1 }", '["lift", "lift"]', "[9, 1]"])
def test_a_value_of_another_type_is_refused_for_every_key(value: str) -> None:
    text = re.sub(r"{ value = .*?, basis = ", f"{{ value = {value}, basis = ", TEXT)
    assert sorted(problems(text)) == [("profile.value", key) for key in sorted(SCHEMA)]


def test_no_value_is_a_float() -> None:
    with pytest.raises(Malformed) as caught:
        Profile.parse(with_setting("audit.peer_factor", "1.5"))
    assert caught.value.rule == "toml.value"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("vote.participation", '"none"'),
        ("vote.non_voter_floor", '"None"'),
        ("vote.void_participates", "1"),
        ("vote.void_participates", '"false"'),
        ("vote.proxy_cap", "true"),
        ("vote.special_items", "[0]"),
        ("vote.special_items", "[10]"),
        ("vote.special_items", "[6, 6]"),
        ("vote.scope_levels", "[]"),
        ("notice.regular", "15"),
        ("fund.deposit_rate", "[]"),
        ("fund.deposit_rate", '["8/100", "5/100"]'),
        ("fund.deposit_fen_m2", '[{ class = "lift", fen_m2 = 0 }]'),
        ("fund.deposit_fen_m2", '[{ class = "lift", fen_m2 = 1 }, { class = "lift", fen_m2 = 2 }]'),
        ("fund.deposit_fen_m2", '[{ class = "有电梯", fen_m2 = 9500 }]'),
        ("account.personal", "true"),
        ("account.large_fen", "0"),
        ("statement.period_months", "5"),
        ("statement.signers", "[]"),
        ("statement.signers", '["emperor"]'),
        ("audit.annual_due", '"02-29"'),
        ("audit.annual_due", '"13-01"'),
        ("audit.annual_due", '"04-31"'),
        ("audit.annual_due", '"6-30"'),
        ("emergency.evidence", "{ certificate = false, parties = 0 }"),
        ("emergency.evidence", "{ certificate = true }"),
        ("account.tiers", "[]"),
        ("account.tiers", '[{ from_fen = 1, approvals = 1, roles = ["chair"], post = "0d" }]'),
        ("account.tiers", '[{ from_fen = 0, approvals = 2, roles = ["chair"], post = "0d" }]'),
        ("account.tiers", '[{ from_fen = 0, approvals = 0, roles = ["chair"], post = "0d" }]'),
        ("account.tiers", '[{ from_fen = 0, approvals = 1, roles = [], post = "0d" }]'),
        (
            "account.tiers",
            '[{ from_fen = 0, approvals = 1, roles = ["chair"], post = "0d" }, '
            '{ from_fen = 0, approvals = 1, roles = ["chair"], post = "0d" }]',
        ),
    ],
)
def test_values_that_look_right_and_are_not(key: str, value: str) -> None:
    assert problems(with_setting(key, value)) == [("profile.value", key)]


def test_large_payments_must_be_posted_as_long_as_the_profile_says_elsewhere() -> None:
    assert problems(with_setting("account.large_fen", "5000000")) == [("profile.tiers", "account.tiers")]
    assert problems(with_setting("account.large_post", '"15d"')) == [("profile.tiers", "account.tiers")]


def test_a_vote_cannot_have_to_last_longer_than_it_may() -> None:
    text = with_setting("vote.days_max", "60", text=with_setting("vote.days_min", "61"))
    assert problems(text) == [("profile.value", "vote.days_min")]
    assert Profile.parse(with_setting("vote.days_min", "5")).integer("vote.days_min") == 5


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = with_setting("vote.ordinary", '"half"', text=with_setting("notice.extra", '"soon"'))
    text = text.replace('status = "U", adopted = true }', 'status = "?", adopted = true }', 1)
    assert sorted(problems(text + "\n[vote2]\nodd = 1\n")) == [
        ("profile.status", "chart"),
        ("profile.unknown_key", "vote2.odd"),
        ("profile.value", "notice.extra"),
        ("profile.value", "vote.ordinary"),
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ('basis = "PMR 13"', 'basis = " "', ("profile.basis", "vote.call_share")),
        ('basis = "PMR 13"', "basis = 13", ("profile.basis", "vote.call_share")),
        ('basis = "PMR 13", ', "", ("profile.field", "vote.call_share")),
        ('basis = "PMR 13"', 'basis = "PMR 13", note = "x"', ("profile.field", "vote.call_share")),
        ('basis = "PMR 13", status = "S"', 'basis = "PMR 13", status = "s"', ("profile.status", "vote.call_share")),
        ('"PMR 13", status = "S"', '"PMR 13", status = "S", adopted = 1', ("profile.field", "vote.call_share")),
        ("[vote]\n", "[vote]\ncolour = 3\n", ("profile.unknown_key", "vote.colour")),
        ("[profile]\n", "[profile]\nextends = 1\n", ("profile.header", "profile")),
        ('name = "civil-code-2021"', 'name = "Civil Code"', ("profile.header", "profile.name")),
        ('name = "civil-code-2021"', "name = 3", ("profile.header", "profile.name")),
        ("in_force = 2021-01-01", 'in_force = "2021-01-01"', ("profile.header", "profile.in_force")),
        ("opens_votes = true", "opens_votes = 1", ("profile.header", "profile.opens_votes")),
    ],
)
def test_each_part_of_a_setting_is_checked(was: str, becomes: str, expected: tuple[str, str]) -> None:
    assert was in TEXT
    assert problems(TEXT.replace(was, becomes, 1)) == [expected]


def test_a_bare_value_is_no_setting() -> None:
    assert problems("paper = 3\n" + TEXT) == [("profile.unknown_key", "paper")]


def test_optional_values() -> None:
    profile = Profile.parse(TEXT)
    assert profile.optional_ratio("vote.non_voter_floor") is None
    assert profile.word("vote.non_voter_floor") == "none"
    assert profile.optional_share("fund.topup_target") is None
    assert profile.word("fund.topup_target") == "assembly"
    shanghai = Profile.parse(with_setting("fund.topup_target", '"50/100"'))
    assert shanghai.optional_share("fund.topup_target") == Share(50, 100)
    assert shanghai.share("fund.topup_target") == Share(50, 100)
    assert shanghai.word("fund.topup_target") is None
    zhejiang = Profile.parse(with_setting("vote.non_voter_floor", '">1/2"'))
    assert zhejiang.ratio("vote.non_voter_floor") == zhejiang.optional_ratio("vote.non_voter_floor") == Ratio(">", 1, 2)


def test_months_are_a_number_too() -> None:
    assert shipped("civil-code-2021").integer("statement.period_months") == 6


def test_a_day_of_every_year() -> None:
    due = shipped("civil-code-2021").month_day("audit.annual_due")
    assert due.of(2020) == date(2020, 6, 30)
    assert str(due) == "06-30"


def test_a_setting_may_have_a_table_of_its_own() -> None:
    line = 'site_approval = { value = false, basis = "no national rule", status = "L" }\n'
    table = '[street.site_approval]\nvalue = true\nbasis = "town"\nstatus = "L"\n'
    assert line in TEXT
    assert Profile.parse(TEXT.replace(line, table, 1)).flag("street.site_approval")


def test_a_value_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(NotFound) as caught:
        shipped("civil-code-2021").ratio("income.to_fund")
    assert caught.value.rule == "profile.no_value"


ACCESSORS = {
    Kind.RATIO: "ratio",
    Kind.SHARES: "shares",
    Kind.DAYS: "days",
    Kind.INTEGER: "integer",
    Kind.MONTHS: "months",
    Kind.FEN: "fen",
    Kind.FLAG: "flag",
    Kind.CHOICE: "choice",
    Kind.ITEMS: "items",
    Kind.NUMBERS: "numbers",
    Kind.MONTH_DAY: "month_day",
    Kind.TIERS: "tiers",
    Kind.RATES: "rates",
    Kind.EVIDENCE: "evidence",
    Kind.SHARE: "share",
}


@pytest.mark.parametrize("key", SCHEMA)
def test_each_key_has_one_accessor(key: str) -> None:
    profile = Profile.parse(TEXT)
    for kind, accessor in ACCESSORS.items():
        if kind is SCHEMA[key].kind and profile.word(key) not in ("none", "assembly"):
            assert getattr(profile, accessor)(key) == profile.settings[key].value
        elif kind is not SCHEMA[key].kind and (accessor, SCHEMA[key].kind) != ("integer", Kind.MONTHS):
            with pytest.raises(NotFound) as caught:
                getattr(profile, accessor)(key)
            assert caught.value.rule in ("profile.kind", "profile.no_value")


def test_an_unknown_key_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        Profile.parse(TEXT).flag("vote.silence_is_consent")
    assert caught.value.rule == "profile.key"


def test_a_profile_that_is_not_there() -> None:
    assert "civil-code-2021" in names()
    for name in ("../../words/en/terms", "civil-code-2021.toml", "", "atlantis-1"):
        with pytest.raises(NotFound) as caught:
            shipped(name)
        assert caught.value.rule == "profile.name"


@given(st.data())
def test_a_damaged_text_is_refused_or_says_something_else_openly(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT) - 1))
    damaged = TEXT[:place] + data.draw(st.characters()) + TEXT[place + data.draw(st.integers(0, 2)) :]
    try:
        profile = Profile.parse(damaged)
    except Malformed as error:
        assert error.rule.startswith(("toml.", "profile."))
    else:
        assert set(profile.settings) == set(SCHEMA)
        assert (profile.digest == Profile.parse(TEXT).digest) is (damaged == TEXT)
