"""The trust model in the example: machine 2 adopted, the manager's terms and a year's open budget entered, all before its first day.

Rate, bases and the report promised every month are those of its contract and supplement. That a budget was adopted is the
example's own, and its text says so; so are the days of these acts.
"""

from collections.abc import Iterable

from ledger.example import community, figures
from ledger.example.desk import BOTH, Desk, Step


def steps() -> Iterable[Step]:
    """Machine, terms, budget."""
    settings = figures.settings()
    yield Step(settings["machine"]["at"], "trust", adopt_machine)
    yield Step(settings["trust"]["at"], "trust", agree)
    yield Step(settings["plan"]["at"], "trust", adopt_plan)


def adopt_machine(desk: Desk) -> None:
    """Chair and registrar let the ledger be read by machine 2 from the next entry on."""
    adopted = figures.settings()["machine"]
    body = {"machine": adopted["number"], "source": community.text_digest(adopted["text"])}
    desk.act("machine.adopted/1", body, BOTH, "machine")


def agree(desk: Desk) -> None:
    """The manager's terms, for the term of its contract."""
    terms = figures.settings()["trust"]
    (contract,) = (c for c in figures.contracts() if c.code == terms["contract"])
    body = {name: value for name, value in terms.items() if name not in ("at", "contract", "paper")}
    body |= {"trustee": contract.party, "start": contract.start, "until": contract.end}
    desk.act("trust.agreed/1", body | {"document": desk.digests[terms["paper"]]}, BOTH, "trust")


def adopt_plan(desk: Desk) -> None:
    """The year's open budget, registered as a paper first."""
    plan = figures.settings()["plan"]
    paper = {"kind": "budget", "subject": plan["subject"], "dated": plan["at"][:10]}
    document = desk.act(
        "document.entered/1", paper | {"original": community.text_digest(plan["text"])}, ["treasurer"], "plan paper"
    )
    body = {name: plan[name] for name in ("code", "start", "until", "lines")}
    desk.act(
        "plan.adopted/1", body | {"trust": figures.settings()["trust"]["code"], "document": document}, BOTH, "plan"
    )
