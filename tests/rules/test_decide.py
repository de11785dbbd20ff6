"""Rules adopted on the ledger: as full text, by two parties, each once."""

import pytest

from ledger.rules import calendar
from ledger.rules.profile import shipped_text
from tests.community import BOTH, Community, digest_of, profile_with, refused_as


@pytest.fixture
def community() -> Community:
    return Community()


def test_a_profile_takes_the_place_of_the_other(community: Community) -> None:
    text = profile_with("notice.regular", '"20d"')
    community.act("profile.adopted/1", {"text": text, "source": digest_of("minutes")}, by=BOTH)
    assert community.books.rules.profile.days("notice.regular").count == 20
    with refused_as("profile.unchanged"):
        community.act("profile.adopted/1", {"text": text, "source": digest_of("minutes")}, by=BOTH)
    with refused_as("profile.invalid"):
        community.act("profile.adopted/1", {"text": 'name = "x"\n', "source": digest_of("minutes")}, by=BOTH)
    with refused_as("signers.seats"):
        community.act(
            "profile.adopted/1", {"text": shipped_text("civil-code-2021"), "source": digest_of("m")}, by=["chair"]
        )


def test_a_working_day_table_is_of_its_year(community: Community) -> None:
    text = calendar.shipped_text(2026)
    with refused_as("calendar.other_year"):
        community.act("calendar.adopted/1", {"year": 2025, "text": text}, by=BOTH)
    community.act("calendar.adopted/1", {"year": 2026, "text": text}, by=BOTH)
    assert community.books.rules.calendars.get(2026) == text


def test_bylaws_and_their_clauses(community: Community) -> None:
    rules = community.books.rules
    (old,) = rules.bylaws
    clause = rules.clause("phone_vote")
    assert clause is not None
    assert clause.document == old
    new = {"document": digest_of("new rules"), "source": digest_of("minutes")}
    with refused_as("bylaws.unknown"):
        community.act("bylaws.adopted/1", {**new, "replaces": digest_of("nothing")}, by=BOTH)
    community.act("bylaws.adopted/1", {**new, "replaces": old}, by=BOTH)
    assert community.books.rules.clause("phone_vote") is None
    with refused_as("bylaws.adopted_before"):
        community.act("bylaws.adopted/1", new, by=BOTH)
