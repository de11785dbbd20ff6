"""The frame of every page: language and size as the reader chose them, the five doors, who keeps the ledger.

Language and size come from the address (``?lang=en``, ``?size=large``), else from the cookie that an earlier choice left,
else from the browser. Both work with scripts off. A page is the same for everybody who chose alike, unless it says
:data:`PRIVATE <Audience.private>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import jinja2
from fastapi import Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from api import access, answers, asking
from api.asking import Asking, keeper_of, settings_of
from api.keeper import Kept
from api.pages import static
from api.problems import locale_of
from api.settings import Settings
from ledger.books import KINDS
from ledger.log.note import parse_vkey
from ledger.log.witness import Witness
from ledger.paper.phrases import Phrases

TEMPLATES: Final = Path(__file__).parent / "templates"
HTML: Final = "text/html; charset=utf-8"
SHORT: Final = 16
"""Digits of the genesis digest in an address: they find a ledger, they prove nothing."""
YEAR: Final = 31_536_000
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
ICP: Final = "https://beian.miit.gov.cn/"
POLICE: Final = "https://beian.mps.gov.cn/"
"""Where filing numbers of sites in China are looked up: a page must link to it beside the number."""
ASKS_SINCE: Final = KINDS["objection.filed/1"].since
"""The first machine that knows objections."""
LANGUAGES: Final[Mapping[str, str]] = {"zh_CN": "zh-CN", "en": "en"}
COOKIES: Final[Mapping[str, frozenset[str]]] = {"lang": frozenset({"zh", "en"}), "size": frozenset({"large", "plain"})}
"""Choices that a browser keeps, and what they may be."""


@dataclass(frozen=True, slots=True)
class Door:
    """One of the doors of a ledger: its page below ``/c/<ledger>/`` and its words."""

    path: str
    key: str


DOORS: Final = (
    Door("accounts", "page.door_accounts"),
    Door("income", "page.door_income"),
    Door("votes", "page.door_votes"),
    Door("payments", "page.door_payments"),
    Door("statements", "page.door_statements"),
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who holds this ledger, said on each of its pages, so that everybody knows whom it would take to change it unseen.

    ``keys`` are the log's keys as ``name+id``, ``here`` whether this server signs with them; ``cosigned`` are the witnesses
    outside this server whose line the newest head bears, ``silent`` those that it asks and whose line is missing.
    """

    host: str
    operator: str
    contact: str
    origin: str
    entries: int
    keys: tuple[str, ...]
    here: bool
    cosigned: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """Whether nobody but the keeper vouches for the newest head."""
        return not self.cosigned


@dataclass(frozen=True, slots=True)
class Site:
    """Whose site this is: its operator, and what the law wants at the foot of a page (filing numbers with their registers)."""

    operator: str
    contact: str
    filings: tuple[tuple[str, str], ...]


Ledger = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{16,64}$")]


def may(operation: str) -> Any:
    """A dependency like :func:`api.asking.may`, for pages: the ledger by the beginning of its digest."""
    if operation not in access.TABLE:
        raise KeyError(operation)

    async def asked(request: Request, ledger: Ledger) -> Asking:
        kept = keeper_of(request).beginning(ledger)
        reader = await asking.asked_by(request, kept)
        access.check(operation, reader)
        return Asking(kept, reader, locale(request))

    asked.operation = operation  # type: ignore[attr-defined]  # read by the test that walks every route
    return Depends(asked)


def locale(request: Request) -> str:
    """The reader's language: chosen now, chosen before, else as the browser asks, Chinese first."""
    if request.query_params.get("lang") not in COOKIES["lang"]:
        kept = request.cookies.get("lang")
        if kept in COOKIES["lang"]:
            return "en" if kept == "en" else "zh_CN"
    return locale_of(request)


def large(request: Request) -> bool:
    """Whether the reader chose big type 大字."""
    return _chosen(request, "size") == "large"


def asks(kept: Kept) -> bool:
    """Whether questions can be asked on this ledger at all; where not, no page speaks of them."""
    return kept.books.machine >= ASKS_SINCE


def home(kept: Kept) -> str:
    """The address of a ledger's first page."""
    return f"/c/{kept.digest[:SHORT]}/"


def page(
    request: Request,
    template: str,
    *,
    asking: Asking | None = None,
    door: str = "",
    private: bool = False,
    status: int = 200,
    **values: object,
) -> Response:
    """A page. Without ``asking`` it belongs to no ledger; ``private``: it depends on who reads it. Raises ``words.…``."""
    spoken = locale(request)
    phrases = Phrases(spoken)
    shown = asking.kept if asking else None
    reader = asking.reader if asking else access.STRANGER
    html = (
        templates()
        .get_template(template)
        .render(
            t=phrases.text,
            p=phrases,
            lang=LANGUAGES[spoken],
            large=large(request),
            static=static.address,
            doors=DOORS,
            door=door,
            home=home(shown) if shown else "/",
            ledger=shown.digest if shown else "",
            books=shown.books if shown else None,
            asks=asks(shown) if shown else False,
            keeping=keeping(request, shown) if shown else None,
            site=_site(request),
            reader=reader,
            offices=phrases.join(phrases.text(f"role.{role}") for role in sorted(reader.roles)),
            other_language="zh" if spoken == "en" else "en",
            here=request.url.path,
            **values,
        )
    )
    data = html.encode()
    if private or reader.person:
        response = answers.private(data, HTML, status)
    elif status != 200:
        response = Response(data, status, {"Cache-Control": "no-store"}, HTML)
    else:
        response = answers.growing(request, data, HTML)
        response.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
    for name, allowed in COOKIES.items():
        value = request.query_params.get(name)
        if value in allowed:
            secure = settings_of(request).secure
            response.set_cookie(name, value, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return response


@cache
def templates() -> jinja2.Environment:
    """Every value is escaped, a missing one is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["enumerate"] = enumerate
    made.globals["kinds"] = tuple(KINDS)
    return made


def keeping(request: Request, kept: Kept) -> Keeping:
    """Who holds a ledger, as this server knows it."""
    settings = settings_of(request)
    outside = {one.name for one in kept.witnesses if not _is_ours(one, settings)}
    cosigned = kept.head.cosigned & outside if kept.size else frozenset()
    return Keeping(
        host=settings.site.partition("://")[2],
        operator=settings.operator,
        contact=settings.contact,
        origin=kept.books.origin,
        entries=kept.size,
        keys=tuple(f"{key.name}+{key.key_id.hex()}" for key in map(parse_vkey, kept.books.vkeys)),
        here=kept.writable,
        cosigned=tuple(sorted(cosigned)),
        silent=tuple(sorted(outside - cosigned)),
    )


def _is_ours(witness: Witness, settings: Settings) -> bool:
    """Whether a witness runs where this service runs: then it says no more than the service does."""
    host = getattr(witness, "host", "")
    return not host or host in (*LOOPBACK, urlsplit(settings.site).hostname, settings.host)


def _site(request: Request) -> Site:
    settings = settings_of(request)
    named = ((settings.icp, ICP), (settings.police, POLICE))
    return Site(settings.operator, settings.contact, tuple((number, register) for number, register in named if number))


def _chosen(request: Request, name: str) -> str:
    for value in (request.query_params.get(name), request.cookies.get(name)):
        if value in COOKIES[name]:
            return value
    return ""
