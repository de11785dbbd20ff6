"""The example's review, made once for a process: whoever asks about its findings, reports or pack starts from it."""

from functools import cache
from pathlib import Path

from ledger.audit.pack import ASKED
from ledger.audit.reports import INPUTS
from ledger.audit.review import Review, review
from ledger.log.source import DirectorySource
from tests.example.built import Year
from tests.tracing import untraced


def reviewed(year: Year, *, bundle: bool = True) -> Review:
    """The review of its bundle, or of the log in it alone, with what packs and reports are made of."""
    return _reviewed(year.folder / "bundle", bundle)


@cache
def _reviewed(folder: Path, bundle: bool) -> Review:
    """Uncounted: smaller ledgers go through the same lines."""
    with untraced():
        return review(DirectorySource(folder), bundle=bundle, also={*ASKED, *INPUTS}, statements=True)
