"""A session at the command line: which ledger, whose keys, and the way a drafted act becomes an entry.

==========================  =========================================================================================
setting                     what somebody who controls it could do
==========================  =========================================================================================
``--ledger``                show you another ledger (its genesis digest is printed by ``log show``)
``MINGZHANG_LEDGER``        the same
``--keys``, ``MINGZHANG_KEYS``   make you sign with other keys (several files, separated like PATH)
``MINGZHANG_WITNESSES``     have heads cosigned by others, or by nobody: what counts is whom the reader's policy names
``MINGZHANG_PASSPHRASE``    nothing more than who can read the environment: opens the rings
==========================  =========================================================================================

An act is drafted, signed by the labels given with ``--as``, and submitted when every seat that its kind demands is filled.
With ``--out FILE`` it waits as a file for further signers (:mod:`ledger.cli.waiting`). No setting moves the clock: tests
replace :attr:`Session.clock`.
"""

import mimetypes
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import click

from ledger import canonical
from ledger.books import KINDS
from ledger.cli import consent, files, waiting
from ledger.cli.console import Console
from ledger.errors import Conflict, NotFound, Refused
from ledger.log.act import read_body
from ledger.log.checkpoint import LogKeys
from ledger.log.entry import MAX_BATCH, Opening, Record, Signature, Submission
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing

if TYPE_CHECKING:
    from ledger.store.known import Known
    from ledger.store.store import Store
    from ledger.watch.witness import HttpWitness

LEDGER = "MINGZHANG_LEDGER"
KEYS = "MINGZHANG_KEYS"
PASSPHRASE = "MINGZHANG_PASSPHRASE"  # noqa: S105 - the variable's name
DEFAULT_LEDGER = "ledger.db"

T = TypeVar("T")


class Signing(Protocol):
    """A key that is going to sign."""

    @property
    def key(self) -> str: ...
    @property
    def alg(self) -> str: ...


Draft = tuple[Record, tuple[Opening, ...]]
"""An unsigned act with what opens its commitments."""


def system_clock() -> int:
    """The system's time in milliseconds since 1970, UTC; as the store's, without importing the store."""
    return time.time_ns() // 1_000_000


@dataclass
class Session:
    """What the options of a command name; rings are opened once, when a key is first asked for."""

    clock: ClassVar[Callable[[], int]] = staticmethod(system_clock)

    console: Console
    ledger: Path
    rings: tuple[Path, ...]
    yes: bool = False
    """Whether ``--yes`` was said: what is shown is not asked for."""
    _open: dict[Path, KeyRing] = field(default_factory=dict)

    @classmethod
    def of(cls, console: Console, ledger: str = "", keys: Sequence[str] = (), yes: bool = False) -> "Session":
        """From options, then from the environment."""
        named = list(keys) or [name for name in os.environ.get(KEYS, "").split(os.pathsep) if name]
        path = Path(ledger or os.environ.get(LEDGER, DEFAULT_LEDGER))
        return cls(console, path, tuple(Path(name) for name in named), yes)

    # --- keys --------------------------------------------------------------------------------------------------------

    def ring(self, path: Path) -> KeyRing:
        """An opened key ring; asks for its passphrase on a terminal. Raises ``keyring.…``."""
        if path not in self._open:
            self._open[path] = keyring.load(path, self.passphrase(path))
        return self._open[path]

    def passphrase(self, path: Path, *, confirm: bool = False) -> str:
        """From the environment, or asked for."""
        if PASSPHRASE in os.environ:
            return os.environ[PASSPHRASE]
        asked = self._secret("cli.passphrase", path)
        while confirm and self._secret("cli.passphrase_again", path) != asked:
            self.console.say("cli.passphrase_differs")
            asked = self._secret("cli.passphrase", path)
        return asked

    def _secret(self, key: str, path: Path) -> str:
        secret: str = click.prompt(self.console.text(key, file=path.name), hide_input=True, err=True)
        return secret

    def key(self, label: str) -> keyring.PrivateKey:
        """The key of a label in any ring. Raises ``keyring.no_such_key``, ``keyring.label_in_two_rings``."""
        found = [ring.keys[label] for ring in map(self.ring, self.rings) if label in ring.keys]
        if not found:
            raise NotFound("keyring.no_such_key", label, self._rings_named())
        if len({key.key for key in found}) > 1:
            raise Conflict("keyring.label_in_two_rings", label)
        return found[0]

    def signing(self, labels: Sequence[str]) -> list[keyring.PrivateKey]:
        """The keys of several labels, each once. Raises as :meth:`key`, and ``cli.label_twice``."""
        keys = [self.key(label) for label in labels]
        if len({key.key for key in keys}) != len(keys):
            raise Refused("cli.label_twice", list(labels), "each key once")
        return keys

    def log_keys(self, vkeys: Sequence[str] = ()) -> LogKeys:
        """The log's keys from one of the rings; of several, those with these vkeys. Raises ``keyring.no_log_keys``."""
        held = self._logs()
        fitting = [keys for keys in held if list(map(str, keys.vkeys)) == list(vkeys)] or held
        if not fitting:
            raise NotFound("keyring.no_log_keys", self._rings_named(), "a ring made by: community new")
        return fitting[0]

    def _logs(self) -> list[LogKeys]:
        return [ring.log for ring in map(self.ring, self.rings) if ring.log]

    # --- the ledger --------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> "Iterator[Store]":
        """The ledger, for reading."""
        from ledger.store.store import Store

        with Store.open(self.ledger, clock=type(self).clock) as store:
            yield store

    @contextmanager
    def writing(self) -> "Iterator[Store]":
        """The ledger, for writing: the log's keys come from one of the rings. Publishes before it ends (design §3)."""
        from ledger.store.store import Store

        asked = witnesses()
        with Store.open(self.ledger, self.keys_for(self.ledger), type(self).clock) as store:
            yield store
            for name, error in store.publish(asked).refusals:
                self.console.say("cli.not_cosigned", witness=name, rule=error.rule)

    def keys_for(self, ledger: Path) -> LogKeys:
        """The log's keys of a ledger; it is asked for its vkeys only where the rings hold those of several."""
        from ledger.store.store import Store

        if len(self._logs()) < 2:
            return self.log_keys()
        with Store.open(ledger, clock=type(self).clock) as store:
            return self.log_keys(store.books.vkeys)

    @contextmanager
    def at_hand(self) -> "Iterator[Store | None]":
        """The ledger, if this machine has it: a signer's need not."""
        if not self.ledger.exists():
            yield None
            return
        with self.reading() as store:
            yield store

    # --- acts --------------------------------------------------------------------------------------------------------

    def agree(self, acts: Sequence[Draft], question: str, store: "Store | None" = None, **values: object) -> None:
        """Show what is about to be signed or entered, and ask. Raises as :func:`ledger.cli.consent.ask`."""
        known = self._known(store)
        consent.ask(self.console, acts, question, yes=self.yes, known=known, values=values)

    def sign(
        self,
        acts: Sequence[Draft],
        signers: Sequence[str],
        new_keys: Sequence[Sequence[str]] = (),
        *,
        store: "Store | None" = None,
        together: bool = False,
        trial: bool = False,
    ) -> list[Submission]:
        """Show drafted acts, ask, and sign them; the only place where a person's key signs.

        ``together``: in ceremonies of at most 512 records, else each singly; ``new_keys``: by act, labels of the keys that
        it enrols, each of which proves its possession; ``trial``: the signatures are only tried here, so nobody is asked.
        Raises as :meth:`agree`, :meth:`signing`.
        """
        keys, own = self.signing(signers), [self.signing(labels) for labels in new_keys]
        own += [[]] * (len(acts) - len(own))
        if signers or any(own):
            known = self._known(store)
            by = ", ".join(dict.fromkeys([*signers, *(label for labels in new_keys for label in labels)]))
            consent.ask(self.console, acts, "consent.sign", yes=self.yes, trial=trial, known=known, values={"by": by})
        records = [record for record, _ in acts]
        signed: list[tuple[Signature, ...]] = []
        for chunk in ceremonies(records):
            signed += (
                drafting.sign_batch(chunk, keys) if together else [drafting.sign(record, keys) for record in chunk]
            )
        whole = [
            drafting.merged(record, by_all, drafting.sign(record, more))
            for record, by_all, more in zip(records, signed, own, strict=True)
        ]
        return drafting.submissions(records, whole, [openings for _, openings in acts])

    def try_out(
        self, store: "Store", acts: Sequence[Draft], signers: Sequence[str], new_keys: Sequence[Sequence[str]] = ()
    ) -> None:
        """Try drafted acts as if these had signed them, before anybody is asked. Raises what refuses the first that falls."""
        own = [*new_keys, *([()] * (len(acts) - len(new_keys)))]
        claimed = [
            Submission(record, claims(self.signing([*signers, *labels])), openings)
            for (record, openings), labels in zip(acts, own, strict=True)
        ]
        for _index, error in store.dry_run(claimed, signed=False).errors:
            raise error

    def draft(
        self,
        store: "Store",
        kind: str,
        body: Mapping[str, Any],
        private: Mapping[str, canonical.Json] | None = None,
        at: int | None = None,
    ) -> Draft:
        """An unsigned record with what opens its commitments. Raises ``record.body`` for a body that is not its kind's."""
        return draft(store.books.ledger, kind, body, private, self.now() if at is None else at)

    @classmethod
    def now(cls) -> int:
        """The session's time in milliseconds."""
        return cls.clock()

    def submit(self, store: "Store", submissions: Sequence[Submission]) -> list[dict[str, Any]]:
        """Hand in acts, all or none; where each stands."""
        with self.console.progress("cli.submitting") as step:
            accepted = store.submit(submissions)
            step(len(accepted), len(accepted))
        return [
            {"seq": a.seq, "record": a.digest, "kind": s.record.kind, "again": a.again}
            for a, s in zip(accepted, submissions, strict=True)
        ]

    def leave(self, submissions: Sequence[Submission], out: Path) -> None:
        """Leave acts as a file that waits for more signatures."""
        waiting.write(out, submissions)
        named = {"record": submissions[0].record.digest} if len(submissions) == 1 else {"records": len(submissions)}
        self.console.data({"file": str(out), "signatures": len(submissions[0].signatures), **named})

    def tell(self, places: Sequence[Mapping[str, Any]]) -> None:
        """Where acts stand now."""
        if len(places) == 1:
            self.console.data(places[0])
        else:
            rows = [(p["seq"], p["kind"], p["record"]) for p in places]
            self.console.table(("seq", "kind", "record"), rows, name="entries", right=(0,))

    def keep(self, store: "Store", paths: Sequence[Path]) -> list[str]:
        """Keep documents beside the ledger, encrypted; their digests."""
        return [
            store.add_document(
                files.read_bytes(path), media=mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            )
            for path in paths
        ]

    def _known(self, store: "Store | None") -> "Known | None":
        if store is None:
            return None
        from ledger.store.known import Known

        return Known(store, self.console.locale)

    def _rings_named(self) -> list[str] | str:
        return [path.name for path in self.rings] or f"--keys, {KEYS}"


def witnesses() -> "list[HttpWitness]":
    """The witnesses that the environment names. Raises as :func:`ledger.watch.witness.from_environment`."""
    from ledger.watch import witness

    return witness.from_environment(os.environ)


def ceremonies(items: Sequence[T]) -> list[Sequence[T]]:
    """In parts that one ceremony signs."""
    return [items[first : first + MAX_BATCH] for first in range(0, len(items), MAX_BATCH)]


def claims(keys: Iterable[Signing]) -> tuple[Signature, ...]:
    """Who is going to sign: there is no signature in it, and none is asked for in a trial."""
    return tuple(Signature(key, alg, b"") for key, alg in sorted({(key.key, key.alg) for key in keys}))


def draft(
    ledger: str, kind: str, body: Mapping[str, Any], private: Mapping[str, canonical.Json] | None, at: int
) -> Draft:
    """An unsigned record of a ledger with what opens its commitments. Raises ``record.body``, ``canonical.…``."""
    record, openings = drafting.draft_sealed(ledger, kind, body, private or {}, at)
    read_body(KINDS[kind].model, record.body, kind)
    return record, openings
