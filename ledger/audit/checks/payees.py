"""Who is paid: people in office, and parties that may be one. Row 8 of the table, and of row 25 whoever pays himself.

The machine lets nobody propose or approve a payment to a party behind which he stands, as far as the party's ``persons`` say
it. What it books all the same: payments that owners never decided on, parties that are entered twice, parties whose
person nobody named.

>>> valid_code("91110000600037341L"), valid_code("91110000600037342L")
(True, False)
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ledger.accounts.booking import NO_BASIS, Line
from ledger.accounts.facts import Founded, Granted
from ledger.accounts.records import (
    BankConfirmed,
    BankRow,
    CashPaid,
    ContractEntered,
    DepositRecorded,
    PartyEntered,
    SuspenseCleared,
)
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import authorities, cite, cites, paid
from ledger.audit.checks.wording import bare
from ledger.log.act import Body
from ledger.people.state import BODY_ROLES

WATCHED: Final = BODY_ROLES | {"supervisor"}
"""Who decides on payments or watches over them."""
SPENT: Final = frozenset({"expense", "payable"})
"""What is given back (refunds, deposits) has its receiver from the receipt."""
ALLOWANCES: Final = "committee_budget"
"""The fund of allowances that owners voted for the body: paying its members from it is what it is for."""
_SET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, n, 31) for n in range(17))


def valid_code(code: str) -> bool:
    """Whether the last of the eighteen characters of a unified social credit code follows from the others (GB 32100-2015)."""
    if any(character not in _SET for character in code):
        return False
    total = sum(weight * _SET.index(character) for weight, character in zip(_WEIGHTS, code[:17], strict=True))
    return _SET[-total % 31] == code[17]


def paid_in_office(case: Dossier) -> Iterator[Found]:
    """Money went to a party behind which somebody in office stands, without a decision of the owners that names the party."""
    decided = {noted.fact.ref for noted in case.facts(Founded)}
    named = {(a.motion, a.line) for a in authorities(case) if a.party}
    met: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        line, move = noted.fact, noted.fact.move
        known = (move.motion, move.line_code) in named or f"{line.record}#{move.part}" in decided
        allowance = move.fund == ALLOWANCES and move.basis == "budget"
        if move.nature in SPENT and not known and not allowance and _in_office(case, move.party, line.on):
            met[move.party].append(noted)
    for party, lines in met.items():
        amount = -sum(noted.fact.move.amount for noted in lines)
        entered = case.parties()[party].cite("persons")
        yield found(*cites(case, lines), entered, paid_party=party, amount_fen=amount, payments=len(lines))


def contract_in_office(case: Dossier) -> Iterator[Found]:
    """A contract with a party behind which somebody in office stands, and no decision of the owners that names the party."""
    named = {authority.party for authority in authorities(case)}
    for act in case.acts(ContractEntered):
        party = act.body.party or ""
        if party not in named and _in_office(case, party, act.body.start or act.day):
            yield found(
                act.cite("party"), case.parties()[party].cite("persons"), of_contract=act.body.code, its_party=party
            )


def signed_by_payee(case: Dossier) -> Iterator[Found]:
    """A payment without any decision was entered by whoever got the money."""
    decided = {noted.fact.ref for noted in case.facts(Founded)}
    for noted in paid(case):
        line, move = noted.fact, noted.fact.move
        if move.basis != NO_BASIS or f"{line.record}#{move.part}" in decided:
            continue
        persons = _persons(case, move.party)
        if persons and persons & _signers(case, line.record):
            yield found(cite(case, noted), paid_party=move.party, amount_fen=-move.amount, on_day=line.on)


def confirmed_by_payee(case: Dossier) -> Iterator[Found]:
    """The second person who confirmed a bank file stands behind a party that the file paid."""
    by_file: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        row = case.act_of(BankRow, noted.fact.record) if _persons(case, noted.fact.move.party) else None
        if row is not None:
            by_file[row.body.file].append(noted)
    for act in case.acts(BankConfirmed):
        (signer,) = act.signers
        met = [n for n in by_file[act.body.file] if signer.person in _persons(case, n.fact.move.party)]
        if met:
            amount = -sum(noted.fact.move.amount for noted in met)
            yield found(act.cite(), *cites(case, met), amount_fen=amount, payments=len(met))


def same_code(case: Dossier) -> Iterator[Found]:
    """Several parties with one credit code: what one firm was paid is spread over them."""
    for code, acts in _by(case, lambda body: body.credit_code).items():
        if len(acts) > 1:
            cited = (act.cite("credit_code") for act in acts)
            yield found(*cited, code=code, parties=", ".join(act.body.code for act in acts))


def same_title(case: Dossier) -> Iterator[Found]:
    """Several parties whose titles are the same but for brackets, blanks and marks, and that no credit code tells apart."""
    for acts in _by(case, lambda body: bare(body.title or "")).values():
        codes = {act.body.credit_code for act in acts}
        if len(acts) > 1 and None in codes and len(codes) <= 2:
            cited = (act.cite("title") for act in acts)
            yield found(*cited, parties=", ".join(act.body.code for act in acts), title=acts[0].body.title or "")


def same_person(case: Dossier) -> Iterator[Found]:
    """One natural person behind several parties that were paid."""
    receiving = {noted.fact.move.party for noted in paid(case)}
    behind: defaultdict[str, list[Acted[PartyEntered]]] = defaultdict(list)
    for act in case.acts(PartyEntered):
        for person in dict.fromkeys(act.body.persons):
            if act.body.code in receiving and case.books.people.persons[person].nature == "natural":
                behind[person].append(act)
    for acts in behind.values():
        if len(acts) > 1:
            yield found(*(act.cite("persons") for act in acts), parties=", ".join(act.body.code for act in acts))


def undeclared(case: Dossier) -> Iterator[Found]:
    """A party has the title of an office or company that is a person of this ledger, and does not say that it is the same: of
    several, each that holds or held an office; any one where none does.
    """
    by_title: defaultdict[str, set[str]] = defaultdict(set)
    for ref, person in case.books.people.persons.items():
        if title := bare(person.title):
            by_title[title].add(ref)
    for act in case.acts(PartyEntered):
        same, said = by_title[bare(act.body.title or "")], set(act.body.persons)
        # Another office of the same title, which holds nothing, must not stand for the one that does.
        holding = {person for person in same if case.books.people.terms.get(person)}
        if not holding <= said if holding else same and same.isdisjoint(said):
            yield found(act.cite(), entered_party=act.body.code)


def invalid_code(case: Dossier) -> Iterator[Found]:
    """A credit code whose check character is another than the others give."""
    for act in case.acts(PartyEntered):
        if act.body.credit_code is not None and not valid_code(act.body.credit_code):
            yield found(act.cite("credit_code"), entered_party=act.body.code, code=act.body.credit_code)


def _by(case: Dossier, key: Callable[[PartyEntered], str | None]) -> Mapping[str, Sequence[Acted[PartyEntered]]]:
    """Parties by something they say; those that do not say it left out."""
    grouped: defaultdict[str, list[Acted[PartyEntered]]] = defaultdict(list)
    for act in case.acts(PartyEntered):
        if said := key(act.body):
            grouped[said].append(act)
    return grouped


def _persons(case: Dossier, party: str) -> frozenset[str]:
    """Who of this ledger stands behind a party."""
    return frozenset(case.parties()[party].body.persons) if party else frozenset()


def _signers(case: Dossier, record: str) -> frozenset[str]:
    """Who signed the record that booked a payment."""
    models: tuple[type[Body], ...] = (BankRow, CashPaid, SuspenseCleared, DepositRecorded)
    acts = (case.act_of(model, record) for model in models)
    return frozenset(signer.person for act in acts if act is not None for signer in act.signers)


def _in_office(case: Dossier, party: str, day: str) -> bool:
    return any(case.books.people.roles_of(person, day) & WATCHED for person in _persons(case, party))


_PAID: Final = (Line, PartyEntered)
_RELATED: Final = ("TL 28", "Bj 47(7)")

CHECKS: Final = (
    Check("payee.in_office", "8", "high", _RELATED, (*_PAID, Founded, Granted), paid_in_office),
    Check("payee.contract", "8", "high", _RELATED, (ContractEntered, PartyEntered, Granted), contract_in_office),
    Check(
        "payee.signed",
        "25",
        "high",
        ("AL 27",),
        (*_PAID, Founded, BankRow, CashPaid, SuspenseCleared, DepositRecorded),
        signed_by_payee,
    ),
    Check("payee.confirmed", "25", "medium", ("AL 27",), (*_PAID, BankRow, BankConfirmed), confirmed_by_payee),
    Check("payee.same_code", "8", "high", _RELATED, (PartyEntered,), same_code),
    Check("payee.same_title", "8", "medium", _RELATED, (PartyEntered,), same_title),
    Check("payee.same_person", "8", "medium", _RELATED, _PAID, same_person),
    Check("payee.undeclared", "8", "high", _RELATED, (PartyEntered,), undeclared),
    Check("payee.invalid_code", "8", "low", ("AL 14",), (PartyEntered,), invalid_code),
)
