"""The root of the command tree, and the one place where errors become messages and exit codes."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from ledger import words
from ledger.cli import FAULT, INTERRUPTED
from ledger.cli.console import Console
from ledger.cli.told import LOCALE, Group, locale
from ledger.errors import MingzhangError, Unavailable

GROUPS: Final = (
    "keys", "community", "people", "units", "account", "deposit", "withdraw", "meeting", "ballot", "bank",
    "statement", "objection", "log", "proof", "bundle", "private", "verify", "audit", "serve", "bench", "demo",
)  # fmt: skip
"""Every group, in the order in which help lists them; each is the module of its name."""


class LazyGroup(Group):
    """A group whose commands are imported when they are called: `mingzhang verify` needs no database library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All groups, without importing one."""
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The group of a name, imported now."""
        if cmd_name not in GROUPS:
            return None
        command: click.Command = importlib.import_module(f"ledger.cli.{cmd_name}").command()
        return command

    def titles(self, ctx: click.Context) -> list[tuple[str, str]]:
        """All groups with their titles, without importing one."""
        return [(name, words.text(f"cli.{name}.title", locale())) for name in GROUPS]

    def get_short_help_str(self, limit: int = 45) -> str:
        """What this is."""
        return words.text("cli.help", locale())


def root() -> click.Group:
    """The whole command tree. Completion comes from click: ``eval "$(_MINGZHANG_COMPLETE=bash_source mingzhang)"``."""

    def options(json: bool, lang: str, quiet: bool) -> None:
        console = Console.of(os.environ, lang=lang, json=json, quiet=quiet)
        click.get_current_context().obj = console

    return LazyGroup(
        "mingzhang",
        callback=options,
        no_args_is_help=True,
        params=[
            click.Option(["--json"], is_flag=True, help="option.json"),
            click.Option(["--lang"], metavar="zh|en", default="", help="option.language"),
            click.Option(["--quiet", "-q"], is_flag=True, help="option.no_progress"),
        ],
    )


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    ordered = _in_front(arguments)
    console = Console.of(os.environ, json="--json" in ordered)
    token = LOCALE.set("")
    try:
        console = Console.of(os.environ, json="--json" in ordered, lang=_lang(ordered))
        LOCALE.set(console.locale)
        result: Any = root().main(ordered, prog_name="mingzhang", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        if console.json:
            console.usage(error)
        else:
            click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        console.usage(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        console.say("cli.interrupted")
        return INTERRUPTED
    except MingzhangError as error:
        console.error(error)
        return error.exit_code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - nobody reads any more; the interpreter flushes at exit
        return 0
    except Exception as error:
        if "MINGZHANG_DEBUG" in os.environ:
            raise
        if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("ledger"):
            console.error(Unavailable("cli.extra_missing", error.name, "pip install 'mingzhang[keep]'"))
            return Unavailable.exit_code
        console.fault()
        return FAULT
    finally:
        LOCALE.reset(token)


def _in_front(arguments: Sequence[str]) -> list[str]:
    """``--json`` may stand anywhere: people add it to the end of a command that they just typed."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    own, rest = arguments[:end], arguments[end:]
    flags = [argument for argument in own if argument == "--json"]
    return [*flags[:1], *(argument for argument in own if argument != "--json"), *rest]


def _lang(arguments: Sequence[str]) -> str:
    for here, after in zip(arguments, [*arguments[1:], ""], strict=False):
        if here == "--lang":
            return after
        if here.startswith("--lang="):
            return here.removeprefix("--lang=")
    return ""
