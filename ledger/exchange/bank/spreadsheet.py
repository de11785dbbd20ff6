"""Workbooks (XLSX, old XLS), read in a child process that may use 512 MiB and 20 seconds and not a byte more.

What is guaranteed: whatever the workbook, :func:`read_spreadsheet` returns or raises within about 20 seconds, this
process parses at most :data:`MAX_ANSWER` bytes of JSON, and nothing of the workbook is run or written to disk
(:mod:`ledger.confined`).
"""

import importlib.util
import json
from pathlib import Path
from typing import Any

from ledger import confined
from ledger.errors import Malformed, Unavailable

LIMITS = "512 MiB, 20 s"
SECONDS = 20.0
MAX_ANSWER = 32 << 20
_CHILD = Path(__file__).with_name("spreadsheet_child.py")


def read_spreadsheet(data: bytes) -> tuple[str, list[tuple[str, list[list[str]]]]]:
    """The encoding (``xlsx`` or ``xls``) and the visible sheets, each a name and its rows of texts.

    Raises :class:`Malformed` ``bank.unreadable``, ``bank.too_large``, ``bank.formula``, ``bank.macros``;
    :class:`Unavailable` ``bank.no_reader`` where python-calamine is not installed.
    """
    if importlib.util.find_spec("python_calamine") is None:
        raise Unavailable("bank.no_reader", "XLSX", "python-calamine")
    answer = _ask(data)
    if "refused" in answer:
        raise Malformed(answer["refused"], answer["value"], answer["accepted"])
    return answer["encoding"], [(sheet["name"], sheet["rows"]) for sheet in answer["sheets"]]


def _ask(data: bytes) -> dict[str, Any]:
    try:
        said = confined.ask(_CHILD, data, seconds=SECONDS, most=MAX_ANSWER)
    except confined.Exceeded:
        raise Malformed("bank.too_large", "workbook", LIMITS) from None
    except confined.Broken:
        raise Malformed("bank.unreadable", "broken workbook", "CSV, XLSX, XLS") from None
    answer: dict[str, Any] = json.loads(said)
    return answer
