"""Founding the example: the genesis, its owners as persons, the rooms, calendars, chart, accounts, the opening of the books.

Owners are numbers in ``units.csv``; four of them hold the committee's offices and found the ledger, the developer (0) is a
legal person, everybody else a natural one by commitment. A unit's code is ``u`` and eight hex digits derived from its
label; the label itself is committed to.

The genesis names the profile civil-code-2021, although the year played is 2018: the example shows the law of today on
figures of then, and says so by its flag.
"""

import base64
from hashlib import sha256
from importlib import resources
from typing import Any

from ledger import books as kernel
from ledger.example import figures
from ledger.example.desk import BOTH, Desk, Drafted
from ledger.example.figures import Unit
from ledger.log import merkle
from ledger.log.entry import Submission
from ledger.people import drafting
from ledger.people.keyring import PrivateKey
from ledger.rules.calendar import shipped_text as shipped_calendar
from ledger.rules.profile import shipped_text as shipped_profile

PROFILE = "civil-code-2021"
CALENDARS = (2018, 2019)
DEVELOPER = 0


def person_of(owner: int) -> str:
    """The name at the desk of an owner's number: an office where he holds one.

    >>> person_of(12), person_of(13)
    ('chair', 'owner-0013')
    """
    held: dict[int, str] = {o["owner"]: o["name"] for o in figures.settings()["officers"] if "owner" in o}
    return held.get(owner, f"owner-{owner:04d}")


def unit_code(desk: Desk, label: str) -> str:
    """The random-looking code of a room."""
    return f"u{desk.derived('unit', label).hex()[:8]}"


def chart() -> str:
    """The chart of accounts that the project ships."""
    return (resources.files("ledger.accounts") / "data" / "charts" / "community.toml").read_text("utf-8")


def text_digest(name: str) -> str:
    """The digest of a text that hangs in public, by its file in ``data/texts``."""
    return sha256(figures.read(f"texts/{name}")).hexdigest()


def genesis(desk: Desk) -> Submission:
    """Entry 0: signed by the seven founders."""
    settings = figures.settings()
    officers = settings["officers"]
    private: dict[str, Any] = {
        f"persons/{n}/name": officer["title"] for n, officer in enumerate(officers) if "owner" in officer
    }
    counted = [unit for unit in figures.units() if unit.counted]
    body = {
        "origin": settings["origin"],
        "name": settings["name"],
        "vkeys": [str(vkey) for vkey in desk.log_keys(settings["origin"]).vkeys],
        "machine": 1,
        "offset": "+08:00",
        "profile": shipped_profile(PROFILE),
        "persons": [_founder(desk, officer) for officer in officers],
        "units": {
            "count": len(figures.units()),
            "area": sum(unit.area for unit in counted),
            "source": sha256(figures.read("units.csv")).hexdigest(),
        },
        "bylaws": [
            {
                "document": text_digest("bylaws.txt"),
                "clauses": [{"name": "phone_vote", "place": settings["phone_vote"]}],
            }
        ],
        "example": True,
    }
    opened = desk.draft(kernel.GENESIS, body, "genesis", private=private)
    for number, officer in enumerate(officers):
        desk.refs[officer["name"]] = f"{opened.record.digest}#{number}"
    keys = [desk.key(officer["name"]) for officer in officers]
    return Submission(opened.record, drafting.sign(opened.record, keys), opened.openings)


def adopt(desk: Desk) -> None:
    """Working-day tables, the chart of accounts, the accounts under their mandates."""
    drafted = [desk.draft("calendar.adopted/1", {"year": year, "text": shipped_calendar(year)}) for year in CALENDARS]
    drafted.append(desk.draft("chart.adopted/1", {"text": chart()}))
    drafted += [desk.draft("account.opened/1", account) for account in figures.settings()["accounts"]]
    desk.hand_in(drafted, BOTH)


def enter_persons(desk: Desk) -> None:
    """Every owner who is not a founder, each with one key, which signs too."""
    officers = {o["owner"] for o in figures.settings()["officers"] if "owner" in o}
    desk.hand_in([_person(desk, n) for n in sorted({u.owner for u in figures.units()} - officers)], BOTH)


def enter_units(desk: Desk) -> None:
    """All rooms in two batches, then the closing record from which they count."""
    drafted = [_unit(desk, unit) for unit in figures.units()]
    desk.hand_in(drafted, BOTH)
    desk.act(
        "units.closed/1",
        {
            "count": len(drafted),
            "area": sum(unit.area for unit in figures.units() if unit.counted),
            "root": merkle.root(merkle.leaf_hashes(one.record.raw for one in drafted)).hex(),
        },
        BOTH,
    )


def open_books(desk: Desk) -> None:
    """Opening balances 期初建账: what the account held is the example's own figure, and proven by nothing."""
    paper = figures.papers()["S03"]
    desk.act(
        "books.opened/1",
        {
            "on": paper.dated,
            "handed_over_by": figures.settings()["handed_over_by"],
            "parts": [
                {
                    "account": "main",
                    "fund": "service_fee",
                    "amount": paper.total,
                    "source": desk.digests[paper.code],
                    "proven": False,
                }
            ],
        },
        BOTH,
        "books",
    )


def _founder(desk: Desk, officer: dict[str, Any]) -> dict[str, Any]:
    founder: dict[str, Any] = {
        "nature": "natural" if "owner" in officer else "office",
        "key": public_key(desk.key(officer["name"])),
        "roles": [{"role": officer["name"], "body": officer["body"], "start": officer["start"], "end": officer["end"]}],
    }
    return founder if "owner" in officer else founder | {"title": officer["title"]}


def _person(desk: Desk, owner: int) -> Drafted:
    settings, name = figures.settings(), person_of(owner)
    key = desk.key(name)
    body: dict[str, Any] = {"nature": "natural", "key": public_key(key)}
    private: dict[str, Any] = {"name": settings["owner"].format(number=owner)}
    if owner == DEVELOPER:
        body, private = {"nature": "legal", "title": settings["developer"], "key": public_key(key)}, {}
    entered = desk.draft("person.entered/1", body, private=private, keys=[key])
    desk.refs[name] = entered.record.digest
    return entered


def _unit(desk: Desk, unit: Unit) -> Drafted:
    body = {
        "code": unit_code(desk, unit.label),
        "building": unit.building,
        "use": unit.use,
        "area": unit.area,
        "counts_area": unit.counted,
        "counts_head": unit.counted,
        "owners": [desk.refs[person_of(unit.owner)]],
    }
    return desk.draft("unit.entered/1", body, private={"label": unit.label})


def public_key(key: PrivateKey) -> dict[str, str]:
    """A key as records name it."""
    return {"alg": key.alg, "public": base64.b64encode(key.public).decode()}
