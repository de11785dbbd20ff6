"""Papers and contracts that do not add up, each beside the nearest one that does."""

from typing import Any

import pytest

from ledger.accounts.records import MOST
from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import found

Line = tuple[str | None, str | None, int | None] | tuple[str | None, str | None, int | None, str]


def paper(*lines: Line, total: int | None = None, **other: Any) -> Treasury:
    """A community with one more paper; a line is quantity, price, amount in fen and its text."""
    house = treasury()
    bodies: list[dict[str, Any]] = []
    for quantity, price, amount, *text in lines:
        printed = {"quantity_printed": quantity, "price_printed": price, "amount_printed": amount}
        said: dict[str, Any] = {name: value for name, value in printed.items() if value is not None}
        bodies.append(said | {"text": text[0] if text else "灯泡"})
    body = {"lines": bodies} | ({} if total is None else {"total_printed": total}) | other
    house.document(**body)
    return house


def unit(house: Treasury, printed: str, line: Line, **other: Any) -> None:
    """One more paper, of one line with a unit."""
    quantity, price, amount, *text = line
    body = {"quantity_printed": quantity, "price_printed": price, "amount_printed": amount, "unit_printed": printed}
    house.document(lines=[body | {"text": text[0] if text else "灯泡"}], **other)


@pytest.mark.parametrize(
    ("line", "difference"),
    [
        (("19", "85", 1651_00), 36_00),
        (("19", "85", 1615_00), None),
        (("2", "75", 180_00), 30_00),
        (("2", "75", 120_00), -30_00),
        (("2", "75", 150_99), None),  # below a yuan: rounding
        (("2", "75", 151_00), 1_00),
        (("12", "2484", 29800_00), None),  # 8 yuan on 29,808: rounded to the ten
        (("12", "100", 1208_00), 8_00),  # as much on 1,200 is no rounding
        (("10", "100", 1001_00), None),
        (("100", "100", 10010_00), 10_00),  # ten yuan never is
        (("3", "0.333", 1_00), None),  # a product of less than a fen more
        (("2", "75", -150_00), None),  # taken off
        (("2", "75", None), None),
        ((None, "75", 180_00), None),
        (("约2", "75", 180_00), None),
        (("2", "面议", 180_00), None),
        (("2", "75/个", 180_00), 30_00),
        (("9", "630元/台·月", 68040_00), None),  # for as many months as nobody says here
        (("13051.2", "0.6418", 8381_00), None),  # an average to less than a fen may be off by half of its last place
        (("13051.2", "0.6418", 8380_00), None),
        (("100000", "0.642", 64150_00), None),
        (("100000", "0.642", 64149_99), -50_01),
        (("100000", "0.642", 64149_00), -51_00),
        (("100000", "0.64", 64150_00), 150_00),
        (("12.35", "5000", 61775_00), None),  # an area to a hundredth
        (("12.35", "5000", 61776_00), 26_00),
        (("12.3", "5000", 61525_00), 25_00),
        (("99999999999", "99999999", 1_00), None),  # no quantity of anything
        (("1", str(MOST // 100), 1_00), 1_00 - MOST),
        (("12.35", "1000", 12363_00), 13_00),
        (("12.3", "1000", 12350_00), 50_00),
        (("2", "75", 169_50), None),  # with tax at 13 %
        (("2", "75", 168_00), 18_00),
        (("2", "75", 140_00), -10_00),
        (("123", "10", 1225_00), -5_00),
        (("123", "10", 1220_00), -10_00),
        (("1234", "1", 1230_00), None),  # left off to be round
        (("1205", "10", 12000_00), None),
        (("1205", "10", 11950_00), -100_00),
        (("105", "10", 1000_00), -50_00),  # more than a hundredth
        (("1", "909.05", 900_00), None),  # a little less than a hundredth
        (("1196", "10", 12000_00), 40_00),  # nobody leaves off upward
        (("13", "10", 120_00), -10_00),
        (("127", "10", 1260_00), -10_00),
        (("12", "70", 7560_00, "9台电梯维保"), None),  # its text says by what more it is multiplied
        (("15", "2", 9360_00, "24人共13天"), None),  # by both
        (("1", "1", 576_00, "24人共13天"), 575_00),  # by neither twice
        (("1", "1", 169_00, "24人共13天"), 168_00),
        (("2", "75", 750_00, "横幅5米"), 600_00),  # a measure is no count
        (("2", "75", 120_00, "灯泡八折"), None),
        (("2", "100", 170_00, "灯泡8.5折"), None),
        (("2", "100", 170_00, "灯泡八五折"), None),
        (("2", "100", 22_00, "灯泡一一折"), None),
        (("2", "100", 60_00, "首付30%"), None),
        (("2", "100", 226_00, "含税13%"), None),
        (("2", "100", 190_00, "优惠5%"), None),
        (("2", "100", 216_00, "管理费8%"), None),
        (("2", "75", 0, "灯泡0个"), -150_00),  # nothing is no number of times
        (("2", "75", 180_00, "灯泡百百个"), 30_00),  # nor is what is no number
    ],
)
def test_a_line_and_its_product(line: Line, difference: int | None) -> None:
    met = found(paper(line), "sums.line")
    assert [finding["difference_fen"] for finding in met] == ([] if difference is None else [difference])


@pytest.mark.parametrize("rate", range(1, 19))
def test_prices_without_the_tax_beside_amounts_with_it(rate: int) -> None:
    """By the rates that there are and have been, and by no other."""
    met = found(paper(("1", "100", (100 + rate) * 1_00)), "sums.line")
    assert len(met) == (rate not in {1, 3, 5, 6, 9, 10, 11, 13, 16, 17})


def test_a_line_is_told_with_its_figures() -> None:
    (met,) = found(
        paper(("1", "5", 5_00), ("19", "85", 1651_00, "烟感"), number_printed="甲字〔2019〕5号"), "sums.line"
    )
    assert met == {
        "paper": "甲字〔2019〕5号",
        "number": 2,
        "text": "烟感",
        "quantity": "19",
        "price": "85",
        "amount_fen": 1651_00,
        "product_fen": 1615_00,
        "difference_fen": 36_00,
    }


@pytest.mark.parametrize(("line", "amount", "product"), [(("2", "75", 0), 0, 150_00), (("0", "75", 180_00), 180_00, 0)])
def test_nothing_is_a_figure_too(line: Line, amount: int, product: int) -> None:
    (met,) = found(paper(line), "sums.line")
    assert (met["amount_fen"], met["product_fen"]) == (amount, product)


def test_a_price_for_another_unit() -> None:
    house = treasury()
    unit(house, "米", ("250", "120元/百米", 300_00))
    unit(house, "米", ("2", "75元/箱", 180_00))
    unit(house, "台", ("9", "630元/台·月", 68040_00))
    assert found(house, "sums.line") == []
    unit(house, "米", ("2", "75元/米", 180_00))
    assert len(found(house, "sums.line")) == 1


def test_a_unit_that_says_how_often() -> None:
    house = treasury()
    unit(house, "12个月", ("2", "75", 1800_00))
    assert found(house, "sums.line") == []


def test_a_rate_is_no_price() -> None:
    house = treasury()
    unit(house, "%", ("3", "0.38", 5_00))
    assert found(house, "sums.line") == []
    unit(house, "个", ("3", "0.38", 5_00))
    assert len(found(house, "sums.line")) == 1


@pytest.mark.parametrize(
    ("line", "quantity", "price"),
    [
        (("119", "119", 119_00), 1, 0),
        (("3", "95", 95_00), 0, 1),
        (("1", "95", 95_00), 0, 0),
        (("1", "1", 1_00), 0, 0),
        (("-1", "95", 95_00), 0, 0),
        (("3", "95", 285_00), 0, 0),
        ((None, "95", 95_00), 0, 0),
        (("2", None, None), 0, 0),
    ],
)
def test_a_figure_in_the_wrong_column(line: Line, quantity: int, price: int) -> None:
    house = paper(line)
    assert len(found(house, "sums.quantity_is_price")) == quantity
    assert len(found(house, "sums.price_is_amount")) == price
    assert found(house, "sums.line") == []


def test_a_price_for_many_is_in_its_column() -> None:
    house = treasury()
    unit(house, "个", ("3", "95元/批", 95_00))
    unit(house, "个", ("95", "95元/批", 95_00))
    assert found(house, "sums.price_is_amount") == found(house, "sums.quantity_is_price") == []
    unit(house, "个", ("3", "95元/个", 95_00))
    assert len(found(house, "sums.price_is_amount")) == 1


@pytest.mark.parametrize(
    ("lines", "total", "missing"),
    [
        ([("1", "50", 50_00), ("2", "34", None)], None, (68_00, 1, 2)),
        ([("1", "50", 50_00), ("2", "34", None), ("1", "2", None)], None, (70_00, 2, 2)),
        ([("2", "34", None), ("1", "50", None)], 118_00, None),  # the paper has no column of amounts
        ([("1", "50", 50_00), ("1", None, None)], 80_00, (30_00, 1, 2)),  # what the total leaves
        ([("1", "50", 50_00), ("1", None, None), ("2", "5", None)], 80_00, (30_00, 2, 2)),
        ([("1", "50", 50_00), ("1", None, None)], 50_00, None),
        ([("1", "50", 50_00), ("1", None, None)], None, None),
        ([("1", "50", 50_00), ("1", None, None), ("1", None, None)], 80_00, None),
        ([("1", "50", 50_00), (None, None, None, "税金7%")], 53_50, None),  # the rate says it
        ([("1", "50", 50_00), (None, None, None, "合计")], 50_00, None),
        ([("1", "50", 50_00), ("1", None, None), (None, None, 80_00, "合计")], 80_00, (30_00, 1, 2)),
        ([("1", "50", 50_00), ("1", None, None)], 50_01, (1, 1, 2)),
    ],
)
def test_an_amount_that_is_missing(lines: list[Line], total: int | None, missing: tuple[int, int, int] | None) -> None:
    met = found(paper(*lines, total=total), "sums.amount_missing")
    told = [(finding["missing_fen"], finding["count"], finding["number"]) for finding in met]
    assert told == ([missing] if missing else [])


ITEMS: list[Line] = [("2", "50", 100_00), ("1", "80", 80_00)]


@pytest.mark.parametrize(
    ("lines", "total", "difference"),
    [
        (ITEMS, 180_00, None),
        (ITEMS, 300_00, 120_00),
        (ITEMS, 60_00, -120_00),
        (ITEMS, 180_99, None),
        (ITEMS, 181_00, 1_00),
        (ITEMS, None, None),
        ([*ITEMS, ("1", "68", None)], 248_00, None),  # a missing amount counts as its product
        ([*ITEMS, ("1", "68", None)], 368_00, 120_00),
        ([*ITEMS, ("1", None, None)], 300_00, None),  # what it is nobody can tell
        ([*ITEMS, ("19", "85", 1651_00)], 1795_00, None),  # the line is wrong, the total is not
        ([*ITEMS, ("19", "85", 1651_00)], 1831_00, None),  # or follows the line
        ([*ITEMS, ("19", "85", 1651_00)], 1931_00, 100_00),
        ([*ITEMS, ("3", "95", 95_00)], 465_00, None),
        ([*ITEMS, (None, None, None, "税点7%")], 192_60, None),
        ([*ITEMS, (None, None, None, "税点7%")], 180_00, None),  # prices that have the tax in them
        ([*ITEMS, (None, None, None, "税点7%")], 200_00, 7_40),
        ([*ITEMS, (None, None, None, "税金")], 250_00, None),
        ([*ITEMS, (None, None, 12_60, "税金7%")], 192_60, None),
        ([*ITEMS, (None, None, 12_60, "税金")], 292_60, 100_00),
        ([*ITEMS, (None, None, 30_00, "其中人工")], 180_00, None),
        ([*ITEMS, (None, None, 30_00, "其中人工")], 210_00, None),  # or beside
        ([*ITEMS, (None, None, 30_00, "其中人工")], 210_50, None),
        ([*ITEMS, (None, None, 30_00, "其中人工")], 250_00, 70_00),  # told by what is plain
        ([*ITEMS, (None, None, 30_00, "优惠")], 150_00, None),
        ([*ITEMS, (None, None, -30_00, "优惠")], 150_00, None),
        ([*ITEMS, (None, None, 30_00, "优惠")], 100_00, -50_00),
        ([*ITEMS, (None, None, 180_00, "合计")], 180_00, None),
        ([*ITEMS, (None, None, None, "合计")], 300_00, 120_00),
        ([*ITEMS, (None, None, 180_00, "合计（大写）：壹佰捌拾元整")], 180_00, None),
        ([*ITEMS, (None, None, 180_00, "以上材料费合计")], 180_00, None),
        ([*ITEMS, (None, "20", 20_00, "总计")], 200_00, None),  # an item, since it has a price
        ([*ITEMS, (None, None, 20_00, "总计量表")], 200_00, None),
        ([*ITEMS, (None, None, 20_00, "灯具合计：甲")], 200_00, None),
        ([(None, None, MOST)] * 2, 1, None),  # more than there can be
        ([(None, None, MOST)], 1, 1 - MOST),
        ([("2", "75", 169_50)], 150_00, -19_50),  # what explains itself is not in doubt
        ([*ITEMS, (None, None, 159_29, "不含税价")], 180_00, None),
        (ITEMS, 203_40, None),  # with tax at 13 %
        ([*ITEMS, (None, None, 150_00, "优惠后合计")], 150_00, None),
        (ITEMS, 190_00, 10_00),
        ([("1", "480", 480_00, "税控盘")], 500_00, 20_00),  # an item, though its name begins so
        ([(None, None, 480_00, "税费")], 500_00, None),
    ],
)
def test_a_total_and_its_lines(lines: list[Line], total: int | None, difference: int | None) -> None:
    met = found(paper(*lines, total=total), "sums.total")
    assert [finding["difference_fen"] for finding in met] == ([] if difference is None else [difference])


def test_a_total_is_told_with_its_sum() -> None:
    (met,) = found(paper(*ITEMS, total=300_00, subject="厨具"), "sums.total")
    assert met == {"paper": "厨具", "total_fen": 300_00, "sum_fen": 180_00, "difference_fen": 120_00}


def test_a_total_of_several_months_or_sets() -> None:
    assert found(paper(*ITEMS, total=540_00, period_printed="2019-01..2019-03"), "sums.total") == []
    assert len(found(paper(*ITEMS, total=540_00, period_printed="2019-01..2019-02"), "sums.total")) == 1
    assert len(found(paper(*ITEMS, total=540_00, period_printed="2019-01-05..2019-04-01"), "sums.total")) == 1
    assert found(paper(*ITEMS, total=360_00, subject="门套2套"), "sums.total") == []
    assert len(found(paper(*ITEMS, total=360_00, subject="2号门"), "sums.total")) == 1


def test_a_total_that_was_agreed_in_place_of_the_sum() -> None:
    assert found(paper(*ITEMS, total=100_00, subject="门锁（议价后）"), "sums.total") == []
    assert len(found(paper(*ITEMS, total=100_00, subject="门锁"), "sums.total")) == 1


def test_offers_are_not_added_up() -> None:
    assert found(paper(*ITEMS, total=100_00, kind="quote"), "sums.total") == []
    assert len(found(paper(*ITEMS, total=100_00), "sums.total")) == 1
    assert len(found(paper(("1", "5", 5_00), total=100_00, kind="quote"), "sums.total")) == 1


def test_lines_that_can_be_read_in_too_many_ways() -> None:
    unsure: list[Line] = [(str(2 + n), "95", 95_00 + 2**n) for n in range(13)]
    assert found(paper(*unsure[:4], total=1_00), "sums.total")
    assert found(paper(*unsure, total=1_00), "sums.total") == []
    within: list[Line] = [(None, None, 2**n, "其中") for n in range(13)]
    assert found(paper(*ITEMS, *within, total=100_000_00), "sums.total") == []


@pytest.mark.parametrize(("lines", "told"), [(12, 1), (13, 0)])
def test_as_many_readings_as_are_tried(lines: int, told: int) -> None:
    """Each of these lines doubles them: 4,096 are tried."""
    unsure: list[Line] = [("2", "75", 150_00 + 1_00 * 2**n) for n in range(lines)]
    within: list[Line] = [(None, None, 2**n, "其中") for n in range(lines)]
    assert len(found(paper(*unsure, total=100_000_00), "sums.total")) == told
    assert len(found(paper(*ITEMS, *within, total=100_000_00), "sums.total")) == told


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        ([*ITEMS, (None, None, 180_00, "小计")], None),
        ([*ITEMS, (None, None, 200_00, "小计")], 180_00),
        ([*ITEMS, (None, None, 180_00, "小计"), ("1", "20", 20_00), (None, None, 20_00, "小计")], None),
        ([*ITEMS, (None, None, 180_00, "小计"), ("1", "20", 20_00), (None, None, 200_00, "总计")], None),
        ([*ITEMS, (None, None, 180_00, "小计"), ("1", "20", 20_00), (None, None, 90_00, "总计")], 20_00),
        ([("2", "50", 150_00), (None, None, 200_00, "合计")], None),  # a line is in doubt
        ([("3", "95", 95_00), (None, None, 200_00, "合计")], None),
        ([*ITEMS, ("1", None, None), (None, None, 200_00, "合计")], None),
        ([*ITEMS, (None, None, 5_00, "税金"), (None, None, 200_00, "合计")], None),
        ([*ITEMS, (None, None, None, "合计")], None),
        ([*ITEMS, (None, None, 150_00, "优惠后合计")], None),
        ([(None, None, 200_00, "合计"), *ITEMS], None),
    ],
)
def test_a_sum_among_the_lines(lines: list[Line], due: int | None) -> None:
    assert [finding["sum_fen"] for finding in found(paper(*lines), "sums.total")] == ([] if due is None else [due])


@pytest.mark.parametrize(("printed", "difference"), [(200_00, 20_00), (0, -180_00)])
def test_a_sum_among_the_lines_is_told_with_its_figures(printed: int, difference: int) -> None:
    (met,) = found(paper(*ITEMS, (None, None, printed, "小计")), "sums.total")
    assert met == {"paper": "函", "total_fen": printed, "sum_fen": 180_00, "difference_fen": difference}


@pytest.mark.parametrize(
    ("tax", "due"),
    [
        ((None, None, 28_80, "税金16%"), None),
        ((None, None, 24_83, "税金16%"), None),  # of prices that have it in them
        ((None, None, 40_00, "税金16%"), 28_80),
        ((None, None, 29_79, "税金16%"), None),  # below a yuan: rounding
        ((None, None, 40_00, "税金"), None),
        ((None, None, None, "税金16%"), None),
        (("1", "40", 40_00, "税金16%"), None),  # a line like any other
        ((None, None, 40_00, "手续费16%"), None),
    ],
)
def test_a_tax_and_its_rate(tax: Line, due: int | None) -> None:
    met = found(paper(*ITEMS, tax), "sums.tax")
    assert [finding["due_fen"] for finding in met] == ([] if due is None else [due])


@pytest.mark.parametrize(("printed", "due"), [(40_00, 28_80), (0, 24_83)])
def test_a_tax_is_told_with_its_figures(printed: int, due: int) -> None:
    """What is nearest is due: prices may have the tax in them."""
    (met,) = found(paper(*ITEMS, (None, None, printed, "税金16%")), "sums.tax")
    assert met == {
        "paper": "函",
        "number": 3,
        "text": "税金16%",
        "amount_fen": printed,
        "due_fen": due,
        "difference_fen": printed - due,
    }


def test_a_tax_on_what_stands_above_it() -> None:
    assert found(paper(*ITEMS, (None, None, 28_80, "税金16%"), ("1", "100", 100_00)), "sums.tax") == []
    assert len(found(paper(*ITEMS, (None, None, 28_80, "税金13%"), ("1", "100", 100_00)), "sums.tax")) == 1
    assert found(paper(("1", None, None), (None, None, 28_80, "税金13%")), "sums.tax") == []


def agreed(*each: tuple[str, int], total: int | None = None, **said: Any) -> Treasury:
    """A community with one more contract, which promises an amount each cycle."""
    house = treasury()
    expected = [
        {"cycle": cycle, "amount": amount, "fund": "service_fee", "category": "lift", "nature": "expense"}
        for cycle, amount in each
    ]
    body = {"code": "c9", "direction": "out", "object": "电梯维保", "start": "2026-01-01", "end": "2026-12-31"}
    given = {name: value for name, value in (body | said).items() if value is not None}
    house.act(
        "contract.entered/1",
        given | {"expected": expected} | ({} if total is None else {"total_printed": total}),
        by=["chair"],
    )
    return house


@pytest.mark.parametrize(
    ("each", "said", "total", "difference"),
    [
        ([("month", 100_00)], {}, 1200_00, None),
        ([("month", 100_00)], {}, 1100_00, -100_00),
        ([("month", 100_00)], {}, 1300_00, 100_00),
        ([("month", 83_33)], {}, 1000_00, None),  # twelve roundings of a fen
        ([("month", 100_00)], {}, 1200_90, None),
        ([("month", 100_00)], {"end": "2027-01-01"}, 1200_00, None),  # the last day counted or not
        ([("month", 100_00)], {"end": "2027-01-10"}, 1230_00, None),  # a month begun
        ([("month", 100_00)], {"end": "2027-01-10"}, 1302_00, 2_00),
        ([("month", 100_00)], {"end": "2027-12-31"}, 1200_00, None),  # the amount of a year
        ([("month", 100_00)], {"end": "2027-12-31"}, 1300_00, -1100_00),
        ([("quarter", 300_00)], {}, 1200_00, None),
        ([("half_year", 600_00)], {}, 1100_00, -100_00),
        ([("year", 1200_00)], {"end": "2028-12-31"}, 3600_00, None),
        ([("year", 1200_00)], {"end": "2028-12-31"}, 3500_00, -100_00),
        ([("once", 500_00)], {}, 500_00, None),
        ([("once", 500_00)], {}, 600_00, 100_00),
        ([("month", 100_00), ("month", 10_00)], {}, 1320_00, None),
        ([("month", 100_00), ("month", 10_00)], {}, 1200_00, None),  # the rent without the fee beside it
        ([("month", 100_00), ("month", 10_00)], {}, 1250_00, -70_00),
        ([("month", 100_00), ("metered", 0)], {}, 1200_00, None),
        ([("month", 100_00), ("metered", 0)], {}, 1300_00, None),
        ([("metered", 0)], {}, 1300_00, None),
        ([("month", 100_00)], {}, None, None),
        ([("month", 10**13)], {}, 1300_00, None),  # more than there can be
        ([("month", 100_00)], {"start": None}, 1300_00, None),
        ([("month", 100_00)], {"end": None}, 1300_00, None),
        ([("month", 100_00)], {"notes": "第二年起递增8%"}, 1300_00, None),
        ([("month", 100_00)], {"end": "2026-01-15"}, 50_00, None),  # less than a month
        ([("month", 100_00)], {"end": "2026-12-30"}, 1150_00, None),  # a day short of the twelfth
        ([("month", 100_00)], {"end": "2026-12-30"}, 1250_00, 50_00),
        ([("month", 100_00)], {"end": "2126-12-31"}, 1300_00, -119900_00),
        ([("month", 100_00)], {"end": "2127-12-31"}, 1300_00, None),  # a slip of the pen
        ([("month", 100_00)], {"start": "9990-01-01", "end": "9999-12-31"}, 1300_00, None),
        ([("once", MOST)], {}, 1300_00, 1300_00 - MOST),
    ],
)
def test_a_contract_and_what_it_promises(
    each: list[tuple[str, int]], said: dict[str, Any], total: int | None, difference: int | None
) -> None:
    met = found(agreed(*each, total=total, **said), "sums.contract")
    assert [finding["difference_fen"] for finding in met] == ([] if difference is None else [difference])


def test_roundings_of_a_paper_stand_in_one_finding() -> None:
    house = paper(
        ("1", "5.55", 5_50), ("2", "75", 150_00), ("1", "7.90", 7_00), (None, None, 11_40, "税金7%"), total=173_90
    )
    assert found(house, "sums.rounding") == [{"paper": "函", "count": 3, "difference_fen": -90}]
    assert found(house, "sums.line") == found(house, "sums.total") == found(house, "sums.tax") == []


def test_what_differs_by_more_is_no_rounding() -> None:
    assert found(paper(("19", "85", 1651_00)), "sums.rounding") == []
    assert found(paper(*ITEMS, (None, None, 40_00, "税金16%")), "sums.rounding") == []


@pytest.mark.parametrize(
    ("lines", "difference"),
    [
        ([("1", "5", 5_00), (None, None, 0, "税金1%")], -5),  # 4.95 fen, of prices with the tax in them
        ([("0", "75", 50)], 50),
    ],
)
def test_nothing_may_be_rounded_too(lines: list[Line], difference: int) -> None:
    assert [finding["difference_fen"] for finding in found(paper(*lines), "sums.rounding")] == [difference]


@pytest.mark.parametrize(
    ("total", "met"),
    [
        (3386_55, []),
        (3386_50, [-5]),
        (3386_54, [-1]),
        (3385_56, [-99]),
        (3380_00, [-6_55]),
        (3381_00, []),
        (3300_00, []),
        (3383_17, [-338]),
    ],
)
def test_a_rounding_of_a_total(total: int, met: list[int]) -> None:
    house = paper(("1", "3165", 3165_00), (None, None, None, "税点7%（合计×1.07）"), total=total)
    assert [finding["difference_fen"] for finding in found(house, "sums.rounding")] == met


@pytest.mark.parametrize(("amount", "difference"), [(150_01, 1), (149_99, -1), (150_00, None)])
def test_a_fen_is_told_too(amount: int, difference: int | None) -> None:
    met = found(paper(("2", "75", amount)), "sums.rounding")
    assert [finding["difference_fen"] for finding in met] == ([] if difference is None else [difference])


@pytest.mark.parametrize(("tax", "met"), [(28_80, []), (28_81, [1])])
def test_a_fen_of_tax_is_told_too(tax: int, met: list[int]) -> None:
    house = paper(*ITEMS, (None, None, tax, "税金16%"))
    assert [finding["difference_fen"] for finding in found(house, "sums.rounding")] == met


def test_less_than_a_fen_is_nothing() -> None:
    assert found(paper(("1", "0.335", 34), ("1", "0.335", 33)), "sums.rounding") == []


def test_a_rounding_of_a_contract() -> None:
    assert found(agreed(("month", 2484_00), total=29800_00), "sums.rounding") == [
        {"paper": "电梯维保", "count": 1, "difference_fen": -8_00}
    ]
    assert found(agreed(("month", 2484_00), total=29808_00), "sums.rounding") == []
    assert found(agreed(("month", 2484_00), total=29700_00), "sums.rounding") == []


@pytest.mark.parametrize(
    ("cycle", "total", "difference"),
    [
        ("month", 1200_12, None),
        ("month", 1200_13, 13),
        ("month", 1199_88, None),
        ("month", 1199_87, -13),
        ("once", 100_01, None),
        ("once", 100_02, 2),
    ],
)
def test_a_fen_each_cycle_is_nothing(cycle: str, total: int, difference: int | None) -> None:
    met = found(agreed((cycle, 100_00), total=total), "sums.rounding")
    assert [finding["difference_fen"] for finding in met] == ([] if difference is None else [difference])
