"""Voucher prints agree with the journal, leg by leg; letters say what the bank's rows and the log say."""

import pytest

from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material, about, gather
from ledger.errors import MingzhangError
from ledger.money import format_capital, parse_yuan
from ledger.paper import letters, vouchers
from ledger.paper.phrases import MINUS
from tests.audit.example import reviewed
from tests.audit.specimen import InMemory, full
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def material(year: Year) -> Material:
    return about(reviewed(year, bundle=False))


def fen(text: str) -> int:
    return parse_yuan(text.replace(MINUS, "-")) if text else 0


def test_the_prints_are_the_journal(material: Material, year: Year) -> None:
    """Every voucher once, in its month; each leg on its side with its account; sums and capitals those of its legs."""
    printed = {}
    for month in vouchers.months(material):
        for voucher in vouchers.view(material, month, "zh_CN").vouchers:
            number = voucher.number.rpartition(" ")[2]
            assert number not in printed
            assert number.startswith(month)
            printed[number] = voucher
    booked = {voucher.number: voucher for voucher in year.vouchers if voucher.legs}
    assert set(printed) == set(booked)
    titles = Titles(material.case, "zh_CN")
    for number, act in booked.items():
        rows, total = printed[number].rows, sum(leg.debit for leg in act.legs)
        assert [(row.account, fen(row.debit), fen(row.credit)) for row in rows] == [
            (f"{leg.code} {titles.code(leg.code)}", leg.debit, leg.credit) for leg in act.legs
        ]
        assert fen(printed[number].debit) == fen(printed[number].credit) == total
        assert printed[number].capital == f"人民币{format_capital(total)}"
        assert printed[number].record.endswith(act.record)


def test_four_hands_are_on_each(material: Material) -> None:
    """Who entered it, who confirmed the file and approved the payment, who took it over; the machine booked it."""
    month = vouchers.view(material, "2019-03", "zh_CN")
    paid = next(v for v in month.vouchers if v.number.endswith("2019-03-0002"))
    assert [label for label, _ in paid.hands] == ["制单", "审核", "出纳", "记账"]
    made, checked, moved, booked = (who for _, who in paid.hands)
    assert made.startswith("财务委员（人员")
    assert made == moved
    assert checked.startswith("主任（人员")
    assert "业主监督人（" in checked
    assert made not in checked
    assert "存证记录" in booked
    received = next(v for v in month.vouchers if v.number.endswith("2019-03-0001"))
    assert received.hands[1][1].startswith("业主监督人（")


def test_cash_that_nobody_approved_says_so(material: Material) -> None:
    """Whoever recorded it also paid it; without a withdrawal behind it nobody checked it, which is for the auditor to see."""
    month = vouchers.view(material, "2018-12", "en")
    printed = {voucher.number.removeprefix("no. "): voucher for voucher in month.vouchers}
    legs = [p for p in material.postings if p.voucher.kind == "cash.paid/1" and p.money and p.move]
    approved = {leg.voucher.number: leg.move.basis != "none" for leg in legs if leg.move}
    assert sorted(approved.values()) == [False, True, True, True, True]
    for number, by_somebody in approved.items():
        made, checked, moved, _ = (who for _, who in printed[number].hands)
        assert made == moved != "—"
        assert ("chair" in checked) if by_somebody else (checked == "—")


def test_who_is_nowhere_is_said_to_be_nobody() -> None:
    """An unconfirmed row has nobody who checked it."""
    months = vouchers.months(gather(InMemory(full().files), last="2026-12-31"))
    view = vouchers.view(gather(InMemory(full().files), last="2026-12-31"), "2026-08", "zh_CN")
    assert "2026-08" in months
    assert {voucher.hands[1][1] for voucher in view.vouchers} == {"—"}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_prints_are_made_and_always_the_same(material: Material, locale: str) -> None:
    made = vouchers.render_pdf(material, "2018-11", locale)
    assert made.startswith(b"%PDF")
    assert made == vouchers.render_pdf(material, "2018-11", locale)
    (letter,) = (letters.render_pdf(letter, locale) for _, letter in letters.confirmations(material, locale))
    assert letter.startswith(b"%PDF")
    assert letters.render_pdf(letters.declaration(material, locale), locale).startswith(b"%PDF")


def test_the_letter_to_the_bank_asks_for_the_banks_own_balance(material: Material, year: Year) -> None:
    (found,) = letters.confirmations(material, "zh_CN")
    code, letter = found
    (main,) = (a for a in year.statement("2019H1")["accounts"] if a["code"] == code)
    said = dict(letter.pairs)
    assert fen(said["余额"].removesuffix(" 元")) == main["bank_balance"]
    assert said["大写"] == format_capital(main["bank_balance"])
    assert said["截止日"] == "2019年6月30日"
    assert letter.draft


def test_the_declaration_names_the_log_that_it_speaks_of(material: Material) -> None:
    letter = letters.declaration(material, "zh_CN")
    said = dict(letter.pairs)
    assert (said["账本指纹"], said["树根"]) == (material.case.books.ledger, material.made.report["root"])
    assert len(letter.after) == letters.CLAUSES
    for text in letter.after:
        assert text[0] in "一二三四五六七八"


def test_a_month_without_vouchers_has_none(material: Material) -> None:
    assert vouchers.view(material, "2019-07", "zh_CN").vouchers == ()
    with pytest.raises(MingzhangError):
        vouchers.view(material, "2019-07", "fr")
