"""``/c/<ledger>/audits``: 审计报告. What auditors signed: opinion and who gave it, the checklist, the figures, the questions.

The report is drawn up here and compared with what was signed; its words are those of the print (:mod:`ledger.paper.audit`).
"""

from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import access
from api.asking import Asking
from api.pages import site
from api.routes import audits as asked
from api.routes.audits import First, Last, Record, Sort
from ledger import period
from ledger.audit.checks import SEVERITIES
from ledger.audit.reports import SECTIONS
from ledger.store.auditing import About
from ledger.store.reading import audits

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
DOOR: Final = "statements"
LISTED: Final = 100
"""Signed reports on one page: a community has three or four a year."""


@ROUTER.get("/audits")
def listed(request: Request, asking: Asking = site.may("audits")) -> Response:
    """All of them, the newest first; for those who watch, the choice of one to draw up."""
    books = asking.kept.books
    last = period.legal_day(books.head.time, books.offset).isoformat()
    return site.page(
        request,
        "audits.html",
        asking=asking,
        door=DOOR,
        audits=audits.audits(asking.kept.store, limit=LISTED).items,
        may_draft=bool(asking.reader.classes & access.TABLE["audit_draft"]),
        sorts=tuple(SECTIONS),
        first=books.accounts.opened_on or last,
        last=last,
    )


@ROUTER.get("/audits/draft")
async def draft(
    request: Request, sort: Sort, start: First, until: Last, asking: Asking = site.may("audit_draft")
) -> Response:
    """A report that nobody signed. Raises ``audit.days``."""
    made = await asked.drawn(request, asking, About(sort, start, until, asking.kept.size))
    seen = await to_thread.run_sync(asked.worded, asking, made)
    return site.page(
        request,
        "audit.html",
        asking=asking,
        door=DOOR,
        private=True,
        weights=SEVERITIES,
        view=seen,
        one=None,
        standing="",
        digest=made.digest,
        report=made.report,
        form=f"draft.pdf?sort={sort}&start={start}&until={until}",
        data=f"draft?sort={sort}&start={start}&until={until}",
    )


@ROUTER.get("/audits/{record}")
async def one(request: Request, record: Record, asking: Asking = site.may("audits")) -> Response:
    """One signed report. Raises NotFound ``audit.unknown``."""
    item, made = await asked.one(request, asking, record)
    seen = await to_thread.run_sync(asked.worded, asking, made, item)
    return site.page(
        request,
        "audit.html",
        asking=asking,
        door=DOOR,
        weights=SEVERITIES,
        view=seen,
        one=item,
        standing=audits.standing(item, made.digest),
        digest=made.digest,
        report=made.report,
        form=f"{record}.pdf",
        data=record,
    )
