"""My home: only for who is signed in, only his own."""

from starlette.testclient import TestClient

from ledger.store import Store
from tests.api.test_access import SOMEBODY, maker
from tests.api.test_signing_in import bearer, signed_in

__all__ = ("maker",)
HTML = {"Accept": "text/html"}


def test_an_owner_sees_his_own_units_and_a_stranger_is_asked_to_sign_in(
    client: TestClient, base: str, store: Store
) -> None:
    home = f"/c/{store.books.ledger[:16]}/"
    assert client.get(f"{home}me", headers=HTML).status_code == 401
    owner = bearer(signed_in(client, base, SOMEBODY["owner"])) | HTML
    mine = client.get(f"{home}me", headers=owner)
    assert mine.status_code == 200
    assert "a1" in mine.text
    assert "a2" not in mine.text
    assert mine.headers["cache-control"] == "private, no-store"
    assert client.get(f"{home}units/a1", headers=owner).status_code == 200
    assert client.get(f"{home}units/a2", headers=owner).status_code == 403
