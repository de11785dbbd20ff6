"""``mingzhang units``: the list of units 房屋, entered whole, closed, and changed unit by unit.

``units import FILE`` takes a CSV with a header row; columns by their English or Chinese names::

    label,building,stack,use,area,counts_area,counts_head,owners,voter,code
    房号,楼栋,单元,用途,面积,计面积,计户,业主,表决人,编号
    3栋1单元101,b3,s1,flat,89.50,yes,yes,张三;李四,李四,

``label`` is sealed; ``code`` may be left out (a random one is made: codes tell nobody which room it is); ``stack`` too;
``area`` is in square metres; flags are yes/no 是/否 and yes where left out; ``owners`` are references, entry numbers or
names of persons entered before, separated by ``;`` (none: the owner is not known); ``voter`` is the one whom joint owners
named to vote for them, if they did. Counts and areas are compared with what
the genesis expects, and the list is closed in the same ceremony. ``--partial`` takes a list that is not yet whole.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger import money
from ledger.books import Books
from ledger.cli import acts, bulk, files, told
from ledger.cli.acts import Acting
from ledger.cli.bulk import Item, Mistakes
from ledger.cli.people import find_person, person_names
from ledger.cli.session import Session
from ledger.errors import Malformed, MingzhangError, Refused
from ledger.money import format_yuan as format_area
from ledger.people.state import People

if TYPE_CHECKING:
    from ledger.store.store import Store

COLUMNS: Final[Mapping[str, str]] = {
    "label": "label",
    "房号": "label",
    "building": "building",
    "楼栋": "building",
    "stack": "stack",
    "单元": "stack",
    "use": "use",
    "用途": "use",
    "area": "area",
    "面积": "area",
    "counts_area": "counts_area",
    "计面积": "counts_area",
    "counts_head": "counts_head",
    "计户": "counts_head",
    "owners": "owners",
    "业主": "owners",
    "voter": "voter",
    "表决人": "voter",
    "code": "code",
    "编号": "code",
}
OPTIONAL: Final = frozenset({"code", "stack", "counts_area", "counts_head", "owners", "voter"})
FLAGS: Final[Mapping[str, bool]] = {"yes": True, "是": True, "true": True, "1": True} | {
    "no": False,
    "否": False,
    "false": False,
    "0": False,
}
USES: Final[Mapping[str, str]] = {
    "住宅": "flat",
    "商铺": "shop",
    "办公": "office",
    "车位": "parking",
    "储藏": "storage",
}


def command() -> click.Group:
    """The group."""
    made = acts.generated("units.closed/1", computed=("count", "area", "root"), complete=_complete_closing)
    return told.group("units", [listing, take, *acts.commands("units", without={"close"}), made])


@told.command("units", "list", "--ledger ledger.db")
@click.option("--building", default="", help="option.only_this_building")
@click.option("--labels", "labelled", is_flag=True, default=False, help="option.with_room_labels_private")
@acts.reading
def listing(session: Session, building: str, labelled: bool) -> None:
    """Units with their areas and numbers of owners."""
    with session.reading() as store:
        people, labels = store.books.people, _labels(store) if labelled else {}
        listed = [unit for _code, unit in sorted(people.units.items()) if building in ("", unit.building)]
        rows = [
            (
                unit.code,
                labels.get(unit.label, "-"),
                unit.building,
                unit.stack or "-",
                unit.use,
                format_area(unit.area),
                "+" if unit.counts_area else "-",
                "+" if unit.counts_head else "-",
                len(unit.owners),
            )
            for unit in listed
        ]
    session.console.table(
        ("unit", "label", "building", "stack", "use", "area", "counts_area", "counts_head", "owners"),
        rows,
        name="units",
        right=(5, 8),
    )


@told.command("units", "import", "units.csv --as chair --as registrar --keys officers.ring")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--partial", is_flag=True, default=False, help="option.more_will_follow")
@acts.acting
def take(act: Acting, table: Path, partial: bool) -> None:
    """Import the list of units."""
    rows = files.read_rows(table, COLUMNS, OPTIONAL)
    with act.opened() as store:
        mistakes, items = Mistakes(), []
        by_name: dict[str, list[str]] = defaultdict(list)
        for ref, name in person_names(store).items():
            by_name[name].append(ref)
        for row in rows:
            try:
                items.append(_item(row.cells, row.line, store, by_name))
            except MingzhangError as error:
                mistakes.at(row.line, error)
        told_of = preview(store.books.people, items)
        if not act.session.console.json:
            act.session.console.data(told_of)
        if not partial and not mistakes.found and not told_of["whole"]:
            raise Refused(
                "cli.units_not_whole",
                f"{told_of['units']}, {told_of['area']}",
                f"{told_of['expected_units']}, {told_of['expected_area']}",
            )
        places = bulk.hand_in(act, store, items, mistakes, None if partial else closing)
    if act.dry:
        act.session.console.done("cli.rows_would_stand", count=len(items))
    elif places:
        act.session.console.data(told_of | {"first": places[0]["seq"], "last": places[-1]["seq"]})


def preview(people: People, items: list[Item]) -> dict[str, Any]:
    """What a list comes to, with what stands already, beside what the genesis expects."""
    count = len(items) + len(people.units) + len(people.entering.units)
    listed = sum(unit.area for unit in people.units.values() if unit.counts_area) + people.entering.area
    area = listed + sum(item.body["area"] for item in items if item.body["counts_area"])
    return {
        "rows": len(items),
        "units": count,
        "area": format_area(area),
        "expected_units": people.expected_units,
        "expected_area": format_area(people.expected_area),
        "whole": (count, area) == (people.expected_units, people.expected_area),
    }


def closing(books: Books) -> tuple[str, dict[str, Any]]:
    """The record that closes the list being entered, with its figures as the machine has them."""
    entering = books.people.entering
    return "units.closed/1", {
        "count": len(entering.units),
        "area": entering.area,
        "root": entering.range.root().hex(),
    }


def _complete_closing(store: "Store", typed: dict[str, Any]) -> None:
    if not typed:
        typed.update(closing(store.books)[1])


def _item(cells: Mapping[str, str], line: int, store: "Store", by_name: Mapping[str, list[str]]) -> Item:
    missing = sorted({"label", "building", "use", "area"} - cells.keys())
    if missing:
        raise Malformed("cli.cell_missing", missing, "a cell that says it")
    owners = [part.strip() for part in cells.get("owners", "").replace("；", ";").split(";") if part.strip()]
    body: dict[str, Any] = {
        "code": cells.get("code") or f"u{secrets.token_hex(5)}",
        "building": cells["building"],
        "use": USES.get(cells["use"], cells["use"]),
        "area": money.parse_yuan(cells["area"]),
        "counts_area": _flag(cells.get("counts_area", "yes")),
        "counts_head": _flag(cells.get("counts_head", "yes")),
        "owners": [find_person(owner, store, by_name) for owner in owners],
    }
    body |= {"stack": cells["stack"]} if "stack" in cells else {}
    body |= {"voter": find_person(cells["voter"], store, by_name)} if "voter" in cells else {}
    return Item(line, "unit.entered/1", body, {"label": cells["label"]})


def _flag(text: str) -> bool:
    if text.lower() not in FLAGS:
        raise Malformed("cli.flag", text, sorted(FLAGS))
    return FLAGS[text.lower()]


def _labels(store: "Store") -> dict[str, str]:
    """Commitment -> room label, as far as this machine may know it."""
    labels: dict[str, str] = {}
    for seq in range(store.books.head.size):
        record = store.entry(seq).record
        if record.kind in ("unit.entered/1", "unit.changed/1"):
            for opening in store.openings(record.digest):
                labels[record.body["label"]] = str(opening.value)
    return labels
