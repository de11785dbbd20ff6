"""The poster says what the statement says, to the fen, and hides nothing."""

from typing import Any

import pytest

from ledger.errors import Malformed
from ledger.paper.naming import Names
from ledger.paper.phrases import Phrases
from ledger.paper.poster import GROUPS, ITEMS, Pair, Poster, poster
from ledger.paper.printed import Copy, PrintedWith
from ledger.paper.view import view
from tests.community import refused_as
from tests.paper.made import PLANTED, half_year, hexed

ALL = PrintedWith(
    record=hexed("record"),
    entry=6543,
    published_on="2019-07-15",
    signers=("treasurer", "chair"),
    posted_from="2019-07-15",
    posted_until="2019-08-14",
    media=("公示栏", "业主群"),
    objections_until="2019-08-14",
    reply_days=7,
    reading="居委会（周二、四 9–11点）",
    objection_place="意见箱或居委会",
    street_phone="028-0000 0000",
    address="https://example.org/jiangan/2019H1",
    check_code="4821 0937 5562",
    copy=Copy("3栋大堂", 2, 8),
    remarks={hexed("row 2018-12-27"): "个人转入，来源待查"},
)


def page(statement: dict[str, Any] | None = None, printed: PrintedWith = ALL, locale: str = "zh_CN") -> Poster:
    return poster(Names(statement or half_year(), Phrases(locale)), printed)


def with_bank(difference: int, items: list[tuple[str, int]], **account: Any) -> dict[str, Any]:
    """A statement whose last table lists these items: class and fen."""
    statement = half_year()
    own = statement["accounts"][0]
    own |= {"difference": difference, "bank_balance": own["closing"] + difference} | account
    statement["reconciliation"][-1]["items"] = [
        {"class": kind, "on": "2019-06-20", "amount": amount, "record": hexed(f"{n}")}
        for n, (kind, amount) in enumerate(items)
    ]
    return statement


def test_the_half_year_of_the_drawing_to_the_fen() -> None:
    shown = page()
    (block,) = shown.blocks
    assert (block.opening, block.closing, block.change) == ("155,465.21", "284,290.17", "+128,824.96")
    assert block.equation == "期初 155,465.21 ＋ 收到 736,633.59 − 付出 607,808.63 ＝ 现在 284,290.17"
    assert (shown.income.total, shown.expense.total) == ("539,793.77", "587,560.58")
    assert [(bar.label, bar.amount) for bar in shown.income.bars] == [
        ("物业费", "414,889.39"),
        ("场地租金", "76,500.00"),
        ("广告位", "48,000.00"),
        ("利息", "404.38"),
    ]
    assert [(bar.label, bar.amount) for bar in shown.expense.bars[:4]] == [
        ("水费", "202,779.33"),
        ("电费", "139,022.85"),
        ("保洁绿化", "138,600.00"),
        ("电梯", "37,083.00"),
    ]
    assert ("代收电费", "5,633.18") in [(pair.label, pair.amount) for pair in shown.income.others]
    assert (shown.income.others_total, shown.expense.others_total) == ("196,839.82", "20,248.05")
    assert shown.sums == ("收入 539,793.77 ＋ 另收 196,839.82 − 支出 587,560.58 − 另付 20,248.05 ＝ +128,824.96 元")


def test_the_difference_to_the_bank_stands_item_by_item() -> None:
    answer = page().blocks[0].answer
    assert (answer.state, answer.text) == ("differs", "相差 1,960.00 元，共3笔，都写在这里：")
    assert [(item.number, item.amount) for item in answer.items] == [
        ("①", "+500.00"),
        ("②", "−60.00"),
        ("③", "−2,400.00"),
    ]
    assert answer.items[0].text == "2018年12月27日 个人转入，来源待查", "a remark takes the place of the class's words"
    assert answer.items[1].text == "3月29日 银行付出，用途待查"
    assert answer.detail == "银行余额 282,330.17 元，账上 284,290.17 元。"


def test_decisions_and_open_points_are_counted() -> None:
    shown = page()
    assert [(p.label, p.count, p.amount) for p in shown.decisions] == [
        ("业主表决", "6笔", "138,600.00 元"),
        ("预算内", "18笔", "378,885.18 元"),
        ("授权", "26笔", "32,940.45 元"),
        ("事后追认", "3笔", "16,383.00 元"),
        ("尚无依据", "6笔", "41,000.00 元"),
    ]
    assert [pair.strong for pair in shown.decisions] == [False] * 4 + [True]
    assert [(p.label, p.count, p.amount) for p in shown.open] == [
        ("待查款项（收到的）", "1笔", "500.00 元"),
        ("待查款项（付出的）", "2笔", "2,460.00 元"),
        ("尚无依据的付款", "6笔", "41,000.00 元"),
        ("已批准、还没付", "1笔", "5,670.00 元"),
    ]


def test_questions_without_an_answer_are_counted_and_the_overdue_ones_said() -> None:
    """At the statement's last entry (14 July). Machine 1 knows no questions: it prints no line of them."""
    statement = half_year()
    assert all(pair.label != "未答复意见" for pair in page(statement).open)
    statement["objections"] = []
    assert page(statement).open[-1] == Pair("未答复意见", "", "0件")
    statement["objections"] = [
        question("early", due="2019-07-13"),
        question("today", due="2019-07-14"),
        question("answered", due="2019-07-01", answered="2019-07-09"),
        question("back", due="2019-07-01", outcome="taken_back"),
        question("street", due="2019-07-10", outcome="street"),
    ]
    assert page(statement).open[-1] == Pair("未答复意见", "逾期 2件", "3件", strong=True)
    assert page(statement, PrintedWith()).open == page(statement).open
    assert page(statement, locale="en").open[-1].amount == "2 overdue"


def question(name: str, *, due: str, **more: str) -> dict[str, str]:
    """A question as a statement has it."""
    return {"objection": hexed(name), "about": hexed("line"), "on": "2019-07-01", "due": due, **more}


def test_what_there_is_none_of_is_still_said_among_the_bases() -> None:
    statement = half_year()
    statement["decisions"]["by_basis"] = []
    assert [(p.count, p.amount, p.strong) for p in page(statement).decisions] == [("0笔", "0.00 元", False)] * 5


def test_small_groups_become_one_and_nothing_is_lost() -> None:
    bars = page().expense.bars
    assert len(bars) == GROUPS
    assert (bars[-1].label, bars[-1].amount) == ("其他（4类）", "26,135.40")
    fen = sum(int(bar.amount.replace(",", "").replace(".", "")) for bar in bars)
    assert fen == 58_756_058


def test_bars_share_one_scale() -> None:
    shown = page()
    assert shown.income.bars[0].share == 1000
    assert shown.expense.bars[0].share == 20_277_933 * 1000 // 41_488_939


def test_a_bank_that_agrees() -> None:
    answer = page(with_bank(0, [])).blocks[0].answer
    assert (answer.state, answer.items, answer.detail) == ("agrees", (), "")
    assert answer.text == "对得上：银行余额 284,290.17 元，和账上一样。"


def test_equal_balances_with_open_items_do_not_agree() -> None:
    answer = page(with_bank(0, [("bank_received", 700), ("bank_paid", 700)])).blocks[0].answer
    assert (answer.state, [item.amount for item in answer.items]) == ("differs", ["+7.00", "−7.00"])


def test_what_a_wrong_file_had_moved_explains_the_difference() -> None:
    answer = page(with_bank(-480, [("rejected_received", 500), ("rejected_paid", 20)])).blocks[0].answer
    assert [(item.text, item.amount) for item in answer.items] == [
        ("6月20日 账面曾按误导入的文件记收，后已撤回", "−5.00"),
        ("6月20日 账面曾按误导入的文件记付，后已撤回", "+0.20"),
    ]


def test_a_difference_without_items_is_not_hidden() -> None:
    answer = page(with_bank(-123, [])).blocks[0].answer
    assert answer.state == "differs"
    assert [(item.text, item.amount) for item in answer.items] == [("说不出原因的差额", "−1.23")]


def test_incomplete_bank_rows_never_read_as_agreement() -> None:
    answer = page(with_bank(0, [], complete=False, rows_until="2019-05-31", confirmed=False)).blocks[0].answer
    assert answer.state == "unknown"
    assert answer.cautions[:2] == ("银行流水只到5月31日，之后的还没有。", "银行流水还没有经第二个人核对。")


def test_without_any_row_it_says_so() -> None:
    statement = with_bank(0, [], complete=False)
    del statement["accounts"][0]["rows_until"]
    assert "银行流水还没有导入。" in page(statement).blocks[0].answer.cautions


def test_items_on_their_way_and_unproven_openings_are_told() -> None:
    cautions = page(with_bank(0, [("books_paid", 5_000)])).blocks[0].answer.cautions
    assert cautions == (
        "在途1笔，共 50.00 元（我们已记，银行未到账），见调节表。",
        "建账时的期初余额中有 86,420.15 元未经核实。",
    )


def test_more_items_than_fit_are_counted() -> None:
    answer = page(with_bank(900, [("bank_received", 100)] * 9)).blocks[0].answer
    assert len(answer.items) == ITEMS
    assert answer.more == "另有3笔，见“银行存款余额调节表”。"


def test_a_petty_cash_box_that_moved_stands_with_a_total() -> None:
    statement = half_year()
    assert (page(statement).boxes, page(statement).all_accounts) == ((), None)
    statement["accounts"][1] |= {"opening": 143_950, "spent": 143_950}
    shown = page(statement)
    assert [(row.title, row.opening, row.spent) for row in shown.boxes] == [("备用金", "1,439.50", "1,439.50")]
    assert shown.all_accounts is not None
    assert shown.all_accounts.opening == "156,904.71"
    assert shown.sums.startswith("全部账户合计：")


def test_transfers_that_do_not_meet_are_told() -> None:
    statement = half_year()
    statement["totals"]["transfers_received"] = 100
    assert page(statement).sums.endswith("；内部划转 +1.00 元")


def test_one_fund_needs_no_table() -> None:
    statement = half_year()
    statement["funds"] = statement["funds"][1:]
    statement["accounts"][0]["funds"] = ["service_fee"]
    (block,) = page(statement).blocks
    assert (block.funds, block.funds_line) == ((), "本账户含：物业服务资金")


def test_later_facts_stand_on_the_foot() -> None:
    shown = page()
    assert (shown.code, shown.copy, shown.dated) == ("4821 0937 5562", "本张：3栋大堂 2/8", "2019年7月15日")
    assert shown.objections == "有意见：8月14日前书面交意见箱或居委会；7日内答复"
    assert shown.posted == "公示期：7月15日—8月14日"
    assert shown.seals == ("业主委员会（盖章）", "物业服务企业（盖章）")


def test_without_them_there_are_blanks_and_no_code() -> None:
    shown = page(printed=PrintedWith())
    assert (shown.code, shown.copy, shown.dated) == ("未经外部见证", "", "")
    assert "____" in shown.objections
    assert "____" in shown.street
    assert "____" in shown.posted


def test_english_says_the_same_figures() -> None:
    chinese, english = page(), page(locale="en")
    assert [bar.amount for bar in chinese.expense.bars] == [bar.amount for bar in english.expense.bars]
    assert english.blocks[0].answer.text == "1,960.00 yuan apart, 3 items, all listed:"
    assert english.period == "first half of 2019"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("printed", [ALL, PrintedWith()], ids=["all", "none"])
def test_every_annex_has_as_many_cells_as_columns(locale: str, printed: PrintedWith) -> None:
    for table in view(half_year(), printed, locale).tables:
        assert len(table.heads) == len(table.kinds)
        assert {len(row) for row in (*table.rows, *([table.last] if table.last else []))} <= {len(table.heads)}


def test_the_example_says_when_it_plays() -> None:
    shown = view(half_year(), ALL, "zh_CN")
    assert shown.mark == "示例"
    assert "2019年" in shown.example
    assert "civil-code-2021" in shown.example
    later = half_year() | {"period": {"code": "2026H1", "first": "2026-01-01", "last": "2026-06-30"}}
    assert view(later, ALL, "zh_CN").example == "示例：人物、名称都是虚构，不是真实小区的账。"
    real = {key: value for key, value in half_year().items() if key != "example"}
    assert (view(real, ALL, "zh_CN").example, view(real, ALL, "zh_CN").mark) == ("", "")


def test_the_lines_run_from_opening_to_closing() -> None:
    (account,) = view(half_year(), ALL, "zh_CN").accounts
    assert (account.opening, account.closing) == ("155,465.21", "284,290.17")
    assert account.rows[-1].balance == account.closing
    assert account.rows[-1].carried == (account.received, account.spent, account.closing)
    assert sorted(row.number for row in account.rows) == list(range(1, 89))


def test_a_line_names_what_it_rests_on_and_what_it_is_not() -> None:
    rows = {row.category: row for row in view(half_year(), ALL, "zh_CN").accounts[0].rows}
    assert rows["水费"].basis == "预算内；决议4；澜物江业〔2019〕46号"
    assert rows["场地租金"].basis == "合同 C-IN-06"
    assert rows["退费"].remark == "物业服务资金；退款；不计支出；房屋代码 u0237"
    assert rows["维修材料"].party == "个人（不公布姓名）"


def test_unusual_lines_say_why() -> None:
    statement = half_year()
    line = next(line for line in statement["lines"] if line["category"] == "rent")
    line |= {"booked": "2019-01-20", "on": "2018-12-30", "corrects": hexed("x")}
    at, evidence = statement["lines"].index(line), statement["documents"][0]["digest"]
    kept = {"line": at, "cost_line": at + 1, "gross": 900, "cost": 100, "net": 800, "evidence": evidence}
    statement["deductions"] = [kept]
    row = next(r for r in view(statement, ALL, "zh_CN").accounts[0].rows if "冲销" in r.remark)
    assert (
        row.remark
        == f"公共收益；冲销（红字） {hexed('x')[:8]}；以前期间的事，2019-01-20入账；付款方扣下 1.00（第{at + 2}笔），实收 8.00"
    )
    assert row.day == "2018-12-30", "a day of another year has its year"
    number = at + 2
    behind = next(r for r in view(statement, ALL, "zh_CN").accounts[0].rows if r.number == number)
    assert f"从第{at + 1}笔收款 9.00 中扣下，没有另行转账" in behind.remark
    (table,) = (t for t in view(statement, ALL, "zh_CN").tables if t.code == "deductions")
    assert table.rows == ((str(at + 1), "9.00", str(number), "1.00", "8.00", "附1"),)
    other = next(n for n, known in enumerate(statement["lines"], 1) if known is not line)
    line["corrects"] = statement["lines"][other - 1]["record"]
    row = next(r for r in view(statement, ALL, "zh_CN").accounts[0].rows if "冲销" in r.remark)
    assert f"冲销（红字） 第{other}笔" in row.remark


def test_months_reconcile_as_tables() -> None:
    months = view(half_year(), ALL, "zh_CN").reconciliations
    assert len(months) == 6
    assert all(month.agrees for month in months)
    assert (months[-1].books_adjusted, months[-1].bank_adjusted) == ("282,330.17", "282,330.17")
    assert ("减：银行已付、我方未付", "2,460.00") in months[-1].books


def test_sides_that_do_not_meet_are_not_called_equal() -> None:
    statement = half_year()
    statement["reconciliation"][2]["bank"] += 1
    months = view(statement, ALL, "zh_CN").reconciliations
    assert [month.agrees for month in months] == [True, True, False, True, True, True]
    assert months[2].verdict == "两边不等，待说明"


def test_what_the_poster_lists_adds_up_to_the_planted_rows() -> None:
    assert sum(amount for _, amount in PLANTED) == half_year()["accounts"][0]["difference"]


def test_a_foreign_format_is_refused() -> None:
    with refused_as("paper.statement"):
        view(half_year() | {"statement": 2}, ALL, "zh_CN")


def test_the_view_needs_a_language_that_there_is() -> None:
    with refused_as("words.locale"):
        view(half_year(), ALL, "fr")


def test_a_check_code_needs_a_whole_digest() -> None:
    from ledger.paper.printed import check_code

    assert len(check_code("ab" * 32, b"cosignature")) == 14
    assert check_code("ab" * 32, b"cosignature") != check_code("ab" * 32, b"another")
    with pytest.raises(Malformed) as raised:
        check_code("AB" * 32, b"cosignature")
    assert raised.value.rule == "paper.digest"
