"""Findings 核查提示 as they are shown: a sentence, the law, the entries, what would settle it, and the answer beside it."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ledger.audit.checks import Finding
from ledger.paper.findings import Findings
from ledger.store.reading.shown import Day, Digest, Seq, Shown
from ledger.store.reviewing import BY_CODE, Reviewed

if TYPE_CHECKING:
    from ledger.store.store import Store

Severity = Literal["critical", "high", "medium", "low"]
Key = Annotated[
    str, Field(description="names the finding for ever: SHA-256 of its check and places", examples=["5e884898" * 8])
]


class EvidenceItem(Shown):
    """An entry that shows it; ``part``: the place in its body."""

    seq: Seq
    record: Digest
    part: str | None = None


class AnswerItem(Shown):
    """What the body or the company has to say to it; ``text`` is absent where an order had it withdrawn."""

    seq: Seq
    record: Digest
    text: str | None = None


class FindingItem(Shown):
    """A question that the ledger's own data raise. ``weak``: a statistical or circumstantial sign.

    ``public_from``: the day from which everybody sees it; absent where everybody does already.
    """

    key: Key
    code: Annotated[str, Field(description="the check", examples=["contract.term_differs"])]
    row: Annotated[str, Field(description="row of the irregularity table", examples=["15"])]
    severity: Severity
    weak: bool
    title: str
    says: str
    clears: Annotated[str, Field(description="what would settle it")]
    basis: Annotated[tuple[str, ...], Field(description="articles, by the abbreviations of docs/checks.md")]
    figures: Annotated[dict[str, Any], Field(description="the figures met; names that end in _fen are fen")]
    evidence: tuple[EvidenceItem, ...]
    public_from: Day | None = None
    answers: tuple[AnswerItem, ...] = ()


class ProofItem(Shown):
    """The inclusion of an entry under the root of ``size`` entries."""

    seq: Seq
    leaf: Digest
    path: tuple[str, ...]


class FindingShown(FindingItem):
    """One finding with the proofs of its entries."""

    size: int
    root: Digest
    proofs: tuple[ProofItem, ...]


def visible(reviewed: Reviewed, today: str, *, early: bool) -> Iterator[Finding]:
    """The findings that a reader sees today; ``early``: one who need not wait for the answer window to be over."""
    return (finding for finding in reviewed.findings if early or reviewed.public(finding, today))


def item(
    store: "Store", reviewed: Reviewed, finding: Finding, told: Findings, today: str, allowed: Collection[str]
) -> FindingItem:
    """A finding in the reader's language."""
    check = BY_CODE[finding.code]
    public_from = "" if reviewed.public(finding, today) else reviewed.public_from(finding)
    return FindingItem(
        key=finding.key,
        code=finding.code,
        row=check.row,
        severity=finding.severity,
        weak=check.weak,
        title=told.title(finding.code),
        says=told.says(finding.code, finding.figures),
        clears=told.clears(finding.code),
        basis=check.basis,
        figures=dict(finding.figures),
        evidence=tuple(
            EvidenceItem(seq=cited.seq, record=cited.record, part=cited.part or None) for cited in finding.evidence
        ),
        public_from=public_from or None,
        answers=tuple(_answers(store, reviewed.answered.get(finding.key, ()), allowed)),
    )


def _answers(store: "Store", records: Collection[str], allowed: Collection[str]) -> Iterator[AnswerItem]:
    for record in records:
        opened = {one.field: one.value for one in store.openings(record, allowed)}
        text = opened.get("text")
        yield AnswerItem(seq=store.seq_of(record), record=record, text=str(text) if text is not None else None)
