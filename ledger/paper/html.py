"""HTML by Jinja: every value escaped, a missing one an error, one file that asks for nothing from outside.

The page forbids itself everything but its own style sheet, named by its hash: no script runs in it and no request leaves
it, whatever stands in the data. It holds no ``style`` attribute; bars are SVG, whose lengths are plain attributes.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from ledger.paper.phrases import Phrases

TEMPLATES: Final = Path(__file__).parent / "templates"
_LANGUAGES: Final = {"zh_CN": "zh-CN", "en": "en"}


def render(template: str, locale: str, **values: object) -> str:
    """Fill a template; it sees ``t`` (the words), ``css``, ``policy``, ``lang`` and the values. Raises ``words.…``."""
    phrases, css = Phrases(locale), _css()
    style = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    return (
        _templates()
        .get_template(template)
        .render(t=phrases.text, css=trusted(css), policy=policy, lang=_LANGUAGES.get(locale, locale), **values)
    )


def trusted(markup: str) -> Markup:
    """Markup that this room made itself, to be put in as it is. Never for anything that holds a value of the data."""
    return Markup(markup)  # noqa: S704  # callers hand over the style sheet and QR codes


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _css() -> str:
    return (TEMPLATES / "paper.css").read_text("utf-8")
