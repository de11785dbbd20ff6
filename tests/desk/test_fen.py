"""Yuan as people type them into the desk's pages, in fen: as :func:`ledger.money.parse_yuan` has them, or refused."""

import json
from pathlib import Path

import pytest

from ledger.errors import MingzhangError
from ledger.money import parse_yuan
from tests.check.node import node

MODULE = Path(__file__).parents[2] / "api" / "pages" / "static" / "desk" / "fen.js"
TYPED = (
    *("0", "1", "1.5", "1.05", "1,234.50", "1234.50", "-70", "12,345,678.90", "  5  ", "+3", "99999999999.99"),
    *("", "1.234", "1,23", "12,34.00", "1.", ".5", "--1", "1e5", "0x1", "壹元", "1 000", "١", "1,2345", "9" * 30),
)


def test_what_is_typed_is_what_python_reads() -> None:
    script = (
        f"import {{ fen }} from {json.dumps(MODULE.as_uri())};"
        f"console.log(JSON.stringify({json.dumps(TYPED)}.map(fen)));"
    )
    run = node("--input-type=module", "--eval", script)
    assert run.returncode == 0, run.stderr
    for typed, found in zip(TYPED, json.loads(run.stdout), strict=True):
        if found is None:
            continue
        assert parse_yuan(typed.strip().removeprefix("+")) == found, typed
    refused = [typed for typed, found in zip(TYPED, json.loads(run.stdout), strict=True) if found is None]
    for typed in refused:
        with pytest.raises(MingzhangError):
            parse_yuan(typed)
    assert len(refused) == 14
