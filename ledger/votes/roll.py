"""The roll 名册: who votes in a meeting, with which area and as how many heads, frozen before it opens.

The judicial interpretation of 2020 (SPC) articles 8 and 9: area is that of the exclusive part 专有部分; a part is one head;
one buyer's parts together are one head, and so are the developer's unsold ones; areas add. Joint owners are one head. The
law is silent on an owner of one part who is co-owner of another, so the profile says (``vote.head_merge``):

* ``same_owner_set``: units with exactly the same owners are one head;
* ``same_buyer``: units that share an owner are one head, and so on through chains of them;
* ``none``: every unit is its own.

Joint owners have one vote and name the voter (Beijing's guide; Tpl 11): a leaf all of whose units name the same owner is
his alone to vote for, since what the owners of one unit agreed binds nobody who owns another. Where none is named each
owner may vote, and the last ballot counts.

A unit whose owners are not known is never merged. A unit counts for area, for heads, for both or for neither; one that
counts for neither is left out.

A **leaf** of the roll is the canonical JSON of one group; leaves ascend by ``unit``, the group's lowest code, and their
RFC 6962 root stands on the ledger::

>>> flat = Unit("a1", "b1", "", "flat", 10_000, True, True, ("zhang",), "")
>>> shop = Unit("s7", "b1", "", "shop", 5_000, True, True, ("zhang",), "")
>>> (leaf,) = merge([shop, flat], "same_owner_set")
>>> leaf_bytes(leaf)
b'{"area":15000,"head":1,"owners":["zhang"],"roll":1,"unit":"a1","units":["a1","s7"]}'
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger import canonical
from ledger.errors import NotFound, Refused
from ledger.log import merkle
from ledger.people.state import People, Unit
from ledger.votes.state import Leaf, Scope


def leaf_bytes(leaf: Leaf) -> bytes:
    """The bytes of a leaf, of which its hash is made."""
    data: dict[str, Any] = {
        "roll": 1,
        "unit": leaf.unit,
        "units": list(leaf.units),
        "owners": list(leaf.owners),
        "area": leaf.area,
        "head": leaf.head,
    }
    return canonical.encode_trusted(data | ({"voter": leaf.voter} if leaf.voter else {}))


def root(leaves: Sequence[Leaf]) -> str:
    """The RFC 6962 root over leaves in their order, hex."""
    return merkle.root(merkle.leaf_hashes(leaf_bytes(leaf) for leaf in leaves)).hex()


def in_scope(units: Mapping[str, Unit], scope: Scope) -> tuple[Unit, ...]:
    """The units of a scope 表决范围, by code. Raises :class:`NotFound` ``unit.unknown`` for a listed one that is not there."""
    if scope.level == "units":
        missing = [code for code in scope.units if code not in units]
        if missing:
            raise NotFound("unit.unknown", ", ".join(missing))
        return tuple(units[code] for code in scope.units)
    return tuple(
        unit
        for _code, unit in sorted(units.items())
        if scope.level == "community"
        or (unit.building == scope.building and (scope.level == "building" or unit.stack == scope.stack))
    )


def merge(units: Iterable[Unit], rule: str) -> tuple[Leaf, ...]:
    """The leaves of the units that count, merged by the profile's ``vote.head_merge``, ascending by unit."""
    counting = sorted((u for u in units if u.counts_area or u.counts_head), key=lambda u: u.code)
    groups: dict[str, list[Unit]] = {}
    for unit, group in zip(counting, _groups(counting, rule), strict=True):
        groups.setdefault(group, []).append(unit)
    return tuple(_leaf(group) for _first, group in sorted(groups.items()))


def check_complete(people: People) -> None:
    """Refuse a roll while units are being entered or do not add up to what the ledger says there is.

    Raises ``roll.units_entering``, ``roll.units_differ``, ``roll.area_differs``.
    """
    if people.entering.units:
        raise Refused("roll.units_entering", len(people.entering.units), "a list of units that is closed")
    if len(people.units) != people.expected_units:
        raise Refused("roll.units_differ", len(people.units), people.expected_units)
    area = sum(unit.area for unit in people.units.values() if unit.counts_area)
    if area != people.expected_area:
        raise Refused("roll.area_differs", area, people.expected_area)


def _groups(units: Sequence[Unit], rule: str) -> list[str]:
    """For each unit, ascending by code, the lowest code of its group."""
    if rule == "same_owner_set":
        first: dict[tuple[str, ...], str] = {}
        return [first.setdefault(unit.owners, unit.code) if unit.owners else unit.code for unit in units]
    if rule == "same_buyer":
        return _connected(units)
    return [unit.code for unit in units]


def _connected(units: Sequence[Unit]) -> list[str]:
    """Groups of units that share an owner, through chains: union-find in which the lowest code leads."""
    leader = {unit.code: unit.code for unit in units}

    def lead(code: str) -> str:
        while leader[code] != code:
            leader[code] = leader[leader[code]]
            code = leader[code]
        return code

    seen: dict[str, str] = {}
    for unit in units:
        for owner in unit.owners:
            one, other = sorted((lead(seen.setdefault(owner, unit.code)), lead(unit.code)))
            leader[other] = one
    return [lead(unit.code) for unit in units]


def _leaf(units: Sequence[Unit]) -> Leaf:
    named = {unit.voter for unit in units}
    return Leaf(
        unit=units[0].code,
        units=tuple(unit.code for unit in units),
        owners=tuple(sorted({owner for unit in units for owner in unit.owners})),
        area=sum(unit.area for unit in units if unit.counts_area),
        head=int(any(unit.counts_head for unit in units)),
        voter=named.pop() if len(named) == 1 else "",
    )
