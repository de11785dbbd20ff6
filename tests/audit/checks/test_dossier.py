"""What is gathered of a ledger for the checks, and what is not."""

from collections.abc import Sequence

import pytest

from ledger.accounts.booking import Line
from ledger.accounts.facts import BankMoved
from ledger.accounts.records import BankRow, DocumentEntered, PartyEntered
from ledger.audit.checks import Gathering
from ledger.audit.checks.dossier import Noted
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import dossier_of
from tests.community import digest_of, profile_with


def amounts(lines: Sequence[Noted[Line]]) -> list[int]:
    return [noted.fact.move.amount for noted in lines]


def test_an_act_says_where_and_when_it_stands_and_who_signed_it() -> None:
    house = treasury()
    house.advance(days=1)
    first = house.document("甲")
    second = house.document("乙")
    house.advance(days=1)
    third = house.document("丙")
    acts = dossier_of(house).acts(DocumentEntered)[-3:]
    assert [act.digest for act in acts] == [first, second, third]
    assert [act.body.subject for act in acts] == ["甲", "乙", "丙"]
    assert [act.day for act in acts] == ["2026-01-06", "2026-01-06", "2026-01-07"]
    assert [act.seq for act in acts] == [entry.seq for entry in house.entries[-3:]]
    assert [signer.person for signer in acts[0].signers] == [house.ref("chair")]
    cited = acts[0].cite("lines/0")
    assert (cited.seq, cited.record, cited.part, cited.day) == (acts[0].seq, first, "lines/0", "2026-01-06")


def test_the_act_of_a_record_if_its_body_is_that() -> None:
    house = treasury()
    paper = house.document("甲")
    case = dossier_of(house)
    act = case.act_of(DocumentEntered, paper)
    assert act is not None
    assert act.body.subject == "甲"
    assert case.act_of(BankRow, paper) is None


def test_only_what_is_asked_for_is_kept() -> None:
    house = treasury()
    house.take((house.day, -1_00, [spent(1_00)]))
    gathering = Gathering([PartyEntered, BankMoved])
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        gathering.add(house.books, entry, facts)
    assert gathering.acts.keys() == {"party.entered/1"}
    assert gathering.facts.keys() == {BankMoved}
    case = gathering.close(house.books)
    assert [act.body.code for act in case.acts(PartyEntered)] == ["lift", "zhao"]
    with pytest.raises(AssertionError, match="reads DocumentEntered"):
        case.acts(DocumentEntered)


def test_lines_stand_until_a_contra_takes_them_back() -> None:
    house = treasury()
    _, wrong, _ = house.take((house.day, -1_00, [spent(1_00)]), (house.day, -2_00, [spent(2_00)]))
    assert amounts(dossier_of(house).lines()) == [-1_00, -2_00]
    house.contra(wrong)
    assert amounts(dossier_of(house).lines()) == [-2_00]


def test_the_lines_that_rest_on_a_paper_and_those_that_name_a_contract() -> None:
    house = treasury()
    parts = [spent(1_00, document=house.letter), spent(2_00, contract="c1"), spent(3_00)]
    house.take((house.day, -6_00, parts))
    case = dossier_of(house)
    assert amounts(case.lines_of(house.letter)) == [-1_00]
    assert amounts(case.lines_under("c1")) == [-2_00]
    assert amounts(case.lines_of(digest_of("no paper"))) == amounts(case.lines_under("")) == []


def adopt(house: Treasury, days: int) -> int:
    """Adopt a profile with so many days for statements; the entry's number."""
    body = {"text": profile_with("statement.publish_within", f'"{days}d"'), "source": digest_of("d")}
    house.act("profile.adopted/1", body, by=house.both)
    return house.entries[-1].seq


def test_an_entry_is_judged_by_the_profile_before_it() -> None:
    house = treasury()
    first, second = adopt(house, 10), adopt(house, 20)
    case = dossier_of(house)
    term = {seq: case.profile_at(seq).days("statement.publish_within").count for seq in (0, first, second, second + 1)}
    assert term == {0: 30, first: 30, second: 10, second + 1: 20}
    assert case.profile.days("statement.publish_within").count == 20
