"""What is printed of an objection for whoever asked on paper: the slip that starts the clock, the answer as a letter."""

from typing import TYPE_CHECKING, Final

from ledger.errors import NotFound
from ledger.paper import reply
from ledger.store.about import about
from ledger.store.reading.objections import QuestionItem

if TYPE_CHECKING:
    from ledger.store.store import Store

FORMS: Final = ("slip", "answer")


def render(store: "Store", question: QuestionItem, form: str, address: str, locale: str) -> bytes:
    """A print of an objection as it was read, as PDF. Raises NotFound ``print.form``, ``print.not_answered``."""
    if form not in FORMS:
        raise NotFound("print.form", form[:40], ", ".join(FORMS))
    if form == "answer" and question.answer is None:
        raise NotFound("print.not_answered", question.objection)
    worded = _worded(store, question, address, locale)
    return reply.render_pdf(reply.slip(worded, locale) if form == "slip" else reply.answer(worded, locale), locale)


def _worded(store: "Store", question: QuestionItem, address: str, locale: str) -> reply.Question:
    answered = question.answer
    return reply.Question(
        community=store.books.name,
        about=about(store, question.about, locale).title,
        slip=question.slip or "",
        entry=question.seq,
        leaf=store.entry(question.seq).leaf.hex(),
        on=question.on,
        due=question.due,
        address=address,
        text=question.text or "",
        answer=(answered.text or "") if answered else "",
        answered_on=answered.on if answered else "",
        example=store.books.example,
    )
