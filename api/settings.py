"""The service's settings: each from the environment, with its default and what somebody who controls it could do.

>>> Settings.from_environment({"MINGZHANG_URL": "https://books.example.org", "MINGZHANG_WAIT": "0.5"}).secure
True
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self
from urllib.parse import urlsplit

from ledger.errors import Malformed
from ledger.store.documents import MAX_DOCUMENT

PREFIX: Final = "MINGZHANG_"
LOGGED: Final = ("all", "faults")
SHORTEST_TOKEN: Final = 16


def _setting(default: object, reads: type, says: str, power: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"reads": reads, "says": says, "power": power})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; a field ``url`` is read from ``MINGZHANG_URL``."""

    url: str = _setting(
        "http://localhost:8080",
        str,
        "where people reach the service: scheme, host, port; no path. Unset: this machine, at the port below",
        "nothing alone; with a false name, sign-ins and passkeys fail",
    )
    host: str = _setting("127.0.0.1", str, "address to listen on", "open the service to a network")
    port: int = _setting(8080, int, "port to listen on", "nothing")
    wait: float = _setting(
        2.0, float, "seconds that a submission waits for its receipt before 202 is answered", "make writers wait"
    )
    pause: float = _setting(
        0.25, float, "seconds between two signed heads at least; never more than one second", "make receipts come later"
    )
    session_minutes: int = _setting(
        30, int, "a sign-in ends after so many minutes", "keep a forgotten session open longer"
    )
    invitation_days: int = _setting(
        30, int, "a letter that invites to enrol a key is good so many days", "keep a lost letter good longer"
    )
    requests: int = _setting(
        600,
        int,
        "requests a minute from one address (of IPv6: one /64), writing counting ten times",
        "open the door to floods, or shut it",
    )
    request_seconds: float = _setting(
        30.0, float, "seconds within which a request has to come whole", "let slow senders hold places"
    )
    connections: int = _setting(
        1000, int, "connections at a time; further ones are told to come again", "open the door to floods, or shut it"
    )
    body_bytes: int = _setting(1 << 20, int, "bytes of one request at most", "open the door to floods")
    streams: int = _setting(200, int, "event streams that are open at a time", "shut everybody out of live news")
    streams_each: int = _setting(
        20, int, "event streams to one address at a time", "shut a house that shares an address out of live news"
    )
    keep_alive: float = _setting(15.0, float, "seconds of silence after which a stream says that it lives", "nothing")
    document_bytes: int = _setting(10 << 20, int, "bytes of one document handed in at most", "fill the disk faster")
    documents: int = _setting(
        500,
        int,
        "documents that one key hands in within 24 hours at most",
        "fill the disk with one stolen key; lowered, keep officers from handing in evidence",
    )
    proxy: bool = _setting(
        False, bool, "a proxy in front says who asks (X-Forwarded-For)", "choose whose rate limit is used up"
    )
    operator: str = _setting(
        "", str, "who runs this service, said on every page", "name somebody else as responsible for it"
    )
    contact: str = _setting(
        "", str, "how the operator is reached, said on every page", "have people turn to somebody else"
    )
    retention: str = _setting(
        "", str, "how long private texts are kept, said on the privacy page", "promise a term that nobody keeps"
    )
    icp: str = _setting("", str, "filing number 备案号 of the site, said and linked on every page", "claim a filing")
    police: str = _setting("", str, "public-security filing number 公安联网备案号, likewise", "claim a filing")
    smtp: str = _setting(
        "",
        str,
        "mail server `host:port` with STARTTLS that sends notices; without one none is sent",
        "read every notice before it goes out, and keep it back",
    )
    smtp_from: str = _setting("", str, "address that notices come from", "have them come from somebody else")
    smtp_to: str = _setting(
        "", str, "addresses that get notices, by commas; none sees the others", "keep somebody from being told"
    )
    smtp_user: str = _setting("", str, "user at the mail server; empty: none", "nothing alone")
    smtp_password: str = _setting("", str, "password at the mail server", "send mail in its name", secret=True)
    webhook: str = _setting(
        "", str, "https address that gets each notice as signed JSON; without one none is sent", "read every notice"
    )
    webhook_secret: str = _setting(
        "",
        str,
        "shared secret of the webhook, 16 characters or more",
        "send forged notices to its receiver",
        secret=True,
    )
    webhook_private: bool = _setting(
        False,
        bool,
        "the webhook may be an address inside the house",
        "have this server call machines in its own network",
    )
    log: str = _setting(
        "all",
        str,
        "which requests are logged: `all`, or only `faults` of the service",
        "hide what was asked and refused",
    )
    metrics: str = _setting(
        "",
        str,
        "bearer token, 16 characters or more, by which `/metrics` is read; without one there is no `/metrics`",
        "see how much the service is used",
        secret=True,
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Raises Malformed ``setting.value`` with the variable's name."""
        given: dict[str, Any] = {}
        for one in fields(cls):
            name = variable(one.name)
            if environment.get(name):
                given[one.name] = _read(name, environment[name], one.metadata["reads"])
        given.setdefault("url", f"http://localhost:{given.get('port', cls().port)}")
        settings = cls(**given)
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise Malformed("setting.value", settings.url, "https://host[:port]", name=variable("url"))
        if settings.log not in LOGGED:
            raise Malformed("setting.value", settings.log, ", ".join(LOGGED), name=variable("log"))
        if settings.metrics and len(settings.metrics) < SHORTEST_TOKEN:
            raise Malformed("setting.value", "…", f"at least {SHORTEST_TOKEN} characters", name=variable("metrics"))
        host, colon, port = settings.smtp.rpartition(":")
        if settings.smtp and not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
            raise Malformed("setting.value", settings.smtp, "host:port", name=variable("smtp"))
        if settings.smtp and not ("@" in settings.smtp_from and "@" in settings.smtp_to):
            raise Malformed("setting.value", settings.smtp_to, "addresses", name=variable("smtp_to"))
        if not 0 < settings.pause <= 1:
            raise Malformed("setting.value", settings.pause, "above 0, at most 1", name=variable("pause"))
        if settings.document_bytes > MAX_DOCUMENT:
            raise Malformed("setting.value", settings.document_bytes, MAX_DOCUMENT, name=variable("document_bytes"))
        return settings

    @property
    def site(self) -> str:
        """The origin of the service's own pages, as browsers send it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        """Whether people reach the service by TLS."""
        return urlsplit(self.url).scheme == "https"


def variable(name: str) -> str:
    """The variable of a setting."""
    return PREFIX + name.upper()


def _read(name: str, text: str, kind: type) -> object:
    try:
        if kind is bool:
            return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
        value: object = kind(text)
    except (ValueError, KeyError):
        raise Malformed("setting.value", text, kind.__name__, name=name) from None
    if isinstance(value, (int, float)) and not 0 < value < 2**40:
        raise Malformed("setting.value", text, "above 0", name=name)
    return value
