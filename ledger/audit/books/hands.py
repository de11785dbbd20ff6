"""Whose hands a voucher went through: who made it 制单, checked it 审核, moved the money 出纳. 记账 is the machine's alone.

======================  ================  ====================================================  =========================
voucher of              made by           checked by                                            money moved by
======================  ================  ====================================================  =========================
a bank row              who entered it    who confirmed its file, who approved what it settles  who took the file over
a cash payment          who recorded it   who approved what it settles                          who recorded it
anything else           the first signer  the others                                            nobody
======================  ================  ====================================================  =========================

Everybody stands with the offices that he held when he signed. Empty means that nobody did, and a print says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.accounts.booking import VoucherBooked
from ledger.accounts.records import (
    BankConfirmed,
    BankImported,
    BankRejected,
    BankRow,
    BooksOpened,
    CashPaid,
    ContraRecorded,
    DepositRecorded,
    Part,
    SuspenseCleared,
    WithdrawalApproved,
    WithdrawalProposed,
)
from ledger.audit.checks import Acted, Dossier
from ledger.log.act import Body, Signer

_BOOKING: Final[tuple[type[Body], ...]] = (
    BankRejected,
    BooksOpened,
    ContraRecorded,
    DepositRecorded,
    SuspenseCleared,
)
INPUTS: Final[tuple[type, ...]] = (
    *_BOOKING,
    BankConfirmed,
    BankImported,
    BankRow,
    CashPaid,
    WithdrawalApproved,
    WithdrawalProposed,
)
"""What a dossier must have gathered."""

Signers = tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Hands:
    """The signers in each of the three places, nobody twice in one."""

    made: Signers = ()
    checked: Signers = ()
    moved: Signers = ()


def hands(case: Dossier) -> Mapping[str, Hands]:
    """The hands of every voucher by the record that booked it."""
    approved = _approved(case)
    confirmed = {act.body.file: act.signers for act in case.acts(BankConfirmed)}
    imported = {act.digest: act.signers for act in case.acts(BankImported)}
    found: dict[str, Hands] = {}
    for row in case.acts(BankRow):
        checked = _once(confirmed.get(row.body.file, ()), _approvers(row.body.parts, approved))
        found[row.digest] = Hands(row.signers, checked, imported.get(row.body.file, ()))
    for paid in case.acts(CashPaid):
        found[paid.digest] = Hands(paid.signers, _approvers(paid.body.parts, approved), paid.signers)
    for kind in _BOOKING:
        booked: Sequence[Acted[Any]] = case.acts(kind)
        found |= {act.digest: Hands(act.signers[:1], act.signers[1:]) for act in booked}
    return found


def hands_of(voucher: VoucherBooked, found: Mapping[str, Hands]) -> Hands:
    """Those of one voucher; nobody where its record is of a kind that this code does not know."""
    return found.get(voucher.record, Hands())


def _approved(case: Dossier) -> Mapping[str, Signers]:
    """Application -> who approved it."""
    application = {act.digest: act.body.application for act in case.acts(WithdrawalProposed)}
    found: defaultdict[str, Signers] = defaultdict(tuple)
    for act in case.acts(WithdrawalApproved):
        found[application[act.body.proposal]] += act.signers
    return found


def _approvers(parts: Iterable[Part], approved: Mapping[str, Signers]) -> Signers:
    settled = ((part.settles or "").partition("#")[0] for part in parts)
    return _once(*(approved.get(application, ()) for application in settled))


def _once(*signers: Signers) -> Signers:
    """Each person once, as he first signed."""
    by_person: dict[str, Signer] = {}
    for signer in (one for some in signers for one in some):
        by_person.setdefault(signer.person, signer)
    return tuple(by_person.values())
