"""Trust terms 信托条款 as they stand together: which took the place of which, until when each runs, what was taken off under them.

Terms that others replace end the day before those begin. A deduction counts under the terms of its day, whichever of them it
names; one that was corrected counts no more.
"""

from ledger import period
from ledger.accounts.trust import TrustAgreed, TrustDeducted
from ledger.audit.checks.dossier import Acted, Dossier


def last_day(case: Dossier, terms: Acted[TrustAgreed]) -> str:
    """The last day of terms: as agreed, or the day before others take their place; before they begin where none is left."""
    after = [act.body.start for act in case.acts(TrustAgreed) if act.body.replaces == terms.body.code]
    return min([terms.body.until, *(period.add_days(period.parse_day(day), -1).isoformat() for day in after)])


def standing(case: Dossier) -> list[Acted[TrustAgreed]]:
    """The terms of which a day is left."""
    return [act for act in case.acts(TrustAgreed) if act.body.start <= last_day(case, act)]


def deductions(case: Dossier, terms: Acted[TrustAgreed]) -> list[Acted[TrustDeducted]]:
    """What was taken off on the days of these terms."""
    every = case.acts(TrustDeducted)
    wrong = {act.body.corrects for act in every}
    own, until = _chain(case, terms), last_day(case, terms)
    return [
        act
        for act in every
        if act.body.amount
        and act.digest not in wrong
        and act.body.trust in own
        and terms.body.start <= act.body.on <= until
    ]


def _chain(case: Dossier, terms: Acted[TrustAgreed]) -> set[str]:
    """The codes of terms that took each other's place, these among them."""
    first: dict[str, str] = {}
    for act in case.acts(TrustAgreed):  # in log order: what is replaced stands before
        first[act.body.code] = first[act.body.replaces] if act.body.replaces else act.body.code
    return {code for code, one in first.items() if one == first[terms.body.code]}
