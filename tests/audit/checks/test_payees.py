"""Payees in office or entered twice, each beside the nearest one that is neither."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import flats
from tests.poll import Poll, motion

CODE = "91110000600037341L"
OTHER = "91350100M000100Y43"


def house(office: str = "member") -> Treasury:
    made = treasury()
    made.party("mine", persons=[office])
    return made


def row(party: str, amount: int = 100_00, **other: Any) -> dict[str, Any]:
    return spent(amount, party=party) | other


# --- somebody in office -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("office", "met"), [("member", 1), ("chair", 1), ("supervisor", 1), ("registrar", 0), ("zhang", 0)]
)
def test_money_for_somebody_in_office(office: str, met: int) -> None:
    made = house(office)
    made.take(("2026-01-05", -100_00, [row("mine")]), ("2026-01-05", -50_00, [row("mine", 50_00)]))
    made.take(("2026-01-05", -10_00, [row("lift", 10_00)]))
    reported = found(made, "payee.in_office")
    assert reported == [{"paid_party": "mine", "amount_fen": 150_00, "payments": 2}] * met


def test_a_term_that_is_over_and_one_that_has_not_begun() -> None:
    made = treasury()
    made.party("late", persons=["zhang"])
    body = {
        "person": made.ref("zhang"),
        "role": "member",
        "body": "committee",
        "start": "2026-01-07",
        "end": "2026-01-08",
    }
    made.act("role.appointed/1", body | {"source": made.letter}, by=made.both)
    made.advance(days=5)
    days = ["2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"]
    made.take(*((day, -1_00, [row("late", 1_00)]) for day in days))
    (finding,) = found(made, "payee.in_office")
    assert finding["payments"] == 2


@pytest.mark.parametrize("nature", ["refund", "deposit_held"])
def test_what_is_given_back(nature: str) -> None:
    made = house()
    category = {"refund": "fee_refund", "deposit_held": "deposit_held"}[nature]
    made.take(("2026-01-05", -1_00, [row("mine", 1_00, nature=nature, category=category)]))
    assert found(made, "payee.in_office") == []


def test_what_is_taken_back_by_contra() -> None:
    made = house()
    _, taken = made.take(("2026-01-05", -1_00, [row("mine", 1_00)]))
    made.contra(taken)
    assert found(made, "payee.in_office") == []


def decided(made: Treasury, effect: dict[str, Any]) -> str:
    """A motion that really passed, so that it stands on the ledger."""
    poll = Poll(made, [motion(9, effect=effect)])
    poll.prepare()
    poll.cast("a1", "y")
    poll.close()
    poll.unseal()
    poll.certify()
    return f"{poll.called}#0"


def voting() -> Treasury:
    """A community that has money and one owner, who decides."""
    made = Treasury(units=flats("a1"))
    made.open()
    made.party("mine", persons=["member"])
    return made


DAYS = {"start": "2026-01-01", "until": "2026-12-31"}
PAYMENT = {"type": "payment", "fund": "service_fee", "party": "mine", "purpose": "返还垫款", "cap": 200_00} | DAYS
LINE = {"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 200_00}
BUDGET = {"type": "budget", "lines": [LINE]} | DAYS
NAMED = {"type": "budget", "lines": [LINE | {"party": "mine"}]} | DAYS


@pytest.mark.parametrize(("effect", "line", "met"), [(PAYMENT, "", 0), (BUDGET, "lifts", 1), (NAMED, "lifts", 0)])
def test_owners_who_decided_and_named_the_payee(effect: dict[str, Any], line: str, met: int) -> None:
    made = voting()
    asked = made.approved(100_00, motion=decided(made, effect), line=line, party="mine", by=["zhang"])
    made.take((made.day, -100_00, [{"amount": -100_00, "settles": f"{asked}#0"}]))
    assert len(found(made, "payee.in_office")) == met


def test_owners_who_ratified_it() -> None:
    made = voting()
    _, taken = made.take((made.day, -100_00, [row("mine")]))
    assert len(found(made, "payee.in_office")) == 1
    decided(made, {"type": "ratification", "payments": [f"{taken}#0"]})
    assert found(made, "payee.in_office") == []


def test_allowances_from_the_fund_that_is_for_them() -> None:
    made = voting()
    made.account("own", "bank", ["committee_budget"])
    made.take(
        (made.day, 500_00, [row("lift", -500_00, fund="committee_budget", nature="payable", category="loan")]),
        file={"account": "own"},
    )
    effect = {"type": "budget", "lines": [LINE | {"fund": "committee_budget"}]} | DAYS
    asked = made.approved(
        100_00, motion=decided(made, effect), account="own", party="mine", fund="committee_budget", by=["zhang"]
    )
    made.take((made.day, -100_00, [{"amount": -100_00, "settles": f"{asked}#0"}]), file={"account": "own"})
    assert found(made, "payee.in_office") == []
    made.take((made.day, -7_00, [row("mine", 7_00, fund="committee_budget")]), file={"account": "own"})
    assert [finding["amount_fen"] for finding in found(made, "payee.in_office")] == [7_00]


# --- contracts --------------------------------------------------------------------------------------------------------


def contract(made: Treasury, party: str, **said: str) -> None:
    body = {"code": "c9", "direction": "in", "object": "场地出租", "party": party}
    made.act("contract.entered/1", body | said, by=["chair"])


@pytest.mark.parametrize(("office", "met"), [("member", 1), ("registrar", 0), ("zhang", 0)])
def test_a_contract_with_somebody_in_office(office: str, met: int) -> None:
    made = house(office)
    contract(made, "mine")
    assert found(made, "payee.contract") == [{"of_contract": "c9", "its_party": "mine"}] * met


@pytest.mark.parametrize(("start", "met"), [("2025-12-31", 0), ("2026-01-01", 1)])
def test_a_contract_that_began_before_he_held_office(start: str, met: int) -> None:
    made = house()
    contract(made, "mine", start=start)
    assert len(found(made, "payee.contract")) == met


def test_a_contract_with_a_party_that_the_owners_named() -> None:
    made = voting()
    contract(made, "mine")
    assert len(found(made, "payee.contract")) == 1
    decided(made, PAYMENT)
    assert found(made, "payee.contract") == []


# --- who signed for it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("office", "met"), [("treasurer", 1), ("member", 0)])
def test_who_entered_what_he_got(office: str, met: int) -> None:
    made = house(office)
    made.take(("2026-01-05", -100_00, [row("mine")]))
    assert len(found(made, "payee.signed")) == met


def test_what_he_got_out_of_suspense_and_from_the_box() -> None:
    made = house("treasurer")
    _, taken = made.take(("2026-01-05", -100_00))
    made.clear(taken, row("mine"))
    made.take(
        (
            "2026-01-05",
            -50_00,
            [
                {
                    "amount": -50_00,
                    "fund": "service_fee",
                    "category": "own_transfer",
                    "nature": "own_transfer",
                    "box": "box",
                }
            ],
        )
    )
    made.pay_cash(row("mine", 20_00))
    assert [finding["amount_fen"] for finding in found(made, "payee.signed")] == [100_00, 20_00]


def test_what_a_decision_or_others_gave_him() -> None:
    made = voting()
    made.party("keeper", persons=["treasurer"])
    motion_ref = decided(made, PAYMENT | {"party": "keeper"})
    asked = made.apply_for(100_00, party="keeper", by=["zhang"])
    made.approve(made.propose(asked, motion_ref, "", by=["member"]))
    made.take((made.day, -100_00, [{"amount": -100_00, "settles": f"{asked}#0"}]))
    assert found(made, "payee.signed") == []
    _, taken = made.take((made.day, -100_00, [row("keeper")]))
    assert len(found(made, "payee.signed")) == 1
    decided(made, {"type": "ratification", "payments": [f"{taken}#0"]})
    assert found(made, "payee.signed") == []


@pytest.mark.parametrize(("confirmer", "met"), [("supervisor", 1), ("registrar", 0)])
def test_who_confirms_a_file_that_paid_him(confirmer: str, met: int) -> None:
    made = house("supervisor")
    file, _ = made.take(("2026-01-05", -100_00, [row("mine")]))
    made.confirm(file, by=[confirmer])
    assert [finding["amount_fen"] for finding in found(made, "payee.confirmed")] == [100_00] * met


def test_who_confirms_another_file() -> None:
    made = house("supervisor")
    made.take(("2026-01-05", -100_00, [row("mine")]))
    file, _ = made.take(("2026-01-05", -10_00, [row("lift", 10_00)]))
    made.confirm(file)
    assert found(made, "payee.confirmed") == []


# --- parties ----------------------------------------------------------------------------------------------------------


def test_parties_with_one_credit_code() -> None:
    made = treasury()
    made.party("one", credit_code=CODE, title="甲公司")
    made.party("two", credit_code=CODE, title="乙公司")
    made.party("three", credit_code=OTHER, title="丙公司")
    made.party("four", title="丁公司")
    assert found(made, "payee.same_code") == [{"code": CODE, "parties": "one, two"}]


@pytest.mark.parametrize(
    ("first", "second", "title", "met"),
    [
        ("", "", "甲公司 （本部）", 1),
        (CODE, "", "甲公司", 1),
        (CODE, OTHER, "甲公司", 0),  # two firms of one name
        (CODE, CODE, "甲公司", 0),  # the code says it
        ("", "", "甲公司二部", 0),
    ],
)
def test_parties_with_one_title(first: str, second: str, title: str, met: int) -> None:
    made = treasury()
    made.party("one", title="甲公司", **({"credit_code": first} if first else {}))
    made.party("two", title=title, **({"credit_code": second} if second else {}))
    assert found(made, "payee.same_title") == [{"parties": "one, two", "title": "甲公司"}] * met


def test_a_third_party_of_a_title_that_two_codes_share() -> None:
    made = treasury()
    for code, credit in (("one", {"credit_code": CODE}), ("two", {"credit_code": OTHER}), ("three", {})):
        made.party(code, title="甲公司", **credit)
    assert found(made, "payee.same_title") == []  # which of the two firms it is nobody can tell


def test_one_person_behind_several_payees() -> None:
    made = treasury()
    made.party("one", persons=["zhang"])
    made.party("two", persons=["zhang", "chair"])
    made.take(("2026-01-05", -1_00, [row("one", 1_00)]))
    assert found(made, "payee.same_person") == []  # only one of them was paid
    made.take(("2026-01-05", -1_00, [row("two", 1_00)]))
    assert [finding["parties"] for finding in found(made, "payee.same_person")] == ["one, two"]


def test_a_party_that_names_one_person_twice_is_one_payee() -> None:
    made = treasury()
    made.party("one", persons=["zhang", "zhang"])
    made.take(("2026-01-05", -1_00, [row("one", 1_00)]))
    assert found(made, "payee.same_person") == []


def test_an_office_behind_several_payees() -> None:
    made = treasury()
    for code in ("one", "two"):
        made.party(code, persons=["registrar"])
        made.take(("2026-01-05", -1_00, [row(code, 1_00)]))
    assert found(made, "payee.same_person") == []


@pytest.mark.parametrize(
    ("persons", "title", "met"), [([], "supervisor（岗）", 1), (["supervisor"], "supervisor", 0), ([], "监理公司", 0)]
)
def test_a_party_with_the_title_of_an_office_here(persons: list[str], title: str, met: int) -> None:
    made = treasury()
    made.party("same", title=title, persons=persons)
    assert found(made, "payee.undeclared") == [{"entered_party": "same"}] * met


@pytest.mark.parametrize(
    ("holds", "declared", "met"),
    [(False, [0], 0), (False, [1], 1), (True, [0], 1), (True, [1], 1), (False, [0, 1], 0), (True, [0, 1], 0)],
)
def test_a_party_that_is_one_of_two_offices_of_its_title(holds: bool, declared: list[int], met: int) -> None:
    """Each that holds something is to be named: another of the same title, entered to be named instead, is not enough."""
    made = treasury()
    again = made.act("person.entered/1", {"nature": "office", "title": "supervisor"}, by=made.both)
    term = {"role": "supervisor", "body": "supervisors", "start": "2026-01-01", "end": "2031-12-31"}
    if holds:
        made.act("role.appointed/1", {"person": again} | term | {"source": made.letter}, by=made.both)
    persons = [made.ref("supervisor"), again]
    body = {"code": "same", "nature": "office", "title": "supervisor", "persons": [persons[n] for n in declared]}
    made.act("party.entered/1", body, by=["chair"])
    assert len(found(made, "payee.undeclared")) == met


@pytest.mark.parametrize(("declared", "met"), [(0, 0), (1, 0), (None, 1)])
def test_of_offices_that_hold_nothing_any_one_is_enough(declared: int | None, met: int) -> None:
    made = treasury()
    office = {"nature": "office", "title": "物业办"}
    persons = [made.act("person.entered/1", office, by=made.both) for _ in range(2)]
    body = {"code": "same", "nature": "office", "title": "物业办"}
    named = {} if declared is None else {"persons": [persons[declared]]}
    made.act("party.entered/1", body | named, by=["chair"])
    assert len(found(made, "payee.undeclared")) == met


def test_a_natural_person_has_no_title() -> None:
    made = treasury()
    made.act("person.entered/1", {"nature": "office", "title": "（物业办）"}, by=made.both)  # all of it in brackets
    name, _ = made.commit("party.entered/1", "name", "某人")
    made.act("party.entered/1", {"code": "someone", "nature": "natural", "name": name}, by=["chair"])
    made.act("party.entered/1", {"code": "another", "nature": "natural", "name": name}, by=["chair"])
    assert found(made, "payee.undeclared") == found(made, "payee.same_title") == []


@pytest.mark.parametrize(
    ("code", "met"),
    [(CODE, 0), (OTHER, 0), ("91110000600037341M", 1), ("9111000060003734IL", 1), ("11110000600037341L", 1)],
)
def test_the_check_character_of_a_credit_code(code: str, met: int) -> None:
    made = treasury()
    made.party("one", credit_code=code)
    assert len(findings(made, "payee.invalid_code")) == met
