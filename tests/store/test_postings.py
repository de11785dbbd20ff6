"""Evidence from the board: real photographs of real posters, claims of several people, a day that nobody chose."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ledger import canonical, period
from ledger.audit.arithmetic import parse_statement
from ledger.log.entry import Submission
from ledger.paper.pointer import Copy
from ledger.paper.printed import PrintedWith
from ledger.paper.statement import render_picture
from ledger.store import Store, photographs, printing, statements
from ledger.store.reading import postings
from ledger.store.reading.postings import Postings
from tests.accounts.treasury import Treasury
from tests.community import digest_of
from tests.store.test_publishing import witness
from tests.store.test_statements import house, kept, publish

FIRST, LAST = date(2026, 7, 2), date(2026, 7, 17)

__all__ = ["house"]


@dataclass
class Board:
    """A published statement and its board."""

    house: Treasury
    store: Store

    @property
    def digest(self) -> str:
        return statements.stands(self.store, "2026H1").digest

    def photograph(self, place: str = "3栋大堂", number: int = 1, *, of: int = 2, shade: int = 120) -> str:
        """The document of a photograph of a copy; another ``shade`` makes another photograph."""
        return self.store.add_document(taken(canonical.encode(self.statement), place, number, of, shade))

    @property
    def statement(self) -> dict[str, Any]:
        return statements.published(self.store, "2026H1")

    def claim(self, day: date, by: str, evidence: list[str], *places: str, **other: Any) -> int:
        """Say on a day that it hangs; the number of the entry."""
        self.house.set_clock(f"{day.isoformat()}T17:00:00+08:00")
        body = {
            "record": statements.stands(self.store, "2026H1").record,
            "start": FIRST.isoformat(),
            "until": LAST.isoformat(),
            "places": list(places or ("3栋大堂",)),
            "evidence": evidence,
        }
        return self.enter("posting.hung/1", body | other, by)

    def enter(self, kind: str, body: dict[str, Any], *by: str) -> int:
        """Append a record; the number of its entry."""
        record = self.house.record(kind, body)
        (placed,) = self.store.submit([Submission(record, tuple(self.house.sign(record, by)))])
        return placed.seq

    def shown(self, today: date = LAST) -> Postings:
        return postings.postings(self.store, "2026H1", today)

    def states(self, today: date = LAST) -> dict[str, str]:
        return {one.wanted: one.state for one in self.shown(today).evidence}


@cache
def taken(statement: bytes, place: str, number: int, of: int, shade: int) -> bytes:
    drawn = parse_statement(statement)
    made = render_picture(drawn, PrintedWith(copy=Copy(place, number, of)))
    sheet = Image.open(io.BytesIO(made)).convert("L")
    wall = Image.new("L", (sheet.width + 300, sheet.height + 300), shade)
    wall.paste(sheet, (150, 150))
    out = io.BytesIO()
    wall.rotate(3, expand=True, fillcolor=shade).save(out, "JPEG", quality=70)
    return out.getvalue()


@pytest.fixture
def board(house: Treasury, tmp_path: Path) -> Iterator[Board]:
    with kept(house, tmp_path / "ledger.db") as store:
        publish(house, store)
        house.advance(minutes=1)
        yield Board(house, store)


def look(board: Board) -> date:
    found = board.shown().look
    assert found is not None
    return date.fromisoformat(found)


def test_before_anybody_says_anything_everything_waits_then_is_missing(board: Board) -> None:
    assert set(board.states(FIRST).values()) == {"waits"}
    assert set(board.states(date(2026, 7, 18)).values()) == {"missing"}
    shown = board.shown()
    assert (shown.first, shown.last) == (FIRST.isoformat(), LAST.isoformat())
    assert shown.statement == board.digest


def test_three_days_and_two_people_are_the_whole_evidence(board: Board) -> None:
    board.claim(FIRST, "chair", [board.photograph(), board.photograph("5栋大堂", 2)], "3栋大堂", "5栋大堂")
    assert board.states(date(2026, 7, 3)) == {
        "first": "done", "look": "waits", "last": "waits", "two_persons": "waits", "outsider": "waits",
    }  # fmt: skip
    board.claim(look(board), "registrar", [board.photograph(shade=130)])
    board.claim(LAST, "chair", [board.photograph(shade=140)])
    shown = board.shown()
    assert {one.state for one in shown.evidence} == {"done"}
    assert [(one.place, len(one.claims)) for one in shown.places] == [("3栋大堂", 3), ("5栋大堂", 1)]
    assert [(claim.roles, claim.committee) for claim in shown.claims[:2]] == [
        (("chair",), True),
        (("registrar",), False),
    ]
    assert shown.claims[0].photos[1].copies[0].number == 2


def test_a_photograph_speaks_once(board: Board) -> None:
    same = board.photograph()
    board.claim(FIRST, "chair", [same])
    board.claim(LAST, "registrar", [same])
    (first, last) = board.shown().claims
    assert (first.counts, last.counts) == (True, False)
    assert last.photos[0].again
    assert board.states(date(2026, 7, 18))["last"] == "missing"
    assert board.states(date(2026, 7, 18))["two_persons"] == "missing"


def test_a_claim_counts_for_the_day_of_its_entry_whatever_it_says(board: Board) -> None:
    board.claim(date(2026, 7, 9), "chair", [board.photograph()], start=FIRST.isoformat())
    assert board.states(LAST)["first"] == "missing"


def test_photographs_that_show_nothing_do_not_count(board: Board) -> None:
    blank = io.BytesIO()
    Image.new("L", (900, 900), 90).save(blank, "PNG")
    other = {**board.statement, "name": "别的小区"}
    board.claim(
        FIRST,
        "chair",
        [
            board.store.add_document(blank.getvalue()),
            board.store.add_document(b"no photograph"),
            board.store.add_document(taken(canonical.encode(other), "3栋大堂", 1, 2, 99)),
            digest_of("never handed in"),
        ],
    )
    (claim,) = board.shown().claims
    assert [photo.shows for photo in claim.photos] == ["none", "unreadable", "other", "absent"]
    assert not claim.counts
    assert board.states()["first"] == "missing"


def test_two_members_of_the_committee_are_two_but_nobody_from_outside(board: Board) -> None:
    board.claim(FIRST, "chair", [board.photograph()])
    board.claim(FIRST, "treasurer", [board.photograph(shade=150)])
    states = board.states(date(2026, 7, 18))
    assert (states["two_persons"], states["outsider"]) == ("done", "missing")


def test_one_question_decodes_a_few_photographs_and_says_so(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "_codes", type(photographs._codes)())
    shots = [board.photograph(shade=shade) for shade in range(160, 168)]
    board.claim(FIRST, "chair", shots)
    (claim,) = board.shown().claims
    assert [photo.shows for photo in claim.photos] == ["this"] * photographs.AT_ONCE + ["unread"] * 2
    (claim,) = board.shown().claims
    assert {photo.shows for photo in claim.photos} == {"this"}


def test_the_day_between_follows_from_the_first_outside_signature_and_stays(board: Board) -> None:
    before = board.shown()
    assert (before.chosen_by, before.witness) == ("entry", None)
    board.house.advance(minutes=1)
    board.store.publish([witness(board.house)])  # type: ignore[arg-type]  # a clock is all that it asks for
    signed = board.shown()
    assert (signed.chosen_by, signed.witness) == ("witness", "example.org/street")
    board.claim(FIRST, "chair", [])
    board.store.publish([witness(board.house), witness(board.house, "school")])  # type: ignore[arg-type]
    after = board.shown()
    assert after.look == signed.look
    assert FIRST < look(board) < LAST


def test_the_code_of_the_poster_comes_from_the_same_signature(board: Board) -> None:
    assert printing.printed_with(board.store, "2026H1").check_code == ""
    board.store.publish([witness(board.house)])  # type: ignore[arg-type]
    code = printing.printed_with(board.store, "2026H1").check_code
    assert len(code.replace(" ", "")) == 12
    board.claim(FIRST, "chair", [])
    board.store.publish([witness(board.house)])  # type: ignore[arg-type]
    assert printing.printed_with(board.store, "2026H1").check_code == code


def test_days_are_legal_days(board: Board) -> None:
    seq = board.claim(FIRST, "chair", [])
    (claim,) = board.shown().claims
    assert claim.seq == seq
    assert claim.day == period.legal_day(board.store.entry(seq).time, board.store.books.offset).isoformat()
