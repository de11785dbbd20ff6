"""Every text that a person reads, in Chinese and in English, by a stable code.

The texts lie in catalogues (gettext ``.po``), one file a room and language: ``zh_CN/rules.po``, ``en/rules.po``. A key
stands in exactly one of a language's files. Code carries keys, never sentences; the Chinese text is the first, and the
English one has the same keys with the same placeholders.

==========================================  ========================================================================
key                                         text
==========================================  ========================================================================
``error.<rule>``                            what a refusal says: rule, value met, what would be accepted
``kind.<kind>.title``, ``….help``           a record kind without its version: ``kind.deposit.recorded.title``
``role.…`` ``body.…`` ``fund.…``            codes of the ledger, as people say them
``nature.…`` ``authority.…`` ``matter.…``   the same; ``matter.1`` … ``matter.9`` are the items of CC 278
``accepted.…`` ``accepted_range.…``         what an error would accept, by the English phrase of the code
``finding.…``                               what an audit check noticed
``check.…``                                 the page that checks in the reader's browser
``term.…``                                  the glossary
==========================================  ========================================================================

A placeholder is ``{name}`` with a plain name; nothing else in braces is special. In an ``error.`` text ``{value}`` and
``{accepted}`` are the error's own, the others its context.

>>> text("term.receipt", "zh_CN"), text("term.receipt", "en")
('回执', 'receipt')
>>> from ledger.errors import Refused
>>> print(error_text(Refused("ratio.whole", -1), "zh_CN"))
总数不能是负数：-1。
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from babel.messages.pofile import PoFileError, read_po

from ledger.errors import Conflict, Malformed, MingzhangError, NotFound

CHINESE: Final = "zh_CN"
ENGLISH: Final = "en"
ABSENT: Final = "—"
"""What stands for a value that an error does not carry."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LONGEST_VALUE: Final = 300
_LANGUAGE_VARIABLES: Final = ("MINGZHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def locales() -> tuple[str, ...]:
    """The languages there are, Chinese first."""
    found = (folder.name for folder in resources.files("ledger.words").iterdir() if any(_catalogues(folder)))
    return tuple(sorted(found, key=lambda name: (name != CHINESE, name)))


def text(key: str, locale: str, /, **values: object) -> str:
    """The text of ``key`` in ``locale`` with ``values`` in its placeholders.

    A value that the text does not name is ignored, so that languages may differ in what they need to say. Raises
    ``NotFound``: ``words.locale``, ``words.missing`` (no such key), ``words.value`` (a placeholder without its value).
    """
    pattern = keys(locale).get(key)
    if pattern is None:
        raise NotFound("words.missing", key, locale=locale)

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise NotFound("words.value", match[1], ", ".join(sorted(values)), key=key)
        return str(values[match[1]])

    return _PLACEHOLDER.sub(fill, pattern)


def has(key: str, locale: str) -> bool:
    """Whether there is a text for ``key``. Raises ``NotFound("words.locale")``."""
    return key in keys(locale)


def error_text(error: MingzhangError, locale: str) -> str:
    """What ``error`` says to a person; what it does not carry reads "—".

    Problems listed in its context (``problems``, as of a profile) follow, one a line. An error whose rule has no text
    yet is still shown by its rule, value and what would be accepted: a missing sentence must not hide a refusal. Values
    come from files and strangers: control and invisible characters in them are shown as escapes, long ones are cut.
    Raises ``NotFound("words.locale")``.
    """
    key = f"error.{error.rule}"
    if key not in keys(locale):
        key = "term.error_without_text"
    carried = {name: _shown(value) for name, value in error.context.items()}
    carried |= {
        "rule": error.rule,
        "value": _shown(error.value),
        "accepted": _shown(acceptable(error.accepted, locale)),
    }
    named = {name: carried.get(name, ABSENT) for name in placeholders(keys(locale)[key])}
    problems = error.context.get("problems")
    listed = problems if isinstance(problems, tuple) else ()
    told = [error_text(problem, locale) for problem in listed if isinstance(problem, MingzhangError)]
    return "\n".join([text(key, locale, **named), *told])


def acceptable(accepted: object, locale: str) -> object:
    """What would be accepted, in ``locale``: code says it in English, by which its text in other languages is found.

    A day, a number or a code stands for itself; so does a phrase that has no text yet.

    >>> acceptable("a second person", "zh_CN"), acceptable("2026-03-01 or later", "zh_CN"), acceptable(["yes"], "zh_CN")
    ('另一个人', '2026-03-01 或以后', ['yes'])
    """
    if isinstance(accepted, (list, tuple)):
        return [acceptable(one, locale) for one in accepted]
    if not isinstance(accepted, str):
        return accepted
    texts, key = keys(locale), accepted_key(accepted)
    if key in texts:
        return texts[key]
    for name, pattern in _ranges():
        if found := pattern.fullmatch(accepted):
            return text(name, locale, **found.groupdict())
    return accepted


def accepted_key(phrase: str) -> str:
    """The key of a phrase of the code that says what would be accepted."""
    return f"accepted.{'_'.join(re.findall(r'[a-z0-9]+', phrase.lower()))[:80]}"


@cache
def _ranges() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English texts of ranges as patterns, the longer ones first: "at most 3 bytes" is not "3 bytes"."""
    found = ((key, pattern) for key, pattern in keys(ENGLISH).items() if key.startswith("accepted_range."))
    return tuple((key, _matching(pattern)) for key, pattern in sorted(found, key=lambda item: -len(item[1])))


def _matching(pattern: str) -> re.Pattern[str]:
    """What finds a text with its values: between placeholders, the letters themselves."""
    pieces = _PLACEHOLDER.split(pattern)
    return re.compile("".join(rf"(?P<{piece}>\S+)" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces)))


def pick_locale(environment: Mapping[str, str]) -> str:
    """The language for an environment: Chinese, unless the first variable that is set is clearly English.

    >>> pick_locale({"LANG": "en_GB.UTF-8"}), pick_locale({"LANG": "C.UTF-8"}), pick_locale({})
    ('en', 'zh_CN', 'zh_CN')
    """
    chosen = next((environment[name] for name in _LANGUAGE_VARIABLES if environment.get(name)), "")
    return ENGLISH if re.match(r"en(?![a-z])", chosen, re.IGNORECASE) else CHINESE


def placeholders(pattern: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(pattern))


@cache
def keys(locale: str) -> Mapping[str, str]:
    """All texts of a language by key.

    Raises ``NotFound("words.locale")``, ``Conflict("words.twice")`` (a key in two catalogues) or
    ``Malformed("words.file")``.
    """
    folder = resources.files("ledger.words") / locale
    if locale not in locales():
        raise NotFound("words.locale", locale, ", ".join(locales()))
    texts: dict[str, str] = {}
    for file in sorted(_catalogues(folder), key=lambda file: file.name):
        for key, pattern in _read(file):
            if key in texts:
                raise Conflict("words.twice", key, "one catalogue a key", file=file.name)
            texts[key] = pattern
    return MappingProxyType(texts)


def _catalogues(folder: Traversable) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if file.name.endswith(".po"))


def _read(file: Traversable) -> Iterator[tuple[str, str]]:
    try:
        with file.open("rb") as opened:
            catalogue = read_po(opened, ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise Malformed("words.file", file.name, str(error)) from error
    for message in catalogue:
        if not isinstance(message.id, str) or not isinstance(message.string, str):
            raise Malformed("words.file", file.name, "no plural forms")
        if message.id and message.string and not message.fuzzy:
            yield message.id, message.string


def _shown(value: object) -> str:
    if value is None or value == "":
        return ABSENT
    if isinstance(value, (set, frozenset)):
        value = sorted(map(str, value))
    shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    shown = shown if len(shown) <= _LONGEST_VALUE else shown[:_LONGEST_VALUE] + "…"
    return "".join(_escaped(character) for character in shown) or ABSENT


def _escaped(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character.encode("unicode_escape", "surrogatepass").decode()
    return character
