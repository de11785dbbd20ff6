"""The command tree as tests walk it."""

from collections.abc import Iterator

import click

from ledger.cli.app import GROUPS, root


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that is no group, with its path."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        try:
            child = command.get_command(context, name)
        except ModuleNotFoundError:
            continue  # a group that is listed and not there: found by test_every_command_has_cases
        assert child is not None, f"{name} is listed and not there"
        yield from leaves(child, (*path, name))


TREE = dict(leaves(root()))

__all__ = ["GROUPS", "TREE", "leaves"]
