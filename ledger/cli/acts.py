"""Every kind of record as a command, made from its body: options for plain fields, JSON for lists, texts to seal.

``mingzhang deposit record --account main --on 2019-01-04 --fund common_income --category rent --nature income
--gross 18000 --net 18000 --as treasurer`` drafts ``deposit.recorded/1``, signs it with the key of that label, and hands it
in. What may be typed is said in :mod:`ledger.cli.bodies`; ``--body FILE`` gives the whole body as JSON or TOML instead. A
kind that enrols a key takes it from a ring with ``--key-label``, and the new key signs too: proof of possession.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.books import KINDS
from ledger.cli import bodies, files
from ledger.cli.bodies import Given
from ledger.cli.console import Console
from ledger.cli.examples import EXAMPLES
from ledger.cli.session import Draft, Session
from ledger.cli.told import told
from ledger.errors import Malformed, Refused
from ledger.log.act import Kind
from ledger.people.keyring import PrivateKey

if TYPE_CHECKING:
    from ledger.store.store import Store

PATHS: Final[Mapping[str, tuple[str, str]]] = {
    "ledger.opened/1": ("community", "new"),
    "person.entered/1": ("people", "enter"),
    "key.enrolled/1": ("people", "enrol-key"),
    "key.revoked/1": ("people", "revoke-key"),
    "role.appointed/1": ("people", "appoint"),
    "role.ended/1": ("people", "end-role"),
    "unit.entered/1": ("units", "enter"),
    "unit.changed/1": ("units", "change"),
    "units.closed/1": ("units", "close"),
    "profile.adopted/1": ("community", "adopt-profile"),
    "calendar.adopted/1": ("community", "adopt-calendar"),
    "bylaws.adopted/1": ("community", "adopt-bylaws"),
    "account.opened/1": ("account", "open"),
    "mandate.changed/1": ("account", "mandate"),
    "chart.adopted/1": ("account", "adopt-chart"),
    "books.opened/1": ("account", "open-books"),
    "party.entered/1": ("account", "party"),
    "document.entered/1": ("account", "document"),
    "contract.entered/1": ("account", "contract"),
    "contra.recorded/1": ("account", "contra"),
    "deposit.recorded/1": ("deposit", "record"),
    "bank.imported/1": ("bank", "file"),
    "bank.row/1": ("bank", "row"),
    "bank.confirmed/1": ("bank", "confirm"),
    "bank.rejected/1": ("bank", "reject"),
    "suspense.cleared/1": ("bank", "clear"),
    "cash.paid/1": ("withdraw", "cash"),
    "cash.counted/1": ("withdraw", "count"),
    "withdrawal.applied/1": ("withdraw", "apply"),
    "withdrawal.proposed/1": ("withdraw", "propose"),
    "withdrawal.approved/1": ("withdraw", "approve"),
    "withdrawal.instructed/1": ("withdraw", "instruct"),
    "withdrawal.dropped/1": ("withdraw", "drop"),
    "meeting.called/1": ("meeting", "call"),
    "notice.posted/1": ("meeting", "post-notice"),
    "roll.frozen/1": ("meeting", "freeze-roll"),
    "meeting.opened/1": ("meeting", "open"),
    "meeting.withdrawn/1": ("meeting", "withdraw"),
    "meeting.certified/1": ("meeting", "certify"),
    "ballot.cast/1": ("ballot", "cast"),
    "ballot.opened/1": ("ballot", "open"),
    "statement.published/1": ("statement", "publish"),
    "posting.hung/1": ("statement", "post"),
    "correction.noticed/1": ("statement", "correct"),
    "machine.adopted/1": ("community", "adopt-machine"),
    "trust.agreed/1": ("account", "trust"),
    "trust.deducted/1": ("account", "trust-deduct"),
    "plan.adopted/1": ("account", "plan"),
    "audit.reported/1": ("audit", "publish"),
    "finding.answered/1": ("audit", "answer"),
    "check.lowered/1": ("audit", "lower"),
    "posting.seen/1": ("statement", "seen"),
    "objection.filed/1": ("objection", "file"),
    "objection.received/1": ("objection", "receive"),
    "objection.answered/1": ("objection", "answer"),
    "objection.concluded/1": ("objection", "conclude"),
}
"""Where each kind stands in the command tree."""

ENROLS: Final = frozenset({"person.entered/1", "key.enrolled/1"})
"""Kinds whose ``key`` is a key to enrol."""

read_json = bodies.read_json

Make = Callable[["Store"], Given]
"""What an act says, once the ledger is open."""


@dataclass(frozen=True)
class Acting:
    """The options that every command has that makes an act: whose keys, on which ledger, and whether to try or to wait."""

    session: Session
    signers: tuple[str, ...]
    out: str
    dry: bool

    def one(self, kind: str, make: Make) -> None:
        """Draft one act, and hand it in. Raises ``cli.no_signer``, as :meth:`hand_in`."""
        if not self.out:
            self.require_signers()
        with self.opened() as store:
            given = make(store)
            drafted = self.session.draft(store, kind, given.body, given.private)
            places = self.hand_in(store, drafted, given.new_keys)
            if places:
                self.session.keep(store, given.documents)
                self.session.tell(places)

    def opened(self) -> AbstractContextManager["Store"]:
        """The ledger: for reading, where nothing will be entered."""
        return self.session.reading() if self.dry or self.out else self.session.writing()

    def hand_in(self, store: "Store", act: Draft, new_keys: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Try, show, ask, sign, enter; where the act stands. Only tried with ``--dry-run``, left as a file with ``--out``: then
        it stands nowhere, and that is told. Raises what refuses it, as :meth:`~ledger.cli.session.Session.sign`.
        """
        if not self.out:
            self.session.try_out(store, [act], self.signers, [new_keys])
        signed = self.session.sign([act], self.signers, [new_keys], store=store, trial=self.dry)
        if self.dry:
            for _index, error in store.dry_run(signed).errors:
                raise error
            self.session.console.done("cli.would_stand", kind=act[0].kind)
            return []
        if self.out:
            self.session.leave(signed, Path(self.out))
            return []
        return self.session.submit(store, signed)

    def require_signers(self) -> None:
        """Raises Refused ``cli.no_signer``."""
        if not self.signers:
            raise Refused("cli.no_signer", None, "--as LABEL, --out FILE")


def consenting(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--yes``, as every command that signs or enters something has it."""
    return click.option("--yes", is_flag=True, default=False, help="option.sign_without_being_asked")(command)


def session_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--ledger`` and ``--keys``, as every command that opens a ledger has them."""
    command = click.option("--ledger", metavar="FILE", default="", help="option.ledger")(command)
    return click.option("--keys", metavar="FILE", multiple=True, help="option.keys")(command)


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """``command(session, …)``: the options of a command that looks at a ledger."""

    @functools.wraps(command)
    def call(*, ledger: str, keys: tuple[str, ...], **options: Any) -> Any:
        return command(Session.of(_console(), ledger, keys), **options)

    return session_options(call)


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """``command(acting, …)``: the options of a command that makes an act."""

    @functools.wraps(command)
    def call(
        *,
        signers: tuple[str, ...],
        out: str,
        dry_run: bool,
        yes: bool,
        ledger: str,
        keys: tuple[str, ...],
        **options: Any,
    ) -> Any:
        return command(Acting(Session.of(_console(), ledger, keys, yes), signers, out, dry_run), **options)

    made: Callable[..., Any] = consenting(call)
    for option in (
        click.option("--dry-run", is_flag=True, default=False, help="option.try_without_writing"),
        click.option("--out", metavar="FILE", default="", help="option.leave_as_a_file_for_further"),
        click.option("--as", "signers", metavar="LABEL", multiple=True, help="option.who_signs"),
    ):
        made = option(made)
    return session_options(made)


def commands(group: str, *, without: Iterable[str] = ()) -> list[click.Command]:
    """The commands of a group's kinds, but for those that the group makes better itself."""
    left_out = set(without)
    return [generated(kind) for kind, (of, name) in PATHS.items() if of == group and name not in left_out]


def generated(
    kind: str, *, computed: Iterable[str] = (), complete: Callable[["Store", dict[str, Any]], None] | None = None
) -> click.Command:
    """The command of a kind. ``computed``: fields without an option; ``complete`` puts into what was typed what is missing."""
    described, left_out = KINDS[kind], set(computed)
    name = PATHS[kind][1]

    @acting
    def callback(act: Acting, **options: Any) -> None:
        label = options.pop("key_label", "")

        def make(store: "Store") -> Given:
            typed, folder = _typed(described, options)
            if complete is not None:
                complete(store, typed)
            given = bodies.fill(described, typed, lambda seq: store.entry(seq).record.digest, folder)
            return with_new_key(given, label, act.session) if label else given

        act.one(kind, make)

    params = [
        bodies.option(field, info.annotation, info.metadata, f"field.{field}")
        for field, info in described.model.model_fields.items()
        if field not in left_out
    ]
    params.append(
        click.Option(["--body", "body_file"], metavar="FILE", default="", help="option.the_whole_body_json_or_toml")
    )
    if kind in ENROLS:
        text = "option.the_new_key_from_a_ring"
        params.append(click.Option(["--key-label"], metavar="LABEL", default="", help=text))
    own: list[click.Parameter] = [*params, *reversed(getattr(callback, "__click_params__", []))]
    return told(f"kind.{kind.partition('/')[0]}", name, params=own, callback=callback, example=EXAMPLES.get(kind, ""))


def with_new_key(given: Given, label: str, session: Session) -> Given:
    """A body with the key of a label to enrol, which will sign it. Raises ``cli.key_twice``, ``keyring.…``."""
    if "key" in given.body:
        raise Malformed("cli.key_twice", "--key, --key-label", "one of them")
    return Given({**given.body, "key": public_json(session.key(label))}, given.private, given.documents, (label,))


def public_json(key: PrivateKey) -> dict[str, str]:
    """A public key as bodies hold it."""
    import base64

    return {"alg": key.alg, "public": base64.b64encode(key.public).decode()}


def _typed(kind: Kind, options: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """What options say, by field, and the folder that file names are relative to. Raises ``cli.body_and_options``."""
    fields = kind.model.model_fields
    given = {name: value for name, value in options.items() if name in fields and value not in (None, ())}
    if not options.get("body_file"):
        return {name: bodies.from_option(fields[name].annotation, value) for name, value in given.items()}, Path()
    if given:
        raise Malformed("cli.body_and_options", sorted(given), "--body or the options, not both")
    path = Path(options["body_file"])
    whole = files.read_description(path) if path.suffix == ".toml" else bodies.read_json(files.read_text(path))
    if not isinstance(whole, dict):
        raise Malformed("cli.json", options["body_file"], "an object")
    return whole, path.parent


def _console() -> Console:
    console = click.get_current_context().find_object(Console)
    if console is None:
        raise RuntimeError("a command runs under the root, which makes the console")
    return console


def missing() -> list[str]:
    """Kinds that have no place in the tree: none, or a test fails."""
    return sorted(set(KINDS) - set(PATHS))


__all__ = [
    "ENROLS",
    "PATHS",
    "Acting",
    "Given",
    "acting",
    "commands",
    "generated",
    "missing",
    "read_json",
    "reading",
    "session_options",
]
