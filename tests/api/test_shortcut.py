"""The shortcut finds what the routes would have found, asked one after another; what it does not find is theirs to refuse."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from api.app import ROUTERS, operations
from api.shortcut import KEY, Shortcut

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
SHORTCUT = Shortcut(ROUTES)
METHODS = ("GET", "POST", "DELETE", "PUT", "OPTIONS")
WORDS = sorted(
    {word for route in ROUTES for word in route.path.split("/") if "{" not in word} | {"tile", "2019H1.json"}
)
ODD = [
    "",
    ".",
    "..",
    "a" * 64,
    "0",
    "x.json",
    "2019H1.poster.pdf",
    "{ledger}",
    "%2F",
    "路",
    "\n",
    "checkpoint\n",
    "a\nb",
]
SEGMENTS = st.one_of(st.sampled_from([*WORDS, *ODD]), st.text(max_size=5))


def scope(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path}


def one_after_another(method: str, path: str) -> tuple[Route, Any] | None:
    for route in ROUTES:
        match, child = route.matches(scope(method, path))
        if match is Match.FULL:
            return route, child["path_params"]
    return None


def check_same(method: str, path: str) -> None:
    match, child = SHORTCUT.matches(scope(method, path))
    found = one_after_another(method, path)
    if match is Match.NONE:
        # A last line feed is left to the routes; nothing else is.
        assert found is None or path.endswith("\n")
    else:
        assert (child[KEY], child["path_params"]) == found


@pytest.mark.parametrize(("method", "path"), sorted(operations()))
def test_every_operation_is_found(method: str, path: str) -> None:
    for value in ("9d7f" * 16, "12", "2019H1"):
        filled = re.sub(r"\{\w+(:path)?\}", value, path)
        check_same(method, filled)
        for other in (
            f"{filled}/",
            f"{filled}/x",
            f"{filled}\n",
            filled.upper(),
            filled.replace("/", "//", 1),
            filled[:-1],
        ):
            check_same(method, other)


@given(st.sampled_from(METHODS), st.lists(SEGMENTS, max_size=8))
def test_any_path_is_found_as_before(method: str, segments: list[str]) -> None:
    check_same(method, "/" + "/".join(segments))


@given(st.sampled_from(METHODS), st.sampled_from(ROUTES), st.data())
def test_any_filling_is_found_as_before(method: str, route: Route, data: st.DataObject) -> None:
    check_same(method, re.sub(r"\{\w+(:path)?\}", lambda _: data.draw(SEGMENTS), route.path))


def test_what_is_not_found_is_refused_as_before(client: TestClient, base: str) -> None:
    assert client.get("/nothing/here").json()["rule"] == "request.path"
    wrong = client.delete(f"{base}/entries")
    assert (wrong.status_code, wrong.json()["rule"], wrong.headers["allow"]) == (405, "request.method", "GET")
    assert client.get("/health/", follow_redirects=False).status_code == 307


def test_below_a_prefix_the_routes_themselves_are_asked() -> None:
    assert SHORTCUT.matches({**scope("GET", "/health"), "root_path": "/books"})[0] is Match.NONE
    assert SHORTCUT.matches({**scope("GET", "/health"), "type": "websocket"})[0] is Match.NONE
