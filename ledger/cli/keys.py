"""``mingzhang keys``: key rings, and signing what waits for a signature."""

from pathlib import Path
from typing import Any

import click

from ledger.cli import acts
from ledger.cli.console import Console
from ledger.cli.session import Session, signed_by
from ledger.errors import NotFound, Refused
from ledger.log.entry import Submission, parse_submission, submission_json
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing
from ledger.signatures import Ed25519Key, P256Key


def command() -> click.Group:
    """The group."""
    return click.Group("keys", commands={c.name or "": c for c in (new, listing, show, sign)})


@click.command("new", short_help="make a key / 新建密钥")
@click.argument("ring", type=click.Path(path_type=Path))
@click.option("--label", required=True, help="what to call it / 标签")
@click.option("--alg", type=click.Choice(["ed25519", "p256"]), default="ed25519", show_default=True)
@click.pass_obj
def new(console: Console, ring: Path, label: str, alg: str) -> None:
    """Make a key in a key ring, which is made if it is not there. / 在密钥环里新建密钥。"""
    session = Session.of(console)
    phrase = session.passphrase(ring, confirm=not ring.exists())
    opened = keyring.load(ring, phrase) if ring.exists() else KeyRing()
    key = opened.add(label, Ed25519Key.generate() if alg == "ed25519" else P256Key.generate())
    keyring.save(opened, ring, phrase, replace=ring.exists())
    console.data(_shown(label, key))


@click.command("list", short_help="keys of a ring / 密钥环里的密钥")
@click.argument("ring", type=click.Path(path_type=Path))
@click.pass_obj
def listing(console: Console, ring: Path) -> None:
    """The labels, key ids and public keys of a ring; no private key is ever shown. / 列出标签、编号和公钥。"""
    opened = Session.of(console).ring(ring)
    rows = [(label, key.alg, key.key) for label, key in sorted(opened.keys.items())]
    console.table(("label", "alg", "key"), rows, name="keys")


@click.command("show", short_help="one public key / 查看公钥")
@click.argument("ring", type=click.Path(path_type=Path))
@click.option("--label", default="", help="which one / 标签")
@click.pass_obj
def show(console: Console, ring: Path, label: str) -> None:
    """One public key, as enrolment takes it. / 登记密钥时所需的公钥。"""
    key = Session.of(console).ring(ring).key(label)
    console.data(_shown(label, key))


@click.command("sign", short_help="sign a waiting file / 在待签文件上签名")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "signers", metavar="LABEL", multiple=True, required=True, help="who signs / 由谁签名")
@acts.session_options
@click.pass_obj
def sign(console: Console, file: Path, signers: tuple[str, ...], ledger: str, keys: tuple[str, ...]) -> None:
    """Show what a waiting file says, and add signatures to it. / 显示待签文件内容并签名。"""
    session = Session.of(console, ledger, keys)
    waiting = read_submission(file)
    console.data(submission_json(waiting)["record"], title=waiting.record.digest)
    mine = drafting.sign(waiting.record, map(session.key, signers))
    again = {s.key for s in mine} & {s.key for s in waiting.signatures}
    if again:
        raise Refused("keys.signed_before", sorted(again))
    signed = signed_by(waiting, mine)
    replace_submission(file, signed)
    console.data({"file": str(file), "signatures": len(signed.signatures)})


def read_submission(file: Path) -> Submission:
    """A waiting file. Raises ``submission.…``, ``submission.no_file``."""
    try:
        return parse_submission(file.read_bytes().rstrip(b"\n"))
    except FileNotFoundError:
        raise NotFound("submission.no_file", str(file)) from None


def replace_submission(file: Path, submission: Submission) -> None:
    """Write a waiting file anew, whole or not at all."""
    from ledger.cli.session import submission_bytes

    beside = file.with_name(file.name + ".new")
    beside.write_bytes(submission_bytes(submission))
    beside.replace(file)


def _shown(label: str, key: keyring.PrivateKey) -> dict[str, Any]:
    import base64

    return {"label": label, "key": key.key, "alg": key.alg, "public": base64.b64encode(key.public).decode()}
