"""A wrong file is taken back by one command: the contra records and the rejection are shown, signed and handed in together."""

import pytest

from tests.cli.desk import Desk
from tests.cli.test_bank_plan import DAYS, FILE
from tests.cli.test_year import money

REJECT = ("--reason", "导错了账户", "--as", "treasurer", "--yes")


@pytest.fixture
def desk(opened: Desk) -> Desk:
    """With a file taken over: interest, which is booked, and a receipt in suspense that was cleared in part."""
    money(opened)
    opened.file("bank.csv", FILE)
    opened.advance(days=3)
    opened("bank", "import", "bank.csv", *DAYS, "--as", "treasurer", "--yes")
    row = next(r for r in opened("bank", "suspense").data["open"] if r["status"] == "suspense")
    letter = opened("account", "document", "--kind", "letter", "--subject", "函", "--as", "treasurer").data["seq"]
    part = '[{"amount": "120.00", "fund": "common_income", "category": "parking", "nature": "income"}]'
    clear = ("--row", row["seq"], "--on", "2026-01-08", "--evidence", str(letter), "--parts", part)
    opened("bank", "clear", *map(str, clear), "--as", "treasurer")
    return opened


def file_of(desk: Desk) -> str:
    return str(next(r for r in desk("bank", "suspense").data["open"] if r["status"] == "unconfirmed")["seq"])


def test_what_the_rows_were_said_to_be_is_taken_back_with_the_file(desk: Desk) -> None:
    size = desk.size()
    told = desk("bank", "reject", file_of(desk), *REJECT).data
    assert (told["contras"], told["seq"], desk.size()) == (2, size + 2, size + 3)
    with desk.store() as store:
        kinds = [store.entry(seq).record for seq in range(size, size + 3)]
        assert [record.kind for record in kinds] == ["contra.recorded/1", "contra.recorded/1", "bank.rejected/1"]
        assert [record.body["on"] for record in kinds[:2]] == ["2026-01-08", "2026-01-05"], (
            "newest first, of its own day"
        )
        assert [s.batch.count for s in store.entry(size).signatures if s.batch] == [3], "signed once"
        account = store.books.accounts.account("main")
        assert (account.balance, account.rows_until) == (10_000_00, "")
    assert desk("bank", "suspense").data["open"] == []


def test_the_same_file_is_imported_again_and_then_known(desk: Desk) -> None:
    desk("bank", "reject", file_of(desk), *REJECT)
    assert len(desk("bank", "preview", "bank.csv", *DAYS).data["rows"]) == 2
    desk("bank", "import", "bank.csv", *DAYS, "--as", "treasurer", "--yes")
    assert desk("bank", "preview", "bank.csv", *DAYS).data["rows"] == []


def test_everything_is_shown_before_it_is_signed(desk: Desk) -> None:
    size = desk.size()
    shown = desk("--lang", "en", "bank", "reject", file_of(desk), *REJECT, "--dry-run", as_json=False)
    told = " ".join((shown.out + shown.err).split())
    assert "Clear suspense" in told
    assert "8.12 yuan" in told
    assert "Contra: 2 Reject a bank file: 1" in told
    assert "2026-01-01 to 2026-01-06: 2 rows, received 508.12, paid 0.00" in told
    assert desk.size() == size


def test_nothing_stands_where_one_part_is_refused(desk: Desk) -> None:
    """Whoever could confirm the file may reject it, but takes nothing back that the treasurer said."""
    size, file = desk.size(), file_of(desk)
    refused = desk("bank", "reject", file, "--reason", "导错了账户", "--as", "chair", "--yes", code=4)
    assert refused.rule == "cli.lines"
    assert desk("bank", "reject", "1", *REJECT, code=6).rule == "bank.no_file_to_reject"
    assert desk.size() == size


def test_it_may_wait_for_its_signature_as_a_file(desk: Desk) -> None:
    size = desk.size()
    left = desk("bank", "reject", file_of(desk), "--reason", "导错了账户", "--out", "reject.waiting").data
    assert (left["records"], desk.size()) == (3, size)
    desk("keys", "sign", "reject.waiting", "--as", "treasurer")
    desk("log", "submit", "reject.waiting")
    assert desk("bank", "suspense").data["open"] == []
