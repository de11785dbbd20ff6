"""The pages: what owners, treasurers and supervisors see of a ledger in a browser.

Rendered here, readable with scripts off; small ES modules add what needs the reader's own device: his keys, his checking.
Nothing is computed for a page that the API does not say: both read :mod:`ledger.store`, :mod:`ledger.books` and the prints'
words (:mod:`ledger.paper`).

=====================  =====================================================================================================
address                what it is
=====================  =====================================================================================================
``/``                  the ledgers kept here; with one ledger, straight to it
``/c/<ledger>/…``      the pages of one ledger, named by the first 16 digits of its genesis digest or all of them
``/check``             checking in the reader's browser, for files of any ledger; the page as one file
``/static/<v>/…``      style and modules; ``v`` is a digest of them all, so they may be kept for ever
=====================  =====================================================================================================
"""

from typing import Final

from fastapi import APIRouter

from api.pages import (
    accounts,
    ask,
    audits,
    community,
    desk,
    desk_bank,
    enrolling,
    entries,
    findings,
    kit,
    me,
    outbox,
    payments,
    privacy,
    questions,
    signing,
    statements,
    static,
    supervise,
    verify,
    votes,
    waiting,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.ROUTER,
    community.ROUTER,
    accounts.ROUTER,
    payments.ROUTER,
    desk.ROUTER,
    desk_bank.ROUTER,
    votes.ROUTER,
    kit.ROUTER,
    me.ROUTER,
    outbox.ROUTER,
    privacy.ROUTER,
    questions.ROUTER,
    ask.ROUTER,
    statements.ROUTER,
    entries.ROUTER,
    findings.ROUTER,
    audits.ROUTER,
    supervise.ROUTER,
    verify.ROUTER,
    signing.ROUTER,
    waiting.ROUTER,
    enrolling.ROUTER,
)
"""What people see."""
