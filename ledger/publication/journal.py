"""The journal: what the entries of a ledger said, as far as statements print it, gathered while they are applied.

Whoever applies entries (the server, a verifier, the example) hands each entry with its facts to :meth:`Journal.add`; a
statement is then a function of the state at its prefix and of this journal. Nothing is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.accounts import facts as money
from ledger.accounts.booking import Line, VoucherBooked
from ledger.log.entry import Entry
from ledger.publication.decide import Corrected, StatementStands
from ledger.votes.facts import MotionDecided

KEPT_BODIES: Final = frozenset({"document.entered/1", "contract.entered/1"})
"""Records whose bodies a statement prints from."""


@dataclass
class Journal:
    """Append only. ``bodies``: of each kept record its body by digest; ``contracts``: the same by the contract's code."""

    size: int = 0
    time: int = 0
    lines: list[Line] = field(default_factory=list)
    vouchers: list[VoucherBooked] = field(default_factory=list)
    rows: list[money.BankMoved] = field(default_factory=list)
    suspense: list[money.SuspenseMoved] = field(default_factory=list)
    awaited: dict[str, money.Awaited] = field(default_factory=dict)
    arrived: dict[str, str] = field(default_factory=dict)
    founded: dict[str, str] = field(default_factory=dict)
    motions: dict[str, MotionDecided] = field(default_factory=dict)
    statements: dict[str, StatementStands] = field(default_factory=dict)
    corrections: list[Corrected] = field(default_factory=list)
    bodies: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    contracts: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """Take in one applied entry with the facts that followed."""
        self.size, self.time = entry.seq + 1, entry.time
        if entry.record.kind in KEPT_BODIES:
            self.bodies[entry.record.digest] = entry.record.body
        if entry.record.kind == "contract.entered/1":
            self.contracts[entry.record.body["code"]] = entry.record.body
        for fact in facts:
            self._take(fact)

    def _take(self, fact: object) -> None:
        match fact:
            case Line():
                self.lines.append(fact)
            case VoucherBooked():
                self.vouchers.append(fact)
            case money.BankMoved():
                self.rows.append(fact)
            case money.SuspenseMoved():
                self.suspense.append(fact)
            case money.Awaited():
                # Awaited once more: a contra took its arrival back.
                self.arrived.pop(fact.ref, None)
                self.awaited[fact.ref] = fact
            case money.Arrived():
                self.arrived[fact.ref] = fact.on
            case money.Founded():
                self.founded[fact.ref] = fact.motion
            case MotionDecided():
                self.motions[fact.motion] = fact
            case StatementStands():
                self.statements[fact.statement.period] = fact
            case Corrected():
                self.corrections.append(fact)
            case _:
                pass
