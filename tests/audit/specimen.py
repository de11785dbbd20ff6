"""Published ledgers to check and to harm: a community's entries under real keys, as the files of a bundle in memory.

``small()`` has money and one statement in as few bytes as it takes; ``full()`` has a meeting, two statements, an own
witness besides. Both are made once; ``bundle.files`` may be copied and changed, ``remade`` makes the manifest fit again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import Any

from ledger import canonical, period
from ledger.audit import Report, Trust, verify
from ledger.audit.manifest import MANIFEST, File, encode_manifest
from ledger.books import Books
from ledger.errors import NotFound
from ledger.exchange.bundle import bundle_files
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, LogKeys, cosign
from ledger.log.note import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.log.policy import KnownWitness, Log, Policy
from ledger.log.source import Files
from ledger.log.tiles import WIDTH, bundles_between, encode_entries, tiles_between
from ledger.publication.journal import Journal
from ledger.publication.statement import draw_up, publication_body
from ledger.rules.profile import shipped_text
from tests.community import BOTH, Community, Flat, Memory, digest_of
from tests.poll import Poll, motion

ORIGIN = "example.org/books"
CHART = """name = "small"
money = { bank = "1002", petty = "1002", kept = "1002" }
suspense = { received = "4001", spent = "4001" }
fund = { service_fee = "4001", common_income = "4001" }
[account]
1002 = { zh = "银行存款", en = "Bank", side = "debit" }
4001 = { zh = "收入", en = "Income", side = "credit" }
[category]
fees = { zh = "物业费", en = "Fees", code = "4001", natures = ["income"] }
lift = { zh = "电梯", en = "Lifts", code = "4001", natures = ["expense"] }
power = { zh = "代收电费", en = "Power, passed on", code = "4001", natures = ["pass_through"] }
"""


def log_keys(name: str = "log", origin: str = ORIGIN) -> LogKeys:
    """The keys of a log that a name always has."""
    seeds = [sha256(f"{name} {kind}".encode()).digest() for kind in ("one", "two")]
    return LogKeys(
        SigningKey(origin, ED25519, seeds[0]),
        SigningKey(origin, COSIGNATURE_ML_DSA_44, seeds[1]),
    )


WITNESS = SigningKey("example.org/witness", COSIGNATURE_ED25519, sha256(b"witness").digest())
OTHER_WITNESS = SigningKey("example.org/other", COSIGNATURE_ED25519, sha256(b"other witness").digest())


def policy_of(keys: LogKeys, *witnesses: SigningKey) -> Policy:
    """A policy that lists the log's keys and asks for the first witness."""
    known = tuple(KnownWitness(w.name.rpartition("/")[2], w.vkey) for w in witnesses)
    return Policy(tuple(Log(key) for key in keys.vkeys), known, (), known[0].name if known else None)


class InMemory(Files):
    """A source over files in a dictionary."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(_Reader(files))


class _Reader:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise NotFound("source.file", path, "a file")
        return self.files[path]

    def names(self) -> Sequence[str]:
        return sorted(self.files)


def head_of(entries: Sequence[bytes], origin: str = ORIGIN) -> Checkpoint:
    """The head over these entries."""
    return Checkpoint(origin, len(entries), merkle.root(merkle.leaf_hashes(entries)))


def log_files(
    entries: Sequence[bytes], keys: LogKeys, timestamp: int, witnesses: Sequence[SigningKey] = ()
) -> dict[str, bytes]:
    """Checkpoint, tiles and entry bundles of a log."""
    head = head_of(entries, keys.origin)
    note = keys.sign(head, timestamp)
    for witness in witnesses:
        note += bytes(cosign(witness, head.text(), timestamp + 1))
    files = {"checkpoint": note}
    rows = [merkle.leaf_hashes(entries)]
    while len(rows[-1]) >= WIDTH:
        whole = len(rows[-1]) // WIDTH * WIDTH
        rows.append([merkle.root(rows[-1][at : at + WIDTH]) for at in range(0, whole, WIDTH)])
    for tile in tiles_between(0, len(entries)):
        _level, first, end = tile.nodes
        files[tile.path] = b"".join(rows[tile.level][first:end])
    for bundle in bundles_between(0, len(entries)):
        _level, first, end = bundle.nodes
        files[bundle.path] = encode_entries(entries[first:end])
    return files


@dataclass(frozen=True)
class Published:
    """A bundle with all that made it; ``outside`` is what a careful reader knows of it."""

    entries: tuple[bytes, ...]
    keys: LogKeys
    statements: Mapping[str, bytes]
    genesis: str
    timestamp: int
    witnesses: tuple[SigningKey, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    registrar: frozenset[str] = frozenset()

    @property
    def head(self) -> Checkpoint:
        """The head."""
        return head_of(self.entries, self.keys.origin)

    @property
    def outside(self) -> Trust:
        """Everything that can be known from elsewhere."""
        policy = policy_of(self.keys, *self.witnesses)
        return Trust(self.genesis, self.keys.vkeys, policy, self.registrar, (self.head,))

    def publish(self, **changed: Any) -> "Published":
        """The same with other entries, keys or statements, published anew as its keeper would."""
        made = replace(self, **changed)
        log = log_files(made.entries, made.keys, made.timestamp, made.witnesses)
        policy = policy_of(made.keys, *made.witnesses)
        files = dict(bundle_files(InMemory(log), made.statements, made.keys.vkeys, policy))
        return replace(made, files=files)


def remade(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with a manifest that fits them: what a forger does."""
    kept = {path: data for path, data in files.items() if path != MANIFEST}
    return kept | {MANIFEST: encode_manifest(File.of(path, data) for path, data in kept.items())}


def check(files: Mapping[str, bytes], trust: Trust | None = None, **how: Any) -> Report:
    """Verify a bundle in memory."""
    return verify(InMemory(files), trust, **how)


class Ledger(Community):
    """A community that keeps books and publishes statements."""

    def __init__(
        self, units: Sequence[Flat] = (), *, keys: LogKeys | None = None, name: str = "示例小区", **options: Any
    ) -> None:
        self.log = keys or log_keys()
        lines = [line for line in shipped_text("civil-code-2021").split("\n") if not line.startswith("#")]
        profile = re.sub(r'basis = "[^"]*"', 'basis = "t"', "\n".join(lines))
        genesis: dict[str, Any] = {
            "origin": self.log.origin,
            "vkeys": [str(key) for key in self.log.vkeys],
            "name": name,
        }
        genesis |= options.pop("genesis", {})
        super().__init__(units, profile=profile, genesis=genesis, **options)
        self.statements: dict[str, bytes] = {}

    def open_books(self) -> None:
        """Chart, an account with two funds, a letter, a party, opening balances."""
        mandate = [{"least": 1, "seats": [["chair"]]}]
        self.act("chart.adopted/1", {"text": CHART}, by=BOTH)
        account = {"code": "bank", "nature": "bank", "title": "共管账户", "holder": "committee", "mandate": mandate}
        self.act("account.opened/1", account | {"funds": ["service_fee", "common_income"]}, by=BOTH)
        self.letter = self.act("document.entered/1", {"kind": "letter", "subject": "交接清单"}, by=["chair"])
        parts = [
            {"account": "bank", "fund": fund, "amount": amount, "source": self.letter, "proven": amount > 500_00}
            for fund, amount in (("service_fee", 1_000_00), ("common_income", 200_00))
        ]
        self.act("books.opened/1", {"on": "2026-01-01", "handed_over_by": "前期物业", "parts": parts}, by=BOTH)

    def kept(self, on: str, gross: int, cost: int) -> str:
        """A recorded deposit of which the payer keeps a part."""
        body: dict[str, Any] = {
            "account": "bank",
            "on": on,
            "fund": "common_income",
            "category": "fees",
            "nature": "income",
        }
        body |= {"cost_evidence": self.letter, "cost_category": "lift", "gross": gross, "cost": cost}
        return self.act("deposit.recorded/1", body | {"net": gross - cost}, by=["treasurer"])

    def take(self, *rows: tuple[str, int, str, str]) -> None:
        """A bank file of one batch, confirmed: day, fen, category, nature of each row; no category is suspense, no nature
        the deposit that the row settles.
        """
        file = self.begin(*rows)
        taken = self.books.accounts.imports[file]
        confirmed = {"file": taken.digest, "count": taken.count, "root": taken.range.root().hex()}
        self.act("bank.confirmed/1", confirmed | {"closing": taken.closing}, by=["supervisor"])

    def reject(self, *files: str) -> None:
        """Take files back."""
        for file in files:
            self.act("bank.rejected/1", {"file": file, "reason": "导错了账户"}, by=["treasurer"])

    def begin(self, *rows: tuple[str, int, str, str], **other: Any) -> str:
        """A bank file, not confirmed; ``other`` replaces fields of its record."""
        account = self.books.accounts.account("bank")
        opening = account.balance
        file = {
            "account": "bank",
            "file": digest_of(f"file {len(self.entries)}"),
            "layout": "generic",
            "start": rows[0][0],
            "end": rows[-1][0],
            "opening": opening,
            "count": len(rows),
            "closing": opening + sum(row[1] for row in rows),
        }
        self._tick(None)
        records = [self.record("bank.imported/1", file | other)]
        for number, (day, amount, category, nature) in enumerate(rows):
            opening += amount
            part = {"amount": amount, "fund": "service_fee", "category": category, "nature": nature}
            if category and not nature:
                part = {"amount": amount, "settles": category}
            row = {
                "file": records[0].digest,
                "row": number + 2,
                "on": day,
                "amount": amount,
                "balance": opening,
                "ordinal": 0,
                "narration": self.commit("bank.row/1", "narration", f"narration {number}")[0],
                "parts": [part] if category else [],
            }
            records.append(self.record("bank.row/1", row))
        for record, signed in zip(records, self.sign_batch(records, ["treasurer"]), strict=True):
            self.submit(record, signed)
        return records[0].digest

    def journal(self) -> Journal:
        """The journal of all entries so far."""
        journal, books, past = Journal(), Books(), Memory()
        for entry in self.entries:
            books, facts = self.apply(books, entry, past)
            past.keep(entry, facts)
            journal.add(entry, facts)
        return journal

    def statement(self) -> dict[str, Any]:
        """The statement of the next period as the books stand."""
        root = merkle.root(entry.leaf for entry in self.entries)
        return draw_up(self.books, self.journal(), root)

    def publish_statement(self, *between: tuple[str, dict[str, Any], list[str]], at: str, **other: Any) -> None:
        """Draw up and publish; ``between`` are acts that stand between its prefix and its publication."""
        drawn = self.statement()
        body = publication_body(drawn, self.books.accounts)
        for kind, inner, by in between:
            self.act(kind, inner, by=by)
        self.act("statement.published/1", body | other, by=["treasurer", "chair"], at=at)
        self.statements[drawn["period"]["code"]] = canonical.encode(drawn)

    def published(self, *witnesses: SigningKey, registrar: frozenset[str] | None = None) -> Published:
        """All of it, given out."""
        made = Published(
            tuple(entry.raw for entry in self.entries),
            self.log,
            dict(self.statements),
            self.ledger,
            self.time // 1000 + 60,
            witnesses,
            registrar=frozenset({self.key("registrar").key}) if registrar is None else registrar,
        )
        return made.publish()


OFFICERS = {"chair": ("chair", "committee"), "treasurer": ("treasurer", "committee")} | {
    "supervisor": ("supervisor", "supervisors"),
    "registrar": ("registrar", "residents_committee"),
}


def small_ledger() -> Ledger:
    """Money in and out, and one statement; as few bytes as it takes."""
    ledger = Ledger(officers=OFFICERS)
    ledger.open_books()
    ledger.set_clock("2026-06-30T09:00:00+08:00")
    ledger.take(("2026-03-01", 300_00, "fees", "income"), ("2026-04-01", -120_00, "lift", "expense"))
    ledger.set_clock("2026-07-14T09:00:00+08:00")
    ledger.publish_statement(at="2026-07-15T09:00:00+08:00")
    return ledger


@cache
def small() -> Published:
    """See :func:`small_ledger`."""
    return small_ledger().published(WITNESS)


def full_ledger(**options: Any) -> Ledger:
    """A meeting with a roll and sealed ballots, a budget, two statements with an act before the first one stands, bank files
    that were taken back.
    """
    units = [Flat("a1", owners=("zhang",)), Flat("a2", owners=("li", "zhang")), Flat("a3", owners=("zhang",))]
    ledger = Ledger(units, **options)
    ledger.open_books()
    ledger.act("party.entered/1", {"code": "lift", "nature": "legal", "title": "电梯公司"}, by=["chair"])
    Poll.hold(ledger, [motion(9), motion(5)], {"a1": "yn", "a2": "ya"})
    ledger.set_clock("2026-06-30T09:00:00+08:00")
    ledger.take(
        ("2026-03-01", 300_00, "fees", "income"),
        ("2026-04-01", -120_00, "lift", "expense"),
        ("2026-04-02", 7_00, "power", "pass_through"),
        ("2026-05-02", 5_00, "", ""),
        ("2026-05-03", 7_00, ledger.kept("2026-05-03", 10_00, 3_00), ""),
    )
    ledger.set_clock("2026-07-14T09:00:00+08:00")
    paper = ("document.entered/1", {"kind": "other", "subject": "照片"}, ["chair"])
    ledger.publish_statement(paper, at="2026-07-15T09:00:00+08:00")
    ledger.set_clock("2026-12-31T09:00:00+08:00")
    cut_off = ledger.begin(("2026-08-01", 9_00, "", ""), ("2026-08-03", -2_00, "", ""), count=3, end="2026-08-31")
    ledger.reject(ledger.begin(("2026-08-04", 6_00, "", "")), cut_off)
    ledger.take(("2026-09-01", 11_00, "fees", "income"))
    ledger.publish_statement(at="2027-01-15T09:00:00+08:00")
    return ledger


@cache
def full() -> Published:
    """See :func:`full_ledger`."""
    return full_ledger().published(WITNESS, OTHER_WITNESS)


def moment(text: str) -> int:
    """A log time in seconds."""
    return period.parse_rfc3339(text) // 1000


def relink(entries: Sequence[bytes]) -> tuple[bytes, ...]:
    """Entries numbered and linked anew: what a keeper does who has taken one out."""
    made: list[bytes] = []
    for seq, raw in enumerate(entries):
        value = canonical.decode(raw)
        assert isinstance(value, dict)
        link = merkle.leaf_hash(made[-1]).hex() if made else "0" * 64
        made.append(canonical.encode(value | {"seq": seq, "prev": link}))
    return tuple(made)


def changed(raw: bytes, path: str, value: Any) -> bytes:
    """An entry with another value at a path such as ``record/body/amount``; None takes it out."""
    entry = canonical.decode(raw)
    inner: Any = entry
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    for step in steps:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return canonical.encode(entry)


def index_of(published: Published, kind: str, nth: int = 0) -> int:
    """The number of the nth entry of a kind."""
    needle = f'"kind":"{kind}"'.encode()
    return [seq for seq, raw in enumerate(published.entries) if needle in raw][nth]
