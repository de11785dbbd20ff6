"""Writers of bank files for the tests: one list of movements in every layout, encoding and order.

A table is rows of cells; a cell is text or :class:`Fen`, which a CSV prints and a workbook stores as a number. Nothing
here knows how the reader works: the headers are the banks' own, as quoted by public importers.
"""

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl


@dataclass(frozen=True)
class Movement:
    on: datetime.date
    time: str
    amount: int
    name: str
    number: str
    narration: str
    serial: str = ""


@dataclass(frozen=True)
class Fen:
    fen: int
    plus: bool = False

    def text(self, thousands: bool) -> str:
        sign = "-" if self.fen < 0 else "+" if self.plus else ""
        yuan, part = divmod(abs(self.fen), 100)
        return f"{sign}{yuan:,}.{part:02}" if thousands else f"{sign}{yuan}.{part:02}"


Cell = str | Fen
Rows = list[list[Cell]]


def balances(opening: int, movements: Sequence[Movement]) -> list[int]:
    found = []
    for movement in movements:
        opening += movement.amount
        found.append(opening)
    return found


def sides(amount: int, nothing: str = "") -> list[Cell]:
    return [Fen(-amount) if amount < 0 else nothing, Fen(amount) if amount > 0 else nothing]


def own(label: str, opening: int | None) -> Rows:
    rows: Rows = [[label, "", "4420****8816"]]
    if opening is not None:
        rows.append(["期初余额：", Fen(opening)])
    return rows


def plain(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [] if opening is None else [["期初余额", Fen(opening)]]
    table.append(["交易日期", "摘要", "对方户名", "对方账号", "借方发生额", "贷方发生额", "余额"])
    for m, balance in rows:
        table.append([m.on.isoformat(), m.narration, m.name, m.number, *sides(m.amount), Fen(balance)])
    return table


def raw(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    said: list[Cell] = [] if opening is None else ["期初余额：", Fen(opening)]
    table: Rows = [["账户交易明细"], ["户名：", "江岸花园"], ["账号：", "4420****8816", "币种：", "人民币"], said]
    table.append(["序号", "交易日期", "摘要", "对方户名", "对方账号", "借方发生额", "贷方发生额", "余额"])
    for n, (m, balance) in enumerate(rows, 1):
        table.append([str(n), f"{m.on:%Y%m%d}", m.narration, m.name, "\t" + m.number, *sides(m.amount), Fen(balance)])
    out = sum(-m.amount for m, _ in rows if m.amount < 0)
    into = sum(m.amount for m, _ in rows if m.amount > 0)
    table.append(["合计", "", f"{len(rows)}笔", "", "", Fen(out), Fen(into)])
    return table


def head(names: str) -> list[Cell]:
    return [*names.split("|")]


def ccb(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [["中国建设银行"], *own("账　　号", opening)]
    names = (
        "交易时间|借方发生额/元(支取)|贷方发生额/元(收入)|余额|币种|对方户名|对方账号|对方开户机构|记账日期|摘要|备注|"
    )
    table.append(head(names + "账户明细编号-交易流水号"))
    for m, balance in rows:
        moved: list[Cell] = [f"{m.on:%Y%m%d} {m.time}", *sides(m.amount, "0"), Fen(balance), "人民币元"]
        table.append([*moved, m.name, m.number, "建行", f"{m.on:%Y%m%d}", m.narration, "", m.serial])
    return table


def ccb_old(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table = own("账号", opening)
    table.append(head("交易时间|凭证种类|贷方发生额（收入）|借方发生额（支取）|余额|对方户名|对方账号|摘要|账号"))
    for m, balance in rows:
        out, into = sides(m.amount, "-")
        moment = f"{m.on.year}/{m.on.month}/{m.on.day} {m.time}"
        table.append([moment, "转账", into, out, Fen(balance), m.name, m.number, m.narration, "44201234568816"])
    return table


def icbc(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [] if opening is None else [["上期余额:", Fen(opening)]]
    table.append(head("交易时间|本方账号|对方单位|对方账号|摘要|附言|用途|转出金额|转入金额|余额"))
    for m, balance in rows:
        moment = f"{m.on.isoformat()} {m.time}"
        table.append([moment, "4420****8816", m.name, m.number, m.narration, "", "", *sides(m.amount), Fen(balance)])
    return table


def boc(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table = own("查询账号[ Inquirer account number ]", opening)
    table.append(
        head(
            "交易类型[ Transaction Type ]|付款人开户行名[ Payer account bank ]|付款人账号[ Debit Account No. ]|"
            "付款人名称[ Payer's Name ]|收款人账号[ Payee's Account Number ]|收款人名称[ Payee's Name ]|"
            "交易日期[ Transaction Date ]|交易时间[ Transaction time ]|交易货币[ Trade Currency ]|"
            "交易金额[ Trade Amount ]|交易后余额[ After-transaction balance ]|起息日期[ Value Date ]|"
            "汇率[ Exchange rate ]|交易流水号[ Transaction reference number ]|摘要[ Reference ]"
        )
    )
    for m, balance in rows:
        us: list[Cell] = ["44201234568816", "江岸花园"]
        them: list[Cell] = [m.number, m.name]
        payer, payee = (us, them) if m.amount < 0 else (them, us)
        moved: list[Cell] = [f"{m.on:%Y%m%d}", m.time, "CNY", Fen(m.amount), Fen(balance)]
        table.append(["往账", "中行", *payer, *payee, *moved, "", "", m.serial, m.narration])
    return table


def abc(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [["账户名称", "", "江岸花园"], *own("账户号", opening)]
    table.append(
        ["交易时间", "收入金额", "支出金额", "账户余额", "交易行名", "对方省市", "对方账号", "对方户名", "交易用途"]
    )
    for m, balance in rows:
        out, into = sides(m.amount)
        table.append([f"{m.on} {m.time}", into, out, Fen(balance), "农行", "", m.number, m.name, m.narration])
    return table


def in_out(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [["记账日", "交易时间", "支出", "收入", "账户余额", "币种", "摘要", "对方账号", "对方户名"]]
    if opening is not None:
        table.append(["", "", "", "", Fen(opening), "", "期初余额"])
    for m, balance in rows:
        clock = m.time.replace(":", "")
        day = f"{m.on.year}年{m.on.month}月{m.on.day}日"
        table.append([day, clock, *sides(m.amount, "0.00"), Fen(balance), "", m.narration, m.number, m.name])
    table.append(["以上数据仅供参考"])
    return table


def marked(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [] if opening is None else [["币种:人民币", "期初余额(元):", Fen(opening)]]
    table.append(["序号", "交易日期", "借贷", "交易金额", "余额", "对方账号", "对方户名", "摘要"])
    for n, (m, balance) in enumerate(rows):
        mark = "借 Dr" if m.amount < 0 else "贷 Cr"
        table.append(
            [str(n), f"{m.on:%Y-%m-%d}", mark, Fen(abs(m.amount)), Fen(balance), m.number, m.name, m.narration]
        )
    return table


def single(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [] if opening is None else [["期初余额", "", Fen(opening)]]
    table.append(["记账日期", "货币", "交易金额", "联机余额", "交易摘要", "对手信息", "对方账号"])
    for m, balance in rows:
        table.append([str(m.on), "CNY", Fen(m.amount, plus=True), Fen(balance), m.narration, m.name, m.number])
    return table


def unsigned(opening: int | None, rows: Sequence[tuple[Movement, int]]) -> Rows:
    table: Rows = [] if opening is None else [["期初余额", "", Fen(opening)]]
    table.append(["日期", "发生额", "余额", "摘要", "对方户名", "对方账号"])
    for m, balance in rows:
        table.append([str(m.on), Fen(abs(m.amount)), Fen(balance), m.narration, m.name, m.number])
    return table


LAYOUTS: dict[str, tuple[str, Callable[[int | None, Sequence[tuple[Movement, int]]], Rows]]] = {
    "plain": ("debit-credit", plain),
    "raw": ("debit-credit", raw),
    "ccb": ("ccb", ccb),
    "ccb-old": ("ccb-old", ccb_old),
    "icbc": ("icbc", icbc),
    "boc": ("boc", boc),
    "abc": ("abc", abc),
    "in-out": ("in-out", in_out),
    "marked": ("amount-mark", marked),
    "single": ("amount", single),
    "unsigned": ("amount", unsigned),
}
"""By the test's name: the layout that the reader should see, and the writer."""


def comma(table: Rows, encoding: str = "utf-8", thousands: bool = True, separator: str = ",") -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=separator)
    for row in table:
        writer.writerow([cell.text(thousands) if isinstance(cell, Fen) else cell for cell in row])
    return lines.getvalue().encode(encoding)


def workbook(table: Rows, hidden: Rows | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(table, 1):
        for column, cell in enumerate(row, 1):
            if cell != "":
                sheet.cell(number, column, cell.fen / 100 if isinstance(cell, Fen) else cell)
    if hidden is not None:
        other = book.create_sheet("隐藏", 0)
        other.sheet_state = "hidden"
        for row in hidden:
            other.append([cell.fen / 100 if isinstance(cell, Fen) else cell for cell in row])
        book.active = 1
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


ENCODINGS: dict[str, Callable[[Rows], bytes]] = {
    "utf-8": comma,
    "utf-8 with BOM": lambda table: comma(table, "utf-8-sig"),
    "gb18030": lambda table: comma(table, "gb18030", thousands=False),
    "utf-16": lambda table: comma(table, "utf-16"),
    "tabs": lambda table: comma(table, "gb18030", separator="\t"),
}
