"""What every page says of whom the ledger depends on: host, keys, witnesses, the operator; and when it warns."""

from dataclasses import dataclass
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.errors import Unavailable
from ledger.log.note import COSIGNATURE_ED25519, SigningKey
from ledger.log.witness import Cosigned, LocalWitness, OtherSize, SqliteState
from ledger.store import Store
from tests.api.conftest import SITE
from tests.store.settled import ORIGIN, Maker, log_keys

ALONE = "也是唯一作证的人"


@dataclass
class Elsewhere:
    """A witness on some machine, which may be out of order."""

    local: LocalWitness
    host: str = "street.example.org"
    works: bool = True

    @property
    def name(self) -> str:
        return self.local.name

    @property
    def vkeys(self):
        return self.local.vkeys

    def add_checkpoint(self, old_size: int, proof, checkpoint: bytes) -> Cosigned | OtherSize:
        if not self.works:
            raise Unavailable("witness.unreachable", "OSError", witness=self.name)
        return self.local.add_checkpoint(old_size, proof, checkpoint)


@pytest.fixture
def witness(maker: Maker) -> Elsewhere:
    key = SigningKey("example.org/street", COSIGNATURE_ED25519, sha256(b"street").digest())
    state = SqliteState(":memory:")
    return Elsewhere(LocalWitness([key], {ORIGIN: log_keys().vkeys}, state, lambda: maker.time // 1000))


def home(store: Store, maker: Maker, settings: Settings, *witnesses: Elsewhere, writable: bool = True) -> str:
    """The first page as somebody reads it."""
    kept = Kept(store, writable=writable, witnesses=witnesses, pause=0.01)
    with TestClient(create_app(Keeper.of([kept]), settings, lambda: maker.time), base_url=SITE) as client:
        return client.get(f"/c/{kept.digest[:16]}/", headers={"Accept": "text/html"}).text


def test_who_is_the_only_one_to_vouch_is_said(store: Store, maker: Maker, settings: Settings) -> None:
    page = home(store, maker, settings)
    assert ALONE in page
    assert "签名密钥也在这台服务器上" in page
    for key in log_keys().vkeys:
        assert f"{key.name}+{key.key_id.hex()}" in page


def test_a_witness_outside_is_named_once_it_has_signed(
    store: Store, maker: Maker, settings: Settings, witness: Elsewhere
) -> None:
    page = home(store, maker, settings, witness)
    assert ALONE not in page
    assert "外部见证方：example.org/street" in page


def test_one_that_has_not_signed_does_not_count(
    store: Store, maker: Maker, settings: Settings, witness: Elsewhere
) -> None:
    witness.works = False
    page = home(store, maker, settings, witness)
    assert ALONE in page
    assert "还没有这些见证方的签名：example.org/street" in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "books.example.org", ""])
def test_a_witness_on_the_keeper_s_own_machine_is_the_keeper(
    store: Store, maker: Maker, witness: Elsewhere, host: str
) -> None:
    witness.host = host
    page = home(store, maker, Settings(url="https://books.example.org"), witness)
    assert ALONE in page
    assert "example.org/street" not in page


def test_a_copy_says_that_it_is_one(store: Store, maker: Maker, settings: Settings) -> None:
    store.publish()
    with Store.open(store.path) as copy:
        page = home(copy, maker, settings, writable=False)
    assert "签名密钥在别处" in page
    assert "签名密钥也在" not in page


def test_the_operator_and_the_site_s_filings_stand_on_every_page(store: Store, maker: Maker) -> None:
    settings = Settings(
        operator="某某街道办<b>", contact="电话 12345", icp="某ICP备2026000001号", police="某公网安备0001号"
    )
    page = home(store, maker, settings)
    for said in ("本站由 某某街道办&lt;b&gt; 运行", "电话 12345", ">某ICP备2026000001号</a>", ">某公网安备0001号</a>"):
        assert said in page
    assert "运行" not in home(store, maker, Settings())


def test_what_a_person_has_to_be_told_is_linked_from_every_page(store: Store, maker: Maker) -> None:
    kept = Kept(store, writable=True, pause=0.01)
    where = f"/c/{kept.digest[:16]}/"
    for settings, told in (
        (Settings(), "还没有填写"),
        (Settings(operator="街道办", contact="12345", retention="三年"), "街道办。联系方式：12345"),
    ):
        with TestClient(create_app(Keeper.of([kept]), settings, lambda: maker.time), base_url=SITE) as client:
            assert f'href="{where}privacy"' in client.get(where).text
            page = client.get(f"{where}privacy").text
            assert told in page
            assert ("原文：三年" in page) == (settings.retention == "三年")
            english = client.get(f"{where}privacy?lang=en").text
            assert "To say no, or to withdraw" in english
            client.cookies.clear()
