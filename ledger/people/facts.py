"""The facts of the people room: what read tables are written from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """A record said what a unit is: the one that entered it, or one that changed it since."""

    code: str
    record: str
