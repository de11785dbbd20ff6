"""Objections 异议: questions of owners without an answer in time, and questions that their owner never asked. Row 28.

Until when an answer is due is said by the ledger itself when the question is asked, with the rules of that day.
"""

from collections.abc import Iterator
from typing import Final

from ledger import period
from ledger.audit.checks.dossier import Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.publication.objections import DROPPED, NOT_MINE, QuestionAnswered, QuestionAsked, QuestionConcluded


def unanswered(case: Dossier) -> Iterator[Found]:
    """The day on which the answer was due has passed, and none has come; nor was the question taken back."""
    answered = {noted.fact.objection for noted in case.facts(QuestionAnswered)}
    dropped = {noted.fact.objection for noted in case.facts(QuestionConcluded) if noted.fact.outcome in DROPPED}
    for noted in case.facts(QuestionAsked):
        asked, due = noted.fact, period.parse_day(noted.fact.due)
        if asked.objection not in answered | dropped and case.day > due:
            yield found(noted.cite(), asked_day=asked.on, due_day=asked.due, days=(case.day - due).days)


def answered_late(case: Dossier) -> Iterator[Found]:
    """The answer came after the day on which it was due."""
    asked = {noted.fact.objection: noted for noted in case.facts(QuestionAsked)}
    for noted in case.facts(QuestionAnswered):
        answer = noted.fact
        if answer.on > answer.due:
            late = (period.parse_day(answer.on) - period.parse_day(answer.due)).days
            yield found(
                noted.cite(), asked[answer.objection].cite(), due_day=answer.due, answered_day=answer.on, days=late
            )


def not_asked(case: Dossier) -> Iterator[Found]:
    """An owner says with his own key that a question on paper, taken in under his name, is not his."""
    asked = {noted.fact.objection: noted for noted in case.facts(QuestionAsked)}
    for noted in case.facts(QuestionConcluded):
        if noted.fact.outcome == NOT_MINE:
            question = asked[noted.fact.objection]
            yield found(noted.cite(), question.cite(), slip=question.fact.slip, asked_day=question.fact.on)


_BASIS: Final = ("CC 285", "O165 30")

CHECKS: Final = (
    Check(
        "question.unanswered", "28", "medium", _BASIS, (QuestionAsked, QuestionAnswered, QuestionConcluded), unanswered
    ),
    Check("question.answered_late", "28", "low", _BASIS, (QuestionAsked, QuestionAnswered), answered_late),
    Check("question.not_asked", "28", "high", _BASIS, (QuestionAsked, QuestionConcluded), not_asked),
)
