"""Asking the checks of a small community: ``found(house, "contract.term_differs")`` has the figures of each finding."""

from collections.abc import Sequence

from ledger.audit.checks import CHECKS, Dossier, Finding, Gathering, inputs_of, run
from tests.community import Community


def dossier_of(community: Community) -> Dossier:
    """All that a community in memory said."""
    gathering = Gathering(inputs_of(CHECKS))
    for entry, facts in zip(community.entries, community.past.facts, strict=True):
        gathering.add(community.books, entry, facts)
    return gathering.close(community.books)


def findings(community: Community, code: str) -> Sequence[Finding]:
    """What one check finds there; the check must exist, and must have run alone without a fault."""
    (check,) = (check for check in CHECKS if check.code == code)
    return run(dossier_of(community), [check])


def found(community: Community, code: str) -> list[dict[str, int | str]]:
    """The figures of each finding of one check."""
    return [dict(finding.figures) for finding in findings(community, code)]
