"""What the accounts room sees of the books, and what its decisions return."""

from typing import Protocol

from ledger.accounts.state import Accounts
from ledger.people.state import People
from ledger.rules.state import Rules


class World(Protocol):
    """The books, seen from this room."""

    @property
    def people(self) -> People: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def accounts(self) -> Accounts: ...


Decided = tuple[Accounts, tuple[object, ...]]
