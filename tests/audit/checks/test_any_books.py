"""Every check can be asked of any books that the machine accepts: it says something that prints, the same twice, or nothing."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ledger import words
from ledger.audit.checks import CHECKS, run
from tests.audit.checks.asked import dossier_of
from tests.test_model import Years


class Asked(Years):
    """A treasurer's years in random acts, at the end of which every check is asked."""

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        dossier = dossier_of(self.house)
        findings = run(dossier, CHECKS)
        assert findings == run(dossier, tuple(reversed(CHECKS)))
        for finding in findings:
            for locale in words.locales():
                assert words.text(f"audit.{finding.code}.says", locale, **finding.figures)


@pytest.mark.uncounted
def test_any_books_can_be_asked() -> None:
    run_state_machine_as_test(Asked, settings=settings(max_examples=15, stateful_step_count=30, deadline=None))
