"""The cycles of a contract: which span of days one of its fixed amounts is for.

A cycle runs from the contract's first day, whatever day that is; where none is known, from the first of January.

>>> span("year", "2018-12-01", date(2019, 1, 4))
(datetime.date(2018, 12, 1), datetime.date(2019, 11, 30))
>>> written(span("month", "2019-01-31", date(2019, 3, 1))), written(span("quarter", "", date(2019, 5, 2)))
('2019-02-28..2019-03-30', '2019-04-01..2019-06-30')
>>> span("metered", "2018-12-01", date(2019, 1, 4)), span("year", "2019-06-01", date(2019, 1, 4))
(None, None)
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from ledger import period

MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""Months of each cycle that comes again."""
Span = tuple[date, date]


def span(cycle: str, start: str, day: date) -> Span | None:
    """The cycle that holds ``day``; None for what does not come again, and before the contract's first day."""
    months = MONTHS.get(cycle)
    if months is None:
        return None
    first = period.parse_day(start) if start else day.replace(month=1, day=1)
    if day < first:
        return None
    # The nth cycle begins n cycles after the first one, not one after the last: a short month must not move it.
    number = ((day.year - first.year) * 12 + day.month - first.month) // months
    if period.add_months(first, number * months) > day:
        number -= 1
    begins = period.add_months(first, number * months)
    return begins, period.add_months(first, (number + 1) * months) - timedelta(days=1)


def written(of: Span | None) -> str:
    """A span as a part of a row says it (``covers``); empty for none."""
    return f"{of[0].isoformat()}..{of[1].isoformat()}" if of else ""
