"""What a command says: data on standard output, messages and progress on standard error, in the reader's language."""

import json
import re
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import click
from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ledger import words
from ledger.errors import Malformed, MingzhangError
from ledger.money import format_yuan

WIDEST = 10_000
"""Columns of a table that nobody looks at on a terminal."""


class Step(Protocol):
    """Tells how far a long piece of work has come."""

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total``."""


@dataclass(frozen=True)
class Console:
    """The reader's language and form of output."""

    locale: str
    json: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str], *, lang: str = "", json: bool = False, quiet: bool = False) -> "Console":
        """By ``--lang`` or the environment. Raises ``cli.lang``."""
        chosen = {"": words.pick_locale(environ), "zh": "zh_CN", "zh_CN": "zh_CN", "en": "en"}.get(lang)
        if chosen is None:
            raise Malformed("cli.lang", lang, "zh, en")
        return cls(chosen, json, quiet)

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogues."""
        return words.text(key, self.locale, **values)

    def say(self, key: str, **values: object) -> None:
        """A message on standard error; silent with --quiet and --json."""
        if not self.quiet and not self.json:
            click.echo(self.text(key, **values), err=True)

    def done(self, key: str, **values: object) -> None:
        """A result that is a sentence: on standard output, as JSON with its key."""
        click.echo(json.dumps({"done": key, **values}, ensure_ascii=False) if self.json else self.text(key, **values))

    def data(self, value: Mapping[str, Any]) -> None:
        """One object: JSON, or a label and a value a line, what stands in it below, codes with what they mean."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False, sort_keys=True))
            return
        for line in self._lines(value):
            click.echo(line)

    def raw(self, value: Mapping[str, Any], title: str) -> None:
        """One object of a format as it stands: JSON, or under a title a name and its JSON a line."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False, sort_keys=True))
            return
        click.echo(title)
        for name, item in value.items():
            click.echo(f"{name}  {visible(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False))}")

    def _lines(self, value: Mapping[str, Any]) -> Iterator[str]:
        labels = {name: self._label(name) for name in value}
        columns = max(map(_width, labels.values()), default=0)
        for name, item in value.items():
            inner: list[Mapping[str, Any]] = [item] if isinstance(item, Mapping) else []
            if isinstance(item, (list, tuple)) and any(isinstance(one, Mapping) for one in item):
                inner = list(item)
            said = (
                self._said(name, item)
                if not inner
                else self.text("plain.items", count=len(inner))
                if item != inner[0]
                else ""
            )
            yield f"{labels[name]}{' ' * (columns - _width(labels[name]))}  {visible(said)}".rstrip()
            for number, one in enumerate(inner, 1):
                if item != one:
                    yield f"  {number}"
                yield from (f"    {line}" for line in self._lines(one))

    def _label(self, name: str) -> str:
        """What a field is called; a name that is no field of ours (a file, a library, a digest) stands for itself."""
        return self.text(f"data.{name}") if words.has(f"data.{name}", self.locale) else name

    def _said(self, name: str, item: object) -> str:
        from ledger.paper.plain import explained

        match item:
            case bool():
                return self.text("plain.true" if item else "plain.false")
            case int() if name in ("area", "area_of"):
                return self.text("plain.area", area=format_yuan(item))
            case None | "" | [] | ():
                return words.ABSENT
            case list() | tuple():
                return self.text("plain.listed").join(self._said(name, one) for one in item)
            case _:
                return explained(name, str(item), self.locale)

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, name: str, right: Sequence[int] = ()
    ) -> None:
        """Rows; as JSON ``{name: [{column: cell}]}``. ``columns`` are word keys under ``column.``."""
        if self.json:
            found = [dict(zip(columns, row, strict=True)) for row in rows]
            click.echo(json.dumps({name: found}, ensure_ascii=False, sort_keys=True))
            return
        table = Table(box=None, pad_edge=False)
        for number, column in enumerate(columns):
            table.add_column(
                self.text(f"column.{column}"), justify="right" if number in right else "left", overflow="fold"
            )
        for row in rows:
            cells = zip(columns, row, strict=True)
            table.add_row(*(visible(self._said(column, cell)) if cell != "" else "" for column, cell in cells))
        # Into a pipe or file a row is a line: a digest that is cut into two finds nothing any more.
        width = None if sys.stdout.isatty() else WIDEST
        RichConsole(file=sys.stdout, highlight=False, markup=False, width=width).print(table)

    def error(self, error: MingzhangError) -> None:
        """A refusal: its rule, what was met, what would be accepted."""
        if self.json:
            click.echo(json.dumps({"error": self._error(error)}, ensure_ascii=False, sort_keys=True), err=True)
            return
        click.echo(f"{words.error_text(error, self.locale)} [{error.rule}]", err=True)

    def usage(self, error: click.ClickException) -> None:
        """Wrong usage of the command line: what is wrong, and where the help is."""
        text = self._usage(error)
        if self.json:
            click.echo(json.dumps({"error": {"rule": "cli.usage", "text": text}}, ensure_ascii=False), err=True)
            return
        context = getattr(error, "ctx", None)
        told = text if context is None else self.text("cli.usage_where", text=text, command=context.command_path)
        click.echo(f"{told} [cli.usage]", err=True)

    def fault(self) -> None:
        """A fault of ours: the last line of the trace, and how to see all of it."""
        last = traceback.format_exception_only(*sys.exc_info()[:2])[-1].strip()
        if self.json:
            click.echo(json.dumps({"error": {"rule": "cli.fault", "text": last}}, ensure_ascii=False), err=True)
            return
        click.echo(self.text("cli.fault", what=last), err=True)

    def _usage(self, error: click.ClickException) -> str:
        match error:
            case click.MissingParameter():
                return self.text("cli.usage_missing", name=_parameter(error))
            case click.BadParameter():
                return self._bad_value(error)
            case click.NoSuchOption():
                others = ", ".join(error.possibilities or ()) or words.ABSENT
                return self.text("cli.usage_option", name=error.option_name, others=others)
            case click.BadOptionUsage():
                return self.text("cli.usage_argument", name=error.option_name)
            case _:
                # What is left of click's own: too many arguments, in brackets. Ours are worded where they are raised.
                extra = re.search(r"extra arguments?.*\((.*)\)$", error.format_message())
                return self.text("cli.usage_extra", what=extra[1]) if extra else error.format_message()

    def _bad_value(self, error: click.BadParameter) -> str:
        from ledger.cli import helping

        name, value = _parameter(error), _quoted(error.message)
        of = error.param.type if error.param is not None else None
        match of:
            case click.Choice() if error.param is not None:
                codes = helping.codes(error.param, self.locale)
                return self.text("cli.usage_choice", name=name, value=value, codes=codes)
            case click.IntRange():
                return self.text("cli.usage_number", name=name, value=value, range=helping.bounds(of, self.locale))
            case click.Path():
                return self.text("cli.usage_path", name=name, value=value)
            case _:
                return self.text("cli.usage_value", name=name, what=value)

    def _error(self, error: MingzhangError) -> dict[str, Any]:
        return {
            "rule": error.rule,
            "text": words.error_text(error, self.locale),
            "value": self._plain(error.value),
            "accepted": self._plain(error.accepted),
            "context": {name: self._plain(value) for name, value in error.context.items()},
        }

    def _plain(self, value: object) -> Any:
        if value is None or isinstance(value, (str, int, bool)):
            return value
        if isinstance(value, (list, tuple)):
            return [self._plain(item) for item in value]
        return self._error(value) if isinstance(value, MingzhangError) else str(value)

    @contextmanager
    def progress(self, key: str) -> Iterator[Step]:
        """A bar for long work, on a terminal; nothing elsewhere."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=RichConsole(stderr=True), transient=True) as bar:
            task = bar.add_task(self.text(key), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _parameter(error: click.BadParameter) -> str:
    hint = error.param_hint or (error.param.opts[0] if error.param is not None and error.param.opts else "")
    return hint if isinstance(hint, str) else ", ".join(hint)


def _quoted(message: str) -> str:
    """The value that click names in a message of its own."""
    found = re.search(r"'([^']*)'", message)
    return found[1] if found else message.split(" ", 1)[0]


def visible(text: str) -> str:
    """Text of strangers (a waiting file, a private text) with what would steer a terminal or hide in it as escapes."""
    return "".join(
        character.encode("unicode_escape", "surrogatepass").decode()
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else character
        for character in text
    )


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
