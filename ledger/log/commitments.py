"""Where commitments stand in a record: told by the model of its kind, so that no kind can forget to say it.

A field of the type :data:`ledger.log.act.Commitment` is one, however deep it lies in nested bodies and lists of them. Its
place is a path such as ``persons/0/name``, the ``field`` of the opening that belongs to it. The walk over a model is made
once; the walk over a body touches only what leads to a commitment.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

from ledger import canonical
from ledger.errors import Malformed, Refused
from ledger.log.act import Body, Committed
from ledger.log.entry import Opening, Record

Ways = Mapping[str, "Ways"]
"""The fields that lead to commitments; a commitment itself leads nowhere. Lists are passed through unsaid."""


def find(model: type[Body], body: object) -> dict[str, object]:
    """The commitments in a body by their paths, in the order of the model; those of fields left out are not there.

    The body need not be whole: what does not have the model's shape is passed over, for :func:`ledger.log.act.read_body`
    to refuse.
    """
    ways = ways_of(model)
    return dict(_walk(body, ways, "")) if ways else {}


def check_openings(model: type[Body], record: Record, openings: Sequence[Opening]) -> None:
    """See that every commitment of a record is opened, once, by what it commits to, and nothing else is.

    A sealed text that nobody can open would be lost on purpose. Raises Malformed ``opening.twice``, ``opening.field``,
    ``opening.missing``; Refused ``opening.differs``.
    """
    due = find(model, record.body)
    if not openings and not due:
        return
    opened = {opening.field for opening in openings}
    if len(opened) != len(openings):
        raise Malformed("opening.twice", [opening.field for opening in openings], "one opening a field")
    for opening in openings:
        if opening.field not in due:
            raise Malformed("opening.field", opening.field, list(due) or "no opening: the record commits to nothing")
        own = canonical.commitment(record.ledger, record.kind, opening.field, opening.value, opening.salt)
        if due[opening.field] != own:
            raise Refused("opening.differs", opening.field, "the value and salt that the record commits to")
    for place in due:
        if place not in opened:
            raise Malformed("opening.missing", place, "the text behind it, with its salt", kind=record.kind)


@lru_cache(maxsize=256)
def ways_of(model: type[Body]) -> Ways:
    """The ways to the commitments of a model; empty where it has none."""
    found = {}
    for name, field in model.model_fields.items():
        ways = _ways(field.annotation, field.metadata)
        if ways is not None:
            found[name] = ways
    return found


def _ways(annotation: Any, metadata: tuple[Any, ...] | list[Any] = ()) -> Ways | None:
    """Where a type leads: nowhere further (it is a commitment itself), to fields, or to no commitment at all (None)."""
    if any(isinstance(mark, Committed) for mark in metadata):
        return {}
    if isinstance(annotation, type) and issubclass(annotation, Body):
        return ways_of(annotation) or None
    # Annotated, a union, a tuple: what any part of it leads to.
    parts = [_ways(part, getattr(annotation, "__metadata__", ())) for part in get_args(annotation)]
    led = [ways for ways in parts if ways is not None]
    return {name: way for ways in led for name, way in ways.items()} if led else None


def _walk(value: object, ways: Ways, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, ways, f"{path}/{number}")
    elif not ways:
        yield path[1:], value
    elif isinstance(value, dict):
        for name, further in ways.items():
            if name in value:
                yield from _walk(value[name], further, f"{path}/{name}")
