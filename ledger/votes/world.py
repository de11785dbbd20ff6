"""What the votes room sees of the books, and what its decisions return."""

from typing import Protocol

from ledger.people.state import People
from ledger.rules.state import Rules
from ledger.votes.state import Votes


class World(Protocol):
    """The books, seen from this room."""

    @property
    def people(self) -> People: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def votes(self) -> Votes: ...
    @property
    def offset(self) -> int: ...
    @property
    def ledger(self) -> str: ...


Decided = tuple[Votes, tuple[object, ...]]
