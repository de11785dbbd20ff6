"""The example's desk: what derives from the seed, and what it refuses."""

import pytest

from ledger import canonical
from ledger.errors import MingzhangError
from ledger.example import votes
from ledger.example.desk import Clock, Desk


def test_the_clock_does_not_go_back() -> None:
    clock = Clock(1_000)
    clock.set(1_000)
    with pytest.raises(MingzhangError) as refused:
        clock.set(999)
    assert refused.value.rule == "example.time_backwards"
    assert clock() == 1_000


def test_nothing_is_handed_in_before_the_genesis() -> None:
    with pytest.raises(MingzhangError) as refused:
        _ = Desk("seed", 0).books
    assert refused.value.rule == "example.not_opened"


def test_a_motion_that_no_meeting_has() -> None:
    with pytest.raises(KeyError):
        votes.motion_ref(Desk("seed", 0), "roof")


def test_private_values_are_sealed_where_they_stand() -> None:
    desk = Desk("seed", 0)
    body = {"persons": [{"nature": "office"}, {"nature": "natural"}]}
    drafted = desk.draft("ledger.opened/1", body, private={"persons/1/name": "某人"})
    (opening,) = drafted.openings
    said = drafted.record.body["persons"][1]["name"]
    assert said == canonical.commitment("", "ledger.opened/1", "persons/1/name", "某人", opening.salt)
    assert drafted.record.body["persons"][0] == {"nature": "office"}
    assert body == {"persons": [{"nature": "office"}, {"nature": "natural"}]}


def test_two_records_alike_have_other_ids_and_salts() -> None:
    desk = Desk("seed", 0)
    one, other = (desk.draft("person.entered/1", {"nature": "natural"}, private={"name": "某人"}) for _ in range(2))
    assert one.record.id != other.record.id
    assert one.openings[0].salt != other.openings[0].salt
