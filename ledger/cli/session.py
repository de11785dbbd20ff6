"""A session at the command line: which ledger, whose keys, and the way a drafted act becomes an entry.

==========================  =========================================================================================
setting                     what somebody who controls it could do
==========================  =========================================================================================
``--ledger``                show you another ledger (its genesis digest is printed by ``log show``)
``MINGZHANG_LEDGER``        the same
``--keys``, ``MINGZHANG_KEYS``   make you sign with other keys (several files, separated like PATH)
``MINGZHANG_PASSPHRASE``    nothing more than who can read the environment: opens the rings
==========================  =========================================================================================

An act is drafted, signed by the labels given with ``--as``, and submitted when every seat that its kind demands is filled.
With ``--out FILE`` it waits as a file for further signers (``mingzhang keys sign FILE``), and ``mingzhang log submit FILE``
hands it in.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger import canonical
from ledger.cli.console import Console
from ledger.errors import Conflict, NotFound, Refused
from ledger.log.entry import Opening, Record, Signature, Submission, submission_json
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing

if TYPE_CHECKING:
    from ledger.store.store import Store

LEDGER = "MINGZHANG_LEDGER"
KEYS = "MINGZHANG_KEYS"
PASSPHRASE = "MINGZHANG_PASSPHRASE"  # noqa: S105 - the variable's name
DEFAULT_LEDGER = "ledger.db"


@dataclass
class Session:
    """What the options of a command name; rings are opened once, when a key is first asked for."""

    console: Console
    ledger: Path
    rings: tuple[Path, ...]
    _open: dict[Path, KeyRing] = field(default_factory=dict)

    @classmethod
    def of(cls, console: Console, ledger: str = "", keys: Sequence[str] = ()) -> "Session":
        """From options, then from the environment."""
        named = list(keys) or [name for name in os.environ.get(KEYS, "").split(os.pathsep) if name]
        return cls(console, Path(ledger or os.environ.get(LEDGER, DEFAULT_LEDGER)), tuple(Path(name) for name in named))

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
        asked: str = click.prompt(
            self.console.text("cli.passphrase", file=path.name), hide_input=True, confirmation_prompt=confirm, err=True
        )
        return asked

    def key(self, label: str) -> keyring.PrivateKey:
        """The key of a label in any ring. Raises ``keyring.no_such_key``, ``keyring.label_in_two_rings``."""
        found = [ring.keys[label] for ring in map(self.ring, self.rings) if label in ring.keys]
        if not found:
            raise NotFound("keyring.no_such_key", label, [path.name for path in self.rings] or f"--keys, {KEYS}")
        if len({key.key for key in found}) > 1:
            raise Conflict("keyring.label_in_two_rings", label)
        return found[0]

    # --- the ledger --------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> "Iterator[Store]":
        """The ledger, for reading."""
        from ledger.store.store import Store

        with Store.open(self.ledger) as store:
            yield store

    @contextmanager
    def writing(self) -> "Iterator[Store]":
        """The ledger, for writing: the log's keys come from one of the rings. Publishes before it ends (design §3)."""
        from ledger.store.store import Store

        logs = [ring.log for ring in map(self.ring, self.rings) if ring.log]
        if not logs:
            raise NotFound("keyring.no_log_keys", [path.name for path in self.rings], "a ring made by: community new")
        with Store.open(self.ledger, logs[0]) as store:
            yield store
            store.publish()

    # --- acts --------------------------------------------------------------------------------------------------------

    def act(
        self,
        store: "Store",
        kind: str,
        body: Mapping[str, Any],
        signers: Sequence[str],
        private: Mapping[str, canonical.Json] | None = None,
    ) -> Submission:
        """Draft and sign one act; ``private``: field path -> value to seal, whose commitment is put into the body."""
        record, openings = self.draft(store, kind, body, private)
        return Submission(record, drafting.sign(record, map(self.key, signers)), openings)

    def batch(
        self,
        store: "Store",
        acts: Sequence[tuple[str, Mapping[str, Any], Mapping[str, canonical.Json]]],
        signers: Sequence[str],
    ) -> list[Submission]:
        """Draft acts and sign them in one ceremony."""
        at = self.now()
        drafts = [self.draft(store, kind, body, private, at) for kind, body, private in acts]
        records = [record for record, _ in drafts]
        signed = drafting.sign_batch(records, [self.key(label) for label in signers])
        return drafting.submissions(records, signed, [openings for _, openings in drafts])

    def draft(
        self,
        store: "Store",
        kind: str,
        body: Mapping[str, Any],
        private: Mapping[str, canonical.Json] | None = None,
        at: int | None = None,
    ) -> tuple[Record, tuple[Opening, ...]]:
        """An unsigned record with what opens its commitments."""
        ledger = store.books.ledger
        sealed = [drafting.seal(ledger, kind, path, value) for path, value in (private or {}).items()]
        whole = dict(body)
        for commitment, opening in sealed:
            whole[opening.field] = commitment
        return drafting.draft(ledger, kind, whole, self.now() if at is None else at), tuple(o for _, o in sealed)

    @staticmethod
    def now() -> int:
        """The system's time in milliseconds; imported late, so that readers need no database."""
        from ledger.store.store import system_clock

        return system_clock()

    def submit(self, store: "Store", submissions: Sequence[Submission]) -> list[dict[str, Any]]:
        """Hand in acts, all or none; where each stands."""
        with self.console.progress("cli.submitting") as step:
            accepted = store.submit(submissions)
            step(len(accepted), len(accepted))
        return [
            {"seq": a.seq, "record": a.digest, "kind": s.record.kind, "again": a.again}
            for a, s in zip(accepted, submissions, strict=True)
        ]

    def hand_in(self, store: "Store", submissions: Sequence[Submission], out: Path | None = None) -> None:
        """Submit and tell where the acts stand, or leave one as a file that waits for more signatures."""
        if out is not None:
            if len(submissions) != 1:
                raise Refused("cli.out_of_batch", len(submissions), 1)
            write_submission(out, submissions[0])
            self.console.data({"file": str(out), "record": submissions[0].record.digest})
            return
        places = self.submit(store, submissions)
        if len(places) == 1:
            self.console.data(places[0])
        else:
            self.console.table(
                ("seq", "kind", "record"), [(p["seq"], p["kind"], p["record"]) for p in places], name="entries"
            )


def write_submission(path: Path, submission: Submission) -> None:
    """Write a submission as a file. Raises ``cli.file_exists``."""
    if path.exists():
        raise Conflict("cli.file_exists", str(path))
    path.write_bytes(submission_bytes(submission))


def submission_bytes(submission: Submission) -> bytes:
    """A submission as a file."""
    return canonical.encode(submission_json(submission)) + b"\n"


def signed_by(submission: Submission, more: Sequence[Signature]) -> Submission:
    """A submission with further signatures."""
    return Submission(
        submission.record, drafting.merged(submission.record, submission.signatures, more), submission.openings
    )
