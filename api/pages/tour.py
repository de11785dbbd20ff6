"""The tour: a handful of pages of one ledger, in the order in which somebody who sees it for the first time looks at them.

Each stop is a text of the catalogues and the path of a page. ``mingzhang demo`` prints them; a test
follows every one of them over the example.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api.keeper import Kept
from api.pages.site import home
from ledger.store.reading import lines, meetings


@dataclass(frozen=True, slots=True)
class Stop:
    """A page to look at: what it is, and where."""

    key: str
    path: Callable[[Kept], str]


def _below(kept: Kept, path: str) -> str:
    return f"{home(kept)}{path}"


def _newest_statement(kept: Kept) -> str:
    latest = kept.books.publication.latest
    return f"statements/{latest.period}" if latest else "statements"


def _decided_payment(kept: Kept) -> str:
    found = lines.lines(kept.store, lines.LineFilter(basis="motion")).items
    return f"payments/{found[0].record}" if found else "payments"


def _vote(kept: Kept) -> str:
    found = meetings.meetings(kept.store).items
    return f"votes/{found[0].called}" if found else "votes"


STOPS: Final = (
    Stop("tour.community", home),
    Stop("tour.statement", lambda kept: _below(kept, _newest_statement(kept))),
    Stop("tour.payment", lambda kept: _below(kept, _decided_payment(kept))),
    Stop("tour.vote", lambda kept: _below(kept, _vote(kept))),
    Stop("tour.check", lambda kept: _below(kept, "check")),
    Stop("tour.supervise", lambda _kept: "/supervise"),
)


def tour(kept: Kept, site: str) -> Sequence[tuple[str, str]]:
    """(key of the text, whole address) of each stop."""
    return [(stop.key, f"{site}{stop.path(kept)}") for stop in STOPS]
