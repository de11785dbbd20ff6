"""The typed client, against the service on a real socket."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.client import Client
from ledger import audit, canonical
from ledger.errors import Malformed, NotFound, Refused
from ledger.store import Store
from tests.community import key_of
from tests.example.built import demo_or_find
from tests.serving import Site, running
from tests.store.settled import Maker, created

pytestmark = pytest.mark.uncounted  # quicker tests go through the same lines


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Store.open(demo_or_find(tmp_path_factory).folder / "ledger.db") as store, ExitStack() as serving:
        site = serving.enter_context(running(store))
        yield site


@pytest.fixture
def client(example: Site) -> Client:
    return Client(example.origin, example.kept.digest)


def test_everything_that_is_read_is_typed_and_adds_up(client: Client, example: Site) -> None:
    assert [one.ledger for one in client.ledgers().items] == [client.digest]
    assert client.ledger().head.size == example.kept.size
    entries = list(client.entries())
    assert [one.seq for one in entries] == list(range(example.kept.size))
    assert client.record(entries[7].digest) == entries[7]
    lines = list(client.lines())
    held = sum(one.held for one in client.accounts().items)
    assert sum(one.amount for one in lines) + _opening(client) == held
    unfounded = [one for one in lines if one.unfounded]
    assert {f"{one.record}#{one.part}" for one in unfounded} == {one.ref for one in client.open_items().unfounded}
    payment = client.payment(unfounded[0].record)
    assert payment.missing
    assert client.voucher(payment.vouchers[0].number) == payment.vouchers[0]
    assert len(list(client.withdrawals())) > 40
    assert {one.called for one in client.meetings()} == {client.meeting(one.called).called for one in client.meetings()}
    called = next(client.meetings()).called
    assert sum(1 for one in client.ballots(called) if not one.superseded) == 500
    assert list(client.authorities())
    assert list(client.contracts())
    assert list(client.parties())


def test_what_it_brings_home_verifies(client: Client, tmp_path: Path) -> None:
    from ledger.log.source import ZipSource

    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(client.bundle())
    trust = audit.Trust(genesis=client.digest)
    with ZipSource(bundle) as source:
        assert audit.verify(source, trust).verdict == "agrees"
    vkeys = trust.with_vkeys(client.ledger().vkeys)
    assert audit.verify_receipt(client.receipt(2000), vkeys).verdict == "agrees"
    old = client.inclusion(3, 100)
    assert len(old.path) == 7
    assert client.consistency(100, 4000).path
    assert canonical.decode(client.statement("2019H1"))["period"]["code"] == "2019H1"  # type: ignore[index,call-overload]
    assert client.statement("2019H1", "csv").startswith(b"\xef\xbb\xbf")


def test_a_refusal_is_the_error_that_the_service_met(client: Client) -> None:
    with pytest.raises(NotFound) as refused:
        client.payment("0" * 64)
    assert refused.value.rule == "record.unknown"
    with pytest.raises(Malformed) as malformed:
        client.inclusion(-1, 5)
    assert malformed.value.rule == "request.fields"
    with pytest.raises(Refused) as stranger:
        client.unit("a1")
    assert stranger.value.rule == "access.sign_in"


@pytest.mark.parametrize("address", ["http://books.example.org", "ftp://localhost", "https://h/path", "localhost"])
def test_no_token_goes_over_the_open_network(address: str) -> None:
    with pytest.raises(Malformed) as refused:
        Client(address)
    assert refused.value.rule == "client.address"


def test_signing_in_and_handing_in(tmp_path: Path) -> None:
    maker = Maker()
    with (
        created(tmp_path / "ledger.db", maker) as store,
        running(store, writable=True, clock=lambda: maker.time) as site,
    ):
        client, person = Client(site.origin, site.kept.digest), maker.person("guest")
        assert client.submit([person]).items[-1].receipt
        assert client.sign_in(key_of("chair")).roles == ["chair"]
        assert client.attempt([person]).stands


def _opening(client: Client) -> int:
    opened = next(one for one in client.entries() if one.kind == "books.opened/1")
    return sum(part["amount"] for part in opened.entry["record"]["body"]["parts"])
