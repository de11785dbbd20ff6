"""Common parts let 共有部分出租: by whose decision, one place to two, at which price, above which tariff.

Rows 13, 15 and 17 of the table. Where a thing is and what it costs a piece is read from what the contract prints; prices are
compared by the year, whatever cycle they are paid in.

>>> {word: str(rate) for word, rate in tariffs("公寓3.2、别墅2.155、裙楼15元/㎡·月").items()}
{'公寓': '320', '别墅': '431/2', '裙楼': '1500'}
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Final

from ledger.accounts.records import MOST, ContractEntered, DocumentEntered
from ledger.audit.checks.adding import to_fen
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.motions import USE_OF_COMMON_PARTS, named_by_decisions, papers_of, passed
from ledger.audit.checks.places import clustered, thing, where
from ledger.audit.checks.printed import area, fen, last_day, plain
from ledger.audit.checks.spending import CYCLES
from ledger.money import divide
from ledger.votes.facts import MotionDecided
from ledger.votes.records import MeetingCalled

Let = Acted[ContractEntered]

_APART: Final = 2
"""How many times the lowest price the highest must be to be worth a question: half the price for a like thing."""
_ADVERT: Final = re.compile(r"广告|灯箱|海报|液晶|框架|通知栏|展板|advert|billboard|poster|screen", re.IGNORECASE)
_PIECES: Final = re.compile(r"^([0-9]{1,4})(间|块|个|处|套|台|位|面|组|屏)")
_TARIFFS: Final = re.compile(
    r"((?:[\u4e00-\u9fff]{1,8}[0-9.]+元?[、,;和及])*[\u4e00-\u9fff]{1,8}[0-9.]+)元?/(?:m2|m²|平方米|平米)[·/]月"
)
_TARIFF: Final = re.compile(r"([\u4e00-\u9fff]{1,8}?)(?:为|按)?([0-9]+(?:\.[0-9]+)?)")
_FEE_PER_PIECE: Final = re.compile(r"管理费([0-9.]+)元?/[间处套个户铺]·月")
_FEE: Final = re.compile(r"管理费([0-9.]+)元?/月")


def let(case: Dossier) -> tuple[Let, ...]:
    """The contracts by which something is let."""
    return tuple(act for act in case.acts(ContractEntered) if act.body.direction == "in")


def same_place(case: Dossier) -> Iterator[Found]:
    """Advertising space of one place, or the very same thing, is let to several at a time: one finding a place."""
    acts = let(case)
    places = [where(act.body.object) for act in acts]
    kinds = sorted({kind for place in places for kind in place.kinds})
    adverts = [_ADVERT.search(act.body.object) is not None for act in acts]
    told: set[tuple[int, ...]] = set()

    def both(one: int, other: int) -> bool:
        a, b = acts[one].body, acts[other].body
        return a.party is not None and b.party is not None and a.party != b.party and _at_once(a, b)

    def joined(kind: str, one: int, other: int) -> bool:
        if not kind:
            return plain(acts[one].body.object) == plain(acts[other].body.object) and both(one, other)
        advertise = adverts[one] and adverts[other] and kind in places[one].kinds & places[other].kinds
        return advertise and places[one].may_be(places[other]) and both(one, other)

    for kind in (*kinds, ""):
        for members in clustered(len(acts), partial(joined, kind)):
            if members not in told:
                told.add(members)
                parties = {acts[n].body.party for n in members}
                yield found(
                    *(acts[n].cite("object") for n in members),
                    count=len(members),
                    parties=len(parties),
                    first_contract=acts[members[0]].body.code,
                    last_contract=acts[members[-1]].body.code,
                )


def _at_once(one: ContractEntered, other: ContractEntered) -> bool:
    """Whether two contracts have a day in common, as far as their days are known."""
    return (one.start or "") <= _end(other) and (other.start or "") <= _end(one)


def _end(body: ContractEntered) -> str:
    printed = last_day(body.end_printed)
    return body.end or (printed.isoformat() if printed else "9999")


def without_a_vote(case: Dossier) -> Iterator[Found]:
    """Common parts are let, and no passed decision on their use came before or names the contract: one finding for all."""
    named = named_by_decisions(case)
    known = {digest for act in case.acts(ContractEntered) for digest in papers_of(case, act)}
    general = min(
        (
            noted.fact.on
            for noted, motion in passed(case)
            if noted.fact.matter == USE_OF_COMMON_PARTS and known.isdisjoint((motion.text, *motion.attachments))
        ),
        default="9999",
    )
    opened = case.books.accounts.opened_on or "9999"
    alone = [
        act
        for act in let(case)
        if opened <= (act.body.start or act.day) and act.day < general and not named(act) and _of_use(act.body)
    ]
    if alone:
        first = min(act.body.start or act.day for act in alone)
        yield found(*(act.cite() for act in alone), count=len(alone), first_day=first)


def _of_use(body: ContractEntered) -> bool:
    """Whether a contract lets something be used, and does not only pass power or water on."""
    return not body.expected or any(promise.nature == "income" for promise in body.expected)


def yearly(body: ContractEntered) -> int:
    """The fen that a contract promises a year for the thing itself: its first fixed promise; 0 where there is none."""
    fixed = (promise for promise in body.expected if promise.cycle in CYCLES and promise.nature == "income")
    return next((promise.amount * 12 // CYCLES[promise.cycle] for promise in fixed), 0)


def prices_apart(case: Dossier) -> Iterator[Found]:
    """Like things are let at prices far apart, by the square metre or by the piece: one finding for each kind of thing."""
    groups: defaultdict[tuple[str, str], list[tuple[Fraction, Let]]] = defaultdict(list)
    for act in let(case):
        for kind, price in _unit_prices(act.body):
            groups[kind].append((price, act))
    told: set[tuple[int, ...]] = set()
    for priced in groups.values():
        priced.sort(key=lambda one: (-one[0], one[1].seq))
        (high, dear), (low, cheap) = priced[0], priced[-1]
        members = tuple(sorted(act.seq for _, act in priced))
        if high >= _APART * low and members not in told:
            told.add(members)
            yield found(
                *(act.cite("notes") for _, act in priced),
                count=len(priced),
                high_fen=divide(high.numerator, high.denominator),
                high_contract=dear.body.code,
                low_fen=divide(low.numerator, low.denominator),
                low_contract=cheap.body.code,
            )


def _unit_prices(body: ContractEntered) -> Iterable[tuple[tuple[str, str], Fraction]]:
    """What a contract takes a year for one square metre, or for one piece of advertising space at its kinds of place."""
    amount, pieces = yearly(body), _pieces(body)
    if not amount:
        return
    if size := area(body.object) or area(body.notes):
        if size.each and not pieces:
            return
        hundredths = size.hundredths * (pieces if size.each else 1)
        if amount * 100 <= MOST * hundredths:
            yield ("m2", body.expected[0].category), Fraction(amount * 100, hundredths)
    elif pieces and _ADVERT.search(body.object):
        for kind in sorted(where(body.object).kinds):
            yield ("piece", kind), Fraction(amount, pieces)


def _pieces(body: ContractEntered) -> int:
    """How many things a contract's notes begin by counting; 0 where they do not."""
    match = _PIECES.match(plain(body.notes))
    return int(match[1]) if match else 0


def price_fell(case: Dossier) -> Iterator[Found]:
    """The same thing is let anew for less than before."""
    by_object: defaultdict[str, list[tuple[str, Let]]] = defaultdict(list)
    for act in let(case):
        if act.body.start and yearly(act.body):
            by_object[thing(act.body.object)].append((act.body.start, act))
    for acts in by_object.values():
        for (began, before), (begins, after) in pairwise(sorted(acts, key=lambda one: (one[0], one[1].seq))):
            if yearly(after.body) < yearly(before.body) and began < begins:
                yield found(
                    after.cite("expected/0"),
                    before.cite("expected/0"),
                    contract=after.body.code,
                    before_contract=before.body.code,
                    now_fen=yearly(after.body),
                    before_fen=yearly(before.body),
                )


def tariffs(text: str | None) -> dict[str, Fraction]:
    """The fees in fen, or a part of one, per m² and month that a text prints, by the word before each; the highest where one
    stands twice.
    """
    read: dict[str, Fraction] = {}
    for listed in _TARIFFS.findall(plain(text)):
        for word, price in _TARIFF.findall(listed):
            if rate := Fraction(price) * 100:
                read[word] = max(rate, read.get(word, rate))
    return read


def fee_over_tariff(case: Dossier) -> Iterator[Found]:
    """A letting prints a management fee that is more than its area at the tariff that the service contract prints."""
    printed = [(act, tariffs(act.body.notes)) for act in case.acts(ContractEntered) if act.body.direction == "out"]
    for act in let(case):
        read = _fee_and_area(act.body)
        known = [
            (rates[word], service) for service, rates in printed for word in rates if word in plain(act.body.object)
        ]
        if not known or read is None:
            continue
        fee, hundredths = read
        rate, service = max(known, key=lambda one: (one[0], -one[1].seq))
        allowed = to_fen(rate * hundredths / 100)
        if fee > allowed:
            yield found(
                act.cite("notes"),
                service.cite("notes"),
                contract=act.body.code,
                fee_fen=fee,
                tariff_fen=to_fen(rate),
                allowed_fen=allowed,
                over_fen=fee - allowed,
            )


def _fee_and_area(body: ContractEntered) -> tuple[int, int] | None:
    """The fee a month that a letting prints, and the area in 0.01 m² that it is for; None where either is unclear."""
    text, size, pieces = plain(body.notes), area(body.object) or area(body.notes), _pieces(body)
    a_piece, in_all = _FEE_PER_PIECE.findall(text), _FEE.findall(text)
    if size is None or not size.hundredths or len(a_piece) + len(in_all) != 1:
        return None
    fee = fen((a_piece + in_all)[0])
    if fee is None or (a_piece and not size.each and pieces != 1) or (in_all and size.each and not pieces):
        return None
    return fee, size.hundredths * (pieces if in_all and size.each else 1)


_DECIDED: Final = (ContractEntered, DocumentEntered, MeetingCalled, MotionDecided)
CHECKS: Final = (
    Check("income.same_place", "13", "medium", ("CC 282",), (ContractEntered,), same_place),
    Check("contract.no_vote", "15", "medium", ("CC 278(8)",), _DECIDED, without_a_vote),
    Check("contract.prices_apart", "15", "low", ("CC 282",), (ContractEntered,), prices_apart, weak=True),
    Check("contract.price_fell", "15", "medium", ("CC 282",), (ContractEntered,), price_fell),
    Check("fee.over_tariff", "17", "medium", ("CC 943", "PMR 40"), (ContractEntered,), fee_over_tariff),
)
