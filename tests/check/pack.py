"""The conformance pack: forty cases as plain files, so that somebody else's verifier can be tried without ours.

``WRITE_PACK=1 pytest tests/check/test_pack.py`` makes it anew. Signatures under ML-DSA-44 are random, so it never has the same
bytes twice: what is committed stays until a case is added.
"""

import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

from ledger.audit import Trust
from ledger.log.checkpoint import Checkpoint
from ledger.log.policy import parse_policy
from tests.check.cases import Case, Make, trust_json
from tests.check.harmed_bundles import BUNDLES
from tests.check.harmed_receipts import RECEIPTS
from tests.check.harmed_statements import STATEMENTS

FOLDER = Path(__file__).parents[1] / "conformance" / "pack"
INDEX, README = "cases.json", "README.md"
MOST_BYTES = 1_000_000
ENDINGS = {"receipt": "receipt.json", "statement": "statement.json", "bundle": "zip", "zip": "zip"}
LARGEST = 60_000
MANY = 9
"""A case that finds so many codes teaches nothing about any."""
EACH = {"receipt": 13, "statement": 10, "bundle": 17}
"""How many of each family."""


def stored(files: dict[str, bytes]) -> bytes:
    """A bundle as an archive that any reader of archives opens."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def chosen(makes: list[Make], what: str, count: int, expected: Any) -> list[tuple[str, Case]]:
    """Cases of one family: a sound one, then always the one that finds most of what none before it found."""
    left: list[tuple[str, Case, set[str]]] = []
    found: list[tuple[str, Case]] = []
    for turn in range(4):
        for make in makes:
            case = make(random.Random(f"pack {make.__name__} {turn}"))
            if case.what not in (what, "zip") or not _is_of_small(case):
                continue
            answer = expected(case)
            codes = {code for code, _ in answer["findings"]} if isinstance(answer, dict) else {str(answer)}
            if not found and isinstance(answer, dict) and answer["verdict"] == "agrees":
                found.append((make.__name__, case))
            elif len(codes) < MANY:
                left.append((make.__name__, case, codes))
    seen: set[str] = set()
    while len(found) < count:
        used = {name for name, _ in found}
        best = max(left, key=lambda one: (len(one[2] - seen), one[0] not in used))
        left.remove(best)
        found.append(best[:2])
        seen |= best[2]
    return found


def _is_of_small(case: Case) -> bool:
    """Whether it is a bundle of the smaller ledger, or none: the pack is small."""
    return max(len(case.data), sum(map(len, case.files.values()))) < LARGEST


def write(expected: Any) -> None:
    """Make the folder anew. ``expected``: the answer to a case, as ``{"verdict", "findings"}`` or the rule."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        if path.name != README:
            path.unlink()
    listed = []
    families = {"receipt": RECEIPTS, "statement": STATEMENTS, "bundle": BUNDLES}
    every = [row for what, makes in families.items() for row in chosen(makes, what, EACH[what], expected)]
    for number, (name, case) in enumerate(every, 1):
        data = case.data if case.what != "bundle" else stored(dict(case.files))
        file = f"{number:02}-{name.partition('_')[2].replace('_', '-')}.{ENDINGS[case.what]}"
        (FOLDER / file).write_bytes(data)
        row: dict[str, Any] = {
            "case": number,
            "damage": name,
            "what": "bundle" if case.what == "zip" else case.what,
            "file": file,
        }
        if case.receipt is not None:
            row["receipt"] = f"{number:02}.receipt.json"
            (FOLDER / row["receipt"]).write_bytes(case.receipt)
        answer = expected(case)
        row["trust"] = trust_json(case.trust)
        row["expected"] = answer if isinstance(answer, dict) else {"cannot_be_opened": answer}
        listed.append(row)
    (FOLDER / INDEX).write_text(json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def read() -> list[tuple[dict[str, Any], Case]]:
    """The committed cases, each with its row of the index."""
    found = []
    for row in json.loads((FOLDER / INDEX).read_text("utf-8")):
        data = (FOLDER / row["file"]).read_bytes()
        receipt = (FOLDER / row["receipt"]).read_bytes() if "receipt" in row else None
        what = "zip" if row["what"] == "bundle" else row["what"]
        found.append((row, Case(what, trust_of(row["trust"]), data, receipt, damage=row["damage"])))
    return found


def trust_of(said: dict[str, Any]) -> Trust:
    """Trust from its JSON."""
    heads = tuple(Checkpoint(h["origin"], int(h["size"]), bytes.fromhex(h["root"])) for h in said["heads"])
    policy = parse_policy(said["policy"].encode()) if "policy" in said else None
    return Trust(said.get("genesis"), (), policy, frozenset(), heads).with_vkeys(said["vkeys"])
