"""Objections 异议: an owner's question about anything on the ledger, which gets an answer by a date (from machine 2 on).

It is filed with an owner's key, or on paper at the community office, where the number of a slip starts the clock. The day
counts on which the log took it, of a paper the one on its slip; the answer is due after the profile's ``statement.reply`` days,
rolled to the next working day where the ledger has adopted the year's table (CC 203). Its text is nobody's but the asker's and
theirs who answer; the answer is public, and neither his who took the question in nor his who is paid by what it is about.

An objection filed while a payment hangs in public keeps that payment from being approved until the answer (SZ-M 22): once a
person and payment, so that nobody holds up a repair by asking again and again. A paper taken in under an owner's name uses that
up for him, unless he says with his own key that it is not his.

What is answered leaves the state. The asker may say that he is satisfied, or go to the street; who wants to ask on asks about
the answer, which is a record like any other. Of a paper the counter may enter that for him; but it takes no question back, and
the asker's own key has the last word.
"""

import contextlib
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from rpds import HashTrieMap

from ledger import period
from ledger.accounts import withdrawals
from ledger.accounts.world import World as AccountsWorld
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Body, Free, Kind, Past, Signing, Used, recall
from ledger.people.state import BODY_ROLES, REGISTRAR, People
from ledger.publication.records import ObjectionAnswered, ObjectionConcluded, ObjectionFiled, ObjectionReceived
from ledger.publication.state import Objection, Publication
from ledger.rules.state import Rules

NOT_MINE: Final = "not_mine"
DROPPED: Final = frozenset({"taken_back", NOT_MINE})
"""Outcomes after which nobody waits for an answer."""
COUNTER: Final = frozenset({REGISTRAR, "clerk", "supervisor"})
"""Who takes in paper at the community office."""
OLDEST_SLIP: Final = 31
"""Days that a slip may be older than its entry, as a record may (:data:`ledger.books.OLDEST_MS`)."""


class World(AccountsWorld, Protocol):
    """The books, seen from here."""

    @property
    def publication(self) -> Publication: ...


Decided = tuple[Publication, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Fact: a question was asked. ``application``: the posted payment that it is about, or empty; that one now waits for the
    answer, unless the asker held it before.
    """

    objection: str
    about: str
    owner: str
    on: str
    due: str
    slip: str
    application: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """Fact: it was answered ``on`` a day that was due before, or not."""

    objection: str
    answer: str
    on: str
    due: str
    application: str


@dataclass(frozen=True, slots=True)
class QuestionConcluded:
    """Fact: the asker is ``satisfied``, has ``taken_back`` his question, goes to the ``street``, or says that it is ``not_mine``."""

    objection: str
    outcome: str
    on: str
    application: str


def file(world: World, act: Act[ObjectionFiled]) -> Decided:
    """Ask with one's own key."""
    return _file(world, act, act.body.about, act.signer.person, "")


def receive(world: World, act: Act[ObjectionReceived]) -> Decided:
    """Take in a question on paper for an owner; nobody takes in his own."""
    body = act.body
    if act.signer.person == body.owner:
        raise Refused("objection.own_paper", body.owner, "somebody else at the counter, or the owner's own key")
    if body.on is not None and body.on > act.day.isoformat():
        raise Refused("day.future", body.on, f"{act.day.isoformat()} or earlier")
    if body.on is not None and body.on < (oldest := period.add_days(act.day, -OLDEST_SLIP).isoformat()):
        raise Refused("objection.slip_too_old", body.on, f"{oldest} or later")
    publication, facts = _file(world, act, body.about, body.owner, body.slip, body.on)
    return publication, (Used("objection_slip", body.slip), *facts)


def answer(world: World, act: Act[ObjectionAnswered]) -> Decided:
    """Answer one; it leaves the state. Nobody answers himself, or what he took in; who asked for the money, or gets it, does not
    free its payment.
    """
    found, person = _open(world.publication, act.past, act.body.objection), act.signer.person
    if person in (found.owner, _signed_by(world.people, act.past, found.record)):
        raise Refused("objection.own_answer", person, "another person of the body")
    asked = world.accounts.withdrawals.get(found.application)
    if asked is not None and person in (asked.applicant, *asked.payees):
        raise Refused("objection.own_payment", person, "another person of the body")
    answered = QuestionAnswered(found.record, act.digest, act.day.isoformat(), found.due, found.application)
    return _without(world.publication, found.record), (Used("objection_answered", found.record), answered)


def conclude(world: World, act: Act[ObjectionConcluded]) -> Decided:
    """What the asker makes of it. Raises ``objection.unknown``, ``objection.not_yours``, ``objection.not_answered``,
    ``objection.not_overdue``, ``objection.answered_before``, ``objection.signed``, ``objection_….used_before``.
    """
    body, publication, day = act.body, world.publication, act.day.isoformat()
    if body.outcome == NOT_MINE:
        return _disown(world, act)
    own = _check_asker(world.people, act)
    for once in ("objection_disowned", "objection_concluded"):
        if act.past.used(once, body.objection) is not None:
            raise Conflict(f"{once}.used_before", body.objection)
    found = (publication.objections or HashTrieMap()).get(body.objection)
    if found is None and body.outcome == "taken_back":
        raise Conflict("objection.answered_before", body.objection, "satisfied, street")
    if found is not None and body.outcome == "satisfied":
        raise Refused("objection.not_answered", body.objection, "taken_back")
    if found is not None and body.outcome == "street" and day <= found.due:
        raise Refused("objection.not_overdue", day, f"after {found.due}")
    concluded = QuestionConcluded(body.objection, body.outcome, day, found.application if found else "")
    # Who goes to the street without an answer still waits for one; who takes his question back does not.
    after = _without(publication, body.objection) if body.outcome == "taken_back" else publication
    if body.outcome == "street":
        concluded = replace(concluded, application="")
    return after, (Used("objection_concluded" if own else "objection_counter", body.objection), concluded)


def due_day(rules: Rules, filed: date) -> date:
    """By when an answer is due to a question of a day. Where the year's working-day table is not adopted, natural days are
    counted and nothing rolls: a missing table is no reason to refuse a question, and the asker loses nothing by it.
    """
    term = rules.profile.days("statement.reply")
    tables = rules.calendar(replace(term, working=True))
    with contextlib.suppress(Refused):
        return tables.deadline(filed, term)
    return period.add_days(filed, term.count)


def _file(
    world: World,
    act: Act[ObjectionFiled] | Act[ObjectionReceived],
    about: str,
    owner: str,
    slip: str,
    on: str | None = None,
) -> Decided:
    publication, day = world.publication, on or act.day.isoformat()
    if not any(owner in unit.owners for unit in world.people.units.values()):
        raise Refused("objection.no_owner", owner, "an owner of a unit")
    if act.past.used("record", about.partition("#")[0]) is None:
        raise NotFound("objection.unknown_record", about)
    application = _posted(world, about, act.day)
    due = due_day(world.rules, period.parse_day(day)).isoformat()
    filed = Objection(act.digest, about, owner, day, due, slip, application)
    waiting = (publication.objections or HashTrieMap()).insert(act.digest, filed)
    fact = QuestionAsked(act.digest, about, owner, day, filed.due, slip, application)
    return replace(publication, objections=waiting), (Used("objection", act.digest), fact)


def _disown(world: World, act: Act[ObjectionConcluded]) -> Decided:
    """The owner named by a paper says that it is not his, whatever was answered or concluded since: it waits for nothing, and
    holds nothing for him.
    """
    record = act.body.objection
    if act.past.used("objection", record) is None:
        raise NotFound("objection.unknown", record)
    paper = recall(act.past, record, RECEIVED, ObjectionReceived)
    if paper is None:
        raise Refused("objection.signed", record, "one that was taken in on paper")
    if act.signer.person != paper.owner:
        raise Refused("objection.not_yours", act.signer.person, "the owner under whose name it was taken in")
    application = _withdrawal(world, paper.about)
    concluded = QuestionConcluded(record, NOT_MINE, act.day.isoformat(), application)
    return _without(world.publication, record), (Used("objection_disowned", record), concluded)


def _posted(world: World, about: str, day: date) -> str:
    """The withdrawal whose application or proposal, or a stage of it, is asked about while it hangs in public; empty for
    anything else.
    """
    application = _withdrawal(world, about)
    asked = world.accounts.withdrawals.get(application)
    return application if asked is not None and withdrawals.posted(world, asked, day) else ""


def _withdrawal(world: World, about: str) -> str:
    """The application of the withdrawal under way whose application, proposal or stage this is; empty for anything else."""
    accounts, record = world.accounts, about.partition("#")[0]
    application = accounts.proposals.get(record) or record
    return application if application in accounts.withdrawals else ""


def _open(publication: Publication, past: Past, record: str) -> Objection:
    found = (publication.objections or HashTrieMap()).get(record)
    if found is None:
        if past.used("objection_answered", record) is not None:
            raise Conflict("objection.answered_before", record)
        raise NotFound("objection.unknown", record)
    return found


def _without(publication: Publication, record: str) -> Publication:
    return replace(publication, objections=(publication.objections or HashTrieMap()).discard(record))


def _check_asker(people: People, act: Act[ObjectionConcluded]) -> bool:
    """Whether the asker signed himself, and not the counter for him."""
    record, signer, past = act.body.objection, act.signer, act.past
    if past.used("objection", record) is None:
        raise NotFound("objection.unknown", record)
    paper = recall(past, record, RECEIVED, ObjectionReceived)
    own = signer.person == (_signed_by(people, past, record) if paper is None else paper.owner)
    counted = paper is not None and act.body.outcome != "taken_back" and bool(signer.roles & COUNTER)
    if not own and not counted:
        raise Refused("objection.not_yours", signer.person, "who asked")
    return own


def _signed_by(people: People, past: Past, record: str) -> str:
    """Who signed an objection: its asker, or who took it in."""
    (signature,) = past.entry(past.used("objection", record) or 0).signatures
    return people.keys[signature.key].person


RECEIVED: Final = "objection.received/1"


def _kind(model: type[Body], signing: Signing, decide: object) -> Kind:
    return Kind("publication", model, signing, decide, since=2)  # type: ignore[arg-type]


ANYBODY: Final = Signing(free=Free.ONE)

KINDS: Final[dict[str, Kind]] = {
    "objection.filed/1": _kind(ObjectionFiled, ANYBODY, file),
    RECEIVED: _kind(ObjectionReceived, Signing(seats=(COUNTER,)), receive),
    "objection.answered/1": _kind(ObjectionAnswered, Signing(seats=(BODY_ROLES,)), answer),
    "objection.concluded/1": _kind(ObjectionConcluded, ANYBODY, conclude),
}
