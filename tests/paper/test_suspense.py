"""What passed through suspense has its place on paper: when, how much, what became of it, by which record."""

from typing import Any

from ledger.paper.naming import Names
from ledger.paper.phrases import Phrases
from ledger.paper.printed import PrintedWith
from ledger.paper.suspense import passed, still
from tests.paper.made import half_year, hexed


def names(statement: dict[str, Any] | None = None, locale: str = "zh_CN") -> Names:
    return Names(statement or half_year(), Phrases(locale))


def digest(name: str) -> str:
    return Phrases("en").digest(hexed(name))


def test_each_change_is_a_row_from_what_was_carried_in_to_what_is_left() -> None:
    statement = half_year()
    shown = passed(names(statement))
    told = next(line for line in statement["lines"] if line["amount"] > 0)
    number = statement["lines"].index(told) + 1
    evidence = next(change["document"] for change in statement["suspense"] if "document" in change)
    paper = [document["digest"] for document in statement["documents"]].index(evidence) + 1
    assert [row[:6] for row in shown.rows] == [
        ("待查1", "—", "共管账户（尾号8816）", "上期转来", "500.00", ""),
        ("待查2", "2019-03-29", "共管账户（尾号8816）", "银行付出，用途待查", "", "60.00"),
        ("待查3", "2019-04-15", "共管账户（尾号8816）", "银行付出，用途待查", "", "2,400.00"),
        ("待查4", "2019-05-06", "共管账户（尾号8816）", "银行收到，来源待查", "800.00", ""),
        ("待查4", "2019-05-20", "共管账户（尾号8816）", f"已查明：场地租金 第{number}笔；附{paper}", "−800.00", ""),
        ("待查5", "2019-05-08", "共管账户（尾号8816）", "银行付出，用途待查", "", "10.00"),
        ("待查5", "2019-05-09", "共管账户（尾号8816）", "已收回", "", "−10.00"),
    ]
    assert shown.rows[0][6] == digest("row 2018-12-27")
    assert shown.rows[4][6] == Phrases("en").digest(told["record"])
    assert shown.last == ("期末仍待查", "", "", "", "500.00", "2,460.00", "")


def test_what_is_left_is_what_the_other_table_lists() -> None:
    left = still(names(), PrintedWith(remarks={hexed("row 2018-12-27"): "个人转入"}))
    assert [row[:5] for row in left.rows] == [
        ("2018-12-27", "共管账户（尾号8816）", "500.00", "", "个人转入"),
        ("2019-03-29", "共管账户（尾号8816）", "", "60.00", "—"),
        ("2019-04-15", "共管账户（尾号8816）", "", "2,400.00", "—"),
    ]


def test_an_old_receipt_that_a_contra_opened_again_and_that_was_then_given_back() -> None:
    statement, old = half_year(), hexed("old row")
    moves = [("2019-02-01", 300, "contra"), ("2019-02-03", -1_300, "row that gives it back")]
    statement["suspense"] = [
        {"row": old, "account": "b8816", "booked": on, "on": on, "amount": amount, "by": hexed(by)}
        for on, amount, by in moves
    ]
    statement["open"]["suspense"] = []
    rows = passed(names(statement, "en")).rows
    assert [(row[3], row[4], row[5]) for row in rows] == [
        ("carried in", "10.00", ""),
        ("taken back by a contra, open again", "3.00", ""),
        ("given back to the payer", "−13.00", ""),
    ]


def test_a_row_whose_file_was_taken_back_says_so_and_on_which_day_it_was_booked() -> None:
    statement, old, rejection = half_year(), hexed("old row"), hexed("rejection")
    statement["suspense"] = [
        {
            "row": old,
            "account": "b8816",
            "booked": "2019-01-01",
            "on": "2018-12-30",
            "amount": 300,
            "by": hexed("contra"),
        },
        {"row": old, "account": "b8816", "booked": "2019-01-01", "on": "2019-01-01", "amount": -700, "by": rejection},
    ]
    statement["rejected"] = [{"record": rejection}]
    statement["open"]["suspense"] = []
    rows = passed(names(statement)).rows
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("—", "上期转来", "4.00"),
        ("2018-12-30", "冲销，重新待查；以前期间的事，2019-01-01入账", "3.00"),
        ("2019-01-01", "所在银行文件已撤回", "−7.00"),
    ]


def test_nothing_in_suspense_is_said_in_words() -> None:
    statement = half_year() | {"suspense": []}
    statement["open"]["suspense"] = []
    shown = passed(names(statement))
    assert (shown.rows, shown.last, shown.empty) == ((), (), "本期没有待查款项进出。")
