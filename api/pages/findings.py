"""``/c/<ledger>/findings``: what does not fit, each as one sentence that leads to its entries; and what is asked of the ledger.

A finding is a question, not a verdict: the page says so first, and beside each stands what would settle it.
"""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site
from api.routes import findings as asked
from ledger import words
from ledger.audit.checks import SEVERITIES
from ledger.paper.plain import label
from ledger.store.reading.findings import FindingItem

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)


@ROUTER.get("/findings")
async def findings(
    request: Request,
    severity: Annotated[str, Query(max_length=10)] = "",
    entry: Annotated[int | None, Query(ge=0)] = None,
    asking: Asking = site.may("findings"),
) -> Response:
    """All that the reader may see today, the heaviest first; ``severity`` narrows, and so does an ``entry`` that they cite."""
    found = await to_thread.run_sync(asked.found, request, asking)
    counts = {name: sum(one.severity == name for one in found.items) for name in SEVERITIES}
    shown = [one for one in found.items if severity in ("", one.severity)]
    if entry is not None:
        shown = [one for one in shown if entry in {cited.seq for cited in one.evidence}]
    return site.page(
        request,
        "findings.html",
        asking=asking,
        private=bool(asking.reader.person),
        found=found,
        shown=shown,
        counts=counts,
        severity=severity if severity in counts else "",
        entry=entry,
        entries_of=entries_of,
    )


def entries_of(one: FindingItem) -> tuple[int, ...]:
    """The numbers of the entries that a finding cites, each once, the most telling first."""
    return tuple(dict.fromkeys(cited.seq for cited in one.evidence))


def place(part: str, locale: str) -> str:
    """A place in a record as people say it: the fourth line, the first part, a field by its label."""
    name, _, number = part.partition("/")
    key = f"page.finding_{name}"
    if number.isdigit() and words.has(key, locale):
        return words.text(key, locale, number=int(number) + 1)
    return label(name, locale) if name else ""


@ROUTER.get("/findings/{key}")
async def finding(
    request: Request, key: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], asking: Asking = site.may("findings")
) -> Response:
    """One finding. Raises NotFound ``finding.unknown``."""
    found = await to_thread.run_sync(asked.proven, request, asking, key)
    return site.page(request, "finding.html", asking=asking, private=bool(asking.reader.person), one=found, place=place)
