"""Co-owned money in hands or for ends that are not its own: row 16 of the table.

No account of others stands on the ledger; that money went through one shows in who pays it in, in what papers say, and in
what is left of money that is held for others.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from ledger.accounts.booking import Line
from ledger.accounts.records import DocumentEntered, PartyEntered
from ledger.audit.checks.dossier import Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.owed import Open, open_items
from ledger.audit.checks.printed import spans
from ledger.audit.checks.purposes import is_lending
from ledger.audit.checks.spending import behind, cites, first_tier

TIMES: Final = 3
"""Receipts for one time from one person on so many days: nobody pays his own fees so."""
_PERSONAL: Final = re.compile(
    r"(?<!业主)(?<!资金)(?<!社保)(?<!医保)(?<!积金)(?<!保险)(?:个人|私人|员工|经理|会计|出纳)(?:的)?(?:微信|支付宝|账户|帐户|账号|银行卡|收款码|二维码)|(?:微信|支付宝)(?:零钱)?提现|个人代收"
    r"|\bpersonal (?:account|wechat|alipay)\b",
    re.IGNORECASE,
)


def collected_by_person(case: Dossier) -> Iterator[Found]:
    """A natural person pays in, again and again for the same time and for no unit, what others owed."""
    received: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        move = noted.fact.move
        if move.nature == "income" and not move.unit and _natural(case, move.party):
            received[move.party].append(noted)
    least = first_tier(case)
    for party, lines in received.items():
        amount = sum(noted.fact.move.amount for noted in lines)
        if _for_others(lines) and amount > least:
            costs = [n for n in case.lines() if n.fact.move.party == party and n.fact.move.amount < 0]
            yield found(
                *cites(case, lines),
                *cites(case, costs),
                *behind(case, costs),
                person_party=party,
                amount_fen=amount,
                count=len({noted.record for noted in lines}),
                first_day=min(noted.fact.on for noted in lines),
                last_day=max(noted.fact.on for noted in lines),
            )


def personal_account(case: Dossier) -> Iterator[Found]:
    """A paper says that money went through somebody's own account."""
    collectors = {str(met.figures["person_party"]) for met in collected_by_person(case)}
    for act in case.acts(DocumentEntered):
        texts = (act.body.subject, *(line.text for line in act.body.lines))
        lines = case.lines_of(act.digest)
        said = [match[0] for text in texts if (match := _PERSONAL.search(text))]
        if said and not collectors & {noted.fact.move.party for noted in lines}:
            yield found(act.cite(), *cites(case, lines), said=said[0])


def spent_of_others(case: Dossier) -> Iterator[Found]:
    """A fund has less than it holds for others: of what was brought to be passed on, settled or given back, some was spent.

    What was borrowed is there to be spent, and does not count.
    """
    owed: defaultdict[str, list[Open]] = defaultdict(list)
    for (_, category), open_ in open_items(case, "payable", "deposit_held").items():
        for item in open_:
            if item.amount > 0 and not is_lending(case, category):
                owed[item.line.fact.move.fund].append(item)
    for fund, items in owed.items():
        held = sum(amount for (_, code), amount in case.books.accounts.balances.items() if code == fund)
        due = sum(item.amount for item in items)
        if held < due:
            lines = [item.line for item in items]
            spent = _took_below(case, fund, held, items)
            yield found(
                *cites(case, lines),
                *cites(case, spent),
                *behind(case, [*lines, *spent]),
                own_fund=fund,
                owed_fen=due,
                held_fen=held,
                short_fen=due - held,
            )


def _took_below(case: Dossier, fund: str, held: int, items: Sequence[Open]) -> list[Noted[Line]]:
    """The payment since which a fund has less than it owes, looking back from now; none where it always had."""
    came = {(item.line.seq, item.line.fact.move.part): item.amount for item in items}
    due = sum(came.values())
    lines = [noted for noted in case.lines() if noted.fact.move.fund == fund]
    for noted in sorted(lines, key=lambda n: (n.fact.on, n.seq, n.fact.move.part), reverse=True):
        held -= noted.fact.move.amount
        due -= came.get((noted.seq, noted.fact.move.part), 0)
        if held >= due:
            return [noted]
    return []


def moved_between_funds(case: Dossier) -> Iterator[Found]:
    """What left one fund as a transfer between own accounts arrived as another fund's."""
    moved: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in case.lines():
        if noted.fact.move.nature == "own_transfer":
            moved[noted.fact.move.fund].append(noted)
    gained = {fund: sum(n.fact.move.amount for n in lines) for fund, lines in moved.items()}
    lost = [noted for fund, lines in moved.items() if gained[fund] < 0 for noted in lines]
    left = [noted for noted in lost if noted.fact.move.amount < 0]
    for fund, amount in gained.items():
        arrived = [noted for noted in moved[fund] if noted.fact.move.amount > 0]
        if amount > 0 and left:
            yield found(*cites(case, arrived), *cites(case, left), to_fund=fund, amount_fen=amount)


def _natural(case: Dossier, party: str) -> bool:
    entered = case.parties().get(party)
    return entered is not None and entered.body.nature == "natural"


def _for_others(lines: Sequence[Noted[Line]]) -> bool:
    """Whether on so many days one time was paid for."""
    times = [(noted.fact.on, spans(noted.fact.move.covers)) for noted in lines]
    return any(
        len({on for on, other in times if any(a.meets(b) for a in covers for b in other)}) >= TIMES
        for _, covers in times
    )


CHECKS: Final = (
    Check(
        "custody.collector",
        "16",
        "critical",
        ("Hz 60", "TL 29"),
        (Line, PartyEntered, DocumentEntered),
        collected_by_person,
    ),
    Check(
        "custody.personal_account",
        "16",
        "critical",
        ("Hz 60", "TL 29"),
        (Line, PartyEntered, DocumentEntered),
        personal_account,
    ),
    Check("custody.spent_of_others", "16", "critical", ("TL 27", "TL 29"), (Line, DocumentEntered), spent_of_others),
    Check("custody.between_funds", "16", "critical", ("TL 29", "O165 4"), (Line,), moved_between_funds),
)
