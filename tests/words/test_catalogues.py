"""All catalogues of all rooms: both languages say the same things, once, and say nothing that would harm anybody."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import ledger
from ledger import words
from ledger.rules import SCHEMA

HOUSE = Path(ledger.__file__).parent
FILES = sorted((HOUSE / "words").glob("*/*.po"))
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")

CRIME = ("挪用", "侵占", "伪造", "串标", "贪污", "诈骗", "造假", "盗")
"""Words that accuse. What a program notices reads 待说明, 待核实, 与…不一致."""

AVOIDED = ("共管授权", "支取依据", "公示报表", "审计发现", "规则集", "账头", "区块链", "上链", "存证链", "街道审计")
"""Words that people do not know or that promise what is not so."""


def written_keys(file: Path) -> list[str]:
    """The keys as they stand in a file, repeated ones too: a reader of .po merges those silently."""
    return re.findall(r'^msgid "(.+)"$', file.read_text("utf-8"), re.MULTILINE)


def test_there_are_catalogues() -> None:
    assert {file.parent.name for file in FILES} == set(words.locales()) == {"zh_CN", "en"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_room_has_the_same_keys_in_both_languages(file: Path) -> None:
    other = file.parent.parent / ("en" if file.parent.name == "zh_CN" else "zh_CN") / file.name
    assert other.is_file()
    assert set(written_keys(file)) == set(written_keys(other))


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_key_stands_twice(locale: str) -> None:
    counted = Counter(key for file in FILES if file.parent.name == locale for key in written_keys(file))
    assert [key for key, times in counted.items() if times > 1] == []
    assert set(counted) == set(words.keys(locale)), "a key without a text"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_keys_are_codes(locale: str) -> None:
    assert [key for key in words.keys(locale) if not KEY.fullmatch(key)] == []


def test_both_languages_have_the_same_placeholders() -> None:
    chinese, english = words.keys("zh_CN"), words.keys("en")
    assert [key for key in chinese if words.placeholders(chinese[key]) != words.placeholders(english[key])] == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_braces_hold_plain_names_only(locale: str) -> None:
    left_over = {key: re.sub(r"\{[a-z][a-z0-9_]*\}", "", pattern) for key, pattern in words.keys(locale).items()}
    assert [key for key, rest in left_over.items() if "{" in rest or "}" in rest] == []


@pytest.mark.parametrize("word", [*CRIME, *AVOIDED])
def test_chinese_texts_accuse_nobody_and_use_words_that_people_know(word: str) -> None:
    assert [key for key, pattern in words.keys("zh_CN").items() if word in pattern] == []


def test_chinese_is_chinese_and_english_is_not() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    letters = re.compile(r"[^\W\d_]")
    spoken = {key: re.sub(r"\{\w+\}", "", pattern) for key, pattern in words.keys("zh_CN").items()}
    assert [key for key, rest in spoken.items() if letters.search(rest) and not han.search(rest)] == []
    assert [key for key, pattern in words.keys("en").items() if han.search(pattern)] == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_kind_with_a_title_has_a_help_text(locale: str) -> None:
    keys = words.keys(locale)
    titled = {key.removesuffix(".title") for key in keys if key.startswith("kind.") and key.endswith(".title")}
    helped = {key.removesuffix(".help") for key in keys if key.startswith("kind.") and key.endswith(".help")}
    assert titled == helped


def rules_raised() -> set[str]:
    """Every rule code that the code raises, as it is written there."""
    raised = re.compile(r"\b(?:Malformed|Refused|Conflict|NotFound|Unavailable)\(\s*\"([a-z_]+\.[a-z0-9_]+)\"")
    return {rule for file in HOUSE.rglob("*.py") for rule in raised.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_rule_of_a_room_that_has_words_has_its_own(locale: str) -> None:
    keys = words.keys(locale)
    speaking = {key.split(".")[1] for key in keys if key.startswith("error.")}
    silent = {rule for rule in rules_raised() if rule.split(".")[0] in speaking and f"error.{rule}" not in keys}
    assert silent == set()


FOR_VERIFIERS = ("audit", "example", "log", "words", "canonical.py", "signatures.py")
"""Rooms whose refusals are about bytes: who meets them writes programs, and reads the format's English words."""


def phrases_accepted() -> set[str]:
    """Every phrase by which the code says what would be accepted."""
    raised = ("Malformed", "Refused", "Conflict", "NotFound", "Unavailable")
    files = (file for file in HOUSE.rglob("*.py") if file.relative_to(HOUSE).parts[0] not in FOR_VERIFIERS)
    calls = (
        node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    said = (
        call.args[2]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in raised and len(call.args) > 2
    )
    texts = {node.value for node in said if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {
        text
        for text in texts
        if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not text.startswith(("pip ", "--", "[table]"))
    }


def test_what_would_be_accepted_is_said_in_chinese() -> None:
    found = phrases_accepted()
    assert len(found) > 100
    assert {phrase for phrase in found if words.acceptable(phrase, "zh_CN") == phrase} == set()
    assert {phrase for phrase in found if words.acceptable(phrase, "en") != phrase} == set()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_words_of_a_profile_have_their_texts(locale: str) -> None:
    spoken = {
        "emergency.categories": "emergency",
        "emergency.approvers": "body",
        "statement.signers": "role",
    }
    for key, prefix in spoken.items():
        assert [word for word in SCHEMA[key].words if not words.has(f"{prefix}.{word}", locale)] == []
    assert all(words.has(f"matter.{number}", locale) for number in range(1, 10))
    assert all(words.has(f"status.{status}", locale) for status in ("S", "L", "U", "adopted"))


GLOSSARY = {
    "term.record": "签署件",
    "term.receipt": "回执",
    "term.mandate": "支付审批权限（含预留印鉴）",
    "term.authority": "用款依据",
    "term.statement": "收支公示表",
    "term.certificate": "表决结果报告",
    "term.result_announcement": "表决结果公告",
    "term.finding": "核查提示",
    "term.duty": "应办事项",
    "term.profile": "适用规则",
    "term.checkpoint": "校验点",
    "term.check_code": "核对码",
    "term.witness": "见证方",
    "term.unit": "房屋（房号）",
    "term.deposit": "收款（入账）",
    "term.withdrawal": "付款（用款）",
    "term.contra": "冲销（红字）",
    "term.close": "结账",
    "term.suspense": "待查款项（暂收/暂付）",
    "term.voucher": "记账凭证",
    "role.treasurer": "财务委员",
    "role.street_supervisor": "街道监督员",
    "role.registrar": "登记见证人",
    "role.company": "物业服务人",
    "body.company": "物业服务企业",
}


@pytest.mark.parametrize(("key", "chinese"), GLOSSARY.items())
def test_the_words_that_people_see(key: str, chinese: str) -> None:
    assert words.text(key, "zh_CN") == chinese


def test_an_entry_and_a_half_year() -> None:
    assert words.text("term.entry", "zh_CN", number=12) == "存证记录 第12号"
    assert words.text("term.period_first_half", "zh_CN", year=2019) == "2019年上半年"
