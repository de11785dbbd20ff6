r"""Asking witnesses over HTTP (C2SP tlog-witness v1.0.0): ``POST <url>/add-checkpoint``, at publishing, one after the other.

What a witness may do to us is kept small: an answer is waited for a few seconds and read up to a few kilobytes, no redirect
is followed, no proxy of the environment is asked, and one that did not answer is left alone for a while, so that a
witness out of order does not make every receipt late. What it answers counts only if it is signed: its lines are checked by
the publisher, and the last head that it saw (``GET <url>/<origin hash>/checkpoint``, where it has that) bears our own log's
signatures.

Witnesses are named in a policy file (:mod:`ledger.log.policy`); those without an address are not asked:

>>> from ledger.log.note import COSIGNATURE_ED25519, SigningKey
>>> from ledger.log.policy import KnownWitness, Policy
>>> key = SigningKey("example.org/street", COSIGNATURE_ED25519, b"\1" * 32).vkey
>>> (street,) = witnesses_of(Policy(witnesses=(KnownWitness("street", key, "https://witness.example.org/"),)))
>>> street.name, street.host
('example.org/street', 'witness.example.org')
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy, parse_policy
from ledger.log.witness import (
    SIZE_CONTENT_TYPE,
    Cosigned,
    OtherSize,
    Request,
    format_request,
    origin_hash,
    parse_cosigned,
    parse_size,
)

VARIABLE: Final = "MINGZHANG_WITNESSES"
"""Names a policy file."""
SECONDS: Final = 3.0
"""For one whole exchange: connecting, asking, the answer's last byte."""
REST: Final = 30.0
"""Seconds for which a witness that did not answer is not asked again."""
LARGEST: Final = 1 << 16
"""Bytes of an answer: cosignatures of two kinds take 4 KiB."""


@dataclass
class HttpWitness:
    """A witness at an address; ``vkeys`` are all under one name.

    Raises Malformed ``witness.url`` unless the address is http or https with a host, ``witness.keys`` for several names.
    """

    url: str
    vkeys: Sequence[VerifierKey]
    clock: Callable[[], float] = time.monotonic
    name: str = field(init=False)
    _rests_until: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        names = sorted({key.name for key in self.vkeys})
        if len(names) != 1:
            raise Malformed("witness.keys", names, "one or more keys under one name")
        self.name = names[0]
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise Malformed("witness.url", self.url, "http or https, and a host")

    @property
    def host(self) -> str:
        """The machine that it runs on, by name."""
        return urlsplit(self.url).hostname or ""

    def add_checkpoint(self, old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> Cosigned | OtherSize:
        """See :class:`ledger.log.witness.Witness`.

        Raises Unavailable ``witness.unreachable``, ``witness.rests``; Refused ``witness.refused`` with its status.
        """
        wait = self._rests_until - self.clock()
        if wait > 0:
            raise Unavailable("witness.rests", round(wait), None, witness=self.name)
        body = format_request(Request(old_size, tuple(proof), checkpoint))
        status, media, data = self._ask("POST", "add-checkpoint", body)
        if status == http.client.OK:
            return parse_cosigned(data)
        if status == http.client.CONFLICT and media == SIZE_CONTENT_TYPE:
            return parse_size(data)
        raise Refused("witness.refused", status, "200, or 409 with a size", witness=self.name)

    def latest(self, origin: str) -> bytes:
        """The last head of a log that it cosigned, as a signed note.

        Raises NotFound ``witness.no_checkpoint``; Unavailable ``witness.unreachable``.
        """
        status, _media, data = self._ask("GET", f"{origin_hash(origin)}/checkpoint")
        if status != http.client.OK:
            raise NotFound("witness.no_checkpoint", origin, "an origin with a cosigned checkpoint")
        return data

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
        """Status, media type and body of one exchange. Raises Unavailable ``witness.unreachable``."""
        parts = urlsplit(self.url)
        connection = self._connection()
        # The time-out of a socket is for each of its steps: whoever sends a byte now and then would never meet it.
        late = threading.Event()
        held: list[socket.socket] = []
        watch = threading.Timer(SECONDS, _cut, [connection, held, late])
        watch.daemon = True
        try:
            watch.start()
            connection.connect()
            held.append(connection.sock)
            connection.request(method, f"{parts.path.rstrip('/')}/{path}", body, {"Connection": "close"})
            with connection.getresponse() as answer:
                data = answer.read(LARGEST + 1)
            if late.is_set() or len(data) > LARGEST:
                raise http.client.IncompleteRead(b"")
        except (OSError, http.client.HTTPException) as error:
            self._rests_until = self.clock() + REST
            raise Unavailable("witness.unreachable", type(error).__name__, self.url, witness=self.name) from error
        finally:
            watch.cancel()
            connection.close()
        return answer.status, answer.headers.get_content_type(), data

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(self.host, parts.port, timeout=SECONDS, context=self._trusted)
        return http.client.HTTPConnection(self.host, parts.port, timeout=SECONDS)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def witnesses_of(policy: Policy) -> list[HttpWitness]:
    """The witnesses of a policy that have an address; keys of one name at one address are one witness."""
    found: dict[tuple[str, str], list[VerifierKey]] = {}
    for witness in policy.witnesses:
        if witness.url:
            found.setdefault((witness.url, witness.vkey.name), []).append(witness.vkey)
    return [HttpWitness(url, keys) for (url, _name), keys in found.items()]


def from_environment(environment: Mapping[str, str]) -> list[HttpWitness]:
    """The witnesses of the policy file that ``MINGZHANG_WITNESSES`` names; none without it.

    Raises Malformed ``policy.…``, ``witness.url``; Unavailable ``witness.policy``.
    """
    path = environment.get(VARIABLE)
    if not path:
        return []
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Unavailable("witness.policy", path, "a policy file", why=error.strerror) from error
    return witnesses_of(parse_policy(data))


def _cut(connection: http.client.HTTPConnection, held: Sequence[socket.socket], late: threading.Event) -> None:
    """End an exchange that takes too long, from another thread, which whoever reads then notices.

    While an answer without a length is read, the connection has given its socket away; while it is made, it is not held yet.
    """
    late.set()
    for one in (*held, connection.sock):
        if one is not None:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
