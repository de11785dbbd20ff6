"""The example's audit: who signed it, and that what was signed follows from the entries before it."""

import pytest

from ledger.audit.checks import VERSION
from ledger.audit.reports import FORM
from ledger.store.auditing import About, make
from ledger.store.store import Store
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


def test_the_report_that_was_signed_is_the_one_that_the_entries_before_it_give(example: Year) -> None:
    (entry,) = (entry for entry in example.entries if entry.record.kind == "audit.reported/1")
    signed = dict(entry.record.body)
    assert (signed["prefix"], signed["checks"], signed["form"]) == (entry.seq, VERSION, FORM)
    with Store.open(example.folder / "ledger.db") as store:
        made = make(store, About("trust", "2018-12-01", "2019-06-30", entry.seq))
    assert made.digest == signed["report"]
    assert made.report["example"]


def test_the_auditor_was_appointed_by_two_and_holds_no_other_office(example: Year) -> None:
    (appointed,) = (entry for entry in example.entries if entry.record.kind == "role.appointed/1")
    assert len(appointed.signatures) == 2
    held = example.books.people.terms[appointed.record.body["person"]]
    assert [term.role for term in held] == ["auditor"]


def test_the_report_hangs_as_long_as_the_rules_want(example: Year) -> None:
    (hung,) = (body for body in example.bodies("posting.hung") if body["record"] == example.digests["audit"])
    assert (hung["start"], hung["until"]) == ("2019-07-19", "2019-08-18")
