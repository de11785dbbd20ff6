"""A community that keeps its contracts in good order, with all that looks odd at first sight: nothing is found."""

from typing import Any

import pytest

from ledger.audit.checks import agreements, duration, leases, letting, receipts, remuneration, run, vendors
from ledger.rules.calendar import shipped_text as calendar
from tests.accounts.treasury import Treasury, fees, spent
from tests.audit.checks.asked import dossier_of
from tests.community import BOTH, Flat, profile_with
from tests.poll import Poll, motion

FAMILIES = (agreements, duration, leases, letting, receipts, remuneration, vendors)
INCOME = {"fund": "common_income", "nature": "income"}
COST = {"fund": "service_fee", "nature": "expense"}

CHINESE: dict[str, dict[str, Any]] = {
    # One advertiser a building; the same in two places; a shaft that telecoms share as they do everywhere.
    "ad-1": {"object": "1栋电梯轿厢广告", "notes": "6块，200元/块·年；第二年起每年递增5%", "party": "ads"},
    "ad-2": {"object": "2栋电梯轿厢广告", "notes": "6块，180元/块·年", "party": "screens"},
    "ad-3": {"object": "东门灯箱广告", "notes": "1个，1200元/年", "party": "ads"},
    "ad-4": {"object": "西门灯箱广告", "notes": "1个，1200元/年", "party": "screens"},
    "shaft-1": {"object": "弱电井端口", "notes": "3个，1200元/年", "party": "ads"},
    "shaft-2": {"object": "弱电井端口二", "notes": "3个，1200元/年", "party": "screens"},
    "room": {"object": "裙楼库房(约10㎡)", "notes": "1间，100元/月；管理费20元/月", "party": "tenant"},
    "charge": {"object": "充电桩场地", "notes": "2元/3小时(对业主收费)；收入按三七分成，业主70%", "party": "tenant"},
    "manager": {"object": "物业服务合同", "notes": "公寓2、裙楼2元/㎡·月；酬金按实收的8%计提", "party": "manager"},
    "agent": {"object": "广告招商代理", "notes": "佣金按实收或应收的5%", "party": "ads"},
}
ENGLISH: dict[str, dict[str, Any]] = {
    "ad-1": {
        "object": "Adverts in the lifts of building 1",
        "notes": "rent increases by 5% every year",
        "party": "ads",
    },
    "ad-2": {"object": "Adverts in the lifts of building 2", "notes": "", "party": "screens"},
    "ad-3": {"object": "Poster, lobby of building 1", "notes": "", "party": "ads"},
    "ad-4": {"object": "Poster, lobby of building 2", "notes": "", "party": "screens"},
    "shaft-1": {"object": "Telecom shaft", "notes": "", "party": "ads"},
    "shaft-2": {"object": "Telecom shaft, second port", "notes": "", "party": "screens"},
    "room": {"object": "Store room (10 sqm)", "notes": "", "party": "tenant"},
    "charge": {"object": "Charging points", "notes": "30% of the takings go to the owners", "party": "tenant"},
    "manager": {"object": "Property service", "notes": "remuneration: 8% of fees collected", "party": "manager"},
    "agent": {"object": "Letting agent", "notes": "commission 5% of rent received or receivable", "party": "ads"},
}
YEARLY = ("ad-1", "ad-2", "ad-3", "ad-4", "shaft-1", "shaft-2")


def promise(cycle: str, amount: int, category: str, of: dict[str, str]) -> dict[str, Any]:
    return {"cycle": cycle, "amount": amount, "category": category} | of


class WellKept(Treasury):
    """2026, from the first of January to the end of the year."""

    def agree(self, code: str, start: str, end: str, **said: Any) -> None:
        body = {"code": code, "direction": "in", "start": start, "end": end}
        said = {name: value for name, value in said.items() if value != ""}
        self.act("contract.entered/1", body | said, by=["chair"])

    def at(self, day: str) -> None:
        self.set_clock(f"{day}T12:00:00+08:00")

    def moved(self, day: str, *parts: dict[str, Any]) -> None:
        """A row of the bank with these parts."""
        self.at(day)
        self.take((day, sum(part["amount"] for part in parts), parts))


def rent(amount: int, code: str, covers: str, **other: Any) -> dict[str, Any]:
    return fees(amount, fund="common_income", category="advert", contract=code, covers=covers) | other


def a_good_year(texts: dict[str, dict[str, Any]]) -> WellKept:
    house = WellKept(
        units=[Flat("a1", 10_000), Flat("a2", 10_000), Flat("s1", 10_000, use="shop")],
        profile=profile_with("income.deduction_max", '"<=30/100"'),
    )
    house.open()
    house.act("calendar.adopted/1", {"year": 2026, "text": calendar(2026)}, by=BOTH)
    for party in ("ads", "screens", "tenant", "manager", "guard", "fireman", "cleaner", "waterworks", "hardware"):
        house.party(party)
    Poll.hold(house, [motion(8)], dict.fromkeys(("a1", "a2", "s1"), "y"))
    today = house.day  # the owners have allowed it: from here on things are let
    for code in YEARLY:
        promised = [promise("year", 1_200_00, "advert", INCOME)]
        house.agree(code, today, "2027-12-31", expected=promised, **texts[code])
    monthly = [promise("month", 100_00, "rent", INCOME), promise("month", 20_00, "service_fee", INCOME)]
    house.agree("room", "2026-02-01", "2028-01-31", term_printed="两年", expected=monthly, **texts["room"])
    house.agree(
        "charge", "2026-02-01", "2028-01-31", expected=[promise("share", 0, "charging", INCOME)], **texts["charge"]
    )
    out = {"direction": "out"}
    pay = [promise("share", 0, "remuneration", COST)]
    house.agree("manager", "2026-01-01", "2028-12-31", expected=pay, **texts["manager"] | out)
    house.agree("agent", "2026-01-01", "2026-12-31", **texts["agent"] | out)
    service = {
        "fire-1": ("2026-01-01", "2026-06-30", "fire", "guard"),
        "fire-2": ("2026-07-01", "2027-06-30", "fire", "fireman"),
        "clean": ("2026-01-01", "2026-12-31", "cleaning", "cleaner"),
        "lifts": ("2026-01-01", "2026-12-31", "lift", "lift"),
    }
    for code, (start, end, category, party) in service.items():
        promised = [promise("month", 100_00, category, COST)]
        house.agree(code, start, end, object=code, party=party, expected=promised, **out)

    for code in YEARLY:
        house.moved("2026-02-10", rent(1_200_00, code, "2026-02..2027-01"))
    for month in range(2, 12):
        covers, day = f"2026-{month:02}", f"2026-{month:02}"
        house.moved(
            f"{day}-15",
            rent(100_00, "room", covers, category="rent"),
            rent(20_00, "room", covers, category="service_fee"),
        )
        house.moved(f"{day}-20", fees(1_000_00, covers=covers))
        at_work = "fire-1" if month <= 6 else "fire-2"
        for code in (at_work, "clean", "lifts"):
            *_, category, party = service[code]
            house.moved(f"{day}-25", spent(100_00, category=category, party=party, contract=code, covers=covers))
        house.moved(f"{day}-26", spent(80_00, category="remuneration", party="manager", contract="manager"))
        house.moved(f"{day}-27", spent(70_00 + month, category="water", party="waterworks"))
        if month % 3 == 0:
            house.moved(f"{day}-28", spent(30_00 + month, category="materials", party="hardware"))
    # Of a few things the last is paid after its contract is over; cash is brought to the bank; an agent keeps his share.
    house.moved("2026-12-02", spent(90_00, category="fire", party="guard", contract="fire-1", covers="2026-06"))
    house.at("2026-12-03")
    house.deposit(50_00, account="box")
    house.moved("2026-12-08", fees(50_00, category="own_transfer", nature="own_transfer", box="box"))
    kept = {"gross": 100_00, "cost": 30_00, "cost_evidence": house.letter, "cost_party": "tenant", "party": "tenant"}
    deposit = house.deposit(70_00, contract="charge", fund="common_income", category="charging", **kept)
    house.moved("2026-12-10", {"amount": 70_00, "settles": deposit})
    return house


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_nothing_is_found_where_contracts_are_in_good_order(texts: dict[str, dict[str, Any]]) -> None:
    dossier = dossier_of(a_good_year(texts))
    asked = [check for family in FAMILIES for check in family.CHECKS]
    assert [(finding.code, finding.figures) for finding in run(dossier, asked)] == []
