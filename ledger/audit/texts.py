"""Texts that print as something other than what they say, in entries that stand.

Admission refuses them (:func:`ledger.canonical.check_text`), so whoever keeps a log honestly has none; replay does not ask, for
what prints how is a matter of Unicode's tables, which change. An entry that holds one is said with its place, as a notice:
the log is no less whole, but a reader should know that two texts that look alike are not.
"""

import re
from dataclasses import replace
from typing import Final

from ledger import canonical
from ledger.audit.findings import Findings, Place
from ledger.errors import Malformed
from ledger.log.entry import Entry

_ESCAPED: Final = re.compile(rb'\\[^"\\n]')
"""A control character, as canonical JSON writes it; perhaps only a backslash in front of a letter."""


def check_texts(entry: Entry, where: Place, findings: Findings) -> None:
    """Note ``record.text`` for each string of an entry's body that admission would have refused."""
    if _prints_as_it_says(entry.record.raw):
        return
    for path, text in canonical.texts(entry.record.body):
        try:
            canonical.check_text(text, path)
        except Malformed as error:
            findings.refuse("record.text", replace(where, field=f"record/body{path}"), error)


def _prints_as_it_says(raw: bytes) -> bool:
    """Whether the whole record does, and so every text in it: one look instead of one a string."""
    try:
        canonical.check_text(raw.decode(), "")
    except Malformed:
        return False
    return not _ESCAPED.search(raw)
