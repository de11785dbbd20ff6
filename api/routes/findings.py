"""``…/findings``: what does not fit in a ledger, as questions with their entries, proofs and answers; ``…/checks``: what is asked.

Officers of the body and those who watch see a finding at once; everybody sees it when its answer window is over.
"""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.access import OFFICER, WATCHER
from api.asking import Asking, may, today
from api.problems import described
from api.routes.asked import LEDGER
from ledger.audit.checks import CHECKS, VERSION
from ledger.errors import NotFound
from ledger.paper.findings import Findings, Registers
from ledger.paper.phrases import Phrases
from ledger.store.reading import findings
from ledger.store.reading.findings import FindingItem, FindingShown, ProofItem, Severity
from ledger.store.reviewing import Reviewed

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["findings"])
EARLY: Final = frozenset({OFFICER, WATCHER})


class CheckItem(BaseModel):
    """A check that is asked of every ledger."""

    code: str
    row: str
    severity: Severity
    weak: bool
    title: str
    clears: str
    basis: list[str]


class Checks(BaseModel):
    """All checks, and their version."""

    version: int
    items: list[CheckItem]


class FindingsShown(BaseModel):
    """What the checks find in the first ``size`` entries. ``hidden``: findings whose answer window still runs; ``failed``: checks
    that could not cope with what they met, so that nothing is said of what they ask.
    """

    size: int
    checks: int
    asked: Annotated[int, Field(description="how many checks were asked")]
    hidden: int
    failed: list[str]
    items: list[FindingItem]


@ROUTER.get("/checks", response_model=Checks, responses=described(404))
def checks(request: Request, asking: Asking = may("findings")) -> Response:
    """What is asked of every ledger, with the law behind each question."""
    told = Findings(Phrases(asking.locale), Registers())
    shown = [
        CheckItem(
            code=check.code,
            row=check.row,
            severity=check.severity,
            weak=check.weak,
            title=told.title(check.code),
            clears=told.clears(check.code),
            basis=list(check.basis),
        )
        for check in CHECKS
    ]
    return answers.growing(request, Checks(version=VERSION, items=shown))


@ROUTER.get("/findings", response_model=FindingsShown, responses=described(404))
async def every(
    request: Request,
    severity: Annotated[Severity | None, Query(description="only of this weight")] = None,
    code: Annotated[str | None, Query(max_length=80, description="only of this check")] = None,
    entry: Annotated[int | None, Query(ge=0, description="only those that cite this entry")] = None,
    asking: Asking = may("findings"),
) -> Response:
    """The findings, the heaviest first."""
    shown = await to_thread.run_sync(found, request, asking)
    items = [
        one
        for one in shown.items
        if (severity is None or one.severity == severity)
        and (code is None or one.code == code)
        and (entry is None or entry in {cited.seq for cited in one.evidence})
    ]
    return answers.private(shown.model_copy(update={"items": items}))


@ROUTER.get("/findings/{key}", response_model=FindingShown, responses=described(404))
async def one(
    request: Request,
    key: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    asking: Asking = may("findings"),
) -> Response:
    """One finding with the proofs of its entries. Raises NotFound ``finding.unknown``, also while its window runs."""
    return answers.private(await to_thread.run_sync(proven, request, asking, key))


def found(request: Request, asking: Asking) -> FindingsShown:
    """What the reader sees today."""
    day = today(request, asking.kept)
    reviewed = asking.kept.reviewing.at(asking.kept.size, day)
    told = _told(asking, reviewed)
    seen = list(findings.visible(reviewed, day, early=_early(asking)))
    return FindingsShown(
        size=reviewed.size,
        checks=VERSION,
        asked=len(CHECKS),
        hidden=len(reviewed.findings) - len(seen),
        failed=list(reviewed.failed),
        items=[
            findings.item(asking.kept.store, reviewed, finding, told, day, asking.reader.audiences) for finding in seen
        ],
    )


def proven(request: Request, asking: Asking, key: str) -> FindingShown:
    """One of them, with proofs."""
    day = today(request, asking.kept)
    reviewed = asking.kept.reviewing.at(asking.kept.size, day)
    finding = reviewed.finding(key)
    if finding is None or not (_early(asking) or reviewed.public(finding, day)):
        raise NotFound("finding.unknown", key, "the key of a finding that stands")
    proofs, told = asking.kept.reviewing.proofs(finding), _told(asking, reviewed)
    return FindingShown(
        **findings.item(asking.kept.store, reviewed, finding, told, day, asking.reader.audiences).model_dump(),
        size=proofs["size"],
        root=proofs["root"],
        proofs=tuple(
            ProofItem(seq=int(seq), leaf=proof["leaf"], path=tuple(proof["path"]))
            for seq, proof in proofs["proofs"].items()
        ),
    )


def _early(asking: Asking) -> bool:
    return bool(asking.reader.classes & EARLY)


def _told(asking: Asking, reviewed: Reviewed) -> Findings:
    return Findings(Phrases(asking.locale), Registers.of(reviewed.dossier))
