"""Letters to another program: one POST of JSON by https, signed, to an address that is not inside the house.

The receiver checks ``Mingzhang-Signature: v1=<hex>``: HMAC-SHA-256 under the shared secret over
``<Mingzhang-Timestamp>.<body>``, and refuses what is older than a few minutes (replay). What somebody may do to us who
chooses the address, or the name behind it, is kept small:

* only https, with a certificate that this machine trusts; no redirect is followed, no proxy of the environment asked;
* the name is resolved once, every address of it must be one of the open internet, and the connection goes to just that
  address: a name that points into the house, or begins to between two look-ups, reaches nothing there;
* an answer is waited for a few seconds, and nothing of it is kept but its status.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ledger.errors import Malformed, Refused, Unavailable
from ledger.watch.letters import Letter

SECONDS: Final = 10.0
"""For one whole exchange."""
SHORTEST_SECRET: Final = 16


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the receiver compares.

    >>> signature("a secret of sixteen", 1_772_326_800, b"{}")[:11]
    'v1=e719b0ce'
    """
    return f"v1={hmac.new(secret.encode(), b'%d.%s' % (timestamp, body), hashlib.sha256).hexdigest()}"


@dataclass(frozen=True)
class Webhook:
    """A program at an https address. ``private``: addresses inside the house are allowed.

    Raises Malformed ``webhook.url``, ``webhook.secret``.
    """

    url: str
    secret: str = field(repr=False)
    private: bool = False
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    clock: Callable[[], float] = time.time
    name: str = "webhook"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
            raise Malformed("webhook.url", self.url[:200], "https, a host, no user")
        if len(self.secret) < SHORTEST_SECRET:
            raise Malformed("webhook.secret", len(self.secret), f"at least {SHORTEST_SECRET} characters")

    def carry(self, letter: Letter) -> None:
        """Post a letter. Raises Refused ``webhook.private``, ``webhook.refused``; Unavailable ``webhook.unreachable``."""
        parts, timestamp = urlsplit(self.url), int(self.clock())
        body = json.dumps({"key": letter.key, **letter.data}, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json",
            "Mingzhang-Timestamp": str(timestamp),
            "Mingzhang-Signature": signature(self.secret, timestamp, body),
            "Connection": "close",
        }
        status = self._post(parts, body, headers)
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise Refused("webhook.refused", status, "200 to 299")

    def _post(self, parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
        host, port = parts.hostname or "", parts.port or 443
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        held: list[socket.socket] = []
        # The time-out of a socket is for each of its steps: whoever sends a byte now and then would never meet it.
        watch = threading.Timer(SECONDS, _cut, [held])
        watch.daemon = True
        connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self.context)
        try:
            watch.start()
            plain = socket.create_connection(self._address(host, port), timeout=SECONDS)
            held.append(plain)
            connection.sock = self.context.wrap_socket(plain, server_hostname=host)
            held[:] = [connection.sock]
            connection.request("POST", path, body, headers)
            with connection.getresponse() as answer:
                return answer.status
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable("webhook.unreachable", type(error).__name__, host) from error
        finally:
            watch.cancel()
            connection.close()
            for one in held:
                one.close()

    def _address(self, host: str, port: int) -> tuple[str, int]:
        """The one address that is connected to. Raises Refused ``webhook.private``."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self.private:
            inside = [one for one in found if not _outside(one)]
            if inside:
                raise Refused("webhook.private", inside[0], "an address of the open internet")
        return found[0], port


def _outside(address: str) -> bool:
    """Whether an address is one of the open internet, whatever it is wrapped in."""
    read = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(read, ipaddress.IPv6Address):
        wrapped = read.ipv4_mapped or read.sixtofour or (read.teredo[1] if read.teredo else None)
        if wrapped is not None and not wrapped.is_global:
            return False
    return read.is_global and not read.is_multicast


def _cut(held: list[socket.socket]) -> None:
    for one in list(held):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
