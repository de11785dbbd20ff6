"""Help pages in the reader's language: usage, arguments, options, commands, laid out for a terminal of any width.

Every word of a page comes from the catalogues; click's own are English, and its layout counts a Chinese character as one
column. What a person has to type (commands, option names, codes) stands as it is typed, with what it means beside it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import click

from ledger import words

WIDEST_NAME: Final = 30
"""Columns of names; what is longer has its text below it."""
NARROWEST: Final = 40
_METAVAR: Final = re.compile(r"[A-Z][A-Z0-9]*|private")


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def folded(text: str, columns: int) -> Iterator[str]:
    """A text in lines of at most so many columns: broken at blanks, and between Chinese characters."""
    line = ""
    for piece in re.findall(r"\n|[（《“]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、！？）》”]*|[ ]+", text):
        if piece == "\n" or (line.strip() and width(line + piece.rstrip()) > columns):
            yield line.rstrip()
            line = ""
        line += "" if piece == "\n" or (not line and piece.isspace()) else piece
    yield line.rstrip()


class Page:
    """A help page that is being written, in one language."""

    def __init__(self, formatter: click.HelpFormatter, locale: str) -> None:
        self.formatter = formatter
        self.locale = locale

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogues."""
        return words.text(key, self.locale, **values)

    def paragraph(self, text: str) -> None:
        """A text with a blank line before it."""
        self.formatter.write_paragraph()
        for line in folded(text, max(NARROWEST, self.formatter.width - 2)):
            self.formatter.write(f"  {line}\n")

    def section(self, key: str, rows: Sequence[tuple[str, str]]) -> None:
        """Names with what they mean, under a heading; nothing without rows."""
        if not rows:
            return
        self.formatter.write_paragraph()
        self.formatter.write(f"{self.text(key)}\n")
        columns = min(WIDEST_NAME, max(width(name) for name, _ in rows)) + 2
        for name, told in rows:
            first, *more = folded(told, max(NARROWEST, self.formatter.width - columns - 2))
            beside = width(name) + 2 <= columns
            self.formatter.write(
                f"  {name}{' ' * (columns - width(name)) if beside else chr(10) + ' ' * (columns + 2)}{first}\n"
            )
            for line in more:
                self.formatter.write(f"{' ' * (columns + 2)}{line}\n")

    def usage(self, ctx: click.Context, pieces: Iterable[str]) -> None:
        """How the command is typed."""
        self.formatter.write(f"{self.text('help.usage')} {ctx.command_path} {' '.join(pieces)}\n")

    def metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for a parameter's value."""
        match param.type:
            case click.Choice() if not param.metavar:
                named = "CODE"  # the codes follow with what they mean
            case click.Path() if not param.metavar and isinstance(param, click.Option):
                named = "FILE"
            case click.types.IntParamType() if not param.metavar and isinstance(param, click.Option):
                named = "N"
            case _:
                named = param.make_metavar(ctx) if isinstance(param, click.Argument) else param.metavar or "TEXT"
        return _METAVAR.sub(lambda found: self._meant("metavar", found[0].lower(), found[0]), named)

    def argument(self, param: click.Argument, ctx: click.Context) -> tuple[str, str]:
        """An argument with what it is."""
        return self.metavar(param, ctx), self._meant("argument", param.name or "")

    def option(self, param: click.Option, ctx: click.Context) -> tuple[str, str]:
        """An option with what it is, its codes with what they mean, and what is left out or wanted."""
        names = ", ".join(sorted(param.opts, key=lambda name: (name.startswith("--"), name)))
        if param.secondary_opts:
            names += " / " + ", ".join(param.secondary_opts)
        name = names if param.is_flag else f"{names} {self.metavar(param, ctx)}"
        told = self.text(param.help) if param.help and words.has(param.help, self.locale) else param.help or ""
        if isinstance(param.type, click.Choice):
            told = self.text("help.codes", text=told, codes=codes(param, self.locale))
        more = list(self._more(param))
        return name, self.text("help.said", text=told, more=self.text("plain.joint").join(more)) if more else told

    def _more(self, param: click.Option) -> Iterator[str]:
        if param.required:
            yield self.text("help.required")
        if param.multiple:
            yield self.text("help.multiple")
        if isinstance(param.type, click.IntRange):
            yield bounds(param.type, self.locale)
        if param.show_default:
            yield self.text("help.default", value=param.default)

    def _meant(self, group: str, name: str, otherwise: str = "") -> str:
        key = f"{group}.{name}"
        return self.text(key) if words.has(key, self.locale) else otherwise


def codes(param: click.Parameter, locale: str) -> str:
    """The codes that an option takes, each with what it means."""
    from ledger.paper.plain import explained

    of: Any = param.type
    return words.text("plain.listed", locale).join(
        explained(param.name or "", str(code), locale) for code in of.choices
    )


def bounds(of: click.IntRange, locale: str) -> str:
    """From where to where a number goes."""
    key = "help.from" if of.max is None else "help.range"
    return words.text(key, locale, least=of.min or 0, most=of.max)
