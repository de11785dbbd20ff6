"""State is O(live): after years of the same acts the books carry no more than after the first of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import ClassVar, Final

from rpds import HashTrieMap

from ledger.accounts.periods import next_period
from ledger.books import KINDS
from ledger.log import snapshot
from tests.accounts.treasury import CHART, MANDATE, Row, Treasury, fees, spent, to_box
from tests.community import BOTH, OFFICERS, Flat, digest_of, flats, profile_with
from tests.poll import Poll, motion

LEFT_OUT: Final[Mapping[str, str]] = {
    "ledger.opened/1": "once",
    "machine.adopted/1": "once a machine",
    "books.opened/1": "once",
    "account.opened/1": "an account stays, as its balance does",
    "units.closed/1": "ends a list of units",
    "unit.entered/1": "a unit stays",
    "person.entered/1": "who signed is judged for ever",
    "key.enrolled/1": "who signed is judged for ever",
    "key.revoked/1": "who signed is judged for ever",
    "role.appointed/1": "who signed is judged for ever",
    "role.ended/1": "who signed is judged for ever",
    "calendar.adopted/1": "one short table a year; a term may reach far back",
}
"""Kinds that no year below has, and why what they leave in the state may stay."""


class House(Treasury):
    """A treasury whose owners vote."""

    OFFICERS: ClassVar[Mapping[str, tuple[str, str]]] = {**OFFICERS, "auditor": ("auditor", "assembly")}

    def __init__(self) -> None:
        super().__init__(units=flats("a1 a2"), officers=self.OFFICERS)
        self.open()
        self.kinds: Counter[str] = Counter()

    def rules_change(self, year: int) -> None:
        """Other rules: of procedure in the place of those before, and by turns periods of another length."""
        text = profile_with("statement.period_months", "3" if year % 2 else "6") + f"# {year}\n"
        self.act("profile.adopted/1", {"text": text, "source": digest_of("vote")}, by=BOTH)
        body = {"document": digest_of(f"rules {year}"), "source": digest_of("vote")}
        before = {"replaces": digest_of(f"rules {year - 1}")} if year > 2026 else {}
        self.act("bylaws.adopted/1", body | before, by=BOTH)
        self.act("chart.adopted/1", {"text": CHART}, by=BOTH)
        self.act("mandate.changed/1", {"account": "bank", "mandate": MANDATE, "source": digest_of("vote")}, by=BOTH)
        self.change_unit(Flat("a1", building=f"b{year % 2}"))

    def papers(self, year: int) -> None:
        """A paper, a payer and a contract that were not there before."""
        letter = self.document(f"函 {year}")
        self.party(f"p{year}", persons=["zhang"])
        body = {"code": f"c{year}", "direction": "in", "object": "广告", "party": f"p{year}", "document": letter}
        self.act("contract.entered/1", body, by=["chair"])

    def votes(self, year: int, *unfounded: str) -> str:
        """One meeting that is withdrawn; one that founds an authority for the year, ratifies, and says no. The authority."""
        withdrawn = Poll(self, [motion(9)])
        withdrawn.call()
        self.act("meeting.withdrawn/1", {"meeting": withdrawn.called, "reason": "改期"}, by=["chair"])
        pay = {"type": "payment", "fund": "service_fee", "party": "lift", "purpose": "大修", "cap": 100_00}
        pay |= {"start": f"{year}-01-01", "until": f"{year}-12-31"}
        effects = (pay, {"type": "ratification", "payments": list(unfounded)}, pay | {"cap": 7})
        motions = [motion(9, f"事项{n}", effect=effect) for n, effect in enumerate(effects)]
        poll = Poll.hold(self, motions, {"a1": "yyn", "a2": "yyn"})
        return f"{poll.called}#0"

    def money(self, authority: str) -> None:
        """All that moves money through the bank: paid, awaited, said later, given back, dropped, taken back by row and by file."""
        paid, dropped = (self.approved(40_00, motion=authority, line="") for _ in range(2))
        self.act("withdrawal.instructed/1", {"stage": f"{paid}#0", "on": self.day}, by=["treasurer"])
        self.act("withdrawal.dropped/1", {"application": dropped, "reason": "不再需要"}, by=["chair"])
        receipt, day = self.deposit(25_00), self.day
        rows: list[Row] = [
            (day, 25_00, [{"amount": 25_00, "settles": receipt}]),
            (day, -40_00, [{"amount": -40_00, "settles": f"{paid}#0"}]),
            (day, 9_00),
            (day, 8_00),
            (day, 7_00, [fees(7_00)]),
        ]
        _, _, _, said, unsaid, wrong = self.take(*rows, confirmed=True)
        self.clear(said, fees(9_00))
        self.take((day, -8_00, [{"amount": -8_00, "returns": unsaid, "document": self.letter}]), confirmed=True)
        self.contra(wrong)
        self.clear(wrong, fees(7_00))
        file, *_ = self.take((day, 6_00), (day, -2_00))
        self.reject(file)

    def box(self) -> None:
        """The petty-cash box, paid from and counted; what was paid is taken back and put right."""
        self.deposit(3_00, account="box")
        self.contra(self.pay_cash(spent(3_00)))
        held = self.fund("service_fee", "box")
        self.act("cash.counted/1", {"account": "box", "on": self.day, "counted": held}, by=["treasurer", "chair"])

    def questions(self, year: int) -> None:
        """Two owners ask, one on paper; both are answered, one is content."""
        filed = self.act("objection.filed/1", self.objection(self.letter, "为什么"), by=["owner-a1"])
        paper = self.objection(self.letter, "请说明", "objection.received/1")
        paper |= {"owner": self.ref("owner-a2"), "slip": f"no-{year}"}
        for asked in (filed, self.act("objection.received/1", paper, by=["registrar"])):
            self.act("objection.answered/1", self.answer(asked, "见附件"), by=["chair"])
        self.act("objection.concluded/1", {"objection": filed, "outcome": "satisfied"}, by=["owner-a1"])

    def audited(self, year: int) -> None:
        """New terms for the trustee, a deduction, an open budget; a report, an answer to a finding, a poster that was seen."""
        days = {"start": f"{year}-01-01", "until": f"{year}-12-31"}
        pay = {"rate": "9/100", "base": "received", "categories": ["service_fee"], "category": "remuneration"}
        terms = {"code": f"t{year}", "trustee": "lift", "document": self.letter, "fund": "service_fee"} | pay | days
        self.act("trust.agreed/1", terms, by=BOTH)
        forfeited = {"trust": f"t{year}", "on": self.day, "amount": 5_00, "reason": "迟报", "evidence": self.letter}
        self.act("trust.deducted/1", forfeited, by=BOTH)
        line = {"line": "fees", "direction": "in", "fund": "service_fee", "categories": ["service_fee"], "amount": 9_00}
        self.act("plan.adopted/1", {"code": f"y{year}", "document": self.letter, "lines": [line]} | days, by=BOTH)
        report = {"sort": "annual", "prefix": 20, "report": digest_of("report"), "opinion": "qualified"}
        report |= {"checks": 1, "form": 1}
        self.act("audit.reported/1", report | days | {"firm": "事务所", "report_number": f"{year}号"}, by=["auditor"])
        text, _ = self.commit("finding.answered/1", "text", "抄错了")
        answer = {"finding": digest_of("finding"), "check": "contract.impossible_day", "text": text}
        self.act("finding.answered/1", answer, by=["chair"])
        self.act("check.lowered/1", {"check": "signs.round_sums", "reason": "按整数付", "until": self.day}, by=BOTH)
        where, _ = self.commit("posting.seen/1", "where", "北门")
        seen = {"record": self.letter, "on": self.day, "where": where, "evidence": digest_of(f"photograph {year}")}
        self.act("posting.seen/1", seen, by=["owner-a1"])

    def statements(self) -> None:
        """All statements that are due, hung, and one corrected."""
        while self.day > (due := next_period(self.accounts).last.isoformat()):
            self.take(file={"end": due, "start": due}, confirmed=True)
            self.publish_next()
        body = {"was": "1", "now": "2", "reason": "抄错"}
        newest = self.books.publication.latest
        assert newest is not None
        self.act("correction.noticed/1", body | {"statement": newest.record}, by=["treasurer", "chair"])
        hung = {"record": newest.record, "start": self.day, "until": self.day, "places": ["公告栏"]}
        self.act("posting.hung/1", hung, by=["chair"])

    def year(self, year: int) -> None:
        """One year, closed in the next January."""
        self.set_clock(f"{year}-01-10T09:00:00+08:00")
        first = len(self.entries)
        self.rules_change(year)
        self.papers(year)
        _, row, filled = self.take((self.day, -5_00, [spent(5_00)]), (self.day, -1_00, [to_box(1_00)]), confirmed=True)
        self.money(self.votes(year, f"{row}#0", f"{filled}#0"))
        self.box()
        self.questions(year)
        self.audited(year)
        self.set_clock(f"{year + 1}-01-05T09:00:00+08:00")
        self.statements()
        self.kinds.update(entry.record.kind for entry in self.entries[first:])


def sizes(value: object, path: str = "books") -> Iterator[tuple[str, int]]:
    """Every map, list and text of a state by its path, and how much is in it; what maps and lists hold, taken together."""
    if isinstance(value, HashTrieMap):
        yield path, len(value)
        for key, held in value.items():
            yield from sizes(key, f"{path}.key")
            yield from sizes(held, f"{path}.value")
    elif isinstance(value, tuple):
        yield path, len(value)
        for held in value:
            yield from sizes(held, f"{path}.item")
    elif is_dataclass(value):
        for field in fields(value):
            yield from sizes(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, str):
        yield path, len(value)


def summed(house: Treasury) -> dict[str, int]:
    """The sizes in the books of a community."""
    found: Counter[str] = Counter()
    for path, size in sizes(house.books):
        found[path] += size
    return {path: size for path, size in found.items() if size}


def test_the_state_does_not_grow_with_the_ledgers_age() -> None:
    house = House()
    after: dict[int, tuple[dict[str, int], int]] = {}
    for year in range(2026, 2030):
        house.year(year)
        after[year] = summed(house), len(snapshot.dump(house.books))
    assert set(house.kinds) == set(KINDS) - set(LEFT_OUT)
    for year in (2028, 2029):
        # Lengths of periods change by turns, so that every other year ends alike.
        counts, size = after[year]
        before, size_before = after[year - 2]
        grown = {path: (before.get(path, 0), n) for path, n in counts.items() if n > before.get(path, 0)}
        assert not grown
        assert size - size_before < 32, "sums have more digits, nothing else"
