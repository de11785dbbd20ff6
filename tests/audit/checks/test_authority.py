"""Whether what was spent had been decided, each case beside the nearest one that had."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import digest_of, flats
from tests.poll import Poll, motion

BOUNDARY = 5_000_00
"""What the national profile leaves to its first tier of approval."""


def pay(house: Treasury, amount: int = 300_00, **said: Any) -> str:
    """A payment that the bank made and nobody decided; the row."""
    return house.take((house.day, -amount, [spent(amount, party="lift") | said]))[1]


def test_a_payment_without_authority() -> None:
    house = treasury()
    row = pay(house, document=house.letter)
    (met,) = findings(house, "payment.no_authority")
    assert met.figures == {
        "paid_day": house.day,
        "amount_fen": 300_00,
        "payee_party": "lift",
        "purpose_category": "lift",
    }
    assert [(cited.record, cited.part) for cited in met.evidence] == [(row, "parts/0"), (house.letter, "")]


def test_each_part_without_authority_is_one_finding() -> None:
    house = treasury()
    house.take((house.day, -300_00, [spent(100_00), spent(200_00)]))
    assert [met["amount_fen"] for met in found(house, "payment.no_authority")] == [100_00, 200_00]


CHARGE = {"category": "charges", "party": "bank"}


@pytest.mark.parametrize(
    ("amount", "said", "met"),
    [
        (200_00, {}, 1),
        (200_01, {}, 0),
        (10_00, {"party": "lift"}, 0),
        (10_00, {"party": "li"}, 0),  # a natural person has no title
        (10_00, {"category": "office"}, 0),
    ],
)
def test_what_the_bank_takes_by_itself_is_one_small_finding(amount: int, said: dict[str, str], met: int) -> None:
    house = treasury()
    house.party("bank", title="甲银行")
    name, _ = house.commit("party.entered/1", "name", "li")
    house.act("party.entered/1", {"code": "li", "nature": "natural", "name": name}, by=["chair"])
    house.take((house.day, -amount, [spent(amount) | CHARGE | said]))
    house.advance(days=1)
    house.take((house.day, -5_00, [spent(5_00, category="charges")]))  # nobody named
    figures = {"own_account": "bank", "count": 1 + met, "amount_fen": 5_00 + met * amount}
    assert found(house, "payment.bank_charges") == [figures]
    assert len(found(house, "payment.no_authority")) == 1 - met


def test_what_a_payer_kept_is_a_payment_too() -> None:
    house = treasury()
    deposit = house.deposit(80_00, gross=100_00, cost=20_00, cost_evidence=house.letter)
    house.take((house.day, 80_00, [{"amount": 80_00, "settles": deposit}]))
    assert [met["amount_fen"] for met in found(house, "payment.no_authority")] == [20_00]


def test_a_payment_with_authority_or_answered() -> None:
    house = treasury()
    house.take((house.day, -300_00, [{"amount": -300_00, "settles": f"{house.approved(300_00)}#0"}]))
    row = pay(house)
    house.grant({"type": "ratification", "payments": [f"{row}#0"]})
    house.contra(pay(house, 200_00))
    assert found(house, "payment.no_authority") == []


def test_own_cash_that_moves_to_the_box_needs_authority_as_well() -> None:
    house = treasury()
    house.take(
        (house.day, -50_00, [{**spent(50_00), "category": "own_transfer", "nature": "own_transfer"} | {"box": "box"}])
    )
    assert [met["amount_fen"] for met in found(house, "payment.no_authority")] == [50_00]


def asked_to_ratify(vote: str, **how: Any) -> Treasury:
    """A payment without authority, and a vote on ratifying it; another motion has no effect."""
    house = Treasury(units=flats("a1 a2 a3"))
    house.open()
    effect = {"type": "ratification", "payments": [f"{pay(house)}#0"]}
    motions = [motion(9, "追认", effect=effect), motion(9, "其他")]
    Poll.hold(house, motions, dict.fromkeys(["a1", "a2", "a3"], vote * 2), **how)
    return house


def test_a_payment_that_the_owners_refused_to_ratify() -> None:
    house = asked_to_ratify("n")
    (met,) = found(house, "payment.refused")
    assert (met["motion"], met["amount_fen"], met["refused_day"]) == ("追认", 300_00, house.day)
    assert found(house, "payment.no_authority") == []


def test_a_payment_on_which_nobody_voted_is_not_refused() -> None:
    house = asked_to_ratify("n")
    pay(house, 77_00)
    assert [met["amount_fen"] for met in found(house, "payment.refused")] == [300_00]
    assert [met["amount_fen"] for met in found(house, "payment.no_authority")] == [77_00]


def test_an_opinion_poll_refuses_nothing() -> None:
    house = asked_to_ratify("n", phone=False)
    assert found(house, "payment.refused") == []
    assert len(found(house, "payment.no_authority")) == 1


def test_a_payment_that_the_owners_ratified() -> None:
    house = asked_to_ratify("y")
    assert found(house, "payment.refused") == found(house, "payment.no_authority") == []


def test_a_refused_payment_that_was_taken_back() -> None:
    house = asked_to_ratify("n")
    (row,) = house.accounts.unfounded
    house.contra(row.partition("#")[0])
    assert found(house, "payment.refused") == []


def form(house: Treasury, total: int | None = BOUNDARY + 1, **said: Any) -> str:
    printed = {"kind": "form", "total_printed": total, "approval_printed": "业委会01-15盖章", "dated": house.day} | said
    return house.document(
        "生活水泵节能改造三套", **{name: value for name, value in printed.items() if value is not None}
    )


@pytest.mark.parametrize("said", [{}, {"dated": None}])
def test_a_large_project_form_with_a_seal_and_no_decision(said: dict[str, Any]) -> None:
    house = treasury()
    form(house, **said)
    assert found(house, "project.no_decision") == [
        {"subject": "生活水泵节能改造三套", "amount_fen": BOUNDARY + 1, "limit_fen": BOUNDARY}
    ]


def test_forms_of_one_project_are_one_finding() -> None:
    house = treasury()
    form(house)
    form(house, number_printed="乙")
    assert len(found(house, "project.no_decision")) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"total": BOUNDARY},
        {"total": None},
        {"approval_printed": None},
        {"approval_printed": "业委会栏空白；项目03-07"},
        {"approval_printed": "公司01-16盖章"},
        {"kind": "letter"},
    ],
)
def test_a_form_that_asks_for_nothing_yet(said: dict[str, Any]) -> None:
    house = treasury()
    form(house, **said)
    assert found(house, "project.no_decision") == []


def test_a_delegation_raises_what_the_body_may_decide() -> None:
    house = treasury()
    house.delegation(each=8_000_00, total=9_000_00)
    form(house, 8_000_00)
    form(house, 8_000_01)
    assert [met["amount_fen"] for met in found(house, "project.no_decision")] == [8_000_01]


def test_a_delegation_counts_on_its_days() -> None:
    house = treasury()
    house.delegation(each=8_000_00, total=9_000_00, until="2026-01-10")
    house.advance(days=10)
    form(house, 8_000_00)
    assert len(found(house, "project.no_decision")) == 1


@pytest.mark.parametrize("by", ["application", "contract", "payment"])
def test_a_form_on_which_something_rests(by: str) -> None:
    house = treasury()
    paper = form(house)
    if by == "application":
        house.apply_for(100_00, document=paper)
    elif by == "payment":
        pay(house, document=paper)
    else:
        house.act(
            "contract.entered/1",
            {"code": "c9", "direction": "out", "object": "x", "document": paper},
            by=["chair"],
        )
    assert found(house, "project.no_decision") == []


@pytest.mark.parametrize(
    ("put", "met"),
    [
        ({"title": "关于生活水泵改造的表决"}, 0),
        ({"attachments": True}, 0),
        ({"cap": BOUNDARY + 1}, 0),
        ({"purpose": "水泵节能改造"}, 0),
        ({"title": "外墙", "cap": BOUNDARY + 2}, 1),
    ],
)
def test_a_form_on_which_the_owners_are_asked(put: dict[str, Any], met: int) -> None:
    house = Treasury(units=flats("a1"))
    house.open()
    form(house, original=digest_of("scan"))
    more: dict[str, Any] = {"attachments": [digest_of("scan")]} if "attachments" in put else {}
    if "cap" in put or "purpose" in put:
        effect = {"type": "payment", "fund": "service_fee", "party": "lift", "start": "2026-01-01"}
        effect |= {"purpose": put.get("purpose", "其他"), "cap": put.get("cap", 1), "until": "2026-12-31"}
        more["effect"] = effect
    Poll(house, [motion(9, put.get("title", "事项"), **more)]).call()
    assert len(found(house, "project.no_decision")) == met


def contract(house: Treasury, **said: Any) -> None:
    body = {"code": "c9", "direction": "out", "object": "水泵改造", "party": "lift", "total_printed": BOUNDARY + 1}
    house.act("contract.entered/1", {k: v for k, v in (body | said).items() if v is not None}, by=["chair"])


MONTHLY = {"cycle": "month", "amount": 1_000_00, "fund": "service_fee", "category": "lift", "nature": "expense"}


def test_a_large_contract_without_decision() -> None:
    house = treasury()
    contract(house)
    (met,) = found(house, "contract.no_decision")
    assert (met["contract"], met["amount_fen"], met["limit_fen"]) == ("c9", BOUNDARY + 1, BOUNDARY)


def test_what_a_contract_promises_counts_where_it_prints_no_total() -> None:
    house = treasury()
    contract(house, total_printed=None, expected=[MONTHLY], start="2026-02-01", end="2026-07-31")
    assert [met["amount_fen"] for met in found(house, "contract.no_decision")] == [6_000_00]


@pytest.mark.parametrize(
    "said",
    [
        {"total_printed": BOUNDARY},
        {"direction": "in"},
        {"total_printed": None, "expected": [MONTHLY], "start": "2026-02-01", "end": "2026-07-30"},
        {"total_printed": None, "expected": [MONTHLY], "start": "2026-02-01"},
    ],
)
def test_a_contract_that_is_not_large_or_not_ours_to_pay(said: dict[str, Any]) -> None:
    house = treasury()
    contract(house, **said)
    assert found(house, "contract.no_decision") == []


@pytest.mark.parametrize(("day", "met"), [("2026-01-04", 0), ("2026-01-05", 1)])
def test_what_was_agreed_before_the_ledger_began_was_decided_elsewhere(day: str, met: int) -> None:
    house = treasury()
    contract(house, start=day)
    contract(house, code="c8", start="2026-03-01", document=house.document("合同", dated=day))
    form(house, dated=day)
    assert len(found(house, "contract.no_decision")) == 2 * met
    assert len(found(house, "project.no_decision")) == met


@pytest.mark.parametrize(
    ("by", "met"),
    [
        ("payment", 0),
        ("other payment", 1),
        ("budget", 0),
        ("other budget", 1),
        ("delegation", 1),
        ("application", 1),
        ("proposal", 0),
    ],
)
def test_a_contract_with_an_authority(by: str, met: int) -> None:
    house = treasury()
    contract(house, expected=[MONTHLY])
    match by:
        case "payment":
            house.payment()
        case "other payment":
            house.payment(party="zhao")
        case "budget":
            house.budget()
        case "other budget":
            house.budget(categories=["fire"])
        case "delegation":
            house.delegation()
        case "application":
            house.apply_for(100_00, contract="c9")
        case "proposal":
            house.propose(house.apply_for(100_00, contract="c9"), house.delegation(), "")
    assert len(found(house, "contract.no_decision")) == met


def test_a_contract_on_whose_object_the_owners_are_asked() -> None:
    house = Treasury(units=flats("a1"))
    house.open()
    contract(house, object="生活水泵节能改造")
    assert len(found(house, "contract.no_decision")) == 1
    Poll(house, [motion(9, "关于生活水泵改造的表决")]).call()
    assert found(house, "contract.no_decision") == []


def test_a_contract_whose_payments_were_ratified() -> None:
    house = treasury()
    contract(house)
    row = pay(house, contract="c9")
    assert len(found(house, "contract.no_decision")) == 1
    house.grant({"type": "ratification", "payments": [f"{row}#0"]})
    assert found(house, "contract.no_decision") == []


@pytest.mark.parametrize(("extra", "met"), [(99_99, 0), (100_00, 1)])
def test_more_was_paid_than_a_contract_says(extra: int, met: int) -> None:
    """Hz 72: from ten per cent over on, the excess is applied for again."""
    house = treasury()
    contract(house, total_printed=1_000_00)
    pay(house, 600_00, contract="c9")
    pay(house, 400_00 + extra, contract="c9")
    assert [f["over_fen"] for f in found(house, "payment.over_contract")] == [extra] * met


def test_more_than_a_contract_by_a_second_decision() -> None:
    house = treasury()
    contract(house, total_printed=100_00)
    for number, cap in enumerate([100_00, 50_00]):
        applied = house.approved(cap, motion=house.payment(cap), line="", contract="c9")
        house.take((house.day, -cap, [{"amount": -cap, "settles": f"{applied}#0"}]))
        assert number or found(house, "payment.over_contract") == []
    assert found(house, "payment.over_contract") == []


def test_more_than_a_contract_by_no_second_decision() -> None:
    house = treasury()
    contract(house, total_printed=100_00)
    applied = house.approved(100_00, motion=house.payment(100_00), line="", contract="c9")
    house.take((house.day, -100_00, [{"amount": -100_00, "settles": f"{applied}#0"}]))
    pay(house, 10_00, contract="c9")
    assert [met["over_fen"] for met in found(house, "payment.over_contract")] == [10_00]


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, 1),
        ({"expected": [MONTHLY], "start": "2026-01-01", "end": "2026-02-28"}, 0),  # two thousand in two months
        ({"expected": [MONTHLY], "start": "2026-01-01", "end": "2026-01-31"}, 1),
        ({"expected": [MONTHLY | {"cycle": "metered", "amount": 0}]}, 0),
        ({"expected": [MONTHLY | {"cycle": "share", "amount": 0}]}, 0),
    ],
)
def test_what_a_contract_says_in_all(said: dict[str, Any], met: int) -> None:
    house = treasury()
    contract(house, **({"total_printed": 1_000_00} | said))
    pay(house, 2_000_00, contract="c9")
    assert len(found(house, "payment.over_contract")) == met


def test_a_contract_that_brings_money_in_is_not_overpaid() -> None:
    house = treasury()
    contract(house, total_printed=100_00, direction="in")
    pay(house, 300_00, contract="c9")
    assert found(house, "payment.over_contract") == []


@pytest.mark.parametrize(("total", "over"), [(1_759_99, []), (1_760_00, [160_00]), (1_600_00, []), (None, [])])
def test_a_paper_over_its_own_plan(total: int | None, over: list[int]) -> None:
    house = treasury()
    house.document("申购保险柜一台，计划价1600元", **({} if total is None else {"total_printed": total}))
    assert [met["over_fen"] for met in found(house, "paper.over_plan")] == over


@pytest.mark.parametrize(
    "subject", ["按预算1000元执行后追加", "预算500元，另预算900元", "超预算200", "计划2026年维修", "预算3台"]
)
def test_a_paper_that_says_no_one_plan(subject: str) -> None:
    house = treasury()
    house.document(subject, total_printed=9_000_00)
    assert found(house, "paper.over_plan") == []


@pytest.mark.parametrize(("beside", "met"), [(100_00, 0), (100_01, 1)])
def test_more_than_a_budget_line_allows(beside: int, met: int) -> None:
    house = treasury()
    budget = house.budget(500_00)
    applied = house.approved(400_00, motion=budget)
    house.take((house.day, -400_00, [{"amount": -400_00, "settles": f"{applied}#0"}]))
    pay(house, beside)
    figures = {"line": "lifts", "cap_fen": 500_00, "spent_fen": 500_01, "over_fen": 1}
    assert found(house, "budget.over_line") == [figures] * met


@pytest.mark.parametrize(
    "other",
    [{"category": "fire"}, {"fund": "common_income"}, {"party": "zhao"}],
)
def test_payments_for_another_purpose_are_beside_a_budget_line(other: dict[str, str]) -> None:
    house = treasury()
    house.budget(100_00, party="lift")
    pay(house, 300_00, **other)
    assert found(house, "budget.over_line") == []


@pytest.mark.parametrize(("day", "met"), [("02", 0), ("03", 1), ("04", 1), ("05", 0)])
def test_a_budgets_line_counts_on_its_days(day: str, met: int) -> None:
    house = treasury()
    line = {"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 100_00}
    house.grant({"type": "budget", "start": "2026-01-03", "until": "2026-01-04", "lines": [line]})
    house.take((f"2026-01-{day}", -300_00, [spent(300_00)]))
    assert len(found(house, "budget.over_line")) == met
