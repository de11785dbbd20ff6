"""A community of four households in two buildings, and a meeting of theirs."""

import pytest

from tests.community import Community, Flat
from tests.poll import Poll


@pytest.fixture
def community() -> Community:
    """Owners zhang (two flats), li and wang jointly, zhao; 40,000 of area, three heads."""
    return Community(
        (
            Flat("a1", 10_000, ("zhang",)),
            Flat("a2", 10_000, ("li", "wang")),
            Flat("b1", 10_000, ("zhao",), building="b2"),
            Flat("b2", 10_000, ("zhang",), building="b2"),
        )
    )


@pytest.fixture
def poll(community: Community) -> Poll:
    """A meeting that nobody has called yet."""
    return Poll(community)
