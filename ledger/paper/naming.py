"""What the codes of a statement are called: categories, parties, contracts, documents, motions, accounts.

A natural person has no name here: a statement holds none (noticeboard rule), and none is looked up elsewhere.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ledger.paper.phrases import NOTHING, Phrases


class Names:
    """The titles that a statement gives to its own codes."""

    def __init__(self, statement: Mapping[str, Any], phrases: Phrases) -> None:
        self.statement = statement
        self.phrases = phrases
        self._categories: dict[str, str] = {
            row["code"]: row["zh"] if phrases.chinese else row["en"] for row in statement["categories"]
        }
        self._parties = {row["code"]: row for row in statement["parties"]}
        self._contracts: dict[str, Mapping[str, Any]] = {row["code"]: row for row in statement["contracts"]}
        self._decisions = {
            (row["motion"], row.get("line_code", "")): number
            for number, row in enumerate(statement["decisions"]["by_motion"], 1)
        }
        self._accounts = {row["code"]: row for row in statement["accounts"]}

    @cached_property
    def documents(self) -> dict[str, tuple[int, Mapping[str, Any]]]:
        """Digest -> (number in the list of documents from 1, document)."""
        return {row["digest"]: (number, row) for number, row in enumerate(self.statement["documents"], 1)}

    @cached_property
    def deductions(self) -> dict[int, Mapping[str, Any]]:
        """Of the line of a gross amount and of that of what was kept of it, the deduction, by the line's index."""
        return {row[line]: row for row in self.statement["deductions"] for line in ("line", "cost_line")}

    def paper(self, digest: str) -> str:
        """The number of a document in the list of documents; empty where none is named."""
        found = self.documents.get(digest)
        return self.phrases.text("statement.paper_no", number=found[0]) if found else ""

    def category(self, code: str) -> str:
        """The chart's title of a category; a category that the statement does not list stands by its code."""
        return self._categories.get(code, code)

    def party(self, code: str) -> str:
        """A party's public title."""
        if not code:
            return NOTHING
        party = self._parties.get(code)
        if party is None:
            return code
        return str(party.get("title") or self.phrases.text("statement.private_person"))

    def fund(self, code: str) -> str:
        """A fund."""
        return self.phrases.text(f"fund.{code}")

    def account(self, code: str) -> str:
        """An account with its masked number."""
        account = self._accounts.get(code)
        if account is None:
            return code
        return self.phrases.named(account["title"], account.get("number", ""))

    def budget_line(self, motion: str, code: str) -> str:
        """A line of a budget: what was paid from it, with its code."""
        if not code:
            return NOTHING
        paid = (row for row in self.statement["lines"] if (row.get("motion"), row.get("line_code")) == (motion, code))
        categories = dict.fromkeys(self.category(row["category"]) for row in paid)
        return self.phrases.named(self.phrases.join(categories), code) if categories else code

    def holds_several(self, code: str) -> bool:
        """Whether an account keeps several funds, so that a line has to say whose money it is."""
        return len(self._accounts.get(code, {}).get("funds", ())) > 1

    def contract(self, code: str) -> Mapping[str, Any]:
        """A contract, empty where the statement has none of that code."""
        return self._contracts.get(code, {})

    def decision(self, motion: str, line_code: str) -> str:
        """The number of a motion, or of a line of its budget, in the list of decisions behind the spending.

        A motion that the statement does not list stands by its digest's beginning.
        """
        number = self._decisions.get((motion, line_code))
        return motion[:8] if number is None else self.phrases.text("statement.decision_no", number=number)
