"""The layouts of corporate bank files, as data: which column name means which field. No code, no positions.

Names are as :func:`ledger.exchange.bank.header.normalise` leaves them (full-width brackets folded, blanks gone, lower
case, English glosses in ``[ ]`` cut off); of several names for one field the earlier one is preferred. Sources: the
banks' exports as public importers and their tests quote them. ``借`` is *out* and ``贷`` is *in*, since a statement is
written from the bank's side; where a layout's names do not say so themselves (``sign`` = ``proven``), the running
balance decides, because a treasury system may print its own side.

A new bank is a new entry here; the order matters, the more particular layouts stand first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Field: TypeAlias = Literal[
    "date", "time", "out", "in", "amount", "mark", "balance", "counterparty", "counter_account",
    "payer", "payer_account", "payee", "payee_account", "text", "serial", "account", "currency",
]  # fmt: skip
Sign: TypeAlias = Literal["named", "proven"]


@dataclass(frozen=True)
class Layout:
    """One bank's way to name its columns.

    ``names``: column names of each field, preferred ones first; ``required``: fields without which it is not this
    layout; ``sign``: whether the names settle what is in and out, or the balance has to prove it.
    """

    name: str
    sign: Sign
    required: tuple[Field, ...]
    names: Mapping[Field, tuple[str, ...]]


_COMMON: dict[Field, tuple[str, ...]] = {
    "date": ("记账日期", "记账日", "入账日期", "交易日期", "业务日期", "交易日", "日期", "交易时间", "交易时间戳"),
    "time": ("交易时间", "交易时间戳", "时间", "记账时间"),
    "balance": ("余额", "账户余额", "本次余额", "交易后余额", "余额/元", "联机余额"),
    "counterparty": (
        "对方户名", "对方单位名称", "对方单位", "对方名称", "对方账户名称", "对方账户名", "对方账号名称",
        "对方帐户名称", "对方帐户名", "对方帐号名称", "对方姓名", "交易对手名称", "对手名称", "对手信息", "收(付)方名称",
    ),
    "counter_account": (
        "对方账号", "对方帐号", "对方账户", "对方帐户", "对方卡号/账号", "交易对手账号", "收(付)方账号",
        "收(付)方帐号", "对手账号",
    ),
    "text": (
        "摘要", "交易摘要", "摘要内容", "交易说明", "用途", "交易用途", "附言", "交易附言", "备注", "备注信息",
        "个性化信息",
    ),
    "serial": ("账户明细编号-交易流水号", "交易流水号", "流水号", "交易流水", "账户明细编号", "日志号"),
    "account": ("本方账号", "本方帐号", "账号", "帐号", "账户账号"),
    "currency": ("币种", "币别", "交易货币", "交易币种", "货币"),
}  # fmt: skip


def _layout(name: str, sign: Sign, required: tuple[Field, ...], names: dict[Field, tuple[str, ...]]) -> Layout:
    return Layout(name, sign, ("date", "balance", *required), MappingProxyType({**_COMMON, **names}))


LAYOUTS: tuple[Layout, ...] = (
    _layout(
        "ccb", "named", ("out", "in"),
        {"out": ("借方发生额/元(支取)",), "in": ("贷方发生额/元(收入)",)},
    ),
    _layout(
        "ccb-old", "named", ("out", "in"),
        {"out": ("借方发生额(支取)",), "in": ("贷方发生额(收入)",)},
    ),
    _layout(
        "icbc", "named", ("out", "in"),
        {"out": ("转出金额",), "in": ("转入金额",)},
    ),
    _layout(
        "boc", "named", ("amount", "payer", "payee"),
        {
            "date": ("交易日期", "起息日期"),
            "amount": ("交易金额",),
            "balance": ("交易后余额",),
            "payer": ("付款人名称",),
            "payer_account": ("付款人账号",),
            "payee": ("收款人名称",),
            "payee_account": ("收款人账号",),
        },
    ),
    _layout(
        "abc", "named", ("out", "in"),
        {"out": ("支出金额",), "in": ("收入金额",)},
    ),
    _layout(
        "in-out", "named", ("out", "in"),
        {
            "out": ("支出", "取出金额", "支取金额", "付款金额", "支出(借)", "转出", "支出金额/元"),
            "in": ("收入", "存入金额", "收款金额", "收入(贷)", "转入", "收入金额/元"),
        },
    ),
    _layout(
        "debit-credit", "proven", ("out", "in"),
        {
            "out": ("借方发生额", "借方金额", "借方发生额/元", "借方", "借", "借方发生金额", "交易金额(借)"),
            "in": ("贷方发生额", "贷方金额", "贷方发生额/元", "贷方", "贷", "贷方发生金额", "交易金额(贷)"),
        },
    ),
    _layout(
        "amount-mark", "proven", ("amount", "mark"),
        {
            "amount": ("交易金额", "发生额", "金额", "交易金额/元", "发生额/元"),
            "mark": ("借贷", "借贷标志", "借/贷", "借贷方向", "借贷标识", "收/支", "收支", "收支方向"),
        },
    ),
    _layout(
        "amount", "proven", ("amount",),
        {"amount": ("交易金额", "发生额", "金额", "交易金额/元", "发生额/元")},
    ),
)  # fmt: skip

OUT_MARKS = frozenset({"借", "借方", "d", "dr", "借dr", "支出", "支", "转出", "付", "出"})
IN_MARKS = frozenset({"贷", "贷方", "c", "cr", "贷cr", "收入", "收", "转入", "入"})

RENMINBI = frozenset(
    {"人民币", "人民币元", "cny", "rmb", "cny人民币", "人民币cny", "人民币(cny)", "人民币(元)", "156", "001", "01"}
)
"""What "our own currency" is printed as; any other word in a currency cell refuses the file."""

SUMMARY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account": ("账号", "帐号", "账户号", "账户账号", "查询账号", "银行账号", "本方账号", "卡号"),
        "currency": ("币种", "币别", "货币", "账户币种"),
        "opening": ("期初余额", "上期余额", "期初账户余额"),
        "closing": ("期末余额", "期末账户余额"),
        "covers": ("起止日期", "查询起止日期", "账单期间", "交易日期范围", "查询区间", "对账期间"),
        "out": ("借方合计", "借方发生额合计", "借方合计金额", "借方发生总额", "支出合计", "支出总额", "支出合计金额"),
        "in": ("贷方合计", "贷方发生额合计", "贷方合计金额", "贷方发生总额", "收入合计", "收入总额", "收入合计金额"),
        "out_count": ("借方笔数", "借方总笔数", "支出笔数", "支出总笔数"),
        "in_count": ("贷方笔数", "贷方总笔数", "收入笔数", "收入总笔数"),
        "count": ("总笔数", "合计笔数", "交易笔数"),
    }
)
"""Labels by which a file speaks of itself, above its header or below its rows."""

TOTALS = ("合计", "总计", "本期合计")
SUBTOTALS = (
    "小计",
    "本页",
    "本日合计",
    "本月合计",
    "本日小计",
    "本月小计",
    "累计",
    "本月累计",
    "本年累计",
    "过次页",
    "承前",
)
OPENINGS = ("期初余额", "上期余额", "上期结转", "上年结转")
