"""The example's dossier, gathered once."""

import pytest

from ledger.audit.checks import CHECKS, Dossier, Gathering, inputs_of
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="session")
def dossier(year: Year) -> Dossier:
    gathering = Gathering(inputs_of(CHECKS))
    # Keys and terms are never removed: the books at the end know every signer of any entry.
    for entry, facts in zip(year.entries, year.facts, strict=True):
        gathering.add(year.books, entry, facts)
    return gathering.close(year.books)
