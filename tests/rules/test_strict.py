"""The accepted part of TOML: one spelling for each value, so that every reader for ever accepts the same texts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.rules import strict

plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), max_size=40)
names = st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
scalars = plain | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.dates(date(1, 1, 1), date(9999, 12, 31))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, min_size=1, max_size=3),
    max_leaves=6,
)


@pytest.mark.uncounted
@given(st.dictionaries(names, st.dictionaries(names, values, max_size=4), max_size=4))
def test_what_is_written_is_read_back(tables: dict[str, dict[str, strict.Value]]) -> None:
    text = "".join(
        f"[{name}]\n# a comment\n" + "".join(f"{key} = {strict.write(value)}\n" for key, value in table.items()) + "\n"
        for name, table in tables.items()
    )
    assert strict.read(text) == tables


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        # other spellings of the same values, which a writer of another language might choose
        ("a = 1_000", "toml.spelling"),
        ("a = +1", "toml.spelling"),
        ("a = -0", "toml.spelling"),
        ("a = 0x1f", "toml.spelling"),
        ("a = 'x'", "toml.spelling"),
        ('a = "x" ', "toml.spelling"),
        ('a = "x" # why', "toml.spelling"),
        ('a = "\\u0078"', "toml.spelling"),
        ("a = [1,2]", "toml.spelling"),
        ("a = [1, 2, ]", "toml.spelling"),
        ("a = {b = 1}", "toml.spelling"),
        ("a = { b.c = 1 }", "toml.spelling"),
        ('a = """x"""', "toml.spelling"),
        ("a = '''\nb = '''", "toml.spelling"),
        # not lines of this part of TOML
        ("a=1", "toml.line"),
        (" a = 1", "toml.line"),
        ("A = 1", "toml.line"),
        ('"a" = 1', "toml.line"),
        ("a.b = 1", "toml.line"),
        ("[a..b]", "toml.line"),
        ("[a.b.c.d.e]", "toml.line"),
        ('[a."b"]', "toml.line"),
        ("[a.b]\nc = 1\n[a]\nb = 2", "toml.syntax"),
        ("[a]\nb = 2\n[a.b]\nc = 1", "toml.syntax"),
        ("[[a]]", "toml.line"),
        ("[ a ]", "toml.line"),
        ("a = [\n1\n]", "toml.line"),
        ("\ufeffa = 1", "toml.line"),
        (" ", "toml.line"),
        ("a = " + "[" * 65, "toml.line"),
        ("a = " + "1" * 2000, "toml.line"),
        # what only TOML 1.1 reads
        ('a = "\\e"', "toml.syntax"),
        ("a = { b = 1, }", "toml.syntax"),
        ("a = 07:32", "toml.syntax"),
        # not TOML
        ("a = 1\na = 2", "toml.syntax"),
        ("[a]\nb = 1\n[a]\nc = 1", "toml.syntax"),
        ("a = { b = 1 }\n[a]", "toml.syntax"),
        ("a = [1", "toml.syntax"),
        ("a = yes", "toml.syntax"),
        # values that have no place here
        ("a = 1.5", "toml.value"),
        ("a = nan", "toml.value"),
        ("a = 9007199254740992", "toml.value"),
        ("a = {}", "toml.value"),
        ("a = 2021-01-01T00:00:00Z", "toml.value"),
        ("a = 07:32:00", "toml.value"),
        ("a = 'say \"no\"'", "toml.value"),
        # bytes that hide something
        ("a = 1\r\nb = 2", "toml.character"),
        ("a =\t1", "toml.character"),
        ("# \x1b[2J", "toml.character"),
        ('a = "\x00"', "toml.character"),
        ('a = "\x85"', "toml.character"),
        ('a = "\ud800"', "toml.character"),
        ("#" + "x" * 40_000, "toml.too_long"),
        ("#" + "明" * 11_000, "toml.too_long"),
    ],
)
def test_what_is_refused(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        strict.read(text)
    # a later TOML reads more than 1.0 does; the texts must be refused all the same
    accepted = {rule, "toml.spelling", "toml.value"} if rule == "toml.syntax" else {rule}
    assert caught.value.rule in accepted


def test_tables_in_tables() -> None:
    assert strict.read("[a.b]\nc = 1\n[a]\nd = 2\n[a.1002]\nc = 3\n") == {
        "a": {"b": {"c": 1}, "d": 2, "1002": {"c": 3}}
    }
    with pytest.raises(Malformed) as caught:
        strict.read("[a.b]\nc = 1\n[a]\nd = 1_2\n")
    assert caught.value.context["line"] == 4


def test_an_integer_of_thousands_of_digits_is_refused_quickly() -> None:
    with pytest.raises(Malformed):
        strict.read("a = [" + "9" * 1900 + "]")


def test_the_line_and_its_right_spelling_are_named() -> None:
    with pytest.raises(Malformed) as caught:
        strict.read("# one\n[vote]\ndays = 1_0\n")
    assert caught.value.context["line"] == 3
    assert caught.value.accepted == "days = 10"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        strict.read(text)
    except Malformed as error:
        assert error.rule.startswith("toml.")
