"""The bank's rows: they chain, they join, twins stay two, a second person confirms; what the parts leave is suspense."""

from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.facts import Arrived, Awaited, BankMoved, FileConfirmed, SuspenseMoved, UnfoundedPaid
from ledger.errors import Refused
from tests.accounts.treasury import OPENING, Treasury, fees, spent, to_box, treasury
from tests.community import digest_of, refused_as

DAY = "2026-01-04"
START = sum(OPENING.values())


@pytest.fixture
def house() -> Treasury:
    return treasury()


# --- the chain -------------------------------------------------------------------------------------------------------------


def test_rows_move_the_bank_and_wait_in_suspense(house: Treasury) -> None:
    file, came, went = house.take((DAY, 500), (DAY, -200))
    assert (house.bank.balance, house.bank.suspense_in, house.bank.suspense_out) == (START + 300, 500, 200)
    assert house.accounts.suspense[came].amount == 500
    assert house.accounts.suspense[went].amount == -200
    assert [f.open for f in house.facts if isinstance(f, BankMoved)] == [500, -200]
    assert house.accounts.imports[file].taken == 2
    assert house.bank.rows_until == DAY


def test_a_row_that_does_not_chain_is_refused_with_its_number(house: Treasury) -> None:
    with refused_as("bank.balance_breaks"):
        house.take((DAY, 500), (DAY, 7), row={"balance": START + 508, "amount": 7})
    with refused_as("bank.balance_breaks"):
        house.take((DAY, 0))
    assert house.bank.balance == START
    assert not house.accounts.imports


def test_a_file_joins_the_last_one(house: Treasury) -> None:
    with refused_as("bank.does_not_join"):
        house.take((DAY, 1), file={"opening": START - 1, "closing": START})
    house.take((DAY, 1))
    with refused_as("bank.does_not_join"):
        house.take((DAY, 2), file={"opening": START, "closing": START + 2})
    house.take((DAY, 2))
    assert house.bank.balance == START + 3


def test_the_last_row_closes_the_file(house: Treasury) -> None:
    with refused_as("bank.closing_differs"):
        house.take((DAY, 1), file={"closing": START + 2})
    with refused_as("bank.closing_differs"):
        house.take(file={"closing": START + 1})


def test_a_file_without_rows_says_that_nothing_moved(house: Treasury) -> None:
    file, *_ = house.take(file={"start": "2026-01-01", "end": DAY})
    assert house.bank.rows_until == DAY
    house.confirm(file)
    assert not house.accounts.imports


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        ({"start": "2026-01-03", "end": "2026-01-02"}, "bank.days"),
        ({"end": "2026-01-06"}, "day.future"),
        ({"start": "2025-12-31"}, "bank.days"),
        ({"start": "2026-01-05", "end": "2026-01-05"}, "bank.row_day"),
        ({"start": "2026-01-02", "end": "2026-01-03"}, "bank.row_day"),
    ],
)
def test_a_file_covers_days_that_were(house: Treasury, days: dict[str, str], rule: str) -> None:
    with refused_as(rule):
        house.take((DAY, 1), file=days)


def test_rows_come_in_the_order_of_days_within_a_file_and_between(house: Treasury) -> None:
    with refused_as("bank.row_day"):
        house.take((DAY, 1), ("2026-01-03", 1), file={"start": "2026-01-03", "end": DAY})
    house.take((DAY, 1))
    with refused_as("bank.days"):
        house.take(("2026-01-03", 1))
    with refused_as("bank.row_day"):
        house.take(("2026-01-03", 1), file={"end": DAY})


def test_the_box_has_no_bank(house: Treasury) -> None:
    with refused_as("bank.not_a_bank_account"):
        house.take((DAY, 1), file={"account": "box"})


def test_an_account_kept_by_another_has_a_bank_too(house: Treasury) -> None:
    house.account("kept", "kept", ["maintenance"])
    house.take((DAY, 9), file={"account": "kept"})
    assert house.accounts.account("kept").balance == 9


# --- twins and repeats -------------------------------------------------------------------------------------------------------


def test_equal_twins_stay_two(house: Treasury) -> None:
    twin = fees(100)
    house.take((DAY, 100, [twin]), (DAY, 100, [twin]))
    assert house.fund("service_fee") == OPENING["service_fee"] + 200


def test_twins_that_even_leave_the_same_balance_are_told_apart_by_their_ordinal(house: Treasury) -> None:
    with refused_as("bank_row.used_before"):
        house.take((DAY, 100), (DAY, -100), (DAY, 100))
    with refused_as("bank.ordinal"):
        house.take((DAY, 100), (DAY, -100), (DAY, 100), row={"ordinal": 2})
    house.take((DAY, 100), (DAY, -100), (DAY, 100), row={"ordinal": 1})
    assert house.bank.balance == START + 100


def test_an_ordinal_is_no_way_round_the_key(house: Treasury) -> None:
    with refused_as("bank.ordinal"):
        house.take((DAY, 100), row={"ordinal": 1})


def test_a_file_is_taken_once(house: Treasury) -> None:
    same = {"file": digest_of("the file")}
    house.take((DAY, 100), file=same)
    with refused_as("bank_file.used_before"):
        house.take((DAY, -100), file=same)


def test_a_row_is_not_taken_again_from_another_file(house: Treasury) -> None:
    house.take((DAY, 100), (DAY, -100))
    with refused_as("bank_row.used_before"):
        house.take((DAY, 100))


# --- who, and files that stop short --------------------------------------------------------------------------------------------


def begin(house: Treasury, count: int, closing: int, file: str = "cut", **other: Any) -> str:
    body = house.file_body([(DAY, 1)], count=count, closing=closing, file=digest_of(file), **other)
    return house.act("bank.imported/1", body, by=["treasurer"])


def row(house: Treasury, file: str, amount: int, by: str = "treasurer", **other: Any) -> str:
    body = house.row_body(file, 0, (DAY, amount), house.bank.balance + amount, **other)
    return house.act("bank.row/1", body, by=[by])


def test_only_the_treasurer_imports(house: Treasury) -> None:
    with refused_as("signers.seats"):
        house.take((DAY, 1), by="chair")
    with refused_as("signers.seats"):
        house.act("bank.imported/1", house.file_body([(DAY, 1)]), by=["treasurer", "chair"])


def test_the_rows_are_the_importers_own(house: Treasury) -> None:
    appointment = {"person": house.ref("zhang"), "role": "treasurer", "body": "committee", "source": digest_of("vote")}
    house.act("role.appointed/1", appointment | {"start": "2026-01-01", "end": "2026-12-31"}, by=["chair", "registrar"])
    file = begin(house, 1, START + 5)
    with refused_as("bank.other_importer"):
        row(house, file, 5, by="zhang")


def test_rows_belong_to_a_file_that_is_open(house: Treasury) -> None:
    with refused_as("bank.no_open_file"):
        row(house, digest_of("nothing"), 5)
    file, *_ = house.take((DAY, 5))
    with refused_as("bank.no_open_file"):
        row(house, file, 5)
    house.confirm(file)
    with refused_as("bank.no_open_file"):
        row(house, file, 5)


def test_a_file_that_stops_short_does_not_lock_its_account(house: Treasury) -> None:
    """One wrong count or closing balance would otherwise end the books for ever."""
    file = begin(house, 3, START + 50)
    row(house, file, 10)
    assert house.accounts.imports[file].taken == 1
    with refused_as("bank.no_file_to_confirm"):
        house.confirm(file)
    again = begin(house, 1, START + 40)
    cut = house.accounts.imports[file]
    assert (cut.count, cut.closing, cut.end) == (1, START + 10, DAY)
    with refused_as("bank.no_open_file"):
        row(house, file, 5)
    row(house, again, 30)
    house.confirm(file)
    house.confirm(again)
    assert not house.accounts.imports


def test_a_file_of_which_nothing_came_is_forgotten(house: Treasury) -> None:
    begin(house, 3, START + 50)
    begin(house, 2, START + 50)
    assert len(house.accounts.imports) == 1


def test_a_file_begun_for_one_account_stays_when_another_account_has_one(house: Treasury) -> None:
    house.account("b2", "bank", ["subsidy"])
    file = begin(house, 2, START + 50)
    row(house, file, 10)
    house.take((DAY, 9), file={"account": "b2"})
    row(house, file, 40)
    assert house.accounts.imports[file].taken == 2


def test_a_refusal_says_what_was_met_and_what_would_be_accepted(house: Treasury) -> None:
    with pytest.raises(Refused) as refused:
        house.take((DAY, 500), (DAY, 7), row={"balance": START + 508, "row": 12})
    error = refused.value
    assert (error.value, error.accepted, error.context["row"]) == (START + 508, START + 507, 12)
    with pytest.raises(Refused) as refused:
        house.take((DAY, 5), file={"opening": 1, "closing": 6})
    assert (refused.value.value, refused.value.accepted) == (1, START)


def test_a_file_that_was_taken_is_refused_at_its_beginning(house: Treasury) -> None:
    """Not at its last row only, when the others stand already."""
    file = begin(house, 1, START + 10)
    row(house, file, 10)
    with refused_as("bank_file.used_before"):
        begin(house, 1, START + 20)
    empty = {"start": DAY, "file": digest_of("empty")}
    house.take(file=empty)
    with refused_as("bank_file.used_before"):
        house.take(file=empty)


def test_a_second_person_confirms(house: Treasury) -> None:
    house.act(
        "role.appointed/1",
        {
            "person": house.ref("treasurer"),
            "role": "member",
            "body": "committee",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "source": digest_of("vote"),
        },
        by=["chair", "registrar"],
    )
    file, *_ = house.take((DAY, 5))
    with refused_as("bank.confirmed_by_importer"):
        house.confirm(file, ["treasurer"])
    with refused_as("signers.seats"):
        house.confirm(file, ["zhang"])
    with refused_as("signers.seats"):
        house.confirm(file, ["chair", "member"])
    house.confirm(file)
    assert house.fact(FileConfirmed).account == "bank"
    with refused_as("bank.no_file_to_confirm"):
        house.act(
            "bank.confirmed/1",
            {"file": file, "count": 1, "root": digest_of("x"), "closing": START + 5},
            by=["supervisor"],
        )


@pytest.mark.parametrize("what", ["count", "root", "closing"])
def test_the_confirmation_says_what_was_taken(house: Treasury, what: str) -> None:
    file, *_ = house.take((DAY, 5), (DAY, 6))
    wrong: dict[str, Any] = {"count": 1, "root": digest_of("root"), "closing": START}
    with refused_as(f"bank.{what}_differs"):
        house.confirm(file, ["supervisor"], **{what: wrong[what]})


# --- parts -------------------------------------------------------------------------------------------------------------------


def test_parts_say_what_a_row_is_and_the_rest_is_suspense(house: Treasury) -> None:
    _, row_ = house.take((DAY, 300, [fees(100, party="zhao", covers="2026年1月"), fees(150, category="interest")]))
    assert house.accounts.suspense[row_].amount == 50
    lines = [f for f in house.facts if isinstance(f, Line)]
    assert [(line.move.amount, line.move.part, line.move.category) for line in lines] == [
        (100, 0, "service_fee"),
        (150, 1, "interest"),
    ]
    assert lines[0].leaf() == {
        "line": 1,
        "entry": len(house.entries) - 1,
        "record": row_,
        "part": 0,
        "booked": DAY,
        "on": DAY,
        "voucher": "2026-01-0002",
        "account": "bank",
        "fund": "service_fee",
        "category": "service_fee",
        "nature": "income",
        "amount": 100,
        "party": "zhao",
        "covers": "2026年1月",
    }
    (voucher,) = [f for f in house.facts if isinstance(f, VoucherBooked)]
    assert [(leg.code, leg.debit, leg.credit) for leg in voucher.legs] == [
        ("1002", 100, 0),
        ("4001", 0, 100),
        ("1002", 150, 0),
        ("4003", 0, 150),
        ("1002", 50, 0),
        ("2241", 0, 50),
    ]


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ([fees(101)], "bank.parts_over_row"),
        ([fees(60), fees(41)], "bank.parts_over_row"),
        ([spent(1)], "part.sign"),
        ([fees(1), spent(1)], "part.sign"),
        ([fees(100, fund="bond")], "account.not_for_fund"),
        ([fees(100, category="fees")], "category.unknown"),
        ([fees(100, nature="expense")], "category.nature"),
        ([fees(100, party="nobody")], "party.unknown"),
        ([fees(100, contract="c9")], "contract.unknown"),
        ([fees(100, document=digest_of("x"))], "document.unknown"),
        ([fees(100, category="lift", nature="expense")], "line.expense_in"),
        ([{"amount": 100, "settles": digest_of("x")}], "deposit.not_pending"),
        ([{"amount": 100, "settles": digest_of("x") + "#0"}], "part.sign"),
        ([{"amount": 100, "returns": digest_of("x")}], "suspense.unknown"),
        ([to_box(-100, box="bank")], "part.box"),
        ([to_box(-100, box="shelf")], "account.unknown"),
        ([to_box(-100)], "balance.negative"),
        ([{"amount": 100}], "record.body"),
        ([fees(100, fund="pocket")], "record.body"),
        ([fees(0)], "record.body"),
        ([fees(100) | {"settles": digest_of("x")}], "record.body"),
        ([{"amount": 100, "settles": digest_of("x"), "returns": digest_of("x")}], "record.body"),
        ([{"amount": 100, "settles": digest_of("x"), "box": "box"}], "record.body"),
        ([fees(100, box="box")], "record.body"),
        ([{"amount": 100, "settles": digest_of("x"), "party": "zhao"}], "record.body"),
        ([{"amount": 100, "settles": digest_of("x"), "document": digest_of("y")}], "record.body"),
        ([{"amount": 100, "returns": digest_of("x"), "contract": "c1"}], "record.body"),
        ([{"amount": 100, "returns": digest_of("x"), "unit": "a1"}], "record.body"),
        ([{"amount": 100, "returns": digest_of("x"), "covers": "1月"}], "record.body"),
    ],
)
def test_what_a_part_may_not_be(house: Treasury, parts: list[dict[str, Any]], rule: str) -> None:
    with refused_as(rule):
        house.take((DAY, 100, parts))
    assert (house.bank.balance, len(house.accounts.vouchers)) == (START, 1)


def test_income_does_not_go_out(house: Treasury) -> None:
    with refused_as("line.income_out"):
        house.take((DAY, -100, [fees(-100)]))


def test_money_out_without_an_approved_stage_stands_without_authority(house: Treasury) -> None:
    _, row_ = house.take((DAY, -100, [spent(70, party="lift"), spent(30)]))
    first, second = [f.payment for f in house.facts if isinstance(f, UnfoundedPaid)]
    assert (first.ref, first.amount, first.party, first.on) == (f"{row_}#0", 70, "lift", DAY)
    assert (second.ref, second.amount, second.party) == (f"{row_}#1", 30, "")
    assert set(house.accounts.unfounded) == {first.ref, second.ref}
    assert {f.move.basis for f in house.facts if isinstance(f, Line)} == {"none"}


def test_a_transfer_whose_other_end_nobody_sees_needs_an_authority(house: Treasury) -> None:
    """Else money would leave as "our own transfer", and stand neither under 支出 nor under 尚无依据."""
    transfer = to_box(100)
    del transfer["box"]
    house.take((DAY, -200, [transfer, to_box(100)]))
    assert [(u.category, u.amount) for u in house.accounts.unfounded.values()] == [("own_transfer", 100)] * 2
    own = {"category": "own_transfer", "nature": "own_transfer"}
    with refused_as("record.body"):
        house.apply_for(50, **own)
    with refused_as("record.body"):
        house.apply_for(50, into="box")
    with refused_as("account.unknown"):
        house.apply_for(50, into="nowhere", **own)


def test_the_box_is_filled_under_an_authority(house: Treasury) -> None:
    """The stage's payment stands in the box at once; contra'd it leaves both ends."""
    own = {"category": "own_transfer", "nature": "own_transfer", "into": "box"}
    motion = house.delegation()
    with refused_as("withdrawal.into_itself"):
        house.propose(house.apply_for(50, **own), motion, line="", account="box")
    application = house.approved(50, motion=motion, line="", **own)
    _, row = house.take((house.day, -50, [{"amount": -50, "settles": f"{application}#0"}]))
    assert not house.accounts.unfounded
    assert house.fund("service_fee", "box") == 50
    lines = [f.move for f in house.facts if isinstance(f, Line)]
    assert [(m.account, m.amount, m.basis) for m in lines] == [("bank", -50, "delegation"), ("box", 50, "")]
    house.contra(row)
    assert house.fund("service_fee", "box") == 0
    assert house.bank.suspense_out == 50


def test_a_fund_does_not_pay_what_it_does_not_have(house: Treasury) -> None:
    """What happened is not hidden: the same row is taken over without saying so."""
    amount = OPENING["common_income"] + 1
    with refused_as("balance.negative"):
        house.take((DAY, -amount, [spent(amount, fund="common_income")]))
    house.take((DAY, -amount))
    assert house.bank.suspense_out == amount


# --- recorded deposits ---------------------------------------------------------------------------------------------------------


def test_a_deposit_waits_for_its_row(house: Treasury) -> None:
    deposit = house.deposit(100, on="2026-01-02", party="zhao", contract="c1", document=house.letter, covers="1月")
    assert house.fact(Awaited).amount == 100
    assert house.fund("service_fee") == OPENING["service_fee"], "it stands in no balance yet"
    house.take((DAY, 100, [{"amount": 100, "settles": deposit}]))
    assert house.fact(Arrived).on == DAY
    move = house.fact(Line).move
    assert (move.party, move.contract, move.document, move.covers) == ("zhao", "c1", house.letter, "1月")
    assert house.fund("service_fee") == OPENING["service_fee"] + 100
    assert not house.accounts.pending


KEPT = {"gross": 1_000, "cost": 100, "cost_evidence": "letter"}


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"gross": 1_000, "cost": 99, "cost_evidence": "letter"}, "record.body"),
        ({"gross": 1_000, "cost": 100}, "record.body"),
        ({"gross": 1_000, "cost": 100, "cost_evidence": digest_of("x")}, "document.unknown"),
        ({"cost_evidence": "letter"}, "record.body"),
        ({"cost_category": "tax"}, "record.body"),
        ({"cost_settles": digest_of("x") + "#0"}, "record.body"),
        (KEPT | {"cost_settles": digest_of("x")}, "record.body"),
        (KEPT | {"cost_settles": digest_of("x") + "#0", "cost_category": "tax"}, "record.body"),
        (KEPT | {"cost_settles": digest_of("x") + "#0", "cost_party": "lift"}, "record.body"),
        (KEPT | {"cost_settles": digest_of("x") + "#0"}, "withdrawal.unknown"),
        (KEPT | {"cost_category": "luck"}, "category.unknown"),
        (KEPT | {"cost_category": "rent"}, "category.nature"),
        (KEPT | {"cost_party": "nobody"}, "party.unknown"),
        ({"on": "2026-01-06"}, "day.future"),
        ({"on": "2025-12-31"}, "day.before_books"),
        ({"fund": "bond"}, "account.not_for_fund"),
        ({"category": "lift", "nature": "expense"}, "deposit.nature"),
        ({"category": "lift"}, "category.nature"),
        ({"category": "luck"}, "category.unknown"),
        ({"party": "nobody"}, "party.unknown"),
        ({"contract": "c9"}, "contract.unknown"),
        ({"document": digest_of("x")}, "document.unknown"),
        ({"account": "nowhere"}, "account.unknown"),
        ({"gross": 0}, "record.body"),
        ({"gross": -5}, "record.body"),
        ({"gross": 900.0}, "canonical.fraction"),
    ],
)
def test_what_a_deposit_may_not_be(house: Treasury, other: dict[str, Any], rule: str) -> None:
    if other.get("cost_evidence") == "letter":
        other = other | {"cost_evidence": house.letter}
    with refused_as(rule):
        house.deposit(900, **other)


def test_a_row_settles_its_own_deposit_whole(house: Treasury) -> None:
    deposit = house.deposit(100)
    house.account("b2", "bank", ["service_fee"])
    with refused_as("deposit.wrong_amount"):
        house.take((DAY, 100, [{"amount": 99, "settles": deposit}]))
    with refused_as("deposit.wrong_account"):
        house.take((DAY, 100, [{"amount": 100, "settles": deposit}]), file={"account": "b2"})
    settled = {"amount": 100, "settles": deposit}
    with refused_as("deposit.not_pending"):
        house.take((DAY, 200, [settled, settled]))
    house.take((DAY, 100, [settled]))
    with refused_as("deposit.not_pending"):
        house.take((DAY, 100, [settled]))


def back(house: Treasury, row: str, amount: int) -> dict[str, Any]:
    """A part that gives back money in suspense, with a paper that says to whom and why."""
    return {"amount": -amount, "returns": row, "document": house.letter}


# --- suspense ---------------------------------------------------------------------------------------------------------------------


def test_a_row_leaves_suspense_by_the_row_that_gives_it_back(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    house.take((DAY, -200, [back(house, came, 200)]))
    assert house.accounts.suspense[came].amount == 300
    with refused_as("suspense.not_so_much"):
        house.take((DAY, -301, [back(house, came, 301)]))
    with refused_as("suspense.not_so_much"):
        house.take((DAY, 1, [{"amount": 1, "returns": came}]))
    house.take((DAY, -300, [back(house, came, 300)]))
    assert not house.accounts.suspense
    assert not house.accounts.unfounded, "giving back what was never ours needs no authority"
    assert house.fund("service_fee") == OPENING["service_fee"]


def test_nobody_gives_back_unexplained_money_without_a_paper(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    with refused_as("part.returns_without_document"):
        house.take((DAY, -500, [{"amount": -500, "returns": came}]))
    with refused_as("document.unknown"):
        house.take((DAY, -500, [{"amount": -500, "returns": came, "document": digest_of("x")}]))
    _, went = house.take((DAY, -500))
    assert (house.accounts.suspense[came].amount, house.accounts.suspense[went].amount) == (500, -500)
    house.take((DAY, -200, [back(house, came, 200)]))
    assert house.fact(SuspenseMoved).document == house.letter


def test_money_paid_by_mistake_comes_back(house: Treasury) -> None:
    _, went = house.take((DAY, -500))
    house.take((DAY, 500, [{"amount": 500, "returns": went}]))
    assert not house.accounts.suspense


@pytest.mark.parametrize("first", [500, -500])
def test_nothing_is_given_back_before_it_came(house: Treasury, first: int) -> None:
    """Else what was paid without a word would be covered by the next unexplained receipt, and the other way round."""
    _, before, after = house.take(("2026-01-02", first), (DAY, -first))
    with refused_as("suspense.before_row"):
        house.clear(before, {"amount": first, "returns": after})
    assert len(house.accounts.suspense) == 2
    house.clear(after, {"amount": -first, "returns": before})
    assert not house.accounts.suspense


def test_nothing_is_given_back_before_a_contra_put_it_there(house: Treasury) -> None:
    _, came = house.take(("2026-01-02", 500, [fees(500)]))
    house.contra(came)
    with refused_as("suspense.before_row"):
        house.take((DAY, -500, [back(house, came, 500)]))
    house.take((house.day, -500, [back(house, came, 500)]))
    assert not house.accounts.suspense


def test_suspense_of_one_account_is_not_returned_to_another(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    house.account("b2", "bank", ["subsidy"])
    house.take((DAY, 600), file={"account": "b2"})
    with refused_as("suspense.wrong_account"):
        house.take((DAY, -500, [back(house, came, 500)]), file={"account": "b2"})


def test_suspense_is_cleared_with_evidence(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    house.clear(came, fees(200))
    house.clear(came, fees(100), fees(200, category="interest"))
    assert house.fund("service_fee") == OPENING["service_fee"] + 500
    assert not house.accounts.suspense
    with refused_as("suspense.unknown"):
        house.clear(came, fees(1))


def test_the_bank_does_not_move_when_suspense_is_cleared(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    house.clear(came, fees(500))
    (voucher,) = [f for f in house.facts if isinstance(f, VoucherBooked)]
    assert [(leg.code, leg.debit, leg.credit) for leg in voucher.legs] == [("2241", 500, 0), ("4001", 0, 500)]
    assert house.fact(Line).on == house.day, "it was said today what it was"


@pytest.mark.parametrize(
    ("parts", "other", "rule"),
    [
        ([fees(501)], {}, "suspense.not_so_much"),
        ([spent(1)], {}, "part.sign"),
        ([], {}, "record.body"),
        ([fees(1)], {"evidence": digest_of("x")}, "document.unknown"),
        ([fees(1)], {"on": "2026-01-03"}, "suspense.before_row"),
        ([fees(1)], {"on": "2026-01-06"}, "day.future"),
    ],
)
def test_what_a_clearing_may_not_be(
    house: Treasury, parts: list[dict[str, Any]], other: dict[str, Any], rule: str
) -> None:
    _, came = house.take((DAY, 500))
    with refused_as(rule):
        house.clear(came, *parts, **other)


def test_an_outflow_cleared_without_a_stage_stands_without_authority(house: Treasury) -> None:
    _, went = house.take((DAY, -500))
    cleared = house.clear(went, spent(500))
    assert house.accounts.unfounded[f"{cleared}#0"].on == DAY, "of the day the money went"
    assert house.bank.suspense_out == 0


def test_a_deposit_recognised_later_settles_by_clearing(house: Treasury) -> None:
    deposit = house.deposit(100)
    _, came = house.take((DAY, 100))
    house.clear(came, {"amount": 100, "settles": deposit})
    assert not house.accounts.pending
    assert not house.accounts.suspense


def test_a_row_recognised_later_as_giving_back_another(house: Treasury) -> None:
    _, came, went = house.take((DAY, 500), (DAY, -500))
    house.clear(went, {"amount": -500, "returns": came})
    assert not house.accounts.suspense
    assert not house.accounts.unfounded
    assert {f.document for f in house.facts if isinstance(f, SuspenseMoved)} == {house.letter}, (
        "the clearing's evidence"
    )
    (voucher,) = [f for f in house.facts if isinstance(f, VoucherBooked)]
    assert [(leg.code, leg.debit, leg.credit) for leg in voucher.legs] == [("1221", 0, 500), ("2241", 500, 0)]


def test_a_row_recognised_later_as_filling_the_box(house: Treasury) -> None:
    _, went = house.take((DAY, -500))
    house.clear(went, to_box(500))
    assert house.fund("service_fee", "box") == 500
    assert [u.amount for u in house.accounts.unfounded.values()] == [500]
