"""Finding a route by the words of its path: of more than a hundred routes only those are tried that can fit.

Asked one after another, as Starlette does it, their patterns take longer than most answers. :class:`Shortcut` stands before them
as the first route and finds what they would have found first. What it does not find (an unknown path, another method, a
slash too many) goes on to them, so that every refusal stays theirs.

>>> tree = Tree()
>>> for number, path in enumerate(["/c/{ledger}/votes", "/c/{ledger}/{period}.json", "/log/{path:path}", "/c/{ledger}/votes"]):
...     tree.add(path, number)
>>> tree.fitting("/c/9d7f/votes"), tree.fitting("/log/tile/0/000"), tree.fitting("/c/9d7f"), tree.fitting("/d/9d7f/votes")
([0, 1, 3], [2], [], [])
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

KEY: Final = "mingzhang.route"


@dataclass(slots=True)
class Tree:
    """Numbers by path templates, a level for each segment."""

    words: dict[str, "Tree"] = field(default_factory=dict)
    """By a segment that is written out."""
    any: "Tree | None" = None
    """By a segment with something to fill in."""
    here: list[int] = field(default_factory=list)
    """Where the path ends."""
    below: list[int] = field(default_factory=list)
    """Whatever follows."""

    def add(self, template: str, number: int) -> None:
        """Enter a template; the first segment with ``:path`` takes all that follows."""
        place = self
        for segment in template.split("/"):
            if ":path}" in segment:
                place.below.append(number)
                return
            if "{" in segment:
                place.any = place.any or Tree()
                place = place.any
            else:
                place = place.words.setdefault(segment, Tree())
        place.here.append(number)

    def fitting(self, path: str) -> list[int]:
        """The numbers whose templates may fit a path, ascending; none that fits is missing."""
        found: list[int] = []
        places = [self]
        for segment in path.split("/"):
            following = []
            for place in places:
                found += place.below
                if (word := place.words.get(segment)) is not None:
                    following.append(word)
                if place.any is not None:
                    following.append(place.any)
            places = following
        for place in places:
            found += place.here
        return sorted(found)


class Shortcut(BaseRoute):
    """The first of these routes that fits, path and method."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._tree = Tree()
        for number, route in enumerate(routes):
            self._tree.add(route.path, number)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Full, with the route; or none, and the routes themselves say why."""
        # A pattern's end also stands before a last line feed, and a path below a prefix is another one.
        if scope["type"] == "http" and not scope["path"].endswith("\n") and not scope.get("root_path"):
            for number in self._tree.fitting(scope["path"]):
                match, child = self._routes[number].matches(scope)
                if match is Match.FULL:
                    return match, {**child, KEY: self._routes[number]}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by what was found."""
        route: BaseRoute = scope[KEY]
        await route.handle(scope, receive, send)
