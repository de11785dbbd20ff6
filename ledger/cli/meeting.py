"""``mingzhang meeting``: a meeting of the owners from its call to its certificate; every figure is the machine's own.

``meeting call FILE`` takes a description in TOML or JSON::

    title = "2026年第一次业主大会会议"
    session = "regular"                       # or "extraordinary"
    opens = "2026-03-01T09:00:00+08:00"
    closes = "2026-03-08T18:00:00+08:00"
    ways = ["phone"]                          # left out: phone
    phone_vote = true                         # the clause in force that allows it; left out: 意见征询, founds no authority
    scope = { level = "community" }           # left out: the community
    [[motions]]
    matter = 9                                # the item of CC 278
    title = "2026年物业服务预算"
    text = "@budget.txt"                      # what hangs, by its digest
    [motions.effect]
    type = "budget"                           # payment, budget, delegation, ratification
    start = "2026-03-01"
    until = "2026-12-31"
    lines = [{ line = "lift", fund = "service_fee", categories = ["lift"], cap = "50,000.00" }]

An amount in quotes is yuan; an integer is fen, as bodies hold it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ledger import period
from ledger.books import KINDS, Books
from ledger.cli import acts, bodies, bulk, files, polls, told
from ledger.cli.acts import Acting, Given
from ledger.cli.bulk import Item, Mistakes
from ledger.cli.session import Session
from ledger.errors import Malformed, Refused
from ledger.money import format_yuan as format_area
from ledger.votes import certificate
from ledger.votes.facts import MotionDecided

MEETING = click.option("--meeting", "named", metavar="DIGEST|NO", default="", help="option.if_several_are_under_way")


def command() -> click.Group:
    """The group."""
    made = (
        listing,
        show,
        call,
        post_notice,
        freeze_roll,
        open_meeting,
        turnout,
        open_ballots,
        certify,
        withdraw,
        print_forms,
    )
    return told.group("meeting", made)


@told.command("meeting", "list", "--ledger ledger.db")
@acts.reading
def listing(session: Session) -> None:
    """Meetings under way, and what came of motions before."""
    rows: list[tuple[object, ...]] = []
    with session.reading() as store:
        books = store.books
        for meeting in sorted(books.votes.meetings.values(), key=lambda m: m.opens):
            times = moment(books, meeting.opens), moment(books, meeting.closes)
            number = store.seq_of(meeting.called)
            rows.append((number, meeting.title, polls.standing(meeting), *times, meeting.called))
        for decided in store.events(MotionDecided):
            called, _, item = decided["motion"].partition("#")
            standing = "passed" if decided["passed"] else "not_passed"
            place = f"{store.seq_of(called)}#{item}"
            rows.append((place, decided["title"], standing, "", decided["on"], decided["motion"]))
    session.console.table(("seq", "title", "standing", "opens", "closes", "meeting"), rows, name="meetings", right=(0,))


@told.command("meeting", "show", "--ledger ledger.db")
@MEETING
@acts.reading
def show(session: Session, named: str) -> None:
    """One meeting under way with its motions, notices, roll and turnout."""
    with session.reading() as store:
        books = store.books
        meeting = polls.find(store, named)
    told_of: dict[str, Any] = {
        "meeting": meeting.called,
        "title": meeting.title,
        "session": meeting.session,
        "standing": polls.standing(meeting),
        "opens": moment(books, meeting.opens),
        "closes": moment(books, meeting.closes),
        "founds_authority": meeting.founds_authority,
        "notices": {notice: meeting.notices[notice] for notice in sorted(meeting.notices)},
        "motions": [
            {"motion": m.ref, "matter": m.matter, "title": m.title, "text": m.text, "effect": m.read_effect() or {}}
            for m in meeting.motions
        ],
    }
    if meeting.roll is not None:
        told_of["roll"] = {
            "record": meeting.roll.record,
            "leaves": len(meeting.roll.leaves),
            "area": format_area(meeting.roll.area),
            "heads": meeting.roll.heads,
        }
        if meeting.voting is not None:
            told_of["turnout"] = polls.turnout(meeting, meeting.roll, meeting.voting)
    session.console.data(told_of)


@told.command("meeting", "call", "meeting.toml --as chair")
@click.argument("description", type=click.Path(path_type=Path, dir_okay=False))
@acts.acting
def call(act: Acting, description: Path) -> None:
    """Call a meeting from a description."""
    described = files.read_description(description)

    def make(store: Any) -> Given:
        body = calling_body(described, store.books)
        return bodies.fill(
            KINDS["meeting.called/1"], body, lambda seq: store.entry(seq).record.digest, description.parent
        )

    act.one("meeting.called/1", make)


@told.command("meeting", "post-notice", "--places 3 --evidence @photo.jpg --as chair")
@MEETING
@click.option("--on", default="", metavar="DAY", help="option.hangs_since_today_if_left_out")
@click.option("--places", type=click.IntRange(1, 10_000), required=True, help="option.how_many_places")
@click.option("--label", "labels", multiple=True, help="option.where")
@click.option("--evidence", multiple=True, metavar="DIGEST|@FILE", help="option.photographs")
@acts.acting
def post_notice(
    act: Acting, named: str, on: str, places: int, labels: tuple[str, ...], evidence: tuple[str, ...]
) -> None:
    """Say that the notice hangs."""

    def make(store: Any) -> Given:
        today = period.legal_day(act.session.now(), store.books.offset).isoformat()
        body = {"meeting": polls.find(store, named).called, "on": on or today, "places": places}
        said = {name: list(value) for name, value in (("labels", labels), ("evidence", evidence)) if value}
        return bodies.fill(KINDS["notice.posted/1"], body | said)

    act.one("notice.posted/1", make)


@told.command("meeting", "freeze-roll", "--as chair --as registrar")
@MEETING
@acts.acting
def freeze_roll(act: Acting, named: str) -> None:
    """Freeze the roll; its figures are computed."""
    act.one("roll.frozen/1", lambda store: Given(polls.roll_body(store.books, polls.find(store, named))))


@told.command("meeting", "open", "--as chair")
@MEETING
@acts.acting
def open_meeting(act: Acting, named: str) -> None:
    """Open the meeting; what ballots will name is computed."""
    act.one("meeting.opened/1", lambda store: Given(polls.opening_body(store.books, polls.find(store, named))))


@told.command("meeting", "turnout", "--ledger ledger.db")
@MEETING
@acts.reading
def turnout(session: Session, named: str) -> None:
    """What has been cast so far, by area and heads; never what it says."""
    with session.reading() as store:
        session.console.data(polls.turnout(*polls.find_opened(store, named)))


@told.command("meeting", "open-ballots", "--as chair")
@MEETING
@acts.acting
def open_ballots(act: Acting, named: str) -> None:
    """Open all ballots that count, after the close."""
    with act.opened() as store:
        opened = list(polls.ballot_openings(store, *polls.find_opened(store, named), act.session.now()))
        items = [one for one in opened if isinstance(one, Item)]
        lost = [one for one in opened if isinstance(one, str)]
        if not items:
            raise Refused("cli.nothing_sealed", len(lost), "ballots that are still sealed")
        bulk.hand_in(act, store, items, Mistakes())
    if not act.out:
        act.session.console.data({"opened": 0 if act.dry else len(items), "sealed": len(items), "not_kept_here": lost})


@told.command("meeting", "certify", "--as chair --as registrar")
@MEETING
@acts.acting
def certify(act: Acting, named: str) -> None:
    """Certify the result; every figure is computed and recounted."""

    def make(store: Any) -> Given:
        _meeting, _roll, voting = polls.find_opened(store, named)
        return Given(certificate.draft(store.books.votes, voting.record))

    act.one("meeting.certified/1", make)


@told.command("meeting", "withdraw", "--reason 议题修改后另行召开 --as chair")
@MEETING
@click.option("--reason", required=True, help="option.why")
@acts.acting
def withdraw(act: Acting, named: str, reason: str) -> None:
    """Withdraw a meeting that was not opened."""
    act.one("meeting.withdrawn/1", lambda store: Given({"meeting": polls.find(store, named).called, "reason": reason}))


@told.command("meeting", "print", "wall --meeting 3802 --ledger ledger.db")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--meeting", "named", metavar="DIGEST|NO", required=True, help="option.if_several_are_under_way")
@click.option("--form", "wanted", multiple=True, help="option.which_prints")
@click.option("--address", default="", help="option.address_of_the_meeting")
@acts.reading
def print_forms(session: Session, folder: Path, named: str, wanted: tuple[str, ...], address: str) -> None:
    """Write a meeting's prints as PDF."""
    from ledger.store import meeting_prints
    from ledger.store.reading import meetings

    locale = session.console.locale
    with session.reading() as store, session.console.progress("cli.reading"):
        called = store.entry(int(named)).record.digest if named.isdecimal() else named
        forms = wanted or meeting_prints.forms(meetings.meeting(store, called))
        made = {f"{form}.pdf": meeting_prints.render(store, called, form, address, locale) for form in forms}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    session.console.data({name: len(data) for name, data in made.items()})


def calling_body(described: Mapping[str, Any], books: Books) -> dict[str, Any]:
    """The body of ``meeting.called/1`` from a description. Raises ``period.time``, ``cli.no_clause``."""
    body: dict[str, Any] = {"session": "regular", "scope": {"level": "community"}, "ways": ["phone"], **described}
    for name in ("opens", "closes"):
        if isinstance(body.get(name), str):
            body[name] = period.format_time(period.parse_rfc3339(body[name]))
        elif name in body:
            raise Malformed("cli.moment", str(body[name]), 'text such as "2026-03-01T09:00:00+08:00"', field=name)
    for field, name in (("phone_vote", "phone_vote"), ("non_voters", "non_voters_follow")):
        if body.get(field) is False:
            del body[field]
        if body.get(field) is True:
            clause = books.rules.clause(name)
            if clause is None:
                raise Refused("cli.no_clause", name, "community adopt-bylaws --clause")
            body[field] = {"document": clause.document, "place": clause.place}
    return body


def moment(books: Books, time: int) -> str:
    """A moment at the ledger's offset, to the minute."""
    local = period.format_time(time + books.offset * period.MINUTE_MS)
    sign, (hours, minutes) = "-" if books.offset < 0 else "+", divmod(abs(books.offset), 60)
    return f"{local[:10]} {local[11:16]} {sign}{hours:02}:{minutes:02}"
