"""What is known of a request while it is answered: filled in on the way, read by :mod:`api.watching` at the end."""

from dataclasses import dataclass
from typing import Final, Self

from starlette.types import Scope

KEY: Final = "mingzhang.seen"
NO_ROUTE: Final = "none"


@dataclass
class Seen:
    """Shared by all copies of a request's scope. ``route`` is a template, ``rule`` of the refusal that answers it."""

    id: str = ""
    route: str = NO_ROUTE
    ledger: str = ""
    rule: str = ""
    status: int = 0

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """The notes on a request; where nobody watches, notes that nobody will read."""
        found = scope.get(KEY)
        return found if isinstance(found, cls) else cls()
