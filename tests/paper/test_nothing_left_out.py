"""Every field of a statement's data has its place on paper, or is argued here: what is changed in the data changes the print."""

import copy
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from ledger.errors import MingzhangError
from ledger.paper import pdf
from ledger.paper.view import StatementView, view
from tests.paper.made import half_year, hexed
from tests.paper.test_poster import ALL

Path = tuple[str | int, ...]
DAY = re.compile(r"\d{4}-\d\d-\d\d")

ARGUED = {
    "lines/[]/line": "the format of a line, 1",
    "lines/[]/entry": "a line is found by its voucher; the log's numbers stand in the electronic form",
    "lines/[]/part": "the same",
    "accounts/[]/rows_until": "printed where the rows do not reach the period's end",
    "contracts/[]/expected/[]/fund": "what a contract promises is printed as it says it: how often, how much, for what",
    "contracts/[]/expected/[]/nature": "the same",
    "parties/[]/nature": "a natural person is known by having no title",
}
"""Fields that change nothing, and why that hides nothing."""


def whole() -> dict[str, Any]:
    """A statement none of whose lists is empty."""
    statement = half_year()
    line = next(line for line in statement["lines"] if line["amount"] > 0)
    line |= {"booked": "2019-06-30", "unit": "u1", "corrects": hexed("wrong")}
    evidence = statement["documents"][0]["digest"]
    amounts = {"gross": 1_500, "cost": 500, "net": 1_000}
    statement["deductions"] = [{"line": 1, "cost_line": 2, "evidence": evidence} | amounts]
    statement["corrections"][0]["contra"] = hexed("contra")
    for fund in statement["funds"]:
        fund["blocks"]["transfers"]["rows"] = [
            {"nature": "own_transfer", "category": "loan", "received": 100, "spent": 300}
        ]
    contract = statement["contracts"][0]
    contract["expected"] = [*contract["expected"], contract["expected"][0] | {"category": "rent"}]
    pending = statement["open"]
    pending["awaited"] = [{"record": f"{hexed('deposit')}#0", "account": "b8816", "on": "2019-06-29", "amount": 700}]
    pending["unconfirmed"] = [{"file": hexed("file"), "account": "b8816", "count": 3, "end": "2019-06-30"}]
    statement["rejected"] = [
        {
            "file": hexed("wrong file"),
            "account": "b8816",
            "start": "2019-05-01",
            "end": "2019-05-31",
            "count": 3,
            "received": 700,
            "paid": 20,
            "on": "2019-06-03",
            "record": hexed("rejection"),
            "reason": "导错了账户",
        }
    ]
    statement["reconciliation"][-1]["items"].append(
        {"class": "books_received", "on": "2019-06-29", "amount": 700, "record": f"{hexed('deposit')}#0"}
    )
    statement["objections"] = [
        {
            "objection": hexed("question"),
            "about": statement["lines"][0]["record"],
            "on": "2019-06-20",
            "due": "2019-06-27",
            "slip": "2019-0001",
            "answered": "2019-06-25",
            "outcome": "satisfied",
        }
    ]
    return statement


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, bool]]:
    """Every value that holds no others, and every list, with whether there is something to try."""
    match value:
        case dict():
            for name, item in value.items():
                yield from places(item, (*path, name))
        case list():
            yield path, bool(value)
            for number, item in enumerate(value):
                yield from places(item, (*path, number))
        case _:
            yield path, True


def name_of(path: Path) -> str:
    return "/".join("[]" if isinstance(step, int) else step for step in path)


WHOLE = whole()
FIELDS: dict[str, list[Path]] = {}
for place, there in places(WHOLE):
    FIELDS.setdefault(name_of(place), []).extend([place] if there else [])


def changed(path: Path) -> dict[str, Any]:
    statement = copy.deepcopy(WHOLE)
    *way, last = path
    holder: Any = statement
    for step in way:
        holder = holder[step]
    match holder[last]:
        case list():
            holder[last] = []
        case bool(value):
            holder[last] = not value
        case int(value):
            holder[last] = value + 1
        case str(value):
            holder[last] = "2019-03-03" if DAY.fullmatch(value) else f"{'ab'[value[0] == 'a']}{value[1:-1]}7"
    return statement


@pytest.fixture
def one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change changes the statement's digest, which is printed: here it stays."""
    monkeypatch.setattr("ledger.paper.view.digest_of", lambda _statement: "0" * 64)


def shown(statement: dict[str, Any], locale: str) -> StatementView | str:
    try:
        return view(statement, ALL, locale)
    except (MingzhangError, KeyError, ValueError) as error:
        return repr(error)


def test_no_list_of_the_data_is_left_untried() -> None:
    assert [name for name, found in FIELDS.items() if not found] == []


@pytest.mark.usefixtures("one_digest")
def test_every_field_of_the_data_is_printed_or_argued() -> None:
    before = {locale: shown(WHOLE, locale) for locale in ("zh_CN", "en")}
    silent = {
        name
        for name, found in FIELDS.items()
        if all(shown(changed(place), locale) == before[locale] for place in found[:8] for locale in before)
    }
    assert silent - set(ARGUED) == set()
    assert set(ARGUED) - silent == set()


@pytest.mark.parametrize("field", [field.name for field in fields(StatementView) if field.name != "locale"])
def test_both_forms_show_every_part_of_the_view(field: str) -> None:
    for form, name in (("*.typ", r"(?:d|v_)"), ("*.html", "(?:v|p)")):
        text = "".join(file.read_text("utf-8") for file in pdf.TEMPLATES.glob(form))
        if field not in ("qr", "poster", "digest"):
            assert re.search(rf"\b{name}\.{field}\b", text), f"{form} has no {field}"
