"""Rows: values of declared types as canonical JSON by place, and back; for files of millions of them.

What :mod:`.snapshot` writes with the names of its fields stands here as an array of their values, in the order in which the
class declares them. What a row means follows from the type alone, so a file of rows says which types it was written with
(:func:`shape`), and nobody reads it with others.

==================  ====================================================
Python              JSON
==================  ====================================================
str, int, bool      the same
bytes               lower-case hex
tuple, list         array
frozenset           array, ascending
dict                array of [key, value], in the order they were put in
``Mapping``         object: a JSON value, taken over as it is
None                array of nothing, any other value of an optional
                    field an array of one
dataclass           array of its fields
==================  ====================================================

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class Point:
...     name: str
...     at: tuple[int, int]
...     note: str | None = None
>>> written = write(Point, Point("a", (1, 2)))
>>> written, read(Point, written)
(['a', [1, 2], []], Point(name='a', at=(1, 2), note=None))
>>> shape(Point)
'Point(name: str, at: tuple[int, int], note: str | None)'
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from sys import intern
from types import NoneType, UnionType
from typing import Any, Final, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ledger.errors import Malformed

T = TypeVar("T")
Do = Callable[[Any], Any]

_PLAIN: Final = (str, int, bool)


class _Codec(NamedTuple):
    write: Do
    read: Do
    plain: type | None = None
    """The one type whose values stand as they are."""


def write(model: type[T], value: T) -> Any:
    """A value as what canonical JSON writes. Raises TypeError for a type that has no row."""
    return _codec(cast(Hashable, model)).write(value)


def read(model: type[T], row: object) -> T:
    """A value from its row. Raises Malformed ``rows.malformed``."""
    try:
        return cast(T, _codec(cast(Hashable, model)).read(row))
    except (AttributeError, TypeError, ValueError) as error:
        raise Malformed("rows.malformed", str(error), model.__name__) from None


def reader(model: type[T]) -> Callable[[Any], T]:
    """:func:`read` for many rows of one type, which raises AttributeError, TypeError or ValueError for what is none."""
    return _codec(cast(Hashable, model)).read


def writer(model: type[T]) -> Callable[[T], Any]:
    """:func:`write` for many values of one type."""
    return _codec(cast(Hashable, model)).write


def shape(model: type) -> str:
    """What rows of this type are made of, to the last part. Raises TypeError where one has no row."""
    return _name(model)


def _name(hint: Any) -> str:
    if hint in (*_PLAIN, bytes):
        return str(hint.__name__)
    if get_args(hint):
        return _composed(hint)
    if not is_dataclass(hint):
        raise TypeError(f"no row for {hint}")
    hints = get_type_hints(hint)
    named = ", ".join(f"{f.name}: {_name(hints[f.name])}" for f in fields(hint) if f.init)
    return f"{getattr(hint, '__qualname__', hint)}({named})"


def _composed(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join("None" if arg is NoneType else _name(arg) for arg in args)
    if origin is Literal:
        return "str"
    if origin is Mapping:
        return "object"
    if origin not in (tuple, list, dict, frozenset):
        raise TypeError(f"no row for {hint}")
    named = getattr(origin, "__qualname__", str(origin))
    return f"{named}[{', '.join('...' if arg is Ellipsis else _name(arg) for arg in args)}]"


@cache
def _codec(hint: Any) -> _Codec:
    origin, args = get_origin(hint), get_args(hint)
    if hint is str or origin is Literal:
        return _Codec(_same, _text, str)
    if hint in _PLAIN:
        return _Codec(_same, _exactly(hint), hint)
    if hint is bytes:
        return _Codec(bytes.hex, bytes.fromhex)
    if origin in (Union, UnionType):
        return _optional(*(arg for arg in args if arg is not NoneType))
    if origin is tuple and args[-1] is not Ellipsis:
        return _fixed(args)
    if origin in (tuple, list):
        return _many(origin, _codec(args[0]))
    if origin is frozenset:
        each = _codec(args[0])
        return _Codec(lambda value: sorted(map(each.write, value)), lambda row: frozenset(map(each.read, row)))
    if origin is dict:
        return _pairs(_codec(args[0]), _codec(args[1]))
    if origin is Mapping:
        return _Codec(dict, _exactly(dict))
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint)
    raise TypeError(f"no row for {hint}")


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    """The same text of a million rows is held once."""
    return intern(_is_text(value))


def _exactly(kind: type) -> Do:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{type(value).__name__} where {kind.__name__} stands")
        return value

    return check


_is_text: Final = _exactly(str)


def _optional(inner: Any) -> _Codec:
    each = _codec(inner)

    def read_one(row: Any) -> Any:
        if type(row) is not list or len(row) > 1:
            raise TypeError("no array of one value or none")
        return each.read(row[0]) if row else None

    return _Codec(lambda value: [] if value is None else [each.write(value)], read_one)


def _many(kind: Any, each: _Codec) -> _Codec:
    if each.plain is not None:
        allowed = {each.plain}

        def read_plain(row: Any) -> Any:
            if type(row) is not list or not allowed.issuperset(map(type, row)):
                raise TypeError(f"no array of {each.plain}")
            return kind(row)

        return _Codec(list, read_plain)
    return _Codec(lambda value: [each.write(one) for one in value], lambda row: kind(each.read(one) for one in row))


def _pairs(key: _Codec, value: _Codec) -> _Codec:
    return _Codec(
        lambda held: [[key.write(k), value.write(v)] for k, v in held.items()],
        lambda row: {key.read(k): value.read(v) for k, v in row},
    )


def _fixed(hints: tuple[Any, ...]) -> _Codec:
    each = [_codec(hint) for hint in hints]
    return _Codec(
        lambda value: [one.write(part) for one, part in zip(each, value, strict=True)],
        lambda row: tuple(one.read(part) for one, part in zip(each, row, strict=True)),
    )


def _dataclass(model: Any) -> _Codec:
    hints = get_type_hints(model)
    names = [f.name for f in fields(model) if f.init]
    # Looked up when a value is met, so that a type may mention itself.
    codecs: list[_Codec] = []

    def each() -> list[_Codec]:
        if not codecs:
            codecs.extend(_codec(hints[name]) for name in names)
        return codecs

    if len(names) == 1:
        (name,) = names
        return _Codec(
            lambda value: [each()[0].write(getattr(value, name))],
            lambda row: model(each()[0].read(*row)),
        )
    values = attrgetter(*names) if names else lambda _value: ()

    def write_one(value: Any) -> Any:
        return [one.write(part) for one, part in zip(each(), values(value), strict=True)]

    def read_one(row: Any) -> Any:
        return model(*[one.read(part) for one, part in zip(each(), row, strict=True)])

    if all(hints[name] in _PLAIN for name in names):
        kinds = tuple(hints[name] for name in names)

        def read_plain(row: Any) -> Any:
            if tuple(map(type, row)) != kinds:
                raise TypeError(f"no row of {model.__name__}")
            return model(*[intern(one) if type(one) is str else one for one in row])

        return _Codec(lambda value: list(values(value)), read_plain)
    return _Codec(write_one, read_one)
