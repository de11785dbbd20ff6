"""The day on which the board is looked at between the first day and the last of a posting, chosen by nobody.

Evidence of the first and the last day leaves four weeks in which a poster may be gone. So one day between them counts too. It
follows from what was not there when the statement was signed:

    SHA-256("mingzhang/posting-day/1" ‖ 0x00 ‖ record ‖ seed), its first 8 bytes big-endian, modulo the days between

``record`` is the identity of ``statement.published/1`` (32 bytes). ``seed`` is the earliest outside cosignature on a head
that covers it (key id, timestamp, signature): a witness signs at its own time with its own key, and each head once, so
neither treasurer nor keeper can try until a day suits them; a keeper who drops a cosignature and waits for another leaves
the first in the witness's hands. Without a witness it is the leaf hash of the publishing entry:
everybody can compute it again, but whoever signs or numbers that entry could have tried several, and it is said so.

The day is known soon after the publication, to the owners as to the committee: whoever doubts knows when to look.

>>> look_day("ab" * 32, bytes(76), date(2019, 7, 15), date(2019, 8, 14))
datetime.date(2019, 7, 28)
>>> look_day("ab" * 32, bytes(76), date(2019, 7, 15), date(2019, 7, 16)) is None
True
"""

import hashlib
from datetime import date
from typing import Final

from ledger import period

CONTEXT: Final = b"mingzhang/posting-day/1\x00"


def look_day(record: str, seed: bytes, first: date, last: date) -> date | None:
    """The day between ``first`` and ``last``, neither of them; None where no day lies between."""
    between = (last - first).days - 1
    if between < 1:
        return None
    hashed = hashlib.sha256(CONTEXT + bytes.fromhex(record) + seed).digest()
    return period.add_days(first, 1 + int.from_bytes(hashed[:8], "big") % between)
