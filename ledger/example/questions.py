"""Owners' questions in the example, on their phones and on paper, their answers; and a board that one of them saw.

Four questions: one holds a large payment while it hangs in public, and lets it go by its answer; one is answered in time, one
late; the last has no answer when the example ends. Each is about something that an owner could ask of the year's figures, and
each answer says what the papers and the books say, no more. Texts are sealed: an entry has their commitments only.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from ledger.example import figures
from ledger.example.community import person_of
from ledger.example.desk import Desk, Step

Question = Mapping[str, Any]


def steps() -> Iterable[Step]:
    """What hangs, each question, its answer, what the asker makes of it; each sighting."""
    for question in figures.settings()["questions"]:
        yield Step(question["at"], "questions", partial(ask, question=question))
        if "answered" in question:
            yield Step(question["answered"], "questions", partial(answer, question=question))
        if "concluded" in question:
            yield Step(question["concluded"], "questions", partial(conclude, question=question))
    for sighting in figures.settings()["sightings"]:
        yield Step(sighting["at"], "questions", partial(see, sighting=sighting))


def free_from(payment: str) -> str:
    """The day from which no question holds a payment any more; empty where none ever did."""
    return max((q["answered"][:10] for q in figures.settings()["questions"] if q.get("holds") == payment), default="")


def ask(desk: Desk, question: Question) -> None:
    """With the owner's own key; or on paper, taken in by the registrar."""
    owner = person_of(question["owner"])
    body, text = {"about": desk.digests[question["about"]]}, {"text": question["text"]}
    name = f"question {question['name']}"
    if "slip" in question:
        body |= {"owner": desk.refs[owner], "slip": question["slip"]}
        desk.act("objection.received/1", body, ["registrar"], name, private=text)
    else:
        desk.act("objection.filed/1", body, [owner], name, private=text)


def answer(desk: Desk, question: Question) -> None:
    """By somebody of the committee; the papers it rests on stand in the ledger as records, so the text names them."""
    body = {"objection": desk.digests[f"question {question['name']}"]}
    private = {"text": question["answer"]}
    desk.act("objection.answered/1", body, [question["by"]], f"answer {question['name']}", private=private)


def conclude(desk: Desk, question: Question) -> None:
    """The asker says what he makes of the answer."""
    body = {"objection": desk.digests[f"question {question['name']}"], "outcome": question["outcome"]}
    desk.act("objection.concluded/1", body, [person_of(question["owner"])])


def see(desk: Desk, sighting: Mapping[str, Any]) -> None:
    """An owner saw it hang, and says so with a photograph."""
    body = {
        "record": desk.digests[sighting["about"]],
        "on": sighting["at"][:10],
        "evidence": sha256(photograph(sighting)).hexdigest(),
    }
    desk.act(
        "posting.seen/1",
        body,
        [person_of(sighting["owner"])],
        f"seen {sighting['about']}",
        private={"where": sighting["place"]},
    )


def photograph(sighting: Mapping[str, Any]) -> bytes:
    """The photograph of a sighting."""
    return figures.read(f"photographs/{sighting['photograph']}")
