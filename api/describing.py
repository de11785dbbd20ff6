"""The description of the service at ``/api/v1/openapi.json``: what routes cannot say of themselves.

A summary is the first sentence of a route's docstring. An example answer is made from the answer's schema: every required
field, each by its own example, so that no example can grow old beside its model (a test reads each one back).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

DIGEST: Final = "5e884898" * 8
MOMENT: Final = "2026-03-31T01:02:03.000Z"
SAMPLES: Final = (DIGEST, f"{DIGEST}#0", "bank-main", "2026-03-31", "2026H1", "2026-03-0007", "yes", "AA==")
"""Texts of which the first that a pattern takes stands for it."""
NAMED: Final[Mapping[str, object]] = {
    "at": MOMENT,
    "cut_off": MOMENT,
    "closes": MOMENT,
    "ends": MOMENT,
    "opens": MOMENT,
    "time": MOMENT,
    "leaf": DIGEST,
    "ledger": DIGEST,
    "root": DIGEST,
    "path": [DIGEST],
}
"""Fields that are plain text or lists in the schema and more than that in truth."""
TEXTS: Final[Mapping[str, str]] = {
    "text/plain": "…\n",
    "text/html": "<!doctype html>…",
    "text/csv": "\ufeff序号,日期,…\r\n",
    "application/octet-stream": "(bytes)",
}
BYTES: Final = "(bytes)"


def complete(described: dict[str, Any]) -> None:
    """Give every operation its summary and an example of what it answers."""
    schemas = described.get("components", {}).get("schemas", {})
    for foreign in ("HTTPValidationError", "ValidationError"):
        schemas.pop(foreign, None)
    for operation in operations(described):
        _without_foreign_refusals(operation)
        said = operation.get("description", "")
        if said:
            operation["summary"] = sentence(said)
        for status, answer in operation.get("responses", {}).items():
            if not status.startswith("2"):
                continue
            for media, content in answer.get("content", {}).items():
                if "example" not in content and "examples" not in content:
                    content["example"] = _answer(media, content.get("schema", {}), schemas)


def _without_foreign_refusals(operation: dict[str, Any]) -> None:
    """FastAPI believes that it refuses parameters itself, with 422 and a model of its own; here it is a problem with 400."""
    answer = operation["responses"].get("422", {})
    if "application/json" in answer.get("content", {}):
        del operation["responses"]["422"]


def operations(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a description."""
    for methods in described.get("paths", {}).values():
        yield from methods.values()


def sentence(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    whole = " ".join(text.split())
    return re.split(r"(?<=[.。])\s", whole, maxsplit=1)[0].rstrip(".")


def _answer(media: str, schema: Schema, schemas: Schema) -> object:
    if media.partition(";")[0].endswith("json"):
        return example_of(schema, schemas)
    return TEXTS.get(media.partition(";")[0], BYTES)


def example_of(schema: Schema, schemas: Schema, name: str = "") -> Any:
    """A value that a schema takes: required fields, and optional ones that say an example of themselves."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    for key in ("example", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            first = next(one for one in schema[key] if one.get("type") != "null")
            return example_of(first, schemas, name)
    return _plain(schema, schemas, name)


def _plain(schema: Schema, schemas: Schema, name: str) -> Any:
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {
                field: example_of(of, schemas, field)
                for field, of in schema.get("properties", {}).items()
                if field in required or of.get("examples")
            }
        case "array":
            if name in NAMED:
                return NAMED[name]
            if "prefixItems" in schema:
                return [example_of(of, schemas) for of in schema["prefixItems"]]
            return [example_of(schema["items"], schemas)] if "items" in schema else []
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return True
        case "string":
            if "pattern" in schema:
                return next(text for text in SAMPLES if re.fullmatch(schema["pattern"], text))
            return NAMED.get(name, "…")
        case _:
            return {}
