"""Golden ledgers: bytes that were written once and are read for ever.

``tests/golden/<name>/entries.jsonl`` holds the entries of a ledger, one a line, ``expected.json`` what they are: each
record's digest, each entry's leaf hash, the root of the tree; and what its machine makes of them: the SHA-256 of the state
and of each statement drawn up. They were made once, each by the function of its name, and are never made again: a difference
means that ledgers written yesterday read otherwise today. A new machine gets a new folder.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ledger import canonical
from ledger.audit.checks import VERSION, Gathering
from ledger.audit.following import Followed
from ledger.audit.replay import IndexPast, Replay
from ledger.audit.reported import GATHERED
from ledger.audit.reports import FORM, report_of
from ledger.books import KINDS, MACHINE, Books
from ledger.canonical import Json
from ledger.log import merkle, snapshot
from ledger.log.entry import Opening, parse_entry
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.publication.audited import AuditSort
from ledger.publication.statement import digest_of as digest_of_statement
from ledger.publication.statement import publication_body
from ledger.rules.calendar import shipped_text
from ledger.signatures import P256Key
from tests.accounts.treasury import MANDATE, Row, Treasury, fees, spent, to_box
from tests.community import BOTH, OFFICERS, Community, Flat, Memory, digest_of, flats, key_of, salt_of
from tests.publication.drawing import drawn
from tests.test_live import House

ORIGIN = "example.org/golden"
STATEMENT = "statement.published/1"
FOLDER = Path(__file__).parent / "golden"


class Bare(Treasury):
    """A treasury that begins with its genesis only, so that the golden entries depend on nothing but what stands below."""

    def __init__(self, **options: Any) -> None:
        Community.__init__(self, **options)

    def commit(self, kind: str, place: str, value: Json, salt: bytes | None = None) -> tuple[str, Opening]:
        """As they were written then, before openings were asked for: nothing stood behind a narration."""
        if kind == "bank.row/1":
            return digest_of(str(value)), Opening(place, salt_of(""), value)
        return super().commit(kind.replace("changed", "entered"), place, value, salt)


def first(profile: str, chart: str) -> Treasury:
    """Genesis, persons, keys of both kinds, units by batch, chart, accounts, papers, money in and out, corrections.

    ``profile`` and ``chart`` are adopted texts: those that the house ships may change, those of a ledger never do.
    """
    house = Bare(
        profile=profile,
        genesis={
            "origin": ORIGIN,
            "machine": 1,
            "vkeys": [
                str(SigningKey(ORIGIN, kind, salt_of(str(kind))).vkey) for kind in (ED25519, COSIGNATURE_ML_DSA_44)
            ],
            "name": "金样小区",
            "units": {"count": 3, "area": 25_050, "source": digest_of("survey")},
            "passkeys": {"rp_ids": ["example.org"], "origins": ["https://example.org"]},
            "example": True,
        },
    )
    house.enter("zhang", "li")
    house.settle(
        (Flat("a1", 10_000, ("zhang",)), Flat("a2", 12_000, ("zhang", "li")), Flat("s1", 3_050, ("li",), use="shop"))
    )
    house.change_unit(Flat("s1", 3_100, ("li",), use="shop"))
    house.enrol("zhang")
    lost = key_of("li")
    house.revoke(lost)
    phone = P256Key(key_of("phone").private)
    public = {"alg": "p256", "public": base64.b64encode(phone.public).decode()}
    house.act("key.enrolled/1", {"person": house.ref("li"), "key": public}, by=[*BOTH, phone])
    house.act(
        "role.appointed/1",
        {
            "person": house.ref("zhang"),
            "role": "vice_chair",
            "body": "committee",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "source": digest_of("election"),
        },
        by=BOTH,
    )
    house.act("chart.adopted/1", {"text": chart}, by=BOTH)
    house.account("bank", "bank", ["service_fee", "common_income", "maintenance"], bank="示例银行", number="尾号8816")
    house.account("box", "petty", ["service_fee"])
    house.letter = house.document(
        number_printed="函〔2026〕1号", dated="2026-01-04", lines=[{"text": "电梯维保", "amount_printed": 5_670_00}]
    )
    house.party("lift", credit_code="91510100MA00000000")
    house.open()
    house.act("mandate.changed/1", {"account": "bank", "mandate": MANDATE, "source": digest_of("vote")}, by=BOTH)
    house.act(
        "contract.entered/1", {"code": "c1", "direction": "out", "object": "电梯维保", "party": "lift"}, by=["chair"]
    )
    deposit = house.deposit(
        900, gross=1_000, cost=100, cost_evidence=house.letter, fund="common_income", category="rent"
    )
    day = house.day
    rows: list[Row] = [
        (day, 900, [{"amount": 900, "settles": deposit}]),
        (day, 300, [fees(250, covers="2026年1月", unit="a1")]),
        (day, -80, [spent(80, party="lift", contract="c1")]),
        (day, -500, [to_box(500)]),
        (day, 7),
    ]
    _, *digests = house.take(*rows, confirmed=True)
    house.clear(digests[1], fees(50, category="interest"))
    house.contra(digests[2])
    house.pay_cash(spent(30))
    house.act("cash.counted/1", {"account": "box", "on": day, "counted": 470}, by=["treasurer", "chair"])
    application = house.apply_for(100_00, 50_00, document=house.letter, contract="c1")
    house.act("withdrawal.dropped/1", {"application": application, "reason": "改期"}, by=["chair"])
    house.act(
        "role.ended/1",
        {"person": house.ref("zhang"), "role": "vice_chair", "on": "2026-01-31", "source": digest_of("letter")},
        by=BOTH,
    )
    return house


def lines(folder: Path) -> list[bytes]:
    """The entries' bytes."""
    return (folder / "entries.jsonl").read_bytes().removesuffix(b"\n").split(b"\n")


def expected(folder: Path) -> dict[str, Any]:
    """What they are."""
    read: dict[str, Any] = json.loads((folder / "expected.json").read_bytes())
    return read


class Released(House):
    """Two years of everything that machine 1 takes, and what they leave in state and statements."""

    def publish_next(self) -> str:
        """With the statement that follows from the entries."""
        body = publication_body(drawn(self), self.accounts)
        return self.act(STATEMENT, body, by=["treasurer", "chair"])

    OFFICERS: ClassVar[Mapping[str, tuple[str, str]]] = OFFICERS

    def questions(self, year: int) -> None:
        """Machine 1 knows none."""

    def audited(self, year: int) -> None:
        """Nor any of these."""

    def rules_change(self, year: int) -> None:
        """Besides, in the first year, its working days."""
        super().rules_change(year)
        if year == 2026:
            self.act("calendar.adopted/1", {"year": year, "text": shipped_text(year)}, by=BOTH)

    def money(self, authority: str) -> None:
        """Besides, a receipt of which the payer kept a part."""
        super().money(authority)
        kept = self.deposit(7_00, gross=10_00, cost=3_00, cost_evidence=self.letter, cost_category="lift", party="lift")
        self.take((self.day, 7_00, [{"amount": 7_00, "settles": kept}]), confirmed=True)


def machine1() -> Treasury:
    """The golden ledger of machine 1."""
    house = Released()
    house.year(2026)
    house.year(2027)
    return house


class Adopted(Released):
    """A year under machine 1, then one in which machine 2 is adopted, with everything that it brings."""

    OFFICERS = House.OFFICERS

    def __init__(self) -> None:
        opened = {"machine": 1, "units": {"count": 3, "area": 30_000, "source": digest_of("survey")}}
        Treasury.__init__(self, units=flats("a1 a2 a3"), officers=self.OFFICERS, genesis=opened)
        self.open()
        self.kinds = Counter()

    def questions(self, year: int) -> None:
        """Besides what owners ask every year: all ends that a question can have, and none."""
        if self.books.machine == 1:
            return
        House.questions(self, year)
        ends = {"taken_back": self.ask("owner-a1"), "not_mine": self.ask_on_paper("owner-a3")}
        for outcome, asked in ends.items():
            owner = "owner-a1" if outcome == "taken_back" else "owner-a3"
            self.act("objection.concluded/1", {"objection": asked, "outcome": outcome}, by=[owner])
        late = self.ask("owner-a2")
        self.ask("owner-a3")
        self.advance(days=30)
        self.act("objection.concluded/1", {"objection": late, "outcome": "street"}, by=["owner-a2"])
        self.act("objection.answered/1", self.answer(late, "见附件"), by=["chair"])

    def audited(self, year: int) -> None:
        """Besides, what takes the place of something earlier: terms, a budget, a deduction; and a check that is lowered."""
        if self.books.machine == 1:
            return
        House.audited(self, year)
        bodies = {entry.record.kind: entry.record.body for entry in self.entries}
        wrong = {
            "trust": f"t{year}",
            "on": self.day,
            "amount": 3_00,
            "reason": "缺勤",
            "evidence": self.document("记录"),
        }
        corrected = wrong | {
            "amount": 0,
            "reason": "查无此事",
            "corrects": self.act("trust.deducted/1", wrong, by=BOTH),
        }
        self.act("trust.deducted/1", corrected, by=BOTH)
        anew = {"code": f"u{year}", "start": f"{year}-07-01", "rate": "8/100", "cap": 90_00, "replaces": f"t{year}"}
        self.act("trust.agreed/1", dict(bodies["trust.agreed/1"]) | anew | {"other_base": "receivable"}, by=BOTH)
        self.act("plan.adopted/1", dict(bodies["plan.adopted/1"]) | {"code": "z", "replaces": f"y{year}"}, by=BOTH)
        lowered = {"check": "contract.impossible_day", "reason": "旧合同抄错"}
        for more in ({}, {"until": f"{year}-12-31"}):
            self.act("check.lowered/1", lowered | more, by=BOTH)

    def money(self, authority: str) -> None:
        """Besides, payments that wait in public: one held by an owner until the answer, one in spite of a paper that is not his."""
        super().money(authority)
        if self.books.machine == 1:
            return
        posted = [tier | {"posting": 5} for tier in MANDATE]
        self.act("mandate.changed/1", {"account": "bank", "mandate": posted, "source": digest_of("vote")}, by=BOTH)
        for held in (True, False):
            proposal = self.propose(self.apply_for(1_00), authority, "")
            asked = self.ask("owner-a1", proposal) if held else self.ask_on_paper("owner-a1", proposal)
            self.advance(days=7)
            if held:
                self.act("objection.answered/1", self.answer(asked, "见合同"), by=["chair"])
            else:
                self.act("objection.concluded/1", {"objection": asked, "outcome": "not_mine"}, by=["owner-a1"])
            self.approve(proposal)
        waiting = self.propose(self.apply_for(1_00), authority, "")
        self.ask("owner-a2", waiting)

    def ask(self, owner: str, about: str = "") -> str:
        """A signed question."""
        return self.act("objection.filed/1", self.objection(about or self.letter, "为什么"), by=[owner])

    def ask_on_paper(self, owner: str, about: str = "") -> str:
        """One taken in at the counter."""
        body = self.objection(about or self.letter, "请说明", "objection.received/1")
        body |= {"owner": self.ref(owner), "slip": f"no-{len(self.entries)}", "on": self.day}
        return self.act("objection.received/1", body, by=["registrar"])


def machine2() -> Treasury:
    """The golden ledger of machine 2."""
    house = Adopted()
    house.year(2026)
    house.act("machine.adopted/1", {"machine": 2}, by=BOTH)
    house.year(2027)
    return house


def replayed(folder: Path) -> tuple[Books, dict[str, str]]:
    """The books after a golden ledger, and the digest of each statement drawn up from its own prefix, by its period."""
    raws, found = lines(folder), dict[str, str]()
    prefixes = [entry.record.body["prefix"] for entry in map(parse_entry, raws) if entry.record.kind == STATEMENT]
    replay = Replay(IndexPast(raws.__getitem__))
    for raw in raws:
        if replay.books.head.size in prefixes:
            made = replay.draw_up()
            found[made["period"]["code"]] = digest_of_statement(made)
        replay.apply(parse_entry(raw))
    return replay.books, found


def write(house: Community, folder: Path) -> None:
    """Write a new golden ledger; called by hand, once."""
    folder.mkdir(parents=True)
    (folder / "entries.jsonl").write_bytes(b"".join(entry.raw + b"\n" for entry in house.entries))
    found: dict[str, Any] = {
        "ledger": house.ledger,
        "records": [entry.record.digest for entry in house.entries],
        "leaves": [entry.leaf.hex() for entry in house.entries],
        "root": merkle.root([entry.leaf for entry in house.entries]).hex(),
    }
    books, statements = replayed(folder)
    found |= {"state": state_of(books), "statements": statements}
    (folder / "expected.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def reports(folder: Path) -> dict[str, str]:
    """The SHA-256 of each sort of audit report over all days of a golden ledger, by sort."""
    raws = lines(folder)
    replay, followed = Replay(IndexPast(raws.__getitem__)), Followed(Gathering(GATHERED))
    for entry in map(parse_entry, raws):
        facts = tuple(replay.apply(entry))
        followed.add(replay.books, entry, facts)
    made = followed.conclude()
    sorts: tuple[AuditSort, ...] = ("trust", "term", "annual", "handover")
    written = {sort: canonical.encode(dict(report_of(made, sort, "2026-01-01", "2027-12-31"))) for sort in sorts}
    return {sort: hashlib.sha256(raw).hexdigest() for sort, raw in written.items()}


def state_of(books: Books) -> str:
    """The SHA-256 of a state's canonical bytes."""
    return hashlib.sha256(snapshot.dump(books)).hexdigest()


FOLDERS = sorted(folder for folder in FOLDER.iterdir() if folder.is_dir())


def test_there_is_a_golden_ledger() -> None:
    assert {folder.name for folder in FOLDERS} == {"first", *(f"machine{number}" for number in range(1, MACHINE + 1))}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_records_and_leaves_are_what_they_were(folder: Path) -> None:
    due, entries = expected(folder), [parse_entry(raw) for raw in lines(folder)]
    assert [entry.record.digest for entry in entries] == due["records"]
    assert [entry.leaf.hex() for entry in entries] == due["leaves"]
    assert merkle.root([entry.leaf for entry in entries]).hex() == due["root"]
    assert entries[0].record.digest == due["ledger"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_without_our_code_too(folder: Path) -> None:
    """Hashes by the standard library alone: DSSE's encoding of the record, RFC 6962's leaf and its tree."""
    due, level = expected(folder), []
    for raw, digest, leaf in zip(lines(folder), due["records"], due["leaves"], strict=True):
        record = json.dumps(
            json.loads(raw)["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        kind = b"application/vnd.mingzhang.record+json"
        pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(record), record)
        assert hashlib.sha256(pae).hexdigest() == digest
        level.append(hashlib.sha256(b"\0" + raw).digest())
        assert level[-1].hex() == leaf
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    assert level[0].hex() == due["root"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_ledger_is_accepted_as_it_was(folder: Path) -> None:
    books, past = Books(), Memory()
    for raw in lines(folder):
        entry = parse_entry(raw)
        books, facts = Community.apply(books, entry, past)
        past.keep(entry, facts)
    assert books.head.size == len(lines(folder))
    assert books.ledger == expected(folder)["ledger"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_state_and_statements_are_what_they_were(folder: Path) -> None:
    due, (books, statements) = expected(folder), replayed(folder)
    assert state_of(books) == due["state"]
    assert statements == due["statements"]
    # What was published says so itself.
    published = [entry.record.body for entry in map(parse_entry, lines(folder)) if entry.record.kind == STATEMENT]
    assert {body["period"]: body["digest"] for body in published} == statements


@pytest.mark.parametrize("machine", range(1, MACHINE + 1))
def test_each_machine_has_its_golden_ledger(machine: int) -> None:
    """A kind that no golden ledger has could change unseen."""
    folders = [FOLDER / "first", *(FOLDER / f"machine{number}" for number in range(1, machine + 1))]
    kinds = {parse_entry(raw).record.kind for folder in folders for raw in lines(folder)}
    later = {"machine.adopted/1"} if machine == 1 else set()
    assert kinds == {name for name, kind in KINDS.items() if kind.since <= machine} - later
    assert len(expected(FOLDER / f"machine{machine}")["statements"]) >= 4


def test_the_same_versions_make_the_same_audit_reports() -> None:
    """Auditors sign reports by digest, with both numbers: whoever changes a check or a section raises its number, and then only
    writes the new digests down.
    """
    due = json.loads((FOLDER / "machine2" / "reports.json").read_bytes())
    assert (due["checks"], due["form"]) == (VERSION, FORM)
    assert due["reports"] == reports(FOLDER / "machine2")


def test_the_same_acts_make_the_same_bytes() -> None:
    """Signatures are deterministic, bodies canonical: nothing of this machine or of this day is in an entry."""
    golden = lines(FOLDER / "first")
    bodies = {entry.record.kind: entry.record.body for entry in map(parse_entry, golden)}
    made = first(bodies["ledger.opened/1"]["profile"], bodies["chart.adopted/1"]["text"])
    assert [entry.raw for entry in made.entries] == golden


def test_the_first_ledger_has_a_kind_of_each_sort() -> None:
    kinds = {parse_entry(raw).record.kind for raw in lines(FOLDER / "first")}
    assert len(kinds) >= 24
