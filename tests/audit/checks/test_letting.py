"""Common parts let: each finding, and the nearest contracts without one."""

from typing import Any

import pytest

from ledger.accounts.records import MOST
from ledger.audit.checks.places import clustered, where
from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found
from tests.community import flats
from tests.poll import Poll, motion

RENT = {"cycle": "year", "amount": 1_200_00, "fund": "common_income", "category": "advert", "nature": "income"}


def let(house: Treasury, code: str, **said: Any) -> str:
    """A letting from the first of January 2026, on a ledger whose books begin then."""
    body = {"code": code, "direction": "in", "object": "电梯轿厢框架广告", "party": "lift", "start": "2026-01-01"}
    body |= {"expected": [RENT]} | said
    return house.act("contract.entered/1", {k: v for k, v in body.items() if v is not None}, by=["chair"])


# --- one place, several at a time ---------------------------------------------------------------------------------------


def test_what_is_joined_already_is_not_asked_again() -> None:
    """Else a few thousand lettings of one place would keep an audit from ending."""
    asked: list[tuple[int, int]] = []

    def joined(one: int, other: int) -> bool:
        asked.append((one, other))
        return True

    assert clustered(60, joined) == (tuple(range(60)),)
    assert asked == [(0, other) for other in range(1, 60)]


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        ({}, {}, 1),
        ({}, {"object": "电梯内通知栏"}, 1),
        ({}, {"object": "候梯厅液晶广告"}, 0),
        ({}, {"party": "lift"}, 0),  # one party may take two things
        ({}, {"party": None}, 0),  # who it is nobody knows
        ({"party": None}, {}, 0),
        ({"end": "2026-05-31"}, {"start": "2026-05-31"}, 1),
        ({"end": "2026-05-31"}, {"start": "2026-06-01"}, 0),
        ({"start": "2026-05-31"}, {"end": "2026-05-31"}, 1),
        ({"start": "2026-06-01"}, {"end": "2026-05-31"}, 0),
        ({"end_printed": "2026-05-32"}, {"start": "2026-07-01"}, 1),
        ({"end_printed": "2026-06-31"}, {"start": "2026-07-01"}, 0),
        ({"start": None}, {"start": None}, 1),
        ({"object": "1栋电梯轿厢广告"}, {"object": "2栋电梯轿厢广告"}, 0),
        ({"object": "1、2栋电梯轿厢广告"}, {"object": "2栋电梯轿厢海报"}, 1),
        ({"object": "地库充电桩"}, {"object": "地库洗车点"}, 0),  # things of two kinds have room beside each other
        ({"object": "地库充电桩"}, {"object": "地库灯箱广告"}, 0),
        ({"object": "地库灯箱广告"}, {"object": "地库充电桩"}, 0),
        ({"object": "地下室2号库房"}, {"object": "地下室2号库房"}, 1),
        ({"object": "地下室2号库房"}, {"object": "地下室3号库房"}, 0),
        ({"direction": "out"}, {}, 0),
    ],
)
def test_two_contracts_and_their_places(one: dict[str, Any], other: dict[str, Any], met: int) -> None:
    house = treasury()
    let(house, "c8", **one)
    let(house, "c9", **{"party": "zhao"} | other)
    assert len(found(house, "income.same_place")) == met


def test_all_at_one_place_are_one_finding_however_few_of_them_clash() -> None:
    house = treasury()
    first = let(house, "c7", object="一层候梯厅广告")
    let(house, "c8", object="二层候梯厅广告", party="zhao")
    assert found(house, "income.same_place") == []
    house.party("screens")
    any_floor = let(house, "c9", object="候梯厅液晶屏", party="screens")
    (finding,) = findings(house, "income.same_place")
    assert finding.figures == {"count": 3, "parties": 3, "first_contract": "c7", "last_contract": "c9"}
    assert [finding.evidence[0].record, finding.evidence[-1].record] == [first, any_floor]


def test_each_place_has_its_own_finding() -> None:
    house = treasury()
    house.party("screens")
    let(house, "c7", object="地库及大堂广告")
    let(house, "c8", object="大堂广告", party="zhao")
    let(house, "c9", object="地库广告", party="screens")
    assert [(f["first_contract"], f["last_contract"]) for f in found(house, "income.same_place")] == [
        ("c7", "c8"),
        ("c7", "c9"),
    ]


def test_contracts_that_share_two_places_are_one_finding() -> None:
    house = treasury()
    let(house, "c8", object="地库候梯厅广告")
    let(house, "c9", object="地库候梯厅广告", party="zhao")
    assert len(found(house, "income.same_place")) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("东门灯箱", "西门灯箱", False),
        ("东门灯箱", "小区大门灯箱", True),
        ("一期地库灯箱", "二期地库灯箱", False),
        ("1#楼大堂", "1栋大堂", True),
        ("三号楼屋面", "3栋屋面", True),
        ("十二层候梯厅", "12层候梯厅", True),
        ("十二层候梯厅", "二层候梯厅", False),
        ("二十一层候梯厅", "21层电梯厅", True),
        ("二三层候梯厅", "三层候梯厅", True),
        ("二三层候梯厅", "四层候梯厅", False),
        ("九十层候梯厅", "90层候梯厅", True),
        ("十十十层候梯厅", "三十层候梯厅", False),  # no number: neither guessed nor a fault
        ("二三十层候梯厅", "20层候梯厅", False),
        ("十二三层候梯厅", "12层候梯厅", False),
        ("A3座大堂", "B3座大堂", False),
        ("负一层候梯厅", "-1层候梯厅", True),
        ("B1候梯厅", "负一候梯厅", True),
        ("5号楼1单元电梯", "5号楼2单元电梯", False),
        ("A座大堂", "b座大堂", False),
        ("a座大堂", "A座大堂", True),
        ("lift lobby, building 1", "elevator hall of building 1", True),
        ("lobby of building 1", "lobby of building 2", False),
        ("Adverts in the lifts", "电梯轿厢广告", True),
        ("电梯机房", "电梯轿厢", False),
        ("杂物间", "杂物间", False),  # no kind of place that is known
    ],
)
def test_whether_two_texts_may_mean_one_place(one: str, other: str, same: bool) -> None:
    assert where(one).may_be(where(other)) is where(other).may_be(where(one)) is same


# --- without a vote -----------------------------------------------------------------------------------------------------


def test_lettings_without_a_decision_are_one_finding() -> None:
    house = treasury()
    let(house, "c8", start="2026-01-03")
    let(house, "c9", object="广场")
    assert found(house, "contract.no_vote") == [{"count": 2, "first_day": "2026-01-01"}]


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"start": "2025-12-31"}, 0),  # older than the books: its decision may stand elsewhere
        ({"start": None}, 1),
        ({"expected": []}, 1),
        ({"expected": [RENT | {"category": "utility_passed", "nature": "pass_through"}]}, 0),
        ({"direction": "out"}, 0),
    ],
)
def test_what_needs_a_decision(said: dict[str, Any], met: int) -> None:
    house = treasury()
    let(house, "c9", **said)
    assert len(found(house, "contract.no_vote")) == met


@pytest.mark.parametrize(
    ("matter", "votes", "attached", "met"),
    [
        (8, "y", "this", 0),
        (8, "n", "this", 1),
        (9, "y", "this", 0),
        (8, "y", "another", 1),  # a decision on one contract is none on the other
        (8, "y", "", 1),  # a general one came too late
    ],
)
def test_a_decision_after_the_contract_must_name_it(matter: int, votes: str, attached: str, met: int) -> None:
    house = Treasury(units=flats("a1 a2 a3"))
    house.open()
    this, another = house.document("广告合同"), house.document("快递柜合同")
    let(house, "c8", start="2025-01-01", document=another)
    let(house, "c9", document=this)
    named = {"this": [this], "another": [another], "": []}[attached]
    Poll.hold(house, [motion(matter, attachments=named)], dict.fromkeys(("a1", "a2", "a3"), votes))
    assert len(found(house, "contract.no_vote")) == met


@pytest.mark.parametrize(("matter", "votes", "met"), [(8, "y", 0), (8, "n", 1), (9, "y", 1)])
def test_a_general_decision_is_for_contracts_after_it(matter: int, votes: str, met: int) -> None:
    house = Treasury(units=flats("a1 a2 a3"))
    house.open()
    Poll.hold(house, [motion(matter)], dict.fromkeys(("a1", "a2", "a3"), votes))
    let(house, "c9", start=house.day)
    assert len(found(house, "contract.no_vote")) == met


def test_an_earlier_decision_on_one_contract_is_none_on_a_later() -> None:
    house = Treasury(units=flats("a1 a2 a3"))
    house.open()
    first = house.document("快递柜合同")
    let(house, "c8", start="2025-01-01", document=first)
    Poll.hold(house, [motion(8, attachments=[first])], dict.fromkeys(("a1", "a2", "a3"), "y"))
    later = let(house, "c9", start=house.day)
    (finding,) = findings(house, "contract.no_vote")
    assert [cited.record for cited in finding.evidence] == [later]


def test_before_the_books_are_open_nothing_is_asked() -> None:
    house = treasury(opened=False)
    let(house, "c9")
    assert found(house, "contract.no_vote") == []


# --- prices --------------------------------------------------------------------------------------------------------------


def room(house: Treasury, code: str, metres: str, monthly: int, **said: Any) -> None:
    rent = RENT | {"cycle": "month", "amount": monthly, "category": "rent"}
    let(house, code, **{"object": f"杂物间({metres})", "expected": [rent]} | said)


@pytest.mark.parametrize(
    ("metres", "monthly", "said", "met"),
    [
        ("10㎡", 200_00, {}, 1),
        ("10㎡", 199_99, {}, 0),
        ("约5平方米", 100_00, {}, 1),
        ("", 200_00, {"object": "杂物间", "notes": "1间，10㎡"}, 1),
        ("各5㎡", 199_99, {"notes": "2间，共200元/月"}, 0),
        ("各5㎡", 200_00, {"notes": "2间，共200元/月"}, 1),
        ("各5㎡", 400_00, {}, 0),  # of how many it does not say
        ("10㎡和12㎡", 900_00, {}, 0),
        ("1.255㎡", 900_00, {}, 0),  # no area that a register would print
        ("10㎡", 900_00, {"direction": "out"}, 0),
        ("10㎡", 0, {}, 0),
    ],
)
def test_rooms_by_the_square_metre(metres: str, monthly: int, said: dict[str, Any], met: int) -> None:
    house = treasury()
    room(house, "c8", "10㎡", 100_00)
    room(house, "c9", metres, monthly, **said)
    assert len(found(house, "contract.prices_apart")) == met


@pytest.mark.parametrize(("metres", "amount", "met"), [("0.01㎡", 0, 1), ("0.01㎡", 1, 0), ("0㎡", 0, 0)])
def test_a_price_that_no_book_can_hold_is_not_compared(metres: str, amount: int, met: int) -> None:
    house = treasury()
    room(house, "c8", "10㎡", 100_00)
    room(house, "c9", metres, 0, expected=[RENT | {"category": "rent", "amount": MOST // 100 + amount}])
    assert [figures["high_fen"] for figures in found(house, "contract.prices_apart")] == [MOST] * met


def test_things_alike_in_two_ways_are_one_finding() -> None:
    house = treasury()
    let(house, "c8", object="地库候梯厅广告", notes="6块")
    let(house, "c9", object="地库候梯厅海报", notes="3块")
    assert len(found(house, "contract.prices_apart")) == 1


def test_prices_are_told_a_year_the_highest_first() -> None:
    house = treasury()
    room(house, "c7", "10㎡", 150_00)
    room(house, "c8", "10㎡", 100_00)
    room(house, "c9", "5㎡", 150_00)
    (finding,) = findings(house, "contract.prices_apart")
    assert finding.figures == {
        "count": 3,
        "high_fen": 360_00,
        "high_contract": "c9",
        "low_fen": 120_00,
        "low_contract": "c8",
    }


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"notes": "6块，400元/块·年"}, 1),
        ({"notes": "5块，480元/块·年"}, 0),
        ({"notes": "6块，400元/块·年", "object": "候梯厅广告"}, 0),
        ({"notes": "约6块"}, 0),
        ({"notes": "6块", "object": "电梯内配件间"}, 0),  # no advertising
        ({"notes": "3块", "expected": [RENT | {"cycle": "half_year"}]}, 0),
    ],
)
def test_advertising_space_by_the_piece_at_places_of_one_kind(said: dict[str, Any], met: int) -> None:
    house = treasury()
    let(house, "c8", notes="3块，800元/块·年", expected=[RENT | {"amount": 2_400_00}])
    let(house, "c9", **{"object": "电梯门广告", "expected": [RENT | {"amount": 2_400_00}]} | said)
    assert len(found(house, "contract.prices_apart")) == met


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"expected": [RENT | {"amount": 1_199_99}]}, 1),
        ({"expected": [RENT]}, 0),
        ({"expected": [RENT | {"cycle": "month", "amount": 100_00}]}, 0),
        ({"expected": [RENT | {"cycle": "month", "amount": 99_99}]}, 1),
        ({"expected": [RENT | {"amount": 1_199_99}], "object": "大堂广告"}, 0),
        ({"expected": [RENT | {"amount": 1_199_99}], "start": "2026-01-01"}, 0),
        ({"expected": []}, 0),
        ({"expected": [RENT | {"amount": 1_199_99}], "object": "电梯轿厢框架广告（2027年续签）"}, 1),
        ({"expected": [RENT | {"cycle": "metered", "amount": 0}, RENT | {"amount": 1_199_99}]}, 1),
        ({"expected": [RENT | {"category": "utility_passed", "nature": "pass_through", "amount": 1_00}, RENT]}, 0),
    ],
)
def test_the_same_thing_let_again_for_less(said: dict[str, Any], met: int) -> None:
    house = treasury()
    let(house, "c8")
    let(house, "c9", **{"start": "2027-01-01"} | said)
    assert len(found(house, "contract.price_fell")) == met


def test_since_when_the_dearer_letting_ran_nobody_says() -> None:
    house = treasury()
    let(house, "c8", start=None)
    let(house, "c9", start="2027-01-01", expected=[RENT | {"amount": 1_199_99}])
    assert found(house, "contract.price_fell") == []


def test_the_newer_price_stands_first() -> None:
    house = treasury()
    newer = let(house, "c9", start="2027-01-01", expected=[RENT | {"amount": 1_000_00}])
    let(house, "c8")
    (finding,) = findings(house, "contract.price_fell")
    assert finding.evidence[0].record == newer
    assert finding.figures["before_fen"] == 1_200_00


# --- the tariff ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thing", "notes", "over"),
    [
        ("裙楼杂物间(约7㎡)", "1间，750元/月；管理费105元/月", []),
        ("裙楼杂物间(约7㎡)", "1间，750元/月；管理费105.01/月", [1]),
        ("裙楼机房(各约13㎡)", "2间；管理费200/间·月", [5_00]),
        ("裙楼机房(各约13㎡)", "2间；管理费391/月", [1_00]),
        ("裙楼机房(各约13㎡)", "管理费391/月", []),  # of how many it does not say
        ("裙楼机房(各约13㎡)", "管理费200/间·月", [5_00]),
        ("裙楼机房(共26㎡)", "2间；管理费400/间·月", []),
        ("裙楼机房(共26㎡)", "1间；管理费391/间·月", [1_00]),
        ("裙楼机房(13㎡)", "管理费200/月；另收管理费100/月", []),
        ("裙楼机房", "管理费200/月", []),
        ("地下室杂物间(7㎡)", "管理费200/月", []),
        ("公寓杂物间(10㎡)", "管理费32元/月", []),
        ("公寓杂物间(10㎡)", "管理费33元/月", [1_00]),
        ("裙楼杂物间", "约7㎡，管理费105.01/月", [1]),
        ("裙楼杂物间(0㎡)", "管理费105元/月", []),
        ("裙楼杂物间(7㎡)", "管理费1.0.5元/月", []),
        ("别墅杂物间(10㎡)", "管理费33元/月", [17_45]),  # its tariff has tenths of a fen
        ("别墅杂物间(10㎡)", "管理费15.55元/月", []),
    ],
)
def test_a_fee_beside_the_tariff(thing: str, notes: str, over: list[int]) -> None:
    house = treasury()
    service = {"direction": "out", "object": "物业服务", "notes": "公寓3.2、别墅1.555、裙楼15元/㎡·月", "expected": []}
    let(house, "c8", **service)
    let(house, "c9", object=thing, notes=notes)
    assert [figures["over_fen"] for figures in found(house, "fee.over_tariff")] == over


def test_of_two_tariffs_the_higher_counts() -> None:
    house = treasury()
    for code, rate in (("c6", "15"), ("c7", "20"), ("c8", "18")):
        let(house, code, direction="out", object="物业服务", notes=f"裙楼{rate}元/平方米·月", expected=[])
    let(house, "c9", object="裙楼杂物间(10㎡)", notes="管理费200/月")
    assert found(house, "fee.over_tariff") == []


def test_what_a_letting_prints_is_no_tariff() -> None:
    house = treasury()
    let(house, "c8", object="裙楼", notes="裙楼15元/㎡·月")
    let(house, "c9", object="裙楼杂物间(7㎡)", notes="管理费200元/月")
    assert found(house, "fee.over_tariff") == []
