"""Trials: what an append would do, without doing it. For previews and bulk work, which collect every error first."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.books import Books
from ledger.errors import MingzhangError, Refused
from ledger.log.entry import Submission
from ledger.publication.decide import StatementStands
from ledger.store import admission, statements
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
    statements: tuple[tuple[str, bytes], ...] = ()
    """Digest and bytes of each statement that would be published."""


def run(
    rows: Rows, state: State, clock: Clock, submissions: Sequence[Submission], *, signed: bool, quota: Quota
) -> Trial:
    """Try submissions one after another on the newest committed state; a refused one is left out of what follows.

    With ``signed=False`` the signatures need not be made yet: their keys say who is going to sign. ``rows`` must read one
    committed state. Raises Unavailable ``clock.behind_head``.
    """
    draft = Draft.begin(rows, state, clock, Uses(quota))
    errors: list[tuple[int, MingzhangError]] = []
    size, published = draft.state.size, []
    for index, submission in enumerate(submissions):
        try:
            (admitted,) = admission.admit(draft.state.books, [submission], signed=signed)
            before = len(draft.facts)
            draft.place(admitted)
            facts = (fact for _seq, facts in draft.facts[before:] for fact in facts)
            published += [(index, fact.statement) for fact in facts if isinstance(fact, StatementStands)]
        except MingzhangError as error:
            errors.append((index, error))
    running = draft.state.books.head.batch
    if running is not None and not errors:
        missing = f"{running.next} of {running.count}"
        errors.append((len(submissions), Refused("batch.incomplete", missing, "all records of the batch in one job")))
    drawn: list[tuple[str, bytes]] = []
    for index, stands in published:
        try:
            drawn.append((stands.digest, statements.check(rows, stands, size)))
        except MingzhangError as error:
            errors.append((index, error))
    return Trial(
        draft.state.books,
        tuple(facts for _seq, facts in draft.facts),
        tuple(sorted(errors, key=lambda e: e[0])),
        tuple(drawn),
    )
