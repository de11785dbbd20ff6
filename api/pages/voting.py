"""The reader's own part in a meeting: for which units he may vote now, and why not where he may not."""

from dataclasses import dataclass

from api.asking import Asking
from ledger import words
from ledger.errors import Refused
from ledger.store.private import OWNERS
from ledger.store.reading import units
from ledger.votes import ballots


@dataclass(frozen=True, slots=True)
class Seat:
    """A leaf of the roll that the reader is an owner of. ``revision``: the number that his next ballot bears; ``cast``: the
    record of the one that counts now; ``refused``: why he may not vote for it by this key, in words.
    """

    unit: str
    label: str
    opened: str
    revision: int
    cast: str = ""
    seq: int = 0
    refused: str = ""


def seats(asking: Asking, called: str) -> tuple[Seat, ...]:
    """The reader's leaves in a meeting under way, ascending by unit; none for a stranger."""
    books, reader = asking.kept.books, asking.reader
    meeting = books.votes.meetings.get(called)
    if not reader.person or meeting is None or meeting.roll is None or meeting.voting is None:
        return ()
    found = []
    for unit, leaf in sorted(meeting.roll.leaves.items()):
        if reader.person not in leaf.owners:
            continue
        cast = meeting.voting.ballots.get(unit)
        refused = ""
        try:
            ballots.check_voter(books.people, meeting.roll, leaf, reader.person, reader.key)
        except Refused as error:
            refused = words.error_text(error, asking.locale)
        found.append(
            Seat(
                unit=unit,
                label=_label(asking, leaf.units),
                opened=meeting.voting.record,
                revision=cast.revision + 1 if cast else 1,
                cast=cast.record if cast else "",
                seq=asking.kept.store.seq_of(cast.record) if cast else 0,
                refused=refused,
            )
        )
    return tuple(found)


def _label(asking: Asking, codes: tuple[str, ...]) -> str:
    """What the owner calls the units of a leaf: room labels where they are kept here, else codes."""
    allowed = asking.reader.audiences & {OWNERS}
    named = [units.label(asking.kept.store, code, allowed) or code for code in codes]
    return ", ".join(named)
