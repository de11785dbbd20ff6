"""Where bank and books do not meet for too long, each case beside the nearest in time."""

import pytest

from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import profile_with


def wait(house: Treasury, days: int) -> None:
    house.advance(days=days)
    house.document()


@pytest.mark.parametrize(("days", "met"), [(30, 0), (31, 1)])
@pytest.mark.parametrize(("amount", "way"), [(500_00, "receipt"), (1, "receipt"), (-60_00, "payment")])
def test_a_row_that_nobody_explains(amount: int, way: str, days: int, met: int) -> None:
    house = treasury()
    row = house.take((house.day, amount))[1]
    wait(house, days)
    other = {"receipt": "bank.payment_unexplained", "payment": "bank.receipt_unexplained"}
    mine = {"receipt": "bank.receipt_unexplained", "payment": "bank.payment_unexplained"}
    assert [[c.record for c in f.evidence] for f in findings(house, mine[way])] == [[row]] * met
    figures = {
        "own_account": "bank",
        "since_day": "2026-01-05",
        "month": "2026-01",
        "open_fen": abs(amount),
        "days": 31,
    }
    assert found(house, mine[way]) == [figures] * met
    assert found(house, other[way]) == []


def test_what_is_left_of_a_row() -> None:
    house = treasury()
    row = house.take((house.day, 500_00))[1]
    house.clear(row, fees(400_00))
    wait(house, 31)
    assert [met["open_fen"] for met in found(house, "bank.receipt_unexplained")] == [100_00]
    house.clear(row, fees(100_00))
    assert found(house, "bank.receipt_unexplained") == []


@pytest.mark.parametrize(("amount", "days", "met"), [(100_00, 30, 0), (100_00, 31, 1), (1, 31, 1)])
def test_a_receipt_that_never_came(amount: int, days: int, met: int) -> None:
    house = treasury()
    deposit = house.deposit(amount)
    wait(house, days)
    assert [[c.record for c in f.evidence] for f in findings(house, "bank.receipt_missing")] == [[deposit]] * met
    assert found(house, "bank.payment_missing") == []


def instructed(house: Treasury) -> tuple[str, str]:
    application = house.approved(100_00)
    body = {"stage": f"{application}#0", "on": house.day}
    return application, house.act("withdrawal.instructed/1", body, by=["treasurer"])


@pytest.mark.parametrize(("days", "met"), [(30, 0), (31, 1)])
def test_a_payment_that_was_never_made(days: int, met: int) -> None:
    house = treasury()
    _, instruction = instructed(house)
    wait(house, days)
    assert [[c.record for c in f.evidence] for f in findings(house, "bank.payment_missing")] == [[instruction]] * met
    assert found(house, "bank.receipt_missing") == []


def test_what_came_or_was_given_up() -> None:
    house = treasury()
    deposit = house.deposit(100_00)
    house.contra(house.deposit(50_00))
    paid, _ = instructed(house)
    dropped, _ = instructed(house)
    house.take((house.day, 100_00, [{"amount": 100_00, "settles": deposit}]))
    house.take((house.day, -100_00, [{"amount": -100_00, "settles": f"{paid}#0"}]))
    house.act("withdrawal.dropped/1", {"application": dropped, "reason": "不付"}, by=["treasurer"])
    wait(house, 31)
    assert found(house, "bank.receipt_missing") == found(house, "bank.payment_missing") == []


@pytest.mark.parametrize(("days", "met"), [(30, 0), (31, 1)])
def test_what_waits_again_after_a_contra_waits_from_then(days: int, met: int) -> None:
    house = treasury()
    deposit = house.deposit(100_00)
    row = house.take((house.day, 100_00, [{"amount": 100_00, "settles": deposit}]))[1]
    house.advance(days=40)
    contra = house.contra(row)
    wait(house, days)
    assert [[c.record for c in f.evidence] for f in findings(house, "bank.receipt_missing")] == [[contra]] * met


@pytest.mark.parametrize(("days", "met"), [(30, 0), (31, 1)])
def test_a_file_that_only_its_importer_saw(days: int, met: int) -> None:
    house = treasury()
    file = house.take((house.day, 100_00, [fees(100_00)]))[0]
    wait(house, days)
    assert [[c.record for c in f.evidence] for f in findings(house, "bank.unconfirmed")] == [[file]] * met
    house.confirm(file)
    assert found(house, "bank.unconfirmed") == []


@pytest.mark.parametrize(("now", "met"), [("2027-01-05", 0), ("2027-01-06", 1)])
def test_an_account_without_rows_for_a_year(now: str, met: int) -> None:
    """O165 30: books and bank are compared at least once a year."""
    house = treasury()
    row = house.take((house.day, 100_00, [fees(100_00)]))[1]
    house.set_clock(f"{now}T09:00:00+08:00")
    house.document()
    assert [[c.record for c in f.evidence] for f in findings(house, "bank.silent")] == [[row]] * met


def test_an_account_whose_rows_never_came() -> None:
    house = treasury()
    house.set_clock("2027-01-02T09:00:00+08:00")
    house.document()
    assert [met["until_day"] for met in found(house, "bank.silent")] == ["2026-01-01"]


def test_a_profile_that_compares_at_no_time() -> None:
    house = Treasury(profile=profile_with("fund.reconcile_months", "0"))
    house.open()
    house.advance(days=900)
    house.document()
    assert found(house, "bank.silent") == []


def test_an_empty_account_may_be_silent() -> None:
    house = treasury()
    house.take((house.day, -17_000_00, [spent(10_000_00), *_rest()]))
    assert house.bank.balance == 0
    house.advance(days=800)
    house.document()
    assert found(house, "bank.silent") == []


def _rest() -> list[dict[str, object]]:
    return [spent(2_000_00, fund="common_income"), spent(5_000_00, fund="maintenance")]
