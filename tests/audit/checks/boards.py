"""Communities whose statements and results come and hang on given days, for the tests of publication and postings."""

from typing import Any

from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import Treasury, treasury
from tests.community import Community, digest_of, flats
from tests.poll import Poll, motion


def house(*years: int) -> Treasury:
    """Books open since January 2026, with the working-day tables of these years."""
    made = treasury()
    for year in years or (2026, 2027):
        plain = f'[calendar]\nyear = {year}\nsources = ["no holidays"]\n\n[holidays]\n\n[worked]\ndays = []\n'
        text = plain if year > 2026 else shipped_text(year)
        made.act("calendar.adopted/1", {"year": year, "text": text}, by=made.both)
    return made


def at(community: Community, day: str) -> None:
    """Let it be that day, on which somebody says something."""
    community.set_clock(f"{day}T12:00:00+08:00")
    community.act("document.entered/1", {"kind": "letter", "subject": "函"}, by=["chair"])


def publish(made: Treasury, day: str) -> str:
    made.set_clock(f"{day}T12:00:00+08:00")
    return made.publish_next()


def hang(community: Community, record: str, start: str, until: str, *places: str, photos: int = 1) -> str:
    evidence = [digest_of(f"photo {n}") for n in range(photos)]
    body = {
        "record": record,
        "start": start,
        "until": until,
        "places": list(places or ("大堂", "大门")),
        "evidence": evidence,
    }
    return community.act("posting.hung/1", body, by=["treasurer"])


def voted(photos: int = 1, **how: Any) -> Poll:
    """A vote that closed on 28 January 2026, a Wednesday; one ballot came."""
    community = Community(flats("a1"))
    community.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=community.both)
    poll = Poll(community, [motion()], **how)
    poll.call()
    poll.post(evidence=[digest_of(f"photo {n}") for n in range(photos)])
    poll.freeze()
    poll.open()
    poll.wait_until(poll.opens)
    poll.cast("a1", "y")
    poll.close()
    assert community.day == "2026-01-28"
    return poll
