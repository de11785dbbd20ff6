"""The lying server: what it prepared is signed only if it is what was asked for and what is shown."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.routes.acts import title
from ledger import canonical
from ledger.books import KINDS
from ledger.log.entry import parse_record
from ledger.people import drafting
from tests.api.conftest import settings
from tests.api.house import House, Living, base, client, living
from tests.api.test_acts import again, party, prepared
from tests.sign.node import Signer, signer

__all__ = ["base", "client", "settings"]

WORDS = {
    "zh": {"yes": "是", "no": "否", "titles": {kind: title(kind, "zh_CN") for kind in KINDS}},
    "en": {"yes": "yes", "no": "no", "titles": {kind: title(kind, "en") for kind in KINDS}},
}
PERSON = {"kind": "person.entered/1", "body": {"nature": "natural"}, "private": {"name": "张三"}}
PAYMENT = {
    "kind": "withdrawal.applied/1",
    "body": {
        "party": "lift",
        "fund": "service_fee",
        "category": "lift",
        "nature": "expense",
        "purpose": "一月电梯维保",
        "document": "ab" * 32,
        "stages": [{"amount": 567000}, {"amount": 100}],
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Signer]:
    """The modules."""
    with signer() as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """A house that has voted."""
    house = House()
    house.voted()
    home = living(Path(tmp_path_factory.mktemp("house")) / "ledger.db", house)
    yield home
    home.store.close()


def rows(amount: int = -3000) -> list[dict[str, Any]]:
    """Two rows of a bank file that was named by the first item."""
    file = {"kind": "bank.imported/1", "body": {"account": "main", "file": "ab" * 32, "layout": "generic"}}
    file["body"] |= {"start": "2026-01-01", "end": "2026-01-31", "opening": 10000, "closing": 7100, "count": 2}  # type: ignore[operator]
    of = {"file": {"$record": 0}, "on": "2026-01-04", "ordinal": 0}
    listed = [(2, amount, 7000, "水费"), (3, 100, 7100, "利息")]
    return [
        file,
        *(
            {
                "kind": "bank.row/1",
                "body": of | {"row": n, "amount": a, "balance": b},
                "private": {"narration": {"name": "水务公司", "text": text}},
            }
            for n, a, b, text in listed
        ),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_an_honest_server_prepares_can_be_signed(
    client: TestClient, base: str, home: Living, browser: Signer, lang: str
) -> None:
    ledger = home.store.books.ledger
    met = {entry.record.kind: entry for entry in home.house.entries[1:] if entry.record.kind != "ballot.cast/1"}
    asked = [[again(entry, home)] for entry in met.values()] + [[party()], [PERSON], [PAYMENT], rows()]
    for one in asked:
        for item in one:  # a body with a commitment to be made has no value there yet
            for field in item.get("private", {}):
                if "/" not in field:
                    item["body"].pop(field, None)
        answer = prepared(client, base, *one, lang=lang)
        assert browser.ask("check", one, answer, ledger, WORDS[lang]) == len(one), one
        assert browser.ask("check", None, answer, ledger, WORDS[lang]) == len(one), one
    assert len(met) > 12


Lie = Callable[[dict[str, Any]], object]


def redraft(item: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Another body, whole again: digest, identity, everything that a server can compute."""
    record = item["submission"]["record"]
    record["body"] |= fields
    item["digest"] = parse_record(record).digest
    return item


def say(item: dict[str, Any], field: str, text: str) -> None:
    """Show something else in a row."""
    next(row for row in item["rows"] if row["field"] == field).update(text=text, within=[])


def elsewhere(item: dict[str, Any]) -> None:
    """The same act on another ledger."""
    item["submission"]["record"]["ledger"] = "00" * 32
    redraft(item)


def reseal(item: dict[str, Any], value: str) -> None:
    """Seal another text, shown or not."""
    record = item["submission"]["record"]
    commitment, opening = drafting.seal(record["ledger"], record["kind"], "name", value)
    item["submission"]["openings"][0] |= {"value": value, "salt": canonical.encode_base64(opening.salt)}
    redraft(item, name=commitment)
    say(item, "name", value)


LIES: dict[str, tuple[Any, Lie, str]] = {
    "another digest": ([party()], lambda p: p["items"][0].update(digest="00" * 32), "consent.digest"),
    "another payee, not shown": ([party()], lambda p: redraft(p["items"][0], title="另一家公司"), "consent.body"),
    "another payee, shown": (
        [party()],
        lambda p: say(redraft(p["items"][0], title="另一家"), "title", "另一家"),
        "consent.body",
    ),
    "a field more": ([party()], lambda p: redraft(p["items"][0], name="00" * 32), "consent.body"),
    "another kind": (
        [party()],
        lambda p: p["items"][0]["submission"]["record"].update(kind="person.entered/1"),
        "consent.digest",
    ),
    "one more act": ([party()], lambda p: p["items"].append(copy.deepcopy(p["items"][0])), "consent.count"),
    "one act less": ([party("a"), party("b")], lambda p: p["items"].pop(), "consent.count"),
    "the other order": ([party("a"), party("b")], lambda p: p["items"].reverse(), "consent.body"),
    "another ledger": (
        [party()],
        lambda p: elsewhere(p["items"][0]),
        "consent.ledger",
    ),
    "another name sealed": ([PERSON], lambda p: reseal(p["items"][0], "李四"), "consent.private"),
    "another salt": (
        [PERSON],
        lambda p: p["items"][0]["submission"]["openings"][0].update(salt=canonical.encode_base64(bytes(32))),
        "consent.private",
    ),
    "an opening that nobody asked for": (
        [party()],
        lambda p: p["items"][0]["submission"]["openings"].append({"field": "title", "salt": "AAAA", "value": "x"}),
        "consent.openings",
    ),
    "another file": (rows(), lambda p: redraft(p["items"][1], file="00" * 32), "consent.body"),
    "another amount": (rows(), lambda p: redraft(p["items"][1], amount=-300000), "consent.body"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_was_not_asked_for_is_not_signed(
    client: TestClient, base: str, home: Living, browser: Signer, lie: str
) -> None:
    asked, tell, rule = LIES[lie]
    answer = prepared(client, base, *asked)
    tell(answer)
    assert browser.ask("check", asked, answer, home.store.books.ledger, WORDS["en"])["rule"] == rule


SHOWN: dict[str, tuple[Any, Lie, str]] = {
    "a smaller amount shown": ([PAYMENT], lambda p: say(p["items"][0], "stages", "567.00, 1.00"), "consent.shown"),
    "one stage shown of two": ([PAYMENT], lambda p: say(p["items"][0], "stages", "5,670.00"), "consent.shown"),
    "a larger number that holds it": (
        [PAYMENT],
        lambda p: say(p["items"][0], "stages", "15,670.00 and 1.00"),
        "consent.shown",
    ),
    "another payee shown": ([PAYMENT], lambda p: say(p["items"][0], "party", "clean"), "consent.shown"),
    "a row left out": ([PAYMENT], lambda p: p["items"][0]["rows"].pop(), "consent.rows"),
    "a row twice": (
        [PAYMENT],
        lambda p: p["items"][0]["rows"].__setitem__(0, p["items"][0]["rows"][1]),
        "consent.shown",
    ),
    "called another act": ([PAYMENT], lambda p: p["items"][0].update(title="Reject a withdrawal"), "consent.title"),
    "another name shown": ([PERSON], lambda p: say(p["items"][0], "name", "李四"), "consent.shown"),
    "another remark of the bank shown": (
        rows(),
        lambda p: say(p["items"][1], "narration", "水务公司"),
        "consent.shown",
    ),
    "another sum": (rows(), lambda p: [one.update(text="1.00") for one in p["sums"]], "consent.sum"),
    "no sum": (rows(), lambda p: p["sums"].clear(), "consent.sum"),
    "one act shown twice": (
        [party("a"), party("b")],
        lambda p: p["items"].__setitem__(1, p["items"][0]),
        "consent.twice",
    ),
}


@pytest.mark.parametrize("lie", SHOWN)
def test_what_is_shown_is_what_is_signed_even_where_others_drafted_it(
    client: TestClient, base: str, home: Living, browser: Signer, lie: str
) -> None:
    asked, tell, rule = SHOWN[lie]
    answer = prepared(client, base, *asked)
    assert browser.ask("check", None, answer, home.store.books.ledger, WORDS["en"]) == len(asked)
    tell(answer)
    assert browser.ask("check", None, answer, home.store.books.ledger, WORDS["en"])["rule"] == rule


def test_amounts_are_written_as_python_writes_them(browser: Signer) -> None:
    from ledger.money import format_yuan

    for fen in (0, 1, -1, 99, 100, 99999, 100000, -12345678, 2**53 - 1):
        assert browser.ask("yuan", fen) == format_yuan(fen)
