"""The tour: a handful of pages of one ledger, in the order in which somebody who sees it for the first time looks at them.

Each stop is a text of the catalogues and the path of a page below ``/c/<ledger>/``. ``mingzhang demo`` prints them; a test
follows every one of them over the example.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api.keeper import Kept
from api.pages.site import home


@dataclass(frozen=True, slots=True)
class Stop:
    """A page to look at: what it is, and where below the ledger's first page."""

    key: str
    path: Callable[[Kept], str]


def _newest_statement(kept: Kept) -> str:
    latest = kept.books.publication.latest
    return f"statements/{latest.period}" if latest else "statements"


STOPS: Final = (
    Stop("tour.community", lambda _kept: ""),
    Stop("tour.statement", _newest_statement),
)


def tour(kept: Kept, site: str) -> Sequence[tuple[str, str]]:
    """(key of the text, whole address) of each stop."""
    return [(stop.key, f"{site}{home(kept)}{stop.path(kept)}") for stop in STOPS]
