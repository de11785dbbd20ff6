"""Which contracts the owners decided on: by what a passed motion names.

A motion names a contract where its text, or one of its attachments, is the contract's paper or record. Its words are not
read: a digest is the same thing or it is not.
"""

from collections.abc import Callable
from typing import Final

from ledger.accounts.records import ContractEntered
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.votes.facts import MotionDecided
from ledger.votes.records import MeetingCalled, Motion

USE_OF_COMMON_PARTS: Final = 8
"""CC 278(8): change of use of common parts, or business with them."""


def passed(case: Dossier) -> tuple[tuple[Noted[MotionDecided], Motion], ...]:
    """The motions that all owners passed, each with its words; an opinion that was asked for decides nothing."""
    called = {
        f"{act.digest}#{number}": m for act in case.acts(MeetingCalled) for number, m in enumerate(act.body.motions)
    }
    decided = (noted for noted in case.facts(MotionDecided) if noted.fact.passed and noted.fact.founds_authority)
    return tuple((noted, called[noted.fact.motion]) for noted in decided)


def named_by_decisions(case: Dossier) -> Callable[[Acted[ContractEntered]], bool]:
    """Whether a passed motion names a contract."""
    digests = {digest for _, motion in passed(case) for digest in (motion.text, *motion.attachments)}
    return lambda act: not digests.isdisjoint(papers_of(case, act))


def papers_of(case: Dossier, act: Acted[ContractEntered]) -> frozenset[str | None]:
    """The digests by which a contract can be named: its record, its paper's record and files."""
    paper = case.documents().get(act.body.document or "")
    files = (paper.body.original, paper.body.redacted) if paper else ()
    return frozenset((act.digest, act.body.document, *files))
