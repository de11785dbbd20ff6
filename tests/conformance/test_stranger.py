"""The stranger's checker agrees with ours, finds what it should find, and knows nothing of the product but the page."""

import ast
import base64
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ledger import canonical, signatures
from ledger.audit import Trust
from ledger.audit.manifest import MANIFEST
from ledger.errors import Malformed
from ledger.exchange.bundle import write_bundle, write_zip
from ledger.log import merkle
from ledger.log.entry import parse_entry, parse_record, parse_signatures
from ledger.signatures import Ed25519Key, P256Key
from tests.audit.specimen import (
    InMemory,
    Ledger,
    Published,
    changed,
    check,
    full,
    index_of,
    log_keys,
    policy_of,
    relink,
    remade,
    small,
)
from tests.community import BOTH, _public
from tests.conformance import stranger

pytestmark = pytest.mark.uncounted  # quicker tests go through the same lines


ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(stranger.__file__)
PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```([a-z_]+)\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL))
FILES = sorted(small().files)


def found(published: Published, **files: bytes) -> list[str]:
    return stranger.check(dict(published.files) | files, published.genesis)


# --- it is a stranger ---------------------------------------------------------------------------------------------------


def test_it_imports_nothing_of_ours():
    modules = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or "").partition(".")[0])
    assert modules - set(sys.stdlib_module_names) == {"cryptography", "nacl"}


# --- it agrees ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("published", [small(), full()], ids=["small", "full"])
def test_it_finds_nothing_in_what_was_published(published: Published):
    assert found(published) == []


def test_it_runs_alone_on_a_folder_and_an_archive(tmp_path: Path):
    policy = policy_of(full().keys, *full().witnesses)
    source = InMemory(full().files)
    write_bundle(tmp_path / "bundle", source, full().statements, full().keys.vkeys, policy)
    write_zip(tmp_path / "bundle.zip", source, full().statements, full().keys.vkeys, policy)
    command = [sys.executable, "-I", str(SOURCE)]
    for name in ("bundle", "bundle.zip"):
        told = subprocess.run(
            [*command, str(tmp_path / name), "--genesis", full().genesis], capture_output=True, text=True, check=False
        )
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout.endswith(f"{len(full().entries)} entries, {len(full().files)} files, 0 findings\n")
    (tmp_path / "bundle" / "checkpoint").write_bytes(b"")
    told = subprocess.run([*command, str(tmp_path / "bundle")], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "checkpoint: not as listed" in told.stdout


def test_it_reads_keys_of_every_algorithm_and_many_tiles():
    ledger = Ledger(keys=log_keys("many"))
    curve = P256Key.from_private((7).to_bytes(32, "big"))
    ledger.enter("zhang")
    enrolled = {"person": ledger.ref("zhang"), "key": _public(curve)}
    ledger.act("key.enrolled/1", enrolled, by=[*BOTH, ledger.key("zhang"), curve])
    ledger.act("key.revoked/1", {"key": ledger.key("zhang").key, "reason": "lost"}, by=[curve])
    for number in range(260):
        ledger.act("document.entered/1", {"kind": "other", "subject": f"{number}"}, by=["chair"])
    made = ledger.published()
    assert found(made) == []
    assert check(made.files, made.outside).findings == ()
    files = dict(made.files)
    for path in ("tile/1/000.p/1", "tile/0/000"):
        assert f"{path}: not what the entries hash to" in stranger.check(
            remade(files | {path: bytes(32) + files[path][32:]})
        )


def test_a_passkey_is_read_as_the_page_says():
    key = P256Key.from_private((9).to_bytes(32, "big"))
    message, passkeys = b"what is signed", {"rp_ids": ["example.org"], "origins": ["https://example.org"]}
    challenge = base64.urlsafe_b64encode(stranger.sha256(message)).rstrip(b"=").decode()
    said = {"type": "webauthn.get", "challenge": challenge, "origin": "https://example.org", "crossOrigin": False}
    data = stranger.sha256(b"example.org") + b"\x05" + bytes(4)

    def assertion(client: dict[str, Any], authenticator: bytes = data) -> dict[str, str]:
        raw = json.dumps(client).encode()
        signed = key.sign(authenticator + stranger.sha256(raw))
        der = encode_dss_signature(int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:], "big"))
        fields = {"authenticator_data": authenticator, "client_data": raw, "sig": der}
        return {name: base64.b64encode(value).decode() for name, value in fields.items()}

    def both(signed: dict[str, str]) -> None:
        names = ("authenticator_data", "client_data", "sig")
        authenticator, client, sig = (base64.b64decode(signed[name]) for name in names)
        signatures.verify_webauthn(
            key.public,
            stranger.sha256(message),
            authenticator,
            client,
            sig,
            tuple(passkeys["rp_ids"]),
            tuple(passkeys["origins"]),
        )
        stranger.check_passkey(key.public, message, signed, passkeys)

    both(assertion(said))
    for harmed in (
        assertion(said | {"type": "webauthn.create"}),
        assertion(said | {"challenge": challenge[::-1]}),
        assertion(said | {"origin": "https://example.com"}),
        assertion(said | {"crossOrigin": True}),
        assertion(said, data[:32] + b"\x01" + bytes(4)),
        assertion(said, bytes(32) + data[32:]),
        assertion(said) | {"client_data": base64.b64encode(b"{").decode()},
    ):
        with pytest.raises(stranger.Wrong):
            stranger.check_passkey(key.public, message, harmed, passkeys)


# --- it finds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES)
def test_a_changed_bit_is_found(path: str):
    chance = random.Random(path)
    for _ in range(6):
        data = bytearray(small().files[path])
        bit = chance.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        told = found(small(), **{path: bytes(data)})
        assert told
        assert path == MANIFEST or any(line.startswith(path) for line in told)
        if path not in (MANIFEST, "policy.txt"):
            assert stranger.check(remade(dict(small().files) | {path: bytes(data)}), small().genesis), bit


def test_what_ours_finds_it_finds():
    seq = index_of(full(), "document.entered/1")
    row = index_of(full(), "bank.row/1", 1)
    out = relink([raw for n, raw in enumerate(full().entries) if n != seq])

    def with_entry(n: int, path: str, value: Any, linked: bool = True) -> Published:
        entries = list(full().entries)
        entries[n] = changed(entries[n], path, value)
        return full().publish(entries=relink(entries) if linked else tuple(entries))

    data = full().statements["2026H1"]
    cases = [
        (full().publish(keys=log_keys("stranger")), "vkeys.txt"),
        (full().publish(entries=out), "statements/2026H1.json"),
        (full().publish(entries=full().entries[: row + 1], statements={}), "the log ends inside a batch"),
        (full().publish(timestamp=full().timestamp - 3600), "signed before the last entry"),
        (full().publish(statements={}), "statements/2026H1.json"),
        (full().publish(statements=dict(full().statements) | {"2027H1": data}), "nobody published"),
        (with_entry(row, "record/body/amount", 5), f"entry {row}: a signature that does not hold"),
        (with_entry(seq, "prev", "0" * 64, linked=False), f"entry {seq}: not linked"),
        (with_entry(seq, "time", "2020-01-01T00:00:00.000Z"), f"entry {seq}: earlier"),
        (with_entry(seq, "record/ledger", "0" * 64), f"entry {seq}: a record of another ledger"),
        (with_entry(seq, "record/at", "2020-01-01T00:00:00Z"), f"entry {seq}: signed too long ago"),
        (with_entry(seq, "signatures/0/key", "0" * 64), f"entry {seq}: a key that nobody enrolled"),
        (with_entry(row, "signatures/0/batch/index", 3), f"entry {row}: a batch out of order"),
        (with_entry(seq, "more", 1), f"entry {seq}: other fields"),
        (with_entry(seq, "entry", True), f"entry {seq}: another version"),
    ]
    for published, told in cases:
        assert any(told in line for line in stranger.check(dict(published.files), full().genesis)), told
        assert check(published.files, Trust(genesis=full().genesis)).exit_code == 1, told
    other = "ab" * 32
    assert f"entry 0: the genesis digest is {full().genesis}" in stranger.check(dict(full().files), other)


def test_a_key_that_was_revoked_signs_nothing_any_more():
    entries = list(full().entries)
    seq = index_of(full(), "statement.published/1")
    record = parse_entry(entries[seq]).record
    bundle = stranger.Bundle(dict(full().files), revoked={parse_entry(entries[seq]).signatures[0].key})
    told = bundle.check()
    assert f"entry {seq}: a key that was revoked" in told, record.kind


@pytest.mark.parametrize("name", ["income", "expense", "opening", "closing", "others_received", "transfers_spent"])
def test_a_statement_that_does_not_add_up_is_found(name: str):
    statement = json.loads(full().statements["2026H1"])
    stranger.add_up(statement)
    statement["totals"][name] += 1
    with pytest.raises(stranger.Wrong):
        stranger.add_up(statement)


def test_every_figure_that_is_a_sum_is_added():
    for path in (
        "funds/0/received",
        "funds/1/closing",
        "funds/1/blocks/own/spent",
        "accounts/0/spent",
        "accounts/0/difference",
        "funds/1/blocks/own/rows/0/spent",
        "lines/0/amount",
        "reconciliation/5/adjusted",
        "reconciliation/4/items/0/amount",
        "deductions/0/line",
        "deductions/0/cost_line",
        "deductions/0/gross",
        "deductions/0/cost",
        "deductions/0/net",
    ):
        statement: Any = json.loads(full().statements["2026H1"])
        inner = statement
        *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
        for step in steps:
            inner = inner[step]
        inner[last] += 1
        with pytest.raises(stranger.Wrong):
            stranger.add_up(statement)


@pytest.mark.parametrize(
    "name", ["file", "account", "start", "end", "count", "received", "paid", "on", "record", "reason"]
)
def test_every_file_that_was_taken_back_is_told_as_it_was(name: str):
    bundle = stranger.Bundle(dict(full().files))
    assert bundle.check() == []
    first, second = (json.loads(full().statements[code]) for code in ("2026H1", "2026H2"))
    assert (len(first["rejected"]), len(second["rejected"])) == (0, 2)
    bundle.rejected(second)
    value = second["rejected"][1][name]
    second["rejected"][1][name] = value + 1 if isinstance(value, int) else f"{value}0"
    with pytest.raises(stranger.Wrong):
        bundle.rejected(second)
    with pytest.raises(stranger.Wrong):
        bundle.rejected(second | {"rejected": second["rejected"][:1]})


def test_any_value_in_an_entry_is_answered():
    chance = random.Random(3)
    values: list[Any] = [0, True, "", "x", [], {}, -1, "0" * 64, [[]], {"a": 1}, 2**53 - 1]
    for _ in range(40):
        seq = chance.randrange(len(full().entries))
        path, value = chance.choice(_spots(json.loads(full().entries[seq]))), chance.choice(values)
        entries = list(full().entries)
        entries[seq] = changed(entries[seq], path, value)
        if entries[seq] != full().entries[seq]:
            assert stranger.check(dict(full().publish(entries=tuple(entries)).files), full().genesis), (
                seq,
                path,
                value,
            )


def _spots(value: Any, path: str = "") -> list[str]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    spots = []
    for step, inner in pairs:
        below = f"{path}/{step}" if path else str(step)
        spots += [below, *_spots(inner, below)]
    return spots


# --- its JSON is the norm's ---------------------------------------------------------------------------------------------


def test_its_json_is_that_of_the_norm():
    import rfc8785

    values: list[Any] = [
        {"b": [1, True, {}], "a": '\x00\x1f"\\\b\f\n\r\t\x7f\u2028明账🧾'},
        [],
        "",
        -5,
        {"a_9": [[[]]]},
    ]
    for value in values:
        assert stranger.write_json(value).encode() == rfc8785.dumps(value) == canonical.encode(value)
        assert stranger.read_json(canonical.encode(value)) == value


@pytest.mark.parametrize(
    "data",
    [
        b"null",
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"A":1}',
        b"[1, 2]",
        b'"\\u0041"',
        b"NaN",
        b"9007199254740992",
        b"[" * 17 + b"]" * 17,
        b'"\\ud800"',
        b"\xff",
        b"",
        b"1" * 5000,
        b"\xef\xbb\xbf1",
    ],
)
def test_what_is_not_canonical_is_refused_by_both(data: bytes):
    with pytest.raises(stranger.Wrong):
        stranger.read_json(data)
    with pytest.raises(Malformed):
        canonical.decode(data)


# --- the page's own example -----------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_page_is_right():
    key = Ed25519Key(bytes.fromhex(BLOCKS["seed"]))
    assert key.public.hex() == BLOCKS["public"]
    assert stranger.sha256(b"ed25519\x00" + key.public).hex() == key.key == BLOCKS["key"]
    record = stranger.read_json(BLOCKS["record"].encode())
    message = stranger.pae(stranger.RECORD_TYPE, BLOCKS["record"].encode())
    assert message.hex() == BLOCKS["pae"].replace("\n", "")
    assert (
        stranger.digest_of(record) == stranger.sha256(message).hex() == parse_record(record).digest == BLOCKS["digest"]
    )
    assert base64.b64encode(key.sign(message)).decode() == BLOCKS["sig"]
    stranger.check_ed25519(key.public, message, base64.b64decode(BLOCKS["sig"]))
    entry = BLOCKS["entry"].encode()
    assert entry.hex() == BLOCKS["entryhex"].replace("\n", "")
    assert parse_entry(entry).record.digest == BLOCKS["digest"]
    assert stranger.read_json(entry)["signatures"] == [{"alg": "ed25519", "key": key.key, "sig": BLOCKS["sig"]}]
    assert stranger.leaf(entry).hex() == merkle.leaf_hash(entry).hex() == BLOCKS["leaf"]


def test_the_batch_of_the_page_is_right():
    records = BLOCKS["batch_records"].split("\n")
    leaves = [stranger.leaf(record.encode()) for record in records]
    assert stranger.root(leaves).hex() == merkle.root(leaves).hex() == BLOCKS["batch_root"]
    signed = stranger.read_json(BLOCKS["batch_sig"].encode())
    (place,) = [signature.batch for signature in parse_signatures([signed])]
    assert place is not None
    assert stranger.batch_root(json.loads(records[1]), signed["batch"]) == BLOCKS["batch_root"]
    payload = stranger.read_json(BLOCKS["batch_payload"].encode())
    first = json.loads(records[0])
    assert payload == {"at": first["at"], "count": 3, "ledger": first["ledger"], "root": BLOCKS["batch_root"]}
    message = stranger.pae(stranger.BATCH_TYPE, BLOCKS["batch_payload"].encode())
    stranger.check_ed25519(bytes.fromhex(BLOCKS["public"]), message, base64.b64decode(signed["sig"]))


def test_the_commitment_and_the_leaves_of_the_page_are_right():
    salt, content = bytes.fromhex(BLOCKS["salt"]), BLOCKS["content"].encode()
    said = stranger.read_json(content)
    assert stranger.sha256(b"mingzhang/commit/1\x00" + salt + content).hex() == BLOCKS["com"]
    assert canonical.commitment(said["ledger"], said["kind"], said["field"], said["value"], salt) == BLOCKS["com"]
    for name in ("line", "roll"):
        assert stranger.read_json(BLOCKS[name].encode())[name] == 1
        assert stranger.leaf(BLOCKS[name].encode()).hex() == BLOCKS[f"{name}_leaf"]


def test_the_page_names_the_files_of_a_log():
    assert [stranger.tile_path("0", n, w) for n, w in ((5, 256), (1234067, 256), (1, 44))] == [
        "tile/0/005",
        "tile/0/x001/x234/067",
        "tile/0/001.p/44",
    ]


def test_every_field_of_a_statement_stands_on_the_page():
    table = PAGE[PAGE.index("## Statements") : PAGE.index("## Bundles")]
    for statement in full().statements.values():
        assert {name for name in json.loads(statement) if f"`{name}`" not in table} == set()
    lines = PAGE[PAGE.index("## Small trees") : PAGE.index("## Statements")]
    fields = {
        name for statement in full().statements.values() for line in json.loads(statement)["lines"] for name in line
    }
    assert {name for name in fields - {"line"} if f"`{name}`" not in lines} == set()
