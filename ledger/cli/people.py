"""``mingzhang people``: who there is, with which keys and terms of office.

``people import FILE`` enters many owners in ceremonies of at most 512. The table is CSV with a header row; columns by their
English or Chinese names::

    name,title,nature,key_label          姓名,名称,类别,密钥标签
    张三,,natural,zhang                   # a natural person: the name is sealed
    ,江岸置业有限公司,legal,               # anybody else: a public title

``nature`` may be left out: a name means natural, a title means legal. ``key_label`` names a key of a ring given with
``--keys``; it signs its own record, as proof of possession. The answer tells each line's reference, by which units name
their owners; a name that only one person bears will do there too.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger import period
from ledger.cli import acts, bulk, files, told
from ledger.cli.acts import Acting
from ledger.cli.bulk import Item, Mistakes
from ledger.errors import MingzhangError, NotFound, Refused

if TYPE_CHECKING:
    from ledger.store.store import Store

COLUMNS: Final[Mapping[str, str]] = {
    "name": "name",
    "姓名": "name",
    "title": "title",
    "名称": "title",
    "nature": "nature",
    "类别": "nature",
    "key_label": "key_label",
    "密钥标签": "key_label",
}


def command() -> click.Group:
    """The group."""
    return told.group("people", [listing, take, *acts.commands("people")])


@told.command("people", "list", "--ledger ledger.db")
@click.option("--role", default="", help="option.only_who_holds_this_role")
@acts.reading
def listing(session: Any, role: str) -> None:
    """Persons with their roles in term and usable keys."""
    with session.reading() as store:
        books = store.books
        names = person_names(store)
    people, now = books.people, session.now()
    day = period.legal_day(max(now, books.head.time), books.offset).isoformat()
    rows = []
    for ref, person in people.persons.items():
        roles = people.roles_of(ref, day)
        if role and role not in roles:
            continue
        usable = sum(people.keys[key].revoked is None and people.keys[key].start <= now for key in person.keys)
        rows.append((names.get(ref, "-"), person.nature, sorted(roles), usable, ref))
    session.console.table(
        ("person_name", "nature", "roles", "usable_keys", "person"), sorted(rows), name="persons", right=(3,)
    )


@told.command("people", "import", "owners.csv --as chair --as registrar --keys officers.ring")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@acts.acting
def take(act: Acting, table: Path) -> None:
    """Enter many persons."""
    rows = files.read_rows(table, COLUMNS, frozenset(COLUMNS.values()))
    mistakes, items = Mistakes(), []
    for row in rows:
        try:
            items.append(_item(act, row))
        except MingzhangError as error:
            mistakes.at(row.line, error)
    with act.opened() as store:
        places = bulk.hand_in(act, store, items, mistakes)
    if act.dry:
        act.session.console.done("cli.rows_would_stand", count=len(items))
    if places:
        shown = [(item.line, place["seq"], place["record"]) for item, place in zip(items, places, strict=True)]
        act.session.console.table(("line", "seq", "person"), shown, name="persons", right=(0, 1))


def person_names(store: "Store") -> dict[str, str]:
    """What the persons of a ledger are called, as far as this machine may know it."""
    names: dict[str, str] = {}
    for ref, person in store.books.people.persons.items():
        record, _, number = ref.partition("#")
        try:
            names[ref] = person.title or str(
                store.opening(record, f"persons/{number}/name" if number else "name").value
            )
        except (NotFound, Refused):
            continue  # not known here, or withdrawn
    return names


def find_person(text: str, store: "Store", by_name: Mapping[str, list[str]]) -> str:
    """A person by reference, by entry number, or by a name that one person bears.

    Raises NotFound ``person.unknown``, Refused ``cli.name_of_several``.
    """
    people = store.books.people
    if text in people.persons:
        return text
    named = by_name.get(text, [])
    if len(named) > 1:
        raise Refused("cli.name_of_several", text, named)
    if named:
        return named[0]
    number, _, item = text.partition("#")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        ref = store.entry(int(number)).record.digest + (f"#{item}" if item else "")
        return people.person(ref).ref
    raise NotFound("person.unknown", text, "a reference, an entry number, or a name")


def _item(act: Acting, row: files.Row) -> Item:
    cells = row.cells
    body: dict[str, Any] = {"nature": cells.get("nature", "natural" if "name" in cells else "legal")}
    if "title" in cells:
        body["title"] = cells["title"]
    label = cells.get("key_label", "")
    if label:
        body["key"] = acts.public_json(act.session.key(label))
    return Item(row.line, "person.entered/1", body, {"name": cells["name"]} if "name" in cells else {}, label)
