"""What whoever asked on paper is handed back: a numbered slip 回条 when it is taken in, the answer in big type when it is there.

Both are worded from the same :class:`Question`; the text of a question stands only where the reader may see it.
"""

from dataclasses import asdict, dataclass

from ledger.paper import pdf
from ledger.paper.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Question:
    """An objection to be printed. ``about``: in words; days as ISO text; ``answer`` empty before there is one."""

    community: str
    about: str
    slip: str
    entry: int
    leaf: str
    on: str
    due: str
    address: str
    text: str = ""
    answer: str = ""
    answered_on: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A print, worded: facts as (label, text), then texts as (label, text), each under its own heading."""

    title: str
    community: str
    number: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    keep: str
    seal: str
    code: str
    mark: str
    paper: str
    qr: str


def slip(question: Question, locale: str = "zh_CN") -> ReplyView:
    """The slip that says: taken in on this day, to be answered by that one. It holds nothing private."""
    phrases = Phrases(locale)
    days = (("asked_on", question.on), ("due", question.due))
    return _view(
        question,
        phrases,
        "slip",
        facts=((phrases.text("reply.about"), question.about), *_days(phrases, days)),
        paper="a5",
        seal="office_seal",
    )


def answer(question: Question, locale: str = "zh_CN") -> ReplyView:
    """The answer as a letter."""
    phrases = Phrases(locale)
    late = phrases.text("reply.late") if question.answered_on > question.due else ""
    days = (("asked_on", question.on), ("due", question.due))
    answered = (phrases.text("reply.answered_on"), f"{phrases.full_day(question.answered_on)}{late}")
    asked = ((phrases.text("reply.asked"), question.text),) if question.text else ()
    return _view(
        question,
        phrases,
        "answer",
        facts=((phrases.text("reply.about"), question.about), *_days(phrases, days), answered),
        texts=(*asked, (phrases.text("reply.answer"), question.answer)),
        paper="a4",
        seal="seal",
    )


def render_pdf(view: ReplyView, locale: str = "zh_CN") -> bytes:
    """A print as PDF. Raises as :func:`ledger.paper.pdf.compile_pdf`."""
    return pdf.compile_sheet("reply.typ", locale, asdict(view), view.qr)


def _days(phrases: Phrases, days: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((phrases.text(f"reply.{name}"), phrases.full_day(day)) for name, day in days)


def _view(
    question: Question,
    phrases: Phrases,
    name: str,
    *,
    facts: tuple[tuple[str, str], ...],
    texts: tuple[tuple[str, str], ...] = (),
    paper: str,
    seal: str,
) -> ReplyView:
    entry = phrases.text("term.entry", number=question.entry)
    return ReplyView(
        title=phrases.text(f"reply.{name}_title"),
        community=question.community,
        number=phrases.text("reply.number", number=question.slip) if question.slip else entry,
        facts=facts,
        texts=texts,
        keep=phrases.text(f"reply.{name}_keep"),
        seal=phrases.text(f"reply.{seal}"),
        code=f"{phrases.text('reply.code')} · {entry}",
        mark=phrases.text("term.example") if question.example else "",
        paper=paper,
        qr=f"{question.address or question.community}#{question.entry}.{question.leaf}",
    )
