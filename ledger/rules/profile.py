"""A profile 适用规则: every threshold, term, amount and list that the books ask for, with its legal source.

A profile is a text (:mod:`ledger.rules.strict` says which part of TOML) and is adopted on the ledger as that text, so a
stranger reads the same rules from the entry as the community did. It is complete: it names every key of
:data:`ledger.rules.schema.SCHEMA` and no other, and inherits from nothing. A value is written so:

    [vote]
    participation = { value = ">=2/3", basis = "CC 278", status = "S" }
    proxy_company_staff = { value = "warn", basis = "PMR silent", status = "L", adopted = true }

``basis`` is the source by its abbreviation (CC = 民法典; the head of the profile lists them). ``status`` is S settled, L local, or U
unsettled (computed and printed both ways). ``adopted = true`` marks a product choice where national law is silent:
what is printed then says "adopted rule" 约定.

>>> profile = shipped("civil-code-2021")
>>> profile.ratio("vote.participation").holds(1672, 2219)
True
>>> profile.days("notice.regular"), profile.fen("account.large_fen"), profile.basis("vote.call_share")
(Days(count=15, working=False), 10000000, 'PMR 13')
>>> profile.tier(500_000).approvals, profile.tier(500_001).approvals
(1, 2)
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal, Self, TypeVar, cast

from ledger.errors import Malformed, NotFound
from ledger.rules import strict
from ledger.rules.ratio import Days, Ratio, Share
from ledger.rules.schema import SCHEMA, Kind
from ledger.rules.values import Evidence, MonthDay, Rate, Tier, read_value

Status = Literal["S", "L", "U"]
_T = TypeVar("_T")

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADER: Final[Mapping[str, type]] = MappingProxyType(
    {"name": str, "law": str, "in_force": date, "opens_votes": bool},
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a profile with where it comes from."""

    value: object
    basis: str
    status: Status
    adopted: bool


@dataclass(frozen=True)
class Profile:
    """The rules of one community at one time. Two profiles are equal when their texts are."""

    text: str
    name: str = field(compare=False)
    law: str = field(compare=False)
    in_force: date = field(compare=False)
    opens_votes: bool = field(compare=False)
    settings: Mapping[str, Setting] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a profile's text.

        Raises ``Malformed``: a rule ``toml.…`` where the text is not in the accepted part of TOML, else
        ``profile.invalid`` with *all* that is wrong in ``context["problems"]``, a tuple of ``Malformed`` with the rules
        ``profile.header``, ``profile.unknown_key``, ``profile.missing_key``, ``profile.field``, ``profile.basis``,
        ``profile.status``, ``profile.value`` and ``profile.tiers``, each with its ``key``.
        """
        tables = strict.read(text)
        problems: list[Malformed] = []
        header = _read_header(tables.pop("profile", None), problems)
        written = _flatten(tables, problems)
        settings: dict[str, Setting] = {}
        for key, value in written.items():
            if key not in SCHEMA:
                problems.append(Malformed("profile.unknown_key", key, "a key of the schema", key=key))
            elif (setting := _read_setting(key, value, problems)) is not None:
                settings[key] = setting
        problems += [Malformed("profile.missing_key", None, key, key=key) for key in SCHEMA if key not in written]
        if not problems:
            problems += _contradictions(settings)
        if problems:
            raise Malformed("profile.invalid", len(problems), "none", problems=tuple(problems))
        return cls(
            text=text,
            name=cast(str, header["name"]),
            law=cast(str, header["law"]),
            in_force=cast(date, header["in_force"]),
            opens_votes=cast(bool, header["opens_votes"]),
            settings=MappingProxyType(settings),
        )

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def basis(self, key: str) -> str:
        """The legal source of a value. Raises ``NotFound("profile.key")``, as every accessor does."""
        return self._setting(key).basis

    def status(self, key: str) -> Status:
        """S settled, L local, U unsettled."""
        return self._setting(key).status

    def adopted(self, key: str) -> bool:
        """Whether the value is a product choice that the community adopted, the law being silent."""
        return self._setting(key).adopted

    @property
    def starred(self) -> frozenset[str]:
        """The keys whose values are adopted rules."""
        return frozenset(key for key, setting in self.settings.items() if setting.adopted)

    def ratio(self, key: str) -> Ratio:
        """A test. Raises ``NotFound("profile.no_value")`` where the profile says a word such as ``none`` instead."""
        return self._required(key, Ratio)

    def optional_ratio(self, key: str) -> Ratio | None:
        """A test, or None where the profile says ``none``."""
        return self._optional(key, Kind.RATIO, Ratio)

    def share(self, key: str) -> Share:
        """A fraction. Raises ``NotFound("profile.no_value")`` where the profile says a word instead."""
        return self._required(key, Share)

    def optional_share(self, key: str) -> Share | None:
        """A fraction, or None where the profile says a word instead, which :meth:`word` gives."""
        return self._optional(key, Kind.SHARE, Share)

    def word(self, key: str) -> str | None:
        """The word that stands for a ratio or share (``none``, ``assembly``, ``covenant``), or None if there is one."""
        value = self._setting(key).value
        return value if isinstance(value, str) else None

    def shares(self, key: str) -> tuple[Share, ...]:
        """A range of fractions, lowest first."""
        return cast(tuple[Share, ...], self._value(key, Kind.SHARES))

    def days(self, key: str) -> Days:
        """A term in natural or working days."""
        return cast(Days, self._value(key, Kind.DAYS))

    def integer(self, key: str) -> int:
        """A number, of months too; 0 means none."""
        return cast(int, self._value(key, Kind.INTEGER, Kind.MONTHS))

    def months(self, key: str) -> int:
        """A number of months; 0 means none."""
        return cast(int, self._value(key, Kind.MONTHS))

    def fen(self, key: str) -> int:
        """An amount in fen; 0 means none."""
        return cast(int, self._value(key, Kind.FEN))

    def flag(self, key: str) -> bool:
        """Yes or no."""
        return cast(bool, self._value(key, Kind.FLAG))

    def choice(self, key: str) -> str:
        """One of the key's words."""
        return cast(str, self._value(key, Kind.CHOICE))

    def items(self, key: str) -> tuple[str, ...]:
        """A list of the key's words, each once, in the order written."""
        return cast(tuple[str, ...], self._value(key, Kind.ITEMS))

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of numbers, ascending."""
        return cast(tuple[int, ...], self._value(key, Kind.NUMBERS))

    def month_day(self, key: str) -> MonthDay:
        """A day of every year."""
        return cast(MonthDay, self._value(key, Kind.MONTH_DAY))

    def rates(self, key: str) -> tuple[Rate, ...]:
        """Amounts a square metre by class of building; empty where they are set locally."""
        return cast(tuple[Rate, ...], self._value(key, Kind.RATES))

    def evidence(self, key: str) -> Evidence:
        """What proves an emergency."""
        return cast(Evidence, self._value(key, Kind.EVIDENCE))

    def tiers(self, key: str = "account.tiers") -> tuple[Tier, ...]:
        """Who must approve a payment, by amount, lowest first."""
        return cast(tuple[Tier, ...], self._value(key, Kind.TIERS))

    def tier(self, fen: int) -> Tier:
        """The tier of ``account.tiers`` that a payment of ``fen`` falls into."""
        return next(tier for tier in reversed(self.tiers()) if tier.from_fen <= max(fen, 0))

    def _setting(self, key: str) -> Setting:
        if key not in self.settings:
            raise NotFound("profile.key", key, "a key of the schema")
        return self.settings[key]

    def _value(self, key: str, *kinds: Kind) -> object:
        setting = self._setting(key)
        if SCHEMA[key].kind not in kinds:
            raise NotFound("profile.kind", kinds[0].value, SCHEMA[key].kind.value, key=key)
        return setting.value

    def _optional(self, key: str, kind: Kind, type_: type[_T]) -> _T | None:
        value = self._value(key, kind)
        return value if isinstance(value, type_) else None

    def _required(self, key: str, type_: type[_T]) -> _T:
        value = self._setting(key).value
        if not isinstance(value, type_):
            raise NotFound("profile.no_value", value, type_.__name__, key=key)
        return value


def names() -> tuple[str, ...]:
    """The names of the profiles that come with this version, sorted."""
    folder = resources.files("ledger.rules") / "data" / "profiles"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def shipped_text(name: str) -> str:
    """The text of a profile that comes with this version. Raises ``NotFound("profile.name")``."""
    if name not in names():
        raise NotFound("profile.name", name, ", ".join(names()))
    return (resources.files("ledger.rules") / "data" / "profiles" / f"{name}.toml").read_bytes().decode()


def shipped(name: str) -> Profile:
    """A profile that comes with this version, for a genesis to adopt. Raises ``NotFound("profile.name")``."""
    return Profile.parse(shipped_text(name))


def _read_header(table: object, problems: list[Malformed]) -> dict[str, object]:
    if not isinstance(table, dict) or set(table) != set(_HEADER):
        problems.append(Malformed("profile.header", None, f"[profile] with {', '.join(_HEADER)}", key="profile"))
        return {}
    for key, type_ in _HEADER.items():
        value = table[key]
        if type(value) is not type_ or value == "":
            problems.append(Malformed("profile.header", value, type_.__name__, key=f"profile.{key}"))
        elif key == "name" and not _NAME.fullmatch(cast(str, value)):
            problems.append(Malformed("profile.header", value, "a name such as civil-code-2021", key="profile.name"))
    return table


def _flatten(tables: Mapping[str, strict.Value], problems: list[Malformed]) -> dict[str, object]:
    """``{"vote": {"special": …}, "chart": {"value": …}}`` as ``{"vote.special": …, "chart": …}``."""
    written: dict[str, object] = {}
    for prefix, table in tables.items():
        if isinstance(table, dict) and "value" in table:
            written[prefix] = table
        elif isinstance(table, dict):
            written.update({f"{prefix}.{key}": value for key, value in table.items()})
        else:
            problems.append(Malformed("profile.unknown_key", prefix, "[table] or key = { value = … }", key=prefix))
    return written


def _read_setting(key: str, written: object, problems: list[Malformed]) -> Setting | None:
    before = len(problems)
    if not isinstance(written, dict) or not {"value", "basis", "status"} <= set(written) <= {
        "value",
        "basis",
        "status",
        "adopted",
    }:
        problems.append(Malformed("profile.field", str(written)[:80], "value, basis, status[, adopted]", key=key))
        return None
    basis, status, adopted = written["basis"], written["status"], written.get("adopted", False)
    if not isinstance(basis, str) or not basis.strip():
        problems.append(Malformed("profile.basis", basis, "the source of the value", key=key))
    if status not in ("S", "L", "U"):
        problems.append(Malformed("profile.status", status, "S, L, U", key=key))
    if not isinstance(adopted, bool):
        problems.append(Malformed("profile.field", adopted, "adopted = true", key=key))
    try:
        value = read_value(SCHEMA[key], written["value"])
    except Malformed as error:
        problems.append(Malformed("profile.value", error.value, error.accepted, key=key, because=error.rule))
        return None
    if len(problems) > before:
        return None
    return Setting(value, cast(str, basis), cast(Status, status), cast(bool, adopted))


def _contradictions(settings: Mapping[str, Setting]) -> list[Malformed]:
    """What no value alone shows: large payments are posted for ``large_post``; days_min is not above days_max."""
    found: list[Malformed] = []
    large, post = settings["account.large_fen"].value, settings["account.large_post"].value
    tiers = cast(tuple[Tier, ...], settings["account.tiers"].value)
    if not any(tier.from_fen == large and tier.post == post for tier in tiers):
        accepted = f"a tier from_fen = {large} with post = {post}"
        found.append(Malformed("profile.tiers", None, accepted, key="account.tiers"))
    shortest = cast(int, settings["vote.days_min"].value)
    longest = cast(int, settings["vote.days_max"].value)
    if 0 < longest < shortest:
        found.append(Malformed("profile.value", shortest, f"0…{longest}", key="vote.days_min"))
    return found
