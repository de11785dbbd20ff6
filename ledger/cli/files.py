"""Files that a command reads and writes: bounded, never overwritten, told apart from each other by what is wrong with them.

A description (``community new``, ``meeting call``, ``--body``) is TOML or JSON. A table is CSV in UTF-8 or GB18030, with a
header row; rows come with their line number, so that every mistake can be named.
"""

import csv
import hashlib
import io
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import time as clock_time
from pathlib import Path
from typing import Any, Final

import orjson

from ledger.errors import Conflict, Malformed, NotFound, Unavailable

LARGEST: Final = 16 << 20
"""Bytes of a file that a command reads at most."""
MOST_ROWS: Final = 100_000


@dataclass(frozen=True)
class Row:
    """A row of a table: its line in the file, and its cells by column; an empty cell is absent."""

    line: int
    cells: Mapping[str, str]


def read_bytes(path: Path, *, largest: int = LARGEST) -> bytes:
    """A file's bytes. Raises NotFound ``cli.no_file``, Unavailable ``cli.unreadable``, Malformed ``cli.too_large``."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise NotFound("cli.no_file", str(path), "a file that is there") from None
    except (OSError, ValueError) as error:
        raise Unavailable("cli.unreadable", str(path), reason=getattr(error, "strerror", None) or str(error)) from None
    if len(data) > largest:
        raise Malformed("cli.too_large", str(path), largest)
    return data


def read_text(path: Path) -> str:
    """A text file in UTF-8. Raises as :func:`read_bytes`, and Malformed ``cli.not_text``."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("cli.not_text", path.name, "UTF-8") from None


def read_description(path: Path) -> dict[str, Any]:
    """A description in TOML or JSON (``.json``); days and moments of TOML are read as text.

    Raises as :func:`read_text`, and Malformed ``cli.description``.
    """
    text = read_text(path)
    try:
        value = orjson.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (orjson.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed("cli.description", path.name, "TOML, or JSON in a file .json", reason=str(error)) from None
    if not isinstance(value, dict):
        raise Malformed("cli.description", path.name, "an object", reason=type(value).__name__)
    return {key: _as_text(item) for key, item in value.items()}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, hex: how the ledger names a document. Raises as :func:`read_bytes`."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def read_rows(path: Path, columns: Mapping[str, str], optional: frozenset[str] = frozenset()) -> list[Row]:
    """The rows of a table. ``columns``: accepted header -> column; several headers may name one column.

    Raises as :func:`read_bytes`, and Malformed ``cli.table_encoding``, ``cli.table_header``, ``cli.table_row`` (its line),
    ``cli.table_empty``.
    """
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    header: list[str] = []
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(path, [cell.strip() for cell in cells], columns, optional)
                continue
            if len(cells) > len(header) or len(rows) == MOST_ROWS:
                raise Malformed("cli.table_row", reader.line_num, f"{len(header)} cells, {MOST_ROWS} rows at most")
            named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            rows.append(Row(reader.line_num, named))
    except csv.Error as error:
        raise Malformed("cli.table_row", reader.line_num, "CSV with quoted cells", reason=str(error)) from None
    if not rows:
        raise Malformed("cli.table_empty", path.name, "a header row and rows")
    return rows


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a new file, durably; ``private``: readable by its owner only. Raises ``cli.file_exists``, ``cli.unwritable``."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Conflict("cli.file_exists", str(path)) from None
    except OSError as error:
        raise Unavailable("cli.unwritable", str(path), reason=error.strerror) from None


def replace(path: Path, data: bytes) -> None:
    """Write a file anew, whole or not at all. Raises ``cli.unwritable``."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    write_new(beside, data, private=True)
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink()
        raise Unavailable("cli.unwritable", str(path), reason=error.strerror) from None


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, (date, clock_time)) else value


def _decoded(path: Path) -> str:
    data = read_bytes(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Malformed("cli.table_encoding", path.name, "UTF-8, GB18030")


def _header(path: Path, cells: list[str], columns: Mapping[str, str], optional: frozenset[str]) -> list[str]:
    unknown = [cell for cell in cells if cell not in columns]
    named = [columns[cell] for cell in cells if cell in columns]
    missing = sorted(set(columns.values()) - optional - set(named))
    if unknown or missing or len(set(named)) != len(named):
        raise Malformed("cli.table_header", unknown or missing or named, sorted(columns), file=path.name)
    return named
