"""The store: where a ledger lives. One write path, one publisher, reads, private texts; SQLite now, PostgreSQL later.

What it promises: an answer means that the record is on the disk, once, at that place for ever; a head that was given out
is never contradicted; after any crash the next start finds everything that was answered, by itself.

Start reading at :mod:`ledger.store.store` (the public face), :mod:`ledger.store.sequencer` (the write path),
:mod:`ledger.store.publisher`; who adds a fact reads :mod:`ledger.store.projection`.
"""

from ledger.store.sequencer import Accepted
from ledger.store.store import Store, system_clock
from ledger.store.trial import Trial

__all__ = ["Accepted", "Store", "Trial", "system_clock"]
