"""Bulk work: many acts from one table, signed in ceremonies of at most 512, all errors at once, all or nothing.

Every row is drafted and tried on the newest state before anything is written; each mistake is listed with its line. What
is longer than a batch is handed in batch after batch: between two of them another process may write, so a list counts only
from the record that closes it, which stands in the last batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger import canonical, period
from ledger.books import KINDS, Books
from ledger.cli import waiting
from ledger.cli.acts import Acting
from ledger.cli.session import Draft, Signing, ceremonies, claims
from ledger.errors import Malformed, MingzhangError, Refused
from ledger.log.entry import Submission
from ledger.people.state import BODY_ROLES, REGISTRAR, Key

if TYPE_CHECKING:
    from ledger.store.store import Store

MOST_TOLD: Final = 50
"""Mistakes told at once; the count says how many there are."""

Closing = Callable[[Books], tuple[str, Mapping[str, Any]]]
"""The record that closes a list, from the books after it."""


@dataclass(frozen=True)
class Item:
    """One act of a table: its line or number there, its kind, body, texts to seal, and the label of a key that it enrols."""

    line: int
    kind: str
    body: Mapping[str, Any]
    private: Mapping[str, canonical.Json] = field(default_factory=dict)
    new_key: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The keys that sign this act singly."""
        return (self.new_key,) if self.new_key else ()


@dataclass(frozen=True)
class StandIn:
    """A key of somebody who could sign."""

    key: str
    alg: str


@dataclass
class Mistakes:
    """Mistakes so far, by line."""

    found: list[MingzhangError] = field(default_factory=list)

    def at(self, line: int, error: MingzhangError) -> None:
        """Note one."""
        self.found.append(Malformed("cli.line", line, problems=(error,)))

    def refuse(self) -> None:
        """Raises Refused ``cli.lines`` with all of them, if there are any."""
        if self.found:
            raise Refused("cli.lines", len(self.found), "0", problems=tuple(self.found[:MOST_TOLD]))


def hand_in(
    act: Acting, store: "Store", items: Sequence[Item], mistakes: Mistakes, closing: Closing | None = None
) -> list[dict[str, Any]]:
    """Draft, try and hand in; where the acts stand. Nothing is written with ``--dry-run`` or ``--out``.

    Raises ``cli.lines`` with every mistake, ``cli.no_signer``.
    """
    session, at = act.session, act.session.now()
    if not act.out:
        act.require_signers()
    drafts: list[Draft] = []
    drafted: list[Item] = []
    # The bar ends before anybody is asked: it would write over the question.
    with session.console.progress("cli.drafting") as step:
        for item in items:
            try:
                drafts.append(session.draft(store, item.kind, item.body, item.private, at))
                drafted.append(item)
            except MingzhangError as error:
                mistakes.at(item.line, error)
            step(len(drafts), len(items))
        after = _try_each(act, store, drafts, drafted, mistakes)
    mistakes.refuse()
    if closing is not None:
        kind, body = closing(after)
        drafts.append(session.draft(store, kind, body, {}, at))
    signed = session.sign(
        drafts, act.signers, [item.labels for item in drafted], store=store, together=True, trial=act.dry
    )
    batches = ceremonies(signed)
    if act.out and not act.dry:
        _leave(act, batches)
        return []
    if not act.out:
        for _index, refusal in store.dry_run(signed).errors:
            raise refusal
    return [] if act.dry else [place for batch in batches for place in session.submit(store, batch)]


def _try_each(act: Acting, store: "Store", drafts: Sequence[Draft], items: Sequence[Item], mistakes: Mistakes) -> Books:
    """Try every act as if it were signed singly: one bad row must not make its batch fall and hide the other mistakes."""
    books = store.books
    if not drafts:
        return books
    claimed = []
    for (record, openings), item in zip(drafts, items, strict=True):
        keys: Sequence[Signing] = act.session.signing(act.signers)
        if act.out:
            keys = [StandIn(key.id, key.alg) for key in stand_ins(books, act.session.now(), item.kind)]
        claimed.append(Submission(record, claims([*keys, *act.session.signing(item.labels)]), openings))
    tried = store.dry_run(claimed, signed=False)
    for index, error in tried.errors:
        mistakes.at(items[index].line, error)
    return tried.books


def stand_ins(books: Books, now: int, kind: str) -> list[Key]:
    """Keys of people who could sign a kind: for trying acts of a waiting file, whose signers are not here."""
    people, day = books.people, period.legal_day(now, books.offset).isoformat()
    signing = KINDS[kind].signing
    seats = signing.seats or (BODY_ROLES,)
    if signing.two_party:
        seats = (*signing.seats, BODY_ROLES, frozenset({REGISTRAR}) if REGISTRAR in people.able(day) else BODY_ROLES)
    found: list[Key] = []
    for seat in seats:
        sat = {key.person for key in found}
        able = (k for k in people.keys.values() if k.revoked is None and k.start <= now and k.person not in sat)
        found += list(islice((k for k in able if people.roles_of(k.person, day) & seat), 1))
    return found


def _leave(act: Acting, batches: Sequence[Sequence[Submission]]) -> None:
    names = [act.out] if len(batches) == 1 else [f"{act.out}.{number}" for number in range(1, len(batches) + 1)]
    for name, batch in zip(names, batches, strict=True):
        waiting.write(Path(name), batch)
    act.session.console.data({"files": names, "records": sum(map(len, batches))})
