"""The decades of a made-up community: what its people do, month after month, until its ledger has so many entries.

Each month the bank's file of the month before is taken over row by row and confirmed; some households hand in their fee at
the desk, which records a receipt, the others pay to the account; invoices come in, are asked for, proposed, approved,
instructed, and paid by the bank's row. Each half-year a statement is published and hangs, the owners meet and vote by
telephone, and some homes change hands. Everything follows from the seed; nobody does anything that needs explaining, so that
an audit has everything to look at and little to say.

The larger the ledger shall be, the larger is the community: about thirty years make the number asked for.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ledger import canonical
from ledger.cli.madeup import BEGINS, BEIJING, BOTH, OPENING, ORIGIN, SUPPLIERS, Community, digest_of
from ledger.cli.presigned import Pen
from ledger.log import merkle
from ledger.period import format_time
from ledger.publication.statement import publication_body
from ledger.votes import certificate, roll
from ledger.votes.state import Scope

SEED: Final = "mingzhang bench: decades"
EACH: Final = 250
"""Entries for which the community has one home."""
FEWEST: Final = 24
AT_THE_DESK: Final = 3
"""Of so many households one pays at the desk."""
TURNOUT: Final = 80
"""Of a hundred households so many vote: two thirds must."""
FEE: Final = 9
"""Fen for a quarter and 0.01 m²."""
LATER: Final = 6
"""Months that come after an earlier bundle."""
MOVING: Final = 100
"""Of so many homes one changes hands each half-year."""

Told = Callable[[int, int], None]
"""Told how many entries there are, of how many."""


@dataclass(frozen=True, slots=True)
class Written:
    """A written bundle: how many entries, with how many signatures that a check must look at, and the genesis digest."""

    folder: Path
    size: int
    signed: int
    ledger: str
    earlier: "Written | None" = None
    """As it was half a year before."""


@dataclass(slots=True)
class Decades(Community):
    """Goes through the months of one community until its ledger has as many entries as are ``wanted``."""

    wanted: int = 0
    balance: int = OPENING
    budget: str = ""
    invoices: int = 0
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """What the bank will say of this month: day, and the part that says what it was."""

    def write(self, told: Told, earlier: Path | None = None) -> Written:
        """Everything from the genesis on. ``earlier``: where to lay the bundle as it is half a year before its end."""
        self.found()
        month, before = self._until(date(BEGINS, 1, 1), told), None
        if earlier is not None:
            self.pen.publish(earlier)
            before = self._written(earlier)
            for _ in range(LATER):
                self._month(month)
                month = _next(month)
        self.pen.publish()
        return replace(self._written(self.pen.folder), earlier=before)

    def _until(self, month: date, told: Told) -> date:
        """Month after month until there are as many entries as are wanted; the next month."""
        while self.pen.size < self.wanted:
            self._month(month)
            told(min(self.pen.size, self.wanted), self.wanted)
            month = _next(month)
        return month

    def _written(self, folder: Path) -> Written:
        return Written(folder, self.pen.size, self.pen.count, self.pen.ledger)

    # --- a month -----------------------------------------------------------------------------------------------------

    def _month(self, first: date) -> None:
        half = first.month in (1, 7)
        if first > date(BEGINS, 1, 1):
            self._take_over(first)
            if half:
                self._publish(first)
        if half:
            self._move_house(first)
            self._meet(first)
        self._receive(first)
        self._pay(first)

    def _take_over(self, first: date) -> None:
        """The bank's file of the month before."""
        self.at(first, 9)
        begins, ends = _before(first), first - timedelta(days=1)
        self.rows.sort(key=lambda row: row[0])
        total = sum(part["amount"] for _, part in self.rows)
        imported = self.draft(
            "bank.imported/1",
            account="main",
            file=digest_of(f"file {begins}"),
            layout="generic",
            start=begins.isoformat(),
            end=ends.isoformat(),
            opening=self.balance,
            closing=self.balance + total,
            count=len(self.rows),
        )
        records = []
        for number, (day, part) in enumerate(self.rows):
            self.balance += part["amount"]
            records.append(
                self.draft(
                    "bank.row/1",
                    file=imported.digest,
                    row=number + 2,
                    on=begins.replace(day=day).isoformat(),
                    amount=part["amount"],
                    balance=self.balance,
                    ordinal=0,
                    narration=self.commit("bank.row/1", "narration", {"text": "转账"}, "row", begins, number),
                    parts=[part],
                )
            )
        self.pen.batch([imported, *records], ["treasurer"])
        root = merkle.root(merkle.leaf_hashes(record.raw for record in records)).hex()
        self.act(
            "bank.confirmed/1", "supervisor", file=imported.digest, count=len(records), root=root, closing=self.balance
        )
        self.rows = []

    def _publish(self, first: date) -> None:
        """The statement of the half-year that ended."""
        self.at(first, 15)
        statement = self.pen.draw_up()
        body = publication_body(statement, self.pen.books.accounts)
        published = self.act("statement.published/1", "treasurer", "chair", **body)
        self.pen.attach(body["period"], statement)
        self._hang(published, first, 15)

    def _hang(self, record: str, first: date, days: int) -> None:
        self.act(
            "posting.hung/1",
            "chair",
            record=record,
            start=first.isoformat(),
            until=(first + timedelta(days=days)).isoformat(),
            places=["一号楼大厅", "小区门口"],
            evidence=[digest_of(f"photograph {record}")],
        )

    def _move_house(self, first: date) -> None:
        """Some homes are sold."""
        self.at(first, 16)
        moved = [home for home in range(self.homes) if self.pen.share(MOVING, "moves", first, home) == 0]
        if not moved:
            return
        for home in moved:
            self.owners[home] = f"owner {home} since {first}"
        self.enter_persons([self.owners[home] for home in moved])
        paper = self.act(
            "document.entered/1", "chair", kind="other", subject="不动产登记变更清单", dated=first.isoformat()
        )
        self.now += 1
        self.pen.batch([self.draft("unit.changed/1", **self.unit(home), source=paper) for home in moved], BOTH)

    def _meet(self, first: date) -> None:
        """The owners' meeting: called on the second, open from the nineteenth for seven days."""
        pen, day = self.pen, first.replace(day=2)
        opens, closes = (format_time(_ms(first.replace(day=d))) for d in (19, 26))
        self.at(day, 9)
        clause = {"document": digest_of("bylaws"), "place": "第十二条"}
        motions = [self._motion(first)]
        called = self.act(
            "meeting.called/1",
            "chair",
            title="业主大会会议",
            session="regular",
            scope={"level": "community"},
            opens=opens,
            closes=closes,
            ways=["phone"],
            motions=motions,
            phone_vote=clause,
        )
        notice = self.act(
            "notice.posted/1",
            "chair",
            meeting=called,
            on=day.isoformat(),
            places=12,
            evidence=[digest_of(f"notice {first}")],
        )
        leaves = roll.merge(roll.in_scope(pen.books.people.units, Scope("community")), "same_owner_set")
        root = roll.root(leaves)
        frozen = self.act(
            "roll.frozen/1",
            *BOTH,
            meeting=called,
            units=sum(len(leaf.units) for leaf in leaves),
            leaves=len(leaves),
            heads=sum(leaf.head for leaf in leaves),
            area=sum(leaf.area for leaf in leaves),
            root=root,
        )
        opened = self.act(
            "meeting.opened/1",
            "chair",
            meeting=called,
            notice=notice,
            roll=frozen,
            root=root,
            profile=pen.books.rules.profile.digest,
            motions=canonical.digest(motions),
            opens=opens,
            closes=closes,
            phone_vote=clause,
        )
        cast = self._vote(first, opened)
        self.at(first.replace(day=26), 10)
        pen.batch([self.draft("ballot.opened/1", **opening) for opening in cast], ["registrar"])
        self.now += 1
        certified = self.act("meeting.certified/1", *BOTH, **certificate.draft(pen.books.votes, opened))
        if first.month == 1:
            self.budget = f"{called}#0"
        self._hang(certified, first.replace(day=26), 15)

    def _motion(self, first: date) -> dict[str, Any]:
        title = f"{first.year}年度支出预算" if first.month == 1 else "公共区域环境整治征求意见"
        motion = {"matter": 9, "title": title, "text": digest_of(title)}
        if first.month != 1:
            return motion
        lines = [
            {"line": category, "fund": "service_fee", "categories": [category], "cap": 10**9}
            for category, _ in SUPPLIERS
        ]
        effect = {"type": "budget", "start": f"{first.year}-01-01", "until": f"{first.year}-12-31", "lines": lines}
        return motion | {"effect": effect}

    def _vote(self, first: date, opened: str) -> Iterator[dict[str, Any]]:
        """Ballots come in, each by its owner; what opens them."""
        span, cast = 7 * 86_400_000 - 1, []
        begins = _ms(first.replace(day=19))
        ranked = sorted(range(self.homes), key=lambda home: self.pen.share(1 << 32, "votes", first, home))
        voters = ranked[: -(-self.homes * TURNOUT // 100)]
        for moment, home in sorted((begins + self.pen.share(span, "when", first, home), home) for home in voters):
            self.now = max(self.now + 1, moment)
            choices: list[canonical.Json] = ["no" if self.pen.share(10, "says", first, home) == 0 else "yes"]
            salt = self.pen.derived("salt", "ballot", first, home)
            sealed = canonical.commitment(self.pen.ledger, "ballot.cast/1", "choices", choices, salt)
            record = self.draft("ballot.cast/1", meeting=opened, unit=f"u{home:05d}", revision=1, choices=sealed)
            self.pen.singly(record, [self.owners[home]])
            opening = {"ballot": record.digest, "salt": base64.b64encode(salt).decode(), "choices": choices}
            cast.append((record.digest, opening))
        return (opening for _, opening in sorted(cast))

    def _receive(self, first: date) -> None:
        """A third of the homes pay for the quarter this month, one in three of them at the desk."""
        covers = f"{first.year}年第{(first.month - 1) // 3 + 1}季度"
        for home in range(first.month % 3, self.homes, 3):
            amount = self.area(home) * FEE
            said = {"fund": "service_fee", "category": "service_fee", "nature": "income"}
            said |= {"unit": f"u{home:05d}", "covers": covers}
            day = 27 if first.month == 1 else 3 + self.pen.share(24, "pays", first, home)
            if home // 3 % AT_THE_DESK == 0:
                self.rows.append((day, {"amount": amount, "settles": (home, said)}))
            else:
                self.rows.append((day, {"amount": amount, **said}))
        for day, part in sorted(self.rows, key=lambda row: row[0]):
            if isinstance(part.get("settles"), tuple):
                _home, said = part["settles"]
                on = first.replace(day=day)
                self.at(on, 9)
                part["settles"] = self.act(
                    "deposit.recorded/1",
                    "treasurer",
                    account="main",
                    on=on.isoformat(),
                    gross=part["amount"],
                    net=part["amount"],
                    **said,
                )

    def _pay(self, first: date) -> None:
        """Invoices of the suppliers, asked for, proposed, approved, instructed; the bank's row follows."""
        day = first.replace(day=27)
        for number in range(max(len(SUPPLIERS), self.homes // 50)):
            category, what = SUPPLIERS[number % len(SUPPLIERS)]
            self.invoices += 1
            amount = 6_000_00 + self.pen.share(6_000_00, "invoice", self.invoices)
            self.at(day, 10)
            paper = self.act(
                "document.entered/1",
                "treasurer",
                kind="invoice",
                subject=f"{what}费",
                number_printed=f"{self.invoices:08d}",
                dated=day.isoformat(),
                lines=[{"text": what, "amount_printed": amount}],
                total_printed=amount,
                original=digest_of(f"invoice {self.invoices}"),
            )
            asked = self.act(
                "withdrawal.applied/1",
                "company",
                party=category,
                fund="service_fee",
                category=category,
                nature="expense",
                purpose=f"{what}费",
                document=paper,
                contract=f"c{number % len(SUPPLIERS)}",
                stages=[{"amount": amount}],
            )
            proposed = self.act(
                "withdrawal.proposed/1",
                "treasurer",
                application=asked,
                account="main",
                basis={"motion": self.budget, "line": category},
            )
            for who in BOTH:
                self.act("withdrawal.approved/1", who, proposal=proposed)
            self.act("withdrawal.instructed/1", "treasurer", stage=f"{asked}#0", on=day.isoformat())
            self.rows.append((28, {"amount": -amount, "settles": f"{asked}#0"}))


def write_decades(
    folder: Path,
    entries: int,
    told: Told = lambda _done, _whole: None,
    *,
    earlier: Path | None = None,
    seed: str = SEED,
) -> Written:
    """Write the bundle of a ledger of ``entries`` entries, or a month's more; with ``earlier`` one of so many there, and
    another that goes on for half a year in ``folder``. The signatures lie beside the folder.
    """
    with Pen(folder, seed, ORIGIN) as pen:
        return Decades(pen, max(FEWEST, entries // EACH), wanted=entries).write(told, earlier)


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING).timestamp() * 1000)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
