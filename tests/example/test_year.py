"""The example's year: the money that moved to the fen, the roads it took, and what must not stand in the ledger.

The control sums are those of the source's own register. Where the source lies beside the repository, rows, matches and names
are compared with it as well.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.accounts.booking import Line
from ledger.example import community, figures, year
from ledger.example.desk import Desk
from ledger.money import parse_yuan
from ledger.people import keyring
from ledger.period import legal_day, parse_rfc3339
from ledger.publication.decide import totals_of
from ledger.store.store import Store
from ledger.votes.facts import MotionDecided
from tests.example.built import Year, build_or_find

SOURCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "jiangan"
MONTHLY = ("L11", "L12", "L38")
"""Letters about contracts that are paid month by month."""
SUSPENSE = {"2018H2#10": 50_000, "2019H1#66": -6_000, "2019H1#83": -240_000}
NAMES = {
    "801e0e15e7092b40",
    "a12a33ece5e007dc",
    "b3290cd511c3b199",
}
"""First 16 hex digits of the SHA-256 of each name of a natural person in the source: so that no name stands here either."""


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


def yuan(text: str) -> int:
    return parse_yuan(text)


def of(example: Year, half: str, account: str = "main") -> Iterator[Line]:
    return (line for line in example.lines if line.period == half and line.move.account == account)


def paper(example: Year, line: Line) -> str:
    return example.called(line.move.document) if line.move.document else ""


def is_letter(example: Year, line: Line) -> bool:
    """Whether a line pays one letter: no instalment, and no advance given back."""
    return line.move.amount < 0 and paper(example, line) not in ("", *MONTHLY, "L14")


# --- money that moved ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("half", "book", "bank", "opening"),
    [
        ("2018H2", "155465.21", "155965.21", "86420.15"),
        ("2019H1", "284290.17", "282330.17", "155465.21"),
    ],
)
def test_book_and_bank_close_where_the_register_says(
    example: Year, half: str, book: str, bank: str, opening: str
) -> None:
    statement = example.statement(half)
    (main,) = (a for a in statement["accounts"] if a["code"] == "main")
    assert (main["opening"], main["closing"], main["bank_balance"]) == (yuan(opening), yuan(book), yuan(bank))
    assert main["opening"] + main["received"] - main["spent"] == main["closing"]
    assert (main["complete"], main["confirmed"]) == (True, True)
    assert all(table["agrees"] for table in statement["reconciliation"])


@pytest.mark.parametrize(("half", "total"), [("2018H2", "75284.16"), ("2019H1", "736633.59")])
def test_receipts_add_up(example: Year, half: str, total: str) -> None:
    assert sum(line.move.amount for line in of(example, half) if line.move.amount > 0) == yuan(total)


@pytest.mark.parametrize(("half", "total"), [("2018H2", "6239.10"), ("2019H1", "404238.63")])
def test_letters_paid_by_bank_add_up(example: Year, half: str, total: str) -> None:
    assert -sum(line.move.amount for line in of(example, half) if is_letter(example, line)) == yuan(total)


def test_forty_six_letters_are_paid_by_bank(example: Year) -> None:
    lines = [*of(example, "2018H2"), *of(example, "2019H1")]
    assert len({paper(example, line) for line in lines if is_letter(example, line)}) == 46


def test_instalments_and_the_advance_given_back_add_up(example: Year) -> None:
    rest = [line for line in example.lines if line.move.account == "main" and line.move.amount < 0]
    derived = [line for line in rest if not is_letter(example, line)]
    assert (len(derived), -sum(line.move.amount for line in derived)) == (23, yuan("203570.00"))


def test_petty_cash(example: Year) -> None:
    spent = [line for line in of(example, "2018H2", "box") if line.move.amount < 0]
    assert (len(spent), -sum(line.move.amount for line in spent)) == (5, yuan("18560.50"))
    closings = {a["code"]: a["closing"] for a in example.statement("2018H2")["accounts"]}
    assert closings["box"] == yuan("1439.50")
    assert {t["account"]: t["closing"] for t in example.statement("2019H1")["funds"]}["box"] == 0
    (back,) = (line for line in of(example, "2019H1", "box"))
    assert (back.move.amount, back.move.nature, back.on) == (-yuan("1439.50"), "own_transfer", "2019-01-08")


def test_the_half_year_on_the_poster(example: Year) -> None:
    totals = example.statement("2019H1")["totals"]
    assert totals["income"] == yuan("539793.77")
    assert totals["expense"] == yuan("587560.58")
    assert totals["others_spent"] == yuan("20248.05")
    by_nature = Counter[str]()
    for line in of(example, "2019H1"):
        if line.move.amount > 0:
            by_nature[line.move.nature] += line.move.amount
    assert by_nature["pass_through"] == yuan("5633.18")
    assert by_nature["payable"] + by_nature["own_transfer"] == yuan("191206.64")
    assert sum(by_nature.values()) == yuan("736633.59")


def test_what_the_half_year_brought_and_cost_by_category(example: Year) -> None:
    received, spent = Counter[str](), Counter[str]()
    for line in of(example, "2019H1"):
        (received if line.move.nature == "income" else spent)[line.move.category] += abs(line.move.amount)
        assert line.move.nature != "income" or line.move.fund == (
            "service_fee" if line.move.category == "service_fee" else "common_income"
        )
    assert {name: received[name] for name in ("service_fee", "rent", "advert", "interest")} == {
        "service_fee": yuan("414889.39"),
        "rent": yuan("76500.00"),
        "advert": yuan("48000.00"),
        "interest": yuan("404.38"),
    }
    shown = ("water", "power", "cleaning", "lift", "fire", "materials")
    assert [spent[name] for name in shown] == [
        yuan(text) for text in ("202779.33", "139022.85", "138600.00", "37083.00", "16383.00", "15557.00")
    ]
    expenses = Counter[str]()
    for line in of(example, "2019H1"):
        if line.move.nature == "expense":
            expenses[line.move.category] -= line.move.amount
    assert sum(amount for name, amount in expenses.items() if name not in shown) == yuan("38135.40")


def test_three_bank_rows_stay_in_suspense(example: Year) -> None:
    held = {example.called(s.row).removeprefix("row "): s.amount for s in example.books.accounts.suspense.values()}
    assert held == SUSPENSE


def test_the_service_fund_never_falls_below_its_lowest_point(example: Year) -> None:
    balance = lowest = yuan("86420.15")
    for line in example.lines:
        if (line.move.account, line.move.fund) == ("main", "service_fee"):
            balance += line.move.amount
            lowest = min(lowest, balance)
    assert lowest == yuan("56029.76")


def test_the_opening_balance_is_unproven(example: Year) -> None:
    assert example.books.accounts.unproven == (("main", "service_fee", yuan("86420.15")),)
    assert [f.get("unproven", 0) for f in example.statement("2018H2")["funds"]] == [0, 0, yuan("86420.15")]


def test_vouchers_balance_and_are_numbered_without_a_gap(example: Year) -> None:
    assert all(sum(leg.debit - leg.credit for leg in voucher.legs) == 0 for voucher in example.vouchers)
    months = defaultdict(list)
    for voucher in example.vouchers:
        months[voucher.number[:7]].append(int(voucher.number[8:]))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in months.values())


# --- the roads of a payment ----------------------------------------------------------------------------------------------


def test_every_road_is_seen(example: Year) -> None:
    rests_on = {
        half: {row["basis"]: (row["count"], row["amount"]) for row in example.statement(half)["decisions"]["by_basis"]}
        for half in ("2018H2", "2019H1")
    }
    assert rests_on["2018H2"] == {
        "budget": (2, yuan("4186.50")),
        "delegation": (6, yuan("11253.10")),
        "none": (1, yuan("9360.00")),
    }
    assert rests_on["2019H1"] == {
        "motion": (1, yuan("7548.00")),
        "budget": (29, yuan("376044.29")),
        "delegation": (28, yuan("36433.95")),
        "ratified": (4, yuan("89919.54")),
        "none": (3, yuan("97862.85")),
    }


def test_what_is_left_without_authority(example: Year) -> None:
    left = {example.called(ref.partition("#")[0]): u.amount for ref, u in example.books.accounts.unfounded.items()}
    assert left == {
        "row 2019H1#54": yuan("7742.97"),
        "row 2019H1#65": yuan("84885.38"),
        "row 2019H1#82": yuan("5234.50"),
    }


def test_no_decision_is_forged(example: Year) -> None:
    decided = [fact for facts in example.facts for fact in facts if isinstance(fact, MotionDecided)]
    assert [(d.title[:3], d.passed, d.founds_authority) for d in decided] == [
        ("示例：", True, True),
        ("示例：", True, True),
        ("示例：", True, True),
        ("示例：", True, True),
        ("示例：", False, True),
    ]
    letters = [b for b in example.bodies("document.entered") if b["kind"] in ("letter", "quote")]
    assert (len(letters), {b["approval_printed"] for b in letters}) == (70, {"业委会批文未见"})


def test_every_approval_came_before_the_bank_paid(example: Year) -> None:
    approved: defaultdict[str, list[str]] = defaultdict(list)
    proposals = {}
    paid = 0
    for entry in example.entries:
        body, kind = entry.record.body, entry.record.kind
        if kind == "withdrawal.proposed/1":
            proposals[entry.record.digest] = body["application"]
        if kind == "withdrawal.approved/1":
            approved[proposals[body["proposal"]]].append(legal_day(entry.time, 480).isoformat())
        if kind in ("bank.row/1", "cash.paid/1"):
            for settled in (part["settles"] for part in body["parts"] if "#" in part.get("settles", "")):
                assert max(approved[settled.partition("#")[0]]) <= body["on"], example.called(entry.record.digest)
                paid += 1
    assert paid == 8 + 58


def test_a_large_withdrawal_hung_ten_days_waited_for_an_answer_and_had_two_approvals(example: Year) -> None:
    of_cleaning = example.digests["proposal c-out-02"]
    proposed = next(e for e in example.entries if e.record.digest == of_cleaning)
    approvals = [
        legal_day(e.time, 480).isoformat()
        for e in example.entries
        if e.record.kind == "withdrawal.approved/1" and e.record.body["proposal"] == of_cleaning
    ]
    assert (legal_day(proposed.time, 480).isoformat(), approvals) == ("2018-12-17", ["2018-12-28", "2018-12-28"])


def test_nothing_was_signed_out_of_its_time(example: Year) -> None:
    assert all(entry.record.at_ms == entry.time for entry in example.entries)
    assert example.books.example
    moments = [parse_rfc3339(step.at) for step in year.steps()]
    assert moments == sorted(set(moments)), "two sittings at one moment"


# --- owners and papers -----------------------------------------------------------------------------------------------------


def test_rooms_owners_and_votes(example: Year) -> None:
    people = example.books.people
    counted = [unit for unit in people.units.values() if unit.counts_area]
    owners = {owner for unit in people.units.values() for owner in unit.owners}
    assert (len(people.units), len(counted), len(owners)) == (882, 734, 642)
    assert sum(unit.area for unit in counted) == 6_059_369
    assert all(len(people.persons[owner].keys) == 1 for owner in owners)
    for roll in example.bodies("roll.frozen"):
        assert (roll["units"], roll["leaves"], roll["heads"], roll["area"]) == (734, 642, 642, 6_059_369)
    for certificate in example.bodies("meeting.certified"):
        assert certificate["cast"]["heads"] == 500
        assert "unopened" not in certificate
        assert all(item["counted"]["participation"]["met"] for item in certificate["items"])
    assert any(body["revision"] == 2 for body in example.bodies("ballot.cast"))


def test_papers_stand_as_printed(example: Year) -> None:
    papers = {
        example.called(e.record.digest): e.record.body for e in example.entries if e.record.kind == "document.entered/1"
    }
    assert papers.pop("plan paper")["original"] == community.text_digest("plan.txt")  # the example's own
    assert len(papers) == 84
    assert sum(len(body.get("lines", ())) for body in papers.values()) == 157
    assert papers["L04"]["lines"][8]["quantity_printed"] == papers["L04"]["lines"][8]["price_printed"] == "119"
    assert papers["L04"]["lines"][8]["amount_printed"] == yuan("119.00")
    assert "amount_printed" not in papers["L04"]["lines"][13]
    assert papers["L50"]["total_printed"] == yuan("2105.00") != sum(n["amount_printed"] for n in papers["L50"]["lines"])
    assert papers["L42"]["number_printed"] == papers["L43"]["number_printed"]
    assert (papers["L63"]["dated"], papers["L63"]["saved"]) == ("2019-04-28", "2019-03-31")
    contracts = {body["code"]: body for body in example.bodies("contract.entered")}
    assert len(contracts) == 34
    assert contracts["c-in-12"]["end_printed"] == "2023-11-31"
    assert "end" not in contracts["c-in-12"]
    assert {e["nature"] for e in contracts["c-in-04"]["expected"]} == {"income"}


def test_a_replaced_letter_was_asked_for_and_dropped(example: Year) -> None:
    (dropped,) = example.bodies("withdrawal.dropped")
    assert example.called(dropped["application"]) == "application L34"
    assert not example.books.accounts.withdrawals


# --- what must not stand in the ledger -----------------------------------------------------------------------------------


def test_no_natural_person_is_named_in_any_entry_or_file(example: Year) -> None:
    texts = [entry.raw.decode() for entry in example.entries]
    texts += [(example.folder / "statements" / f"{half}.json").read_text("utf-8") for half in ("2018H2", "2019H1")]
    texts += [figures.read(f"{name}.csv").decode() for name in ("papers", "paper_lines", "parties", "contracts")]
    texts += [figures.read(f"bank/{name}.csv").decode("gb18030") for name in ("2018H2", "2019Q1")]
    met = {
        run[at : at + 3]
        for text in texts
        for run in re.findall(r"[\u4e00-\u9fff]{3,}", text)
        for at in range(len(run) - 2)
    }
    assert not {name for name in met if sha256(name.encode()).hexdigest()[:16] in NAMES}


def test_no_room_is_named_in_public(example: Year) -> None:
    labels = {unit.label for unit in figures.units()}
    room = re.compile(r"(?<![0-9-])(?:[123]|P|C-B[12])-[0-9]{3,4}(?![0-9])")
    met = {label for entry in example.entries for label in room.findall(entry.record.raw.decode())}
    assert not met & labels


def test_private_texts_are_kept_for_whoever_may_see_them(example: Year) -> None:
    with Store.open(example.folder / "ledger.db") as store:
        row = store.opening(example.digests["row 2018H2#10"], "narration")
        assert isinstance(row.value, dict)
        assert row.value["name"] == "个人乙"
        chair = store.opening(example.digests["genesis"], "persons/0/name")
        assert chair.value == "示例业主委员会主任"


def test_one_key_ring_holds_the_keys_of_everybody_and_of_the_log(example: Year) -> None:
    ring = keyring.load(example.folder / "example.keyring", figures.settings()["passphrase"])
    enrolled = set(example.books.people.keys)
    assert {key.key for key in ring.keys.values()} == enrolled
    assert ring.log is not None
    assert tuple(map(str, ring.log.vkeys)) == example.books.vkeys


def test_the_same_seed_gives_the_same_bytes() -> None:
    settings = figures.settings()
    first, second = (
        community.genesis(Desk(settings["seed"], parse_rfc3339(settings["opened"]))).record.digest for _ in range(2)
    )
    assert first == second
    assert Desk("another seed", 0).key("chair").public != Desk(settings["seed"], 0).key("chair").public


# --- beside the source -----------------------------------------------------------------------------------------------------

beside_the_source = pytest.mark.skipif(
    not SOURCE.is_dir(), reason="the source of the figures is not beside the repository"
)


def rows_of(name: str) -> list[dict[str, str]]:
    with (SOURCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@beside_the_source
def test_every_bank_row_is_what_the_source_matches_it_to(example: Year) -> None:
    said = {example.called(e.record.digest): e.record.body for e in example.entries if e.record.kind == "bank.row/1"}
    assert len(said) == 123
    for match in rows_of("bank_match.csv"):
        body = said[f"row {match['bank_file'][5:11]}#{match['row_no']}"]
        amount = yuan(match["amount"]) * (1 if match["direction"] == "贷" else -1)
        assert (body["on"], body["amount"]) == (match["date"], amount)
        assert sum(part["amount"] for part in body["parts"]) == (amount if match["status"] == "MATCHED" else 0)


@beside_the_source
def test_the_names_watched_for_are_the_sources(example: Year) -> None:
    named = {
        row["对方户名"]
        for half in ("2018H2", "2019H1")
        for row in rows_of(f"bank_{half}.csv")
        if row["对方账号"][:4] == "6217"
    }
    assert {sha256(name.encode()).hexdigest()[:16] for name in named} == NAMES
    assert not [name for name in named for entry in example.entries if name in entry.raw.decode()]


@beside_the_source
def test_the_register_of_control_sums_says_the_same(example: Year) -> None:
    text = (SOURCE / "README.md").read_text("utf-8")
    table = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE))
    for half in ("2018H2", "2019H1"):
        (main,) = (a for a in example.statement(half)["accounts"] if a["code"] == "main")
        assert main["closing"] == yuan(table[f"book closing {half}"])
        assert main["bank_balance"] == yuan(table[f"bank {half} closing"])
        assert main["difference"] == yuan(table[f"bank minus book {half}"])
        assert main["received"] == yuan(table[f"income {half}"])
    assert sum(t.closing for t in totals_of(example.books.accounts, "2019H2") if t.account == "box") == yuan(
        table["petty cash closing"]
    )
