"""What the codes of a ledger are called in one language: accounts of the chart, own accounts, funds, parties, contracts, persons.

A natural person has no name on paper that anybody may read. Whoever ever held an office is numbered by its beginning, so that two
hands on one voucher can be told apart; any other stands by the beginning of his reference.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from ledger import words
from ledger.accounts.records import ContractEntered, DocumentEntered, PartyEntered
from ledger.audit.books.journal import Posting
from ledger.audit.checks import Acted, Dossier
from ledger.log.act import Signer

INPUTS: Final = (PartyEntered, ContractEntered, DocumentEntered)
"""What a dossier must have gathered."""
SHOWN: Final = 8
"""Digits of a digest that tell two of them apart for the eye."""


class Titles:
    """The titles of one ledger in one language."""

    def __init__(self, case: Dossier, locale: str) -> None:
        self.case = case
        self.locale = locale
        self.chart = case.books.accounts.chart
        self._accounts = case.books.accounts.accounts
        self._parties = case.parties()
        self._contracts = case.contracts()

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogues."""
        return words.text(key, self.locale, **values)

    @property
    def chinese(self) -> bool:
        """Whether this is the Chinese of the chart's titles."""
        return self.locale == words.CHINESE

    def code(self, code: str) -> str:
        """An account of the chart."""
        found = self.chart.accounts.get(code)
        return code if found is None else found.zh if self.chinese else found.en

    def account(self, code: str) -> str:
        """An own account with its masked number."""
        found = self._accounts.get(code)
        return code if found is None else self.named(found.title, found.number)

    def category(self, code: str) -> str:
        """A category."""
        found = self.chart.categories.get(code)
        return code if found is None else found.zh if self.chinese else found.en

    def fund(self, code: str) -> str:
        """A fund; empty where none is said."""
        return self.text(f"fund.{code}") if code else ""

    def party(self, code: str | None) -> str:
        """A payer or payee: its public title, a natural person's code."""
        found = self._parties.get(code or "")
        return found.body.title or found.body.code if found else code or ""

    def contract(self, code: str | None) -> str:
        """A contract by what it is about, with its code."""
        found = self._contracts.get(code or "")
        return self.named(found.body.object, found.body.code) if found else code or ""

    def paper(self, digest: str | None) -> str:
        """A document by its subject, with its printed number."""
        found = self._papers.get(digest or "")
        return self.named(found.body.subject, found.body.number_printed or "") if found else ""

    def named(self, name: str, more: str) -> str:
        """A name with something in brackets."""
        return self.text("pack.named", name=name, more=more) if more else name

    def person(self, ref: str) -> str:
        """A person by office, number or the beginning of the reference."""
        found = self.case.books.people.persons.get(ref)
        if found is not None and found.title:
            return found.title
        number = self._numbers.get(ref)
        return self.text("pack.person", number=f"{number:02}" if number else ref[:SHOWN])

    def hands(self, signers: Iterable[Signer]) -> str:
        """Who signed: each with the offices held that day."""
        listed = self.text("plain.listed")
        said = (
            self.named(
                listed.join(self.text(f"role.{role}") for role in sorted(signer.roles)), self.person(signer.person)
            )
            if signer.roles
            else self.person(signer.person)
            for signer in sorted(signers, key=lambda signer: signer.person)
        )
        return listed.join(dict.fromkeys(said))

    def summary(self, posting: Posting) -> str:
        """摘要: what a leg is about."""
        if posting.opens:
            return self.text("pack.summary_opening")
        move = posting.move
        if move is None:
            return self.text("pack.summary_suspense")
        said = [self.category(move.category), move.covers, self.paper(move.document)]
        text = self.text("pack.summary_joint").join(part for part in said if part)
        return self.text("pack.summary_contra", summary=text) if posting.voucher.corrects else text

    @cached_property
    def _papers(self) -> Mapping[str, Acted[DocumentEntered]]:
        return self.case.documents()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        held = self.case.books.people.terms
        begun = sorted((min(term.start for term in terms), ref) for ref, terms in held.items() if terms)
        return {ref: number for number, (_, ref) in enumerate(begun, 1)}
