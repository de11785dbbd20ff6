"""Reports over small communities in memory: ``drawn(house, "trust")`` is the report over all that was said there in 2026."""

from collections.abc import Mapping
from typing import Any

from ledger.audit.checks import CHECKS, Gathering, inputs_of
from ledger.audit.findings import Findings
from ledger.audit.following import SAID, Followed
from ledger.audit.replay import IndexPast, Replay
from ledger.audit.reports import INPUTS, report_of
from ledger.audit.review import Review, concluded
from ledger.publication.audited import AuditSort
from tests.audit.specimen import InMemory, log_files, log_keys
from tests.community import Community


def reviewed(house: Community) -> Review:
    """The review of a community; what it verified is nobody's business here."""
    followed = Followed(Gathering(inputs_of(CHECKS) | SAID | INPUTS))
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        followed.add(house.books, entry, facts)
    followed.replay = Replay(IndexPast(lambda seq: house.entries[seq].raw))
    return concluded(Findings().report(), followed)


def drawn(house: Community, sort: AuditSort, start: str = "2026-01-01", until: str = "2026-12-31") -> Mapping[str, Any]:
    """The report."""
    return report_of(reviewed(house), sort, start, until)


def section(report: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """One of its sections."""
    (found,) = (one for one in report["sections"] if one["code"] == code)
    return dict(found)


def said(report: Mapping[str, Any], code: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """What a section says: by code how it stands, and the figures."""
    return {one["code"]: (one["state"], one.get("figures", {})) for one in section(report, code)["said"]}


def rows(report: Mapping[str, Any], code: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table, each by its columns; ``state`` where it stands for something."""
    (found,) = (one for one in section(report, code)["tables"] if one["code"] == table)
    return [
        dict(zip(found["columns"], row["cells"], strict=True)) | ({"state": row["state"]} if "state" in row else {})
        for row in found["rows"]
    ]


def published(house: Community) -> InMemory:
    """The community's log as a server gives it."""
    return InMemory(log_files([entry.raw for entry in house.entries], log_keys(), house.time))
