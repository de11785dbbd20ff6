"""What should be with a paper and is not, each beside the nearest paper that has it."""

from typing import Any

import pytest

from tests.accounts.treasury import CHART, Treasury, spent, to_box, treasury
from tests.audit.checks.asked import findings, found


def pay(house: Treasury, amount: int, **other: Any) -> str:
    """Money out of the bank; the row."""
    return house.take((house.day, -amount, [spent(amount, **other)]))[1]


def later(house: Treasury, days: int = 31) -> Treasury:
    """More than a month after: what was to come has had its time."""
    house.advance(days=days)
    house.document("此后的一份")
    return house


def test_money_without_any_paper() -> None:
    house = treasury()
    row = pay(house, 80_00, party="lift")
    (met,) = findings(house, "enclosures.no_paper")
    assert [(cited.record, cited.part) for cited in met.evidence] == [(row, "parts/0")]
    assert met.figures == {"paid_day": house.day, "paid_category": "lift", "payee_party": "lift", "amount_fen": 80_00}
    house.contra(row)
    assert found(house, "enclosures.no_paper") == []


@pytest.mark.parametrize("other", [{"contract": "c1"}, {"category": "charges"}])
def test_money_on_a_contract_or_what_the_bank_takes(other: dict[str, str]) -> None:
    house = treasury()
    pay(house, 80_00, **other)
    assert found(house, "enclosures.no_paper") == []


def test_money_with_a_paper() -> None:
    house = treasury()
    pay(house, 80_00, document=house.letter)
    assert found(house, "enclosures.no_paper") == []


def said(**printed: Any) -> dict[str, Any]:
    """What of this is printed at all."""
    return {name: value for name, value in printed.items() if value is not None}


def paid(total: int | None = 80_00, amount: int = 80_00, house: Treasury | None = None, **paper: Any) -> Treasury:
    """A payment on a letter of its own."""
    house = house or treasury()
    pay(house, amount, document=house.document("维修", **paper, **said(total_printed=total)))
    return house


@pytest.mark.parametrize(
    ("attachments", "met"),
    [
        (None, 1),
        ("商品截图1张；网购链接", 1),
        ("无发票", 1),
        ("发票后补", 1),
        ("明细表、发票1张", 0),
        ("发票1张；附页未见", 0),
        ("收据2张", 0),
        ("invoice no. 5", 1),  # a number, it seems; and in doubt
        ("invoice attached", 0),
    ],
)
def test_a_payment_and_what_its_paper_encloses(attachments: str | None, met: int) -> None:
    house = later(paid(**said(attachments_printed=attachments)))
    assert len(found(house, "enclosures.no_receipt")) == met


@pytest.mark.parametrize(
    ("kind", "met"), [("invoice", 0), ("receipt", 0), ("bank_paper", 0), ("letter", 1), ("quote", 1)]
)
def test_a_paper_that_is_the_proof_itself(kind: str, met: int) -> None:
    assert len(found(later(paid(kind=kind)), "enclosures.no_receipt")) == met


@pytest.mark.parametrize(
    ("kind", "total", "met"),
    [("invoice", 80_00, 0), ("receipt", 80_00, 0), ("invoice", 79_99, 1), ("invoice", None, 1), ("letter", 80_00, 1)],
)
def test_an_invoice_of_the_amount_entered_beside_it(kind: str, total: int | None, met: int) -> None:
    house = paid(total=None)
    house.document("发票", kind=kind, **said(total_printed=total))
    assert len(found(later(house), "enclosures.no_receipt")) == met


def test_one_invoice_proves_one_payment_or_one_paper() -> None:
    house = paid(house=paid())
    house.document("发票", kind="invoice", total_printed=80_00)
    (met,) = found(later(house), "enclosures.no_receipt")
    assert (met["count"], met["amount_fen"]) == (1, 80_00)
    house = treasury()
    letter = house.document("维修", total_printed=200_00)
    for amount in (150_00, 50_00):
        pay(house, amount, document=letter)
    house.document("发票", kind="invoice", total_printed=200_00)
    assert found(later(house), "enclosures.no_receipt") == []


def test_an_invoice_that_one_payment_rests_on_proves_no_other() -> None:
    house = treasury()
    pay(house, 80_00, document=house.document("发票", kind="invoice", total_printed=80_00))
    paid(house=house)
    assert [met["count"] for met in found(later(house), "enclosures.no_receipt")] == [1]


def test_an_invoice_without_a_total_proves_what_rests_on_it() -> None:
    assert found(later(paid(total=None, kind="invoice")), "enclosures.no_receipt") == []


def test_payments_without_a_paper_are_another_question() -> None:
    house = treasury()
    pay(house, 80_00)
    paid(house=house, funding_printed="日常")
    later(house)
    assert [met["count"] for met in found(house, "enclosures.no_receipt")] == [1]
    assert found(house, "enclosures.funding_blank") == found(house, "payment.over_paper") == []


def test_there_is_time_to_get_an_invoice() -> None:
    assert found(later(paid(), 30), "enclosures.no_receipt") == []
    assert len(found(later(paid(), 31), "enclosures.no_receipt")) == 1


def test_an_invoice_is_for_expenses() -> None:
    house = treasury()
    letter = house.document("退押金")
    pay(house, 80_00, document=letter, category="deposit_held", nature="deposit_held")
    assert found(later(house), "enclosures.no_receipt") == []


def test_nobody_gives_an_invoice_for_wages() -> None:
    house = treasury()
    for category in ("payroll", "tax", "lift"):
        pay(house, 80_00, document=house.document("工资表"), category=category)
    assert [met["count"] for met in found(later(house), "enclosures.no_receipt")] == [1]


@pytest.mark.parametrize(
    ("titles", "met"),
    [('zh = "税费", en = "Dues"', 0), ('zh = "规费", en = "Taxes"', 0), ('zh = "规费", en = "Dues"', 1)],
)
def test_a_category_is_what_the_chart_calls_it_in_either_language(titles: str, met: int) -> None:
    house = treasury()
    house.act("chart.adopted/1", {"text": CHART.replace('zh = "税费", en = "Taxes"', titles)}, by=house.both)
    pay(house, 80_00, document=house.document("完税"), category="tax")
    assert len(found(later(house), "enclosures.no_receipt")) == met


def test_the_payments_of_a_period_are_one_finding() -> None:
    house = treasury()
    letter = house.document("维修")
    rows = [pay(house, amount, document=letter) for amount in (50_00, 60_00)]
    later(house, 181)
    rows.append(pay(house, 70_00, document=letter))
    first, second = findings(later(house), "enclosures.no_receipt")
    assert first.figures == {"period": "2026H1", "count": 2, "amount_fen": 110_00}
    assert [cited.record for cited in first.evidence] == [*rows[:2], letter]
    assert [cited.record for cited in second.evidence] == [rows[2], letter]


@pytest.mark.parametrize(
    ("kind", "first", "second", "met"),
    [
        ("invoice", "发票号码：12345678", "12345678", 1),
        ("invoice", "12345678", "12345679", 0),
        ("invoice", "无号", "无号", 0),
        ("invoice", "2019-04-28", "2019-05-06", 0),  # days, not numbers
        ("invoice", "NO.100000", "NO.100000", 1),
        ("invoice", "00012345", "00012345", 1),
        ("invoice", "NO.99999", "NO.99999", 0),  # a number that everybody gives out
        ("letter", "12345678", "12345678", 0),
        ("receipt", "12345678", "12345678", 1),
    ],
)
def test_an_invoice_entered_twice(kind: str, first: str, second: str, met: int) -> None:
    house = treasury()
    for number in (first, second):
        house.document("票", kind=kind, number_printed=number, total_printed=80_00)
    told: dict[str, int | str] = {"number": first, "count": 2, "amount_fen": 80_00}
    assert found(house, "enclosures.proof_reused") == [told] * met


@pytest.mark.parametrize(("kind", "met"), [("invoice", 1), ("receipt", 0)])
def test_one_number_with_two_amounts(kind: str, met: int) -> None:
    house = treasury()
    for total in (80_00, 90_00):
        house.document("票", kind=kind, number_printed="12345678", total_printed=total)
    assert [finding["amount_fen"] for finding in found(house, "enclosures.proof_reused")] == [90_00] * met


def test_an_invoice_entered_twice_without_its_amount() -> None:
    house = treasury()
    for _ in range(2):
        house.document("票", kind="invoice", number_printed="12345678")
    assert found(house, "enclosures.proof_reused") == [{"number": "12345678", "count": 2, "amount_fen": 0}]


@pytest.mark.parametrize(
    ("kind", "total", "amount", "over"),
    [
        ("letter", 80_00, 80_00, None),
        ("letter", 80_00, 80_01, 1),
        ("invoice", 80_00, 90_00, 10_00),
        ("contract", 80_00, 90_00, None),  # its total may be that of a month
        ("letter", None, 90_00, None),
    ],
)
def test_a_payment_above_its_paper(kind: str, total: int | None, amount: int, over: int | None) -> None:
    met = found(paid(total, amount, kind=kind), "payment.over_paper")
    assert [finding["over_fen"] for finding in met] == ([] if over is None else [over])


def test_payments_that_are_above_their_paper_together() -> None:
    house = treasury()
    letter = house.document("维修", total_printed=100_00)
    rows = [pay(house, amount, document=letter) for amount in (60_00, 60_00)]
    (met,) = findings(house, "payment.over_paper")
    assert [cited.record for cited in met.evidence] == [*rows, letter]
    assert met.figures == {"paper": "维修", "total_fen": 100_00, "paid_fen": 120_00, "over_fen": 20_00}
    house.contra(rows[1])
    assert found(house, "payment.over_paper") == []


def test_what_came_back_was_not_paid() -> None:
    house = treasury()
    letter = house.document("维修", total_printed=100_00)
    row = pay(house, 120_00, document=letter, category="current_account", nature="payable")
    back = {"fund": "service_fee", "category": "current_account", "nature": "payable", "document": letter}
    house.take((house.day, 19_99, [{"amount": 19_99} | back]))
    (met,) = findings(house, "payment.over_paper")
    assert [cited.record for cited in met.evidence] == [row, letter]
    assert (met.figures["paid_fen"], met.figures["over_fen"]) == (100_01, 1)
    house.take((house.day, 1, [{"amount": 1} | back]))
    assert found(house, "payment.over_paper") == []


def test_money_moved_between_own_accounts_is_not_paid() -> None:
    house = treasury()
    letter = house.document("备用金", total_printed=10_00)
    house.take((house.day, -80_00, [to_box(80_00, document=letter)]))
    sent = {"amount": -80_00, "fund": "service_fee", "category": "own_transfer", "nature": "own_transfer"}
    house.take((house.day, -80_00, [sent | {"document": letter}]))  # and not arrived yet
    assert found(house, "payment.over_paper") == []


def test_a_paper_that_a_contract_has_paid_again_and_again() -> None:
    house = treasury()
    letter = house.document("维保", total_printed=50_00)
    for _ in range(2):
        pay(house, 50_00, document=letter, contract="c1")
    assert found(house, "payment.over_paper") == []
    other = house.document("维保", total_printed=50_00)
    for _ in range(2):
        pay(house, 50_00, document=other)
    assert len(found(house, "payment.over_paper")) == 1
    body = {"code": "c9", "direction": "out", "object": "维保", "document": other}
    house.act("contract.entered/1", body, by=["chair"])
    assert found(house, "payment.over_paper") == []


@pytest.mark.parametrize(
    ("funding", "blank"),
    [
        ((None, "日常", "日常"), 1),
        ((None, None, "日常", "日常", "日常"), 2),
        ((None, "日常"), 0),  # as many say it as do not
        ((None, None), 0),  # this community's papers do not
    ],
)
def test_a_paid_paper_that_does_not_say_from_where(funding: tuple[str | None, ...], blank: int) -> None:
    house = treasury()
    for number, source in enumerate(funding):
        paid(house=house, number_printed=f"第{number}号", **said(funding_printed=source))
    house.document("未付的一份")
    paid(house=house, kind="invoice")
    met = found(house, "enclosures.funding_blank")
    assert [finding["paper"] for finding in met] == [f"第{number}号" for number in range(blank)]


@pytest.mark.parametrize(
    ("kind", "approval", "blank"),
    [
        ("form", "业委会栏空白；项目03-07；公司未签", "业委会栏空白；公司未签"),
        ("form", "业委会盖章无日期", "业委会盖章无日期"),
        ("form", "业委会01-15盖章；项目01-16", None),
        ("form", None, None),
        ("form", "电子稿，未见签字", None),
        ("contract", "甲方盖章，乙方未盖章", "乙方未盖章"),
        ("minutes", "secretary signed, chair not signed", "chair not signed"),
        ("letter", "业委会栏空白", None),  # asks only
    ],
)
def test_a_signature_that_is_missing(kind: str, approval: str | None, blank: str | None) -> None:
    house = treasury()
    house.document("立项", kind=kind, **said(approval_printed=approval))
    told = {"paper": "立项", "subject": "立项", "blank": blank}
    assert found(house, "enclosures.unsigned") == ([] if blank is None else [told])


@pytest.mark.parametrize(
    ("later_paper", "signed", "whole"),
    [
        ({"approval_printed": "业委会01-20盖章"}, True, True),
        ({}, False, True),
        ({"approval_printed": "业委会未签"}, False, True),
        ({"approval_printed": "业委会01-20盖章", "attachments_printed": "缺附页"}, True, False),
        ({"approval_printed": "业委会01-20盖章", "number_printed": "立项-电梯"}, False, False),
        ({"approval_printed": "业委会01-20盖章", "kind": "letter"}, False, False),
        ({"approval_printed": "电子稿"}, False, False),
    ],
)
def test_a_form_entered_again_with_what_was_missing(later_paper: dict[str, str], signed: bool, whole: bool) -> None:
    house = treasury()
    form = {"kind": "form", "number_printed": "立项-水泵"}
    house.document("立项", **form, approval_printed="业委会栏空白", attachments_printed="缺附页")
    house.document("立项", **form | {"attachments_printed": "附页2张"} | later_paper)
    blank = [met["blank"] for met in found(house, "enclosures.unsigned")]
    assert ("业委会栏空白" not in blank) == signed
    assert (found(house, "enclosures.incomplete") == []) == whole


def test_an_older_paper_mends_nothing() -> None:
    house = treasury()
    house.document("立项", kind="form", approval_printed="业委会01-20盖章")
    house.document("立项", kind="form", approval_printed="业委会栏空白")
    assert len(found(house, "enclosures.unsigned")) == 1


def test_a_draft_is_not_signed_yet() -> None:
    house = treasury()
    house.document("立项", kind="form", approval_printed="未签字", number_printed="立项-水泵(稿)")
    assert found(house, "enclosures.unsigned") == []


@pytest.mark.parametrize(
    ("printed", "missing"),
    [
        ({"attachments_printed": "缺附页"}, ["缺附页"]),
        ({"attachments_printed": "明细表；附件缺"}, ["附件缺"]),
        ({"attachments_printed": "invoice, page missing"}, ["page missing"]),
        ({"approval_printed": "已签；扫描件下半页缺"}, ["扫描件下半页缺"]),
        ({"attachments_printed": "缺附页", "approval_printed": "缺第2页"}, ["缺附页", "缺第2页"]),
        ({"attachments_printed": "无"}, []),
        ({"attachments_printed": "附页2张"}, []),
        ({"approval_printed": "公司栏缺签"}, []),
    ],
)
def test_a_page_that_is_missing(printed: dict[str, str], missing: list[str]) -> None:
    house = treasury()
    house.document("函件", **printed)
    assert sorted(str(met["missing"]) for met in found(house, "enclosures.incomplete")) == sorted(missing)


def offers(*texts: str, house: Treasury | None = None, total: int | None = None, **other: Any) -> Treasury:
    """A paper with one offer a line, each a hundred yuan dearer."""
    house = house or treasury()
    lines = [{"text": text, "amount_printed": (place + 1) * 100_00} for place, text in enumerate(texts)]
    body = {"kind": "quote", "lines": lines} | other | ({} if total is None else {"total_printed": total})
    house.document(**{"subject": "监控修复", **body})
    return house


THREE = ("甲公司报价", "乙公司报价", "丙公司报价")


def test_offers_of_which_none_was_taken() -> None:
    house = later(offers(*THREE))
    assert found(house, "quotes.not_decided") == [
        {"paper": "监控修复", "subject": "监控修复", "count": 3, "highest_fen": 300_00, "lowest_fen": 100_00}
    ]


@pytest.mark.parametrize(
    ("texts", "other", "met"),
    [
        (THREE[:2], {}, 1),
        (THREE[:1], {}, 0),
        (("摄像头", "硬盘", "人工"), {}, 0),  # what one offer is made of
        (("甲公司报价", "硬盘"), {}, 0),
        ((*THREE, "人工"), {}, 0),
        (THREE, {"total": 100_00}, 0),
        (THREE, {"kind": "letter"}, 0),
        (THREE, {"subject": "监控修复，未定标"}, 1),
        (THREE, {"subject": "监控修复，选定丙公司"}, 0),
        (THREE, {"approval_printed": "业委会01-15中标丙"}, 0),
        (("甲公司报价", "乙公司报价（中标）"), {}, 0),
        (("quote A", "quote B"), {"approval_printed": "not awarded"}, 1),
        (("quote A", "quote B"), {"approval_printed": "awarded to A"}, 0),
    ],
)
def test_what_offers_are_and_when_one_is_taken(texts: tuple[str, ...], other: dict[str, Any], met: int) -> None:
    assert len(found(later(offers(*texts, **other)), "quotes.not_decided")) == met


def test_offers_without_amounts() -> None:
    house = treasury()
    house.document("监控修复", kind="quote", lines=[{"text": text} for text in THREE])
    assert found(later(house), "quotes.not_decided") == []


def test_offers_have_their_time() -> None:
    assert found(later(offers(*THREE), 30), "quotes.not_decided") == []
    assert len(found(later(offers(*THREE), 31), "quotes.not_decided")) == 1


def test_offers_that_something_rests_on() -> None:
    house = later(offers(*THREE))
    (paper,) = (e.record.digest for e in house.entries if e.record.body.get("kind") == "quote")
    for use in (
        lambda home: home.act(
            "contract.entered/1", {"code": "c9", "direction": "out", "object": "监控", "document": paper}, by=["chair"]
        ),
        lambda home: home.apply_for(100_00, document=paper),
        lambda home: pay(home, 100_00, document=paper),
    ):
        home = house.fork()
        use(home)
        assert found(home, "quotes.not_decided") == []
    assert len(found(house, "quotes.not_decided")) == 1
