"""``mingzhang serve`` up to the moment at which it listens: which ledgers it keeps, and what it refuses to start with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.audit import Trust, verify
from ledger.log.note import COSIGNATURE_ED25519, SigningKey, parse_vkey
from ledger.log.policy import KnownWitness, Policy, format_policy, parse_policy
from ledger.log.source import ZipSource
from tests.cli.conftest import open_ledger
from tests.cli.desk import Desk, desk_in
from tests.watch.street import street


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        desk = desk_in(tmp_path_factory.mktemp("serve"), patch)
        open_ledger(desk, patch)
        yield desk


def test_with_the_logs_keys_it_writes(desk: Desk) -> None:
    (ledger,) = desk("serve", "--check").data["ledgers"]
    assert (ledger["entries"], ledger["writes"]) == (desk.size(), True)


def test_without_keys_it_only_reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGZHANG_KEYS")
    (ledger,) = desk("serve", "--check").data["ledgers"]
    assert not ledger["writes"]


def test_a_ledger_is_kept_once(desk: Desk) -> None:
    assert desk("serve", "--check", "--also", "ledger.db", code=4).rule == "serve.one_ledger_twice"


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "ftp://here"), ("URL", "http://here/path"), ("PORT", "x"), ("PORT", "-1"), ("PAUSE", "2"), ("WAIT", "0"),
     ("PROXY", "maybe"), ("BODY_BYTES", "1e9")],
)  # fmt: skip
def test_a_wrong_setting_is_said_before_anything_listens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"MINGZHANG_{name}", value)
    answer = desk("serve", "--check", code=3)
    assert answer.rule == "setting.value"
    assert f"MINGZHANG_{name}" in answer.error["text"]


def test_witnesses_are_asked_what_they_have_seen_before_anything_listens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = SigningKey("example.org/street", COSIGNATURE_ED25519, b"\7" * 32)
    with desk.store() as store:
        log, ledger = [parse_vkey(vkey) for vkey in store.books.vkeys], store.books.ledger
    before = {one: one.read_bytes() for one in desk.folder.iterdir() if one.name.startswith("ledger.db")}
    with street(log, lambda: desk.time, [key]) as witness:
        known = KnownWitness("street", key.vkey, witness.url)
        policy = tmp_path / "policy.txt"
        policy.write_bytes(format_policy(Policy(witnesses=(known,), quorum="street")))
        monkeypatch.setenv("MINGZHANG_WITNESSES", str(policy))
        silent = desk("serve", "--check", as_json=False)
        assert "witness.no_checkpoint" in silent.err
        desk("people", "enter", "--nature", "office", "--title", "x", "--as", "treasurer", "--as", "registrar", code=0)
        assert "cosign" not in desk("log", "publish", as_json=False).err
        desk("bundle", "write", str(tmp_path / "bundle.zip"), code=0)
        with ZipSource(tmp_path / "bundle.zip") as source:
            assert [one.vkey for one in parse_policy(source.attachment("policy.txt")).witnesses] == [key.vkey]
            assert verify(source, Trust(genesis=ledger)).findings == (), "no line of a stranger stands on its head"
        assert desk("serve", "--check", as_json=False).err == ""
        for one, data in before.items():
            one.write_bytes(data)
        assert desk("serve", "--check", code=4).rule == "headguard.rewound"
    assert "witness.unreachable" in desk("--lang", "en", "log", "publish", as_json=False).err
