"""A treasurer's years in random acts, valid and not, beside a small model that says what must come of them.

After every act the ledger's funds, suspense, authorities and withdrawals are the model's; an act is refused exactly when
the model finds it impossible, and then nothing has changed. At the end the entries' bytes, replayed, give the same
books to the byte, and so does their snapshot.
"""

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger.accounts.booking import Line
from ledger.accounts.periods import next_period
from ledger.accounts.rejection import still_said
from ledger.books import Books
from ledger.errors import MingzhangError
from ledger.log import snapshot
from ledger.log.entry import Record
from ledger.period import parse_day, start_of_day
from tests.accounts.model import Authority, Impossible, Model, Part
from tests.accounts.treasury import Row, Treasury
from tests.community import Flat
from tests.poll import Poll, motion

T = TypeVar("T")

SPAN = {"start": "2026-01-01", "until": "2030-12-31"}
LINE = {"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 2_000_00}
EFFECTS: dict[str, tuple[int, dict[str, Any]]] = {
    "budget": (9, {"type": "budget", "lines": [LINE]}),
    "delegation": (
        9,
        {"type": "delegation", "funds": ["service_fee", "common_income"], "each": 300_00, "total": 1_000_00},
    ),
    "payment": (5, {"type": "payment", "fund": "maintenance", "party": "lift", "purpose": "大修", "cap": 900_00}),
}
FUNDS = ["service_fee", "common_income", "maintenance"]
OPENING = {"service_fee": 1_500_00, "common_income": 400_00, "maintenance": 1_000_00}


@cache
def voted() -> tuple[Treasury, dict[str, str]]:
    """A community whose owners adopted a budget, a delegation and a payment by vote; their motions by name."""
    house = Treasury(units=(Flat("a1", owners=("li",)), Flat("a2", owners=("wang",))))
    house.open(opening=OPENING)
    motions = [motion(matter, name, effect=effect | SPAN) for name, (matter, effect) in EFFECTS.items()]
    poll = Poll.hold(house, motions, {"a1": "yyy", "a2": "yyy"})
    return house, {name: f"{poll.called}#{number}" for number, name in enumerate(EFFECTS)}


class Years(RuleBasedStateMachine):
    """The machine; ``house`` is the ledger, ``model`` what it should be."""

    @initialize()
    def start(self) -> None:
        house, self.motions = voted()
        self.house = house.fork()
        self.model = Model(
            bank=sum(OPENING.values()),
            held=Counter({("bank", fund): amount for fund, amount in OPENING.items()}),
            authorities={
                "budget": Authority({"service_fee"}, 2_000_00, 2_000_00),
                "delegation": Authority({"service_fee", "common_income"}, 300_00, 1_000_00),
                "payment": Authority({"maintenance"}, 900_00, 900_00),
            },
            last_day="2026-01-01",
        )
        self.twins: Counter[tuple[str, int, int]] = Counter()
        self.rows: dict[str, list[Row]] = {}

    # --- how acts are tried ------------------------------------------------------------------------------------------

    def attempt(
        self, records: Sequence[Record], submit: Callable[[], object], effect: Callable[[Model], object]
    ) -> bool:
        """Let ledger and model do the same; both do it or neither."""
        foretold = copy.deepcopy(self.model)
        try:
            effect(foretold)
        except Impossible:
            foretold = self.model
        before, size = self.house.books, len(self.house.entries)
        try:
            submit()
        except MingzhangError as error:
            assert foretold is self.model, f"refused by {error} what should be possible: {records[-1].body}"
            assert self.house.books is before
            assert len(self.house.entries) == size
            return False
        assert foretold is not self.model, f"accepted what should be impossible: {records[-1].body}"
        self.model = foretold
        return True

    def one(
        self, kind: str, body: Mapping[str, Any], by: Sequence[str], effect: Callable[[Model, str], object]
    ) -> bool:
        """Try one act."""
        self.house.advance(minutes=1)
        record = self.house.record(kind, body)
        signed = self.house.sign(record, by)
        return self.attempt([record], lambda: self.house.submit(record, signed), lambda m: effect(m, record.digest))

    def pick(self, data: st.DataObject, items: Sequence[T]) -> T | None:
        """One of several, if there are any; the newest most often."""
        return data.draw(st.sampled_from(list(items)[::-1])) if items else None

    def part(self, data: st.DataObject, sign: int, account: str = "bank") -> Part:
        """A part that may or may not fit: settles, returns, or says itself what it is."""
        model = self.model
        off = data.draw(st.sampled_from([0] * 9 + [1]))
        likely = {"bank": {1: ["plain", "deposit", "return"], -1: ["plain", "stage", "stage", "return", "box"]}}
        kinds = likely.get(account, {}).get(sign) or ["plain", "stage"]
        what = data.draw(st.sampled_from([*kinds * 3, "plain", "stage", "deposit", "return", "box"]))
        amount = sign * data.draw(st.integers(1, 400_00))
        fund = data.draw(st.sampled_from([*FUNDS, "service_fee", "service_fee", "common_income"]))
        if what == "stage":
            own = [a for a, asked in model.asked.items() if asked.approved_on and asked.account == account]
            application = self.pick(data, own or list(model.asked))
            if application is not None:
                stages = model.asked[application].stages
                waiting = [number for number, stage in enumerate(stages) if stage.waiting] or list(range(len(stages)))
                number = data.draw(st.sampled_from(waiting + list(range(len(stages)))))
                stage = model.asked[application].stages[number]
                return {"amount": -stage.amount - off, "settles": f"{application}#{number}"}
        if what == "deposit":
            deposit = self.pick(data, list(model.pending) or list(model.deposits))
            if deposit is not None:
                return {"amount": model.deposits[deposit][2] + off, "settles": deposit}
        if what == "return":
            row = self.pick(data, [row for row, held in model.suspense.items() if held * sign < 0])
            if row is not None:
                given = sign * (data.draw(st.integers(1, abs(model.suspense[row]))) + off)
                paper = {"document": self.house.letter} if data.draw(st.integers(0, 4)) else {}
                return {"amount": given, "returns": row} | paper
        if what == "box":
            transfer = {"category": "own_transfer", "nature": "own_transfer", "box": "box"}
            return {"amount": amount, "fund": fund, **transfer}
        said = {"category": "interest", "nature": "income"} if amount > 0 else {"category": "lift", "nature": "expense"}
        return {"amount": amount, "fund": fund, **said}

    # --- the bank -------------------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def import_file(self, data: st.DataObject) -> None:
        """A file with rows and parts; one that does not fit refuses the whole file."""
        house = self.house
        rows: list[Row] = []
        back = data.draw(st.sampled_from([0, 0, 0, 1]))
        day = max(self.model.last_day, house.day if not back else self.model.last_day)
        for _ in range(data.draw(st.integers(1, 3))):
            sign = data.draw(st.sampled_from([1, -1]))
            parts = [self.part(data, sign) for _ in range(data.draw(st.sampled_from([0, 1, 1, 1, 2])))]
            rest = data.draw(st.sampled_from([0, 0, 1, 50_00]))
            amount = sum(part["amount"] for part in parts) + sign * rest
            rows.append((day, amount or sign * 7, parts))
        self.take(rows)

    def take(self, rows: Sequence[Row]) -> bool:
        """Import rows, each with its place among its equals."""
        house = self.house
        house.advance(minutes=1)
        begun = house.record("bank.imported/1", house.file_body(rows))
        records, balance, twins = [begun], house.bank.balance, self.twins.copy()
        for number, row in enumerate(rows):
            balance += row[1]
            key = (row[0], row[1], balance)
            body = house.row_body(begun.digest, number, row, balance, ordinal=twins[key])
            twins[key] += 1
            records.append(house.record("bank.row/1", body))

        def effect(model: Model) -> None:
            model.begin(begun.digest)
            for record, row in zip(records[1:], rows, strict=True):
                model.row(record.digest, row[0], row[1], record.body["parts"])

        taken = self.attempt(records, lambda: house.whole(records, ["treasurer"]), effect)
        if taken:
            self.twins, self.rows[begun.digest] = twins, list(rows)
        return taken

    @precondition(lambda self: self.model.unconfirmed)
    @rule(
        data=st.data(),
        unsay=st.sampled_from([False, True, True]),
        again=st.booleans(),
        by=st.sampled_from(["treasurer", "registrar", "li"]),
    )
    def reject(self, data: st.DataObject, unsay: bool, again: bool, by: str) -> None:
        """A file is taken back, what it was said to be before that or not; perhaps its rows come again, and are nothing yet."""
        file = self.pick(data, sorted(self.model.unconfirmed, key=list(self.rows).index)) or ""
        for record in still_said(self.house.past, file, len(self.house.entries)) if unsay else ():
            self.take_back(record)

        def effect(model: Model, _record: str) -> None:
            if by == "li":
                raise Impossible
            model.reject(file)

        before = self.model.bank
        if self.one("bank.rejected/1", {"file": file, "reason": "导错了账户"}, [by], effect):
            balance = self.model.bank
            for row in self.rows[file]:
                balance += row[1]
                self.twins[row[0], row[1], balance] -= 1
            assert balance == before
            if again:
                assert self.take([row[:2] for row in self.rows[file]])

    @precondition(lambda self: self.model.unconfirmed)
    @rule(data=st.data(), by=st.sampled_from(["supervisor", "chair", "treasurer"]))
    def confirm(self, data: st.DataObject, by: str) -> None:
        file = data.draw(st.sampled_from(sorted(self.model.unconfirmed)))
        taken = self.house.accounts.imports[file]
        body = {"file": file, "count": taken.count, "root": taken.range.root().hex(), "closing": taken.closing}

        def effect(model: Model, _record: str) -> None:
            if by == "treasurer":
                raise Impossible
            model.unconfirmed.remove(file)

        self.one("bank.confirmed/1", body, [by], effect)

    @precondition(lambda self: any(self.model.suspense.values()))
    @rule(data=st.data())
    def clear(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from([row for row, held in self.model.suspense.items() if held]))
        sign = 1 if self.model.suspense[row] > 0 else -1
        parts = [self.part(data, sign) for _ in range(data.draw(st.integers(1, 2)))]
        if data.draw(st.booleans()) and {"fund"} <= parts[-1].keys():
            rest = self.model.suspense[row] - sum(part["amount"] for part in parts[:-1])
            parts[-1]["amount"] = rest or sign
        day = self.house.day
        body = {"row": row, "on": day, "evidence": self.house.letter, "parts": parts}
        self.one("suspense.cleared/1", body, ["treasurer"], lambda m, record: m.clear(record, day, row, parts))

    # --- deposits, the box, corrections ----------------------------------------------------------------------------------

    @rule(
        data=st.data(),
        account=st.sampled_from(["bank", "box"]),
        fund=st.sampled_from(FUNDS),
        net=st.integers(1, 500_00),
        kept=st.sampled_from([0, 0, 5_00]),
    )
    def deposit(self, data: st.DataObject, account: str, fund: str, net: int, kept: int) -> None:
        """Of some the payer keeps a part: without authority, or as a stage that was approved for him."""
        day, stage = self.house.day, ""
        fitting = [a for a, asked in self.model.asked.items() if asked.approved_on and asked.account == account]
        application = self.pick(data, fitting or list(self.model.asked)) if data.draw(st.booleans()) else None
        if application is not None:
            asked = self.model.asked[application]
            number = data.draw(st.integers(0, len(asked.stages) - 1))
            stage = f"{application}#{number}"
            kept = asked.stages[number].amount + data.draw(st.sampled_from([0] * 9 + [1]))
            fund = asked.fund if data.draw(st.integers(0, 4)) else fund
        body: dict[str, Any] = {"account": account, "on": day, "fund": fund, "party": "lift"}
        body |= {"category": "interest", "nature": "income"}
        body |= {"cost": kept, "cost_evidence": self.house.letter} if kept else {}
        self.one(
            "deposit.recorded/1",
            body | {"gross": net + kept, "net": net} | ({"cost_settles": stage} if stage else {}),
            ["treasurer"],
            lambda m, record: m.deposit(record, day, account, fund, net, kept, stage),
        )

    @rule(data=st.data())
    def pay_cash(self, data: st.DataObject) -> None:
        parts = [self.part(data, -1, "box") for _ in range(data.draw(st.sampled_from([1, 1, 2])))]
        in_box = sum(amount for (account, _), amount in self.model.held.items() if account == "box")
        if data.draw(st.booleans()) and "fund" in parts[0] and in_box:
            parts[0]["amount"] = -data.draw(st.integers(1, in_box))
        day = self.some_day(data)
        body = {"account": "box", "on": day, "parts": parts}
        self.one("cash.paid/1", body, ["treasurer"], lambda m, record: m.cash(record, day, parts))

    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, 1]))
    def count_cash(self, data: st.DataObject, off: int) -> None:
        counted = sum(amount for (account, _), amount in self.model.held.items() if account == "box") + off
        day = self.some_day(data)
        body = {"account": "box", "on": day, "counted": counted}
        self.one("cash.counted/1", body, ["treasurer", "chair"], lambda m, _record: m.count(day, counted))

    def some_day(self, data: st.DataObject) -> str:
        """Today, or an earlier day of the books."""
        back = data.draw(st.sampled_from([0, 0, 0, 1, 7]))
        return max("2026-01-01", (parse_day(self.house.day) - timedelta(days=back)).isoformat())

    @precondition(lambda self: self.model.said or self.model.deposits)
    @rule(data=st.data())
    def contra(self, data: st.DataObject) -> None:
        """Take back anything that was said, also what was taken back before."""
        model = self.model
        said = [record for record, it in model.said.items() if it.parts and record not in model.undone]
        known = [*model.said, *model.deposits] if data.draw(st.integers(0, 4)) == 0 else said
        self.take_back(self.pick(data, known or [*model.said, *model.deposits]) or "")

    def take_back(self, corrects: str) -> None:
        """One contra."""
        day = self.house.day
        body = {"corrects": corrects, "on": day, "reason": "记错"}
        self.one("contra.recorded/1", body, ["treasurer"], lambda m, _record: m.contra(day, corrects))

    # --- withdrawals --------------------------------------------------------------------------------------------------------

    @rule(
        amounts=st.lists(st.integers(1, 350_00), min_size=1, max_size=3),
        fund=st.sampled_from(FUNDS),
        by=st.sampled_from(["member", "chair", "li"]),
    )
    def apply_for(self, amounts: list[int], fund: str, by: str) -> None:
        body = {"party": "lift", "fund": fund, "category": "lift", "nature": "expense", "purpose": "维保"}
        self.one(
            "withdrawal.applied/1",
            body | {"stages": [{"amount": amount} for amount in amounts]},
            [by],
            lambda m, record: m.apply_for(record, fund, by, amounts),
        )

    @precondition(lambda self: self.model.asked)
    @rule(
        data=st.data(),
        by=st.sampled_from(["treasurer", "treasurer", "chair", "member", "registrar"]),
        account=st.sampled_from(["bank", "bank", "box"]),
        name=st.sampled_from(sorted(EFFECTS)),
    )
    def propose(self, data: st.DataObject, by: str, account: str, name: str) -> None:
        fresh = [a for a, asked in self.model.asked.items() if not asked.proposer] or list(self.model.asked)
        application = self.pick(data, fresh) or ""
        basis = {"motion": self.motions[name]} | ({"line": "lifts"} if name == "budget" else {})
        body = {"application": application, "account": account, "basis": basis}
        self.one(
            "withdrawal.proposed/1", body, [by], lambda m, record: m.propose(record, application, by, account, name)
        )

    @precondition(lambda self: self.model.proposals)
    @rule(data=st.data(), by=st.sampled_from(["chair", "chair", "registrar", "treasurer", "supervisor", "li"]))
    def approve(self, data: st.DataObject, by: str) -> None:
        proposal, day = self.pick(data, list(self.model.proposals)) or "", self.house.day
        self.one("withdrawal.approved/1", {"proposal": proposal}, [by], lambda m, _record: m.approve(proposal, by, day))

    @rule(
        amounts=st.lists(st.integers(1, 350_00), min_size=1, max_size=3),
        name=st.sampled_from(sorted(EFFECTS)),
        account=st.sampled_from(["bank", "bank", "bank", "box"]),
    )
    def whole_way(self, amounts: list[int], name: str, account: str) -> None:
        """As it should go: asked for, proposed, approved by all whom the mandate asks."""
        fund = "maintenance" if name == "payment" else "service_fee"
        self.apply_for(amounts, fund, "li")
        application = list(self.model.asked)[-1]
        basis = {"motion": self.motions[name]} | ({"line": "lifts"} if name == "budget" else {})
        body = {"application": application, "account": account, "basis": basis}
        proposed = self.one(
            "withdrawal.proposed/1",
            body,
            ["treasurer"],
            lambda m, record: m.propose(record, application, "treasurer", account, name),
        )
        if proposed:
            self.approve_by("chair")
            self.approve_by("registrar")

    def approve_by(self, by: str) -> None:
        """One more approval of the newest proposal."""
        proposal, day = list(self.model.proposals)[-1], self.house.day
        self.one("withdrawal.approved/1", {"proposal": proposal}, [by], lambda m, _record: m.approve(proposal, by, day))

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data())
    def instruct(self, data: st.DataObject) -> None:
        application, day = self.pick(data, list(self.model.asked)) or "", self.house.day
        ref = f"{application}#0"
        self.one(
            "withdrawal.instructed/1", {"stage": ref, "on": day}, ["treasurer"], lambda m, _record: m.instruct(ref, day)
        )

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        application = self.pick(data, list(self.model.asked)) or ""
        body = {"application": application, "reason": "不再需要"}
        self.one("withdrawal.dropped/1", body, ["member"], lambda m, _record: m.drop(application))

    # --- time, and acts that are never possible ------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 1, 1, 7, 40]))
    def wait(self, days: int) -> None:
        if self.house.day < "2028-01-01":
            self.house.advance(days=days)

    @rule(early=st.sampled_from([False, False, True]))
    def publish(self, early: bool) -> None:
        """The next half-year's statement."""
        house = self.house
        due = next_period(house.accounts)
        if not early and due.year < 2028:
            house.time = max(house.time, start_of_day(due.next().first, house.books.offset))
        body = house.statement_body()

        def effect(model: Model, _record: str) -> None:
            if house.day <= due.last.isoformat():
                raise Impossible
            model.close()

        self.one("statement.published/1", body, ["treasurer", "chair"], effect)

    @rule(data=st.data(), by=st.sampled_from([["li"], ["chair"], ["treasurer", "chair"], ["registrar"], []]))
    def never_possible(self, data: st.DataObject, by: list[str]) -> None:
        """An old record with its true signatures once more; a receipt recorded by anybody but the treasurer alone."""
        if data.draw(st.booleans()):
            entry = data.draw(st.sampled_from(self.house.entries[1:]))
            self.attempt([entry.record], lambda: self.house.submit(entry.record, entry.signatures), self.never)
        else:
            body: dict[str, Any] = {"account": "bank", "on": self.house.day, "fund": "service_fee"}
            body |= {"category": "interest", "nature": "income", "gross": 1, "net": 1}
            self.one("deposit.recorded/1", body, by, lambda m, _record: self.never(m))

    @staticmethod
    def never(_model: Model) -> None:
        raise Impossible

    # --- what must hold after every act ------------------------------------------------------------------------------------------

    @invariant()
    def ledger_and_model_agree(self) -> None:
        accounts, model = self.house.accounts, self.model
        model.check()
        assert accounts.account("bank").balance == model.bank
        assert {k: v for k, v in accounts.balances.items() if v} == {k: v for k, v in model.held.items() if v}
        assert {row: s.amount for row, s in accounts.suspense.items()} == {r: a for r, a in model.suspense.items() if a}
        assert {d: (p.fund, p.net) for d, p in accounts.pending.items()} == model.pending
        assert {ref: u.amount for ref, u in accounts.unfounded.items()} == model.unfounded
        assert set(accounts.imports) == model.unconfirmed
        stages = {a: [(s.amount, s.paid > 0, s.dropped) for s in w.stages] for a, w in accounts.withdrawals.items()}
        assert stages == {a: [(s.amount, s.paid, s.dropped) for s in w.stages] for a, w in model.asked.items()}
        for name, motion_ in self.motions.items():
            authority = accounts.authorities[motion_, "lifts" if name == "budget" else ""]
            assert authority.cap - authority.spent == model.authorities[name].left
            assert 0 <= authority.spent <= authority.cap

    @invariant()
    def no_withdrawal_was_settled_without_authority(self) -> None:
        """What went out on an authority, less what was taken back, is within it."""
        paid: Counter[str] = Counter()
        of: dict[tuple[str, int], str] = {}
        for fact in self.house.all_facts:
            if isinstance(fact, Line):
                move = fact.move
                if move.motion:
                    of[fact.record, move.part] = move.motion
                    paid[move.motion] -= move.amount
                elif (fact.corrects, move.part) in of:
                    paid[of[fact.corrects, move.part]] -= move.amount
        for (motion_, line), authority in self.house.accounts.authorities.items():
            assert 0 <= paid[motion_] <= authority.spent <= authority.cap, (motion_, line)

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        books = self.house.books
        dumped = snapshot.dump(books)
        assert snapshot.load(Books, dumped) == books
        assert snapshot.dump(self.house.replay()) == dumped


@pytest.mark.uncounted
def test_a_treasurers_years() -> None:
    run_state_machine_as_test(Years, settings=settings(max_examples=30, stateful_step_count=40, deadline=None))


@pytest.mark.slow
def test_many_years() -> None:
    run_state_machine_as_test(Years, settings=settings(max_examples=1_000, stateful_step_count=80, deadline=None))
