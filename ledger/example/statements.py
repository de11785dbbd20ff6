"""The half-yearly statements of the example: drawn up from the ledger itself, signed by treasurer and chair, hung.

Each rests on a replay of the store's own history, so on nothing that another reader of the ledger would not have.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from ledger import canonical
from ledger.example import figures
from ledger.example.desk import Desk, Step
from ledger.store import statements


def steps() -> Iterable[Step]:
    """Each statement, published and hung."""
    for planned in figures.settings()["statements"]:
        yield Step(planned["at"], "statements", partial(publish, planned=planned))


def publish(desk: Desk, planned: Mapping[str, Any]) -> None:
    """Draw up and publish the statement of the next period; the same day it hangs in every lobby."""
    drawn = statements.draft(desk.store)
    period = planned["period"]
    record = desk.act("statement.published/1", drawn.body, ["treasurer", "chair"], f"statement {period}")
    desk.statements[period] = canonical.encode(drawn.statement)
    day = date.fromisoformat(planned["at"][:10])
    until = day + timedelta(days=planned["days"])
    hung = {"record": record, "start": day.isoformat(), "until": until.isoformat(), "places": planned["places"]}
    desk.act("posting.hung/1", hung, ["treasurer"])
