"""The year of the example in order: from the genesis in October 2018 to an audit in July 2019.

========================  =============================================================================================
2018-10-20 … 10-23        genesis, calendars, chart, accounts; owners, rooms; the parties that the budget names
2018-10-24 … 11-27        the autumn meeting: a budget and a delegation
2018-11-01                the books open
2018-11-28 … 11-29        machine 2; the manager's terms, a year's open budget
2018-12 … 2019-05         letters come in, payments are asked for, proposed, approved; cash is paid from the box
2018-12-24 … 12-28        an owner's question holds the one large payment that hangs in public, until its answer
2019-01-03 … 01-10        the bank's file of 2018H2, its confirmation, the statement
2019-01-12 … 01-25        a board is seen; a question, answered in time
2019-04-03                the bank's file of the first quarter
2019-04-08 … 05-05        the spring meeting: one payment decided beforehand, five ratified, two refused
2019-05-08 … 05-22        a question on paper, answered late
2019-07-02 … 07-12        the bank's file of 2019H1, its confirmation, the statement; a question on paper that waits
2019-07-15 … 07-19        an auditor; an audit of the trust model, signed and hung
========================  =============================================================================================
"""

from collections.abc import Iterable, Sequence
from functools import partial

from ledger.example import audits, bank, community, figures, papers, payments, questions, statements, trust, votes
from ledger.example.desk import Desk, Step
from ledger.period import parse_rfc3339


def steps() -> Sequence[Step]:
    """Everything after the genesis, in the order of its moments."""
    together = [
        *_founding(),
        *trust.steps(),
        *_papers(),
        *payments.steps(),
        *votes.steps(),
        *bank.steps(),
        *questions.steps(),
        *statements.steps(),
        *audits.steps(),
    ]
    return sorted(together, key=lambda step: parse_rfc3339(step.at))


def _founding() -> Iterable[Step]:
    yield Step("2018-10-20T10:00:00+08:00", "founding", community.adopt)
    yield Step("2018-10-21T10:00:00+08:00", "persons", community.enter_persons)
    yield Step("2018-10-22T10:00:00+08:00", "units", community.enter_units)
    yield Step("2018-10-23T10:00:00+08:00", "papers", _enter_budgeted)
    yield Step("2018-11-01T18:00:00+08:00", "founding", community.open_books)


def _papers() -> Iterable[Step]:
    for day, received in papers.received().items():
        yield Step(f"{day}T16:30:00+08:00", "papers", partial(papers.enter, papers=received))


def _enter_budgeted(desk: Desk) -> None:
    """The parties that the motions of the first meeting name."""
    effects = [motion["effect"] for motion in figures.settings()["meetings"][0]["motions"]]
    named = (line.get("party") for effect in effects for line in effect.get("lines", ()))
    papers.enter_parties(desk, dict.fromkeys(code for code in named if code))
