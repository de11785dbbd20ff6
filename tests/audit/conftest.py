"""Reading the profile's text takes most of the time of checking a small ledger, and is the same for all of them."""

from functools import cache

import pytest

from ledger.rules.profile import Profile

_parse = cache(Profile.parse)


@pytest.fixture(autouse=True)
def _profile_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Profile, "parse", staticmethod(_parse))
