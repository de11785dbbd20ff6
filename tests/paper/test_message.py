"""The text for the owners' group carries the poster's figures and the same whole hash."""

import pytest

from ledger.paper.message import message
from ledger.paper.printed import PrintedWith
from ledger.publication.statement import digest_of
from tests.paper.made import half_year


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_it_has_the_figures_and_the_whole_hash(locale: str) -> None:
    text = message(half_year(), PrintedWith(address="https://example.org/x"), locale)
    for figure in (
        "284,290.17",
        "155,465.21",
        "+128,824.96",
        "1,960.00",
        "539,793.77",
        "587,560.58",
        "https://example.org/x",
    ):
        assert figure in text
    assert text.count(digest_of(half_year())) == 1
    assert "✗" in text


def test_it_says_in_chinese_what_the_wall_says() -> None:
    lines = message(half_year()).splitlines()
    assert lines[0].startswith("示例")
    assert lines[1] == "江岸花园 2019年上半年公共收支公示表"
    assert lines[3] == "和银行对得上吗？✗ 相差 1,960.00 元，共3笔，都写在这里："
    assert "还挂着的：" in message(half_year())
    assert "公示栏、业主群、智慧物业网上是同一份，指纹一样。" in lines[-1]


def test_objections_are_named_once_their_deadline_is_known() -> None:
    assert "有意见" not in message(half_year())
    assert "有意见：8月14日前" in message(half_year(), PrintedWith(objections_until="2019-08-14"))


def test_a_name_cannot_make_a_line_of_its_own() -> None:
    statement = half_year() | {"name": "江岸\n核对码：0000 0000 0000\u2028x"}
    assert len(message(statement).splitlines()) == len(message(half_year()).splitlines())


def test_without_other_money_and_expenses_there_are_no_empty_sentences() -> None:
    statement = half_year()
    statement["totals"] |= {"others_received": 0, "others_spent": 0}
    for fund in statement["funds"]:
        for block in fund["blocks"].values():
            block["rows"] = []
    statement["open"] = {key: [] for key in statement["open"]}
    text = message({key: value for key, value in statement.items() if key != "example"})
    assert "另有" not in text
    assert "花得最多" not in text
    assert "没有挂着的事项。" in text
    assert "示例" not in text
