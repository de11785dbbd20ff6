"""What the records of the rules room do to its state, or the rule by which they are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Kind, Signing
from ledger.rules.calendar import WorkingDays
from ledger.rules.records import BylawsAdopted, CalendarAdopted, ProfileAdopted
from ledger.rules.state import Clause, Rules


class World(Protocol):
    """What this room sees of the books."""

    @property
    def rules(self) -> Rules: ...


@dataclass(frozen=True, slots=True)
class ProfileStands:
    """Fact: another profile is in force; ``on`` is the legal day on which it was adopted."""

    profile: str
    name: str
    on: str


Decided = tuple[Rules, tuple[object, ...]]


def open_rules(profile_text: str, bylaws: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> Rules:
    """The rules that a genesis names: the profile's text, and documents in force with their (name, place) clauses."""
    rules = Rules(profile_text=profile_text)
    _ = rules.profile
    for document, clauses in bylaws:
        rules = _with_bylaws(rules, document, clauses)
    return rules


def adopt_profile(world: World, act: Act[ProfileAdopted]) -> Decided:
    """Another profile from here on; what is open keeps the one it was opened under."""
    adopted = replace(world.rules, profile_text=act.body.text)
    if adopted.profile.digest == world.rules.profile.digest:
        raise Refused("profile.unchanged", world.rules.profile.name)
    return adopted, (ProfileStands(adopted.profile.digest, adopted.profile.name, act.day.isoformat()),)


def adopt_calendar(world: World, act: Act[CalendarAdopted]) -> Decided:
    """The working-day table of a year; an earlier one for the same year is replaced (the Council amends them)."""
    table = WorkingDays.parse(act.body.text)
    if table.year != act.body.year:
        raise Refused("calendar.other_year", table.year, act.body.year)
    return replace(world.rules, calendars=world.rules.calendars.insert(act.body.year, act.body.text)), ()


def adopt_bylaws(world: World, act: Act[BylawsAdopted]) -> Decided:
    """Rules of procedure in force from here on, by digest."""
    rules, body = world.rules, act.body
    if body.document in rules.bylaws:
        raise Conflict("bylaws.adopted_before", body.document)
    if body.replaces is not None:
        if body.replaces not in rules.bylaws:
            raise NotFound("bylaws.unknown", body.replaces)
        rules = replace(
            rules,
            bylaws=tuple(d for d in rules.bylaws if d != body.replaces),
            clauses=tuple(c for c in rules.clauses if c.document != body.replaces),
        )
    return _with_bylaws(rules, body.document, ((c.name, c.place) for c in body.clauses)), ()


def _with_bylaws(rules: Rules, document: str, clauses: Iterable[tuple[str, str]]) -> Rules:
    added = tuple(Clause(name, document, place) for name, place in clauses)
    return replace(rules, bylaws=(*rules.bylaws, document), clauses=(*rules.clauses, *added))


TWO_PARTY: Final = Signing(two_party=True, alone=False)

KINDS: Final[dict[str, Kind]] = {
    "profile.adopted/1": Kind("rules", ProfileAdopted, TWO_PARTY, adopt_profile, limit=65_535),
    "calendar.adopted/1": Kind("rules", CalendarAdopted, TWO_PARTY, adopt_calendar),
    "bylaws.adopted/1": Kind("rules", BylawsAdopted, TWO_PARTY, adopt_bylaws),
}
