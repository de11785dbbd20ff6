"""What the codes on a page are called: categories, funds, accounts, parties, contracts, roles, kinds.

A person has no name on a page that anybody may read: he is called by the offices he holds (noticeboard rule).
"""

from collections.abc import Iterable
from functools import cached_property

from api.asking import Asking
from ledger import period, words
from ledger.accounts.state import Account
from ledger.books import Books
from ledger.errors import NotFound
from ledger.paper.phrases import NOTHING, Phrases
from ledger.store.reading import registers


class Titles:
    """The titles of one ledger in the reader's language; one for each page."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.books: Books = asking.kept.books
        self.phrases = Phrases(asking.locale)
        self._parties: dict[str, str] = {}

    def category(self, code: str | None) -> str:
        """A category of the adopted chart; one that it does not list stands by its code."""
        if not code:
            return NOTHING
        found = self._categories.get(code)
        if found is None:
            return code
        return found[0] if self.phrases.chinese else found[1]

    def fund(self, code: str | None) -> str:
        """A fund."""
        return self.phrases.text(f"fund.{code}") if code else NOTHING

    def account(self, code: str | None) -> str:
        """An own account with its masked number."""
        if not code:
            return NOTHING
        found: Account | None = self.books.accounts.accounts.get(code)
        return self.phrases.named(found.title, found.number) if found else code

    def leg(self, code: str) -> str:
        """An account of the chart."""
        found = self.books.accounts.chart.accounts.get(code)
        if found is None:
            return ""
        return found.zh if self.phrases.chinese else found.en

    def party(self, code: str | None) -> str:
        """A party's public title; a natural person has none."""
        if not code:
            return NOTHING
        if code not in self._parties:
            try:
                found = registers.party(self._asking.kept.store, code)
            except NotFound:
                return code
            self._parties[code] = found.title or self.phrases.text("statement.private_person")
        return self._parties[code]

    def kind(self, kind: str) -> str:
        """A kind of record."""
        return self.phrases.text(f"kind.{kind.partition('/')[0]}.title")

    def roles(self, roles: tuple[str, ...] | list[str]) -> str:
        """Roles of which one must act."""
        return " / ".join(self.phrases.text(f"role.{role}") for role in roles)

    def role_names(self, roles: Iterable[str]) -> list[str]:
        """Roles by their names, in a fixed order."""
        return [self.phrases.text(f"role.{role}") for role in sorted(roles)]

    def office(self, person: str | None, time: str) -> str:
        """What a person was at a log time: his offices then, else an owner, else a person entered in the ledger."""
        if not person:
            return NOTHING
        day = period.legal_day(period.parse_time(time), self.books.offset).isoformat()
        roles = sorted(self.books.people.roles_of(person, day))
        if roles:
            return self.phrases.join(self.phrases.text(f"role.{role}") for role in roles)
        return self.phrases.text("page.an_owner" if person in self._owners else "page.a_person")

    def answer(self, word: str) -> str:
        """An answer on a ballot; any word but three is void."""
        return self.phrases.text(f"answer.{word if word in ('yes', 'no', 'abstain') else 'void'}")

    def basis(self, basis: str | None) -> str:
        """What a payment rests on."""
        return self.phrases.text(f"authority.{basis}") if basis else NOTHING

    def yuan(self, fen: int) -> str:
        """An amount as it stands on a line: what came in with its plus."""
        return self.phrases.signed(fen)

    def moment(self, time: str) -> str:
        """A log time at the ledger's offset."""
        return self.phrases.moment(time, self.books.offset)

    def has(self, key: str) -> bool:
        """Whether the catalogues have a text."""
        return words.has(key, self.phrases.locale)

    @cached_property
    def _categories(self) -> dict[str, tuple[str, str]]:
        if not self.books.accounts.chart_text:
            return {}
        return {code: (one.zh, one.en) for code, one in self.books.accounts.chart.categories.items()}

    @cached_property
    def _owners(self) -> frozenset[str]:
        return frozenset(owner for unit in self.books.people.units.values() for owner in unit.owners)
