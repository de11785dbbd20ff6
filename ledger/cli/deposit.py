"""``mingzhang deposit``: what came in."""

import click

from ledger.cli import acts


def command() -> click.Group:
    """The group."""
    return click.Group("deposit", commands={c.name or "": c for c in acts.commands("deposit")})
