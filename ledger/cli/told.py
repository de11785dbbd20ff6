"""Commands whose help comes from the catalogues, in the reader's language at the moment they are asked.

A command ``told("cli.units.import", "import", …)`` shows ``cli.units.import.title`` in lists and ``cli.units.import.help`` on
its own page; the command of a record kind shows ``kind.unit.entered.title`` and ``….help``. The example stands below. The
texts of click itself (headings) stay English; the help of an option is short enough to say in both languages at once.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Final

import click

from ledger import words

LOCALE: Final[ContextVar[str]] = ContextVar("mingzhang_locale", default="")
"""The reader's language where ``--lang`` says it."""


def locale() -> str:
    """The reader's language: by ``--lang``, else by the environment."""
    return LOCALE.get() or words.pick_locale(os.environ)


class Told(click.Command):
    """A command with its texts in the catalogues under ``key``."""

    def __init__(self, name: str, *, key: str, example: str = "", **settings: Any) -> None:
        super().__init__(name, **settings)
        self.key = key
        self.example = example

    def get_short_help_str(self, limit: int = 45) -> str:
        """The title, as lists of commands show it."""
        return words.text(f"{self.key}.title", locale())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Title, help, and the example."""
        title, text = (words.text(f"{self.key}.{part}", locale()) for part in ("title", "help"))
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"{title}: {text}" if locale() == words.ENGLISH else f"{title}：{text}")
        if self.example:
            formatter.write_paragraph()
            with formatter.indentation():
                # Not wrapped: a command line that breaks in its middle cannot be copied.
                formatter.write(f"{'':>{formatter.current_indent}}{ctx.command_path} {self.example}\n")


class Group(click.Group):
    """A group with its one line in the catalogues under ``cli.<name>.title``."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The title."""
        return words.text(f"cli.{self.name}.title", locale())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The title, as the group's own help."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.get_short_help_str())


def group(name: str, commands: Iterable[click.Command]) -> Group:
    """A group of commands."""
    return Group(name, commands={command.name or "": command for command in commands}, no_args_is_help=True)


def told(
    key: str, name: str, *, params: Sequence[click.Parameter], callback: Callable[..., Any], example: str = ""
) -> Told:
    """A command made from its parameters."""
    return Told(name, key=key, example=example, params=list(params), callback=callback)


def command(group_name: str, name: str, example: str = "") -> Callable[[Callable[..., Any]], click.Command]:
    """Decorates a function: the command ``name`` of a group, told by ``cli.<group>.<name>``."""
    return click.command(name, cls=Told, key=f"cli.{group_name}.{name}", example=example)
