"""Money over HTTP: :mod:`ledger.store.reading` answered as it is."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.asking import Asking, may
from api.problems import described
from api.routes.asked import LEDGER, After, Code, Digest, Limit, Newest
from ledger.store.private import PUBLIC
from ledger.store.reading import authorities, lines, money, payments, registers, withdrawals
from ledger.store.reading.shown import CURSOR_LIMIT, MOST

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["money"])
Number = Annotated[str, InPath(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{4,9}$", examples=["2026-03-0007"])]
Month = Annotated[
    str, Query(pattern=r"^$|^[0-9]{4}-[0-9]{2}$", description="only those of a month", examples=["2026-03"])
]


class LinesAsked(lines.LineFilter):
    """Which lines, from where on, how many, in which order."""

    after: Annotated[str, Field(max_length=CURSOR_LIMIT, description="`next` of an earlier answer")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    order: lines.Order = "log"


@ROUTER.get("/accounts", response_model=money.AccountItems, responses=described(404))
def accounts(request: Request, asking: Asking = may("money")) -> Response:
    """Own accounts, with what they hold for each fund and whose signatures they need."""
    return answers.growing(request, money.accounts(asking.kept.store))


@ROUTER.get("/accounts/{code}", response_model=money.AccountItem, responses=described(404))
def account(request: Request, code: Code, asking: Asking = may("money")) -> Response:
    """One own account."""
    return answers.growing(request, money.account(asking.kept.store, code))


@ROUTER.get("/funds", response_model=money.FundItems, responses=described(404))
def funds(request: Request, asking: Asking = may("money")) -> Response:
    """Funds, with where they lie."""
    return answers.growing(request, money.funds(asking.kept.store))


@ROUTER.get("/open", response_model=money.Open, responses=described(404))
def open_items(request: Request, asking: Asking = may("money")) -> Response:
    """What is not settled: suspense, payments without authority, deposits awaited, files unconfirmed."""
    return answers.growing(request, money.open_items(asking.kept.store))


@ROUTER.get("/lines", response_model=lines.Lines, responses=described(404))
def line_items(request: Request, wanted: Annotated[LinesAsked, Query()], asking: Asking = may("money")) -> Response:
    """Lines 账行 that a filter lets through."""
    found = lines.lines(asking.kept.store, wanted, after=wanted.after, limit=wanted.limit, order=wanted.order)
    return answers.growing(request, found)


@ROUTER.get("/vouchers", response_model=lines.Vouchers, responses=described(404))
def vouchers(
    request: Request, month: Month = "", after: After = "", limit: Limit = 100, asking: Asking = may("money")
) -> Response:
    """Vouchers 记账凭证 by number."""
    return answers.growing(request, lines.vouchers(asking.kept.store, month=month, after=after, limit=limit))


@ROUTER.get("/vouchers/{number}", response_model=lines.VoucherWhole, responses=described(404))
def voucher(request: Request, number: Number, asking: Asking = may("money")) -> Response:
    """One voucher with its legs and lines."""
    return answers.growing(request, lines.voucher(asking.kept.store, number))


@ROUTER.get("/withdrawals", response_model=withdrawals.WithdrawalItems, responses=described(404))
def withdrawal_items(
    request: Request,
    live: Annotated[bool, Query(description="only those with a stage that waits")] = False,
    after: After = "",
    limit: Limit = 50,
    newest: Newest = True,
    asking: Asking = may("money"),
) -> Response:
    """Withdrawals with their steps."""
    found = withdrawals.withdrawals(asking.kept.store, after=after, limit=limit, newest=newest, live=live)
    return answers.growing(request, found)


@ROUTER.get("/withdrawals/{digest}", response_model=withdrawals.WithdrawalItem, responses=described(404))
def withdrawal(request: Request, digest: Digest, asking: Asking = may("money")) -> Response:
    """One withdrawal by its application: each step, and which seats are still needed."""
    return answers.growing(request, withdrawals.withdrawal(asking.kept.store, digest))


@ROUTER.get("/authorities", response_model=authorities.AuthorityItems, responses=described(404))
def authority_items(
    request: Request, after: After = "", limit: Limit = 100, newest: Newest = True, asking: Asking = may("money")
) -> Response:
    """Authorities 用款依据 that motions granted: payments, lines of budgets, delegations."""
    return answers.growing(request, authorities.authorities(asking.kept.store, after=after, limit=limit, newest=newest))


@ROUTER.get("/contracts", response_model=registers.ContractItems, responses=described(404))
def contracts(request: Request, after: After = "", limit: Limit = 100, asking: Asking = may("money")) -> Response:
    """Contracts by code."""
    return answers.growing(request, registers.contracts(asking.kept.store, after=after, limit=limit))


@ROUTER.get("/contracts/{code}", response_model=registers.ContractItem, responses=described(404))
def contract(request: Request, code: Code, asking: Asking = may("money")) -> Response:
    """One contract."""
    return answers.growing(request, registers.contract(asking.kept.store, code))


@ROUTER.get("/parties", response_model=registers.PartyItems, responses=described(404))
def parties(request: Request, after: After = "", limit: Limit = 100, asking: Asking = may("money")) -> Response:
    """Payers and payees by code."""
    audiences = asking.reader.audiences
    return _by_audience(
        request, asking, registers.parties(asking.kept.store, audiences=audiences, after=after, limit=limit)
    )


@ROUTER.get("/parties/{code}", response_model=registers.PartyItem, responses=described(404))
def party(request: Request, code: Code, asking: Asking = may("money")) -> Response:
    """One payer or payee."""
    found = registers.party(asking.kept.store, code, audiences=asking.reader.audiences)
    return _by_audience(request, asking, found)


@ROUTER.get("/payments/{digest}", response_model=payments.Payment, responses=described(404))
def payment(request: Request, digest: Digest, asking: Asking = may("money")) -> Response:
    """A payment with its voucher and lines, withdrawal, authority, and the motion, meeting, ballots and roll behind it."""
    return answers.growing(request, payments.payment(asking.kept.store, digest))


def _by_audience(request: Request, asking: Asking, value: BaseModel) -> Response:
    """What a stranger sees may be kept; what more somebody sees may not."""
    if asking.reader.audiences == {PUBLIC}:
        return answers.growing(request, value)
    return answers.private(value)
