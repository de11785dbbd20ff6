"""What a room sees of an entry when it decides: the act, who signed it, and the words it answers with.

A **kind** of record belongs to one room. It names the model of its body, who must sign, and the function that decides:
``decide(world, act) -> (the room's next state, facts)``. ``world`` is the whole state of the books, of which a room
sees only what it declares. A decision is pure: no clock, no randomness, no database, no locale; it raises
:class:`ledger.errors.Refused` with the rule, or returns the next state and the *facts* that follow (lines, a ballot
counted, a name used). Facts are what read tables are written from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, Any, Final, Generic, Literal, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from ledger import canonical, period
from ledger.errors import Malformed
from ledger.log.entry import Entry, Record


class Body(BaseModel):
    """Base of all record bodies: strict, frozen, nothing extra. An optional field is absent, never null."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


def _day(text: str) -> str:
    period.parse_day(text)
    return text


LARGEST: Final = 2**53 - 1


class Fen:
    """Marks an integer field as an amount in fen: people type and read it in yuan."""


class Committed:
    """Marks a digest as a salted commitment: the text behind it goes with the submission, opened (:mod:`.commitments`)."""


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hex: a record, a document, a profile."""
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Committed()]
"""A salted commitment to a private text (:func:`ledger.canonical.commitment`)."""
Reference = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(#(0|[1-9][0-9]{0,2}))?$")]
"""A record, or its nth item: a founding person, a motion, a stage."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
"""A name chosen for the ledger: unit, account, party, contract, budget line."""
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_day)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A staff-typed public text; no names of natural persons."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
ClauseName = Literal["phone_vote", "non_voters_follow", "delegation"]
"""A clause of adopted rules that the machine asks for by name: in the genesis and in every later adoption alike."""

B = TypeVar("B", bound=Body, covariant=True)
M = TypeVar("M", bound=Body)


@dataclass(frozen=True, slots=True)
class Signer:
    """One checked signature: whose key, and the roles that its person holds at the entry's time."""

    key: str
    person: str
    roles: frozenset[str]
    new: bool = False
    """The key is being enrolled by this very record and proves its possession."""


@dataclass(frozen=True)
class Act(Generic[B]):
    """One record at its place in the log, with its body read and its signers identified."""

    seq: int
    time: int
    """Log time, milliseconds since 1970 UTC: it decides terms, votes, deadlines, order."""
    day: date
    """The legal day of ``time`` at the ledger's offset."""
    record: Record
    body: B
    signers: tuple[Signer, ...]
    past: "Past"

    @property
    def digest(self) -> str:
        """The record's identity: what others refer to."""
        return self.record.digest

    @property
    def signer(self) -> Signer:
        """Who signed, of a kind that one person signs."""
        (signer,) = self.signers
        return signer


Seat = frozenset[str]
"""Roles, any of which fills the seat."""


class Free(Enum):
    """Who signs a kind that has no seats: counted here for all such kinds, so that no decision can forget it."""

    ONE = "one"
    """One enrolled key of anybody: an owner for his ballot, the holder of a key to revoke it."""
    IN_OFFICE = "in_office"
    """One or more different persons, each with a role in term."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who must sign a kind of record: each seat by another person, no signature left over.

    ``profile``: a key of the profile that lists roles; each is a seat more.
    ``stand_in``: with no role of the body in term the registrar takes its seat.
    ``two_party`` adds the seats of a two-party act: a role of the body and the registrar; without a registrar on the
    ledger two different persons with roles of the body; with no role of the body in term the registrar alone, unless
    ``alone`` is false: he brings an election about and rules nothing meanwhile.
    ``free``: no seats but a count, and the decision asks who it is.
    """

    seats: tuple[Seat, ...] = ()
    profile: str = ""
    stand_in: bool = False
    two_party: bool = False
    free: Free | None = None
    alone: bool = True


def seat(*roles: str) -> Seat:
    """A seat that any of ``roles`` fills."""
    return frozenset(roles)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that a record brings with it: it must be among the record's signers."""

    alg: str
    public: bytes


class Past(Protocol):
    """What may be asked of the entries before this one."""

    def used(self, kind: str, key: str) -> int | None:
        """The sequence number of the entry that used this name, or None."""

    def entry(self, seq: int) -> Entry:
        """An earlier entry."""


@dataclass(frozen=True, slots=True)
class Used:
    """Fact: a name that must not be used twice (a record's digest or id, a key, a bank line) now stands in the log."""

    kind: str
    key: str


@dataclass(frozen=True)
class Kind:
    """A kind of record: its room, body, signers and decision. ``limit``: bytes of the whole entry; ``since``: the machine that
    brought it, before which nobody reads it.
    """

    room: str
    model: type[Body]
    signing: Signing
    decide: Callable[..., tuple[Any, tuple[object, ...]]]
    limit: int = 16_384
    new_keys: Callable[[Any], tuple[NewKey, ...]] = field(default=lambda _body: ())
    holder: Callable[[Any], str | None] = field(default=lambda _body: None)
    """The person whose own signature may stand beside the seats: he vouches with an older key for a newer one."""
    since: int = 1


def read_body(model: type[M], body: Mapping[str, Any], kind: str) -> M:
    """The body as its model. Raises :class:`Malformed` ``record.body`` with every field that is wrong."""
    try:
        return model.model_validate_json(canonical.encode_trusted(body if type(body) is dict else dict(body)))
    except ValidationError as error:
        wrong = [f"{'/'.join(map(str, e['loc'])) or '.'}: {e['type']}" for e in error.errors(include_url=False)]
        raise Malformed("record.body", kind, "the body of its kind", fields=wrong) from None
    except Malformed as error:
        raise Malformed("record.body", kind, error.accepted, fields=[error.rule]) from None


def recall(past: Past, digest: str, kind: str, model: type[M]) -> M | None:
    """The body of an earlier record, None if there is none of this kind."""
    seq = past.used("record", digest)
    record = None if seq is None else past.entry(seq).record
    return read_body(model, record.body, kind) if record is not None and record.kind == kind else None
