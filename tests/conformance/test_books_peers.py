"""The example's books before other people's accounting programs: beancount's loader and Debian's hledger add them up again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Balance, Transaction

from ledger.exchange import plaintext
from ledger.money import format_yuan
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def asserted(example: Year) -> list[plaintext.Assertion]:
    statements = [example.statement(period) for period in ("2018H2", "2019H1")]
    return list(plaintext.assertions(statements, example.books.accounts.chart))


def test_what_each_statement_says_is_asserted(asserted: list[plaintext.Assertion]) -> None:
    """The bank's own balances, and the box."""
    assert [(a.day, a.account, format_yuan(a.amount)) for a in asserted] == [
        ("2018-12-31", "Assets:C1001:Box", "1,439.50"),
        ("2018-12-31", "Assets:C1002:Main", "155,965.21"),
        ("2019-06-30", "Assets:C1001:Box", "0.00"),
        ("2019-06-30", "Assets:C1002:Main", "282,330.17"),
    ]


def test_beancount_agrees(example: Year, asserted: list[plaintext.Assertion]) -> None:
    text = plaintext.beancount(example.vouchers, example.books.accounts.chart, asserted, "示例")
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    assert sum(isinstance(e, Balance) for e in entries) == len(asserted)
    assert sum(isinstance(e, Transaction) for e in entries) == sum(1 for v in example.vouchers if v.legs)


@pytest.mark.parametrize("fen", [1, -1])
def test_beancount_sees_one_fen(example: Year, asserted: list[plaintext.Assertion], fen: int) -> None:
    wrong = [*asserted[:-1], plaintext.Assertion(asserted[-1].day, asserted[-1].account, asserted[-1].amount + fen)]
    _, errors, _ = loader.load_string(plaintext.beancount(example.vouchers, example.books.accounts.chart, wrong, ""))
    assert [type(error).__name__ for error in errors] == ["BalanceError"]


def hledger(file: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("hledger")
    if program is None:
        pytest.skip("no hledger (Debian: hledger)")
    environment = os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run([program, "-f", file, *words], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.peers
def test_hledger_agrees_to_the_fen(example: Year, asserted: list[plaintext.Assertion], tmp_path: Path) -> None:
    file = tmp_path / "books.journal"
    file.write_text(
        plaintext.hledger(example.vouchers, example.books.accounts.chart, asserted, "示例"), encoding="utf-8"
    )
    assert hledger(file, "check").returncode == 0
    shown = hledger(file, "bal", "--no-total", "--flat", "--format", "%(account) %(total)").stdout
    balances = dict(line.split(" ", 1) for line in shown.split("\n") if line)
    held: dict[str, int] = {}
    for voucher in example.vouchers:
        for leg in voucher.legs:
            name = plaintext.account_name(example.books.accounts.chart, leg)
            held[name] = held.get(name, 0) + leg.debit - leg.credit
    assert balances == {name: f"{format_yuan(fen, grouping=False)} CNY" for name, fen in held.items() if fen}


@pytest.mark.peers
def test_hledger_sees_one_fen(example: Year, asserted: list[plaintext.Assertion], tmp_path: Path) -> None:
    wrong = [*asserted[:-1], plaintext.Assertion(asserted[-1].day, asserted[-1].account, asserted[-1].amount + 1)]
    file = tmp_path / "books.journal"
    file.write_text(plaintext.hledger(example.vouchers, example.books.accounts.chart, wrong, ""), encoding="utf-8")
    done = hledger(file, "check")
    assert done.returncode == 1
    assert "assertion" in done.stderr


def test_hostile_titles_stay_text(example: Year) -> None:
    """What ends a string or a line in either format cannot be smuggled in by a name."""
    text = plaintext.beancount(example.vouchers, example.books.accounts.chart, [], 'x"\n2019-01-01 open Assets:Evil')
    assert loader.load_string(text)[1] == []
    assert "\n2019-01-01 open Assets:Evil" not in text
