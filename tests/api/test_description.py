"""The description that programs are written from: each operation says what it does, answers, and refuses with."""

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api import access
from api.access import ANYONE, TABLE
from api.app import ROUTERS, create_app, operations
from api.describing import sentence
from api.keeper import Keeper
from api.problems import MEDIA
from api.settings import Settings
from tests.api.test_access import WITHOUT


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app(Keeper.of([]), Settings()).openapi()


def walk(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does_in_a_sentence_of_its_own(described: dict[str, Any]) -> None:
    said = [operation.get("summary", "") for _method, _path, operation in walk(described)]
    assert len(said) > 40
    for (method, path, operation), summary in zip(walk(described), said, strict=True):
        assert summary == sentence(operation.get("description", "")), (method, path)
        assert 8 < len(summary) < 140, (method, path, summary)
        assert operation["tags"], (method, path)
    assert len(set(said)) == len(said), sorted(one for one in said if said.count(one) > 1)
    assert len({operation["operationId"] for _m, _p, operation in walk(described)}) == len(said)


def test_every_operation_shows_an_answer(described: dict[str, Any]) -> None:
    for method, path, operation in walk(described):
        well = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        assert well, (method, path)
        for status, answer in well.items():
            if status == "204":
                continue
            assert answer.get("content"), (method, path, status)
            for media, content in answer["content"].items():
                assert content.get("example", content.get("examples")) not in (None, "", {}, []), (path, status, media)


def test_every_example_is_an_answer_that_its_model_takes(described: dict[str, Any]) -> None:
    read = 0
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        if route.response_model is None or not route.include_in_schema:
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            answer = described["paths"][route.path][method.lower()]["responses"][str(route.status_code or 200)]
            example = answer["content"]["application/json"]["example"]
            TypeAdapter(route.response_model).validate_json(json.dumps(example))
            read += 1
    assert read > 30


def test_every_operation_names_its_refusals(described: dict[str, Any]) -> None:
    problems = {"$ref": "#/components/schemas/Problem"}
    rows = operations()
    for method, path, operation in walk(described):
        if path in WITHOUT:
            continue
        refusals = {
            status: answer for status, answer in operation["responses"].items() if status.startswith(("4", "5"))
        }
        row = rows[method, path.replace("{path}", "{path:path}")] if (method, path) not in rows else rows[method, path]
        due = {"400", "429", "503"} | ({"404"} if "{" in path else set())
        due |= set() if ANYONE in TABLE[row] else {"401", "403"} if TABLE[row] != access.SIGNED_IN else {"401"}
        assert due <= set(refusals), (method, path, due - set(refusals))
        for status, answer in refusals.items():
            assert answer.get("content", {}).get(MEDIA, {}).get("schema") == problems, (method, path, status)
    assert "Problem" in described["components"]["schemas"]


def test_every_schema_says_what_it_is(described: dict[str, Any]) -> None:
    """Models of answers have a docstring; amounts in them say that they are fen."""
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description") or "enum" in schema, name
        for field, of in schema.get("properties", {}).items():
            if field in (
                "amount",
                "balance",
                "debit",
                "credit",
                "held",
                "spent",
                "cap",
                "received",
                "paid",
                "opening",
                "closing",
            ):
                text = str(of) + str(schema.get("description"))
                assert of.get("type") != "integer" or "fen" in text, (name, field)
