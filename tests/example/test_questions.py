"""The example's machine 2: the manager's terms, owners' questions and their answers, the board that was seen.

That figures and terms are the source's is tested where it lies beside the repository.
"""

import csv
from pathlib import Path

import pytest

from ledger import canonical
from ledger.accounts.trust import pay
from ledger.example import figures, questions
from ledger.money import format_yuan, parse_yuan
from ledger.paper import scan
from ledger.publication.objections import QuestionAnswered, QuestionAsked, QuestionConcluded
from ledger.rules.ratio import Share
from ledger.store.private import EVERYBODY, PUBLIC
from ledger.store.store import Store
from tests.example.built import Year, build_or_find

SOURCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "jiangan"


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


def place(example: Year, name: str) -> int:
    """Where what the script calls so stands in the log."""
    return next(e.seq for e in example.entries if e.record.digest == example.digests[name])


def test_machine_2_is_adopted_by_two_before_the_managers_first_day(example: Year) -> None:
    adopted = example.entries[place(example, "machine")]
    assert (adopted.record.body["machine"], len(adopted.signatures)) == (2, 2)
    assert example.books.machine == 2
    assert dict(example.entries[0].record.body)["machine"] == 1
    assert {example.statement(half)["machine"] for half in ("2018H2", "2019H1")} == {2}


def test_the_terms_are_those_of_contract_and_supplement(example: Year) -> None:
    (terms,) = example.bodies("trust.agreed")
    assert (terms["trustee"], terms["start"], terms["until"]) == ("lanyan", "2018-12-01", "2021-11-30")
    assert (terms["rate"], terms["base"], terms["other_base"]) == ("10/100", "receivable", "received")
    assert terms["document"] == example.digests["S02"]
    assert not {"cap", "supervisor", "motion"} & terms.keys(), "no paper says so"
    assert not example.bodies("trust.deducted"), "nothing was deducted"


def test_one_question_holds_the_large_payment_and_lets_it_go(example: Year) -> None:
    (held,) = (
        fact for facts in example.facts for fact in facts if isinstance(fact, QuestionAsked) and fact.application
    )
    assert held.objection == example.digests["question cleaning"]
    assert held.application == example.digests["application c-out-02"]
    proposal = example.digests["proposal c-out-02"]
    approved = [
        e.seq
        for e in example.entries
        if e.record.kind == "withdrawal.approved/1" and e.record.body["proposal"] == proposal
    ]
    order = [place(example, name) for name in ("proposal c-out-02", "question cleaning", "answer cleaning")]
    assert order == sorted(order)
    assert min(approved) > order[-1]


def test_questions_end_as_told(example: Year) -> None:
    facts = [fact for facts in example.facts for fact in facts]
    asked = {fact.objection: fact for fact in facts if isinstance(fact, QuestionAsked)}
    answered = {fact.objection: fact.on > fact.due for fact in facts if isinstance(fact, QuestionAnswered)}
    assert {example.called(name).removeprefix("question "): late for name, late in answered.items()} == {
        "cleaning": False,
        "stranger": False,
        "water": True,
    }
    assert [fact.outcome for fact in facts if isinstance(fact, QuestionConcluded)] == ["satisfied"]
    (waiting,) = example.books.publication.waiting
    assert waiting.record == example.digests["question twice"]
    assert waiting.due == "2019-07-10" < "2019-07-12"
    assert {asked[example.digests[f"question {name}"]].slip for name in ("water", "twice")} == {
        "2019-0001",
        "2019-0002",
    }
    shown = {half: len(example.statement(half)["objections"]) for half in ("2018H2", "2019H1")}
    assert shown == {"2018H2": 1, "2019H1": 3}


def test_no_text_of_a_question_stands_in_an_entry(example: Year) -> None:
    texts = [text for q in figures.settings()["questions"] for text in (q["text"], q.get("answer", "")) if text]
    assert len(texts) == 7
    raw = "\n".join(entry.raw.decode() for entry in example.entries)
    assert not [text for text in texts if text[:12] in raw]
    with Store.open(example.folder / "ledger.db") as store:
        for question in figures.settings()["questions"]:
            record = example.digests[f"question {question['name']}"]
            assert store.opening(record, "text", EVERYBODY).value == question["text"]
        answer = example.digests["answer water"]
        assert "61号函" in str(store.opening(answer, "text", {PUBLIC}).value)


def test_the_photograph_shows_the_statement_that_hung(example: Year) -> None:
    """Where the year before it changes the poster has another code: draw the photograph again (``tests/example/board.py``)."""
    (sighting,) = figures.settings()["sightings"]
    data = questions.photograph(sighting)
    published = canonical.digest(example.statement("2018H2"))
    assert scan.look(scan.read_codes(data), published).found == "this"
    (seen,) = example.bodies("posting.seen")
    with Store.open(example.folder / "ledger.db") as store:
        assert store.document(seen["evidence"]).data == data


def test_nothing_is_held_that_nobody_asked_about() -> None:
    assert questions.free_from("c-out-02") == "2018-12-28"
    assert questions.free_from("c-out-01") == ""


def test_the_plan_adds_up_as_its_text_says() -> None:
    lines = figures.settings()["plan"]["lines"]
    text = figures.read("texts/plan.txt").decode()
    for direction, total in (("in", "3776321.00"), ("out", "2919572.10")):
        assert sum(line["amount"] for line in lines if line["direction"] == direction) == parse_yuan(total)
        assert f"合计{format_yuan(parse_yuan(total))}元" in text
    assert all(f"{format_yuan(line['amount'])}元" in text for line in lines)


# --- beside the source -----------------------------------------------------------------------------------------------------

beside_the_source = pytest.mark.skipif(
    not SOURCE.is_dir(), reason="the source of the figures is not beside the repository"
)


def rows_of(name: str, key: str) -> dict[str, dict[str, str]]:
    with (SOURCE / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@beside_the_source
def test_rate_and_bases_are_the_sources() -> None:
    rules, terms = rows_of("rules.csv", "rule_id"), figures.settings()["trust"]
    assert (rules["R10"]["value"], rules["R10"]["unit"]) == (rules["R11"]["value"], rules["R11"]["unit"]) == ("10", "%")
    assert "实收" in rules["R10"]["rule"]
    assert "应收" in rules["R11"]["rule"]
    assert "以补充协议为准" in rules["R11"]["note"]
    assert rules["R07"]["rule"] == "每月15日前公布上月服务费收支明细"
    assert (terms["rate"], terms["base"], terms["other_base"]) == ("10/100", "receivable", "received")
    assert terms["report_months"] == 1


@beside_the_source
def test_planned_figures_are_the_sources() -> None:
    planned = {
        row: parse_yuan(one["per_year"]) for row, one in rows_of("budget.csv", "row_id").items() if one["per_year"]
    }
    lines = {line["line"]: line["amount"] for line in figures.settings()["plan"]["lines"]}
    assert lines["fees"] == planned["BG18"] + planned["BG19"] + planned["BG20"]
    assert lines["letting"] == planned["BG17"]
    assert lines["pay"] == planned["BG02"] + planned["BG06"]
    single = {"meals": 4, "travel": 5, "cleaning": 7, "fire": 8, "lift": 9, "access": 10, "septic": 11, "insurance": 12}
    assert {name: lines[name] for name in single} == {name: planned[f"BG{n:02}"] for name, n in single.items()}
    assert lines["remuneration"] == planned["BG21"] == pay(planned["BG19"] + planned["BG20"], Share(10, 100))
