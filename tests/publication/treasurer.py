"""A treasurer at random: years of acts that reach back, are taken back, ratified, dropped, and closed period by period.

``Busy`` keeps what a journal is fed, each entry with its facts. ``act_somehow`` tries one act; what the rules refuse did
not happen. Days are drawn before today too, into open and closed periods alike.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from ledger.accounts.rejection import still_said
from ledger.errors import MingzhangError
from ledger.log.entry import Entry, Record, Signature
from ledger.publication.statement import publication_body
from ledger.votes.facts import MotionDecided
from ledger.votes.state import Scope
from tests.accounts.treasury import Treasury, fees, spent, to_box
from tests.community import digest_of

BANKS = ("bank", "other")


class Busy(Treasury):
    """See the module. ``history``: every entry with its facts; ``said``: records that may be taken back."""

    def __init__(self, random: Random) -> None:
        self.history: list[tuple[Entry, tuple[object, ...]]] = []
        super().__init__()
        self.random = random
        self.open()
        self.account("other", "kept", ["service_fee", "common_income", "maintenance"])
        self.said: list[str] = []
        self.asked: list[str] = []
        self.published: list[str] = []
        self.motion = self._decided(self.budget(cap=90_000_00, categories=["lift"]))

    def submit(self, record: Record, signed: Sequence[Signature]) -> str:
        """As a treasury's; an entry that a refused batch takes back leaves the history too."""
        digest = super().submit(record, signed)
        del self.history[len(self.entries) - 1 :]
        self.history.append((self.entries[-1], self.facts))
        return digest

    def forget_refused(self) -> None:
        """Leave out what a refused batch had begun."""
        del self.history[len(self.entries) :]

    def act_somehow(self) -> None:
        """One act, if the rules have it so."""
        acts: tuple[Callable[[], object], ...] = (
            self._rows, self._rows, self._rows, self._reject, self._reject, self._clear, self._contra, self._contra, self._receipt, self._cash,
            self._withdrawal, self._instruct, self._drop, self.ratify, self._paper, self._correct, self._wait,
        )  # fmt: skip
        try:
            self.random.choice(acts)()
        except MingzhangError:
            self.forget_refused()

    # --- what happens --------------------------------------------------------------------------------------------------

    def _day(self) -> str:
        """Today, or a day before it."""
        back = self.random.choice((0, 0, 0, 3, 20, 90, 200))
        return max(date.fromisoformat(self.day) - timedelta(days=back), date(2026, 1, 1)).isoformat()

    def publish(self, drawn: dict[str, Any]) -> None:
        """Publish a statement drawn up before."""
        body = publication_body(drawn, self.accounts)
        self.published.append(self.act("statement.published/1", body, by=["treasurer", "chair"]))

    def _wait(self) -> None:
        self.advance(days=self.random.choice((1, 10, 30)))

    def _part(self, account: str, sign: int) -> dict[str, Any]:
        random, amount = self.random, self.random.randrange(1, 300_00)
        pending = [p for p in self.accounts.pending.values() if p.account == account]
        stages = [
            (f"{asked.application}#{n}", stage.amount)
            for asked in self.accounts.withdrawals.values()
            if asked.approved and asked.account == account
            for n, stage in enumerate(asked.stages)
            if stage.waiting
        ]
        held = [s for s in self.accounts.suspense.values() if s.account == account and s.amount * sign < 0]
        what = random.random()
        if held and what < 0.4:
            one = random.choice(held)
            return {"amount": sign * random.randint(1, abs(one.amount)), "returns": one.row}
        if sign > 0 and pending and what < 0.8:
            one_ = random.choice(pending)
            return {"amount": one_.net, "settles": one_.deposit}
        if sign < 0 and stages and what < 0.8:
            ref, due = random.choice(stages)
            return {"amount": -due, "settles": ref}
        paper: dict[str, Any] = random.choice(
            ({}, {"contract": "c1"}, {"document": self._any_paper()}, {"party": "lift"})
        )
        if sign > 0:
            return fees(amount, **paper)
        return to_box(amount) if what > 0.9 else spent(amount, **paper)

    def _any_paper(self) -> str:
        return self.random.choice(sorted(key for kind, key in self.past.names if kind == "document"))

    def _rows(self) -> None:
        account = self.random.choice(BANKS)
        last = self.accounts.account(account).rows_until or "2026-01-01"
        days = sorted(max(self._day(), last) for _ in range(self.random.randint(1, 3)))
        rows = []
        for day in days:
            sign = self.random.choice((1, -1))
            parts = [self._part(account, sign) for _ in range(self.random.choice((0, 1, 1, 2)))]
            rest = self.random.choice((0, 0, self.random.randrange(1, 90_00)))
            rows.append((day, sum(part["amount"] for part in parts) + sign * rest or sign, parts))
        taken = self.take(*rows, file={"account": account})
        self.said += taken[1:]
        if self.random.random() < 0.7:
            self.confirm(taken[0])

    def _reject(self) -> None:
        """A file is taken back, what its rows were said to be on any day before; its rows may come again."""
        file = self.random.choice(sorted(self.accounts.imports) or [digest_of("none")])
        for record in still_said(self.past, file, len(self.entries)):
            self.contra(record, on=self._day())
        self.reject(file)

    def _clear(self) -> None:
        row = self.random.choice(sorted(self.accounts.suspense) or [""])
        held = self.accounts.suspense.get(row)
        sign = 1 if held is None or held.amount > 0 else -1
        self.said.append(self.clear(row, self._part(held.account if held else "bank", sign), on=self._day()))

    def _contra(self) -> None:
        self.contra(self.random.choice(self.said or [""]), on=self._day())

    def _receipt(self) -> None:
        account = self.random.choice((*BANKS, "box"))
        cost = self.random.choice((0, 0, 5_00))
        gross = self.random.randrange(10_00, 90_00)
        other = {"cost": cost, "cost_evidence": self.letter} if cost else {}
        self.said.append(self.deposit(gross - cost, account=account, on=self._day(), gross=gross, **other))

    def _cash(self) -> None:
        self.said.append(self.pay_cash(spent(self.random.randrange(1, 20_00)), on=self._day()))

    def _withdrawal(self) -> None:
        amounts = [self.random.randrange(1, 90_00) for _ in range(self.random.randint(1, 2))]
        account = self.random.choice(BANKS)
        self.asked.append(self.approved(*amounts, motion=self.motion, account=account))

    def _instruct(self) -> None:
        stage = f"{self.random.choice(self.asked or [digest_of('none')])}#0"
        self.act("withdrawal.instructed/1", {"stage": stage, "on": self._day()}, by=["treasurer"])

    def _drop(self) -> None:
        application = self.random.choice(self.asked or [digest_of("none")])
        self.act("withdrawal.dropped/1", {"application": application, "reason": "不再需要"}, by=["member"])

    def ratify(self) -> None:
        """The owners ratify some payments: what a certified meeting founds."""
        open_ = sorted(ref for ref, one in self.accounts.unfounded.items() if one.fund != "maintenance")
        if open_:
            payments = self.random.sample(open_, self.random.randint(1, len(open_)))
            motion = self.grant({"type": "ratification", "payments": payments}, name=f"ratified {len(self.entries)}")
            self._feed(self.facts)
            self._decided(motion)

    def _paper(self) -> None:
        if self.random.random() < 0.5:
            self.document("发票", number_printed=str(len(self.entries)))
        else:
            body = {"code": f"k{len(self.entries)}", "direction": "out", "object": "保洁", "party": "lift"}
            self.act("contract.entered/1", body, by=["chair"])

    def _correct(self) -> None:
        statement = self.random.choice(self.published or [digest_of("none")])
        body = {"statement": statement, "was": "1", "now": str(len(self.entries)), "reason": "误"}
        self.act("correction.noticed/1", body, by=["treasurer", "chair"])

    def _decided(self, motion: str) -> str:
        scope = Scope("community")
        self._feed((MotionDecided(motion, "m", f"c {motion}", 9, f"t {motion}", scope, True, True, None, self.day),))
        return motion

    def _feed(self, facts: tuple[object, ...]) -> None:
        """Facts that follow from no record here, as if from the last entry."""
        entry, before = self.history[-1]
        self.history[-1] = entry, (*before, *facts)
