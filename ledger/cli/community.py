"""``mingzhang community``: opening a ledger, and the rules in force.

A genesis begins with a description (TOML or JSON) that people can read to each other::

    name = "江岸小区"
    origin = "jiangan.example.org/ledger"   # a name for ever, not an address
    offset = "+08:00"
    profile = "civil-code-2021"             # shipped, or "@profile.toml"
    [units]
    count = 882
    area = "80123.45"                       # square metres
    source = "@survey.pdf"                  # or its SHA-256
    [[persons]]
    nature = "natural"                      # or "office", "legal" with a title
    name = "张三"                            # sealed: only its commitment stands on the ledger
    key_label = "chair"                     # a key of a ring named with --keys, or: key = { alg = "ed25519", public = "…" }
    roles = [{ role = "chair", body = "committee", start = "2026-01-01", end = "2030-12-31" }]
    [[bylaws]]
    document = "@rules.pdf"
    clauses = [{ name = "phone_vote", place = "第十二条" }]
    [predecessor]                           # only where an older ledger is carried on: its last published head
    origin = "jiangan.example.org/before"
    size = 1024
    root = "…"                              # 64 hex digits

``community new`` makes the log's keys in the keeper's ring and leaves a waiting file, which every founding person signs
(``keys sign``); ``community open`` opens the ledger with it. What is in force is shown with the source of every value.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final, get_args

import click

from ledger import canonical, period
from ledger.books import GENESIS, KINDS, MACHINE, Books, apply
from ledger.cli import acts, bodies, files, told, waiting
from ledger.cli.acts import Acting, Given
from ledger.cli.console import Console
from ledger.cli.keys import read_submission
from ledger.cli.session import Session, draft
from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.log.act import ClauseName
from ledger.log.checkpoint import LogKeys
from ledger.log.entry import ORIGIN_LINK, Entry, Submission, encode_entry, parse_entry, signature_json
from ledger.people import keyring
from ledger.people.keyring import KeyRing
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.rules import calendar, profile

SIGNING: Final = {"body": BODY_ROLES, "registrar": frozenset({REGISTRAR})}
"""Who signs two-party acts."""
CLAUSES: Final[tuple[str, ...]] = get_args(ClauseName)


def command() -> click.Group:
    """The group."""
    made = (new, open_ledger, adopt_profile, adopt_calendar, adopt_bylaws, acts.generated("machine.adopted/1"), show)
    return told.group("community", made)


@told.command(
    "community", "new", "genesis.toml --keeper keeper.ring --keys officers.ring --out genesis.waiting --as chair"
)
@click.argument("description", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keeper", type=click.Path(path_type=Path, dir_okay=False), required=True, help="option.keeper")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="option.waiting_file")
@click.option("--as", "signers", metavar="LABEL", multiple=True, help="option.who_signs_now")
@click.option("--keys", metavar="FILE", multiple=True, help="option.founders_key_rings")
@acts.consenting
@click.pass_obj
def new(
    console: Console,
    description: Path,
    keeper: Path,
    out: Path,
    signers: tuple[str, ...],
    keys: tuple[str, ...],
    yes: bool,
) -> None:
    """Draft a genesis."""
    session = Session.of(console, "", keys, yes)
    described = files.read_description(description)
    if out.exists():
        raise Conflict("cli.file_exists", str(out))
    phrase = session.passphrase(keeper, confirm=not keeper.exists())
    ring = keyring.load(keeper, phrase) if keeper.exists() else KeyRing()
    origin = str(described.get("origin", ""))
    log = ring.log or LogKeys.generate(origin)
    if log.origin != origin:
        raise Refused("cli.keeper_of_other", log.origin, origin)
    given = genesis(described, description.parent, log, session)
    record, openings = draft("", GENESIS, given.body, given.private, session.now())
    (made,) = session.sign([(record, openings)], signers)
    if ring.log is None:
        ring.log = log
        keyring.save(ring, keeper, phrase, replace=keeper.exists())
    waiting.write(out, [made])
    needed = len(record.body["persons"])
    told_of = {"ledger": record.digest, "file": str(out), "keeper": str(keeper)}
    console.data({**told_of, "vkeys": record.body["vkeys"], "signatures": len(made.signatures), "needed": needed})


def genesis(described: Mapping[str, Any], folder: Path, log: LogKeys, session: Session) -> Given:
    """The body of a genesis from its description. Raises ``cli.persons``, ``profile.…``, ``keyring.…``."""
    named = described.get("persons")
    if not isinstance(named, list) or not all(isinstance(person, dict) for person in named):
        raise Malformed("cli.persons", type(named).__name__, "[[persons]]")
    whole = {key: value for key, value in described.items() if key not in ("profile", "persons")}
    whole |= {
        "machine": described.get("machine", MACHINE),
        "offset": described.get("offset", "+08:00"),
        "vkeys": list(map(str, log.vkeys)),
        "profile": profile_text(str(described.get("profile", "civil-code-2021")), folder),
        "persons": [_founder(person, session) for person in named],
    }
    return bodies.fill(KINDS[GENESIS], whole, folder=folder)


def profile_text(name: str, folder: Path = Path()) -> str:
    """A shipped profile by its name, or one's own with ``@FILE``, checked. Raises ``profile.…``, ``cli.no_file``."""
    text = files.read_text(folder / name[1:]) if name.startswith("@") else profile.shipped_text(name)
    profile.Profile.parse(text)
    return text


@told.command("community", "open", "genesis.waiting --ledger ledger.db --keys keeper.ring")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@acts.consenting
@acts.session_options
@click.pass_obj
def open_ledger(console: Console, file: Path, yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Open a ledger with its signed genesis."""
    from ledger.store.store import Store

    session = Session.of(console, ledger, keys, yes)
    submission = read_submission(file)
    if submission.record.kind != GENESIS:
        raise Refused("store.genesis", submission.record.kind, GENESIS)
    log = session.log_keys(submission.record.body.get("vkeys", ()))
    check_genesis(submission, session.now())
    session.agree([(submission.record, submission.openings)], "consent.open")
    with Store.create(session.ledger, submission, log, type(session).clock) as store:
        store.publish()
        books = store.books
        session.console.data(
            {"ledger": books.ledger, "origin": books.origin, "name": books.name, "file": str(store.path)}
        )


def check_genesis(submission: Submission, now: int) -> None:
    """Try a genesis in memory, so that one that is refused leaves no database behind. Raises as admission and the machine."""
    from ledger.store import admission

    (admitted,) = admission.admit(Books(), [submission])
    if admitted.undecided:
        raise Refused("signature.unknown_key", [s.key for s in submission.signatures], "the founders' keys")
    record = canonical.decode(submission.record.raw)
    if not isinstance(record, dict):
        raise Malformed("record.shape", type(record).__name__, "an object")
    wire = [signature_json(signature) for signature in admitted.signatures]
    apply(Books(), parse_entry(encode_entry(0, now, ORIGIN_LINK, record, wire)), _NoPast())


@told.command("community", "adopt-profile", "civil-code-2021 --source @resolution.pdf --as chair --as registrar")
@click.argument("name", metavar="NAME|@FILE")
@click.option("--source", metavar="DIGEST|@FILE", required=True, help="option.the_decision")
@acts.acting
def adopt_profile(act: Acting, name: str, source: str) -> None:
    """Adopt a profile."""
    text = profile_text(name)
    act.one(
        "profile.adopted/1", lambda _store: bodies.fill(KINDS["profile.adopted/1"], {"text": text, "source": source})
    )


@told.command("community", "adopt-calendar", "2026 --as chair --as registrar")
@click.argument("year", type=click.IntRange(2000, 2999))
@click.option("--file", "own", type=click.Path(path_type=Path, dir_okay=False), help="option.own_table")
@acts.acting
def adopt_calendar(act: Acting, year: int, own: Path | None) -> None:
    """Adopt a year's working days."""
    text = calendar.shipped_text(year) if own is None else files.read_text(own)
    calendar.WorkingDays.parse(text)
    act.one("calendar.adopted/1", lambda _store: Given({"year": year, "text": text}))


@told.command(
    "community",
    "adopt-bylaws",
    "--document @rules.pdf --clause phone_vote=第十二条 --source @resolution.pdf --as chair --as registrar",
)
@click.option("--document", metavar="DIGEST|@FILE", required=True, help="option.the_rules")
@click.option("--clause", "clauses", metavar="NAME=PLACE", multiple=True, help="option.clause")
@click.option("--replaces", metavar="DIGEST|@FILE", default="", help="option.the_rules_replaced")
@click.option("--source", metavar="DIGEST|@FILE", required=True, help="option.the_decision")
@acts.acting
def adopt_bylaws(act: Acting, document: str, clauses: tuple[str, ...], replaces: str, source: str) -> None:
    """Adopt rules of procedure."""
    body: dict[str, Any] = {"document": document, "source": source, "clauses": [_clause(text) for text in clauses]}
    body |= {"replaces": replaces} if replaces else {}
    act.one("bylaws.adopted/1", lambda _store: bodies.fill(KINDS["bylaws.adopted/1"], body))


@told.command("community", "show", "--ledger ledger.db")
@click.option("--key", default="", help="option.only_values_whose_key_begins_so")
@acts.reading
def show(session: Session, key: str) -> None:
    """The rules in force."""
    with session.reading() as store:
        books = store.books
    rules, console = books.rules, session.console
    settings = rules.profile.settings
    rows = [
        (name, shown(settings[name].value), settings[name].basis, settings[name].status)
        for name in sorted(settings)
        if name.startswith(key)
    ]
    if not rows:
        raise NotFound("profile.key", key, "a key of the schema")
    head = {
        "name": books.name,
        "ledger": books.ledger,
        "profile": rules.profile.name,
        "profile_digest": rules.profile.digest,
        "calendars": sorted(rules.calendars),
        "bylaws": list(rules.bylaws),
        "clauses": [f"{clause.name}: {clause.place}" for clause in rules.clauses],
    }
    today = period.legal_day(session.now(), books.offset)
    head |= {f"{name}_until": books.people.able_until(roles, today.isoformat()) for name, roles in SIGNING.items()}
    _warn_of_ends(console, books, today)
    columns = ("setting", "value", "source", "standing")
    if console.json:
        console.data({**head, "settings": [dict(zip(columns, row, strict=True)) for row in rows]})
        return
    console.data(head)
    console.table(columns, rows, name="settings")


def _warn_of_ends(console: Console, books: Books, today: date) -> None:
    """Say in time that the last term of the registrar or of the body ends: afterwards nobody could begin another."""
    ahead = period.add_months(today, books.rules.profile.months("committee.report_months")).isoformat()
    for name, roles in SIGNING.items():
        until, who = books.people.able_until(roles, today.isoformat()), console.text(f"cli.who_{name}")
        if not until:
            console.say("cli.term_none", who=who)
        elif until <= ahead:
            console.say("cli.term_ends", who=who, until=until)


def shown(value: object) -> str:
    """A value of a profile as people read it."""
    if isinstance(value, (tuple, list)):
        return ", ".join(map(shown, value))
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return " ".join(f"{f.name}={shown(getattr(value, f.name))}" for f in fields(value))
    return str(value)


def chart_text() -> str:
    """The chart of accounts that comes with this version."""
    return (resources.files("ledger.accounts") / "data" / "charts" / "community.toml").read_text("utf-8")


class _NoPast:
    """The past of a genesis."""

    def used(self, kind: str, key: str) -> int | None:
        return None

    def entry(self, seq: int) -> Entry:
        raise NotFound("entry.unknown", seq)


def _founder(person: Mapping[str, Any], session: Session) -> dict[str, Any]:
    founder = {key: value for key, value in person.items() if key != "key_label"}
    label = person.get("key_label")
    if label is None:
        return founder
    if "key" in founder or not isinstance(label, str):
        raise Malformed("cli.key_twice", "key, key_label", "one of them")
    return founder | {"key": acts.public_json(session.key(label))}


def _clause(text: str) -> dict[str, str]:
    name, _, place = text.partition("=")
    if name not in CLAUSES or not place:
        raise Malformed("cli.clause", text, [f"{clause}=…" for clause in CLAUSES])
    return {"name": name, "place": place}
