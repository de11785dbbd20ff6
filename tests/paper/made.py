"""Statements made by hand: the half-year of people.md §1 to the fen, and as many lines as a test wants.

The lines are the only source; funds, blocks, totals, reconciliation and decisions are added up here, by other code than
the product's, so that a poster can be compared with figures that were written down before.
"""

from collections import defaultdict
from hashlib import sha256
from typing import Any

MONTHS = ("31", "28", "31", "30", "31", "30")
OPENING = 15_546_521
PLANTED = (("2018-12-27", 50_000), ("2019-03-29", -6_000), ("2019-04-15", -240_000))
"""Bank rows that the books cannot explain."""

PASSED = (("2019-05-06", 80_000), ("2019-05-08", -1_000))
"""Bank rows that were in suspense for a few days: the first turned out to be a line of ours, the second came back."""

INCOME = "income"
EXPENSE = "expense"


def hexed(name: str) -> str:
    """A digest to stand for something of that name."""
    return sha256(name.encode()).hexdigest()


def spread(total: int, parts: int) -> list[int]:
    """A total in uneven parts, the same every time."""
    weights = [7 + (5 * n) % 11 for n in range(parts)]
    shares = [total * w // sum(weights) for w in weights]
    shares[-1] += total - sum(shares)
    return shares


SPEC: tuple[tuple[str, str, str, int, int, dict[str, str]], ...] = (
    # category, nature, fund, signed fen in all, how many lines, more
    ("service_fee", INCOME, "service_fee", 41_488_939, 7, {"covers": "2019年物业费（经专户归集）", "party": "company"}),
    ("rent", INCOME, "common_income", 7_650_000, 6, {"contract": "C-IN-06", "party": "lockers"}),
    ("advert", INCOME, "common_income", 4_800_000, 4, {"contract": "C-IN-01", "party": "adverts"}),
    ("interest", INCOME, "common_income", 40_438, 2, {"party": "bank", "covers": "活期利息"}),
    ("utility_passed", "pass_through", "service_fee", 563_318, 5, {"party": "shop", "covers": "商铺电费"}),
    ("current_account", "payable", "service_fee", 15_120_664, 4, {"party": "company", "covers": "原物业服务人往来"}),
    ("loan", "payable", "service_fee", 4_000_000, 1, {"party": "company", "covers": "开办借款"}),
    ("water", EXPENSE, "service_fee", -20_277_933, 6, {"party": "waterworks", "basis": "budget", "document": "水费"}),
    ("power", EXPENSE, "service_fee", -13_902_285, 6, {"party": "grid", "basis": "budget", "document": "电费"}),
    (
        "cleaning",
        EXPENSE,
        "service_fee",
        -13_860_000,
        6,
        {"party": "cleaners", "basis": "motion", "contract": "C-OUT-02"},
    ),
    ("lift", EXPENSE, "service_fee", -3_708_300, 6, {"party": "lifts", "basis": "budget", "contract": "C-OUT-03"}),
    ("fire", EXPENSE, "service_fee", -1_638_300, 3, {"party": "fire", "basis": "ratified", "document": "消防维保"}),
    (
        "materials",
        EXPENSE,
        "service_fee",
        -1_555_700,
        8,
        {"party": "person", "basis": "delegation", "document": "材料"},
    ),
    ("access_control", EXPENSE, "service_fee", -1_200_000, 2, {"party": "lifts", "basis": "none", "document": "门禁"}),
    ("meals", EXPENSE, "service_fee", -900_000, 3, {"party": "canteen", "basis": "none", "document": "员工餐费"}),
    ("office", EXPENSE, "service_fee", -813_540, 9, {"party": "shop", "basis": "delegation", "document": "办公用品"}),
    ("signage", EXPENSE, "service_fee", -500_000, 2, {"party": "shop", "basis": "delegation", "document": "标识标牌"}),
    ("telephone", EXPENSE, "service_fee", -400_000, 6, {"party": "telecom", "basis": "delegation"}),
    ("current_account", "payable", "service_fee", -2_000_000, 1, {"party": "company", "basis": "none"}),
    ("fee_refund", "refund", "service_fee", -24_805, 1, {"unit": "u0237", "basis": "delegation"}),
)

TITLES = {
    "service_fee": ("物业费", "Service fees"), "rent": ("场地租金", "Rent of common parts"), "advert": ("广告位", "Advertising"),
    "interest": ("利息", "Interest"), "utility_passed": ("代收电费", "Power collected for others"),
    "current_account": ("往来款", "Current account"), "loan": ("借款", "Loan"), "water": ("水费", "Water"),
    "power": ("电费", "Power"), "cleaning": ("保洁绿化", "Cleaning and greenery"), "lift": ("电梯", "Lifts"),
    "fire": ("消防", "Fire protection"), "materials": ("维修材料", "Repair materials"),
    "access_control": ("门禁", "Access control"), "meals": ("员工餐费", "Staff meals"), "office": ("办公用品", "Office supplies"),
    "signage": ("标识标牌", "Signs"), "telephone": ("通讯", "Telephone"), "fee_refund": ("退费", "Fees given back"),
}  # fmt: skip

PARTIES = {
    "company": "澜砚物业服务有限公司", "lockers": "蜂栈快递柜有限公司", "adverts": "檐云广告有限公司", "bank": "开户银行",
    "shop": "砺方五金店", "waterworks": "自来水公司", "grid": "供电公司", "cleaners": "净禾清洁有限公司",
    "lifts": "钥岚科技有限公司", "fire": "消防维保公司", "canteen": "禾灶厨具有限公司", "telecom": "通信公司", "person": "",
}  # fmt: skip

CONTRACTS: tuple[dict[str, Any], ...] = (
    {"code": "C-IN-01", "direction": "in", "object": "小区大门广告", "party": "adverts", "start": "2018-12-01", "end": "2019-11-30",
     "expected": [{"cycle": "year", "amount": 400_000, "fund": "common_income", "category": "advert", "nature": INCOME}]},
    {"code": "C-IN-06", "direction": "in", "object": "快递柜三套场地", "party": "lockers", "start": "2018-12-01",
     "end_printed": "2023-11-31", "deposit_printed": "未载明",
     "expected": [{"cycle": "year", "amount": 1_800_000, "fund": "common_income", "category": "rent", "nature": INCOME}]},
    {"code": "C-OUT-02", "direction": "out", "object": "清洁绿化消杀", "party": "cleaners", "term_printed": "一年",
     "expected": [{"cycle": "month", "amount": 2_310_000, "fund": "service_fee", "category": "cleaning", "nature": EXPENSE}]},
    {"code": "C-OUT-03", "direction": "out", "object": "电梯维保", "party": "lifts", "start": "2019-01-01", "end": "2019-12-31",
     "expected": [{"cycle": "metered", "amount": 0, "fund": "service_fee", "category": "lift", "nature": EXPENSE}]},
)  # fmt: skip


def half_year(scale: int = 1) -> dict[str, Any]:
    """The statement of 2019H1; ``scale`` repeats each group's lines, in smaller amounts, for the same sums."""
    lines: list[dict[str, Any]] = []
    for category, nature, fund, total, count, more in SPEC:
        for number, amount in enumerate(spread(total, count * scale)):
            month = number * 6 // (count * scale) + 1
            day = f"2019-{month:02}-{3 + (number * 7 + len(category)) % 24:02}"
            lines.append(
                {"line": 1, "record": hexed(f"{category} {number}"), "part": 0, "booked": day, "on": day, "account": "b8816",
                 "fund": fund, "category": category, "nature": nature, "amount": amount, **more}
            )  # fmt: skip
    lines.sort(key=lambda line: line["on"])
    motion = f"{hexed('meeting')}#0"
    counters: defaultdict[str, int] = defaultdict(int)
    for number, line in enumerate(lines):
        month = line["on"][:7]
        counters[month] += 1
        line |= {"entry": 2_000 + number, "voucher": f"{month}-{counters[month]:04}"}
        if "document" in line:
            line["document"] = hexed(f"document {line['document']}")
        if line.get("basis") in ("motion", "budget"):
            line["motion"] = motion
        if line.get("basis") == "budget":
            line["line_code"] = line["category"]
    return _statement(lines, motion)


def _statement(lines: list[dict[str, Any]], motion: str) -> dict[str, Any]:
    funds = [
        _fund(fund, opening, lines)
        for fund, opening in (("common_income", 2_000_000), ("service_fee", OPENING - 2_000_000))
    ]
    funds[1]["unproven"] = 8_642_015
    received = sum(line["amount"] for line in lines if line["amount"] > 0)
    spent = -sum(line["amount"] for line in lines if line["amount"] < 0)
    closing = OPENING + received - spent
    difference = sum(amount for _, amount in PLANTED)
    own = {
        nature: abs(sum(line["amount"] for line in lines if line["nature"] == nature)) for nature in (INCOME, EXPENSE)
    }
    others = [line["amount"] for line in lines if line["nature"] not in (INCOME, EXPENSE)]
    documents = sorted({d for *_, more in SPEC if (d := more.get("document"))}, key=lambda d: hexed(f"document {d}"))
    return {
        "statement": 1,
        "ledger": hexed("genesis"),
        "origin": "example.org/jiangan",
        "name": "江岸花园",
        "machine": 1,
        "prefix": 6_543,
        "root": hexed("root"),
        "time": "2019-07-14T08:00:00.000Z",
        "period": {"code": "2019H1", "first": "2019-01-01", "last": "2019-06-30"},
        "profile": {"name": "civil-code-2021", "digest": hexed("profile")},
        "chart": "业主共有资金通用科目表 2026",
        "accounts": [
            {
                "code": "b8816", "nature": "bank", "title": "共管账户", "holder": "committee", "bank": "建设银行",
                "number": "尾号8816", "funds": ["common_income", "service_fee"], "opening": OPENING, "received": received,
                "spent": spent, "closing": closing, "bank_balance": closing + difference, "difference": difference,
                "complete": True, "confirmed": True, "rows_until": "2019-06-30",
                "mandate": [
                    {"least": 1, "seats": [["treasurer"], ["chair", "vice_chair"]], "posting": 0},
                    {"least": 500_001, "seats": [["treasurer"], ["chair"], ["registrar"]], "posting": 3},
                ],
            },
            {
                "code": "cash", "nature": "petty", "title": "备用金", "holder": "committee", "funds": ["service_fee"],
                "opening": 0, "received": 0, "spent": 0, "closing": 0, "mandate": [],
            },
        ],
        "funds": funds,
        "totals": {
            "opening": OPENING, **own, "others_received": sum(a for a in others if a > 0),
            "others_spent": -sum(a for a in others if a < 0), "transfers_received": 0, "transfers_spent": 0, "closing": closing,
        },
        "count": len(lines),
        "lines_root": hexed("lines"),
        "lines": lines,
        "reconciliation": [_month(number, lines) for number in range(1, 7)],
        "decisions": _decisions(lines, motion),
        "open": {
            "suspense": [{"row": hexed(f"row {on}"), "account": "b8816", "on": on, "amount": a} for on, a in PLANTED],
            "unfounded": [
                {"payment": f"{line['record']}#0", "account": "b8816", "fund": line["fund"], "category": line["category"],
                 "on": line["on"], "amount": -line["amount"], "party": line["party"]}
                for line in lines if line.get("basis") == "none"
            ],
            "awaited": [],
            "unconfirmed": [],
            "approved_unpaid": [{"stage": f"{hexed('works')}#1", "party": "lifts", "fund": "service_fee", "amount": 567_000}],
        },
        "suspense": _suspense(lines),
        "rejected": [],
        "contracts": [
            contract | {
                "received": sum(line["amount"] for line in lines if line.get("contract") == contract["code"] and line["amount"] > 0),
                "spent": -sum(line["amount"] for line in lines if line.get("contract") == contract["code"] and line["amount"] < 0),
            }
            for contract in CONTRACTS
        ],
        "deductions": [],
        "documents": [
            {"digest": hexed(f"document {name}"), "kind": "letter", "number_printed": f"澜物江业〔2019〕{number + 40}号",
             "dated": "2019-02-15", "subject": f"关于支付{name}的函"}
            for number, name in enumerate(documents)
        ],
        "parties": [
            {"code": code, "nature": "legal" if title else "natural"} | ({"title": title} if title else {})
            for code, title in sorted(PARTIES.items())
        ],
        "categories": [{"code": code, "zh": zh, "en": en} for code, (zh, en) in sorted(TITLES.items())],
        "corrections": [
            {"notice": hexed("notice"), "statement": hexed("2018H2"), "line": 4, "was": "绿化 3,386.50", "now": "绿化 3,386.55",
             "reason": "函中合计与分项之和不一致"},
        ],
        "previous": hexed("2018H2"),
        "example": True,
    }  # fmt: skip


def _suspense(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (came, found), (went, back) = PASSED
    receipt, payment = hexed(f"row {came}"), hexed(f"row {went}")
    told = next(line["record"] for line in lines if line["amount"] > 0)
    evidence = next(line["document"] for line in lines if "document" in line)
    changes = [(on, hexed(f"row {on}"), amount, hexed(f"row {on}")) for on, amount in PLANTED[1:]]
    changes += [(came, receipt, found, receipt), ("2019-05-20", receipt, -found, told)]
    changes += [(went, payment, back, payment), ("2019-05-09", payment, -back, hexed("row that returns it"))]
    return [
        {"row": row, "account": "b8816", "booked": on, "on": on, "amount": amount, "by": by}
        | ({"document": evidence} if by == told else {})
        for on, row, amount, by in sorted(changes)
    ]


def _fund(fund: str, opening: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    blocks: dict[str, Any] = {}
    natures = {
        "own": (INCOME, EXPENSE),
        "others": ("pass_through", "payable", "refund"),
        "transfers": ("own_transfer",),
    }
    for block, held in natures.items():
        sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for line in lines:
            if line["fund"] == fund and line["nature"] in held:
                sums[(line["nature"], line["category"])][line["amount"] < 0] += abs(line["amount"])
        rows = [{"nature": n, "category": c, "received": r, "spent": s} for (n, c), (r, s) in sorted(sums.items())]
        blocks[block] = {
            "received": sum(r["received"] for r in rows),
            "spent": sum(r["spent"] for r in rows),
            "rows": rows,
        }
    received = sum(block["received"] for block in blocks.values())
    spent = sum(block["spent"] for block in blocks.values())
    return {
        "account": "b8816", "fund": fund, "opening": opening, "received": received, "spent": spent,
        "closing": opening + received - spent, "blocks": blocks,
    }  # fmt: skip


def _month(number: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    end = f"2019-{number:02}-{MONTHS[number - 1]}"
    books = OPENING + sum(line["amount"] for line in lines if line["on"] <= end)
    items = [
        {
            "class": "bank_received" if amount > 0 else "bank_paid",
            "on": on,
            "amount": abs(amount),
            "record": hexed(f"row {on}"),
        }
        for on, amount in PLANTED
        if on <= end
    ]
    bank = books + sum(amount for on, amount in PLANTED if on <= end)
    return {"account": "b8816", "month": end[:7], "day": end, "bank": bank, "books": books, "items": items, "adjusted": bank,
            "agrees": True}  # fmt: skip


def _decisions(lines: list[dict[str, Any]], motion: str) -> dict[str, Any]:
    by_basis: defaultdict[str, list[int]] = defaultdict(list)
    by_line: defaultdict[str, list[int]] = defaultdict(list)
    for line in lines:
        if "basis" in line:
            by_basis[line["basis"]].append(-line["amount"])
        if "motion" in line:
            by_line[line.get("line_code", "")].append(-line["amount"])
    return {
        "by_basis": [
            {"basis": basis, "count": len(by_basis[basis]), "amount": sum(by_basis[basis])}
            for basis in ("motion", "budget", "delegation", "ratified", "none")
            if by_basis[basis]
        ],
        "by_motion": [
            {"motion": motion, "title": "2019年度收支预算", "certificate": hexed("certificate")}
            | ({"line_code": code} if code else {})
            | {"count": len(paid), "amount": sum(paid)}
            for code, paid in sorted(by_line.items())
        ],
    }
