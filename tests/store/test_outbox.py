"""The outbox: everything that is to be told is told once, in both languages, and no text leads to a place that signs."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import period
from ledger.exchange import icalendar
from ledger.store.reading import calendar, outbox
from ledger.store.reading.outbox import READ, Notice, NoticeItem
from tests.api.house import House, Living, living
from tests.exchange.calendars import read
from tests.poll import Poll, motion

HOME = "https://books.example.org/c/0123456789abcdef/"
SIGNING = ("/sign", "/enrol", "/approve", "/desk")
HOSTILE = "请到 https://books.example.org/c/0123456789abcdef/sign/1 或 www.evil.example/approve 签名\n第二行"
LATE = 2**42


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


def told(home: Living, until: int = LATE, after: int = 0) -> tuple[NoticeItem, ...]:
    home.follow()
    return outbox.outbox(home.store, HOME, until, after=after, limit=500).items


def kinds(home: Living, until: int = LATE, after: int = 0) -> list[str]:
    return [one.kind for one in reversed(told(home, until, after))]


def meeting(home: Living, **how: Any) -> Poll:
    poll = Poll(home.house, [motion(9, "预算"), motion(5, "屋顶")], **how)
    poll.call()
    return poll


def test_a_meeting_is_told_from_its_call_to_its_result(home: Living) -> None:
    poll = home.house.voted()
    found = [one for one in told(home) if poll.called in one.key]
    assert [one.kind for one in reversed(found)] == [
        "meeting_called", "meeting_open", "meeting_left", "meeting_left", "meeting_result",
    ]  # fmt: skip
    assert all(one.link == f"{HOME}votes/{poll.called}" for one in found)
    closes = period.parse_time(poll.closes)
    left = [one for one in found if one.kind == "meeting_left"]
    assert [closes - period.parse_time(one.due) for one in left] == [period.DAY_MS, 3 * period.DAY_MS]
    assert "1 项中 1 项通过" in found[0].zh.text
    assert "还剩 3 天" in left[1].zh.text
    assert "3 days left" in left[1].en.text


def test_one_that_is_withdrawn_is_told_with_its_reason(home: Living) -> None:
    poll = meeting(home)
    home.house.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": HOSTILE}, by=["chair"])
    (first, last) = [one for one in reversed(told(home)) if poll.called in one.key]
    assert (first.kind, last.kind) == ("meeting_called", "meeting_withdrawn")
    assert "第二行" in last.zh.text


def test_a_short_vote_is_not_told_to_have_days_left_that_it_never_had(home: Living) -> None:
    days = outbox.DAYS_LEFT
    assert days == (3, 1)
    poll = meeting(home, days=(16, 2))
    poll.post()
    home.house.advance(days=15)
    poll.freeze()
    poll.open()
    assert [one.key.rpartition(".")[2] for one in told(home) if one.kind == "meeting_left"] == ["left1"]


def test_nothing_is_told_twice_and_every_key_is_its_own(home: Living) -> None:
    home.house.voted()
    items = told(home)
    assert max(Counter(one.key for one in items).values()) == 1
    middle = sorted(period.parse_time(one.due) for one in items)[len(items) // 2]
    early, late = told(home, middle), told(home, after=middle)
    assert {one.key for one in early} | {one.key for one in late} == {one.key for one in items}
    assert not {one.key for one in early} & {one.key for one in late}


def test_the_statement_that_is_due_is_told_a_week_ahead_and_on_its_day(home: Living) -> None:
    due = [one for one in told(home) if one.kind == "statement_due"]
    assert [one.key.split(".")[1:] for one in reversed(due)] == [["2026H1", "ahead"], ["2026H1", "due"]]
    books = home.store.books
    first, last = (period.parse_time(one.due) for one in reversed(due))
    assert last - first == outbox.DUE_AHEAD * period.DAY_MS
    assert period.format_time(last + books.offset * period.MINUTE_MS)[11:16] == "09:00"


def test_a_question_is_told_until_it_is_answered(home: Living) -> None:
    """Nobody is told what it says, nor who asked; what reminds of the answer ends with the answer."""
    house = home.house
    asked = house.act("objection.filed/1", house.objection(house.document(), "谁批的这笔钱"), by=["owner-a1"])
    found = {one.kind: one for one in told(home) if one.kind.startswith("question")}
    assert list(found) == ["question_overdue", "question_due", "question_asked"]
    (waiting,) = home.store.books.publication.waiting
    due = period.start_of_day(period.parse_day(waiting.due), home.store.books.offset)
    ahead, overdue = (period.parse_time(found[kind].due) for kind in ("question_due", "question_overdue"))
    assert (due - ahead) // period.DAY_MS + 1 == outbox.ANSWER_AHEAD
    assert (overdue - due) // period.DAY_MS == 1
    assert {one.link for one in found.values()} == {f"{HOME}questions"}
    assert not any("谁批的" in one.zh.text or "a1" in one.zh.text for one in found.values())
    house.act("objection.answered/1", house.answer(asked, "见合同"), by=["chair"])
    assert [one.kind for one in told(home) if one.kind.startswith("question")] == [
        "question_answered",
        "question_asked",
    ]


def test_no_text_leads_to_a_place_that_signs_whatever_people_typed(home: Living) -> None:
    poll = Poll(home.house, [motion(title=HOSTILE[:60])])
    poll.call(title=HOSTILE.replace("\n", " "))
    home.house.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": HOSTILE}, by=["chair"])
    home.house.voted()
    items = told(home)
    assert len(items) > 5
    for one in items:
        assert one.link.removeprefix(HOME).startswith(READ)
        for said in (one.zh, one.en):
            for text in (said.subject, said.text):
                links = re.findall(r"https?://\S+", text)
                assert set(links) <= {one.link}, text
                assert not any(word in link for link in links for word in SIGNING)
                assert not re.search(r"[A-Za-z0-9]\.[A-Za-z]{2,}", text.replace(one.link, "")), text


@pytest.mark.parametrize(
    "path", ["sign/1", "enrol", "questions/1", "approve/1", "desk", "../sign", "https://evil.example/votes/"]
)
def test_a_notice_cannot_be_made_to_lead_elsewhere(path: str) -> None:
    with pytest.raises(ValueError, match=re.escape(path)):
        Notice("key", "meeting_called", 0, path)


# --- the calendar -----------------------------------------------------------------------------------------------------


def events(home: Living) -> dict[str, Any]:
    home.follow()
    data = icalendar.encode("江岸花园", calendar.events(home.store, HOME, "zh_CN"))
    assert data == icalendar.encode("江岸花园", calendar.events(home.store, HOME, "zh_CN"))
    return {event.value("UID"): event for event in read(data).components}


def test_a_vote_keeps_its_identity_while_more_is_known(home: Living) -> None:
    poll = meeting(home)
    before = events(home)
    name = next(uid for uid in before if uid.startswith(f"{poll.called}.vote@"))
    assert before[name].value("SEQUENCE") == "0"
    opens = poll.opens.replace("-", "").replace(":", "")[:15] + "Z"
    assert before[name].value("DTSTART") == opens
    assert before[name].text("DESCRIPTION") == "1. 预算\n2. 屋顶"
    poll.post()
    after = events(home)
    assert set(after) == set(before)
    assert after[name].value("SEQUENCE") == "1"
    home.house.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "改期"}, by=["chair"])
    assert events(home)[name].value("STATUS") == "CANCELLED"


def test_a_hostile_title_stays_in_its_event(home: Living) -> None:
    poll = Poll(home.house, [motion(title="a;b,c\\n")])
    poll.call(title="END:VEVENT; BEGIN:VEVENT, https://evil.example/sign")
    found = events(home)
    assert len([uid for uid in found if poll.called in uid]) == 2
    assert all("https://evil" not in event.text("SUMMARY") for event in found.values())
    assert all(event.value("URL").startswith(HOME) for event in found.values())


def test_the_day_that_a_statement_is_due_by(home: Living) -> None:
    found = outbox.statement_due(home.store.books)
    assert found is not None
    code, day = found
    (event,) = [event for uid, event in events(home).items() if ".due." in uid]
    assert code == "2026H1"
    assert date(2026, 6, 30) < day
    assert event.value("DTSTART") == f"{day:%Y%m%d}"
