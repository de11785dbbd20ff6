"""Audit reports over a ledger that is kept, drawn up from its own entries.

What is drawn up is the same to the byte as from a bundle (:func:`ledger.audit.draw.draw`): a function of the entries before the
prefix. Nothing is verified anew: whoever appended checked the signatures, and the tree is what was signed. It costs a replay
and every check, so whoever serves it keeps :meth:`Made.encoded`, from which words in any language are made.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ledger.accounts.chart import Chart
from ledger.audit.checks import CHECKS, Gathering, Noted, inputs_of
from ledger.audit.draw import who_signed
from ledger.audit.following import SAID, Followed
from ledger.audit.replay import Replay
from ledger.audit.reports import INPUTS, digest_of, report_of
from ledger.errors import Refused
from ledger.paper.audit import AuditView, Spoken, view
from ledger.paper.findings import NAMED, Registers
from ledger.paper.phrases import Phrases
from ledger.publication.audited import AuditSort, Reported
from ledger.store.past import DatabasePast
from ledger.store.replay import apply_stored, read_head

if TYPE_CHECKING:
    from ledger.store.store import Store


class About(NamedTuple):
    """What a report is about: all that it follows from but the versions of the program."""

    sort: AuditSort
    start: str
    until: str
    prefix: int


@dataclass(frozen=True, slots=True)
class Made:
    """A report, what the codes in it are called, and the name of the rules in force."""

    report: Mapping[str, Any]
    parties: Mapping[str, str]
    contracts: Mapping[str, str]
    accounts: Mapping[str, tuple[str, str]]
    chart: str
    rules: str

    def encoded(self) -> bytes:
        """As bytes, to be kept."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """What :meth:`encoded` wrote."""
        kept = json.loads(data)
        return cls(**kept | {"accounts": {code: tuple(named) for code, named in kept["accounts"].items()}})

    @property
    def digest(self) -> str:
        """What ``audit.reported/1`` must name."""
        return digest_of(self.report)

    def view(self, locale: str, reported: list[Noted[Reported]], first: Noted[Reported] | None = None) -> AuditView:
        """The report in words, with who signed it of all who ``reported``; ``first``: whose it is, where several signed it."""
        chart = Chart.parse(self.chart) if self.chart else None
        spoken = Spoken(Phrases(locale), Registers(self.parties, self.contracts, self.accounts, chart))
        signed, others = who_signed(self.report, ([first] if first else []) + reported)
        others = tuple(dict.fromkeys(others))
        return view(self.report, spoken, signed, rules=self.rules, verified=True, others=others)


def make(store: "Store", about: About) -> Made:
    """Draw a report up. Raises ``audit.days``, ``audit.prefix``, ``period.…``."""
    followed = Followed(Gathering(inputs_of(CHECKS) | SAID | INPUTS | frozenset(NAMED)))
    with store.reading() as reader:
        size, _root = read_head(reader.rows)
        if not 0 < about.prefix <= size:
            raise Refused("audit.prefix", about.prefix, f"1 to {size}")
        replay = Replay(DatabasePast(reader.rows, 0), journal=None)
        for entry, facts in apply_stored(reader.rows, replay, about.prefix):
            followed.add(replay.books, entry, tuple(facts))
    found = followed.conclude()
    names = Registers.of(found.dossier)
    return Made(
        report_of(found, about.sort, about.start, about.until),
        names.parties,
        names.contracts,
        names.accounts,
        replay.books.accounts.chart_text,
        found.dossier.profile.name,
    )
