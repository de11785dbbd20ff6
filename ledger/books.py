"""The books of one community as a pure function of its entries: the one joint between the rooms.

``apply(books, entry, past)`` returns the next books and the facts that follow, or raises the rule that refuses the
entry and leaves everything as it was. It knows no clock, randomness, database, network, locale or float. What it
accepts is a protocol with a number, the *machine*: what a released number does never changes.

The signatures' cryptography is checked before (:func:`ledger.people.signing.check_signatures`), by whoever calls: the
sequencer for a new entry, :mod:`ledger.audit` for an old one. What a signature *means* (keys, roles, terms, seats) is judged
here, at the entry's position and time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import period
from ledger.accounts import authorities, periods, withdrawals
from ledger.accounts import decide as accounts_decide
from ledger.accounts.state import Accounts
from ledger.errors import Conflict, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Kind, Past, Signing, Used, read_body, seat
from ledger.log.entry import ORIGIN_LINK, Entry, batch_root
from ledger.people import decide as people_decide
from ledger.people import signing
from ledger.people.records import LedgerOpened, MachineAdopted
from ledger.people.state import People
from ledger.publication import decide as publication_decide
from ledger.publication import objections
from ledger.publication.state import Publication
from ledger.rules import decide as rules_decide
from ledger.rules.state import Rules
from ledger.votes import decide as votes_decide
from ledger.votes import facts as votes_facts
from ledger.votes.state import Votes

MACHINE: Final = 2
"""The newest machine that this code speaks; it speaks all before it too."""
GENESIS: Final = "ledger.opened/1"
OLDEST_MS: Final = 31 * 86_400_000
"""A record may be signed at most this long before the log takes it (design §4)."""
AHEAD_MS: Final = 10 * 60_000
"""… and at most this long after the log's time, for clocks that differ."""


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch of which not all records have come yet: until the last, nothing else is accepted."""

    root: str
    count: int
    next: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands."""

    size: int = 0
    time: int = 0
    leaf: str = ORIGIN_LINK
    batch: OpenBatch | None = None


@dataclass(frozen=True)
class Books:
    """The whole state of one community."""

    head: Head = field(default_factory=Head)
    ledger: str = ""
    """The genesis digest: what every later record names."""
    origin: str = ""
    name: str = ""
    vkeys: tuple[str, ...] = ()
    machine: int = MACHINE
    offset: int = 480
    """Minutes east of UTC: legal days are counted there."""
    example: bool = False
    people: People = field(default_factory=People)
    rules: Rules = field(default_factory=Rules)
    accounts: Accounts = field(default_factory=Accounts)
    votes: Votes = field(default_factory=Votes)
    publication: Publication = field(default_factory=Publication)


def adopt_machine(books: Books, act: Act[MachineAdopted]) -> tuple[int, tuple[object, ...]]:
    """Another machine from the next entry on. Raises ``machine.unknown``: newer than this code, or not above the one in force."""
    if not books.machine < act.body.machine <= MACHINE:
        raise Refused("machine.unknown", act.body.machine, f"{books.machine + 1} to {MACHINE}")
    return act.body.machine, ()


KINDS: Final[Mapping[str, Kind]] = (
    {
        GENESIS: Kind("books", LedgerOpened, Signing(), people_decide.open_people, 65_535, people_decide.founding_keys),
        "machine.adopted/1": Kind("machine", MachineAdopted, Signing(two_party=True, alone=False), adopt_machine),
    }
    | people_decide.KINDS
    | rules_decide.KINDS
    | accounts_decide.KINDS
    | votes_decide.KINDS
    | publication_decide.KINDS
)
"""Every kind of record that any machine accepts, each with the machine that brought it; nothing registers itself. The kind that
raises the machine is read from the first on: a reader that knows only machine 1 stops there, as it must.
"""

Facts = tuple[object, ...]


def apply(books: Books, entry: Entry, past: Past) -> tuple[Books, Facts]:
    """Apply one entry. Raises :class:`Refused` or :class:`Conflict` with the rule; the books given stay as they are."""
    record = entry.record
    _check_link(books, entry)
    kind = KINDS.get(record.kind)
    if kind is None or (books.head.size and kind.since > books.machine):
        raise Refused("kind.unknown", record.kind, f"a kind of machine {books.machine}")
    if len(entry.raw) > kind.limit:
        raise Refused("entry.too_large", len(entry.raw), kind.limit, kind=record.kind)
    if (record.kind == GENESIS) != (entry.seq == 0):
        raise Refused("ledger.opened_once", record.kind, f"{GENESIS} as entry 0 and nowhere else")
    if record.ledger != books.ledger:
        raise Refused("record.foreign_ledger", record.ledger, books.ledger)
    if not entry.time - OLDEST_MS <= record.at_ms <= entry.time + AHEAD_MS:
        raise Refused("record.expired", record.at, period.format_time(entry.time))
    for name, key in (("id", record.id), ("record", record.digest)):
        if past.used(name, key) is not None:
            raise Conflict(f"record.{name}_used", key)
    body = read_body(kind.model, record.body, record.kind)
    offset = period.parse_offset(body.offset) if isinstance(body, LedgerOpened) else books.offset
    day = period.legal_day(entry.time, offset)
    written = day.isoformat()
    new_keys = signing.new_key_ids(kind.new_keys(body))
    signers = signing.identify(books.people, entry.signatures, new_keys, entry.time, written)
    signing.fill(signing_of(kind, books.rules), books.people, signers, written, kind.holder(body))
    head = Head(entry.seq + 1, entry.time, entry.leaf.hex(), _next_batch(books.head.batch, entry))
    act = Act(entry.seq, entry.time, day, record, body, signers, past)
    after, facts = _open(head, act, offset) if isinstance(body, LedgerOpened) else _decide(books, head, kind, act)
    return after, (Used("record", record.digest), Used("id", record.id), *facts)


def signing_of(kind: Kind, rules: Rules) -> Signing:
    """Who must sign under these rules: the roles that a profile lists are seats too."""
    key = kind.signing.profile
    if not key:
        return kind.signing
    return replace(kind.signing, seats=(*kind.signing.seats, *(seat(role) for role in rules.profile.items(key))))


def _check_link(books: Books, entry: Entry) -> None:
    head = books.head
    if entry.seq != head.size:
        raise Refused("entry.seq", entry.seq, head.size)
    if entry.prev != head.leaf:
        raise Refused("entry.prev", entry.prev, head.leaf)
    if entry.time < head.time:
        raise Refused("entry.time_before_last", period.format_time(entry.time), period.format_time(head.time))


def _next_batch(running: OpenBatch | None, entry: Entry) -> OpenBatch | None:
    """The batch still open after this entry. Raises ``batch.…`` when the entry breaks into a batch or starts in its middle."""
    place = next((s.batch for s in entry.signatures if s.batch), None)
    if place is None:
        if running is not None:
            raise Refused("batch.interrupted", entry.seq, f"record {running.next} of {running.count}")
        return None
    root = batch_root(entry.record, place).hex()
    expected = running or OpenBatch(root, place.count, 0)
    if (root, place.count, place.index) != (expected.root, expected.count, expected.next):
        raise Refused("batch.out_of_place", f"{place.index} of {place.count}", f"{expected.next} of {expected.count}")
    return OpenBatch(root, place.count, place.index + 1) if place.index + 1 < place.count else None


def _open(head: Head, act: Act[Any], offset: int) -> tuple[Books, Facts]:
    body: LedgerOpened = act.body
    if not 1 <= body.machine <= MACHINE:
        raise Refused("machine.unknown", body.machine, f"1 to {MACHINE}")
    people, facts = people_decide.open_people(act)
    return Books(
        head=head,
        ledger=act.digest,
        origin=body.origin,
        name=body.name,
        vkeys=body.vkeys,
        machine=body.machine,
        offset=offset,
        example=body.example,
        people=people,
        rules=rules_decide.open_rules(
            body.profile, [(b.document, [(c.name, c.place) for c in b.clauses]) for b in body.bylaws]
        ),
        accounts=Accounts(),
    ), facts


def _decide(books: Books, head: Head, kind: Kind, act: Act[Any]) -> tuple[Books, Facts]:
    room, facts = kind.decide(books, act)
    for fact in facts:
        if isinstance(fact, Used) and act.past.used(fact.kind, fact.key) is not None:
            raise Conflict(f"{fact.kind}.used_before", fact.key)
    after: Books = replace(books, head=head, **{kind.room: room})
    for fact in facts:
        after, further = _join(after, fact, act.past)
        facts = (*facts, *further)
    return after, facts


def _join(books: Books, fact: object, past: Past) -> tuple[Books, Facts]:
    """What a fact of one room means for another: votes know nothing of money, accounts nothing of votes."""
    match fact:
        case votes_facts.MeetingCalled():
            for motion in fact.motions:
                effect = motion.read_effect()
                if effect is not None:
                    whole = fact.scope.level == "community"
                    authorities.check_effect(books.accounts, books.rules, past, motion.matter, effect, whole=whole)
        case votes_facts.MotionDecided(passed=True, founds_authority=True, effect=effect) if effect is not None:
            accounts, further = authorities.grant(books.accounts, fact.motion, fact.matter, effect)
            return replace(books, accounts=accounts), further
        case rules_decide.ProfileStands():
            months = books.rules.profile.integer("statement.period_months")
            return replace(books, accounts=periods.change_length(books.accounts, months, fact.on)), ()
        case objections.QuestionAsked(application=application) if application:
            return replace(
                books, accounts=withdrawals.hold(books.accounts, application, fact.owner, fact.objection)
            ), ()
        case objections.QuestionConcluded(outcome=objections.NOT_MINE, application=application) if application:
            return replace(books, accounts=withdrawals.forget_hold(books.accounts, application, fact.objection)), ()
        case (
            objections.QuestionAnswered(application=application) | objections.QuestionConcluded(application=application)
        ) if application:
            return replace(books, accounts=withdrawals.release_hold(books.accounts, application, fact.objection)), ()
        case publication_decide.StatementStands():
            accounts, further = periods.close(books.accounts, fact.statement.period)
            return replace(books, accounts=accounts), further
        case _:
            pass
    return books, ()


__all__ = ["KINDS", "MACHINE", "Books", "Head", "OpenBatch", "apply"]
