"""``/c/<ledger>/desk/bank/<account>`` and ``…/desk/files/<file>``: a month from the bank's file, and its second person."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.responses import Response

from api.asking import Asking, today
from api.pages import site
from api.pages.titles import Titles
from api.routes import bank
from api.routes.bank import FileBody
from ledger.errors import MingzhangError, NotFound
from ledger.exchange.matching import Match
from ledger.store.importing import Look
from ledger.store.reading import files, registers, withdrawals

ROUTER: Final = APIRouter(prefix="/c/{ledger}/desk", include_in_schema=False)
NATURES: Final = ("income", "expense", "pass_through", "payable", "deposit_held", "own_transfer", "refund")
LISTED: Final = 200
Code = Annotated[str, InPath(max_length=40)]


@dataclass(frozen=True, slots=True)
class RowView:
    """A new row: as the bank prints it, what it is proposed to be and why, what stays in suspense."""

    day: str
    name: str
    text: str
    amount: int
    what: str
    why: str
    open: int


@dataclass(frozen=True, slots=True)
class PaperView:
    """A document that may be evidence."""

    record: str
    subject: str
    number: str


@ROUTER.get("/bank/{code}")
def choose(request: Request, code: Code, asking: Asking = site.may("pages")) -> Response:
    """Choosing the file. Raises NotFound ``account.unknown``."""
    account = asking.kept.books.accounts.account(code)
    return site.page(request, "desk_bank.html", asking=asking, account=account, **_choices(asking))


@ROUTER.post("/bank/{code}/look")
async def look(request: Request, body: FileBody, code: Code, asking: Asking = site.may("bank")) -> Response:
    """The new rows of a file, to stand in the page that chose it: a part of a page, with the acts that would be signed."""
    seen = await to_thread.run_sync(bank.look_at, asking, code, body)
    shown = bank.shown(seen)
    rows = await to_thread.run_sync(_rows, asking, seen)
    acts = [act.model_dump() for act in shown.acts]
    return site.page(
        request,
        "bank_review.html",
        asking=asking,
        private=True,
        titles=Titles(asking),
        seen=shown,
        rows=rows,
        acts=acts,
    )


@ROUTER.get("/files/{digest}")
def file(request: Request, digest: str, asking: Asking = site.may("desk")) -> Response:
    """A file that waits for its second person. Raises NotFound ``bank.no_file_to_confirm``."""
    found = files.file(asking.kept.store, digest, audiences=asking.reader.audiences)
    said = _Saying(asking)
    what = {row.record: said.parts([part.model_dump(exclude_none=True) for part in row.parts]) for row in found.items}
    return site.page(request, "desk_file.html", asking=asking, private=True, titles=said.titles, file=found, what=what)


@ROUTER.get("/suspense/{digest}")
def suspense(request: Request, digest: str, asking: Asking = site.may("desk")) -> Response:
    """A row in suspense, to be said what it was. Raises NotFound ``suspense.unknown``."""
    accounts, store = asking.kept.books.accounts, asking.kept.store
    held = accounts.suspense.get(digest)
    if held is None:
        raise NotFound("suspense.unknown", digest[:80])
    return site.page(
        request,
        "desk_suspense.html",
        asking=asking,
        private=True,
        held=held,
        account=accounts.account(held.account),
        narration=files.narration(store, digest, asking.reader.audiences),
        documents=_documents(asking),
        today=today(request, asking.kept),
        **_choices(asking),
    )


def _choices(asking: Asking) -> dict[str, Any]:
    """What may be said of a part."""
    accounts, titles = asking.kept.books.accounts, Titles(asking)
    chosen = accounts.chart.categories if accounts.chart_text else ()
    return {
        "titles": titles,
        "natures": NATURES,
        "categories": sorted((titles.category(one), one) for one in chosen),
        "parties": registers.parties(asking.kept.store, limit=LISTED).items,
        "contracts": registers.contracts(asking.kept.store, limit=LISTED).items,
        "boxes": [one for one in accounts.accounts.values() if one.nature == "petty"],
    }


def _documents(asking: Asking) -> list[PaperView]:
    """The documents that were entered last."""
    entries = asking.kept.store.using("document")[-LISTED:]
    return [
        PaperView(
            entry.record.digest, str(entry.record.body["subject"]), str(entry.record.body.get("number_printed", ""))
        )
        for entry in reversed(entries)
    ]


class _Saying:
    """What the parts of rows say, in words."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.titles = Titles(asking)

    def parts(self, parts: list[dict[str, Any]]) -> str:
        """All parts of a row; what is in suspense says nothing."""
        return self.titles.phrases.clauses(self._part(part) for part in parts)

    def _part(self, part: dict[str, Any]) -> str:
        phrases = self.titles.phrases
        if "settles" in part:
            return self._settled(part["settles"])
        if "returns" in part:
            return phrases.text("desk.gives_back")
        said = [self.titles.category(part["category"]), part.get("contract"), self._covers(part.get("covers"))]
        return phrases.join(one for one in said if one)

    def _covers(self, covers: str | None) -> str:
        """The days that a part is for; written by hand they stand as they are."""
        first, dots, last = (covers or "").partition("..")
        return f"{first}—{last}" if dots else first

    def _settled(self, ref: str) -> str:
        application, stage, _number = ref.partition("#")
        if not stage:
            return self.titles.phrases.text("bank.reason.deposit")
        try:
            found = withdrawals.withdrawal(self._asking.kept.store, application)
        except MingzhangError:
            return self.titles.phrases.text("desk.a_payment")
        return self.titles.phrases.join([self.titles.party(found.party), found.purpose])


def _rows(asking: Asking, seen: Look) -> list[RowView]:
    said = _Saying(asking)
    return [_row(said, match) for match in seen.matches]


def _row(said: _Saying, match: Match) -> RowView:
    row = match.row
    return RowView(
        day=row.on.isoformat(),
        name=row.counterparty,
        text=row.narration,
        amount=row.amount,
        what=said.parts([dict(part) for part in match.parts]),
        why=said.titles.phrases.text(f"bank.reason.{match.reason}"),
        open=match.open,
    )
