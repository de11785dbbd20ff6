"""A finding 核查提示 as people read it: its title, one sentence with its figures, the law, what would clear it.

The sentences stand in the catalogues (``audit.<code>.says``); here their figures become words: what ends in ``_fen`` an
amount, in ``_day`` a day, and the codes of this ledger (party, category, contract, account, fund, role) what they are called.
A natural person has no name on paper that anybody may read: he stands by his code.

>>> told = Findings(Phrases("en"), Registers())
>>> told.says("contract.ends_before_start", {"contract": "c9", "start_day": "2019-01-15", "end_day": "2019-01-14"})
'Contract c9 begins on 15 January 2019 and ends on 14 January 2019, which is before it; to be explained.'
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from ledger import words
from ledger.accounts.chart import Chart
from ledger.accounts.records import ContractEntered, PartyEntered
from ledger.audit.checks import Dossier
from ledger.audit.checks.frame import Figure
from ledger.paper.phrases import Phrases

MOST_PLACES: Final = 12
"""Entries that a line names before it says how many there are."""


@dataclass(frozen=True)
class Registers:
    """What the codes of one ledger are called."""

    parties: Mapping[str, str] = field(default_factory=dict)
    contracts: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Title and masked number."""
    chart: Chart | None = None

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """Those of a dossier's ledger; it must have gathered parties and contracts (:data:`NAMED`)."""
        accounts = dossier.books.accounts
        return cls(
            parties={code: act.body.title or "" for code, act in dossier.parties().items()},
            contracts={code: act.body.object for code, act in dossier.contracts().items()},
            accounts={code: (account.title, account.number) for code, account in accounts.accounts.items()},
            chart=accounts.chart if accounts.chart_text else None,
        )


NAMED = (PartyEntered, ContractEntered)
"""What has to be gathered for the names."""


@dataclass(frozen=True)
class Findings:
    """The findings of one ledger in one language."""

    phrases: Phrases
    registers: Registers

    def title(self, code: str) -> str:
        """What the check asks, in a few words."""
        return self.phrases.text(f"audit.{code}.title")

    def says(self, code: str, figures: Mapping[str, Figure]) -> str:
        """The sentence of a finding."""
        return self.phrases.text(
            f"audit.{code}.says", **{name: self.figure(name, met) for name, met in figures.items()}
        )

    def clears(self, code: str) -> str:
        """What would settle it."""
        return self.phrases.text(f"audit.{code}.clears")

    def remarks(self, finding: Mapping[str, Any]) -> Iterator[str]:
        """What was said of a finding, as a review writes it: that its check was lowered and why, and who answered where."""
        if lowered := finding.get("lowered"):
            places = self.places([lowered])
            yield self.phrases.text("audited.finding_lowered", reason=lowered["reason"], places=places)
        if answers := finding.get("answers"):
            yield self.phrases.text("audited.finding_answered", places=self.places(answers))

    def places(self, evidence: Sequence[Mapping[str, Any]]) -> str:
        """The entries behind something, each once."""
        entries = list(dict.fromkeys(place["entry"] for place in evidence))
        if not entries:
            return ""
        named = self.phrases.join(self.phrases.text("audited.place", entry=n) for n in entries[:MOST_PLACES])
        if len(entries) > MOST_PLACES:
            named += self.phrases.text("audited.more", count=len(entries))
        return self.phrases.text("audited.places", places=named)

    def figure(self, name: str, met: Figure) -> str:
        """A figure as people write it, by the end of its name."""
        kind, phrases, registers = name.rpartition("_")[2], self.phrases, self.registers
        if isinstance(met, int):
            return phrases.yuan(met) if kind == "fen" else str(met)
        if not met:
            return words.ABSENT
        match kind:
            case "day":
                return phrases.full_day(met)
            case "party":
                return phrases.named(registers.parties[met], met) if registers.parties.get(met) else met
            case "contract":
                return phrases.named(registers.contracts[met], met) if met in registers.contracts else met
            case "account":
                return phrases.named(*registers.accounts[met]) if met in registers.accounts else met
            case "category":
                found = registers.chart.categories.get(met) if registers.chart else None
                return met if found is None else found.zh if phrases.chinese else found.en
            case "fund" | "role" | "nature":
                return phrases.text(f"{kind}.{met}")
            case _:
                return met
