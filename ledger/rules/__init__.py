"""What the law, the locality and the community's own rules ask for: as data, with its sources.

* :class:`Profile` 适用规则: every threshold, term and amount, adopted on the ledger as text;
  ``shipped("civil-code-2021")`` is the national default;
* :class:`Ratio`, :class:`Share`, :class:`Days`: exact tests, fractions and terms;
* :class:`WorkingDays`, :class:`LegalCalendar`: the State Council's yearly tables, rest days and deadlines.

Nothing here reads a clock, and nothing but the ``shipped`` functions reads a file: a ledger is judged by the texts that
stand in it.
"""

from ledger.rules.calendar import LegalCalendar, WorkingDays, notice_ok
from ledger.rules.profile import Profile, Setting, names, shipped
from ledger.rules.ratio import Days, Ratio, Share
from ledger.rules.schema import SCHEMA, Key, Kind
from ledger.rules.values import Evidence, MonthDay, Rate, Tier

__all__ = [
    "SCHEMA",
    "Days",
    "Evidence",
    "Key",
    "Kind",
    "LegalCalendar",
    "MonthDay",
    "Profile",
    "Rate",
    "Ratio",
    "Setting",
    "Share",
    "Tier",
    "WorkingDays",
    "names",
    "notice_ok",
    "shipped",
]
