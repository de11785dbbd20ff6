"""``mingzhang ballot``: an owner votes, gets his receipt unasked, and can open his ballot himself.

Answers stand in the order of the motions: ``yes``, ``no``, ``abstain`` (or 同意, 反对, 弃权). They are sealed: until the close
the ledger shows only that the unit has voted. The receipt file holds entry, proof and the salt that opens the ballot: with
it the owner proves later what he said, and that it was counted; whoever has it can read it, so it is written for the
owner's eyes alone.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger import canonical
from ledger.cli import acts, files, polls, told
from ledger.cli.acts import Acting, Given
from ledger.cli.session import Session
from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.log.entry import Entry, Opening, parse_entry
from ledger.votes import ballots
from ledger.votes.state import Roll

if TYPE_CHECKING:
    from ledger.store.store import Store

ANSWERS: Final[Mapping[str, str]] = {
    "yes": "yes",
    "no": "no",
    "abstain": "abstain",
    "同意": "yes",
    "反对": "no",
    "弃权": "abstain",
}
LARGEST: Final = 1 << 20
"""Bytes of a receipt file."""


def command() -> click.Group:
    """The group."""
    return told.group("ballot", (cast, receipt, open_ballot))


@told.command("ballot", "cast", "yes no --unit a101 --as zhang --keys zhang.ring")
@click.argument("choices", nargs=-1, required=True)
@click.option("--meeting", "named", metavar="DIGEST|NO", default="", help="option.if_several_are_open")
@click.option("--unit", default="", help="option.if_you_own_several")
@click.option("--receipt", "receipt_file", default="", metavar="FILE", help="option.where_to")
@acts.acting
def cast(act: Acting, choices: tuple[str, ...], named: str, unit: str, receipt_file: str) -> None:
    """Vote."""
    answers = read_answers(choices)
    act.require_signers()
    with act.opened() as store:
        meeting, frozen, voting = polls.find_opened(store, named)
        ballots.check_answers(list(answers), len(meeting.motions))
        code = polls.leaf_unit(frozen, unit) if unit else own_unit(store, frozen, act)
        last = voting.ballots.get(code)
        revision = last.revision + 1 if last is not None else 1
        target = Path(receipt_file or f"ballot-{code}-{revision}.receipt.json")
        if target.exists():
            raise Conflict("cli.file_exists", str(target))
        body = {"meeting": voting.record, "unit": code, "revision": revision}
        places = act.hand_in(store, act.session.draft(store, "ballot.cast/1", body, {"choices": list(answers)}))
        if not places:
            return
        store.publish()
        files.write_new(target, store.receipt(places[0]["seq"]).dump(), private=True)
    act.session.console.data({**places[0], "unit": code, "revision": revision, "receipt": str(target)})


@told.command("ballot", "receipt", "a101 --out ballot.receipt.json")
@click.argument("unit")
@click.option("--meeting", "named", metavar="DIGEST|NO", default="", help="option.if_several_are_open")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="option.where_to")
@acts.reading
def receipt(session: Session, unit: str, named: str, out: Path) -> None:
    """Write the receipt of a unit's ballot again."""
    with session.reading() as store:
        _meeting, frozen, voting = polls.find_opened(store, named)
        ballot = voting.ballots.get(polls.leaf_unit(frozen, unit))
        if ballot is None:
            raise NotFound("cli.no_ballot", unit, f"{len(voting.ballots)} / {len(frozen.leaves)}")
        seq = store.seq_of(ballot.record)
        files.write_new(out, store.receipt(seq).dump(), private=True)
    session.console.data({"seq": seq, "record": ballot.record, "unit": unit, "receipt": str(out)})


@told.command("ballot", "open", "ballot-a101-1.receipt.json --as zhang --keys zhang.ring")
@click.argument("receipt_file", metavar="RECEIPT", type=click.Path(path_type=Path, dir_okay=False))
@acts.acting
def open_ballot(act: Acting, receipt_file: Path) -> None:
    """Open a ballot from its receipt, after the close."""
    entry, opening = read_receipt(receipt_file)
    body = {
        "ballot": entry.record.digest,
        "salt": base64.b64encode(opening.salt).decode(),
        "choices": opening.value,
    }
    act.one("ballot.opened/1", lambda _store: Given(body))


def read_answers(choices: Sequence[str]) -> tuple[str, ...]:
    """Answers as ballots hold them. Raises Malformed ``ballot.answers``."""
    unknown = [choice for choice in choices if choice not in ANSWERS]
    if unknown:
        raise Malformed("ballot.answers", unknown, ", ".join(ANSWERS))
    return tuple(ANSWERS[choice] for choice in choices)


def own_unit(store: "Store", frozen: Roll, act: Acting) -> str:
    """The one unit of the roll that the signer owns. Raises Refused ``cli.which_unit``."""
    (label, *_) = act.signers
    known = store.books.people.keys.get(act.session.key(label).key)
    owned = sorted(leaf.unit for leaf in frozen.leaves.values() if known is not None and known.person in leaf.owners)
    if len(owned) != 1:
        raise Refused("cli.which_unit", len(owned), [f"--unit {unit}" for unit in owned] or None)
    return owned[0]


def read_receipt(path: Path) -> tuple[Entry, Opening]:
    """The ballot of a receipt file and what opens it. Raises Malformed ``cli.receipt``, ``entry.…``, ``cli.no_file``."""
    value = canonical.decode(files.read_bytes(path, largest=LARGEST).removesuffix(b"\n"))
    try:
        if not isinstance(value, dict) or value["receipt"] != 1:
            raise Malformed("cli.receipt", path.name, "a receipt of format 1")
        entry = parse_entry(base64.b64decode(_text(value["entry"]), validate=True))
        openings: Any = value["openings"]
        (found,) = [opening for opening in openings if opening["field"] == "choices"]
        return entry, Opening("choices", base64.b64decode(_text(found["salt"]), validate=True), found["value"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Malformed("cli.receipt", path.name, "the receipt of a ballot") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
