"""A made-up community at its beginning: its officers, households and homes, what it agreed with whom, and its first money.

Everything follows from the seed of its pen. What it does then, month after month, is :mod:`ledger.cli.decades`.
"""

import base64
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from ledger import canonical
from ledger.books import GENESIS, MACHINE
from ledger.cli.presigned import Pen
from ledger.log import merkle
from ledger.log.entry import Record
from ledger.rules.calendar import shipped_text as shipped_calendar
from ledger.rules.profile import shipped_text as shipped_profile

ORIGIN: Final = "example.org/decades"
BEGINS: Final = 2019
CALENDARS: Final = range(2019, 2027)
BEIJING: Final = timezone(timedelta(hours=8))
OFFICERS: Final = {
    "chair": "committee",
    "treasurer": "committee",
    "registrar": "residents_committee",
    "supervisor": "street",
    "company": "company",
}
BOTH: Final = ("chair", "registrar")
MANDATE: Final = [{"least": 1, "seats": [["chair"]]}, {"least": 5_000_01, "seats": [["chair"], ["registrar"]]}]
OPENING: Final = 50_000_000_00
SUPPLIERS: Final = (
    ("lift", "电梯维护保养"),
    ("cleaning", "公共区域保洁"),
    ("greenery", "绿化养护"),
    ("fire", "消防设施维护"),
    ("waste", "垃圾清运"),
    ("pump", "二次供水设备维护"),
    ("access_control", "门禁系统维护"),
    ("surveillance", "监控系统维护"),
)
"""Category and what is agreed, of each supplier."""


@dataclass(slots=True)
class Community:
    """Who lives there and who holds which office, and how they sign; ``now``: the moment of what was signed last, in ms."""

    pen: Pen
    homes: int
    now: int = 0
    owners: list[str] = field(default_factory=list)
    """Of each home its owner's name at the desk."""
    refs: dict[str, str] = field(default_factory=dict)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> int:
        """Let it be this moment, or stay later; in milliseconds."""
        ms = int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING).timestamp() * 1000)
        self.now = max(self.now + 1, ms)
        return self.now

    def draft(self, kind: str, /, **body: Any) -> Record:
        """A record of this moment, not yet signed."""
        return self.pen.draft(kind, body, self.now)

    def act(self, kind: str, /, *by: str, **body: Any) -> str:
        """Sign and write one; its digest."""
        self.now += 1
        return self.pen.singly(self.draft(kind, **body), by)

    def commit(self, kind: str, name: str, value: canonical.Json, *parts: object) -> str:
        """What seals a value; the salt follows from the seed."""
        return canonical.commitment(self.pen.ledger, kind, name, value, self.pen.derived("salt", *parts))

    def found(self) -> None:
        """Everything before the first month."""
        day, pen = date(BEGINS - 1, 12, 1), self.pen
        self.at(day)
        founders = [
            {
                "nature": "office",
                "title": name,
                "key": public_of(pen, name),
                "roles": [{"role": name, "body": body, "start": "2018-01-01", "end": "2099-12-31"}],
            }
            for name, body in OFFICERS.items()
        ]
        opened = self.draft(
            GENESIS,
            origin=ORIGIN,
            name="示例社区",
            vkeys=[str(key) for key in pen.log_keys.vkeys],
            machine=MACHINE,
            offset="+08:00",
            profile=shipped_profile("civil-code-2021"),
            persons=founders,
            units={"count": self.homes, "area": sum(map(self.area, range(self.homes))), "source": digest_of("units")},
            bylaws=[{"document": digest_of("bylaws"), "clauses": [{"name": "phone_vote", "place": "第十二条"}]}],
            example=True,
        )
        pen.singly(opened, OFFICERS)
        self.refs = {name: f"{opened.digest}#{number}" for number, name in enumerate(OFFICERS)}
        self.at(day, 10)
        self.owners = [f"owner {home}" for home in range(self.homes)]
        self.enter_persons(self.owners)
        self.at(day, 11)
        units = [self.draft("unit.entered/1", **self.unit(home)) for home in range(self.homes)]
        pen.batch(units, BOTH)
        root = merkle.root(merkle.leaf_hashes(record.raw for record in units)).hex()
        area = sum(map(self.area, range(self.homes)))
        self.act("units.closed/1", *BOTH, count=len(units), area=area, root=root)
        self._adopt()

    def _adopt(self) -> None:
        chart = (resources.files("ledger.accounts") / "data" / "charts" / "community.toml").read_text("utf-8")
        for year in CALENDARS:
            self.act("calendar.adopted/1", *BOTH, year=year, text=shipped_calendar(year))
        self.act("chart.adopted/1", *BOTH, text=chart)
        self.act(
            "account.opened/1",
            *BOTH,
            code="main",
            nature="bank",
            title="共管账户",
            bank="示例银行",
            number="尾号0001",
            holder="committee",
            funds=["service_fee"],
            mandate=MANDATE,
        )
        paper = self.act("document.entered/1", "chair", kind="bank_paper", subject="账户余额证明", dated="2018-12-01")
        for number, (category, what) in enumerate(SUPPLIERS):
            self.act("party.entered/1", "chair", code=category, nature="legal", title=f"示例供应商 {number}")
            agreed = self.act("document.entered/1", "chair", kind="contract", subject=f"{what}合同", dated="2018-12-01")
            self.act(
                "contract.entered/1",
                "chair",
                code=f"c{number}",
                direction="out",
                object=what,
                party=category,
                document=agreed,
            )
        parts = [{"account": "main", "fund": "service_fee", "amount": OPENING, "source": paper, "proven": True}]
        self.at(date(BEGINS, 1, 1), 8)
        self.act("books.opened/1", *BOTH, on=f"{BEGINS}-01-01", handed_over_by="前物业", parts=parts)

    def enter_persons(self, names: list[str]) -> None:
        """Households under these names, each with a key of its own."""
        kind = "person.entered/1"
        drafted = [
            self.draft(
                kind, nature="natural", name=self.commit(kind, "name", name, name), key=public_of(self.pen, name)
            )
            for name in names
        ]
        self.refs |= {name: record.digest for name, record in zip(names, drafted, strict=True)}
        self.pen.batch(drafted, BOTH, own=names)

    def unit(self, home: int) -> dict[str, Any]:
        """The body of a home's entry, with its owner of today."""
        return {
            "code": f"u{home:05d}",
            "building": f"b{home // 100}",
            "use": "flat",
            "area": self.area(home),
            "counts_area": True,
            "counts_head": True,
            "owners": [self.refs[self.owners[home]]],
            "label": self.commit("unit.entered/1", "label", f"{home}", "label", home),
        }

    def area(self, home: int) -> int:
        """In 0.01 m²."""
        return 60_00 + home * 37 % 80_00


def public_of(pen: Pen, name: str) -> dict[str, str]:
    """Somebody's public key as a record has it."""
    key = pen.key(name)
    return {"alg": key.alg, "public": base64.b64encode(key.public).decode()}


def digest_of(text: str) -> str:
    """A digest of something that nobody has to have."""
    return sha256(text.encode()).hexdigest()
