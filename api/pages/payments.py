"""``/c/<ledger>/income`` 收款 and ``/payments`` 付款: every line that came in and went out, and one payment with all it rests on."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.asking import Asking, today
from api.pages import site
from api.pages.questions import asked_about
from api.pages.titles import Titles
from ledger.people.state import BODY_ROLES
from ledger.store.reading import due, lines, payments, registers, withdrawals
from ledger.store.reading.lines import LineFilter
from ledger.store.reading.registers import ContractItem
from ledger.store.reading.withdrawals import WithdrawalItem
from ledger.store.undoing import UNDOABLE

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
PAGE: Final = 50
"""Lines of one page."""
CONTRACTS: Final = 100

Chosen = Annotated[str, Query(max_length=80)]
After = Annotated[str, Query(max_length=400)]


@ROUTER.get("/income")
def income(request: Request, category: Chosen = "", after: After = "", asking: Asking = site.may("pages")) -> Response:
    """What came in, the newest first, and the contracts that bring it."""
    contracts = registers.contracts(asking.kept.store, limit=CONTRACTS).items
    return _listed(request, asking, "income", LineFilter(least=1, category=category), after, contracts=contracts)


@ROUTER.get("/payments")
def paid(
    request: Request, category: Chosen = "", basis: Chosen = "", after: After = "", asking: Asking = site.may("pages")
) -> Response:
    """What went out, the newest first, and the payments on their way."""
    running = withdrawals.withdrawals(asking.kept.store, live=True, limit=PAGE).items
    wanted = LineFilter(most=-1, category=category, basis=basis)
    return _listed(request, asking, "payments", wanted, after, running=running)


@ROUTER.get("/payments/{record}")
def payment(request: Request, record: str, asking: Asking = site.may("pages")) -> Response:
    """One payment: its lines and voucher, the approvals, the decision, the vote. Raises NotFound ``record.unknown``."""
    found = payments.payment(asking.kept.store, record)
    door = "income" if sum(line.amount for line in found.lines) > 0 else "payments"
    undoable = bool(asking.reader.roles & BODY_ROLES) and may_undo(found)
    about = [record, *(one.application for one in found.withdrawals)]
    return site.page(
        request,
        "payment.html",
        asking=asking,
        door=door,
        titles=Titles(asking),
        payment=found,
        undoable=undoable,
        asked=asked_about(asking, today(request, asking.kept), about),
    )


@ROUTER.get("/withdrawals/{application}")
def withdrawal(request: Request, application: str, asking: Asking = site.may("pages")) -> Response:
    """A payment on its way: the steps taken, the ones still needed. Raises NotFound ``withdrawal.unknown``."""
    day = today(request, asking.kept)
    item = due.one(asking.kept.store, application, day)
    shown = item.withdrawal
    return site.page(
        request,
        "withdrawal.html",
        asking=asking,
        door="payments",
        titles=Titles(asking),
        one=shown,
        asked=asked_about(asking, day, [application, *([shown.proposal] if shown and shown.proposal else [])]),
        item=item,
        today=day,
    )


def may_undo(payment: payments.Payment) -> bool:
    """Whether a contra of it could stand: of its kind, and not taken back yet."""
    return payment.kind in UNDOABLE and all(voucher.corrected_by is None for voucher in payment.vouchers)


def _listed(
    request: Request,
    asking: Asking,
    door: str,
    wanted: LineFilter,
    after: str,
    *,
    contracts: Sequence[ContractItem] = (),
    running: Sequence[WithdrawalItem] = (),
) -> Response:
    found = lines.lines(asking.kept.store, wanted, after=after, limit=PAGE, order="newest")
    titles = Titles(asking)
    listed = sorted({(titles.category(code), code) for code in _categories(titles)})
    return site.page(
        request,
        f"{door}.html",
        asking=asking,
        door=door,
        titles=titles,
        lines=found.items,
        next=found.next,
        wanted=wanted,
        categories=listed,
        contracts=contracts,
        running=running,
    )


def _categories(titles: Titles) -> list[str]:
    accounts = titles.books.accounts
    return list(accounts.chart.categories) if accounts.chart_text else []
