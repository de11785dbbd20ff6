"""A ballot is taken in only with the opening of its own answers, and only if they count."""

from collections.abc import Sequence

import pytest

from ledger import canonical
from ledger.log.entry import Opening, Submission
from ledger.people import drafting
from ledger.store.admission import admit
from tests.community import Community, flats, refused_as, salt_of
from tests.poll import Poll, motion


@pytest.fixture(scope="module")
def poll() -> Poll:
    held = Poll(Community(flats("a1 a2 a3")), [motion(9)])
    held.prepare()
    return held


def ballot(poll: Poll, value: canonical.Json) -> tuple[Submission, Opening]:
    community = poll.community
    commitment, opening = drafting.seal(community.ledger, "ballot.cast/1", "choices", value, salt_of("s"))
    body = {"meeting": poll.opened, "unit": "a1", "revision": 1, "choices": commitment}
    record = community.record("ballot.cast/1", body)
    return Submission(record, tuple(community.sign(record, ["owner-a1"])), (opening,)), opening


def admitted(poll: Poll, submission: Submission, openings: Sequence[Opening]) -> int:
    one = Submission(submission.record, submission.signatures, tuple(openings))
    return len(admit(poll.community.books, [one]))


def test_with_its_opening(poll: Poll) -> None:
    submission, opening = ballot(poll, ["yes"])
    assert admitted(poll, submission, [opening]) == 1


def test_without_it_a_copied_commitment_is_worth_nothing(poll: Poll) -> None:
    submission, _ = ballot(poll, ["yes"])
    with refused_as("opening.missing"):
        admitted(poll, submission, [])


@pytest.mark.parametrize("value", [["maybe"], [], ["yes", "yes"], "yes"])
def test_answers_that_would_be_void_are_refused_while_there_is_time(poll: Poll, value: canonical.Json) -> None:
    submission, opening = ballot(poll, value)
    with refused_as("ballot.answers"):
        admitted(poll, submission, [opening])
