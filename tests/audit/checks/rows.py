"""The rows of the example's source files, as places in its ledger.

The list of anomalies names rows of the sources: ``L42`` (a letter), ``P098`` (a line of a letter), ``C-IN-14`` (a
contract), ``I016`` (a receipt), ``D001`` (an instalment), ``bank_2018H2.csv#10`` (a bank row). What the example's ledger
holds of them stands in an entry; the others (rules, budget figures, the petty-cash book, project forms without a record)
are not in the ledger, and no check can see them.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.example.built import Year

REPORTS = "R07"
"""The clause that promises a report each month: the terms on the ledger say it."""
Place = tuple[str, str]
"""A record's digest and the part of its body, or an empty text for all of it."""


@dataclass(frozen=True)
class Rows:
    """``shared`` holds the sources, ``year`` the ledger made of them."""

    shared: Path
    year: Year

    def table(self, name: str) -> list[dict[str, str]]:
        """One source file."""
        with (self.shared / "data" / "jiangan" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def places(self, row: str) -> set[Place]:
        """Where a source row stands in the ledger; nothing where it does not."""
        digests = self.year.digests
        if row.startswith("bank_"):
            name, _, number = row.removeprefix("bank_").partition(".csv#")
            return self._named([f"row {name}#{number}"])
        if row == REPORTS:
            return self._named(["trust"])
        if row.startswith("C-"):
            return {(self._contracts[row.lower()], "")} if row.lower() in self._contracts else set()
        if row[0] in "ID":
            return self._named([f"row {bank_row}" for bank_row in [self._bank_rows.get(row, "")] if bank_row])
        if row[0] == "P":
            letter, line = self._lines[row]
            return {(digests[letter], f"lines/{line}")} if letter in digests else set()
        return self._named([row])

    def records(self, rows: str) -> dict[str, set[str]]:
        """For each row of a list of rows that the ledger holds: the records where it stands."""
        return {row: {record for record, _part in self.places(row)} for row in rows.split() if self.places(row)}

    def _named(self, names: Iterable[str]) -> set[Place]:
        return {(self.year.digests[name], "") for name in names if name in self.year.digests}

    @cached_property
    def _contracts(self) -> dict[str, str]:
        entries = (e.record for e in self.year.entries if e.record.kind == "contract.entered/1")
        return {str(record.body["code"]): record.digest for record in entries}

    @cached_property
    def _bank_rows(self) -> dict[str, str]:
        tables: list[dict[str, Any]] = [*self.table("income"), *self.table("payments_derived")]
        return {row["row_id"]: row["bank_row"] for row in tables}

    @cached_property
    def _lines(self) -> dict[str, tuple[str, int]]:
        letters = {row["doc_no"]: row["letter_id"] for row in self.table("letters")}
        by_sequence = {row["file_seq"]: row["letter_id"] for row in self.table("letters") if row["file_seq"]}
        counted: dict[str, int] = {}
        found = {}
        for row in self.table("payments"):
            letter = by_sequence.get(row["doc_seq"]) or letters.get(row["doc_no"]) or row["doc_no"]
            found[row["row_id"]] = (letter, counted.get(letter, 0))
            counted[letter] = counted.get(letter, 0) + 1
        return found
