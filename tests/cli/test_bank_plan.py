"""An edited plan: what is shown before the signature is what is signed, not what the program would have proposed."""

import json

from tests.cli.desk import Desk
from tests.cli.test_year import money

FILE = """账号,尾号8816
交易日期,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,摘要
20260105,,8.12,10008.12,,结息
20260106,,500.00,10508.12,王五,转账
"""
DAYS = ("--account", "main", "--start", "2026-01-01", "--end", "2026-01-06")


def test_an_edited_plan_is_shown_as_it_is_booked(opened: Desk) -> None:
    desk = opened
    money(desk)
    desk.file("bank.csv", FILE)
    desk.advance(days=3)
    proposed = desk("bank", "preview", "bank.csv", *DAYS, "--plan", "plan.json").data["rows"]
    assert [row["open"] for row in proposed] == ["0.00", "500.00"]
    plan = json.loads((desk.folder / "plan.json").read_text("utf-8"))
    parking = {"amount": 50_000, "fund": "common_income", "category": "parking", "nature": "income"}
    plan["rows"][1]["parts"] = [parking]
    desk.file("edited.json", json.dumps(plan))
    take = ("bank", "import", "bank.csv", *DAYS, "--plan", "edited.json", "--as", "treasurer", "--yes")
    shown = desk("--lang", "en", *take, "--dry-run", as_json=False).out
    interest, other = [line for line in shown.split("\n") if "2026-01-0" in line]
    assert "interest" in interest
    assert "as the edited plan says" in other
    assert other.split()[-1] == "0.00"
    desk(*take)
    assert [row["status"] for row in desk("bank", "suspense").data["open"]] == ["unconfirmed"]
