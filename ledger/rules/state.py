"""The rules in force for one community: the profile as adopted text, working-day tables, rules of procedure by digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from rpds import HashTrieMap

from ledger.rules.calendar import LegalCalendar, WorkingDays
from ledger.rules.profile import Profile
from ledger.rules.ratio import Days


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of adopted rules that the machine asks for by name (``phone_vote``), and where it stands."""

    name: str
    document: str
    place: str


@dataclass(frozen=True)
class Rules:
    """The room's state."""

    profile_text: str = ""
    calendars: HashTrieMap[int, str] = field(default_factory=HashTrieMap)
    bylaws: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()

    @property
    def profile(self) -> Profile:
        """The profile adopted on the ledger."""
        return _parsed(self.profile_text)

    def clause(self, name: str) -> Clause | None:
        """The clause in force under a name, or None."""
        return next((c for c in self.clauses if c.name == name), None)

    def calendar(self, term: Days) -> LegalCalendar:
        """What a term is counted by: the working-day tables that the ledger adopted, as its profile reads them; natural
        days need none.
        """
        if not term.working:
            return LegalCalendar()
        return _calendar(tuple(self.calendars.values()), self.profile_text)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Profile:
    return Profile.parse(text)


@lru_cache(maxsize=64)
def _calendar(texts: tuple[str, ...], profile: str) -> LegalCalendar:
    return LegalCalendar.under(map(_working_days, texts), _parsed(profile))


@lru_cache(maxsize=256)
def _working_days(text: str) -> WorkingDays:
    return WorkingDays.parse(text)
