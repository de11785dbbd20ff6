"""The records of the people room: their bodies, and what each field means.

Names of natural persons and room labels stand as commitments only; the texts they commit to go with the submission
as openings and are kept privately. ``area`` is an integer in 0.01 m².
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ledger import canonical
from ledger.errors import Malformed
from ledger.log.act import LARGEST, Body, ClauseName, Code, Commitment, Day, Digest, Reference, Short, Text

Role = Literal[
    "chair",
    "vice_chair",
    "treasurer",
    "member",
    "caretaker",
    "registrar",
    "supervisor",
    "company",
    "clerk",
    "auditor",
    "scrutineer",
]
BodyKind = Literal[
    "committee",
    "caretaker_committee",
    "residents_committee",
    "street",
    "notary",
    "bureau",
    "company",
    "supervisors",
    "assembly",
]
"""业委会, 物管会, 居委会, street office, notary, bureau, property company, supervisors, assembly."""
OUTSIDE: Final = frozenset({"residents_committee", "street", "notary", "bureau"})
"""Where a registrar comes from: outside the body that he registers."""
Area = Annotated[int, Field(ge=0, le=10**12)]
Origin = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*(/[a-z0-9._-]+)*$", max_length=200)]
"""A name for ever, shaped like a scheme-less URL; not an address."""


def _base64(text: str) -> str:
    try:
        canonical.decode_base64(text, "key.base64")
    except Malformed as error:
        raise ValueError(error.accepted) from None
    return text


Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=4096), AfterValidator(_base64)]


class PublicKey(Body):
    """A key to enrol: 32 bytes of Ed25519, or the uncompressed P-256 point (65 bytes), base64."""

    alg: Literal["ed25519", "p256", "webauthn"]
    public: Base64


class Appointment(Body):
    """A role with its term, both days included."""

    role: Role
    body: BodyKind
    start: Day
    end: Day


class NamedPerson(Body):
    """A person: natural by ``name`` (a commitment), office or company by ``title`` (public)."""

    nature: Literal["natural", "legal", "office"]
    name: Commitment | None = None
    title: Short | None = None

    @model_validator(mode="after")
    def _one_name(self) -> "NamedPerson":
        if (self.nature == "natural") != (self.name is not None) or (self.name is None) == (self.title is None):
            raise ValueError("a natural person has a name by commitment, any other a title")
        return self


class Founder(NamedPerson):
    """A founding person: key and first roles; it signs the genesis."""

    key: PublicKey
    roles: Annotated[tuple[Appointment, ...], Field(max_length=4)] = ()


class UnitTotals(Body):
    """How many units there are and their whole area, with the digest of the document that says so."""

    count: Annotated[int, Field(ge=1, le=1_000_000)]
    area: Area
    source: Digest


class Clause(Body):
    """A clause of adopted rules that the machine asks for by name, with its place in the document."""

    name: ClauseName
    place: Short


class Bylaws(Body):
    """Rules in force 管理规约/议事规则 by digest, with the clauses that votes lean on."""

    document: Digest
    clauses: Annotated[tuple[Clause, ...], Field(max_length=16)] = ()


class Relying(Body):
    """Passkey relying parties and page origins that count on this ledger."""

    rp_ids: Annotated[tuple[Short, ...], Field(max_length=8)]
    origins: Annotated[tuple[Short, ...], Field(max_length=8)]


class Predecessor(Body):
    """The log that this one continues, and its last head."""

    origin: Origin
    size: Annotated[int, Field(ge=1, le=LARGEST)]
    root: Digest


class LedgerOpened(Body):
    """``ledger.opened/1``: entry 0. The only record whose ``ledger`` is empty; every founder's key signs it."""

    origin: Origin
    name: Short
    vkeys: Annotated[tuple[Text, Text], Field()]
    machine: Annotated[int, Field(ge=1, le=10_000)]
    offset: Annotated[str, StringConstraints(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")]
    profile: Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
    persons: Annotated[tuple[Founder, ...], Field(min_length=1, max_length=8)]
    units: UnitTotals
    bylaws: Annotated[tuple[Bylaws, ...], Field(max_length=4)] = ()
    passkeys: Relying | None = None
    predecessor: Predecessor | None = None
    example: bool = False


class PersonEntered(NamedPerson):
    """``person.entered/1``: a person, with a first key if there is one. Two-party; the key proves its possession."""

    key: PublicKey | None = None


class KeyEnrolled(Body):
    """``key.enrolled/1``: a further key for a person. Two-party; counts at once if it is his first or an older key of his
    signs too, else (the older ones lost or revoked) from the eighth day.
    """

    person: Reference
    key: PublicKey


class KeyRevoked(Body):
    """``key.revoked/1``: single and at once, by the holder (any of his keys) or the registrar; by the body where there is none."""

    key: Digest
    reason: Literal["lost", "stolen", "left", "replaced", "deceased"]


class RoleAppointed(Body):
    """``role.appointed/1``: a term of office with the digest of what elected or named it. Two-party."""

    person: Reference
    role: Role
    body: BodyKind
    start: Day
    end: Day
    source: Digest


class RoleEnded(Body):
    """``role.ended/1``: a term ends early, ``on`` being its last day. Two-party."""

    person: Reference
    role: Role
    on: Day
    source: Digest


class UnitEntered(Body):
    """``unit.entered/1``: one unit of a list being entered; room label by commitment. Two-party, as a rule in batches.

    ``voter``: the one among joint owners whom they named to vote for them.
    """

    code: Code
    building: Code
    stack: Code | None = None
    use: Literal["flat", "shop", "office", "parking", "storage", "other"]
    area: Area
    counts_area: bool
    counts_head: bool
    owners: Annotated[tuple[Reference, ...], Field(max_length=20)]
    label: Commitment
    voter: Reference | None = None


class UnitChanged(UnitEntered):
    """``unit.changed/1``: the whole unit as it is from here on, with the document that says why. Two-party."""

    source: Digest


class UnitsClosed(Body):
    """``units.closed/1``: the list entered since the last closing counts from here. Root: RFC 6962 over its records' bytes."""

    count: Annotated[int, Field(ge=1, le=1_000_000)]
    area: Area
    root: Digest


class MachineAdopted(Body):
    """``machine.adopted/1``: from the next entry on the ledger is read by this machine, which knows more kinds of records.
    Two-party; readers that do not know it stop here. ``source``: the decision.
    """

    machine: Annotated[int, Field(ge=2, le=9999)]
    source: Digest | None = None
