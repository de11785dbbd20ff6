"""A community whose genesis names the pages that it is served from, so that passkeys of a real browser count on it.

::

    with town() as town, watched(chromium, town.site.origin, **PHONE) as phone:
        page = town.page(phone)                      # with a virtual authenticator: one touch is every touch
        town.enrol(page, "owner-a1")                 # a passkey for that owner, as if he had been invited
        town.sign_in(page)
        town.follow(...)                             # what the house does in Python goes into the served store

Its clock is the house's, and so is the page's: ``town.house.advance(...)`` and then :meth:`Town.set_clock`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from ledger import canonical
from ledger.log.entry import Signature, parse_signatures
from ledger.people import drafting
from tests.api.house import House, Living, living
from tests.browser.conftest import Watched
from tests.community import Flat, flats
from tests.serving import Site, free_port, origin_of, running
from tests.store.settled import ORIGIN, log_keys

AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
MAKE = """async ([ledger, way, person, name]) => {
  const keys = await import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "sign/keys.js"));
  return keys.make(ledger, way, { rpIds: ["localhost"], site: "test", user: name, person });
}"""
SIGN = """async ([ledger, submission]) => {
  const keys = await import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "sign/keys.js"));
  return (await keys.signAll((await keys.own(ledger))[0], [submission]))[0].signatures;
}"""


@dataclass
class Town:
    """A house, its store and the server in front of it."""

    living: Living
    site: Site

    @property
    def house(self) -> House:
        """The community: its people, their keys, what they do."""
        return self.living.house

    def page(self, browser: Watched, path: str = "", *, passkeys: bool = True) -> Page:
        """A new page at an address below the ledger's first, on the house's clock. Without ``passkeys`` WebAuthn is absent."""
        browser.expected.add("pubKeyCredParams")  # it would have RS256 offered too, which no ledger takes
        page = browser.page()
        page.clock.set_fixed_time(self.house.time / 1000)
        if passkeys:
            session = page.context.new_cdp_session(page)
            session.send("WebAuthn.enable")
            session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        else:
            page.add_init_script("delete window.PublicKeyCredential; delete Navigator.prototype.credentials")
        page.goto(f"{self.site.home}{path}")
        return page

    def enrol(self, page: Page, name: str, way: str = "passkey") -> str:
        """A further key for a person, made and proven in the page; role and registrar sign beside it. Its id."""
        ledger, person = self.house.ledger, self.house.ref(name)
        made: dict[str, Any] = page.evaluate(MAKE, [ledger, way, person, name])
        body = {"person": person, "key": {"alg": made["alg"], "public": made["public"]}}
        record = self.house.record("key.enrolled/1", body)
        submission = {"record": canonical.decode(record.raw), "signatures": [], "openings": []}
        own = parse_signatures(page.evaluate(SIGN, [ledger, submission]))
        by = [*self.house.both, *([name] if name not in self.house.both and self._can_vouch(name) else [])]
        signed: Sequence[Signature] = drafting.merged(record, own, self.house.sign(record, by))
        self.house.submit(record, list(signed))
        self.follow()
        return str(made["id"])

    def sign_in(self, page: Page) -> None:
        """Sign in with the newest key of the page's browser; ends on the ledger's first page."""
        page.goto(f"{self.site.home}sign-in")
        page.locator("[data-part=keys] button").first.click()
        page.wait_for_url(self.site.home)
        page.locator("#sign-out").wait_for()

    def follow(self) -> None:
        """Put into the served store what the house has done since, and wait until the server has seen it."""
        self.living.follow()
        self.site.kept.want()

    def set_clock(self, page: Page) -> None:
        """Let the page's clock be the house's."""
        self.living.clock[0] = self.house.time
        page.clock.set_fixed_time(self.house.time / 1000)

    def _can_vouch(self, name: str) -> bool:
        return bool(self.house._keys.get(name))


@contextmanager
def town(units: Sequence[Flat] = flats("a1 a2 a3"), **options: Any) -> Iterator[Town]:
    """Found it and serve it."""
    port = free_port()
    genesis = {
        "vkeys": list(map(str, log_keys().vkeys)),
        "origin": ORIGIN,
        "passkeys": {"rp_ids": ["localhost"], "origins": [origin_of(port)]},
    }
    house = House(units, genesis=genesis, **options)
    with TemporaryDirectory() as folder:
        home = living(Path(folder) / "ledger.db", house)
        try:
            with running(home.store, writable=True, clock=lambda: house.time, port=port) as site:
                yield Town(home, site)
        finally:
            home.store.close()
