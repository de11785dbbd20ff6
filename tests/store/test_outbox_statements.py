"""What is told of a published statement, and its days in the calendar."""

from datetime import date

from ledger import period
from ledger.exchange import icalendar
from ledger.store import statements
from ledger.store.reading import calendar, outbox
from tests.exchange.calendars import read
from tests.store.test_postings import FIRST, LAST, Board, board
from tests.store.test_statements import house

__all__ = ["board", "house"]

HOME = "https://books.example.org/c/0123456789abcdef/"


def test_publication_and_the_end_of_the_posting_are_told(board: Board) -> None:
    items = outbox.outbox(board.store, HOME, 2**42).items
    by_kind = {one.kind: one for one in items if "2026H1" in one.link}
    assert board.digest in by_kind["statement_published"].zh.text
    assert board.digest in by_kind["statement_published"].en.text
    assert by_kind["posting_ends"].link == f"{HOME}statements/2026H1"
    offset = board.store.books.offset
    assert period.legal_day(period.parse_time(by_kind["posting_ends"].due), offset) == LAST
    assert [one.key.split(".")[1] for one in items if one.kind == "statement_due"] == ["2026H2", "2026H2"]


def test_a_correction_is_told_with_what_was_and_what_is(board: Board) -> None:
    body = {
        "statement": statements.stands(board.store, "2026H1").record,
        "was": "收款人甲",
        "now": "收款人乙",
        "reason": "抄错了 www.evil.example",
    }
    board.enter("correction.noticed/1", body, "treasurer", "chair")
    (told,) = [one for one in outbox.outbox(board.store, HOME, 2**42).items if one.kind == "statement_corrected"]
    assert "收款人乙" in told.zh.text
    assert "www.evil" not in told.zh.text


def test_posting_and_objections_stand_in_the_calendar(board: Board) -> None:
    data = icalendar.encode("x", calendar.events(board.store, HOME, "en"))
    found = {event.value("UID").split(".")[1].split("@")[0]: event for event in read(data).components}
    assert found["posting"].value("DTSTART") == f"{FIRST:%Y%m%d}"
    assert found["posting"].value("DTEND") == f"{period.add_days(LAST, 1):%Y%m%d}"
    assert date.fromisoformat(found["objections"].value("DTSTART")) >= LAST
