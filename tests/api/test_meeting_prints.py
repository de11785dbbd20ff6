"""A meeting's prints over HTTP: as far as its acts have come, and why there is no ballot sheet."""

from starlette.testclient import TestClient

from ledger.store import meeting_prints
from ledger.store.reading import meetings
from tests.api.house import Living, base, client
from tests.api.test_meetings import home
from tests.poll import Poll, motion

__all__ = ["base", "client", "home"]


def asked(client: TestClient, base: str, called: str, form: str) -> tuple[int, str]:
    answer = client.get(f"{base}/meetings/{called}/print/{form}.pdf")
    return answer.status_code, answer.headers["content-type"] if answer.status_code == 200 else answer.json()["rule"]


def test_each_act_brings_its_print(client: TestClient, base: str, home: Living) -> None:
    poll = Poll(home.house, [motion()])
    poll.call()
    home.follow()
    assert asked(client, base, poll.called, "notice") == (200, "application/pdf")
    assert asked(client, base, poll.called, "roll") == (404, "roll.none")
    assert asked(client, base, poll.called, "result") == (404, "print.not_certified")
    assert meeting_prints.forms(meetings.meeting(home.store, poll.called)) == ("notice",)


def test_a_certified_meeting_has_them_all(client: TestClient, base: str, home: Living) -> None:
    poll = home.house.voted()
    home.follow()
    assert meeting_prints.forms(meetings.meeting(home.store, poll.called)) == tuple(meeting_prints.FORMS)
    for form in meeting_prints.FORMS:
        assert asked(client, base, poll.called, form) == (200, "application/pdf")
        made = meeting_prints.render(home.store, poll.called, form, "", "zh_CN")
        assert made == meeting_prints.render(home.store, poll.called, form, "", "zh_CN")


def test_what_is_not_printed_says_why(client: TestClient, base: str, home: Living) -> None:
    poll = home.house.voted()
    home.follow()
    assert asked(client, base, poll.called, "ballot") == (422, "print.no_paper_ballot")
    assert asked(client, base, poll.called, "invitation") == (404, "print.form")
    assert asked(client, base, "0" * 64, "notice") == (404, "meeting.unknown")
