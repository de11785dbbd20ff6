"""A trust-model audit of small ledgers: property apart, self-dealing, open budget, records, inspection, the checklist."""

from hashlib import sha256
from typing import Any

import pytest

from ledger import canonical
from ledger.audit.checks import VERSION
from ledger.audit.draw import draw
from ledger.audit.reports import FORM, report_of
from ledger.audit.reports.trust import DUTIES
from ledger.errors import Malformed
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks import boards
from tests.audit.reports.drawn import drawn, published, reviewed, rows, said, section
from tests.audit.reports.test_pay import agreed, paid, received
from tests.community import BOTH, Flat, digest_of, refused_as


def test_money_by_fund_from_the_opening_to_the_closing() -> None:
    house = treasury()
    received(house, 100_00)
    row = house.take((house.day, -30_00, [spent(30_00)]))[1]
    house.set_clock("2026-02-01T09:00:00+08:00")
    house.contra(row)
    received(house, 7_00, fund="common_income", category="rent")
    january = rows(drawn(house, "trust", "2026-01-01", "2026-01-31"), "funds", "funds")
    own = {
        r["fund"]: (r["opening_fen"], r["income_fen"], r["expense_fen"], r["other_fen"], r["closing_fen"])
        for r in january
    }
    assert own["service_fee"] == (10_000_00, 100_00, 30_00, 0, 10_070_00)
    february = rows(drawn(house, "trust", "2026-02-01", "2026-02-28"), "funds", "funds")
    own = {
        r["fund"]: (r["opening_fen"], r["income_fen"], r["expense_fen"], r["other_fen"], r["closing_fen"])
        for r in february
    }
    # The contra is booked in February: it gives back what January spent.
    assert own["service_fee"] == (10_070_00, 0, -30_00, 0, 10_100_00)
    assert own["common_income"] == (2_000_00, 7_00, 0, 0, 2_007_00)
    assert own["maintenance"] == (5_000_00, 0, 0, 0, 5_000_00)


def test_what_nobody_explained_is_said() -> None:
    house = treasury()
    assert said(drawn(house, "trust"), "funds")["nothing_in_suspense"][0] == "agrees"
    house.take((house.day, 9_00), (house.day, -4_00))
    figures = {"count": 2, "received_fen": 9_00, "spent_fen": 4_00, "since_day": house.day}
    assert said(drawn(house, "trust"), "funds")["in_suspense"] == ("open", figures)


def test_accounts_with_holder_and_funds() -> None:
    report = drawn(treasury(), "trust")
    assert [(r["account"], r["holder"], r["closing_fen"]) for r in rows(report, "separation", "accounts")] == [
        ("bank", "committee", 17_000_00),
        ("box", "committee", 0),
    ]
    assert said(report, "separation")["accounts"][1]["several"] == 2


def test_what_the_trustee_was_paid_beside_its_pay() -> None:
    house = treasury()
    assert "no_trustee" in said(drawn(house, "trust"), "self_dealing")
    agreed(house)
    paid(house, 5_00)
    assert said(drawn(house, "trust"), "self_dealing")["only_pay"][0] == "agrees"
    row = house.take((house.day, -30_00, [spent(30_00, party="lift")]))[1]
    house.take((house.day, -30_00, [spent(30_00, party="zhao")]))
    report = drawn(house, "trust")
    figures = {"trustee_party": "lift", "count": 1, "amount_fen": 30_00, "without_fen": 30_00}
    assert said(report, "self_dealing")["beside_pay"] == ("differs", figures)
    (beside,) = rows(report, "self_dealing", "trustee")
    assert (beside["category"], beside["amount_fen"], beside["state"]) == ("lift", 30_00, "differs")
    assert row in str(section(report, "self_dealing"))


def test_who_stands_behind_the_trustee_stands_behind_what_it_collects_through() -> None:
    house = treasury()
    house.party("firm", persons=["zhang"])
    house.party("branch", persons=["zhang", "chair"])
    house.party("other", persons=["chair"])
    agreed(house, trustee="firm")
    row = house.take(
        (house.day, -30_00, [spent(30_00, party="branch")]), (house.day, -2_00, [spent(2_00, party="other")])
    )
    figures = {"trustee_party": "branch", "count": 1, "amount_fen": 30_00, "without_fen": 30_00}
    told = said(drawn(house, "trust"), "self_dealing")
    assert (told["only_pay"][0], told["same_hands"]) == ("agrees", ("differs", figures))
    house.grant({"type": "ratification", "payments": [f"{row[1]}#0"]})
    told = said(drawn(house, "trust"), "self_dealing")
    assert told["same_hands"] == ("open", figures | {"without_fen": 0})
    (beside,) = rows(drawn(house, "trust"), "self_dealing", "trustee")
    assert (beside["without_fen"], beside["state"]) == (0, "open")


def test_what_was_decided_waits_for_an_explanation_only() -> None:
    house = treasury()
    agreed(house)
    application = house.approved(30_00)
    house.take((house.day, -30_00, [{"amount": -30_00, "settles": f"{application}#0"}]))
    assert said(drawn(house, "trust"), "self_dealing")["beside_pay"] == (
        "open",
        {"trustee_party": "lift", "count": 1, "amount_fen": 30_00, "without_fen": 0},
    )


# --- the open budget ------------------------------------------------------------------------------------------------------


def planned(house: Treasury, *lines: tuple[str, str, list[str], int], **other: Any) -> str:
    body = {"code": "y1", "start": "2026-01-01", "until": "2026-12-31", "document": house.letter}
    said_ = [
        {"line": name, "direction": direction, "fund": "service_fee", "categories": categories, "amount": amount}
        for name, direction, categories, amount in lines
    ]
    return house.act("plan.adopted/1", body | {"lines": said_} | other, by=BOTH)


@pytest.mark.parametrize(("amount", "state"), [(50_00, "agrees"), (50_01, "differs")])
def test_each_line_of_the_open_budget_beside_what_came_of_it(amount: int, state: str) -> None:
    house = treasury()
    planned(house, ("fees", "in", ["service_fee"], 900_00), ("lifts", "out", ["lift"], 50_00))
    received(house, 100_00)
    house.take((house.day, -amount, [spent(amount)]))
    report = drawn(house, "trust")
    fees_, lifts = rows(report, "plan", "plan")
    assert (fees_["planned_fen"], fees_["actual_fen"], fees_["left_fen"]) == (900_00, 100_00, 800_00)
    assert "state" not in fees_
    assert (lifts["actual_fen"], lifts["left_fen"], lifts["state"]) == (amount, 50_00 - amount, state)
    assert ("plan_over" in said(report, "plan")) == (state == "differs")
    assert ("plan_kept" in said(report, "plan")) == (state == "agrees")


def test_what_the_budget_leaves_out_is_a_line_of_its_own() -> None:
    house = treasury()
    planned(house, ("lifts", "out", ["lift"], 50_00))
    row = house.take((house.day, -8_00, [spent(8_00, category="cleaning")]))[1]
    received(house, 3_00, fund="common_income", category="rent")
    report = drawn(house, "trust")
    assert [r["line"] for r in rows(report, "plan", "plan")] == ["lifts", "unplanned"]
    assert said(report, "plan")["plan_unplanned"] == ("open", {"plan": "y1", "amount_fen": 8_00})
    assert row in str(section(report, "plan"))


def test_a_budget_whose_place_another_took_is_compared_no_more() -> None:
    house = treasury()
    planned(house, ("lifts", "out", ["lift"], 50_00))
    planned(house, ("lifts", "out", ["lift"], 80_00), code="y2", replaces="y1")
    assert [(r["plan"], r["planned_fen"]) for r in rows(drawn(house, "trust"), "plan", "plan")] == [("y2", 80_00)]


def test_a_budget_of_other_days_is_none() -> None:
    house = treasury()
    planned(house, ("lifts", "out", ["lift"], 50_00))
    assert said(drawn(house, "trust", "2027-01-01", "2027-12-31"), "plan") == {"no_plan": ("absent", {})}


# --- records, inspection, duties ----------------------------------------------------------------------------------------------


def test_vouchers_balance_and_payments_without_a_paper_are_counted() -> None:
    house = treasury()
    house.take((house.day, -8_00, [spent(8_00)]), (house.day, -2_00, [spent(2_00, document=house.letter)]))
    told = said(drawn(house, "trust"), "records")
    assert told["vouchers"][0] == "agrees"
    assert told["vouchers"][1]["debit_fen"] == told["vouchers"][1]["credit_fen"] == 17_010_00
    assert told["without_paper"] == ("open", {"count": 1, "amount_fen": 8_00, "of": 2, "of_fen": 10_00})
    assert told["unconfirmed"][1]["count"] == 1
    assert told["reports"] == ("absent", {"count": 0, "late": 0})
    assert "promised" not in told


def test_reports_that_the_terms_promise() -> None:
    house = boards.house()
    agreed(house, report_months=1)
    boards.at(house, "2026-03-03")
    due = {"trust": "t1", "months": 1, "due": 2, "missing": 1}
    assert said(drawn(house, "trust"), "records")["promised"] == ("differs", due)
    only = said(drawn(house, "trust", "2026-02-01", "2026-02-28"), "records")["promised"]
    assert only == ("agrees", due | {"due": 1, "missing": 0})
    assert said(drawn(house, "trust", "2026-03-01", "2026-03-31"), "records")["promised"][0] == "told"


def test_questions_answered_late_and_not_at_all() -> None:
    house = Treasury(units=[Flat("a1")])
    house.open()
    assert "nobody_asked" in said(drawn(house, "trust"), "inspection")
    first = house.act("objection.filed/1", house.objection(house.letter, "问"), by=["owner-a1"])
    house.act("objection.filed/1", house.objection(house.letter, "再问"), by=["owner-a1"])
    house.advance(days=60)
    house.act("objection.answered/1", house.answer(first, "答"), by=["chair"])
    figures = {"asked": 2, "answered": 1, "late": 1, "waiting": 1, "overdue": 1}
    assert said(drawn(house, "trust"), "inspection")["questions"] == ("differs", figures)


def test_every_duty_of_the_checklist_is_spoken_of() -> None:
    """TL 16, 20, 25–30, 33, 35, 36, 49 (law.md §6); without a trustee most are not on the ledger."""
    house = treasury()
    duties = said(drawn(house, "trust"), "duties")
    assert list(duties) == [f"duty_{duty}" for duty in DUTIES]
    assert sorted(int(duty[2:]) for duty in DUTIES) == [16, 20, 25, 26, 27, 28, 29, 30, 33, 35, 36, 49]
    assert duties["duty_tl35"][0] == duties["duty_tl16"][0] == "absent"
    assert duties["duty_tl30"] == ("told", {"count": 1})
    agreed(house)
    paid(house, 5_00)
    duties = said(drawn(house, "trust"), "duties")
    assert duties["duty_tl35"][0] == "differs"
    # The only contract is the trustee's own: nothing is left to others.
    assert duties["duty_tl30"] == ("told", {"count": 0})


# --- the report itself ---------------------------------------------------------------------------------------------------------


def test_a_report_is_about_its_prefix() -> None:
    """Drawn up from the published log, the entries behind the prefix change nothing of it; who signed it is found there."""
    house = treasury()
    received(house, 100_00)
    prefix = len(house.entries)
    before = drawn(house, "trust")
    assert draw(published(house), "trust", "2026-01-01", "2026-12-31", bundle=False).report == before
    digest = sha256(canonical.encode(dict(before))).hexdigest()
    said_ = {"sort": "trust", "start": "2026-01-01", "until": "2026-12-31", "prefix": prefix, "report": digest}
    house.enter("cpa")
    term = {
        "person": house.ref("cpa"),
        "role": "auditor",
        "body": "supervisors",
        "start": "2026-01-01",
        "end": "2026-12-31",
    }
    house.act("role.appointed/1", term | {"source": house.letter}, by=BOTH)
    said_ |= {
        "checks": VERSION,
        "form": FORM,
        "opinion": "qualified",
        "firm": "某会计师事务所",
        "report_number": "2026-001",
    }
    house.act("audit.reported/1", said_, by=["cpa"])
    again = draw(published(house), "trust", "2026-01-01", "2026-12-31", bundle=False, prefix=prefix)
    assert again.report == before
    assert again.signed is not None
    assert (again.signed.fact.opinion, again.signed.seq) == ("qualified", len(house.entries) - 1)
    assert again.others == ()
    house.act("audit.reported/1", said_ | {"report": digest_of("another"), "report_number": "2026-002"}, by=["cpa"])
    house.act("audit.reported/1", said_ | {"sort": "annual", "report_number": "2026-003"}, by=["cpa"])
    again = draw(published(house), "trust", "2026-01-01", "2026-12-31", bundle=False, prefix=prefix)
    assert [noted.fact.number for noted in again.others] == ["2026-002"]
    annual = draw(published(house), "annual", "2026-01-01", "2026-12-31", bundle=False, prefix=prefix)
    assert annual.signed is None
    assert [noted.fact.number for noted in annual.others] == ["2026-003"]
    longer = draw(published(house), "trust", "2026-01-01", "2026-12-31", bundle=False)
    assert longer.report["size"] == len(house.entries)
    assert (longer.signed, longer.others) == (None, ())


def test_days_that_make_no_sense() -> None:
    made = reviewed(treasury())
    with refused_as("audit.days"):
        report_of(made, "trust", "2026-01-02", "2026-01-01")
    with pytest.raises(Malformed):
        report_of(made, "trust", "2026", "2026-01-01")


def test_each_entry_named_is_proven() -> None:
    house = treasury()
    agreed(house)
    paid(house, 5_00)
    report = drawn(house, "trust")
    named = {place["entry"] for one in report["sections"] for s in one["said"] for place in s.get("evidence", ())}
    assert named
    assert named <= {int(entry) for entry in report["proofs"]}


def test_fourteen_inputs_of_which_a_ledger_gives_what_it_has() -> None:
    """The programme of law.md §7, in its order."""
    house = treasury()
    listed = {one["code"]: one for one in drawn(house, "trust")["programme"]}
    assert len(listed) == 14
    assert listed["remuneration"] == {
        "code": "remuneration",
        "state": "missing",
        "given": [],
        "missing": ["trust_terms"],
    }
    terms = agreed(house)
    listed = {one["code"]: one for one in drawn(house, "trust")["programme"]}
    (given,) = listed["remuneration"]["given"]
    assert listed["remuneration"]["state"] == "whole"
    assert house.entries[given["first"]].record.digest == terms
    assert listed["contracts"]["missing"] == ["quotes", "tenders"]
    assert (listed["authority"]["state"], listed["authority"]["missing"]) == ("part", ["filing", "seals"])


def test_what_was_lowered_to_a_notice_was_found_all_the_same() -> None:
    """A committee that lowers a check has no clean sheet by it: the report counts what was found, and says it is a notice."""
    house = treasury()
    house.party("li", persons=["chair"])
    row = house.take((house.day, -30_00, [spent(30_00, party="li")]))[1]
    report = drawn(house, "trust")
    found = [one for one in report["findings"] if one["row"] == "8"]
    assert row in str(found)
    assert said(report, "self_dealing")["related"] == ("open", {"count": len(found)})
    for code in {one["code"] for one in found}:
        house.act("check.lowered/1", {"check": code, "reason": "已公开说明"}, by=BOTH)
    report = drawn(house, "trust")
    assert said(report, "self_dealing")["related"] == ("told", {"count": len(found)})
    assert {one["key"] for one in found} <= set(section(report, "self_dealing")["findings"])


def test_an_answer_on_its_last_day_is_in_time_and_a_question_on_its_last_day_not_overdue() -> None:
    house = Treasury(units=[Flat("a1")])
    house.open()
    first = house.act("objection.filed/1", house.objection(house.letter, "问"), by=["owner-a1"])
    (waiting,) = house.books.publication.waiting
    house.set_clock(f"{waiting.due}T09:00:00+08:00")
    house.document()
    figures = {"asked": 1, "answered": 0, "late": 0, "waiting": 1, "overdue": 0}
    assert said(drawn(house, "trust"), "inspection")["questions"] == ("open", figures)
    house.act("objection.answered/1", house.answer(first, "答"), by=["chair"])
    figures = {"asked": 1, "answered": 1, "late": 0, "waiting": 0, "overdue": 0}
    assert said(drawn(house, "trust"), "inspection")["questions"] == ("agrees", figures)


def test_what_moves_without_being_income_or_spending_stands_apart() -> None:
    house = treasury()
    owed = {"amount": 5_00, "fund": "service_fee", "category": "current_account", "nature": "payable"}
    house.take((house.day, 5_00, [owed]), (house.day, -2_00, [owed | {"amount": -2_00}]))
    report = drawn(house, "trust", "2026-01-01", house.day)
    (own,) = (r for r in rows(report, "funds", "funds") if r["fund"] == "service_fee")
    assert (own["income_fen"], own["expense_fen"], own["other_fen"], own["closing_fen"]) == (0, 0, 3_00, 10_003_00)
    assert "nothing_spent" in said(report, "basis")
    assert rows(report, "separation", "accounts")[0]["closing_fen"] == 17_003_00


def test_a_line_of_the_budget_counts_its_own_fund_and_days() -> None:
    house = treasury()
    planned(house, ("lifts", "out", ["lift"], 50_00), until="2026-01-31")
    house.take((house.day, -4_00, [spent(4_00, fund="common_income")]))
    house.set_clock("2026-02-01T09:00:00+08:00")
    house.take((house.day, -3_00, [spent(3_00)]))
    (lifts,) = rows(drawn(house, "trust"), "plan", "plan")
    assert lifts["actual_fen"] == 0


def test_without_terms_the_manager_is_whose_contract_prints_its_pay() -> None:
    house = treasury()
    notes = {"code": "c9", "direction": "out", "object": "物业服务合同", "party": "lift", "notes": "酬金按实收的10%"}
    house.act("contract.entered/1", notes, by=["chair"])
    house.take((house.day, -30_00, [spent(30_00, party="lift")]))
    assert said(drawn(house, "trust"), "self_dealing")["beside_pay"][1]["trustee_party"] == "lift"
