"""Snapshots: a state of frozen dataclasses as canonical JSON, and back; equal states give equal bytes on every machine.

========================  ==================================================================
Python                    JSON
========================  ==================================================================
str, int, bool            the same
bytes                     lower-case hex
tuple                     array
None                      absent (only as a field's value)
dataclass                 object of its fields
:class:`rpds.HashTrieMap`  array of [key, value], ascending by the key's canonical bytes
========================  ==================================================================

A type other than these is a programming error and refuses to be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from rpds import HashTrieMap

from ledger import canonical
from ledger.errors import Malformed

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class _Map(dict[K, V]):
    """Stands for HashTrieMap in annotations, which cannot be subscripted at run time."""


def dump(state: object) -> bytes:
    """The canonical bytes of a state."""
    return canonical.encode_trusted(_plain(state))


def digest(state: object) -> str:
    """SHA-256 of the canonical bytes, hex."""
    return hashlib.sha256(dump(state)).hexdigest()


def load(model: type[T], data: bytes) -> T:
    """Read a state back; what :func:`dump` would write otherwise is refused. Raises ``canonical.…``, ``snapshot.malformed``."""
    try:
        read: T = _reader(cast(Hashable, model))(canonical.decode(data))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed("snapshot.malformed", str(error), model.__name__) from None
    if dump(read) != data:
        raise Malformed("snapshot.malformed", "another spelling", "rows ascending by key, each once")
    return read


def _plain(value: object) -> Any:
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, HashTrieMap):
        rows = [[_plain(key), _plain(item)] for key, item in value.items()]
        return sorted(rows, key=lambda row: canonical.encode_trusted(row[0]))
    if is_dataclass(value):
        named = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: _plain(item) for name, item in named if item is not None}
    raise TypeError(f"no snapshot form for {type(value).__name__}")


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    origin, args = get_origin(hint), get_args(hint)
    if hint in (str, int, bool):
        return lambda value: _exactly(hint, value)
    if hint is bytes:
        return bytes.fromhex
    if origin in (Union, UnionType):
        (inner,) = (a for a in args if a is not NoneType)
        return _reader(inner)
    if origin is _Map:
        read_key, read_value = _reader(args[0]), _reader(args[1])
        return lambda value: HashTrieMap((read_key(k), read_value(v)) for k, v in value)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        read_item = _reader(args[0])
        return lambda value: tuple(read_item(item) for item in value)
    if origin is tuple:
        readers = tuple(_reader(a) for a in args)
        return lambda value: tuple(read(item) for read, item in zip(readers, value, strict=True))
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass_reader(hint)
    raise TypeError(f"no snapshot form for {hint}")


def _dataclass_reader(model: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(model, localns={"HashTrieMap": _Map})
    # Looked up when a value is read, so that a type may mention itself.
    known = {f.name: hints[f.name] for f in fields(model)}
    optional = {name for name, hint in known.items() if NoneType in get_args(hint)}

    def read(value: Any) -> Any:
        wrong = (set(value) - set(known)) | (set(known) - set(value) - optional)
        if wrong:
            raise ValueError(f"unknown or missing fields {sorted(wrong)} in {model.__name__}")
        absent = {name: None for name in optional if name not in value}
        return model(**absent, **{name: _reader(known[name])(item) for name, item in value.items()})

    return read


def _exactly(kind: type, value: object) -> object:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} where {kind.__name__} stands")
    return value
