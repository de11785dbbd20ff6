"""Units: a list counts only when its closing record names its own count, area and root; changes move the whole area."""

from typing import Any

import pytest

from ledger.log import merkle
from tests.community import BOTH, Community, Flat, digest_of, flats, refused_as

FLATS = (Flat("a1", 8_000, ("zhang",)), Flat("a2", 7_000, ("li", "wang")), Flat("p1", 1_200, use="parking"))


@pytest.fixture
def community() -> Community:
    community = Community(genesis={"units": {"count": 3, "area": 16_200, "source": digest_of("survey")}})
    community.enter("zhang", "li", "wang", "owner-p1")
    return community


def enter(community: Community, *units: Flat, **other: Any) -> list[str]:
    return community.acts([("unit.entered/1", community.unit_body(u) | other) for u in units], by=BOTH)


def close(community: Community, digests: list[str], **other: Any) -> str:
    raws = [e.record.raw for e in community.entries if e.record.digest in digests]
    body = {"count": 3, "area": 16_200, "root": merkle.root(merkle.leaf_hashes(raws)).hex()}
    return community.act("units.closed/1", body | other, by=BOTH)


def test_a_list_counts_from_its_closing(community: Community) -> None:
    digests = enter(community, *FLATS[:2]) + enter(community, FLATS[2])
    with refused_as("unit.unknown"):
        community.change_unit(FLATS[0])
    close(community, digests)
    people = community.books.people
    assert people.unit("a2").owners == tuple(sorted([community.ref("li"), community.ref("wang")]))
    assert (len(people.units), len(people.entering.units), people.entering.range.size) == (3, 0, 0)
    community.change_unit(Flat("a1", 8_000, ("zhang",), stack="s1"))
    assert (people.unit("a1").stack, community.books.people.unit("a1").stack) == ("", "s1")


@pytest.mark.parametrize("what", ["count", "area", "root"])
def test_the_closing_says_what_was_entered(community: Community, what: str) -> None:
    digests = enter(community, *FLATS)
    wrong: dict[str, Any] = {"count": 2, "area": 16_199, "root": digest_of("root")}
    with refused_as(f"units.{what}_differs"):
        close(community, digests, **{what: wrong[what]})
    close(community, digests)


def test_a_unit_that_does_not_count_for_area_adds_none(community: Community) -> None:
    digests = enter(community, *FLATS[:2]) + enter(community, Flat("p1", 1_200, counts_area=False))
    with refused_as("units.area_differs"):
        close(community, digests)
    close(community, digests, area=15_000)


def test_a_code_stands_once(community: Community) -> None:
    digests = enter(community, *FLATS)
    with refused_as("unit.entered_before"):
        enter(community, FLATS[0])
    close(community, digests)
    with refused_as("unit.entered_before"):
        enter(community, FLATS[0])


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"owners": [digest_of("nobody")]}, "person.unknown"),
        ({"owners": "twice"}, "unit.owner_twice"),
        ({"area": -1}, "record.body"),
        ({"area": 80.5}, "canonical.fraction"),
        ({"code": "1-101室"}, "record.body"),
        ({"label": "1-101室"}, "record.body"),
        ({"use": "castle"}, "record.body"),
        ({"counts_area": 1}, "record.body"),
    ],
)
def test_what_a_unit_may_not_be(community: Community, other: dict[str, Any], rule: str) -> None:
    if other.get("owners") == "twice":
        other = {"owners": [community.ref("li"), community.ref("li")]}
    with refused_as(rule):
        enter(community, FLATS[0], **other)


def test_units_take_two_parties(community: Community) -> None:
    body = community.unit_body(FLATS[0])
    for by in (["chair"], ["chair", "treasurer"], ["registrar"]):
        with refused_as("signers.seats"):
            community.act("unit.entered/1", body, by=by)


def test_a_batch_of_units_is_entered_whole_or_not_at_all(community: Community) -> None:
    with refused_as("unit.entered_before"):
        enter(community, FLATS[0], FLATS[1], FLATS[0])
    assert community.books.people.entering.range.size == 0


# --- changes ---------------------------------------------------------------------------------------------------------------------


def test_a_change_moves_the_whole_area(community: Community) -> None:
    close(community, enter(community, *FLATS))
    community.change_unit(Flat("a1", 9_000, ("zhang",)))
    assert community.books.people.expected_area == 17_200
    community.change_unit(Flat("a1", 9_000, ("zhang",), counts_area=False))
    assert community.books.people.expected_area == 8_200
    community.change_unit(Flat("a1", 500, ("li",), counts_area=False))
    assert community.books.people.expected_area == 8_200
    community.change_unit(Flat("a1", 8_000, ("li",)))
    assert community.books.people.expected_area == 16_200
    assert sum(u.area for u in community.books.people.units.values()) == 16_200
    with refused_as("unit.unchanged"):
        community.change_unit(Flat("a1", 8_000, ("li",)))
    with refused_as("unit.unknown"):
        community.change_unit(Flat("z9", 8_000, ("li",)))


def test_a_change_may_come_while_another_list_is_entered() -> None:
    community = Community(flats("a1 a2"))
    enter(community, Flat("a3", owners=("owner-a1",)))
    community.change_unit(Flat("a1", 11_000))
    with refused_as("unit.unknown"):
        community.change_unit(Flat("a3", 11_000))


def test_a_named_voter_is_one_of_the_owners(community: Community) -> None:
    with refused_as("unit.voter_no_owner"):
        enter(community, Flat("a2", 7_000, ("li", "wang"), voter="zhang"))
    enter(community, Flat("a2", 7_000, ("li", "wang"), voter="wang"))
    assert community.books.people.entering.units["a2"].voter == community.ref("wang")
