"""The dossier 案卷: what the acts of one ledger say and what followed from them, as the checks read it.

Whoever replays a ledger hands each applied entry to :class:`Gathering`; the dossier is what it has at the end. It holds
the acts of the kinds and the facts of the types that some check asks for, and the books after the last entry::

    gathering = Gathering(CHECKS)
    for entry in entries:
        facts = replay.apply(entry)
        gathering.add(replay.books, entry, facts)
    dossier = gathering.close(replay.books)
    dossier.acts(DocumentEntered)[0].body.subject

Nothing is judged here. "Now" is the legal day of the last entry: two people who look at the same entries find the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from ledger import canonical, period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered, PartyEntered
from ledger.books import KINDS, Books
from ledger.log.act import Body, Signer
from ledger.log.entry import Entry, Signature
from ledger.people.records import LedgerOpened
from ledger.people.state import People
from ledger.rules.profile import Profile
from ledger.rules.records import ProfileAdopted

B = TypeVar("B", bound=Body)
F = TypeVar("F")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry that stands as evidence; ``part`` names a place in its body (``lines/3``, ``parts/0``), or is empty; ``day`` is the
    legal day on which the log took it.
    """

    seq: int
    record: str
    part: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Acted(Generic[B]):
    """One act: where it stands, its legal day, when the log took it and when its signer says he made it (ms), its body, who
    signed it.
    """

    seq: int
    day: str
    time: int
    at: int
    digest: str
    body: B
    signers: tuple[Signer, ...]

    def cite(self, part: str = "") -> Cited:
        """This act as evidence."""
        return Cited(self.seq, self.digest, part, self.day)


@dataclass(frozen=True, slots=True)
class Noted(Generic[F]):
    """One fact, with the entry that it followed from."""

    seq: int
    day: str
    record: str
    fact: F

    def cite(self, part: str = "") -> Cited:
        """The entry behind this fact as evidence."""
        return Cited(self.seq, self.record, part, self.day)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an entry until a check asks for its act: the body as bytes, since most are asked for once or never.

    ``at``: when its signer says that he made it (ms).
    """

    seq: int
    day: str
    time: int
    at: int
    digest: str
    body: bytes
    signers: tuple[Signer, ...]

    def read(self, model: type[B]) -> Acted[B]:
        """The act, its body read as its model."""
        return Acted(
            self.seq, self.day, self.time, self.at, self.digest, model.model_validate_json(self.body), self.signers
        )


class Dossier:
    """What was gathered. ``only(inputs)`` gives it to a check, which then sees those inputs and no others."""

    def __init__(
        self,
        books: Books,
        raws: Mapping[str, Sequence[Kept]],
        facts: Mapping[type, Sequence[Noted[Any]]],
        allowed: frozenset[type],
        kept: dict[object, Any] | None = None,
    ) -> None:
        self.books = books
        self._raws = raws
        self._facts = facts
        self._allowed = allowed
        self._kept: dict[object, Any] = {} if kept is None else kept

    def only(self, inputs: Iterable[type]) -> Dossier:
        """The same dossier, of which only these inputs can be read: so that a check's list of inputs is true."""
        return Dossier(self.books, self._raws, self._facts, frozenset(inputs), self._kept)

    @property
    def profile(self) -> Profile:
        """The rules in force at the end."""
        return self.books.rules.profile

    @cached_property
    def day(self) -> date:
        """The legal day of the last entry: a check's "now"."""
        return period.legal_day(self.books.head.time, self.books.offset)

    def acts(self, model: type[B]) -> Sequence[Acted[B]]:
        """All acts with this body, in log order."""
        return cast(
            Sequence[Acted[B]], self._once(model, model, lambda: tuple(one.read(model) for one in self._kept_of(model)))
        )

    def act_of(self, model: type[B], record: str) -> Acted[B] | None:
        """The act of a record, if its body is this: for who looks at few of many, since it is read every time."""
        kept = self._once((model, "act_of"), model, lambda: {one.digest: one for one in self._kept_of(model)}).get(
            record
        )
        return None if kept is None else kept.read(model)

    def facts(self, kind: type[F]) -> Sequence[Noted[F]]:
        """All facts of this type, in log order."""
        self._check_allowed(kind)
        return self._facts.get(kind, ())

    # --- what several checks look up ---------------------------------------------------------------------------------

    def documents(self) -> Mapping[str, Acted[DocumentEntered]]:
        """Papers by the digest of their record."""
        return self._once("documents", DocumentEntered, lambda: {act.digest: act for act in self.acts(DocumentEntered)})

    def contracts(self) -> Mapping[str, Acted[ContractEntered]]:
        """Contracts by code."""
        return self._once(
            "contracts", ContractEntered, lambda: {act.body.code: act for act in self.acts(ContractEntered)}
        )

    def parties(self) -> Mapping[str, Acted[PartyEntered]]:
        """Parties by code."""
        return self._once("parties", PartyEntered, lambda: {act.body.code: act for act in self.acts(PartyEntered)})

    def profiles(self) -> Sequence[tuple[Cited, Profile]]:
        """Every profile that was ever in force, with the entry that adopted it."""
        return self._once("profiles", ProfileAdopted, self._profiles)

    def _profiles(self) -> Sequence[tuple[Cited, Profile]]:
        founded = [(act.cite(), act.body.profile) for act in self.acts(LedgerOpened)]
        adopted = [(act.cite(), act.body.text) for act in self.acts(ProfileAdopted)]
        return tuple((cited, Profile.parse(text)) for cited, text in (*founded, *adopted))

    def profile_at(self, seq: int) -> Profile:
        """The profile by which the entry of this number was judged."""
        return [profile for adopted, profile in self.profiles() if adopted.seq < seq or not adopted.seq][-1]

    def lines(self) -> Sequence[Noted[Line]]:
        """The lines that stand: without those that a contra took back, and without the contra."""
        return self._once("lines", Line, self._standing)

    def _standing(self) -> Sequence[Noted[Line]]:
        every = self.facts(Line)
        corrected = {noted.fact.corrects for noted in every}
        return tuple(n for n in every if not n.fact.corrects and n.fact.record not in corrected)

    def lines_of(self, document: str) -> Sequence[Noted[Line]]:
        """The standing lines that rest on a paper."""
        by_document = self._once("lines_of", Line, self._lines_by_document)
        return by_document.get(document, ())

    def lines_under(self, contract: str) -> Sequence[Noted[Line]]:
        """The standing lines that name a contract."""
        by_contract = self._once("lines_under", Line, self._lines_by_contract)
        return by_contract.get(contract, ())

    def _lines_by_contract(self) -> Mapping[str, Sequence[Noted[Line]]]:
        found: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
        for noted in self.lines():
            if noted.fact.move.contract:
                found[noted.fact.move.contract].append(noted)
        return found

    def _lines_by_document(self) -> Mapping[str, Sequence[Noted[Line]]]:
        found: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
        for noted in self.lines():
            found[noted.fact.move.document].append(noted)
        return found

    def _kept_of(self, model: type[B]) -> Iterable[Kept]:
        for kind in _kinds_of(model):
            yield from self._raws.get(kind, ())

    def _check_allowed(self, wanted: type) -> None:
        if wanted not in self._allowed:
            raise AssertionError(f"a check reads {wanted.__name__}, which is not among its inputs")

    def _once(self, name: object, needs: type, make: Callable[[], T]) -> T:
        self._check_allowed(needs)
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])


def _kinds_of(model: type[Body]) -> tuple[str, ...]:
    """The kinds of record whose body this is, older versions first."""
    return tuple(sorted(name for name, kind in KINDS.items() if kind.model is model))


@dataclass(slots=True)
class Gathering:
    """Takes in applied entries, and keeps what ``inputs`` ask for."""

    inputs: Iterable[type]
    _models: dict[str, type] = field(init=False)
    _types: frozenset[type] = field(init=False)
    acts: defaultdict[str, list[Kept]] = field(init=False, default_factory=lambda: defaultdict(list))
    """By kind of record, in log order."""
    facts: defaultdict[type, list[Noted[Any]]] = field(init=False, default_factory=lambda: defaultdict(list))
    """By type, in log order."""
    _day: str = ""
    _shared: dict[tuple[Signer, ...], tuple[Signer, ...]] = field(init=False, default_factory=dict)
    """The same people sign again and again: each set of signers is kept once."""

    def __post_init__(self) -> None:
        self._types = frozenset(self.inputs)
        self._models = {name: kind.model for name, kind in KINDS.items() if kind.model in self._types}

    def add(self, books: Books, entry: Entry, facts: Iterable[object]) -> None:
        """Take in an entry, with the books right after it and the facts that followed."""
        record = entry.record
        written = period.legal_day(entry.time, books.offset).isoformat()
        day = self._day = self._day if written == self._day else written
        if record.kind in self._models:
            signers = _signers(books.people, entry.signatures, day)
            signers = self._shared.setdefault(signers, signers)
            # Copied, for the encoder leaves its bytes in a buffer of several times their size.
            body = bytes(memoryview(canonical.encode_trusted(record.body)))
            self.acts[record.kind].append(Kept(entry.seq, day, entry.time, record.at_ms, record.digest, body, signers))
        for fact in facts:
            if type(fact) in self._types:
                self.facts[type(fact)].append(Noted(entry.seq, day, record.digest, fact))

    def share(self, signers: Iterable[tuple[Signer, ...]]) -> None:
        """Sets of signers that are there already."""
        self._shared |= {one: one for one in signers}

    def close(self, books: Books) -> Dossier:
        """The dossier of all that was taken in; ``books`` are those after the last entry."""
        return Dossier(books, self.acts, self.facts, self._types)


def _signers(people: People, signatures: Sequence[Signature], day: str) -> tuple[Signer, ...]:
    """Who signed, after the entry was applied: its own new keys are known too."""
    keys = [people.keys[signature.key] for signature in signatures]
    return tuple(Signer(key.id, key.person, people.roles_of(key.person, day)) for key in keys)
