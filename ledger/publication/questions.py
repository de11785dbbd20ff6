"""Objections as statements print them: each once too often rather than once too seldom.

A statement shows every question that the one before it did not show as ended: when it was asked, until when an answer was due,
when it came. What ends after a statement's prefix, but before its publication, is shown as ended by the next.
"""

from dataclasses import dataclass, field
from typing import Any

from ledger.publication.decide import StatementStands
from ledger.publication.objections import DROPPED, QuestionAnswered, QuestionAsked, QuestionConcluded


@dataclass(slots=True)
class Question:
    """An objection; ``ended``: the number of entries when it was answered or taken back, 0 while it is neither."""

    filed: QuestionAsked
    answered: str = ""
    """The day; empty while nobody has answered."""
    outcome: str = ""
    ended: int = 0


@dataclass(slots=True)
class Questions:
    """Those that the statement before did not show as ended, in the order in which they were filed."""

    asked: dict[str, Question] = field(default_factory=dict)

    def take(self, fact: object, size: int) -> None:
        """Take in a fact of the entry that made ``size`` entries of the log."""
        match fact:
            case QuestionAsked():
                self.asked[fact.objection] = Question(fact)
            case QuestionAnswered():
                question = self.asked[fact.objection]
                question.answered, question.ended = fact.on, size
            case QuestionConcluded() if fact.objection in self.asked:
                question = self.asked[fact.objection]
                question.outcome = fact.outcome
                question.ended = size if fact.outcome in DROPPED else question.ended
            case StatementStands():
                shown = fact.statement.prefix
                self.asked = {record: one for record, one in self.asked.items() if not 0 < one.ended <= shown}
            case _:
                pass

    def shown(self) -> list[dict[str, Any]]:
        """As a statement writes them. Who asked, and what, is nobody's business there."""
        return [
            {"objection": one.filed.objection, "about": one.filed.about, "on": one.filed.on, "due": one.filed.due}
            | {
                name: value
                for name, value in (("slip", one.filed.slip), ("answered", one.answered), ("outcome", one.outcome))
                if value
            }
            for one in self.asked.values()
        ]
