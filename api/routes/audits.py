"""``…/audits``: reports that auditors signed, each beside the same drawn up here; and drafts for those who watch.

A report costs a replay and every check. It is made like a print, one at a time on the whole server (:mod:`api.rendering`), and kept:
it follows from the entries before its prefix, so it can never differ.
"""

from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.asking import Asking, may, rendering_of
from api.problems import described
from api.routes.asked import LEDGER, After, Limit, Newest
from ledger.paper.audit import AuditView
from ledger.paper.auditprint import render_pdf
from ledger.publication.audited import AuditSort
from ledger.store import auditing
from ledger.store.auditing import About, Made
from ledger.store.reading import audits
from ledger.store.reading.audits import AuditItem, AuditItems, AuditShown

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["audits"])
PDF: Final = "application/pdf"
PRINT: Final[dict[int | str, dict[str, Any]]] = {
    **described(400, 404, 422),
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}},
}
Record = Annotated[
    str,
    Path(pattern=r"^[0-9a-f]{64}$", description="the record of a signed audit report", examples=["5e884898" * 8]),
]
Sort = Annotated[AuditSort, Query(description="what is audited")]
First = Annotated[str, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="first day", examples=["2026-01-01"])]
Last = Annotated[str, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="last day", examples=["2026-12-31"])]


class AuditDraft(BaseModel):
    """A report that nobody signed. ``body``: what an ``audit.reported/1`` that signs it says of it, beside opinion, firm and number."""

    digest: Annotated[str, Field(description="SHA-256 of the report's canonical JSON", examples=["5e884898" * 8])]
    body: dict[str, Any]
    report: Annotated[dict[str, Any], Field(description="amounts are fen")]


@ROUTER.get("/audits", response_model=AuditItems, responses=described(404))
def every(
    request: Request, after: After = "", limit: Limit = 20, newest: Newest = True, asking: Asking = may("audits")
) -> Response:
    """Signed audit reports, with opinion, firm and report code."""
    return answers.growing(request, audits.audits(asking.kept.store, after=after, limit=limit, newest=newest))


@ROUTER.get("/audits/draft", response_model=AuditDraft, responses=described(400, 401, 403, 404, 422))
async def draft(
    request: Request, sort: Sort, start: First, until: Last, asking: Asking = may("audit_draft")
) -> Response:
    """A report over all entries as they stand, for those who are going to sign or to compare it. Raises ``audit.days``."""
    made = await drawn(request, asking, About(sort, start, until, asking.kept.size))
    return answers.private(await to_thread.run_sync(_drafted, made))


@ROUTER.get("/audits/draft.pdf", response_class=Response, responses=PRINT | described(401, 403))
async def draft_print(
    request: Request, sort: Sort, start: First, until: Last, asking: Asking = may("audit_draft")
) -> Response:
    """The same as a print, which says that nobody signed it."""
    about = About(sort, start, until, asking.kept.size)
    made = await drawn(request, asking, about)
    return answers.private(await printed(request, asking, about, made), PDF)


@ROUTER.get("/audits/{record}.pdf", response_class=Response, responses=PRINT)
async def print_of(request: Request, record: Record, asking: Asking = may("audits")) -> Response:
    """A signed report as a print."""
    item, made = await one(request, asking, record)
    return answers.growing(request, await printed(request, asking, item.about, made, item), PDF)


@ROUTER.get("/audits/{record}", response_model=AuditShown, responses=described(404))
async def shown(request: Request, record: Record, asking: Asking = may("audits")) -> Response:
    """One signed report, and the same drawn up here."""
    item, made = await one(request, asking, record)
    return answers.growing(request, await to_thread.run_sync(audits.shown, item, made))


async def one(request: Request, asking: Asking, record: str) -> tuple[AuditItem, Made]:
    """A signed report and what is drawn up of the same. Raises NotFound ``audit.unknown``."""
    item = await to_thread.run_sync(audits.audit, asking.kept.store, record)
    return item, await drawn(request, asking, item.about)


async def drawn(request: Request, asking: Asking, about: About) -> Made:
    """A report, made unless it is kept. Raises as :func:`ledger.store.auditing.make` and :meth:`api.rendering.Rendering.made`."""
    key = ("audit", asking.kept.digest, *map(str, about))
    data = await rendering_of(request).made(key, lambda: auditing.make(asking.kept.store, about).encoded())
    return await to_thread.run_sync(Made.parse, data)


def worded(asking: Asking, made: Made, item: AuditItem | None = None) -> AuditView:
    """A report in the reader's language, with all who signed one of the same; ``item``: the one that is shown."""
    signed = audits.reported(asking.kept.store)
    own = next((one for one in signed if item is not None and one.record == item.record), None)
    return made.view(asking.locale, signed, own)


async def printed(request: Request, asking: Asking, about: About, made: Made, item: AuditItem | None = None) -> bytes:
    """The print."""
    seen = await to_thread.run_sync(worded, asking, made, item)
    # Who signs another one over the same, later, changes what is printed.
    key = ("audit.pdf", asking.kept.digest, *map(str, about), asking.locale, repr((seen.warnings, seen.signature)))
    return await rendering_of(request).made(key, lambda: render_pdf(seen, asking.locale))


def _drafted(made: Made) -> AuditDraft:
    report = made.report
    body = {name: report[name] for name in ("sort", "start", "until", "checks")}
    body |= {"prefix": report["size"], "form": report["audit"], "report": made.digest}
    return AuditDraft(digest=made.digest, body=body, report=dict(report))
