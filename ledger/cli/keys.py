"""``mingzhang keys``: key rings, and signing what waits for a signature."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from ledger.cli import acts, told, waiting
from ledger.cli.console import Console
from ledger.cli.session import Session
from ledger.errors import Malformed, Refused
from ledger.log.entry import Submission
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing
from ledger.signatures import Ed25519Key, P256Key

LONGEST_LABEL: Final = 200


def command() -> click.Group:
    """The group."""
    return told.group("keys", (new, listing, show, sign))


@told.command("keys", "new")
@click.argument("ring", type=click.Path(path_type=Path))
@click.option("--label", required=True, help="option.what_to_call_it")
@click.option("--alg", type=click.Choice(["ed25519", "p256"]), default="ed25519", show_default=True, help="option.alg")
@click.pass_obj
def new(console: Console, ring: Path, label: str, alg: str) -> None:
    """Make a key in a key ring, which is made if it is not there."""
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise Malformed("cli.label", label[:LONGEST_LABEL], f"1 to {LONGEST_LABEL} characters")
    session = Session.of(console)
    phrase = session.passphrase(ring, confirm=not ring.exists())
    opened = keyring.load(ring, phrase) if ring.exists() else KeyRing()
    key = opened.add(label, Ed25519Key.generate() if alg == "ed25519" else P256Key.generate())
    keyring.save(opened, ring, phrase, replace=ring.exists())
    console.data(_shown(label, key))


@told.command("keys", "list")
@click.argument("ring", type=click.Path(path_type=Path))
@click.pass_obj
def listing(console: Console, ring: Path) -> None:
    """The labels, key ids and public keys of a ring; no private key is ever shown."""
    opened = Session.of(console).ring(ring)
    rows = [(label, key.alg, key.key) for label, key in sorted(opened.keys.items())]
    console.table(("label", "alg", "key"), rows, name="keys")


@told.command("keys", "show")
@click.argument("ring", type=click.Path(path_type=Path))
@click.option("--label", default="", help="option.which_one")
@click.pass_obj
def show(console: Console, ring: Path, label: str) -> None:
    """One public key, as enrolment takes it."""
    key = Session.of(console).ring(ring).key(label)
    console.data(_shown(label, key))


@told.command("keys", "sign")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "signers", metavar="LABEL", multiple=True, required=True, help="option.who_signs")
@acts.consenting
@acts.session_options
@click.pass_obj
def sign(console: Console, file: Path, signers: tuple[str, ...], yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Show all that a waiting file says, ask, and add signatures to it."""
    session = Session.of(console, ledger, keys, yes)
    waiting_for = waiting.read(file)
    again = {key.key for key in session.signing(signers)} & {s.key for s in waiting_for[0].signatures}
    if again:
        raise Refused("keys.signed_before", sorted(again))
    drafts = [(one.record, one.openings) for one in waiting_for]
    with session.at_hand() as store:
        mine = session.sign(drafts, signers, store=store, together=_is_batch(waiting_for))
    signed = [
        Submission(one.record, drafting.merged(one.record, one.signatures, by.signatures), one.openings)
        for one, by in zip(waiting_for, mine, strict=True)
    ]
    waiting.rewrite(file, signed)
    digests = [one.record.digest for one in signed]
    console.data({"file": str(file), "signatures": len(signed[0].signatures), "records": digests})


def read_submission(file: Path) -> Submission:
    """A waiting file of one act. Raises as :func:`ledger.cli.waiting.read`, and ``cli.not_one_act``."""
    read = waiting.read(file)
    if len(read) != 1:
        raise Refused("cli.not_one_act", len(read), 1)
    return read[0]


def _is_batch(submissions: Sequence[Submission]) -> bool:
    signed = [signature for signature in submissions[0].signatures if signature.batch]
    return len(submissions) > 1 or bool(signed)


def _shown(label: str, key: keyring.PrivateKey) -> dict[str, Any]:
    return {"label": label, "key": key.key, **acts.public_json(key)}
