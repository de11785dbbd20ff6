"""How often somebody did something lately: counted in this process, forgotten with it and after a while."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

MOST_NAMES: Final = 50_000
"""Whoever did it longest ago gives way: memory stays bounded whoever comes."""


class Recent:
    """The moments of each name within the last ``length`` ms; of one name at most ``most`` are kept.

    >>> recent = Recent(60_000, lambda: 1_000, most=2)
    >>> recent.add("a"), recent.count("a"), recent.count("b")
    (None, 1, 0)
    """

    def __init__(self, length: int, clock: Callable[[], int], most: int) -> None:
        self._length = length
        self._clock = clock
        self._most = most
        self._moments: OrderedDict[str, deque[int]] = OrderedDict()

    def add(self, name: str) -> None:
        """Once more, now."""
        moments = self._moments.pop(name, None) or deque(maxlen=self._most)
        moments.append(self._clock())
        self._moments[name] = moments
        while len(self._moments) > MOST_NAMES:
            self._moments.popitem(last=False)

    def count(self, name: str) -> int:
        """How often within the last ``length`` ms."""
        moments, now = self._moments.get(name), self._clock()
        if moments is None:
            return 0
        while moments and moments[0] <= now - self._length:
            moments.popleft()
        if not moments:
            del self._moments[name]
        return len(moments)

    def free(self, name: str) -> int:
        """When (ms) the first of those that count will count no more; now where there is none."""
        return self._moments[name][0] + self._length if self.count(name) else self._clock()
