"""What the accounts room sees of the books, and what its decisions return."""

from typing import Protocol

from ledger import period
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


def months(world: World) -> int:
    """Length of a statement period in months: by the profile, but while lines stand in open periods as long as those
    are, so that a new profile cannot leave a line without its statement.
    """
    for code in world.accounts.periods:
        return period.Period.parse(code).months
    return world.rules.profile.integer("statement.period_months")
