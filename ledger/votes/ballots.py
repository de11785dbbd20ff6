"""Ballots 表决票: cast sealed, one answer a motion; opened after the close, exactly as they were sealed.

A ballot names the record that opened its meeting, the unit of its leaf on the roll, a revision and a salted commitment to
the answers (``["yes", "no", "abstain"]``, kind ``ballot.cast/1``, field ``choices``). Until the close the ledger shows who
has voted, never what. The highest revision counts, so an owner may change his mind, or answer a stolen key, until the
close. Only a key that one of the leaf's owners held before the roll was frozen may sign: whoever enrols keys afterwards
wins nothing. Answers that are none of the three words, or not as many as the motions, are void.
"""

from ledger import canonical, period
from ledger.errors import Malformed, Refused
from ledger.frozen import replace
from ledger.log.act import Act
from ledger.log.merkle import leaf_hash
from ledger.people.state import People
from ledger.votes import facts, records, tally
from ledger.votes.state import Ballot, Leaf, Roll, Turnout, Voting
from ledger.votes.world import Decided, World


def cast(world: World, act: Act[records.BallotCast]) -> Decided:
    """Take in a sealed ballot."""
    body = act.body
    meeting, roll, voting = world.votes.polled(body.meeting)
    if act.time < meeting.opens:
        raise Refused("ballot.early", period.format_time(act.time), period.format_time(meeting.opens))
    if act.time >= meeting.closes:
        raise Refused("ballot.late", period.format_time(act.time), f"before {period.format_time(meeting.closes)}")
    leaf = roll.leaves.get(body.unit)
    if leaf is None:
        raise Refused("ballot.not_on_roll", body.unit, "the unit of a leaf of the roll")
    check_voter(world.people, roll, leaf, act.signer.person, act.signer.key)
    last = voting.ballots.get(leaf.unit)
    # One more than the last: a thief of a key could otherwise take the highest there is and end the owner's vote.
    due = last.revision + 1 if last is not None else 1
    if body.revision != due:
        raise Refused("ballot.revision", body.revision, due)
    voting = replace(
        voting,
        ballots=voting.ballots.insert(leaf.unit, Ballot(body.revision, act.digest, body.choices)),
        leaf_of=voting.leaf_of.insert(act.digest, leaf.unit),
        area=voting.area + (0 if last else leaf.area),
        heads=voting.heads + (0 if last else leaf.head),
    )
    return world.votes.with_meeting(replace(meeting, voting=voting)), (
        facts.BallotCounted(
            voting.record,
            leaf.unit,
            act.digest,
            body.revision,
            last is None,
            Turnout(voting.area, voting.heads, roll.area, roll.heads),
        ),
    )


def unseal(world: World, act: Act[records.BallotOpened]) -> Decided:
    """Open a ballot that counts, after the close."""
    body = act.body
    meeting, roll, voting, unit = world.votes.ballot(body.ballot)
    _check_opener(roll.leaves[unit], act)
    if act.time < meeting.closes:
        raise Refused("ballot.opened_early", period.format_time(act.time), period.format_time(meeting.closes))
    ballot = _sealed(voting, unit, body.ballot)
    salt = canonical.decode_base64(body.salt, "opening.salt")
    found = canonical.commitment(world.ledger, "ballot.cast/1", "choices", list(body.choices), salt)
    if found != ballot.commitment:
        raise Refused("ballot.commitment", found, ballot.commitment)
    choices = tally.read_choices(body.choices, len(meeting.motions))
    voting = replace(
        voting,
        ballots=voting.ballots.insert(unit, replace(ballot, opened=True, choices=choices)),
        openings=voting.openings.append(leaf_hash(act.record.raw)),
    )
    return world.votes.with_meeting(replace(meeting, voting=voting)), (
        facts.BallotOpened(voting.record, unit, ballot.record, choices),
    )


def check_answers(value: canonical.Json, motions: int) -> None:
    """Refuse to seal answers that would be void: for whoever makes a ballot, and at admission, where its opening comes along.

    Raises :class:`Malformed` ``ballot.answers``. The machine itself sees answers only when they are opened.
    """
    if not isinstance(value, list) or len(value) != motions or any(answer not in tally.ANSWERS for answer in value):
        raise Malformed("ballot.answers", value, f"{motions} of {', '.join(tally.ANSWERS)}")


def check_voter(people: People, roll: Roll, leaf: Leaf, person: str, key: str) -> None:
    """Raises Refused ``ballot.not_your_unit``, ``ballot.not_named_voter``, ``ballot.key_after_roll``."""
    if person not in leaf.owners:
        raise Refused("ballot.not_your_unit", leaf.unit, "a unit of the signer on the roll")
    if leaf.voter and person != leaf.voter:
        raise Refused("ballot.not_named_voter", person, leaf.voter)
    if people.keys[key].since >= roll.seq:
        raise Refused("ballot.key_after_roll", key, f"a key enrolled before entry {roll.seq}")


def unopened(roll: Roll, voting: Voting) -> list[tuple[Leaf, Ballot]]:
    """Ballots that count and are still sealed, ascending by their record's digest."""
    sealed = [(roll.leaves[unit], ballot) for unit, ballot in voting.ballots.items() if not ballot.opened]
    return sorted(sealed, key=lambda pair: pair[1].record)


def _sealed(voting: Voting, unit: str, record: str) -> Ballot:
    ballot = voting.ballots[unit]
    if ballot.record != record:
        raise Refused("ballot.superseded", record, ballot.record)
    if ballot.opened:
        raise Refused("ballot.opened_before", record, "a ballot that is still sealed")
    return ballot


def _check_opener(leaf: Leaf, act: Act[records.BallotOpened]) -> None:
    signer = act.signer
    if not signer.roles and signer.person not in leaf.owners:
        raise Refused("ballot.not_yours_to_open", leaf.unit, "a role in term, or an owner of the unit")
