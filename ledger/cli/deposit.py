"""``mingzhang deposit``: what came in."""

import click

from ledger.cli import acts
from ledger.cli.told import group


def command() -> click.Group:
    """The group."""
    return group("deposit", acts.commands("deposit"))
