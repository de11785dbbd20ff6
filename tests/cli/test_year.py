"""A community's first months, typed: opened, people and units entered, money in, a budget voted, money out."""

import json

from tests.cli.desk import Desk

BOTH = ("--as", "chair", "--as", "registrar")
MEETING = """
title = "2026年第一次业主大会会议"
opens = 2026-02-01T09:00:00+08:00
closes = 2026-02-08T18:00:00+08:00
phone_vote = true
[[motions]]
matter = 9
title = "2026年电梯维保预算"
text = "@motion.txt"
explanation = "李四写的说明"
[motions.effect]
type = "budget"
start = 2026-02-01
until = 2026-12-31
lines = [{ line = "lift", fund = "service_fee", categories = ["lift"], cap = "5,000.00" }]
[[motions]]
matter = 9
title = "更换门禁系统"
text = "@motion.txt"
"""
OWNERS = ("li", "wang", "zhao")


def settle(desk: Desk) -> None:
    """Enter owners with keys and the four units, from tables."""
    desk.ring("owners.ring", *OWNERS)
    desk.file("owners.csv", "姓名,密钥标签\n李四,li\n王五,wang\n赵六,zhao\n")
    desk.file(
        "units.csv",
        "label,building,stack,use,area,owners,code\n"
        "1栋101,b1,s1,flat,100.00,李四,a1\n1栋102,b1,s1,住宅,120.00,王五;赵六,a2\n"
        "1栋201,b1,s1,flat,80.00,王五,a3\n1栋202,b1,s1,flat,100.00,,a4\n",
    )
    rings = ("--keys", "keeper.ring", "--keys", "officers.ring", "--keys", "owners.ring")
    assert len(desk("people", "import", "owners.csv", *BOTH, *rings).data["persons"]) == 3
    imported = desk("units", "import", "units.csv", *BOTH).data
    assert imported["whole"]
    assert imported["area"] == "400.00"


def money(desk: Desk) -> None:
    """Chart, a bank account under the profile's mandate, a party, open books."""
    desk("account", "adopt-chart", *BOTH)
    desk(
        "account", "open", "--code", "main", "--nature", "bank", "--title", "共有资金账户", "--holder", "committee",
        "--funds", "service_fee,common_income", *BOTH,
    )  # fmt: skip
    desk("account", "party", "--code", "lift", "--nature", "legal", "--title", "电梯公司", "--as", "treasurer")
    letter = desk(
        "account", "document", "--kind", "letter", "--subject", "移交函", "--original", "@survey.txt",
        "--total-printed", "10,000.00", "--as", "treasurer",
    ).data["seq"]  # fmt: skip
    desk(
        "account", "open-books", "--on", "2026-01-01", "--handed-over-by", "前期物业",
        "--part", "main", "service_fee", "10,000.00", str(letter), "proven", *BOTH,
    )  # fmt: skip
    desk(
        "deposit", "record", "--account", "main", "--on", "2026-01-04", "--fund", "common_income", "--category", "rent",
        "--nature", "income", "--gross", "18,000", "--net", "18000.00", "--as", "treasurer",
    )  # fmt: skip


def vote(desk: Desk) -> None:
    """A meeting from its call to its certificate."""
    desk.file("motion.txt", "电梯维保预算全文")
    desk.file("meeting.toml", MEETING)
    desk("meeting", "call", "meeting.toml", "--as", "chair")
    desk("meeting", "post-notice", "--places", "3", "--label", "北门", "--evidence", "@motion.txt", "--as", "chair")
    desk.advance(days=16)
    desk("meeting", "freeze-roll", *BOTH)
    desk("meeting", "open", "--as", "chair")
    assert desk("meeting", "turnout").data["leaves"] == 4
    desk.advance(days=12)
    own = ("--keys", "keeper.ring", "--keys", "owners.ring")
    first = desk("ballot", "cast", "no", "no", "--as", "li", *own).data
    assert (first["unit"], first["revision"]) == ("a1", 1)
    assert desk("ballot", "cast", "同意", "弃权", "--as", "li", *own).data["revision"] == 2
    desk("ballot", "cast", "yes", "yes", "--unit", "a2", "--as", "wang", *own)
    assert desk("ballot", "cast", "yes", "no", "--as", "wang", *own, code=4).rule == "cli.which_unit"
    desk("ballot", "cast", "yes", "no", "--unit", "a3", "--as", "wang", *own)
    assert desk("meeting", "turnout").data["area"] == 30_000
    assert desk("meeting", "open-ballots", "--as", "chair", code=4).rule == "ballot.opened_early"
    desk.advance(days=7)
    desk("ballot", "open", "ballot-a1-2.receipt.json", "--as", "li", *own)
    assert desk("meeting", "open-ballots", "--as", "chair").data["opened"] == 2
    desk("meeting", "certify", *BOTH)


def pay(desk: Desk) -> None:
    """An application, a proposal under the budget, an approval under the mandate."""
    motion = next(m["meeting"] for m in desk("meeting", "list").data["meetings"] if m["standing"] == "passed")
    asked = desk(
        "withdraw", "apply", "--party", "lift", "--fund", "service_fee", "--category", "lift", "--nature", "expense",
        "--purpose", "二月电梯维保", "--stages", '[{"amount": "567.00"}]', "--as", "company",
    ).data["seq"]  # fmt: skip
    proposal = desk(
        "withdraw", "propose", "--application", str(asked), "--account", "main",
        "--basis", json.dumps({"motion": motion, "line": "lift"}), "--as", "treasurer",
    ).data["seq"]  # fmt: skip
    assert desk("withdraw", "approve", "--proposal", str(proposal), "--as", "company", code=4).rule == (
        "withdrawal.approver_is_applicant"
    )
    desk("withdraw", "approve", "--proposal", str(proposal), "--as", "chair")
    assert [w["status"] for w in desk("withdraw", "list").data["withdrawals"]] == ["approved"]


def test_from_nothing_to_an_approved_payment(opened: Desk) -> None:
    desk = opened
    assert desk("log", "show").data["size"] == 1
    settle(desk)
    money(desk)
    vote(desk)
    pay(desk)
    balances = desk("account", "list").data["balances"]
    assert [(b["fund"], b["amount"], b["check"]) for b in balances if b["account"] == "main"] == [
        ("common_income", "0.00", ""),
        ("service_fee", "10,000.00", ""),
        ("suspense_in", "0.00", ""),
        ("suspense_out", "0.00", ""),
        ("total", "10,000.00", "agrees"),
    ]
    assert [v["debit"] for v in desk("account", "vouchers").data["vouchers"]] == ["10,000.00", "", "10,000.00"]
    head = desk("log", "checkpoint").data
    assert head["size"] == desk.size() == desk("log", "show").data["published_size"]
