"""The life of a community in which every kind of record stands at least once, singly signed where it stands first.

It is made in memory, with everything that the books check; :attr:`Life.steps` are its submissions with their times, to be
handed in again to a real ledger, one after another, with other ones in between that must be refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger.log.entry import Record, Signature, Submission
from ledger.publication.statement import publication_body
from ledger.rules import calendar
from tests.accounts.treasury import Treasury, fees, to_box
from tests.community import BOTH, Flat, PrivateKey, digest_of, profile_with
from tests.poll import Poll, motion
from tests.publication.drawing import drawn
from tests.store.settled import ORIGIN, log_keys

BUDGET = {
    "type": "budget",
    "start": "2026-01-20",
    "until": "2026-12-31",
    "lines": [{"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 500_000}],
}


@dataclass(frozen=True)
class Step:
    """One submission, the private keys that signed it, and when it was handed in."""

    submission: Submission
    keys: tuple[PrivateKey, ...]
    time: int

    @property
    def record(self) -> Record:
        """What was signed."""
        return self.submission.record


class Life(Treasury):
    """Everything that happens, in order; ``steps`` has all of it."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._signed_by: dict[str, tuple[PrivateKey, ...]] = {}
        units = {"count": 2, "area": 20_000, "source": digest_of("survey")}
        vkeys = list(map(str, log_keys().vkeys))
        super().__init__(genesis={"vkeys": vkeys, "origin": ORIGIN, "units": units, "machine": 1})
        self.people_and_rules()
        self.open()
        self.vote()
        self.bank_and_box()
        self.withdrawals_end()
        self.publish()
        self.object()
        self.trust()

    def sign(self, record: Record, by: Sequence[Any]) -> list[Signature]:
        """As any community, remembering with which keys."""
        self._signed_by[record.digest] = tuple(map(self._private, by))
        return super().sign(record, by)

    def submit(self, record: Record, signed: Sequence[Signature]) -> str:
        """As any community, and one step more."""
        digest = super().submit(record, signed)
        submission = Submission(record, tuple(signed), self.openings_of(record))
        self.steps.append(Step(submission, self._signed_by.get(digest, ()), self.time))
        return digest

    def people_and_rules(self) -> None:
        """Owners, keys, offices, units, rules."""
        self.enter("li", "wang")
        flats = [Flat("a1", owners=("li",)), Flat("a2", owners=("wang",))]
        for flat in flats:
            self.act("unit.entered/1", self.unit_body(flat), by=BOTH)
        entering = self.books.people.entering
        closing = {"count": 2, "area": entering.area, "root": entering.range.root().hex()}
        self.act("units.closed/1", closing, by=BOTH)
        self.change_unit(Flat("a2", owners=("wang", "li")))
        self.revoke(self.enrol("li"), by="registrar")
        self._keys["li"].pop()
        held = {"person": self.ref("zhang"), "role": "scrutineer", "source": digest_of("minutes")}
        self.act("role.appointed/1", held | {"body": "assembly", "start": "2026-01-01", "end": "2026-12-31"}, by=BOTH)
        self.act("role.ended/1", held | {"on": self.day}, by=BOTH)
        text = profile_with("notice.regular", '"14d"')
        self.act("profile.adopted/1", {"text": text, "source": digest_of("minutes")}, by=BOTH)
        self.act("calendar.adopted/1", {"year": 2026, "text": calendar.shipped_text(2026)}, by=BOTH)
        bylaws = {"document": digest_of("other rules"), "source": digest_of("minutes")}
        self.act("bylaws.adopted/1", bylaws, by=BOTH)
        mandate = [{"least": 1, "seats": [["chair", "vice_chair"]]}]
        self.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("minutes")}, by=BOTH)

    def vote(self) -> None:
        """A budget passed, and a meeting that was withdrawn."""
        other = Poll(self, [motion(9)], days=(40, 7))
        other.call()
        self.act("meeting.withdrawn/1", {"meeting": other.called, "reason": "另行召开"}, by=["chair"])
        poll = Poll(self, [motion(9, effect=BUDGET)], days=(15, 7))
        poll.prepare()
        poll.cast("a1", "y")
        poll.cast("a2", "y")
        poll.close()
        for ballot in poll.ballots.values():
            self.act("ballot.opened/1", poll.opening(ballot), by=["chair"])
        poll.certify()
        self.motion = f"{poll.called}#0"

    def bank_and_box(self) -> None:
        """A deposit and a stage settled by rows, suspense cleared, cash paid and counted."""
        deposit = self.deposit(100_00)
        asked = self.apply_for(50_00)
        self.approve(self.propose(asked, self.motion))
        self.act("withdrawal.instructed/1", {"stage": f"{asked}#0", "on": self.day}, by=["treasurer"])
        rows = [
            (self.day, 100_00, [{"amount": 100_00, "settles": deposit}]),
            (self.day, -50_00, [{"amount": -50_00, "settles": f"{asked}#0"}]),
            (self.day, -30_00, [to_box(30_00)]),
            (self.day, 7_00, []),
        ]
        file = self.act("bank.imported/1", self.file_body(rows), by=["treasurer"])
        balance, kept = self.bank.balance, []
        for number, row in enumerate(rows):
            balance += row[1]
            kept.append(self.act("bank.row/1", self.row_body(file, number, row, balance), by=["treasurer"]))
        self.confirm(file)
        wrong = self.act("bank.imported/1", self.file_body([(self.day, 3_00)]), by=["treasurer"])
        self.act("bank.rejected/1", {"file": wrong, "reason": "导错了账户"}, by=["treasurer"])
        self.clear(kept[-1], fees(7_00))
        self.pay_cash({"amount": -12_00, "fund": "service_fee", "category": "lift", "nature": "expense"}, account="box")
        self.act("cash.counted/1", {"account": "box", "on": self.day, "counted": 18_00}, by=["treasurer", "chair"])
        self.cleared = kept[-1]

    def withdrawals_end(self) -> None:
        """One is dropped; what was said of a row is taken back."""
        asked = self.apply_for(60_00)
        self.act("withdrawal.dropped/1", {"application": asked, "reason": "撤回"}, by=["treasurer"])
        self.contra(self.deposit(5_00))

    def publish(self) -> None:
        """The half-year is published, posted and corrected."""
        self.set_clock("2026-07-10T09:00:00+08:00")
        body = publication_body(drawn(self), self.accounts)
        statement = self.act("statement.published/1", body, by=["treasurer", "chair"])
        hung = {"record": statement, "start": self.day, "until": "2026-07-25", "places": ["北门"]}
        self.act("posting.hung/1", hung, by=["treasurer"])
        noticed = {"statement": statement, "line": 0, "was": "1", "now": "2", "reason": "录入有误"}
        self.act("correction.noticed/1", noticed, by=["treasurer", "chair"])

    def object(self) -> None:
        """The ledger learns of objections; one is filed, one taken in on paper, both are answered."""
        self.act("machine.adopted/1", {"machine": 2, "source": digest_of("minutes")}, by=BOTH)
        filed = self.act("objection.filed/1", self.objection(self.letter, "这封函我没见过"), by=["li"])
        paper = self.objection(self.letter, "请说明", "objection.received/1")
        self.act("objection.received/1", paper | {"owner": self.ref("wang"), "slip": "2026-001"}, by=["registrar"])
        self.act("objection.answered/1", self.answer(filed, "函在居委会可查"), by=["chair"])
        self.act("objection.concluded/1", {"objection": filed, "outcome": "satisfied"}, by=["li"])

    def trust(self) -> None:
        """A trustee's terms, a deduction, an open budget; a report, an answer to a finding, a check lowered, a poster seen."""
        terms: dict[str, Any] = {
            "code": "t1",
            "trustee": "lift",
            "document": self.letter,
            "start": "2026-01-01",
            "until": "2028-12-31",
        }
        terms |= {"rate": "9/100", "base": "received", "categories": ["service_fee"], "fund": "service_fee"}
        self.act("trust.agreed/1", terms | {"category": "lift"}, by=BOTH)
        forfeited = {"trust": "t1", "on": self.day, "amount": 5_00, "reason": "迟报", "evidence": self.letter}
        self.act("trust.deducted/1", forfeited, by=BOTH)
        line = {"line": "fees", "direction": "in", "fund": "service_fee", "categories": ["service_fee"], "amount": 9_00}
        plan = {"code": "y1", "start": "2026-01-01", "until": "2026-12-31", "document": self.letter, "lines": [line]}
        self.act("plan.adopted/1", plan, by=BOTH)
        office = {"person": self.ref("wang"), "role": "auditor", "body": "assembly", "source": digest_of("minutes")}
        self.act("role.appointed/1", office | {"start": "2026-01-01", "end": "2026-12-31"}, by=BOTH)
        report: dict[str, Any] = {
            "sort": "annual",
            "start": "2026-01-01",
            "until": "2026-06-30",
            "prefix": 20,
            "opinion": "qualified",
        }
        report |= {"checks": 1, "form": 1, "report": digest_of("report"), "firm": "事务所", "report_number": "一号"}
        self.act("audit.reported/1", report, by=["wang"])
        text, _ = self.commit("finding.answered/1", "text", "抄错了")
        answer = {"finding": digest_of("finding"), "check": "contract.impossible_day", "text": text}
        self.act("finding.answered/1", answer, by=["chair"])
        self.act("check.lowered/1", {"check": "signs.round_sums", "reason": "按整数付"}, by=BOTH)
        where, _ = self.commit("posting.seen/1", "where", "北门")
        seen = {"record": self.letter, "on": self.day, "where": where, "evidence": digest_of("photograph")}
        self.act("posting.seen/1", seen, by=["li"])


@cache
def life() -> Life:
    """The life, made once."""
    return Life()
