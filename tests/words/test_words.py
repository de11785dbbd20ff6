"""Texts by key: what is found, what is filled in, and what a stranger's value can not do to a terminal."""

import importlib.resources
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import words
from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.rules import Profile


def test_chinese_comes_first() -> None:
    assert words.locales() == ("zh_CN", "en")


def test_a_text_with_its_values() -> None:
    assert words.text("term.silence", "zh_CN", days=7) == "未在7日内提出意见（不等于同意）"
    assert words.text("term.silence", "en", days=7, unused="x").startswith("no opinion within 7 days")
    assert words.text("fund.maintenance", "zh_CN") == "住宅专项维修资金"


@pytest.mark.parametrize(
    ("key", "locale", "rule"),
    [
        ("term.no_such_thing", "zh_CN", "words.missing"),
        ("", "zh_CN", "words.missing"),  # the header of a catalogue is no text
        ("term.receipt", "de", "words.locale"),
        ("term.receipt", "", "words.locale"),
        ("term.receipt", "..", "words.locale"),
        ("term.silence", "zh_CN", "words.value"),
    ],
)
def test_what_is_not_there(key: str, locale: str, rule: str) -> None:
    with pytest.raises(NotFound) as caught:
        words.text(key, locale)
    assert caught.value.rule == rule


def test_has() -> None:
    assert words.has("term.receipt", "en")
    assert not words.has("term.no_such_thing", "en")


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert words.text("term.disagrees_with", "zh_CN", other="{days}{0}%s\\1") == "与{days}{0}%s\\1不一致"


def test_an_error_says_value_and_what_would_be_accepted() -> None:
    error = Refused("calendar.year_missing", 2031, "the table", have="2018, 2019")
    assert words.error_text(error, "zh_CN").startswith("没有 2031 年的放假调休表（现有：2018, 2019）")
    assert words.error_text(error, "en").startswith("There is no working-day table for 2031 (there are: 2018, 2019)")


def test_an_error_without_a_text_still_says_what_it_knows() -> None:
    error = Refused("nothing.of_the_kind", 3, {"b", "a"})
    assert "nothing.of_the_kind" in words.error_text(error, "zh_CN")
    assert words.error_text(error, "en") == "Refused by rule nothing.of_the_kind. Met: 3. Accepted: a, b."


def test_what_an_error_does_not_carry_is_shown_as_absent() -> None:
    assert words.ABSENT in words.error_text(Refused("calendar.year_missing"), "en")
    assert words.error_text(Refused("nothing.of_the_kind", [], ""), "en").count(words.ABSENT) == 2


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202eabc", "a\nb", "a\u2028b", "\u200b", "\ud800", "\x85"])
def test_a_strangers_value_cannot_steer_the_terminal(hostile: str) -> None:
    shown = words.error_text(Malformed("ratio.text", hostile, hostile), "zh_CN")
    assert not set(hostile) - set("abc[2J") & set(shown)
    assert "\\" in shown


def test_a_strangers_value_cannot_flood_the_terminal() -> None:
    assert len(words.error_text(Malformed("ratio.text", "9" * 10**6), "en")) < 1000


def test_a_list_of_problems_is_told_one_a_line() -> None:
    with pytest.raises(Malformed) as caught:
        Profile.parse("[vote]\nsilence = 1\n")
    told = words.error_text(caught.value, "en").split("\n")
    assert len(told) == 1 + int(str(caught.value.value))
    assert "There is no setting “vote.silence”." in told


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({}, "zh_CN"),
        ({"LANG": "C.UTF-8"}, "zh_CN"),
        ({"LANG": "POSIX"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "EN-gb"}, "en"),
        ({"LANG": "ensomething"}, "zh_CN"),
        ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "zh_CN", "LC_MESSAGES": "en_US"}, "zh_CN"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"MINGZHANG_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"MINGZHANG_LANG": "zh_CN", "LANG": "en_US"}, "zh_CN"),
    ],
)
def test_the_language_of_an_environment(environment: dict[str, str], locale: str) -> None:
    assert words.pick_locale(environment) == locale


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues instead of the real one."""
    (tmp_path / "en").mkdir()
    monkeypatch.setattr(importlib.resources, "files", lambda _package: tmp_path)
    words.keys.cache_clear()
    yield tmp_path
    words.keys.cache_clear()


def test_catalogues_of_a_language_are_one(house: Path) -> None:
    (house / "en" / "a.po").write_text(HEADER + 'msgid "x.a"\nmsgstr "A"\n', "utf-8")
    (house / "en" / "b.po").write_text(HEADER + 'msgid "x.b"\nmsgstr "B {n}"\n', "utf-8")
    (house / "en" / "README").write_text("no catalogue", "utf-8")
    (house / "empty").mkdir()
    assert words.locales() == ("en",)
    assert words.keys("en") == {"x.a": "A", "x.b": "B {n}"}
    assert words.text("x.b", "en", n=3) == "B 3"


@pytest.mark.parametrize(
    ("second", "error", "rule"),
    [
        ('msgid "x.a"\nmsgstr "again"\n', Conflict, "words.twice"),
        ('msgid "x.b"\nmsgid_plural "x.c"\nmsgstr[0] "one"\nmsgstr[1] "many"\n', Malformed, "words.file"),
        ("nonsense\n", Malformed, "words.file"),
    ],
)
def test_catalogues_that_are_not_well_formed(house: Path, second: str, error: type[Exception], rule: str) -> None:
    (house / "en" / "a.po").write_text(HEADER + 'msgid "x.a"\nmsgstr "A"\n', "utf-8")
    (house / "en" / "b.po").write_text(HEADER + second, "utf-8")
    with pytest.raises(error) as caught:
        words.keys("en")
    assert caught.value.rule == rule  # type: ignore[attr-defined]


def test_what_is_not_translated_or_only_proposed_is_no_text(house: Path) -> None:
    body = 'msgid "x.a"\nmsgstr ""\n\n#, fuzzy\nmsgid "x.b"\nmsgstr "maybe"\n\n#~ msgid "x.c"\n#~ msgstr "old"\n'
    (house / "en" / "a.po").write_text(HEADER + body, "utf-8")
    assert words.keys("en") == {}
