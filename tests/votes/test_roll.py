"""The roll: heads merged as the interpretation's article 9 says, its leaves and root, recomputed from the units."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.people.state import Unit
from ledger.votes import facts, roll
from ledger.votes.state import Scope
from tests.community import Community, Flat, digest_of, flats
from tests.poll import Poll, refused_as

RULES = ("same_owner_set", "same_buyer", "none")


def unit(code: str, *owners: str, area: int = 100, counts_area: bool = True, counts_head: bool = True) -> Unit:
    return Unit(code, "b1", "s1", "flat", area, counts_area, counts_head, tuple(sorted(owners)), "")


def groups(units: list[Unit], rule: str = "same_owner_set") -> list[tuple[str, ...]]:
    return [leaf.units for leaf in roll.merge(units, rule)]


class TestMerging:
    def test_spc_9_three_flats_of_one_owner_are_one_head_and_three_areas(self) -> None:
        (leaf,) = roll.merge([unit("a", "zhang"), unit("b", "zhang"), unit("c", "zhang")], "same_owner_set")
        assert (leaf.head, leaf.area, leaf.unit, leaf.units) == (1, 300, "a", ("a", "b", "c"))

    def test_spc_9_the_developers_unsold_flats_are_one_head(self) -> None:
        units = [unit(f"d{n:03}", "developer") for n in range(120)] + [unit(f"o{n:02}", f"o{n}") for n in range(80)]
        leaves = roll.merge(units, "same_owner_set")
        assert sum(leaf.head for leaf in leaves) == 81
        assert sum(leaf.area for leaf in leaves) == 20_000

    def test_joint_owners_are_one_head(self) -> None:
        (leaf,) = roll.merge([unit("a", "zhang", "li")], "same_owner_set")
        assert (leaf.head, leaf.owners) == (1, ("li", "zhang"))

    def test_the_named_voter_of_joint_owners_stands_in_the_leaf(self) -> None:
        named = replace(unit("a", "zhang", "li"), voter="li")
        (leaf,) = roll.merge([named], "same_owner_set")
        assert leaf.voter == "li"
        assert json.loads(roll.leaf_bytes(leaf))["voter"] == "li"
        assert b"voter" not in roll.leaf_bytes(replace(leaf, voter=""))

    def test_what_the_owners_of_one_unit_agreed_binds_no_other(self) -> None:
        named = replace(unit("a", "zhang", "li"), voter="li")
        for other in (unit("b", "li", "zhang"), replace(unit("b", "li", "zhang"), voter="zhang")):
            (leaf,) = roll.merge([named, other], "same_owner_set")
            assert leaf.voter == ""
        (chained,) = roll.merge([named, unit("b", "li")], "same_buyer")
        assert chained.voter == ""
        (agreed,) = roll.merge([named, replace(unit("b", "li", "zhang"), voter="li")], "same_owner_set")
        assert agreed.voter == "li"

    def test_owner_of_one_and_co_owner_of_another_as_the_profile_says(self) -> None:
        units = [unit("a", "zhang"), unit("b", "zhang", "li"), unit("c", "li"), unit("d", "wang")]
        assert groups(units, "same_owner_set") == [("a",), ("b",), ("c",), ("d",)]
        assert groups(units, "same_buyer") == [("a", "b", "c"), ("d",)]
        assert groups(units, "none") == [("a",), ("b",), ("c",), ("d",)]
        assert groups([unit("a", "zhang"), unit("b", "zhang")], "none") == [("a",), ("b",)]

    @pytest.mark.parametrize("rule", RULES)
    def test_units_without_a_known_owner_are_never_merged(self, rule: str) -> None:
        assert groups([unit("a"), unit("b"), unit("c", "zhang")], rule) == [("a",), ("b",), ("c",)]

    def test_a_chain_found_late_still_takes_the_lowest_code(self) -> None:
        units = [unit("a", "p"), unit("b", "q"), unit("c", "r"), unit("d", "q", "r"), unit("e", "p", "r")]
        assert groups(units, "same_buyer") == [("a", "b", "c", "d", "e")]

    def test_spc_2_parking_counts_as_its_flags_say(self) -> None:
        area_only = unit("p", "li", area=1300, counts_head=False)
        neither = unit("x", "li", counts_area=False, counts_head=False)
        head_only = unit("h", "wang", counts_area=False)
        leaves = roll.merge([area_only, neither, head_only], "same_owner_set")
        assert [(leaf.units, leaf.area, leaf.head) for leaf in leaves] == [(("h",), 0, 1), (("p",), 1300, 0)]
        (merged,) = roll.merge([area_only, unit("a", "li")], "same_owner_set")
        assert (merged.area, merged.head) == (1400, 1)


people = st.sampled_from("pqrstu")
units_of = st.lists(
    st.builds(
        lambda owners, area, a, h: (owners, area, a, h),
        st.frozensets(people, max_size=3),
        st.integers(0, 10**6),
        st.booleans(),
        st.booleans(),
    ),
    max_size=25,
).map(
    lambda made: [
        unit(f"u{n:02}", *owners, area=area, counts_area=a, counts_head=h)
        for n, (owners, area, a, h) in enumerate(made)
    ]
)


@given(units_of, st.sampled_from(RULES))
def test_areas_add_and_heads_never_exceed_units(units: list[Unit], rule: str) -> None:
    leaves = roll.merge(units, rule)
    assert sum(leaf.area for leaf in leaves) == sum(u.area for u in units if u.counts_area)
    assert sum(leaf.head for leaf in leaves) <= sum(u.counts_head for u in units)
    assert sorted(code for leaf in leaves for code in leaf.units) == [
        u.code for u in units if u.counts_area or u.counts_head
    ]


@given(units_of, st.sampled_from(RULES))
def test_leaves_ascend_and_each_is_named_by_its_lowest_code(units: list[Unit], rule: str) -> None:
    leaves = roll.merge(units, rule)
    assert all(leaf.unit == min(leaf.units) and list(leaf.units) == sorted(leaf.units) for leaf in leaves)
    assert [leaf.unit for leaf in leaves] == sorted(leaf.unit for leaf in leaves)


@given(units_of, st.sampled_from(RULES), st.randoms())
def test_the_order_of_entry_does_not_matter(units: list[Unit], rule: str, random) -> None:
    shuffled = units.copy()
    random.shuffle(shuffled)
    assert roll.merge(shuffled, rule) == roll.merge(units, rule)


@given(units_of)
def test_wider_merging_never_makes_more_heads(units: list[Unit]) -> None:
    heads = [sum(leaf.head for leaf in roll.merge(units, rule)) for rule in ("same_buyer", "same_owner_set", "none")]
    assert heads == sorted(heads)


@given(units_of)
def test_same_buyer_joins_whoever_shares_an_owner_and_nobody_else(units: list[Unit]) -> None:
    owner_of = {u.code: set(u.owners) for u in units}
    leaves = roll.merge(units, "same_buyer")
    for one in leaves:
        for other in leaves:
            assert one is other or not set(one.owners) & set(other.owners)
        reached, more = {one.unit}, True
        while more:
            owners = set().union(*(owner_of[code] for code in reached))
            wider = {code for code in one.units if owner_of[code] & owners} | reached
            more, reached = wider != reached, wider
        assert reached == set(one.units)


class TestBytes:
    def test_a_leaf_is_canonical_json_and_the_root_is_rfc_6962(self) -> None:
        leaves = roll.merge([unit("a", "zhang"), unit("b", "li"), unit("c", "wang", "zhao")], "same_owner_set")

        def leaf(item: dict) -> bytes:
            raw = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            return hashlib.sha256(b"\x00" + raw).digest()

        def node(left: bytes, right: bytes) -> bytes:
            return hashlib.sha256(b"\x01" + left + right).digest()

        a, b, c = (
            leaf({"roll": 1, "unit": code, "units": [code], "owners": owners, "area": 100, "head": 1})
            for code, owners in (("a", ["zhang"]), ("b", ["li"]), ("c", ["wang", "zhao"]))
        )
        assert roll.root(leaves) == node(node(a, b), c).hex()


PLACED = {
    code: Unit(code, building, stack, "flat", 1, True, True, (), "")
    for code, building, stack in (("a", "b1", "s1"), ("b", "b1", "s2"), ("c", "b2", "s1"))
}


class TestScope:
    @pytest.mark.parametrize(
        ("scope", "codes"),
        [
            (Scope("community"), "abc"),
            (Scope("building", "b1"), "ab"),
            (Scope("stack", "b1", "s1"), "a"),
            (Scope("units", units=("a", "c")), "ac"),
            (Scope("building", "b9"), ""),
        ],
    )
    def test_the_denominator_is_who_shares_the_part(self, scope: Scope, codes: str) -> None:
        assert "".join(u.code for u in roll.in_scope(PLACED, scope)) == codes

    def test_a_listed_unit_that_is_not_there(self) -> None:
        with refused_as("unit.unknown"):
            roll.in_scope(PLACED, Scope("units", units=("a", "z")))


class TestFreezing:
    def test_every_figure_is_the_machines_own(self) -> None:
        community = Community((*flats("a1 a2"), Flat("p1", 1_200, ("owner-a1",), use="parking", counts_head=False)))
        poll = Poll(community)
        poll.call()
        own = poll.roll_body()
        assert {k: own[k] for k in ("units", "leaves", "heads", "area")} == {
            "units": 3,
            "leaves": 2,
            "heads": 2,
            "area": 21_200,
        }
        for figure in ("units", "leaves", "heads", "area"):
            with refused_as(f"roll.{figure}_wrong"):
                poll.freeze(**{figure: own[figure] + 1})
        # A root over leaves of which one has another area, every sum being right.
        leaves = roll.merge(community.books.people.units.values(), "same_owner_set")
        moved = [replace(leaves[0], area=leaves[0].area - 1), replace(leaves[1], area=leaves[1].area + 1)]
        with refused_as("roll.root_wrong"):
            poll.freeze(root=roll.root(moved))
        poll.freeze()
        assert poll.meeting.roll is not None
        assert sorted(poll.meeting.roll.leaves) == ["a1", "a2"]
        assert community.fact(facts.RollFrozen) == facts.RollFrozen(
            poll.called, poll.roll, own["root"], 3, 21_200, 2, leaves
        )

    def test_once_a_meeting(self, poll: Poll) -> None:
        poll.call()
        poll.freeze()
        with refused_as("roll.frozen_before"):
            poll.freeze()

    def test_not_while_units_are_being_entered(self) -> None:
        community = Community(flats("a1 a2"))
        poll = Poll(community)
        poll.call()
        body = poll.roll_body()
        community.acts([("unit.entered/1", community.unit_body(Flat("a3")))], by=("chair", "registrar"))
        with refused_as("roll.units_entering"):
            community.act("roll.frozen/1", body, by=("chair", "registrar"))

    @pytest.mark.parametrize(
        ("count", "area", "rule"), [(3, 20_000, "roll.units_differ"), (2, 20_001, "roll.area_differs")]
    )
    def test_not_before_the_units_add_up_to_what_the_genesis_says(self, count: int, area: int, rule: str) -> None:
        totals = {"units": {"count": count, "area": area, "source": digest_of("survey")}}
        poll = Poll(Community(flats("a1 a2"), genesis=totals))
        poll.call()
        with refused_as(rule):
            poll.freeze()

    @pytest.mark.parametrize("flags", [{"counts_area": False}, {"counts_head": False}])
    def test_a_roll_of_nobody_decides_nothing(self, flags: dict[str, bool]) -> None:
        poll = Poll(Community(flats("a1 a2", **flags)))
        poll.call()
        with refused_as("roll.nobody"):
            poll.freeze()

    def test_two_parties_sign(self, poll: Poll) -> None:
        poll.call()
        for by in (["chair"], ["chair", "treasurer"], ["registrar"], ["chair", "registrar", "member"]):
            with refused_as("signers.seats"):
                poll.freeze(by=by)
