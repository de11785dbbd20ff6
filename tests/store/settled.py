"""A community of the tests whose records go through a real store: ``Stored(tmp_path / "ledger.db")``.

The community in memory makes and signs the records and applies them too, so that after every act the store's books can
be compared with books that never saw a database.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from ledger.log.checkpoint import LogKeys
from ledger.log.entry import Record, Signature, Submission
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.store import Store
from tests.community import BOTH, Act, Community, Signatory, key_of

ORIGIN = "example.org/community"


def log_keys(name: str = "log", origin: str = ORIGIN) -> LogKeys:
    """The log keys that a name always has."""
    seeds = [sha256(f"{name} {number}".encode()).digest() for number in (1, 2)]
    return LogKeys(SigningKey(origin, ED25519, seeds[0]), SigningKey(origin, COSIGNATURE_ML_DSA_44, seeds[1]))


class Ended(BaseException):
    """What a test has instead of the end of the process."""


def ended(rule: str, error: BaseException) -> NoReturn:
    """Hand this to a store as ``fatal``."""
    raise Ended(rule) from error


class Maker(Community):
    """Makes submissions; nothing is stored. ``submissions`` are all of them, the genesis first."""

    def __init__(self, **options: Any) -> None:
        self.submissions: list[Submission] = []
        options.setdefault("genesis", {"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN})
        super().__init__(**options)

    def submit(self, record: Record, signed: Sequence[Signature]) -> str:
        """Apply in memory and keep."""
        digest = super().submit(record, signed)
        self.submissions.append(Submission(record, tuple(signed), self.openings_of(record)))
        return digest

    def person(self, name: str, *, by: Sequence[Signatory] = BOTH) -> Submission:
        """A submission that enters a person without a key."""
        commitment, _ = self.commit("person.entered/1", "name", name)
        self.act("person.entered/1", {"nature": "natural", "name": commitment}, by=by)
        return self.submissions[-1]

    def persons(self, count: int, prefix: str = "person") -> list[Submission]:
        """Many of them."""
        return [self.person(f"{prefix} {number}") for number in range(count)]

    def batch(self, items: Sequence[Act], by: Sequence[Signatory] = BOTH) -> list[Submission]:
        """The submissions of one ceremony."""
        before = len(self.submissions)
        self.acts(items, by)
        return self.submissions[before:]

    def offices(self, count: int) -> list[Act]:
        """Acts that enter offices, for batches."""
        return [("person.entered/1", {"nature": "office", "title": f"office {n}"}) for n in range(count)]


def created(path: Path, maker: Maker, **options: Any) -> Store:
    """A store with the maker's genesis, on the maker's clock."""
    options.setdefault("fatal", ended)
    return Store.create(path, maker.submissions[0], log_keys(), lambda: maker.time, **options)


def opened(path: Path, maker: Maker, **options: Any) -> Store:
    """The same store opened again for writing."""
    options.setdefault("fatal", ended)
    return Store.open(path, log_keys(), lambda: maker.time, **options)


__all__ = ["ORIGIN", "Ended", "Maker", "created", "ended", "key_of", "log_keys", "opened"]
