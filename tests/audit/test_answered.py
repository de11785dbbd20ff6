"""What was said of findings and checks: answers stand beside the finding, and a lowered check still speaks, as a notice."""

from typing import Any

import pytest

from ledger import canonical, period
from ledger.audit.review import review
from ledger.log import merkle
from ledger.paper.findings import Findings, Registers
from ledger.paper.phrases import Phrases
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.reports.drawn import published, reviewed
from tests.community import BOTH

CODE = "payment.no_authority"


def unfounded() -> Treasury:
    """A ledger on which one check finds one thing."""
    house = treasury()
    house.take((house.day, -30_00, [spent(30_00)]))
    return house


def finding(report: Any) -> dict[str, Any]:
    (found,) = (one for one in report["findings"] if one["code"] == CODE)
    return dict(found)


def test_an_answer_stands_beside_its_finding() -> None:
    house = unfounded()
    before = finding(reviewed(house).report)
    assert "answers" not in before
    text, _ = house.commit("finding.answered/1", "text", "已补议")
    said = {"finding": before["key"], "check": CODE, "text": text}
    answers = [house.act("finding.answered/1", said, by=["chair"])]
    other, _ = house.commit("finding.answered/1", "text", "另一条")
    house.act("finding.answered/1", {"finding": "00" * 32, "check": CODE, "text": other}, by=["chair"])
    made = reviewed(house)
    after = finding(made.report)
    assert [place["record"] for place in after.pop("answers")] == answers
    assert after == before
    assert str(len(house.entries) - 2) in made.report["proofs"]


def test_a_lowered_check_speaks_as_a_notice_and_is_never_silent() -> None:
    house = unfounded()
    before = reviewed(house)
    assert CODE in [one["code"] for one in before.open]
    digest = house.act("check.lowered/1", {"check": CODE, "reason": "小额零星支出已报街道"}, by=BOTH)
    made = reviewed(house)
    after = finding(made.report)
    lowered = after.pop("lowered")
    assert (lowered["record"], lowered["reason"]) == (digest, "小额零星支出已报街道")
    assert after == finding(before.report)
    assert CODE not in [one["code"] for one in made.open]
    assert len(made.open) < len(made.findings)


@pytest.mark.parametrize(("days", "holds"), [(1, True), (0, True), (-1, False)])
def test_the_newest_act_of_a_check_says_until_when_it_is_lowered(days: int, holds: bool) -> None:
    house = unfounded()
    house.act("check.lowered/1", {"check": CODE, "reason": "已报街道"}, by=BOTH)
    until = period.add_days(period.parse_day(house.day), days).isoformat()
    house.act("check.lowered/1", {"check": CODE, "reason": "新一届委员会", "until": until}, by=BOTH)
    assert ("lowered" in finding(reviewed(house).report)) == holds


def test_whoever_draws_it_up_from_the_log_has_the_same_and_each_entry_named_is_proven() -> None:
    house = unfounded()
    house.act("check.lowered/1", {"check": CODE, "reason": "已报街道"}, by=BOTH)
    made = review(published(house), bundle=False)
    assert made.raw == reviewed(house).raw == canonical.encode(dict(made.report))
    entry = finding(made.report)["lowered"]["entry"]
    proof = made.report["proofs"][str(entry)]
    path = [bytes.fromhex(node) for node in proof["path"]]
    root = bytes.fromhex(made.report["root"])
    merkle.check_inclusion(bytes.fromhex(proof["leaf"]), entry, made.report["size"], path, root)


@pytest.mark.parametrize(
    ("locale", "lowered", "answered"),
    [
        ("zh_CN", "本小区已将此项降为提醒：已报街道（存证记录 第7号）", "已有答复：存证记录 第8号、第9号"),
        ("en", "Lowered to a notice here: 已报街道 (entries 7)", "Answered: entries 8, 9"),
    ],
)
def test_both_are_said_in_words(locale: str, lowered: str, answered: str) -> None:
    spoken = Findings(Phrases(locale), Registers())
    record = "ab" * 32
    said: dict[str, Any] = {"lowered": {"entry": 7, "record": record, "reason": "已报街道"}}
    said |= {"answers": [{"entry": 8, "record": record}, {"entry": 9, "record": record}]}
    assert list(spoken.remarks(said)) == [lowered, answered]
    assert list(spoken.remarks({})) == []
