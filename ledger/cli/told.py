"""Commands whose help comes from the catalogues, in the reader's language at the moment they are asked.

A command ``told("cli.units.import", "import", …)`` shows ``cli.units.import.title`` in lists and ``cli.units.import.help`` on
its own page; the command of a record kind shows ``kind.unit.entered.title`` and ``….help``. The example stands below. The
``help`` of an option is a key of the catalogues too; how a page looks is in :mod:`ledger.cli.helping`.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Final

import click

from ledger import words
from ledger.cli.helping import Page

LOCALE: Final[ContextVar[str]] = ContextVar("mingzhang_locale", default="")
"""The reader's language where ``--lang`` says it."""


def locale() -> str:
    """The reader's language: by ``--lang``, else by the environment."""
    return LOCALE.get() or words.pick_locale(os.environ)


class Spoken(click.Command):
    """A command whose help page is in the reader's language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is typed."""
        page = Page(formatter, locale())
        arguments = [page.metavar(param, ctx) for param in self.get_params(ctx) if isinstance(param, click.Argument)]
        page.usage(ctx, [page.text("help.some_options"), *arguments])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments and options."""
        page, params = Page(formatter, locale()), self.get_params(ctx)
        page.section("help.arguments", [page.argument(p, ctx) for p in params if isinstance(p, click.Argument)])
        page.section("help.options", [page.option(p, ctx) for p in params if isinstance(p, click.Option)])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "option.help"
        return option


class Told(Spoken):
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
        page = Page(formatter, locale())
        title, text = (page.text(f"{self.key}.{part}") for part in ("title", "help"))
        page.paragraph(page.text("plain.labelled", label=title, text=text))
        if self.example:
            formatter.write_paragraph()
            # Not wrapped: a command line that breaks in its middle cannot be copied.
            formatter.write(f"  {ctx.command_path} {self.example}\n")


class Group(Spoken, click.Group):
    """A group with its one line in the catalogues under ``cli.<name>.title``."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The title."""
        return words.text(f"cli.{self.name}.title", locale())

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is typed."""
        page = Page(formatter, locale())
        page.usage(ctx, [page.text("help.some_options"), page.text("help.subcommand")])

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The title, as the group's own help."""
        Page(formatter, locale()).paragraph(self.get_short_help_str())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        Spoken.format_options(self, ctx, formatter)
        Page(formatter, locale()).section("help.commands", self.titles(ctx))

    def titles(self, ctx: click.Context) -> list[tuple[str, str]]:
        """The commands with their titles."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, command.get_short_help_str()) for name, command in found if command is not None]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name, or what there is instead. Raises click's UsageError."""
        if not ctx.resilient_parsing and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            there = ", ".join(self.list_commands(ctx))
            ctx.fail(words.text("cli.usage_command", locale(), name=args[0], others=there))
        return super().resolve_command(ctx, args)


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
