"""The routes, one file a theme; each says its row of the access table."""

from typing import Final

from fastapi import APIRouter

from api.routes import (
    acts,
    audits,
    bank,
    desk,
    documents,
    entries,
    events,
    export,
    findings,
    health,
    invitations,
    ledgers,
    log,
    meetings,
    money,
    objections,
    outbox,
    postings,
    search,
    session,
    statements,
    submissions,
    units,
    waiting,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.ROUTER,
    ledgers.ROUTER,
    entries.ROUTER,
    money.ROUTER,
    bank.ROUTER,
    desk.ROUTER,
    meetings.ROUTER,
    statements.ROUTER,
    postings.ROUTER,
    objections.ROUTER,
    outbox.ROUTER,
    documents.ROUTER,
    units.ROUTER,
    findings.ROUTER,
    audits.ROUTER,
    search.ROUTER,
    events.ROUTER,
    export.ROUTER,
    acts.ROUTER,
    waiting.ROUTER,
    invitations.ROUTER,
    submissions.ROUTER,
    session.ROUTER,
    log.ROUTER,
)
"""What programs ask; the last takes any path below a log's prefix."""
