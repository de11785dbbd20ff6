"""Signing in without passwords: the key that signs records signs a challenge, and means nothing else by it.

::

    PAE("application/vnd.mingzhang.sign-in+json", canonical {"ledger", "site", "nonce", "at"})

``site`` is the service's own origin, so that a challenge passed on by another site signs nobody in here; ``nonce`` is 32
bytes of ours in base64, good once and for two minutes; ``at`` is our time when it was given. A passkey's challenge is the
SHA-256 of those bytes, as with records. A session is a random token, of which only the hash is kept, in memory: it ends
after its minutes, when it is signed out, when the server starts again, and with the key that opened it.
"""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger import canonical, period, signatures
from ledger.books import Books
from ledger.errors import MingzhangError, Refused
from ledger.signatures import Check

TYPE: Final = "application/vnd.mingzhang.sign-in+json"
CHALLENGE_MS: Final = 2 * 60_000
MOST_CHALLENGES: Final = 10_000
MOST_SESSIONS: Final = 100_000
"""The oldest give way: memory stays bounded whatever is asked."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in key of one ledger until ``ends`` (ms)."""

    ledger: str
    key: str
    began: int
    ends: int


class Sessions:
    """The challenges given and the sessions open, of one server."""

    def __init__(self, site: str, minutes: int, clock: Callable[[], int]) -> None:
        self._site = site
        self._length = minutes * 60_000
        self._clock = clock
        self._challenges: OrderedDict[str, tuple[bytes, int]] = OrderedDict()
        self._open: OrderedDict[bytes, Session] = OrderedDict()

    @property
    def count(self) -> int:
        """Sessions kept; some of them may be over and not yet forgotten."""
        return len(self._open)

    def challenge(self, ledger: str) -> dict[str, str]:
        """What a key of ``ledger`` signs to sign in."""
        now, nonce = self._clock(), base64.b64encode(secrets.token_bytes(32)).decode()
        said = {"ledger": ledger, "site": self._site, "nonce": nonce, "at": period.format_time(now)}
        self._challenges[nonce] = (signed_bytes(said), now + CHALLENGE_MS)
        while len(self._challenges) > MOST_CHALLENGES:
            self._challenges.popitem(last=False)
        return said

    def sign_in(
        self,
        books: Books,
        said: dict[str, Any],
        keys: Sequence[str],
        sig: bytes,
        passkey: tuple[bytes, bytes] = (b"", b""),
    ) -> tuple[str, Session]:
        """Open a session for the one of ``keys`` that signed; its token. A challenge is spent by the first answer, right or
        wrong.

        Raises Refused ``access.challenge_unknown``, ``access.challenge_over``, ``signature.…``.
        """
        given = self._challenges.pop(str(said.get("nonce")), None)
        now = self._clock()
        if given is None or signed_bytes(said) != given[0]:
            raise Refused("access.challenge_unknown", str(said.get("nonce"))[:80], "a challenge given here, used once")
        if now >= given[1]:
            raise Refused("access.challenge_over", said["at"], f"{CHALLENGE_MS // 1000} s")
        key = self._signer(books, keys, Check("", b"", given[0], sig, *passkey), max(now, books.head.time))
        token = secrets.token_urlsafe(32)
        session = Session(books.ledger, key, now, now + self._length)
        self._open[_hashed(token)] = session
        while len(self._open) > MOST_SESSIONS:
            self._open.popitem(last=False)
        return token, session

    @staticmethod
    def _signer(books: Books, keys: Sequence[str], check: Check, time: int) -> str:
        """The key that made a signature. Raises Refused ``signature.…`` of the last that did not, or of no key at all."""
        refusal: MingzhangError = Refused("signature.unknown_key", None, "a key enrolled on this ledger")
        for key in keys:
            try:
                found = books.people.usable(key, time)
                relying = (books.people.rp_ids, books.people.origins)
                signatures.verify_check(check._replace(alg=found.alg, public=found.public), relying)
            except MingzhangError as error:
                refusal = error
            else:
                return key
        raise refusal

    def find(self, token: str, ledger: str) -> Session:
        """The session of a token. Raises Refused ``access.session_over``."""
        session = self._open.get(_hashed(token))
        if session is None or session.ledger != ledger or self._clock() >= session.ends:
            raise Refused("access.session_over", None, "sign in again")
        return session

    def sign_out(self, token: str) -> None:
        """End a session; of one that is over nothing is left to end."""
        self._open.pop(_hashed(token), None)

    def revoke(self, ledger: str, key: str) -> int:
        """End all sessions of a key; how many there were."""
        # Other threads open and end sessions meanwhile: what is walked is a copy, and what is gone already is gone.
        ended = [name for name, one in list(self._open.items()) if (one.ledger, one.key) == (ledger, key)]
        return sum(self._open.pop(name, None) is not None for name in ended)


def signed_bytes(said: dict[str, Any]) -> bytes:
    """The bytes that are signed to sign in."""
    return signatures.pae(TYPE, canonical.encode(said))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
