"""The auditor's pack: one archive from every source and process, whose workbooks a spreadsheet program reads to the fen."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from ledger.audit.books import Span
from ledger.audit.books.titles import Titles
from ledger.audit.checks import Gathering
from ledger.audit.pack import ASKED, Material, about, gather
from ledger.audit.review import Review
from ledger.cli.app import run
from ledger.cli.auditpack import contents, redacted
from ledger.errors import Conflict, Refused
from ledger.exchange.pack import Told, archive, files, listing
from ledger.exchange.pack.owed import planned
from ledger.exchange.sheets import Sheet, workbook, yuan
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.example import reviewed
from tests.audit.specimen import InMemory, full, small
from tests.community import BOTH, refused_as
from tests.example.built import Year, build_or_find
from tests.store.settled import Maker, created

PACK = "import sys; from ledger.cli.app import run; sys.exit(run(['--lang', 'zh', 'audit', 'pack', *sys.argv[1:]]))"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def bundle(year: Year) -> Path:
    return year.folder / "bundle"


@pytest.fixture(scope="module")
def made(year: Year) -> Review:
    return reviewed(year, bundle=False)


@pytest.fixture(scope="module")
def material(made: Review) -> Material:
    return about(made)


@pytest.fixture(scope="module")
def packed(material: Material) -> dict[str, bytes]:
    return files(material, "zh_CN", say)


def of_house(house: Treasury, first: str, last: str) -> Material:
    """The material of a house in memory, without a review."""
    gathering = Gathering(ASKED)
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        gathering.add(house.books, entry, facts)
    return Material(cast(Review, None), gathering.close(house.books), Span(first, last))


def say(finding: Mapping[str, Any]) -> Told:
    return Told(finding["code"], "says", "clears")


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Every tab's rows up to the first empty one, without the heads."""
    found = {}
    for tab in openpyxl.load_workbook(io.BytesIO(data)):
        rows = list(tab.values)
        end = next((n for n, row in enumerate(rows) if not any(cell is not None for cell in row)), len(rows))
        found[tab.title] = rows[1:end]
    return found


def heads(data: bytes, tab: str) -> tuple[Any, ...]:
    return next(iter(openpyxl.load_workbook(io.BytesIO(data))[tab].values))


def fen(cell: Any) -> int:
    return round(Decimal(str(cell)) * 100)


# --- one archive ------------------------------------------------------------------------------------------------------------


def test_bundle_and_database_give_the_same_bytes_in_two_processes(year: Year, bundle: Path, tmp_path: Path) -> None:
    made = []
    for name, path in (("bundle", bundle), ("database", year.folder / "ledger.db")):
        out = tmp_path / f"{name}.zip"
        subprocess.run([sys.executable, "-c", PACK, str(path), str(out)], check=True, capture_output=True)
        made.append(out.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive_:
        assert archive_.testzip() is None
        assert {member.date_time for member in archive_.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_command_says_what_it_wrote_and_overwrites_nothing(
    bundle: Path, made: Review, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pack.zip"
    days = ["--from", "2019-01-01", "--to", "2019-06-30"]
    assert run(["--lang", "en", "audit", "pack", str(bundle), str(out), *days]) == 0
    assert "2019-01-01" in capsys.readouterr().out
    names = zipfile.ZipFile(out).namelist()
    assert "04 Journal.xlsx" in names
    assert out.read_bytes() == archive(contents(about(made, first=days[1], last=days[3]), "en"))
    assert run(["audit", "pack", str(bundle), str(out)]) == Conflict.exit_code
    other = tmp_path / "other.zip"
    assert run(["audit", "pack", str(bundle), str(other), "--from", "2019-07-01", "--to", "2019-06-30"]) == 4
    assert not other.exists()


@pytest.mark.parametrize(
    ("first", "last"), [("2018-10-31", ""), ("2019-06-30", "2019-06-29"), ("", "2019-07-20"), ("2019-07-20", "")]
)
def test_days_that_the_ledger_cannot_speak_of(made: Review, first: str, last: str) -> None:
    with refused_as("pack.days"):
        about(made, first=first, last=last)


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [("2026-06-30", "2026-06-29", "pack.days"), ("2026-13-01", "", "period.day"), ("", "yesterday", "period.day")],
)
def test_days_that_cannot_be_right_are_refused_before_anything_is_read(first: str, last: str, rule: str) -> None:
    with refused_as(rule):
        gather(InMemory({}), first=first, last=last)


def test_without_days_it_is_about_what_statements_closed(material: Material) -> None:
    assert (material.span.first, material.span.last, material.today) == ("2018-11-01", "2019-06-30", "2019-07-19")
    assert [one["period"]["code"] for one in material.statements] == ["2018H2", "2019H1"]


def test_a_ledger_without_books_has_no_pack() -> None:
    opened = small()
    bare = opened.publish(entries=opened.entries[:1], statements={})
    with pytest.raises(Refused) as caught:
        gather(InMemory(bare.files))
    assert caught.value.rule == "books.not_open"


def test_papers_come_along_from_a_database_only(bundle: Path, tmp_path: Path) -> None:
    assert run(["audit", "pack", str(bundle), str(tmp_path / "p.zip"), "--papers"]) == Refused.exit_code
    assert not (tmp_path / "p.zip").exists()


def test_a_redacted_paper_comes_along_where_the_database_has_it(tmp_path: Path) -> None:
    """And is listed; an original never comes, and what is not there is listed by its digest alone."""
    with created(tmp_path / "ledger.db", Maker()) as store:
        digest = store.add_document(b"%PDF redacted", media="application/pdf")
        original = store.add_document(b"%PDF original", media="application/pdf")
    house = treasury()
    house.document("发票", redacted=digest, original=original)
    house.document("收据", redacted="ab" * 32)
    material = of_house(house, "2026-01-01", "2026-01-05")
    found = redacted(tmp_path / "ledger.db", material, "zh_CN")
    seq = len(house.entries) - 2
    name = f"08 附件 {seq:06} {digest[:8]}.pdf"
    assert found == {digest: (name, b"%PDF redacted")}
    sheet = listing.papers(material, Titles(material.case, "zh_CN"), {digest: name})
    assert [row[-2:] for row in sheet.rows] == [("无", ""), ("有", name), ("有文件摘要，文件另取", "")]


# --- what the workbooks say ---------------------------------------------------------------------------------------------------


def test_the_journal_has_every_leg_once_and_balances(year: Year, packed: dict[str, bytes]) -> None:
    rows = sheets(packed["04 序时账.xlsx"])["序时账"]
    *legs, total = rows
    assert heads(packed["04 序时账.xlsx"], "序时账") == (
        "日期", "凭证字号", "摘要", "科目编码", "科目名称", "借方", "贷方", "账户", "资金", "合同", "单位", "幢户", "附件数", "存证记录",
    )  # fmt: skip
    written = [(row[1], row[3], fen(row[5]), fen(row[6])) for row in legs]
    booked = [(v.number, leg.code, leg.debit, leg.credit) for v in year.vouchers for leg in v.legs]
    assert sorted(written) == sorted(booked)
    assert [row[0] for row in legs] == sorted(row[0] for row in legs)
    assert fen(total[5]) == fen(total[6]) == sum(leg[2] for leg in booked)


def test_the_trial_balance_of_each_half_year_agrees_with_its_statement(year: Year, made: Review) -> None:
    for code, first, last in (("2018H2", "2018-11-01", "2018-12-31"), ("2019H1", "2019-01-01", "2019-06-30")):
        found = files(about(made, first=first, last=last), "zh_CN", say)
        tabs = sheets(found["05 科目余额表.xlsx"])
        *_, total = tabs["科目余额表"]
        opening, moved, closing = (tuple(map(fen, total[at : at + 2])) for at in (2, 4, 6))
        assert opening[0] == opening[1]
        assert moved[0] == moved[1] > 0
        assert closing[0] == closing[1]
        statement = year.statement(code)
        said = {fund["closing"] for fund in statement["funds"]}
        rows = tabs["与公示表核对"]
        assert len(rows) == len(statement["funds"])
        assert {fen(row[3]) for row in rows} == {fen(row[4]) for row in rows} == said
        assert [fen(row[5]) for row in rows] == [0] * len(rows)
        # By hand from the tab by fund: where money stands, and in suspense.
        money = ("1001", "1002", "1012", "1221", "2241")
        held: dict[tuple[str, str], int] = {}
        for row in tabs["辅助余额表"][:-1]:
            if row[0] in money and row[3]:
                held[row[2], row[3]] = held.get((row[2], row[3]), 0) + fen(row[8]) - fen(row[9])
        by_hand = {(row[1], row[2]): fen(row[3]) for row in rows}
        assert {key: held.get(key, 0) for key in by_hand} == by_hand


def test_each_month_has_a_reconciliation_as_the_statement_has_it(year: Year, packed: dict[str, bytes]) -> None:
    tabs = sheets(packed["07 银行存款余额调节表.xlsx"])
    tables = [t for code in ("2018H2", "2019H1") for t in year.statement(code)["reconciliation"]]
    assert list(tabs) == [table["month"] for table in tables]
    for table, rows in zip(tables, tabs.values(), strict=True):
        said = {row[1]: row[3] for row in rows}
        assert fen(said["银行对账单余额"]) == table["bank"]
        assert fen(said["企业账面余额"]) == table["books"]
        assert fen(said["调节后余额（银行）"]) == fen(said["调节后余额（账面）"]) == table["adjusted"]
        assert fen(said["按凭证分录另算的账面余额（不含在途）"]) == table["books"]
        assert said["两边及凭证是否一致"] == "一致"
        assert sorted(row[4] for row in rows if row[4]) == sorted(item["record"] for item in table["items"])
        # The two sides of the table add up from its own rows.
        amounts = [fen(row[3]) for row in rows[:-2]]
        middle = next(n for n, row in enumerate(rows) if row[1] == "调节后余额（银行）")
        assert sum(amounts[:middle]) == amounts[middle]
        assert sum(amounts[middle + 1 : -1]) == amounts[-1]


def test_the_detail_ledger_runs_to_the_trial_balance(packed: dict[str, bytes]) -> None:
    tabs = sheets(packed["06 总账、明细账.xlsx"])
    last: dict[tuple[Any, ...], tuple[str, int]] = {}
    for row in tabs["明细账"]:
        last[row[:4]] = (row[9], fen(row[10]))
    trial = sheets(packed["05 科目余额表.xlsx"])["辅助余额表"][:-1]
    for row in trial:
        closing = fen(row[8]) - fen(row[9])
        side = "借" if closing > 0 else "贷" if closing < 0 else "平"
        assert last[row[:4]] == (side, abs(closing))
    assert len(last) == len(trial)


def test_the_list_says_what_is_there_and_what_is_missing(packed: dict[str, bytes], year: Year) -> None:
    tabs = sheets(packed["01 资料清单.xlsx"])
    asked = {row[0]: row for row in tabs["资料清单"] if row[0]}
    assert list(asked) == [f"{number:02}" for number in range(1, 18)]
    for number, row in asked.items():
        there = sorted(name for name in packed if name.startswith(number))
        assert row[2] == ("有" if there else "无")
        assert (row[3] or "") == ("" if number == "01" else "; ".join(there))
    papers = tabs["文件清单"]
    assert len(papers) == len(year.bodies("document.entered")) + len(year.bodies("bank.imported"))
    assert {row[7] for row in papers} == {"无", "有文件摘要，文件另取"}


def test_a_statement_that_is_not_out_yet_is_said_to_be_none() -> None:
    """Days behind the last statement: the months are computed as the books stand, and say so."""
    ledger = full()
    found = gather(InMemory(ledger.files), first="2026-07-01", last="2026-12-31")
    assert not any(month.published for month in found.months if month.table["month"] > "2026-12")
    tabs = sheets(files(gather(InMemory(ledger.files), last="2026-12-31"), "zh_CN", say)["07 银行存款余额调节表.xlsx"])
    assert all({row[1]: row[3] for row in rows}["两边及凭证是否一致"] == "一致" for rows in tabs.values())


def test_contracts_and_what_is_open_by_age(packed: dict[str, bytes], year: Year) -> None:
    tabs = sheets(packed["09 合同台账、账龄、备用金.xlsx"])
    received = {row[0]: (fen(row[8]), fen(row[9])) for row in tabs["合同台账"]}
    assert set(received) == {body["code"] for body in year.bodies("contract.entered")}
    said: dict[str, list[int]] = {code: [0, 0] for code in received}
    for code in ("2018H2", "2019H1"):
        for contract in year.statement(code)["contracts"]:
            said[contract["code"]][0] += contract["received"]
            said[contract["code"]][1] += contract["spent"]
    assert received == {code: tuple(sums) for code, sums in said.items()}
    owed = {row[2]: (row[3], fen(row[4]), [fen(cell) for cell in row[5:]]) for row in tabs["往来账龄"]}
    assert owed["澜砚物业管理有限公司"] == ("应付", 124_235_21, [0, 0, 124_235_21, 0, 0])
    assert all(amount == sum(ages) for _, amount, ages in owed.values())
    # What is owed, added up, is what the chart's accounts of debts hold.
    trial = {row[0]: fen(row[7]) - fen(row[6]) for row in sheets(packed["05 科目余额表.xlsx"])["科目余额表"] if row[0]}
    assert sum(amount for _, amount, _ in owed.values()) == trial["2242"] + trial["2243"]
    assert [fen(row[3]) for row in tabs["待查款项"]] == [500_00, 60_00, 2_400_00]
    (box,) = tabs["备用金"]
    assert (fen(box[3]), box[4], fen(box[5])) == (0, "2019-06-28", 0)


def test_payments_by_what_they_rest_on_and_what_is_left_of_each_authority(
    packed: dict[str, bytes], year: Year, made: Review
) -> None:
    tabs = sheets(packed["10 预算执行.xlsx"])
    for row in tabs["用款依据与执行"]:
        assert fen(row[7]) - fen(row[9]) == fen(row[10]) >= 0
    by_basis = {row[0]: (row[1], fen(row[2])) for row in tabs["支出按依据"]}
    assert by_basis["事后追认"] == (5, 99_279_54)
    said = {"业主表决": "motion", "预算内": "budget", "授权": "delegation"}
    for name, basis in said.items():
        both = [one for code in ("2018H2", "2019H1") for one in year.statement(code)["decisions"]["by_basis"]]
        mine = [one for one in both if one["basis"] == basis]
        assert by_basis[name] == (sum(one["count"] for one in mine), sum(one["amount"] for one in mine))
    half = files(about(made, first="2019-01-01", last="2019-06-30"), "zh_CN", say)
    rows = sheets(half["10 预算执行.xlsx"])["用款依据与执行"]
    assert sum(fen(row[9]) - fen(row[8]) for row in rows) == 4_186_50 + 11_253_10


def test_each_open_budget_beside_what_was_booked_in_the_days() -> None:
    """What no line claims stands below; a budget of other days, and a payment behind the days, do not."""
    house = treasury()
    lines = [{"line": "lifts", "direction": "out", "fund": "service_fee", "categories": ["lift"], "amount": 50_00}]
    for code, year in (("y1", "2026"), ("y2", "2027")):
        body = {"code": code, "start": f"{year}-01-01", "until": f"{year}-12-31", "document": house.letter}
        house.act("plan.adopted/1", body | {"lines": lines}, by=BOTH)
    for amount, category in ((30_00, "lift"), (8_00, "cleaning")):
        house.take((house.day, -amount, [spent(amount, category=category)]))
    house.advance(days=10)
    last = house.day
    house.advance(days=1)
    house.take((house.day, -5_00, [spent(5_00)]))
    material = of_house(house, "2026-01-01", last)
    sheet = planned(material, Titles(material.case, "zh_CN"))
    assert [(row[0], row[3], row[4], *map(fen, row[7:10])) for row in sheet.rows] == [
        ("y1", "lifts", "支出", 50_00, 30_00, 20_00),
        ("y1", "未列入预算", "支出", 0, 8_00, -8_00),
    ]


def test_a_ledger_without_the_maintenance_fund_says_so(packed: dict[str, bytes]) -> None:
    assert sheets(packed["11 住宅专项维修资金.xlsx"]) == {
        "维修资金": [("资料期间及以前，本账本没有住宅专项维修资金的期初数或收支，所以没有会住维01—03。",)]
    }


def test_every_motion_is_counted_again_from_its_ballots(packed: dict[str, bytes], year: Year) -> None:
    tabs = sheets(packed["12 表决资料与重新计票.xlsx"])
    items = [item for body in year.bodies("meeting.certified") for item in body["items"]]
    assert [row[9] for row in tabs["表决事项"]] == ["一致"] * len(items) == ["一致"] * 5
    rows = iter(tabs["各项票数"])
    for item in items:
        for answer in ("yes", "no", "abstain", "void"):
            row = next(rows)
            said = item[answer]["area"], item[answer]["heads"]
            assert (fen(row[2]), row[4]) == (fen(row[3]), row[5]) == said
    assert next(rows, None) is None


def test_statements_and_postings_are_listed(packed: dict[str, bytes], year: Year) -> None:
    tabs = sheets(packed["13 公示、异议、答复.xlsx"])
    assert [(row[0], row[2], row[4]) for row in tabs["收支公示表"]] == [
        (body["period"], body["digest"], "已重算，字节一致") for body in year.bodies("statement.published")
    ]
    assert [row[0] for row in tabs["公示"]] == [body["record"] for body in year.bodies("posting.hung")]
    (seen,) = year.bodies("posting.seen")
    assert [row[:3] for row in tabs["见到公示"]] == [(seen["record"], seen["on"], seen["evidence"])]
    assert tabs["更正公告"] == []
    asked = [(row[1], row[4], row[5]) for row in tabs["异议与答复"]]
    assert asked == [
        (None, "2018-12-28", "按期"),
        (None, "2019-01-25", "按期"),
        ("2019-0001", "2019-05-22", "逾期"),
        ("2019-0002", "未答复", "逾期"),
    ]


def test_findings_are_the_reviews_own(material: Material, packed: dict[str, bytes]) -> None:
    rows = sheets(packed["14 核查提示.xlsx"])["核查提示"]
    found = material.made.report["findings"]
    assert [(row[2], row[8]) for row in rows] == [(one["code"], one["key"]) for one in found]
    assert [row[6].split("; ")[0].split(" ")[0] for row in rows] == [f"#{one['evidence'][0]['entry']}" for one in found]


def test_the_sample_can_be_drawn_again_from_what_stands_below_it(material: Material, packed: dict[str, bytes]) -> None:
    data = packed["15 抽样.xlsx"]
    drawn = [row[1] for row in sheets(data)["抽样"]]
    below = [row[0] for row in openpyxl.load_workbook(io.BytesIO(data))["抽样"].values if isinstance(row[0], str)]
    seed = next(re.search(r"[0-9a-f]{64}", text) for text in below if text.startswith("种子 SHA-256"))
    assert seed is not None
    pool = {posting.voucher.number for posting in material.postings if not posting.opens}
    ranked = sorted(pool, key=lambda number: sha256(bytes.fromhex(seed[0]) + number.encode()).digest())
    assert drawn == sorted(ranked[:25])
    other = files(material, "zh_CN", say, word="申报第3版头条")["15 抽样.xlsx"]
    assert [row[1] for row in sheets(other)["抽样"]] != drawn


def test_days_that_no_statement_closed_give_no_sample(made: Review) -> None:
    found = files(about(made, last="2019-07-12"), "zh_CN", say)
    assert sheets(found["15 抽样.xlsx"])["抽样"] == []


def test_the_body_its_terms_and_mandates(packed: dict[str, bytes], year: Year) -> None:
    tabs = sheets(packed["02 主体与授权.xlsx"])
    assert ("账本指纹", year.books.ledger) in tabs["账本与规则"]
    held = [term for terms in year.books.people.terms.values() for term in terms]
    assert len(tabs["任期"]) == len(held)
    tiers = [tier for account in year.books.accounts.accounts.values() for tier in account.mandate]
    assert sorted(fen(row[5]) for row in tabs["账户与授权"]) == sorted(tier.least for tier in tiers)


def test_the_verification_names_no_machine(material: Material, packed: dict[str, bytes]) -> None:
    tabs = sheets(packed["17 账本核对报告.xlsx"])
    assert [row[4] for row in tabs["核对结果"]] == [one.code for one in material.made.verification.findings]
    names = {row[0] for row in tabs["核对范围"]}
    assert {"entries", "signatures", "statements", "root"} <= names
    assert not any("python" in name for name in names)


# --- cells ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
def test_no_text_becomes_a_formula(text: str) -> None:
    made = workbook([Sheet("journal", ("on", "amount"), [(text, yuan(-5))])], "zh_CN")
    (tab,) = openpyxl.load_workbook(io.BytesIO(made))
    cell, amount = next(tab.iter_rows(min_row=2, max_row=2))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert (amount.data_type, amount.number_format, fen(amount.value)) == ("n", "#,##0.00", -5)


def test_a_character_that_xml_cannot_hold_is_replaced() -> None:
    """A stranger's text must not keep the workbook from being written."""
    made = workbook([Sheet("journal", ("on",), [("a\x00b\x1bc\n",)])], "zh_CN")
    assert sheets(made)["序时账"] == [("a\ufffdb\ufffdc\n",)]


def test_a_workbook_has_no_clock_and_its_tabs_have_names_that_a_spreadsheet_takes() -> None:
    rows: Sequence[Sequence[str]] = [("x",)]
    made = workbook([Sheet("journal", ("on",), rows, name="a/b:c*d" * 9)], "zh_CN")
    assert made == workbook([Sheet("journal", ("on",), rows, name="a/b:c*d" * 9)], "zh_CN")
    assert list(sheets(made)) == ["a b c d" * 4 + "a b"]
    with zipfile.ZipFile(io.BytesIO(made)) as archive_:
        assert b"1980-01-01T00:00:00Z" in archive_.read("docProps/core.xml")


def test_a_tab_is_printed_as_wide_as_its_page_with_its_heads_on_every_page() -> None:
    rows = [(f"2026-01-{day:02}", yuan(day), "") for day in range(1, 29)]
    (tab,) = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("detail", ("on", "amount", "record"), rows)], "zh_CN")))
    assert (tab.print_title_rows, tab.freeze_panes, tab.print_area) == ("$1:$1", "A2", "'明细账'!$A$1:$C$29")
    fit, footer = tab.sheet_properties.pageSetUpPr, tab.oddFooter
    assert fit is not None
    assert footer is not None
    assert (tab.page_setup.orientation, tab.page_setup.fitToHeight, fit.fitToPage) == ("landscape", 0, True)
    assert (footer.left.text, footer.right.text) == ("&A", "&P / &N")
    assert all(cell.font.bold for cell in tab[1])
    assert not any(cell.font.bold for cell in tab[2])


@pytest.mark.parametrize("columns", [("summary",), ("summary", "on")])
def test_long_text_stays_in_its_own_cell(columns: tuple[str, ...]) -> None:
    """On as many lines as it takes; what no row is high enough for is cut on paper and whole in the cell."""
    rows = [("电梯维保",), ("电梯" * 30,), ("k" * 2000,)]
    sheet = Sheet("journal", columns, rows, notes=("说明" * 30, "完"))
    (tab,) = openpyxl.load_workbook(io.BytesIO(workbook([sheet], "zh_CN")))
    cells = [tab.cell(row, 1) for row in (2, 3, 4)]
    assert [tab.row_dimensions[row].height for row in (2, 3, 4)] == [15, 60, 15]
    assert [bool(cell.alignment.wrap_text) for cell in cells] == [True, True, False]
    assert (cells[2].value, cells[2].alignment.horizontal) == ("k" * 2000, "fill")
    notes = [row for row in range(6, tab.max_row + 1) if tab.cell(row, 1).value]
    assert [tab.cell(row, 1).value for row in notes[-2:]] == ["说明" * 30, "完"]
    assert [tab.row_dimensions[row].height for row in notes[-2:]] == ([60, 15] if len(columns) == 1 else [45, 15])
    # A join of one cell is damage to a spreadsheet program.
    joined = {f"A{row}:B{row}" for row in notes} if len(columns) > 1 else set()
    assert {str(span) for span in tab.merged_cells.ranges} == joined
    assert tab.print_area == f"'序时账'!$A$1:${'AB'[len(columns) - 1]}${notes[-1]}"


def test_more_lines_than_a_row_can_show_are_cut_on_paper() -> None:
    """A text of line breaks must not hide what stands below them: it is seen to be cut."""
    text = "维修\n" + "\n" * 25 + "付给"
    (tab,) = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("journal", ("summary",), [(text,), ()])], "zh_CN")))
    cell = tab["A2"]
    assert (cell.value, cell.alignment.horizontal, tab.row_dimensions[2].height) == (text, "fill", 15)


def test_a_row_longer_than_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        Sheet("journal", ("summary",), [("一", "二")])
    with pytest.raises(ValueError, match="longer"):
        Sheet("journal", ("summary",), [("一",)], last=("一", "二"))
