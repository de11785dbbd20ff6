"""Every kind of record as a command, made from its body: options for plain fields, JSON for lists, texts to seal.

``mingzhang deposit record --account main --on 2019-01-04 --fund common_income --category rent --nature income
--gross 18000 --net 18000 --as treasurer`` drafts ``deposit.recorded/1``, signs it with the key of that label, and hands it
in. Amounts are typed in yuan, areas in square metres with two decimals; a field that stands as a commitment takes the
text itself, which stays private. ``--body FILE`` gives the whole body as JSON instead.
"""

import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin

import click
import orjson

from ledger import canonical, money, words
from ledger.books import GENESIS, KINDS
from ledger.cli.session import Session
from ledger.errors import Malformed
from ledger.log.act import Body, Fen, Kind
from ledger.log.entry import MAX_ENTRY
from ledger.people.records import Area

PATHS: Final[Mapping[str, tuple[str, str]]] = {
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
}
"""Where each kind stands in the command tree. The genesis is made by ``community new``."""


def session_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--ledger`` and ``--keys``, as every command that opens a ledger has them."""
    command = click.option("--ledger", metavar="FILE", default="", help="ledger.db / MINGZHANG_LEDGER")(command)
    return click.option("--keys", metavar="FILE", multiple=True, help="key ring 密钥环 / MINGZHANG_KEYS")(command)


def commands(group: str, *, without: Iterable[str] = ()) -> list[click.Command]:
    """The commands of a group's kinds, but for those that the group makes better itself."""
    left_out = set(without)
    return [_command(kind, name) for kind, (of, name) in PATHS.items() if of == group and name not in left_out]


def _command(kind: str, name: str) -> click.Command:
    described = KINDS[kind]
    params: list[click.Parameter] = [
        _option(field, info.annotation, info.metadata) for field, info in described.model.model_fields.items()
    ]
    params += [
        click.Option(["--body"], metavar="FILE", default="", help="the whole body as JSON / 整个正文"),
        click.Option(["--as", "signers"], metavar="LABEL", multiple=True, help="who signs / 由谁签名"),
        click.Option(["--out"], metavar="FILE", default="", help="leave as a file for further signers / 存为待签文件"),
        click.Option(["--dry-run"], is_flag=True, default=False, help="try without writing / 试算不入账"),
        click.Option(["--ledger"], metavar="FILE", default="", help="ledger.db / MINGZHANG_LEDGER"),
        click.Option(["--keys"], metavar="FILE", multiple=True, help="key ring / 密钥环"),
    ]

    def callback(**options: Any) -> None:
        session = Session.of(click.get_current_context().obj, options.pop("ledger"), options.pop("keys"))
        body, private = body_of(described, options)
        perform(session, kind, body, private, options["signers"], options["out"], dry=options["dry_run"])

    locale = words.pick_locale(_environ())
    title, text = (words.text(f"kind.{kind.partition('/')[0]}.{part}", locale) for part in ("title", "help"))
    return click.Command(name, params=params, callback=callback, help=f"{title} — {text}", short_help=title)


def perform(
    session: Session,
    kind: str,
    body: Mapping[str, Any],
    private: Mapping[str, canonical.Json],
    signers: tuple[str, ...],
    out: str = "",
    *,
    dry: bool = False,
) -> None:
    """Draft, sign and hand in one act; or only try it; or leave it as a file."""
    if dry or out:
        with session.reading() as store:
            submission = session.act(store, kind, body, signers, private)
            if out:
                session.hand_in(store, [submission], Path(out))
                return
            trial = store.dry_run([submission], signed=bool(signers))
            for _index, error in trial.errors:
                raise error
            session.console.say("cli.would_stand", kind=kind)
        return
    with session.writing() as store:
        session.hand_in(store, [session.act(store, kind, body, signers, private)])


def body_of(kind: Kind, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, canonical.Json]]:
    """The body that options say, and the texts to seal in it. Raises ``cli.body_and_options``, ``cli.json``, ``money.…``."""
    given = {
        name: value for name, value in options.items() if name in kind.model.model_fields and value not in (None, ())
    }
    if options.get("body"):
        if given:
            raise Malformed("cli.body_and_options", sorted(given), "--body or the options, not both")
        whole = read_json(f"@{options['body']}")
        if not isinstance(whole, dict):
            raise Malformed("cli.json", options["body"], "an object")
        return whole, {}
    body: dict[str, Any] = {}
    private: dict[str, canonical.Json] = {}
    for name, value in given.items():
        info = kind.model.model_fields[name]
        read = _reader(info.annotation, info.metadata)
        if is_commitment(name):
            private[name] = value
        else:
            body[name] = read(value)
    return body, private


COMMITTED: Final = frozenset({"name", "label", "narration", "explanation", "choices"})
"""Fields that stand as commitments; the command line takes their text."""


def is_commitment(name: str) -> bool:
    """Whether a field of a body stands as a commitment."""
    return name in COMMITTED


def read_json(text: str) -> Any:
    """JSON, or with ``@`` the JSON of a file. Raises ``cli.no_file``, ``cli.json``."""
    if text.startswith("@"):
        path = Path(text[1:])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Malformed("cli.no_file", str(path), "a file that can be read", reason=error.strerror) from None
        if len(data) > 2 * MAX_ENTRY:
            raise Malformed("cli.json", len(data), 2 * MAX_ENTRY)
    else:
        data = text.encode("utf-8", "surrogatepass")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed("cli.json", text[:60], "JSON, or @FILE", reason=str(error)) from None


def _option(name: str, annotation: Any, metadata: list[Any]) -> click.Option:
    inner = _inner(annotation)
    flag = "--" + name.replace("_", "-")
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    if inner is bool:
        return click.Option([f"{flag}/--no-{flag[2:]}", name], default=None)
    if choices and all(isinstance(choice, str) for choice in choices):
        return click.Option([flag, name], type=click.Choice(choices), default=None)
    shape = (
        "YUAN"
        if _is_fen(annotation, metadata)
        else "M2"
        if _is_area(annotation, metadata)
        else "JSON|@FILE"
        if _nested(inner)
        else "TEXT"
    )
    return click.Option([flag, name], metavar=shape, default=None)


def _reader(annotation: Any, metadata: list[Any]) -> Callable[[Any], Any]:
    inner = _inner(annotation)
    if _is_fen(annotation, metadata) or _is_area(annotation, metadata):
        return money.parse_yuan
    if inner is bool:
        return bool
    if inner is int:
        return _integer
    return _field_json if _nested(inner) else str


def _integer(text: str) -> int:
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
        raise Malformed("cli.integer", text, "digits")
    return int(text)


def _field_json(text: str) -> Any:
    return read_json(text)


def _inner(annotation: Any) -> Any:
    """The type under ``Annotated`` and ``| None``."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (a for a in get_args(annotation) if a is not type(None))
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return annotation


def _metadata(annotation: Any, metadata: list[Any]) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (a for a in get_args(annotation) if a is not type(None))
    return [*metadata, *getattr(annotation, "__metadata__", ())]


def _is_fen(annotation: Any, metadata: list[Any]) -> bool:
    return any(isinstance(item, Fen) for item in _metadata(annotation, metadata))


def _is_area(annotation: Any, metadata: list[Any]) -> bool:
    return _inner(annotation) is int and any(item in Area.__metadata__ for item in _metadata(annotation, metadata))  # type: ignore[attr-defined]


def _nested(inner: Any) -> bool:
    return get_origin(inner) in (tuple, dict, list) or (isinstance(inner, type) and issubclass(inner, Body))


def _environ() -> Mapping[str, str]:
    import os

    return os.environ


def missing() -> list[str]:
    """Kinds that have no place in the tree: none, or a test fails."""
    return sorted(set(KINDS) - set(PATHS) - {GENESIS})
