"""Bodies made to hurt, at every writing route: a typed refusal each, and the service goes on."""

from collections import defaultdict

import pytest
from starlette.testclient import TestClient

from api.answers import JSON
from api.app import operations
from api.problems import MEDIA
from tests.api.conftest import Served
from tests.api.test_signing_in import bearer, signed_in

HOSTILE = {
    "nothing": b"",
    "deep arrays": b"[" * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "huge integer": b'{"items":' + b"9" * 100_000 + b"}",
    "huge exponent": b'{"items":1e999999}',
    "not a number": b'{"items":NaN}',
    "a key twice": b'{"record":{},"record":{},"signatures":[],"openings":[]}',
    "not UTF-8": b'{"items":"\xff\xfe\xc0\x80"}',
    "half a surrogate": b'{"items":"\\ud800"}',
    "NUL": b'{"items":"\x00"}',
    "NUL, escaped": b'{"items":"\\u0000"}',
    "many elements": b"[" + b"1," * 400_000 + b"1]",
    "many empty objects": b"[" + b"{}," * 300_000 + b"{}]",
    "too large": b" " * (1 << 20) + b"{}",
    "byte order mark": b"\xef\xbb\xbf{}",
}
TOLD = {400, 401, 403, 404, 409, 413, 415, 422}


def writing() -> list[tuple[str, str]]:
    """Every route of the API that takes a body."""
    return sorted(one for one in operations() if one[0] in ("POST", "PUT", "PATCH"))


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_each_is_a_typed_refusal(client: TestClient, base: str, served: Served, name: str) -> None:
    known = {"ledger": served.store.books.ledger, "code": "a1", "period": "2026H1"}
    size, headers = served.store.books.head.size, bearer(signed_in(client, base))
    routes = writing()
    assert len(routes) >= 8
    for method, path in routes:
        if path.endswith("/session/challenge"):
            continue  # takes no body
        real = path.format_map(defaultdict(lambda: "0" * 64, known))
        answer = client.request(method, real, content=HOSTILE[name], headers={**headers, "Content-Type": JSON})
        assert answer.status_code in TOLD, (path, answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == MEDIA, path
        assert answer.json()["rule"], path
        assert len(answer.content) < 20_000, (path, "what was sent is not sent back")
    assert client.get("/health").status_code == 200
    assert client.get(f"{base}/entries?limit=1").status_code == 200
    assert served.store.books.head.size == size
