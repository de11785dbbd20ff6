"""The keys of a profile: for each its type and what it accepts. A profile names every one of them, and no other.

The list is part of the machine: a key more or an accepted word more would let one reader accept what another refuses.
So it holds from the start every key that the law and the local regulations are known to need, whether or not the
present machine acts on it. A number of 0 means "none" wherever a profile may leave a thing open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """The types of values, by the accessor of :class:`ledger.rules.profile.Profile` that reads them."""

    RATIO = "ratio"
    SHARE = "share"
    SHARES = "shares"
    DAYS = "days"
    INTEGER = "integer"
    MONTHS = "months"
    FEN = "fen"
    FLAG = "flag"
    CHOICE = "choice"
    ITEMS = "items"
    NUMBERS = "numbers"
    MONTH_DAY = "month_day"
    TIERS = "tiers"
    RATES = "rates"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    ``words``: the accepted codes (for a ratio or share: codes accepted instead of one). ``least``, ``most``: of
    integers. ``may_be_empty``: of lists.
    """

    kind: Kind
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = 2**53 - 1
    may_be_empty: bool = False


ROLES: Final = (
    "chair",
    "vice_chair",
    "treasurer",
    "member",
    "caretaker",
    "registrar",
    "supervisor",
    "company",
    "clerk",
    "auditor",
    "scrutineer",
)
"""Roles a profile may ask to sign a statement or approve a payment."""

_RATIO = Key(Kind.RATIO)
_RATIO_OR_NONE = Key(Kind.RATIO, ("none",))
_DAYS = Key(Kind.DAYS)
_FLAG = Key(Kind.FLAG)
_FEN = Key(Kind.FEN)
_NUMBER = Key(Kind.INTEGER, most=9999)
_YEARS = Key(Kind.INTEGER, most=99)
_MONTHS = Key(Kind.MONTHS, most=120)


def _choice(*words: str) -> Key:
    return Key(Kind.CHOICE, words)


def _items(*words: str, may_be_empty: bool = False) -> Key:
    return Key(Kind.ITEMS, words, may_be_empty=may_be_empty)


SCHEMA: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "chart": _choice("adopted", "fund_2020_7", "small_enterprise", "non_profit"),
        "vote.participation": _RATIO,
        "vote.ordinary": _RATIO,
        "vote.special": _RATIO,
        "vote.base": _choice("participating", "all", "attending", "scope"),
        "vote.special_items": Key(Kind.NUMBERS, least=1, most=9, may_be_empty=True),
        "vote.special_modes": _items("dissent", "delegation", "collective", "default_consent", may_be_empty=True),
        "vote.scope_levels": _items("community", "building", "stack", "units"),
        "vote.head_merge": _choice("same_owner_set", "same_buyer", "none"),
        "vote.parking_default": _choice("registrable_only", "all", "none"),
        "vote.void_participates": _FLAG,
        "vote.non_voter_policy": _choice("exclude", "follow_majority"),
        "vote.non_voter_floor": _RATIO_OR_NONE,
        "vote.proxy_cap": _NUMBER,
        "vote.proxy_company_staff": _choice("allow", "warn", "refuse"),
        "vote.openings": _choice("coded", "scrutineers", "rooms"),
        "vote.unopened_after": _DAYS,
        "vote.platform": _choice("any", "city", "official_only"),
        "vote.paper": _choice("allowed", "merged", "on_request"),
        "vote.title_change": _choice("cast_stands", "roll_owner"),
        "vote.days_min": _NUMBER,
        "vote.days_max": _NUMBER,
        "vote.extension_months": _MONTHS,
        "vote.retable_years": _YEARS,
        "vote.call_share": _RATIO,
        "vote.revocation_years": _YEARS,
        "vote.result_post": _DAYS,
        "vote.result_inquiry": _DAYS,
        "notice.regular": _DAYS,
        "notice.extra": _DAYS,
        "notice.undeliverable": _DAYS,
        "election.candidate_post": _DAYS,
        "committee.post": _DAYS,
        "committee.caretaker_post": _DAYS,
        "committee.seal_consent": _RATIO,
        "committee.term_years": _YEARS,
        "committee.caretaker_years": _YEARS,
        "committee.report_months": _MONTHS,
        "committee.meeting_months": _MONTHS,
        "fund.deposit_rate": Key(Kind.SHARES),
        "fund.deposit_fen_m2": Key(Kind.RATES, may_be_empty=True),
        "fund.topup_trigger": _RATIO,
        "fund.topup_target": Key(Kind.SHARE, ("assembly", "covenant")),
        "fund.topup_decide": _DAYS,
        "fund.topup_pay": _DAYS,
        "fund.reconcile_months": _MONTHS,
        "fund.publish_months": _MONTHS,
        "fund.audit_free_fen": _FEN,
        "fund.overrun": _RATIO,
        "fund.invest": _choice("none", "treasury_hold", "deposits"),
        "emergency.categories": _items(
            "lift",
            "fire",
            "facade",
            "leak",
            "drains",
            "water_pump",
            "collapse",
            "curtain_wall",
            "burst_pipe",
            "garage_flood",
            "railings",
            "other",
        ),
        "emergency.evidence": Key(Kind.EVIDENCE),
        "emergency.approvers": _items(
            "committee", "caretaker_committee", "residents_committee", "street", "bureau", "company"
        ),
        "emergency.decide": _DAYS,
        "emergency.post_before_draw": _DAYS,
        "emergency.publish": _DAYS,
        "emergency.reserve": Key(Kind.SHARE),
        "emergency.upfront": Key(Kind.SHARE),
        "emergency.cap_fen": _FEN,
        "income.deduction_max": _RATIO_OR_NONE,
        "income.to_fund": _RATIO_OR_NONE,
        "income.to_fund_when": _choice("none", "always", "below_trigger", "until_first"),
        "income.to_fund_months": _MONTHS,
        "income.bank_within": _DAYS,
        "income.invest": _FLAG,
        "income.holder_before_assembly": _choice(
            "company_special", "residents_committee", "fund_account", "district_centre"
        ),
        "account.holders": _items("assembly", "committee", "caretaker_committee", "company_special"),
        "account.personal": Key(Kind.FLAG, ("false",)),
        "account.tiers": Key(Kind.TIERS),
        "account.large_fen": Key(Kind.FEN, least=1),
        "account.large_post": _DAYS,
        "account.comanaged": _choice("optional", "commission", "required"),
        "account.delegation": _choice("by_resolution", "within_amount", "forbidden"),
        "account.lapse_policy": _choice("recurring_only", "recurring_only_no_assembly"),
        "account.handover": _DAYS,
        "account.member_handover": _DAYS,
        "statement.signers": _items(*ROLES),
        "statement.period_months": Key(Kind.MONTHS, ("1", "3", "6", "12")),
        "statement.publish_within": _DAYS,
        "statement.posting": _DAYS,
        "statement.objection_extra": _DAYS,
        "statement.reply": _DAYS,
        "statement.answer_post": _DAYS,
        "statement.seal_months": _MONTHS,
        "statement.realtime": _FLAG,
        "audit.annual": _FLAG,
        "audit.annual_due": Key(Kind.MONTH_DAY),
        "audit.term": _FLAG,
        "audit.leaving": _FLAG,
        "audit.demand_share": _RATIO,
        "audit.posting": _DAYS,
        "audit.split_days": _NUMBER,
        "audit.near_limit": _RATIO,
        "audit.quotes_min": _NUMBER,
        "audit.advance_days": _NUMBER,
        "audit.late_days": _NUMBER,
        "audit.peer_factor": _NUMBER,
        "audit.unmatched_days": _NUMBER,
        "trust.rate": Key(Kind.SHARE, ("none",)),
        "trust.base": _choice("received", "receivable", "budget_items"),
        "trust.cap": _FEN,
        "trust.report_months": _MONTHS,
        "street.gate": _items("fund_large", "manager", "fee", may_be_empty=True),
        "street.gate_silence": _DAYS,
        "street.site_approval": _FLAG,
        "calendar.rest_weekend": _FLAG,
    }
)
