"""From what a person types to the body of a record, for every kind alike, by walking the body's model.

====================  ==============================================================================================
the body asks for     what may be typed
====================  ==============================================================================================
an amount             yuan as text (``"18,000.00"``); an integer in a description is fen
an area               square metres as text (``"89.50"``); an integer is 0.01 m²
a digest              64 hex digits; ``@FILE``: the SHA-256 of the file, which is kept beside the ledger;
                      a number: the record of that entry
a reference           64 hex digits, ``digest#n``; ``57`` or ``57#0``: the record of that entry, its nth item
a commitment          the text itself: it is sealed, and what opens it travels with the record
a list of words       ``a,b`` (or the option several times, or JSON)
anything nested       JSON, or ``@FILE`` with JSON or TOML
====================  ==============================================================================================

>>> from ledger.books import KINDS
>>> given = fill(KINDS["deposit.recorded/1"], {"gross": "18,000", "net": "18000.00", "on": "2019-01-04"})
>>> given.body
{'gross': 1800000, 'net': 1800000, 'on': '2019-01-04'}
>>> fill(KINDS["person.entered/1"], {"nature": "natural", "name": "张三"}).private
{'name': '张三'}
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import click
import orjson

from ledger import canonical, money
from ledger.cli import files
from ledger.errors import Malformed
from ledger.log.act import Body, Committed, Fen, Kind
from ledger.paper.fields import EFFECTS, HEX, REFERENCE, inner_type, marks

Resolve = Callable[[int], str]
"""The digest of the record of an entry."""

_NUMBERED: Final = re.compile(r"(0|[1-9][0-9]{0,8})(#(?:0|[1-9][0-9]{0,2}))?")
_DIGITS: Final = re.compile(r"-?[0-9]{1,16}")


@dataclass(frozen=True)
class Given:
    """A body, the texts to seal in it by their path, files to keep, labels of keys that it enrols."""

    body: Mapping[str, Any]
    private: Mapping[str, canonical.Json] = field(default_factory=dict)
    documents: tuple[Path, ...] = ()
    new_keys: tuple[str, ...] = ()


@dataclass
class _Filling:
    resolve: Resolve | None
    folder: Path
    private: dict[str, canonical.Json] = field(default_factory=dict)
    documents: list[Path] = field(default_factory=list)


def fill(kind: Kind, value: Mapping[str, Any], resolve: Resolve | None = None, folder: Path = Path()) -> Given:
    """The body that a description says. ``folder``: what ``@FILE`` is relative to.

    Raises ``money.…``, ``cli.integer``, ``cli.json``, ``cli.no_file``, ``entry.unknown``. Whether the body is whole is
    asked when it is drafted.
    """
    filling = _Filling(resolve, folder)
    body = _object(kind.model, value, "", filling)
    return Given(body, filling.private, tuple(dict.fromkeys(filling.documents)))


def option(name: str, annotation: Any, metadata: Sequence[Any], told: str = "") -> click.Option:
    """The option of a field; ``told``: its help."""
    # A field of this name beside ``--body FILE``: what kind of body somebody sits on.
    inner, flag = inner_type(annotation), "--" + ("body-kind" if name == "body" else name.replace("_", "-"))
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    if inner is bool:
        return click.Option([f"{flag}/--no-{flag[2:]}", name], default=None, help=told)
    if choices:
        return click.Option(
            [flag, name], type=click.Choice([str(choice) for choice in choices]), default=None, help=told
        )
    if is_list_of_words(inner):
        return click.Option([flag, name], metavar="A,B|JSON", multiple=True, help=told)
    return click.Option([flag, name], metavar=_metavar(name, annotation, metadata), default=None, help=told)


def from_option(annotation: Any, written: Any) -> Any:
    """What an option's text says, before the model is asked. Raises ``cli.json``, ``cli.no_file``."""
    inner = inner_type(annotation)
    if is_list_of_words(inner):
        words: list[Any] = []
        for text in written:
            words += read_json(text) if text.startswith("[") else [part.strip() for part in text.split(",")]
        return words
    return read_json(written) if is_nested(inner) else written


def read_json(text: str) -> Any:
    """JSON, or with ``@`` what a file of JSON or TOML says. Raises ``cli.json``, ``cli.no_file``, ``cli.description``."""
    if text.startswith("@"):
        path = Path(text[1:])
        return files.read_description(path) if path.suffix == ".toml" else read_json(files.read_text(path))
    try:
        return orjson.loads(text.encode("utf-8", "surrogatepass"))
    except orjson.JSONDecodeError as error:
        raise Malformed("cli.json", text[:60], "JSON, or @FILE", reason=str(error)) from None


def is_nested(inner: Any) -> bool:
    """Whether a type holds others."""
    return get_origin(inner) in (tuple, dict, list) or _is_body(inner)


def is_list_of_words(inner: Any) -> bool:
    """Whether a type is a list of plain strings."""
    if get_origin(inner) is not tuple:
        return False
    item = inner_type(get_args(inner)[0])
    return item is str or get_origin(item) is Literal


def _object(model: type[Body], value: Mapping[str, Any], path: str, filling: _Filling) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, item in value.items():
        info = model.model_fields.get(name)
        place = f"{path}/{name}" if path else name
        if info is None:
            filled[name] = item  # refused with the body, together with whatever else is wrong in it
        elif _is_sealed(info.annotation, info.metadata) and isinstance(item, (str, list)):
            filling.private[place] = item
        else:
            filled[name] = _value(name, info.annotation, info.metadata, item, place, filling)
    return filled


def _value(name: str, annotation: Any, metadata: Sequence[Any], item: Any, place: str, filling: _Filling) -> Any:
    inner, meta = inner_type(annotation), marks(annotation, metadata)
    if _is_body(inner) and isinstance(item, Mapping):
        return _object(inner, item, place, filling)
    if get_origin(inner) is tuple and isinstance(item, (list, tuple)):
        of = get_args(inner)[0]
        return [_value(name, of, (), one, f"{place}/{n}", filling) for n, one in enumerate(item)]
    if name == "effect" and isinstance(item, Mapping) and item.get("type") in EFFECTS:
        return _object(EFFECTS[item["type"]], item, place, filling)
    if inner is int and isinstance(item, str):
        if name == "area" or any(isinstance(mark, Fen) for mark in meta):
            return money.parse_yuan(item)
        return _integer(item)
    if isinstance(item, str) and (pattern := _pattern(meta)) in (HEX, REFERENCE):
        return _digest(item, pattern, filling)
    return item


def _digest(text: str, pattern: str, filling: _Filling) -> str:
    if text.startswith("@") and pattern == HEX:
        path = filling.folder / text[1:]
        filling.documents.append(path)
        return files.digest_of(path)
    found = _NUMBERED.fullmatch(text)
    if found and filling.resolve and (pattern == REFERENCE or not found[2]):
        return filling.resolve(int(found[1])) + (found[2] or "")
    return text


def _integer(text: str) -> int:
    if not _DIGITS.fullmatch(text):
        raise Malformed("cli.integer", text, "digits")
    return int(text)


def _metavar(name: str, annotation: Any, metadata: Sequence[Any]) -> str:
    inner, meta = inner_type(annotation), marks(annotation, metadata)
    if _is_sealed(annotation, metadata):
        return "TEXT(private)"
    if inner is int:
        return "M2" if name == "area" else "YUAN" if any(isinstance(mark, Fen) for mark in meta) else "N"
    if is_nested(inner):
        return "JSON|@FILE"
    return {HEX: "DIGEST|NO|@FILE", REFERENCE: "REF|NO"}.get(_pattern(meta), "TEXT")


def _is_sealed(annotation: Any, metadata: Sequence[Any]) -> bool:
    return any(isinstance(mark, Committed) for mark in marks(annotation, metadata))


def _is_body(inner: Any) -> bool:
    return isinstance(inner, type) and issubclass(inner, Body)


def _pattern(metadata: Sequence[Any]) -> str:
    return next((mark.pattern for mark in metadata if getattr(mark, "pattern", None)), "")
