"""Building the example: a real ledger in a folder, made by the year's script through the product's own write path.

::

    mingzhang-demo/ledger.db                 the ledger, with its head guard and the key of its private texts beside it
    mingzhang-demo/statements/2019H1.json    each statement as it was signed
    mingzhang-demo/example.keyring           everybody's keys and the log's; the passphrase is in data/community.toml

>>> from ledger.example.year import steps
>>> [step.stage for step in steps()[:3]], steps()[-1].stage
(['founding', 'persons', 'units'], 'audit')
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.example import community, figures, questions, year
from ledger.example.desk import Desk
from ledger.log.checkpoint import LogKeys
from ledger.people import keyring
from ledger.people.keyring import KeyRing
from ledger.period import parse_rfc3339
from ledger.store.private import PUBLIC, SUPERVISORS
from ledger.store.store import Store

DATABASE = "ledger.db"
KEYRING = "example.keyring"

Progress = Callable[[str, int, int], None]
"""Told of each sitting: its stage (``example.stage.<stage>`` in the catalogues), how many are done, of how many."""


@dataclass(frozen=True)
class Built:
    """A built example: what whoever prints, exports or checks it needs next."""

    database: Path
    keyring: Path
    passphrase: str
    ledger: str
    log_keys: LogKeys
    now: int
    """The example's clock at the end, for a store that goes on."""
    statements: Mapping[str, bytes]
    """Canonical JSON of each statement, by period."""
    digests: Mapping[str, str]
    """Records by what the script calls them: ``genesis``, ``statement 2019H1``, ``ballot autumn <unit>``, ``row 2019H1#66``."""


def build(target: Path, progress: Progress = lambda _stage, _done, _of: None) -> Built:
    """Build the example into ``target``, which is made. Raises Conflict ``store.ledger_exists`` where one stands already."""
    settings = figures.settings()
    target.mkdir(parents=True, exist_ok=True)
    desk = Desk(settings["seed"], parse_rfc3339(settings["opened"]))
    log_keys = desk.log_keys(settings["origin"])
    database = target / DATABASE
    with Store.create(database, community.genesis(desk), log_keys, desk.clock) as store:
        desk.use(store)
        _keep_documents(store)
        steps = year.steps()
        for done, step in enumerate(steps):
            progress(step.stage, done, len(steps))
            desk.clock.set(parse_rfc3339(step.at))
            step.do(desk)
            if step.stage == "statements":
                store.publish()
        store.publish()
        _write_statements(target / "statements", desk.statements)
        progress(steps[-1].stage, len(steps), len(steps))
        return Built(
            database,
            _save_keys(target / KEYRING, desk, log_keys),
            settings["passphrase"],
            store.books.ledger,
            log_keys,
            desk.clock(),
            desk.statements,
            desk.digests,
        )


def _write_statements(folder: Path, statements: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for period, data in statements.items():
        (folder / f"{period}.json").write_bytes(data)


def _save_keys(path: Path, desk: Desk, log_keys: LogKeys) -> Path:
    ring = KeyRing({name: desk.key(name) for name in sorted(desk.refs)}, log_keys)
    keyring.save(ring, path, figures.settings()["passphrase"], replace=True)
    return path


def _keep_documents(store: Store) -> None:
    """The files that records name by digest: what hung in public, a photograph of it, the list of rooms, the bank's files."""
    settings = figures.settings()
    texts = ["bylaws.txt", *(m["text"] for meeting in settings["meetings"] for m in meeting["motions"])]
    for name in [*texts, *(settings[of]["text"] for of in ("machine", "plan", "auditor"))]:
        store.add_document(figures.read(f"texts/{name}"), audience=PUBLIC, media="text/plain")
    for sighting in settings["sightings"]:
        store.add_document(questions.photograph(sighting), audience=PUBLIC, media="image/jpeg")
    store.add_document(figures.read("units.csv"), audience=SUPERVISORS, media="text/csv")
    for source in settings["bank"]["files"]:
        store.add_document(figures.read(f"bank/{source['name']}"), audience=SUPERVISORS, media=source["media"])
