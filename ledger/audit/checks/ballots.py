"""Ballots that may not be the owners' own: who could sign them, since when, and how they came in. Row 4 of the table, and of
row 29 what the log does with them.

A ballot counts here when the machine counts it: by a key that one of the leaf's owners held before the roll. What that
leaves open is how the key, or the owner, came there: keys given to people in place of others that they had, somebody made
an owner of many homes, all of it within :data:`RUN_UP` days before the roll was frozen. A single such case is
everyday life (a lost telephone, a sale), so several are asked for.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger import canonical, signatures
from ledger.audit.checks.dossier import Acted, Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.log.act import Signer
from ledger.people.records import KeyEnrolled, KeyRevoked, PersonEntered, PublicKey, UnitChanged, UnitEntered
from ledger.people.state import REGISTRAR, Key
from ledger.period import DAY_MS
from ledger.votes import facts
from ledger.votes.records import BallotCast, MeetingOpened, RollFrozen
from ledger.votes.state import Leaf

SEVERAL: Final = 3
"""From so many on it is no longer one household's telephone."""
MANY_JOINT: Final = 5
"""Homes that one person owns each with somebody else: more than a family has as a rule."""
RUN_UP: Final = 60
"""Days before the roll: a notice hangs fifteen, a replaced key counts after eight; two months hold every preparation of a vote."""
LAST_DAYS: Final = 3
"""Days before the roll in which hardly anybody would notice a key enrolled for him."""
CROWD: Final = 20
BURST_MS: Final = 60_000
TENTH: Final = 10
"""So many ballots within a minute, and at least a tenth of all: more than a reminder to a chat group brings."""


@dataclass(frozen=True, slots=True)
class Voted:
    """A ballot that counts: its act, who signed it, the leaf that it is of."""

    act: Acted[BallotCast]
    signer: Signer
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Vote:
    """An opened meeting: its roll, the ballots that count, those that they took the place of."""

    opened: Acted[MeetingOpened]
    roll: Acted[RollFrozen]
    counting: Sequence[Voted]
    replaced: Mapping[str, Voted]
    """By the record of the ballot that took its place."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit got other owners, or the same."""

    act: Acted[UnitChanged]
    before: frozenset[str]
    after: frozenset[str]

    @property
    def added(self) -> frozenset[str]:
        """Who is an owner only since."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How a key came to the ledger."""

    cited: Cited
    key: Key
    time: int
    registered: bool
    """The registrar signed too."""

    @property
    def unheard(self) -> bool:
        """It replaced older keys of its person, none of which signed: the machine lets it wait."""
        return self.key.start > self.time


def key_replaced(case: Dossier) -> Iterator[Found]:
    """Several owners voted with keys that had been put in the place of theirs in the run-up, no older key of theirs signing."""
    enrolled = _enrolments(case)
    for vote in _votes(case):
        since = _before_roll(vote, RUN_UP)
        met = [v for v in vote.counting if (e := enrolled.get(v.signer.key)) and e.unheard and e.time >= since]
        if len({v.signer.person for v in met}) >= SEVERAL:
            keys = dict.fromkeys(enrolled[v.signer.key].cited for v in met)
            heads = sum(v.leaf.head for v in met)
            yield found(*keys, *(v.act.cite() for v in met), keys=len(keys), heads=heads, days=RUN_UP)


def owner_added(case: Dossier) -> Iterator[Found]:
    """Somebody became an owner of several homes in the run-up, and voted for them."""
    changes = _owners_changed(case)
    for vote in _votes(case):
        by_person: defaultdict[str, list[tuple[Cited, Voted]]] = defaultdict(list)
        for voted in vote.counting:
            for cited in _joined(changes, vote, voted):
                by_person[voted.signer.person].append((cited, voted))
        for met in by_person.values():
            if len(met) >= SEVERAL:
                ballots = dict.fromkeys(voted.act.cite() for _, voted in met)
                yield found(*(cited for cited, _ in met), *ballots, units=len(met), days=RUN_UP)


def owner_swapped(case: Dossier) -> Iterator[Found]:
    """Before the roll a home got other owners, one of them voted, and afterwards it had its former owners again."""
    changes = _owners_changed(case)
    for vote in _votes(case):
        met: list[Cited] = []
        for voted in vote.counting:
            for unit in voted.leaf.units:
                came = [
                    c for c in changes.get(unit, ()) if c.act.seq < vote.roll.seq and voted.signer.person in c.added
                ]
                back = [
                    c
                    for c in changes.get(unit, ())
                    if c.act.seq > voted.act.seq and came and c.after == came[-1].before
                ]
                if back:
                    met += [came[-1].act.cite("owners"), back[0].act.cite("owners"), voted.act.cite()]
        if met:
            yield found(*dict.fromkeys(met), units=len(met) // 3)


def one_for_many(case: Dossier) -> Iterator[Found]:
    """One of several owners, whom the others did not name, voted for many homes."""
    changes = _owners_changed(case)
    for vote in _votes(case):
        by_person: defaultdict[str, list[Voted]] = defaultdict(list)
        for voted in vote.counting:
            alone = len(voted.leaf.owners) == 1 or voted.leaf.voter == voted.signer.person
            if not alone and not list(_joined(changes, vote, voted)):
                by_person[voted.signer.person].append(voted)
        for met in by_person.values():
            if len(met) >= MANY_JOINT:
                yield found(*(voted.act.cite() for voted in met), ballots=len(met), heads=sum(v.leaf.head for v in met))


def after_death(case: Dossier) -> Iterator[Found]:
    """Ballots of a person one of whose keys had been revoked because he died."""
    deaths: dict[str, Acted[KeyRevoked]] = {}
    for act in case.acts(KeyRevoked):
        if act.body.reason == "deceased":
            deaths.setdefault(case.books.people.keys[act.body.key].person, act)
    met: defaultdict[str, list[Cited]] = defaultdict(list)
    for cast in case.acts(BallotCast) if deaths else ():
        death = deaths.get(cast.signers[0].person)
        if death is not None and death.seq < cast.seq:
            met[cast.signers[0].person].append(cast.cite())
    for person, ballots in met.items():
        yield found(*ballots, deaths[person].cite(), ballots=len(ballots), revoked_day=deaths[person].day)


def keys_by_body(case: Dossier) -> Iterator[Found]:
    """Keys of several voters had been given out by the committee alone, though they decide its own fate too."""
    enrolled = _enrolments(case)
    for vote in _votes(case):
        keys = {v.signer.key for v in vote.counting}
        met = [e for key in keys if (e := enrolled.get(key)) and not e.registered]
        if len(met) >= SEVERAL:
            cited = dict.fromkeys(e.cited for e in sorted(met, key=lambda e: e.cited.seq))
            yield found(vote.opened.cite(), *cited, keys=len(met), ballots=len(vote.counting))


def keys_young(case: Dossier) -> Iterator[Found]:
    """Many votes came from keys enrolled in the last days before the roll was frozen."""
    enrolled = _enrolments(case)
    for vote in _votes(case):
        since = _before_roll(vote, LAST_DAYS)
        met = [e for v in vote.counting if (e := enrolled.get(v.signer.key)) and e.time >= since]
        if _crowd(len(met), len(vote.counting)):
            cited = dict.fromkeys(e.cited for e in sorted(met, key=lambda e: e.cited.seq))
            yield found(*cited, vote.roll.cite(), ballots=len(met), all_ballots=len(vote.counting), days=LAST_DAYS)


def burst(case: Dossier) -> Iterator[Found]:
    """The largest crowd of ballots that different people handed in within a minute."""
    for vote in _votes(case):
        came = sorted(vote.counting, key=lambda voted: voted.act.seq)
        best: Sequence[Voted] = ()
        first = 0
        for last, voted in enumerate(came):
            while voted.act.time - came[first].act.time >= BURST_MS:
                first += 1
            best = max(best, came[first : last + 1], key=len)
        if _crowd(len({voted.signer.person for voted in best}), len(came)):
            cited = (voted.act.cite() for voted in best)
            yield found(*cited, ballots=len(best), all_ballots=len(came), on_day=best[0].act.day)


def replaced_ballots(case: Dossier) -> Iterator[Found]:
    """Ballots of several homes gave way to others signed by somebody else, or by a key put in the place of the first one's."""
    enrolled = _enrolments(case)
    for vote in _votes(case):
        met = []
        for voted in vote.counting:
            before = vote.replaced.get(voted.act.digest)
            if before is None or before.signer.key == voted.signer.key:
                continue
            key = enrolled.get(voted.signer.key)
            if before.signer.person != voted.signer.person or (key is not None and key.unheard):
                met.append((voted, before))
        if len(met) >= SEVERAL:
            yield found(*(v.act.cite() for pair in met for v in pair), ballots=len(met))


def held_back(case: Dossier) -> Iterator[Found]:
    """Several ballots came into the log more than a day after their owners signed them."""
    for vote in _votes(case):
        met = [voted for voted in vote.counting if voted.act.time - voted.act.at > DAY_MS]
        if len(met) >= SEVERAL:
            longest = max(voted.act.time - voted.act.at for voted in met) // DAY_MS
            yield found(*(voted.act.cite() for voted in met), ballots=len(met), days=longest)


def _crowd(some: int, every: int) -> bool:
    return some >= CROWD and some * TENTH >= every


def _votes(case: Dossier) -> Iterator[Vote]:
    """Every meeting that was opened, with the ballots that count."""
    rolls = {act.digest: act for act in case.acts(RollFrozen)}
    leaves_of = {noted.fact.roll: noted.fact.leaves for noted in case.facts(facts.RollFrozen)}
    cast: defaultdict[str, list[Acted[BallotCast]]] = defaultdict(list)
    for act in case.acts(BallotCast):
        cast[act.body.meeting].append(act)
    for opened in case.acts(MeetingOpened):
        roll = rolls[opened.body.roll]
        leaves = {leaf.unit: leaf for leaf in leaves_of[roll.digest]}
        last: dict[str, Voted] = {}
        replaced: dict[str, Voted] = {}
        for act in cast[opened.digest]:
            if act.body.unit in last:
                replaced[act.digest] = last[act.body.unit]
            last[act.body.unit] = Voted(act, act.signers[0], leaves[act.body.unit])
        yield Vote(opened, roll, tuple(last.values()), replaced)


def _before_roll(vote: Vote, days: int) -> int:
    """The moment so many days before the roll was frozen."""
    return vote.roll.time - days * DAY_MS


def _enrolments(case: Dossier) -> Mapping[str, Enrolled]:
    """Keys that came after the founding, by their id."""
    keys = case.books.people.keys
    made: dict[str, Enrolled] = {}
    brought = [(act.cite(), act.time, act.signers, act.body.key) for act in case.acts(PersonEntered)]
    brought += [(act.cite(), act.time, act.signers, act.body.key) for act in case.acts(KeyEnrolled)]
    for cited, time, signers, key in brought:
        if key is not None:
            known = keys[_id(key)]
            made[known.id] = Enrolled(cited, known, time, any(REGISTRAR in signer.roles for signer in signers))
    return made


def _id(key: PublicKey) -> str:
    return signatures.key_id(key.alg, canonical.decode_base64(key.public, "key.base64"))


def _joined(changes: Mapping[str, Sequence[Changed]], vote: Vote, voted: Voted) -> Iterator[Cited]:
    """The changes in the run-up that made whoever voted an owner of the leaf's units."""
    since = _before_roll(vote, RUN_UP)
    for unit in voted.leaf.units:
        for change in changes.get(unit, ()):
            act = change.act
            if since <= act.time and act.seq < vote.roll.seq and voted.signer.person in change.added:
                yield act.cite("owners")


def _owners_changed(case: Dossier) -> Mapping[str, Sequence[Changed]]:
    """By unit: each change with the owners before and after it."""
    changes: defaultdict[str, list[Changed]] = defaultdict(list)
    changed = case.acts(UnitChanged)
    owners = {act.body.code: frozenset(act.body.owners) for act in case.acts(UnitEntered)} if changed else {}
    for act in changed:
        before, owners[act.body.code] = owners[act.body.code], frozenset(act.body.owners)
        changes[act.body.code].append(Changed(act, before, owners[act.body.code]))
    return changes


_VOTES: Final = (MeetingOpened, BallotCast, RollFrozen, facts.RollFrozen)
_KEYS: Final = (PersonEntered, KeyEnrolled)
_UNITS: Final = (UnitEntered, UnitChanged)
_BASIS: Final = ("CC 278", "Hz 31")

CHECKS: Final = (
    Check("ballot.key_replaced", "4", "high", _BASIS, (*_VOTES, *_KEYS), key_replaced),
    Check("ballot.owner_added", "4", "high", _BASIS, (*_VOTES, *_UNITS), owner_added),
    Check("ballot.owner_swapped", "4", "high", _BASIS, (*_VOTES, *_UNITS), owner_swapped),
    Check("ballot.one_for_many", "4", "medium", _BASIS, (*_VOTES, *_UNITS), one_for_many),
    Check("ballot.after_death", "4", "critical", _BASIS, (BallotCast, KeyRevoked), after_death),
    Check("ballot.keys_by_body", "4", "medium", _BASIS, (*_VOTES, *_KEYS), keys_by_body),
    Check("ballot.keys_young", "4", "low", _BASIS, (*_VOTES, *_KEYS), keys_young, weak=True),
    Check("ballot.burst", "4", "low", _BASIS, _VOTES, burst, weak=True),
    Check("ballot.held_back", "29", "low", ("ESL 5",), _VOTES, held_back, weak=True),
    Check("ballot.replaced", "4", "medium", _BASIS, (*_VOTES, *_KEYS), replaced_ballots),
)
