r"""The small part of TOML that stands in ledger entries, with one way to write each thing.

A profile or a working-day table is adopted as text, and every reader, today and in seventy years, must accept or refuse
that text alike. TOML leaves room (its version 1.1 accepts what 1.0 refuses), so only this part of it is read:

* a blank line, or a comment line beginning with ``#``;
* ``[table]`` or ``[table.inner]``, with names of ``a-z``, ``0-9`` and ``_``;
* ``key = value`` on one line, in just one spelling: ``"text"`` without escapes, ``true``, ``false``, an integer within
  ±(2⁵³−1), a date, ``[a, b]``, ``{ key = value, other = value }``.

A text is parsed by the standard library and every line is then written anew and compared; what differs is refused with
the line and with the spelling that would be accepted.

>>> read('[vote]\nparticipation = { value = ">=2/3", basis = "CC 278" }\n')
{'vote': {'participation': {'value': '>=2/3', 'basis': 'CC 278'}}}
>>> read('count = 1_000\n')
Traceback (most recent call last):
    ...
ledger.errors.Malformed: toml.spelling; got 'count = 1_000'; accepted: count = 1000; line: 1
"""

import re
import tomllib
from datetime import date, datetime
from typing import Final, cast

from ledger.errors import Malformed

LONGEST_TEXT: Final = 32 * 1024
LONGEST_LINE: Final = 2000
LARGEST_INTEGER: Final = 2**53 - 1

_NAME: Final = re.compile(r"[a-z0-9_]+")
_TABLE: Final = re.compile(r"\[([a-z0-9_]+(?:\.[a-z0-9_]+){0,3})\]")
_ASSIGNMENT: Final = re.compile(r"([a-z0-9_]+) = [^ ].*")
_DEEPEST: Final = 64

Value = str | int | bool | date | list["Value"] | dict[str, "Value"]
"""What a text of this part of TOML can hold."""


def read(text: str) -> dict[str, Value]:
    """The tables and values of ``text``.

    Raises ``Malformed`` with ``toml.too_long``, ``toml.character``, ``toml.line`` (not one of the line shapes),
    ``toml.syntax`` (TOML itself refuses it) or ``toml.spelling`` (another spelling of an acceptable value).
    """
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_TEXT:
        raise Malformed("toml.too_long", len(text), f"{LONGEST_TEXT} bytes")
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        _check_shape(line, number)
    try:
        parsed: dict[str, Value] = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError is one; an integer of thousands of digits raises the bare class
        raise Malformed("toml.syntax", str(error), "TOML 1.0") from error
    table = parsed
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        if header := _TABLE.fullmatch(line):
            table = _table(parsed, header[1].split("."))
            continue
        key = line.partition(" ")[0]
        expected = f"{key} = {write(table[key], line=number)}"
        if line != expected:
            raise Malformed("toml.spelling", line, expected, line=number)
    return parsed


def write(value: object, *, line: int = 0) -> str:
    """The one spelling of ``value``. Raises ``Malformed("toml.value")`` for what this part of TOML cannot hold."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if abs(value) <= LARGEST_INTEGER:
            return str(value)
        case str() if not (set(value) & {'"', "\\"}) and all(_is_plain(character) for character in value):
            return f'"{value}"'
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case list():
            return f"[{', '.join(write(item, line=line) for item in value)}]"
        case dict() if value and all(_NAME.fullmatch(key) for key in value):
            return "{ " + ", ".join(f"{key} = {write(item, line=line)}" for key, item in value.items()) + " }"
        case _:
            raise Malformed("toml.value", str(value)[:80], "text, integer, true, false, date, list, table", line=line)


def _table(parsed: dict[str, Value], path: list[str]) -> dict[str, Value]:
    table = parsed
    for name in path:
        # Every line before this one was verified, so a header that TOML accepted names a table.
        table = cast(dict[str, Value], table[name])
    return table


def _check_shape(line: str, number: int) -> None:
    if len(line) > LONGEST_LINE or line.count("[") + line.count("{") > _DEEPEST:
        raise Malformed("toml.line", line[:80], f"at most {LONGEST_LINE} characters, {_DEEPEST} brackets", line=number)
    if not all(_is_plain(character) for character in line):
        raise Malformed("toml.character", line[:80].encode("unicode_escape").decode(), "printable text", line=number)
    if line and not line.startswith("#") and not _TABLE.fullmatch(line) and not _ASSIGNMENT.fullmatch(line):
        raise Malformed("toml.line", line[:80], '[table], key = "value", # comment', line=number)


def _is_plain(character: str) -> bool:
    """Neither a control character nor a half surrogate: fixed ranges, since Unicode's tables grow with its versions."""
    point = ord(character)
    return 0x20 <= point != 0x7F and not 0x80 <= point <= 0x9F and not 0xD800 <= point <= 0xDFFF
