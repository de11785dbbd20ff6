"""Wycheproof's ML-DSA-44 signatures under the one verifier that type 06 lines go through (empty context)."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import check_ml_dsa_44


def test_verify(shared: Path, record_property) -> None:
    file = shared / "vectors" / "wycheproof" / "mldsa_44_verify_test.json"
    seen: Counter[str] = Counter()
    for group in json.loads(file.read_bytes())["testGroups"]:
        public = bytes.fromhex(group["publicKey"])
        for case in group["tests"]:
            arguments = (public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            # A signature made for a context is none for ours, which is empty.
            context = bool(case.get("ctx"))
            if case["result"] == "valid" and not context:
                check_ml_dsa_44(*arguments)
                seen["valid"] += 1
            else:
                with pytest.raises((Malformed, Refused)) as refusal:
                    check_ml_dsa_44(*arguments)
                assert refusal.value.rule in ("note.signature", "note.key_size")
                seen["other context" if context else "invalid"] += 1
    record_property("cases", sum(seen.values()))
    assert seen == {"valid": 75, "invalid": 98, "other context": 7}
