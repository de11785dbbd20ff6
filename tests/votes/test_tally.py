"""The count: the law's own cases (Civil Code article 278, named sources second-hand), and the laws of adding up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.profile import shipped
from ledger.rules.ratio import Ratio
from ledger.votes import tally
from ledger.votes.tally import NOBODY, Count, Weight
from tests.poll import refused_as

PROFILE = shipped("civil-code-2021")
PARTICIPATION = PROFILE.ratio("vote.participation")
ORDINARY = PROFILE.ratio("vote.ordinary")
SPECIAL = PROFILE.ratio("vote.special")


def judge(
    total: Weight, counted: Count, consent: Ratio = ORDINARY, *, void: bool = False, base: str = "participating"
) -> tally.Result:
    return tally.judge(
        total, counted.participating(void=void), counted.yes, participation=PARTICIPATION, consent=consent, base=base
    )


def even(heads: int) -> Weight:
    """So many heads with an area of 1 m² each: area and heads then say the same."""
    return Weight(heads * 100, heads)


def took_part(participating: int, total: int) -> bool:
    return judge(even(total), Count(yes=even(participating))).participation.met


def agreed(yes: int, participating: int, consent: Ratio) -> bool:
    counted = Count(yes=even(yes), no=even(participating - yes))
    return judge(even(participating), counted, consent).consent.met


class TestLaw:
    """``law.md`` §1.11."""

    def test_the_profile_has_the_thresholds_of_cc_278(self) -> None:
        assert (str(PARTICIPATION), str(ORDINARY), str(SPECIAL)) == (">=2/3", ">1/2", ">=3/4")
        assert PROFILE.numbers("vote.special_items") == (6, 7, 8)

    def test_cc_278_with_1083_households_of_whom_472_answered(self) -> None:
        """(2022)沪02民初16号: 687 were served in person. Literal; clause and 687 proven; clause and all delivered."""
        total, counted = even(1083), Count(yes=even(472))
        assert judge(total, counted).participation.heads == (1416, 2166)
        assert not judge(total, counted).participation.met

        for served, sides, met in ((687, (2061, 2166), False), (1083, (3249, 2166), True)):
            silent, agreeing = tally.follow(counted, even(served - 472), total)
            followed = tally.judge(
                total,
                even(472) + silent,
                even(472) + agreeing,
                participation=PARTICIPATION,
                consent=ORDINARY,
                base="participating",
            )
            assert followed.participation.heads == sides
            assert followed.passed is met

    def test_cc_278_fuzhou_1672_of_2219(self) -> None:
        result = judge(even(2219), Count(yes=even(1672)))
        assert result.participation.heads == (5016, 4438)
        assert result.passed

    def test_cc_278_dongguan_25_heads(self) -> None:
        total = Weight(301_125, 25)
        assert PARTICIPATION.least(25) == 17
        for area, heads, met in ((200_750, 17, True), (200_750, 16, False), (200_749, 17, False)):
            assert judge(total, Count(yes=Weight(area, heads))).participation.met is met
        for consent, heads in ((ORDINARY, 9), (SPECIAL, 13)):
            assert consent.least(17) == heads
        for consent, area in ((ORDINARY, 100_376), (SPECIAL, 150_563)):
            for yes, met in ((Weight(area, 17), True), (Weight(area - 1, 17), False)):
                counted = Count(yes=yes, no=Weight(200_750 - yes.area, 0))
                assert judge(total, counted, consent).consent.met is met

    def test_cc_278_dongguan_280_heads(self) -> None:
        total = Weight(2_483_857, 280)
        assert PARTICIPATION.least(280) == 187
        assert PARTICIPATION.least(2_483_857) == 1_655_905
        assert ORDINARY.least(187) == 94
        assert SPECIAL.least(187) == 141
        assert judge(total, Count(yes=Weight(1_655_905, 187))).participation.met
        assert not judge(total, Count(yes=Weight(1_655_904, 187))).participation.met
        assert not judge(total, Count(yes=Weight(1_655_905, 186))).participation.met

    def test_cc_278_and_1259_510_heads_at_the_edges(self) -> None:
        """以上 includes the number, 过半数 does not (CC 1259)."""
        assert took_part(340, 510)
        assert not took_part(339, 510)
        assert not agreed(170, 340, ORDINARY)
        assert agreed(171, 340, ORDINARY)
        assert agreed(255, 340, SPECIAL)
        assert not agreed(254, 340, SPECIAL)

    def test_cc_278_needs_area_and_heads(self) -> None:
        total = Weight(1000, 10)
        for participating in (Weight(1000, 6), Weight(600, 10)):
            assert not judge(total, Count(yes=participating)).passed
        for yes in (Weight(900, 5), Weight(500, 9)):
            counted = Count(yes=yes, no=total - yes)
            assert judge(total, counted).participation.met
            assert not judge(total, counted).passed

    def test_spc_9_developer_is_one_head_with_all_his_area(self) -> None:
        """120 unsold flats of 100 m² and 80 owners of one each; the 80 vote: heads pass, area does not."""
        total = Weight(200 * 10_000, 81)
        result = judge(total, Count(yes=Weight(80 * 10_000, 80)))
        assert result.participation.heads == (240, 162)
        assert result.participation.area == (3 * 800_000, 2 * 2_000_000)
        assert not result.passed

    def test_cc_278_all_abstain(self) -> None:
        result = judge(even(10), Count(abstain=even(10)))
        assert result.participation.met
        assert not result.consent.met
        assert not result.passed

    @pytest.mark.parametrize("total", [Weight(0, 5), Weight(5, 0), NOBODY])
    def test_an_empty_roll_is_refused_since_nothing_is_two_thirds_of_nothing(self, total: Weight) -> None:
        with refused_as("tally.nobody"):
            judge(total, Count())

    def test_nobody_voted(self) -> None:
        result = judge(even(10), Count())
        assert not result.participation.met
        assert not result.consent.met


class TestBase:
    """``vote.base``: of whom the consent is measured."""

    def test_of_all_asks_more_than_of_those_who_took_part(self) -> None:
        counted = Count(yes=even(6), no=even(4))
        assert judge(even(14), counted).passed
        assert not judge(even(14), counted, base="all").passed
        assert judge(even(14), counted, base="all").consent.heads == (12, 14)
        assert judge(even(14), counted, base="scope").consent == judge(even(14), counted, base="all").consent
        assert judge(even(14), counted, base="attending").consent == judge(even(14), counted).consent


class TestVoid:
    def test_too_few_or_too_many_answers_are_void_for_all(self) -> None:
        assert tally.read_choices(["yes"], 2) == ("void", "void")
        assert tally.read_choices(["yes", "no", "yes"], 2) == ("void", "void")

    def test_a_word_that_is_none_of_the_three_is_void(self) -> None:
        assert tally.read_choices(["yes", "maybe", "", "void"], 4) == ("yes", "void", "void", "void")

    def test_void_takes_part_only_where_the_profile_says_so(self) -> None:
        counted = Count(yes=even(6), void=even(1))
        assert not judge(even(10), counted).participation.met
        assert judge(even(10), counted, void=True).participation.met
        assert judge(even(10), counted, void=True).agreeing == even(6)


class TestFollow:
    """从众: unsettled, printed beside the literal figure."""

    def test_the_silent_follow_the_side_that_leads(self) -> None:
        assert tally.follow(Count(yes=even(3), no=even(2)), even(5), even(10)) == (even(5), even(5))
        assert tally.follow(Count(yes=even(2), no=even(3)), even(5), even(10)) == (even(5), NOBODY)

    @pytest.mark.parametrize(
        ("yes", "no"),
        [
            (even(3), even(3)),
            (Weight(500, 3), Weight(400, 4)),
            (Weight(300, 4), Weight(300, 3)),
            (Weight(400, 3), Weight(300, 3)),
            (Weight(300, 3), Weight(300, 4)),
            (Weight(300, 3), Weight(400, 3)),
        ],
    )
    def test_without_a_majority_by_both_nobody_follows(self, yes: Weight, no: Weight) -> None:
        assert tally.follow(Count(yes=yes, no=no), even(5), even(15)) == (NOBODY, NOBODY)

    def test_under_a_floor_the_majority_must_bear_it_to_all(self) -> None:
        """Zj 10: the majority actually cast must exceed one half of all."""
        floor = Ratio.parse(">1/2")
        assert tally.follow(Count(yes=even(5)), even(5), even(10), floor) == (NOBODY, NOBODY)
        assert tally.follow(Count(yes=even(6)), even(4), even(10), floor) == (even(4), even(4))
        assert tally.follow(Count(no=even(6)), even(4), even(10), floor) == (even(4), NOBODY)
        assert tally.follow(Count(no=even(5)), even(5), even(10), floor) == (NOBODY, NOBODY)


weights = st.builds(Weight, st.integers(0, 10**8), st.integers(0, 1))
answers = st.lists(st.sampled_from(["yes", "no", "abstain", "other"]), min_size=3, max_size=3)
ballots = st.lists(st.tuples(weights, answers | st.lists(st.just("yes"), max_size=5)), max_size=40)


@given(ballots)
def test_agrees_with_a_naive_recount(cast: list[tuple[Weight, list[str]]]) -> None:
    for number, counted in enumerate(tally.count(cast, 3)):
        for name in ("yes", "no", "abstain"):
            of_word = [w for w, words in cast if len(words) == 3 and words[number] == name]
            assert getattr(counted, name) == Weight(sum(w.area for w in of_word), sum(w.heads for w in of_word))
        whole = counted.participating(void=True)
        assert whole == Weight(sum(w.area for w, _ in cast), sum(w.heads for w, _ in cast))


@given(ballots, st.randoms())
def test_order_does_not_matter(cast: list[tuple[Weight, list[str]]], random) -> None:
    shuffled = cast.copy()
    random.shuffle(shuffled)
    assert tally.count(shuffled, 3) == tally.count(cast, 3)


@given(ballots, ballots)
def test_parts_add_up_to_the_whole(one, other) -> None:
    for a, b, both in zip(tally.count(one, 3), tally.count(other, 3), tally.count(one + other, 3), strict=True):
        assert a.yes + b.yes == both.yes
        assert a.void + b.void == both.void


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**4),
    st.integers(0, 10**9),
    st.integers(0, 10**4),
    st.sampled_from([">=2/3", ">1/2", ">=3/4", ">=1/5"]),
)
def test_a_threshold_is_what_exact_fractions_say(area, heads, part_area, part_heads, text) -> None:
    from fractions import Fraction

    ratio = Ratio.parse(text)
    part, whole = Weight(min(part_area, area), min(part_heads, heads)), Weight(area, heads)
    fractions = [Fraction(part.area, whole.area), Fraction(part.heads, whole.heads)]
    limit = Fraction(ratio.num, ratio.den)
    holds = all(f >= limit if ratio.op == ">=" else f > limit for f in fractions)
    tested = tally.threshold(ratio, part, whole)
    assert tested.met is holds
    assert (
        all((left >= right if ratio.op == ">=" else left > right) for left, right in [tested.area, tested.heads])
        is holds
    )


@given(ballots, weights)
def test_one_more_yes_never_turns_a_passed_motion_down(cast, more: Weight) -> None:
    total = sum((w for w, _ in cast), Weight(1, 1)) + more
    before = judge(total, tally.count(cast, 3)[0])
    after = judge(total, tally.count([*cast, (more, ["yes"] * 3)], 3)[0])
    assert after.passed or not before.passed
