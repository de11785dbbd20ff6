"""Trials: what an append would do, without doing it. For previews and bulk work, which collect every error first."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.books import Books
from ledger.errors import MingzhangError, Refused
from ledger.log.entry import Submission
from ledger.store import admission
from ledger.store.past import Rows
from ledger.store.quota import Quota, Uses
from ledger.store.replay import State
from ledger.store.sequencer import Clock, Draft


@dataclass(frozen=True, slots=True)
class Trial:
    """The books after the records that pass, the facts of each of them, and every refusal by its index."""

    books: Books
    facts: tuple[tuple[object, ...], ...]
    errors: tuple[tuple[int, MingzhangError], ...]


def run(
    rows: Rows, state: State, clock: Clock, submissions: Sequence[Submission], *, signed: bool, quota: Quota
) -> Trial:
    """Try submissions one after another on the newest committed state; a refused one is left out of what follows.

    With ``signed=False`` the signatures need not be made yet: their keys say who is going to sign. ``rows`` must read one
    committed state. Raises Unavailable ``clock.behind_head``.
    """
    draft = Draft.begin(rows, state, clock, Uses(quota))
    errors: list[tuple[int, MingzhangError]] = []
    for index, submission in enumerate(submissions):
        try:
            (admitted,) = admission.admit(draft.state.books, [submission], signed=signed)
            draft.place(admitted)
        except MingzhangError as error:
            errors.append((index, error))
    running = draft.state.books.head.batch
    if running is not None and not errors:
        missing = f"{running.next} of {running.count}"
        errors.append((len(submissions), Refused("batch.incomplete", missing, "all records of the batch in one job")))
    return Trial(draft.state.books, tuple(facts for _seq, facts in draft.facts), tuple(errors))
