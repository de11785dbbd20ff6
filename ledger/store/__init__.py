"""The store: where a ledger lives. One write path, one publisher, reads, private texts; SQLite now, PostgreSQL later.

What it promises: an answer means that the record is on the disk, once, at that place for ever; a head that was given out
is never contradicted; after any crash the next start finds everything that was answered, by itself.

What somebody could do who controls a file of it:

==================  ====================================================================================================
``ledger.db``       take the ledger away; put an older copy back (refused, :mod:`ledger.store.headguard`); change entries
                    (found at the next start or by ``verify``, and by everyone who holds an older head)
``ledger.db.key``   read the private texts of a database he also has; forge a snapshot, and with it a state (``verify`` and
                    every other process that replays find it); lose the private texts
``ledger.db.head``  together with an old database: hide the rewinding from this machine, not from witnesses
==================  ====================================================================================================

Start reading at :mod:`ledger.store.store` (the public face), :mod:`ledger.store.sequencer` (the write path),
:mod:`ledger.store.publisher`; who adds a fact reads :mod:`ledger.store.projection`.
"""

from ledger.store.quota import Quota
from ledger.store.sequencer import Accepted
from ledger.store.store import Store, system_clock
from ledger.store.trial import Trial

__all__ = ["Accepted", "Quota", "Store", "Trial", "system_clock"]
