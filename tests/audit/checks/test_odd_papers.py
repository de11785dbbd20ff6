"""Whoever enters papers may print anything: no check stumbles over it, for then nobody would be told what any check found."""

from itertools import product
from typing import Any

from ledger import canonical
from ledger.accounts.records import MOST
from ledger.audit.checks import CHECKS, run
from tests.accounts.treasury import Treasury, fees, spent
from tests.audit.checks.asked import dossier_of
from tests.community import Flat

DAYS = ("0001-01-01", "2026-01-31", "9999-12-31")
TEXTS = (
    "十十十层、二三层候梯厅、A3座、9999999层",
    "0块，0元/块·年；管理费0/间·月；酬金0%按实收或应收；租金递增0%；管理费递增99%；每每每",
    "99999999999999999999㎡；99999999999999.99元/㎡·月；公寓99999999999999.99元/㎡·月，酬金99.999%实收应收",
    "1.2.3元/月 ((各约㎡）） ㎡㎡ 各0㎡ 1/0 %%% 9999年99个月99天",
    "．，；。、～－―　①②③ ½ 壹仟 ٣ ३",
    "[category] \\ \" ' {contract} {0} %s \u200b\u202e",
)
TERMS = ("9999年", "三年", "999 years, 999 months, 999 days", "零年零个月零天", "〇")
PRINTED = ("9999-12-31", "0000-00-00", "2026-02-31", "9999年12月31日", "2026-13-01", "〇〇〇〇年")
COVERS = (*PRINTED, "0001-01..9999-12", "9999Q4", "2026年12月至1月", "2026-01-31..2026-01-01", "..")
CYCLES = ("once", "month", "quarter", "half_year", "year", "metered", "share")


def promises(direction: str) -> list[dict[str, Any]]:
    """One promise of each cycle, as large as any may be."""
    of = {"fund": "common_income", "category": "rent", "nature": "income"}
    if direction == "out":
        of = {"fund": "service_fee", "category": "lift", "nature": "expense"}
    return [{"cycle": cycle, "amount": MOST} | of for cycle in CYCLES]


def test_whatever_papers_print_every_check_answers() -> None:
    house = Treasury(units=[Flat("a1", 99_000_000), Flat("s1", 10_000, use="shop")])
    house.open("1900-01-01", {"service_fee": 10**12, "common_income": 10**12})
    spread = list(product(DAYS, DAYS, ("in", "out")))
    paper = house.letter
    for number, (start, end, direction) in enumerate(spread):
        text = TEXTS[number % len(TEXTS)]
        odd = {
            "kind": ("letter", "form", "quote", "invoice", "minutes", "report")[number % 6],
            "subject": TEXTS[(number * 5 + 2) % len(TEXTS)],
            "number_printed": text,
            "dated": DAYS[number % 3],
            "saved": DAYS[(number + 1) % 3],
            "period_printed": COVERS[number % len(COVERS)],
            "funding_printed": text,
            "approval_printed": text,
            "attachments_printed": text,
            "lines": [
                {"text": text, "quantity_printed": t, "unit_printed": text, "price_printed": t, "amount_printed": MOST}
                for t in TEXTS
            ],
            "total_printed": -MOST,
        }
        paper = house.act("document.entered/1", odd, by=["chair"])
        body = {
            "code": f"odd{number}",
            "direction": direction,
            "object": TEXTS[(number + 1) % len(TEXTS)],
            "document": paper,
            "start_printed": PRINTED[number % len(PRINTED)],
            "end_printed": PRINTED[(number + 2) % len(PRINTED)],
            "term_printed": TERMS[number % len(TERMS)],
            "total_printed": MOST,
            "deposit_printed": text,
            "notes": text,
            "expected": promises(direction),
        }
        body |= {"start": start} | ({"end": end} if start <= end else {}) | ({"party": "lift"} if number % 2 else {})
        house.act("contract.entered/1", body, by=["chair"])
        said = {"contract": f"odd{number}", "covers": COVERS[number % len(COVERS)], "document": paper, "party": "zhao"}
        house.take(
            (house.day, 10**6 + number, [fees(10**6 + number, fund="common_income", category="rent") | said]),
            (house.day, -(10**6), [spent(10**6) | said]),
        )
        house.deposit(100_00, account="box", covers=TEXTS[0], unit="a1")
    for number, role in enumerate(("vice_chair", "treasurer", "clerk", "auditor")):
        house.enter(f"odd-{number}")
        office = "committee" if number < 2 else "street"
        term = {"role": role, "body": office, "start": DAYS[0], "end": DAYS[2], "source": paper}
        house.act("role.appointed/1", {"person": house.ref(f"odd-{number}")} | term, by=house.both)
    house.act("posting.hung/1", {"record": paper, "start": DAYS[0], "until": DAYS[2], "places": ["1"]}, by=["chair"])
    for day in ("2026-01-31", "2030-12-31"):
        house.set_clock(f"{day}T12:00:00+08:00")
        house.document()
        for finding in run(dossier_of(house), CHECKS):
            canonical.encode(dict(finding.figures))
