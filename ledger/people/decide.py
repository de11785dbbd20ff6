"""What the records of the people room do to its state, or the rule by which they are refused."""

from datetime import timedelta
from typing import Any, Final, Protocol

from ledger import canonical, period, signatures
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Free, Kind, NewKey, Signing, Used
from ledger.log.merkle import leaf_hash
from ledger.people.facts import UnitSaid
from ledger.people.records import (
    OUTSIDE,
    Founder,
    KeyEnrolled,
    KeyRevoked,
    LedgerOpened,
    NamedPerson,
    PersonEntered,
    PublicKey,
    RoleAppointed,
    RoleEnded,
    UnitChanged,
    UnitEntered,
    UnitsClosed,
)
from ledger.people.state import BODY_ROLES, REGISTRAR, Key, People, Person, Term, Unit, UnitList

LOST_KEY_DAYS: Final = 8
"""A key that replaces a lost one without its signature counts from this day after its enrolment (design §4)."""


class World(Protocol):
    """What this room sees of the books."""

    @property
    def people(self) -> People: ...
    @property
    def offset(self) -> int: ...


Decided = tuple[People, tuple[object, ...]]


def open_people(act: Act[LedgerOpened]) -> Decided:
    """The founding persons with their keys, roles and terms; what the unit lists must add up to."""
    body = act.body
    people = People(
        expected_units=body.units.count,
        expected_area=body.units.area,
        rp_ids=body.passkeys.rp_ids if body.passkeys else (),
        origins=body.passkeys.origins if body.passkeys else (),
    )
    facts: list[object] = []
    for number, founder in enumerate(body.persons):
        ref = f"{act.digest}#{number}"
        people, fact = _enrol(_with_named(people, ref, founder), ref, founder.key, act, act.time)
        facts.append(fact)
        for held in founder.roles:
            people = _with_term(people, Term(held.role, ref, held.body, held.start, held.end, act.digest))
    if not people.in_term(act.day.isoformat()) & BODY_ROLES:
        raise Refused("genesis.no_body", None, ", ".join(sorted(BODY_ROLES)))
    return people, tuple(facts)


def founding_keys(body: LedgerOpened) -> tuple[NewKey, ...]:
    """Every founder's key signs the genesis."""
    return tuple(_new_key(founder.key) for founder in body.persons)


def enter_person(world: World, act: Act[PersonEntered]) -> Decided:
    """Add a person; a natural one by commitment."""
    people = _with_named(world.people, act.digest, act.body)
    if act.body.key is None:
        return people, ()
    people, fact = _enrol(people, act.digest, act.body.key, act, act.time)
    return people, (fact,)


def enrol_key(world: World, act: Act[KeyEnrolled]) -> Decided:
    """Add a key to a person; one that replaces a lost key unheard waits until the eighth day."""
    people = world.people
    person = people.person(act.body.person)
    alive = [k for k in person.keys if people.keys[k].revoked is None]
    had_any = bool(person.keys)
    vouched = any(s.key in alive for s in act.signers)
    start = act.time
    if had_any and not vouched:
        start = period.start_of_day(act.day + timedelta(days=LOST_KEY_DAYS), world.offset)
    people, fact = _enrol(people, person.ref, act.body.key, act, start)
    return people, (fact,)


def revoke_key(world: World, act: Act[KeyRevoked]) -> Decided:
    """Revoke a key at once, by one signature: of its holder or of the registrar.

    Not of the body while there is a registrar: a committee could silence an owner in the middle of a vote.
    """
    people = world.people
    key = people.keys.get(act.body.key)
    if key is None:
        raise NotFound("key.unknown", act.body.key)
    if key.revoked is not None:
        raise Refused("key.revoked_before", key.id)
    signer = act.signer
    watching = REGISTRAR in people.able(act.day.isoformat())
    allowed = frozenset({REGISTRAR}) if watching else BODY_ROLES
    if signer.person != key.person and not signer.roles & allowed:
        raise Refused("key.not_yours", signer.person, ["holder", *sorted(allowed)])
    return replace(people, keys=people.keys.insert(key.id, replace(key, revoked=act.time))), ()


def appoint(world: World, act: Act[RoleAppointed]) -> Decided:
    """Begin a term of office."""
    body = act.body
    world.people.person(body.person)
    return _with_term(world.people, Term(body.role, body.person, body.body, body.start, body.end, body.source)), ()


def end_role(world: World, act: Act[RoleEnded]) -> Decided:
    """End a term early."""
    body, people = act.body, world.people
    held = people.terms.get(body.person, ())
    ending = [t for t in held if t.role == body.role and t.start <= body.on <= t.end]
    if not ending:
        raise NotFound("role.not_held", body.role, person=body.person, on=body.on)
    if body.on < (act.day - timedelta(days=1)).isoformat():
        raise Refused("role.ended_in_the_past", body.on, f"{(act.day - timedelta(days=1)).isoformat()} or later")
    kept = tuple(replace(t, end=body.on) if t in ending else t for t in held)
    return replace(people, terms=people.terms.insert(body.person, kept)), ()


def enter_unit(world: World, act: Act[UnitEntered]) -> Decided:
    """Add a unit to the list being entered."""
    people, body = world.people, act.body
    if body.code in people.units or body.code in people.entering.units:
        raise Conflict("unit.entered_before", body.code)
    listed = people.entering
    return replace(
        people,
        entering=UnitList(
            range=listed.range.append(leaf_hash(act.record.raw)),
            area=listed.area + (body.area if body.counts_area else 0),
            units=listed.units.insert(body.code, _unit(people, body)),
        ),
    ), (UnitSaid(body.code, act.digest),)


def close_units(world: World, act: Act[UnitsClosed]) -> Decided:
    """Make the list entered count, when count, area and root are its own."""
    people, body = world.people, act.body
    listed = people.entering
    for what, said, own in (
        ("count", body.count, len(listed.units)),
        ("area", body.area, listed.area),
        ("root", body.root, listed.range.root().hex()),
    ):
        if said != own:
            raise Refused(f"units.{what}_differs", said, own)
    units = people.units
    for code, unit in listed.units.items():
        units = units.insert(code, unit)
    return replace(people, units=units, entering=UnitList()), ()


def change_unit(world: World, act: Act[UnitChanged]) -> Decided:
    """Replace a unit by what it is from here on; the whole area moves with it."""
    people, body = world.people, act.body
    before = people.unit(body.code)
    after = _unit(people, body)
    if after == before:
        raise Refused("unit.unchanged", body.code)
    moved = (after.area if after.counts_area else 0) - (before.area if before.counts_area else 0)
    changed = replace(people, units=people.units.insert(body.code, after), expected_area=people.expected_area + moved)
    return changed, (UnitSaid(body.code, act.digest),)


def _with_named(people: People, ref: str, named: NamedPerson) -> People:
    return people.with_person(Person(ref, named.nature, named.name or "", named.title or ""))


def _enrol(people: People, ref: str, key: PublicKey, act: Act[Any], start: int) -> tuple[People, Used]:
    public = canonical.decode_base64(key.public, "key.base64")
    signatures.check_public(key.alg, public)
    identifier = signatures.key_id(key.alg, public)
    if identifier in people.keys:
        raise Conflict("key.enrolled_before", identifier)
    return people.with_key(Key(identifier, key.alg, public, ref, act.seq, start)), Used("key", identifier)


def _with_term(people: People, term: Term) -> People:
    """With a term begun. A registrar is outside the body: nobody registers his own acts, under whatever title."""
    if term.end < term.start:
        raise Refused("role.ends_before_start", term.end, f"{term.start} or later")
    if term.role == REGISTRAR and term.body not in OUTSIDE:
        raise Refused("role.registrar_inside", term.body, sorted(OUTSIDE))
    for held in people.terms.get(term.person, ()):
        if held.start <= term.end and term.start <= held.end:
            if held.role == term.role:
                raise Refused("role.term_overlaps", f"{held.start}..{held.end}", "days outside this term")
            if REGISTRAR in (held.role, term.role) and {held.role, term.role} & BODY_ROLES:
                raise Refused("role.registrar_in_body", held.role, "registrar and role of the body in different hands")
    return people.with_term(term)


def _unit(people: People, body: UnitEntered) -> Unit:
    for owner in body.owners:
        people.person(owner)
    if len(set(body.owners)) != len(body.owners):
        raise Refused("unit.owner_twice", body.code)
    if body.voter is not None and body.voter not in body.owners:
        raise Refused("unit.voter_no_owner", body.voter, list(body.owners))
    return Unit(
        body.code,
        body.building,
        body.stack or "",
        body.use,
        body.area,
        body.counts_area,
        body.counts_head,
        tuple(sorted(body.owners)),
        body.label,
        body.voter or "",
    )


def _new_key(key: PublicKey) -> NewKey:
    return NewKey(key.alg, canonical.decode_base64(key.public, "key.base64"))


def _person_key(body: PersonEntered | KeyEnrolled | Founder) -> tuple[NewKey, ...]:
    return (_new_key(body.key),) if body.key else ()


TWO_PARTY: Final = Signing(two_party=True)

KINDS: Final[dict[str, Kind]] = {
    "person.entered/1": Kind("people", PersonEntered, TWO_PARTY, enter_person, new_keys=_person_key),
    "key.enrolled/1": Kind(
        "people", KeyEnrolled, TWO_PARTY, enrol_key, new_keys=_person_key, holder=lambda body: body.person
    ),
    "key.revoked/1": Kind("people", KeyRevoked, Signing(free=Free.ONE), revoke_key),
    "role.appointed/1": Kind("people", RoleAppointed, TWO_PARTY, appoint),
    "role.ended/1": Kind("people", RoleEnded, TWO_PARTY, end_role),
    "unit.entered/1": Kind("people", UnitEntered, TWO_PARTY, enter_unit),
    "units.closed/1": Kind("people", UnitsClosed, TWO_PARTY, close_units),
    "unit.changed/1": Kind("people", UnitChanged, TWO_PARTY, change_unit),
}
"""The kinds of this room; the genesis, which opens every room, stands in :mod:`ledger.books`."""
