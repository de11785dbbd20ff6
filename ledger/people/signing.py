"""Signing: checking the signatures of a record, saying who signed, and filling the seats that its kind demands.

Two steps, kept apart because the first is slow and needs no order: :func:`check_signatures` is cryptography alone, done
in parallel before the log's lock; :func:`identify` and :func:`fill` judge keys, roles and terms at the entry's
position and time, inside ``apply``. A superfluous, unknown or failing signature refuses the record.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from ledger import signatures
from ledger.errors import Refused
from ledger.log.act import Free, NewKey, Seat, Signer, Signing
from ledger.log.entry import Record, Signature, batch_pae, batch_root
from ledger.people.state import BODY_ROLES, REGISTRAR, ROLES, People
from ledger.signatures import Check

FindKey = Callable[[str], tuple[str, bytes] | None]
"""Algorithm and public key of a key id. An id is a hash of both, so any source of them will do."""


def new_key_ids(new: Sequence[NewKey]) -> dict[str, NewKey]:
    """The keys that a record brings with it, by id."""
    return {signatures.key_id(key.alg, key.public): key for key in new}


def check_signatures(
    record: Record,
    signed: Sequence[Signature],
    find: FindKey,
    relying: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
) -> None:
    """Check every signature over ``record``. ``relying``: passkey RP ids and origins of the ledger.

    Raises ``signature.unknown_key``, ``signature.alg_differs``, ``signature.invalid``, ``batch.…``.
    """
    for check, shared in checks(record, signed, find):
        (_verify_once if shared else signatures.verify_check)(check, relying)


def checks(record: Record, signed: Sequence[Signature], find: FindKey) -> Iterator[tuple[Check, bool]]:
    """What has to be checked, signature by signature; true where a whole batch shares the check.

    A check needs nothing but itself, so that another process can do it. Raises as :func:`check_signatures`, but for
    ``signature.invalid`` and what passkeys are refused with.
    """
    for signature in signed:
        found = find(signature.key)
        if found is None:
            raise Refused("signature.unknown_key", signature.key, "a key enrolled on this ledger")
        alg, public = found
        if alg != signature.alg:
            raise Refused("signature.alg_differs", signature.alg, alg)
        place = signature.batch
        message = (
            record.pae if place is None else batch_pae(record.ledger, place.count, batch_root(record, place), record.at)
        )
        made = (signature.sig, signature.authenticator_data, signature.client_data)
        yield Check(alg, public, message, *made), place is not None


@lru_cache(maxsize=4096)
def _verify_once(check: Check, relying: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Pure, so a success may be remembered: the 512 records of a batch share one signature. Failures are not cached."""
    signatures.verify_check(check, relying)


def identify(
    people: People, signed: Sequence[Signature], new: Mapping[str, NewKey], time: int, day: str
) -> tuple[Signer, ...]:
    """Who signed, judged at ``time``. Raises ``signature.unknown_key``, ``…key_not_yet``, ``…key_revoked``, ``signers.new_key_silent``."""
    signers = []
    for signature in signed:
        if signature.key in new:
            if signature.batch is not None:
                raise Refused("signers.new_key_batched", signature.key, "a signature of its own")
            signers.append(Signer(signature.key, "", frozenset(), new=True))
        else:
            key = people.usable(signature.key, time)
            signers.append(Signer(key.id, key.person, people.roles_of(key.person, day)))
    silent = new.keys() - {s.key for s in signers} if new else ()
    if silent:
        raise Refused("signers.new_key_silent", sorted(silent), "a signature by each key that is enrolled")
    return tuple(signers)


def fill(signing: Signing, people: People, signers: Sequence[Signer], day: str, holder: str | None = None) -> None:
    """See that each seat is filled by another person and no signature is left over.

    ``holder`` may sign beside the seats. Raises ``signers.one_person_twice``, ``signers.seats``, ``signers.superfluous``,
    ``signers.nobody_in_term``.
    """
    if signing.free is Free.ONE:
        if len(signers) != 1:
            raise Refused("signers.superfluous", len(signers), 1)
        return
    present = [s for s in signers if not s.new]
    if len({s.person for s in present}) != len(present):
        raise Refused("signers.one_person_twice", [s.person for s in present], "a different person in each seat")
    if signing.free is Free.IN_OFFICE:
        seats: tuple[Seat, ...] = (ROLES,) * len(present)
        fits = all(signer.roles for signer in present)
    else:
        seats = seats_of(signing, people, day)
        fits = _fits(seats, present) or _fits(seats, [s for s in present if s.person != holder])
    if not fits:
        if signing.two_party:
            _check_way_on(people, day)
        raise Refused(
            "signers.seats", [sorted(s.roles) for s in present], [" | ".join(sorted(wanted)) for wanted in seats]
        )


def _fits(seats: Sequence[Seat], present: Sequence[Signer]) -> bool:
    """Whether those present can take a seat each and fill them all."""
    if len(seats) != len(present) or not seats:
        return len(seats) == len(present)
    return any(
        signer.roles & seats[0] and _fits(seats[1:], [*present[:i], *present[i + 1 :]])
        for i, signer in enumerate(present)
    )


def seats_of(signing: Signing, people: People, day: str) -> tuple[Seat, ...]:
    """The seats of a kind on a legal day; a kind without seats (:class:`Free`) has none."""
    if signing.two_party:
        return (*signing.seats, *_two_party(people, day, signing.alone))
    if signing.stand_in and not people.able(day) & BODY_ROLES:
        return tuple(frozenset({REGISTRAR}) if wanted == BODY_ROLES else wanted for wanted in signing.seats)
    return signing.seats


def _check_way_on(people: People, day: str) -> None:
    """Raises ``signers.nobody_in_term`` where no two-party act can be signed any more, and so no term begun.

    There is no registrar in term who can sign, and of the body not the two persons who stand in for him. The ledger keeps
    what it says; the community goes on with a successor whose genesis names it.
    """
    able = list(people.signatories(day))
    if not any(REGISTRAR in held for held in able) and sum(bool(held & BODY_ROLES) for held in able) < 2:
        left = sorted({role for held in able for role in held})
        raise Refused("signers.nobody_in_term", left, "a new ledger whose genesis names this one as predecessor")


def _two_party(people: People, day: str, alone: bool) -> tuple[Seat, ...]:
    held = people.able(day)
    registrar = frozenset({REGISTRAR})
    if REGISTRAR not in held:
        return (BODY_ROLES, BODY_ROLES)
    return (registrar,) if alone and not held & BODY_ROLES else (BODY_ROLES, registrar)
