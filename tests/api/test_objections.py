"""Objections over HTTP: what is public of them, for whom their texts are, what waits and how long."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.errors import Refused
from ledger.store import question_prints
from ledger.store.reading import objections
from ledger.store.reading.objections import ANYBODY, ReadBy
from tests.accounts.treasury import spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import BOTH, digest_of, flats
from tests.store.settled import ORIGIN, log_keys

__all__ = ["base", "client"]
HTML = {"Accept": "text/html"}
TEXT = "电梯为什么修了两次"
ANSWER = "是两部电梯，各修一次。"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A house with one payment of 70.00 yuan that anybody may ask about."""
    house = House()
    (_file, house.letter) = house.take(("2026-01-07", -70_00, [spent(70_00, party="lift")]))
    house.set_clock("2026-01-12T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


def ask(home: Living, by: str = "owner-a1", about: str = "", text: str = TEXT) -> str:
    house = home.house
    found = house.act("objection.filed/1", house.objection(about or house.letter, text), by=[by])
    home.follow()
    return found


def on_paper(home: Living, owner: str = "owner-a2", slip: str = "2026-0003") -> str:
    house = home.house
    body = house.objection(house.letter, f"书面：{TEXT}", "objection.received/1")
    found = house.act("objection.received/1", body | {"owner": house.ref(owner), "slip": slip}, by=["registrar"])
    home.follow()
    return found


def answer(home: Living, objection: str) -> str:
    found = home.house.act("objection.answered/1", home.house.answer(objection, ANSWER), by=["treasurer"])
    home.follow()
    return found


def conclude(home: Living, objection: str, outcome: str, by: str = "owner-a1") -> None:
    home.house.act("objection.concluded/1", {"objection": objection, "outcome": outcome}, by=[by])
    home.follow()


def later(home: Living, **by: int) -> None:
    """Time passes, and something is entered, so that the ledger's head knows it."""
    home.house.advance(**by)
    home.house.document()
    home.follow()


def seen(client: TestClient, base: str, objection: str, who: str = "") -> Any:
    """An objection as somebody reads it."""
    headers = bearer(signed_in(client, base, who)) if who else {}
    found = client.get(f"{base}/objections/{objection}", headers=headers)
    assert found.status_code == 200, found.text
    return found.json()


def test_what_anybody_reads_of_a_question(client: TestClient, base: str, home: Living) -> None:
    objection = ask(home)
    item = seen(client, base, objection)
    assert item == {
        "objection": objection,
        "seq": home.store.seq_of(objection),
        "about": home.house.letter,
        "about_seq": home.store.seq_of(home.house.letter),
        "about_kind": "bank.row/1",
        "on": "2026-01-12",
        "due": "2026-01-19",
        "standing": "waiting",
        "days_left": 7,
        "overdue": False,
        "on_paper": False,
        "mine": False,
    }
    listed = get(client, f"{base}/objections")
    assert listed == {"waiting": 1, "overdue": 0, "items": [item]}


@pytest.mark.parametrize(
    ("who", "reads", "mine"),
    [
        ("", False, False),
        ("owner-a2", False, False),
        ("owner-a1", True, True),
        ("treasurer", True, False),
        ("registrar", True, False),
        ("supervisor", True, False),
    ],
)
def test_the_text_is_for_the_asker_and_whom_it_is_meant_for(
    client: TestClient, base: str, home: Living, who: str, reads: bool, mine: bool
) -> None:
    """Nor does anybody else learn from it who asked; a page says no more than the API."""
    objection = ask(home)
    item = seen(client, base, objection, who)
    assert (item.get("text") == TEXT, "asker" in item, item["mine"]) == (reads, reads, mine)
    headers = bearer(signed_in(client, base, who)) if who else {}
    place = f"/c/{home.house.ledger[:16]}/questions"
    for path in (place, f"{place}/{objection}"):
        page = client.get(path, headers=headers | HTML)
        assert page.status_code == 200
        assert (TEXT in page.text) == reads
        assert page.headers["cache-control"].startswith("private" if who else "public")


def test_whom_the_body_answers(client: TestClient, base: str, home: Living) -> None:
    """The committee sees the room; a name is for whom names are."""
    objection = ask(home)
    assert seen(client, base, objection, "chair")["asker"]["rooms"] == ["a1"]
    assert "name" not in seen(client, base, objection, "owner-a1")["asker"]


def test_the_answer_is_everybodys(client: TestClient, base: str, home: Living) -> None:
    objection = ask(home)
    answered = answer(home, objection)
    item = seen(client, base, objection)
    assert item["standing"] == "answered"
    assert "days_left" not in item
    assert item["answer"] == {
        "record": answered,
        "seq": home.store.seq_of(answered),
        "on": "2026-01-12",
        "late": False,
        "text": ANSWER,
        "evidence": [],
    }
    page = client.get(f"/c/{home.house.ledger[:16]}/questions/{objection}", headers=HTML).text
    assert ANSWER in page
    assert "−70.00 元" in page


def test_days_are_counted_and_the_most_urgent_comes_first(client: TestClient, base: str, home: Living) -> None:
    first = ask(home)
    later(home, days=5)
    second = ask(home, by="owner-a2")
    third = ask(home, by="owner-a3")
    answer(home, second)
    later(home, days=5)
    found = get(client, f"{base}/objections", waiting=True)
    assert (found["waiting"], found["overdue"]) == (2, 1)
    assert [(one["objection"], one["days_left"], one["overdue"]) for one in found["items"]] == [
        (first, -3, True),
        (third, 2, False),
    ]
    assert answer(home, first)
    assert seen(client, base, first)["answer"]["late"]
    page = client.get(f"/c/{home.house.ledger[:16]}/questions", headers=HTML).text
    assert "待答复 1 件" in page
    assert "还剩 2 天" in page
    assert "答复（逾期）" in page


def test_lists_go_on(client: TestClient, base: str, home: Living) -> None:
    asked = [ask(home, by=by) for by in ("owner-a1", "owner-a2", "owner-a3")]
    for params, order in (({}, asked[::-1]), ({"waiting": True}, sorted(asked))):
        first = get(client, f"{base}/objections", limit=2, **params)
        rest = get(client, f"{base}/objections", limit=2, after=first["next"], **params)
        assert [one["objection"] for one in (*first["items"], *rest["items"])] == order
        assert "next" not in rest


def test_by_what_it_is_about(client: TestClient, base: str, home: Living) -> None:
    objection = ask(home, about=f"{home.house.letter}#0")
    ask(home, about=home.house.document())
    found = get(client, f"{base}/objections", about=home.house.letter)
    assert [one["objection"] for one in found["items"]] == [objection]
    assert get(client, f"{base}/objections", about=digest_of("nothing"))["items"] == []


def test_ones_own(client: TestClient, base: str, home: Living) -> None:
    """By key and on paper; a stranger has none and is told to sign in."""
    ask(home)
    objection = on_paper(home)
    headers = bearer(signed_in(client, base, "owner-a2"))
    (item,) = client.get(f"{base}/objections", params={"mine": True}, headers=headers).json()["items"]
    assert (item["objection"], item["slip"], item["on_paper"], item["mine"]) == (objection, "2026-0003", True, True)
    assert client.get(f"{base}/objections", params={"mine": True}).status_code == 401


def test_an_owner_says_of_a_paper_that_it_is_not_his(client: TestClient, base: str, home: Living) -> None:
    """The button is his alone, stands there also when the paper was answered, and is gone when he has said so."""
    objection = on_paper(home)
    answer(home, objection)
    place, button = f"/c/{home.house.ledger[:16]}/questions/{objection}", "这不是我提的"

    def page(who: str) -> str:
        return client.get(place, headers=HTML | bearer(signed_in(client, base, who))).text

    assert [button in page(who) for who in ("owner-a2", "owner-a1", "registrar")] == [True, False, False]
    conclude(home, objection, "not_mine", by="owner-a2")
    assert seen(client, base, objection)["outcome"] == "not_mine"
    assert button not in page("owner-a2")
    assert "业主说不是本人所提" in page("owner-a1")


def test_how_it_ends(client: TestClient, base: str, home: Living) -> None:
    back, well, street = ask(home), ask(home), ask(home)
    conclude(home, back, "taken_back")
    answer(home, well)
    conclude(home, well, "satisfied")
    later(home, days=8)
    conclude(home, street, "street")
    ends = {name: seen(client, base, one) for name, one in (("back", back), ("well", well), ("street", street))}
    assert [(one["standing"], one["outcome"]) for one in ends.values()] == [
        ("taken_back", "taken_back"),
        ("answered", "satisfied"),
        ("waiting", "street"),
    ]


def test_prints_for_whoever_asked_on_paper(client: TestClient, base: str, home: Living) -> None:
    """The slip is anybody's; the letter holds the question only for whom it is meant. No answer, no letter."""
    objection = on_paper(home)
    place = f"{base}/objections/{objection}/print"
    assert client.get(f"{place}/slip.pdf").headers["content-type"] == "application/pdf"
    assert client.get(f"{place}/answer.pdf").json()["rule"] == "print.not_answered"
    assert client.get(f"{place}/other.pdf").json()["rule"] == "print.form"
    answer(home, objection)
    counter = bearer(signed_in(client, base, "registrar"))
    watcher = ReadBy(home.house.ref("registrar"), {"public", "supervisors"})
    for headers, reader in ((counter, watcher), ({}, ANYBODY), (counter, watcher)):
        read = objections.objection(home.store, objection, "2026-01-12", reader)
        assert bool(read.text) == bool(headers)
        made = question_prints.render(home.store, read, "answer", "", "zh_CN")
        assert client.get(f"{place}/answer.pdf", headers=headers).content == made


def test_the_next_slip_goes_on_after_the_years_largest(home: Living) -> None:
    """A number that somebody made up counts only where it is one of the year's."""
    assert objections.next_slip(home.store, "2026-01-12") == "2026-0001"
    for owner, slip in (("owner-a1", "2026-0041"), ("owner-a2", "2025-0099"), ("owner-a3", "2026-a")):
        on_paper(home, owner, slip)
    assert objections.next_slip(home.store, "2026-01-12") == "2026-0042"
    assert objections.next_slip(home.store, "2027-01-01") == "2027-0001"


def test_the_number_on_a_sheet_finds_what_it_asks_about(client: TestClient, home: Living) -> None:
    place = f"/c/{home.house.ledger[:16]}/ask"
    digest, seq = home.house.letter, home.store.seq_of(home.house.letter)
    for number in (str(seq), digest, f" {seq} "):
        found = client.get(place, params={"number": number}, headers=HTML, follow_redirects=False)
        assert found.headers["location"] == f"{place}/{digest}"
    for number in ("999999", "0" * 64, "-1", "七"):
        assert client.get(place, params={"number": number}, headers=HTML).status_code == 404
    assert client.get(f"{place}/{digest}", params={"item": 0}, headers=HTML).status_code == 200
    assert client.get(f"{place}/{digest}/sheet", headers=HTML).status_code == 200


def test_the_counters_form_is_for_the_counter(client: TestClient, base: str, home: Living) -> None:
    """Owners' names stand there only for whom names are."""
    place = f"/c/{home.house.ledger[:16]}/ask/{home.house.letter}"
    for who, shown in (("", False), ("owner-a1", False), ("chair", False), ("registrar", True)):
        headers = bearer(signed_in(client, base, who)) if who else {}
        page = client.get(place, params={"unit": "a2"}, headers=headers | HTML).text
        assert ('data-kind="objection.received/1"' in page) == shown, who
        assert (home.house.ref("owner-a2") in page) == shown, who


def test_supervisors_see_how_many_are_overdue(client: TestClient, home: Living) -> None:
    ask(home)
    later(home, days=9)
    assert "其中逾期 1 件" in client.get("/supervise", headers=HTML).text


def test_what_is_none_is_not_there(client: TestClient, base: str, home: Living) -> None:
    place = f"/c/{home.house.ledger[:16]}/questions"
    for path in (f"{base}/objections/{home.house.letter}", f"{place}/{home.house.letter}"):
        assert client.get(path).status_code == 404


def test_where_machine_1_knows_no_questions_nothing_speaks_of_them(tmp_path: Path, settings: Settings) -> None:
    survey = {"count": 3, "area": 30_000, "source": digest_of("survey")}
    named = {"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN, "units": survey}
    house = House(flats("a1 a2 a3"), genesis={"machine": 1} | named)
    home = living(tmp_path / "old.db", house)
    with home.store:
        kept = Kept(home.store, writable=True, pause=0.01)
        with TestClient(create_app(Keeper.of([kept]), settings, lambda: house.time)) as client:
            first = f"/c/{house.ledger[:16]}/"
            place, asking = f"{first}questions", re.compile(r'href="[^"]*/(ask|questions)')
            assert client.get(place, headers=HTML).status_code == 404
            pages = [client.get(f"{first}{path}", headers=HTML) for path in ("", "statements", "desk", "entries/0")]
            assert not [page.url for page in pages if asking.search(page.text)]
            assert get(client, f"/api/v1/ledgers/{house.ledger}/objections")["items"] == []
            house.act("machine.adopted/1", {"machine": 2}, by=BOTH)
            home.follow()
            assert client.get(place, headers=HTML).status_code == 200
            assert asking.search(client.get(f"{first}entries/0", headers=HTML).text)


def test_a_question_is_erased_after_its_answer_and_not_before(home: Living) -> None:
    """What nobody can read nobody can answer."""
    objection = ask(home)
    with pytest.raises(Refused) as refusal:
        home.erase((objection, "text"))
    assert refusal.value.rule == "erasure.open_objection"
    home.house.act("objection.answered/1", home.house.answer(objection, "见附件"), by=["chair"])
    home.follow()
    home.erase((objection, "text"))
    with pytest.raises(Refused) as withdrawn:
        home.store.opening(objection, "text")
    assert withdrawn.value.rule == "private.withdrawn"
