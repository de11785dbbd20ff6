"""Signs: payments for voting, frequent draws, and what statistics notice. Rows 6, 33 and 34 of the table.

The last are weak by nature. They say that a look is worth while, never that something is wrong, are asked of enough
payments only, and stand once for the whole ledger.

>>> vote_reward("参与投票业主礼品150份"), vote_reward("购投票箱2个"), vote_reward("Gifts for owners who vote")
(True, False, True)
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median_low
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.facts import Founded, StagePaid
from ledger.accounts.records import ContractEntered, DocumentEntered, WithdrawalApplied
from ledger.audit.checks.dossier import Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import CYCLES, applications, asked_by, behind, cite, cites, paid
from ledger.errors import Refused
from ledger.rules.ratio import Days

YEARS: Final = 3
"""Other years of the same books, to have a usual number of draws."""
ENOUGH: Final = 20
"""Payments, to speak of a share of them."""
THOUSAND: Final = 1_000_00
"""Fen: what is a whole number of thousands of yuan is called round."""
MANY: Final = Fraction(1, 3)
"""Of all payments. Of all days nearly a third is free: as many as if nobody had looked at the calendar; prices are rounder by
chance far less often.
"""
DIGITS_ENOUGH: Final = 300
"""Amounts, to compare nine leading digits."""
_FIRST_DIGITS: Final = (3010, 1761, 1249, 969, 792, 669, 580, 512, 458)
"""How often of 10,000 amounts 1 … 9 lead, by Benford's law."""
_AMOUNTS: Final = 10_000
_RARE: Final = Fraction("26.12")
"""The chi-square of eight degrees of freedom that chance reaches once in a thousand times."""
_VOTE: Final = r"投票|表决|参会|到会|参加业主大会|参选|选举"
_REWARD: Final = r"奖励|奖品|礼品|礼物|红包|抽奖|激励|纪念品|积分|购物卡|超市卡"
_VOTE_REWARD: Final = re.compile(
    rf"(?:投票|参会|到会)(?:业主)?(?:补贴|补助)|(?:{_VOTE}).{{0,8}}(?:{_REWARD})|(?:{_REWARD}).{{0,8}}(?:{_VOTE})"
    r"|\b(?:gifts?|rewards?|vouchers?|incentives?)\b.{0,30}\b(?:vot\w+|ballots?)\b|\bvoting (?:gifts?|rewards?|incentives?)\b",
    re.IGNORECASE,
)


def vote_reward(text: str) -> bool:
    """Whether a text speaks of a reward for voting."""
    return _VOTE_REWARD.search(text) is not None


def paid_votes(case: Dossier) -> Iterator[Found]:
    """Rewards for voting, paid without a decision of the owners on them: without authority, or by the body's delegation."""
    ratified = {noted.fact.ref for noted in case.facts(Founded)}
    papers = {
        act.digest
        for act in case.acts(DocumentEntered)
        if any(map(vote_reward, (act.body.subject, *(line.text for line in act.body.lines))))
    }
    asked = {act.digest for act in case.acts(WithdrawalApplied) if vote_reward(act.body.purpose)}
    stages = applications(case)
    met: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        move = noted.fact.move
        undecided = move.basis in ("none", "delegation") and f"{noted.fact.record}#{move.part}" not in ratified
        if undecided and (move.document in papers or asked_by(stages, noted) & asked):
            met[move.document or noted.record].append(noted)
    for lines in met.values():
        total = -sum(noted.fact.move.amount for noted in lines)
        yield found(*cites(case, lines), *behind(case, lines), amount_fen=total, paid_day=lines[0].fact.on)


def frequent_draws(case: Dossier) -> Iterator[Found]:
    """A year with many more payments from the maintenance fund than is usual in these books."""
    drawn: defaultdict[int, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        if noted.fact.move.fund == "maintenance" and noted.fact.move.nature == "expense":
            drawn[int(noted.fact.on[:4])].append(noted)
    factor = case.profile.integer("audit.peer_factor")
    for year, lines in drawn.items():
        others = [len(of_year) for other, of_year in drawn.items() if other != year]
        usual = median_low(others) if len(others) >= YEARS else 0
        if usual and len(lines) > factor * usual:
            yield found(*cites(case, lines), year=year, count=len(lines), usual=usual, factor=factor)


def round_sums(case: Dossier) -> Iterator[Found]:
    """Many payments of whole thousands of yuan, contracts' instalments left out."""
    large = [n for n in _single(case) if -n.fact.move.amount >= THOUSAND]
    round_ = [n for n in large if n.fact.move.amount % THOUSAND == 0]
    if len(large) >= ENOUGH and len(round_) >= MANY * len(large):
        yield found(*cites(case, round_), count=len(round_), of=len(large))


def rest_days(case: Dossier) -> Iterator[Found]:
    """As many payments on days off as if nobody had looked at the calendar."""
    calendar = case.books.rules.calendar(Days(1, working=True))
    known: list[Noted[Line]] = []
    off: list[Noted[Line]] = []
    for noted in _single(case):
        try:
            works = calendar.is_working_day(period.parse_day(noted.fact.on))
        except Refused:  # a year without its table: nobody knows
            continue
        known.append(noted)
        if not works:
            off.append(noted)
    if len(known) >= ENOUGH and len(off) >= MANY * len(known):
        yield found(*cites(case, off), count=len(off), of=len(known))


def first_digits(case: Dossier) -> Iterator[Found]:
    """The leading digits of amounts are spread otherwise than those of figures that grew by themselves."""
    seen: dict[tuple[str, int], Noted[Line]] = {}
    for noted in _single(case):
        seen.setdefault((noted.fact.move.party, noted.fact.move.amount), noted)
    digits = Counter(int(str(-amount)[0]) for _, amount in seen)
    strange = chi_square([digits[digit] for digit in range(1, 10)])
    if len(seen) >= DIGITS_ENOUGH and strange >= _RARE:
        most = max(
            range(1, 10), key=lambda digit: digits[digit] - len(seen) * Fraction(_FIRST_DIGITS[digit - 1], _AMOUNTS)
        )
        cited = [noted for (_, amount), noted in seen.items() if str(-amount).startswith(str(most))]
        yield found(*(cite(case, noted) for noted in cited), of=len(seen), digit=most, count=digits[most])


def chi_square(counts: Sequence[int]) -> Fraction:
    """How far nine counts are from Benford's law.

    >>> chi_square(_FIRST_DIGITS), chi_square([10_000] + [0] * 8) > _RARE
    (Fraction(0, 1), True)
    """
    total = sum(counts)
    expected = [Fraction(total * share, _AMOUNTS) for share in _FIRST_DIGITS]
    return sum(((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True) if e), Fraction(0))


def _single(case: Dossier) -> list[Noted[Line]]:
    """Expenses that no contract promises again and again."""
    promised = {
        (act.body.code, expected.amount)
        for act in case.acts(ContractEntered)
        for expected in act.body.expected
        if expected.cycle in CYCLES
    }
    expenses = (noted for noted in paid(case) if noted.fact.move.nature == "expense")
    return [n for n in expenses if (n.fact.move.contract, -n.fact.move.amount) not in promised]


_SINGLE: Final = (Line, ContractEntered)
CHECKS: Final = (
    Check(
        "votes.reward",
        "33",
        "medium",
        ("CC 278(9)",),
        (Line, Founded, StagePaid, DocumentEntered, WithdrawalApplied),
        paid_votes,
    ),
    Check("draws.frequent", "6", "low", ("O165 4",), (Line,), frequent_draws, weak=True),
    Check("signs.round", "34", "low", ("AL 17",), _SINGLE, round_sums, weak=True),
    Check("signs.rest_days", "34", "low", ("AL 17",), _SINGLE, rest_days, weak=True),
    Check("signs.first_digits", "34", "low", ("AL 17",), _SINGLE, first_digits, weak=True),
)
