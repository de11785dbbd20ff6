"""The checking page as one file: every module, word and style in it, nothing fetched, for a stick or a phone without a network.

The same program gives the same bytes everywhere, so its SHA-256 can be printed, said by telephone, and compared. Its content
policy allows exactly the script and the style that stand in it, by their hashes, and no connection at all: what is checked
cannot leave the device, whoever made the file.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from markupsafe import Markup

from api.pages import site, static
from api.pages.inlined import inlined
from ledger import words
from ledger.paper.phrases import Phrases

ENTRY: Final = "verify/page.js"
NAMES: Final[Mapping[str, str]] = {"zh_CN": "check.zh.html", "en": "check.en.html"}
"""The file in each language, as a bundle carries it."""
SPOKEN: Final = ("check.", "finding.")
"""What of the catalogues the page's modules may say."""


def words_json(locale: str) -> Markup:
    """The texts of the checking page, to stand in a data block of HTML."""
    found = {key: text for key, text in words.keys(locale).items() if key.startswith(SPOKEN)}
    said = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(said.replace("<", "\\u003c"))  # noqa: S704  # our own texts, and nothing in them can end the block


@cache
def page(locale: str) -> bytes:
    """The file in one language."""
    sources = {path: file.data.decode() for path, file in static.files().items() if path.endswith(".js")}
    script = inlined(ENTRY, sources)
    style = static.files()["site.css"].data.decode()
    if "</script" in script.lower() or "</style" in style.lower():
        raise ValueError("a script or style that ends itself")
    html = (
        site.templates()
        .get_template("verify_offline.html")
        .render(
            t=Phrases(locale).text,
            lang=site.LANGUAGES[locale],
            policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'",
            script=Markup(script),  # noqa: S704  # our own module files
            style=Markup(style),  # noqa: S704
            words=words_json(locale),
        )
    )
    return html.encode()


def digest(locale: str) -> str:
    """The SHA-256 of the file, hex: what a poster or a release prints."""
    return hashlib.sha256(page(locale)).hexdigest()


def files() -> dict[str, bytes]:
    """The pages as a bundle carries them: they are no evidence."""
    return {name: page(locale) for locale, name in NAMES.items()}


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
