"""A client for programs: the service's answers as the same typed models that it answers with.

>>> from api.client import Client
>>> client = Client("https://books.example.org", "9d7f…")           # doctest: +SKIP
>>> for line in client.lines(period="2019H1", basis="none"):        # doctest: +SKIP
...     print(line.on, line.amount, client.payment(line.record).missing)

Lists are walked to their end, page by page. A refusal comes as the error that the service met, with the same rule, value and
what would be accepted (:mod:`ledger.errors`). Nothing is believed by asking here: whoever wants proof takes the bundle or the
receipts and runs ``mingzhang verify``.

Every answer is bounded in size and time; no redirect is followed, no proxy of the environment is asked, and a session's
token goes only to the address given.
"""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel

from api.routes.entries import Consistency, Entries, EntryItem, Inclusion
from api.routes.ledgers import Ledgers, Whole
from api.routes.session import Challenge, SignedIn, Who
from api.routes.submissions import Places, Tried
from api.sessions import signed_bytes
from ledger.errors import Conflict, Malformed, MingzhangError, NotFound, Refused, Unavailable
from ledger.log.entry import Submission, submission_json
from ledger.signatures import Signer, key_id
from ledger.store.reading.authorities import AuthorityItem, AuthorityItems
from ledger.store.reading.ballots import BallotItem, BallotItems
from ledger.store.reading.lines import LineFilter, LineItem, Lines, VoucherWhole
from ledger.store.reading.meetings import MeetingItem, MeetingItems, MeetingWhole
from ledger.store.reading.money import AccountItems, Open
from ledger.store.reading.payments import Payment
from ledger.store.reading.registers import ContractItem, ContractItems, PartyItem, PartyItems
from ledger.store.reading.units import UnitItem
from ledger.store.reading.withdrawals import WithdrawalItem, WithdrawalItems

SECONDS: Final = 30.0
LARGEST: Final = 64 << 20
"""Bytes of one answer."""
ERRORS: Final[Mapping[int, type[MingzhangError]]] = {
    HTTPStatus.BAD_REQUEST: Malformed,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.SERVICE_UNAVAILABLE: Unavailable,
    HTTPStatus.TOO_MANY_REQUESTS: Unavailable,
}
"""What a status means; every other refusal is a :class:`~ledger.errors.Refused`."""

M = TypeVar("M", bound=BaseModel)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Client:
    """One service, and one of its ledgers by genesis digest. ``token``: of a session (:meth:`sign_in`).

    Raises Malformed ``client.address`` unless the address is https, or http on this machine.
    """

    address: str
    digest: str = ""
    token: str = field(default="", repr=False)
    locale: str = "en"
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme not in (("http", "https") if here else ("https",)) or parts.path not in ("", "/"):
            raise Malformed("client.address", self.address, "https://host, or http://localhost:port")
        self.address = f"{parts.scheme}://{parts.netloc}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    # --- ledgers and their logs --------------------------------------------------------------------------------------

    def ledgers(self) -> Ledgers:
        """What the service keeps."""
        return self._get(Ledgers, "/api/v1/ledgers")

    def ledger(self) -> Whole:
        """The ledger: head, keys, rules."""
        return self._get(Whole, self._path())

    def entries(self) -> Iterator[EntryItem]:
        """All entries in log order."""
        return self._walk(Entries, "/entries", {"limit": 500})

    def record(self, digest: str) -> EntryItem:
        """The entry of a record."""
        return self._get(EntryItem, self._path("/records/", digest))

    def inclusion(self, seq: int, size: int) -> Inclusion:
        """The proof that entry ``seq`` stands in the tree of ``size``."""
        return self._get(Inclusion, self._path("/proofs/inclusion"), {"seq": seq, "size": size})

    def consistency(self, old: int, new: int) -> Consistency:
        """The proof that the log only grew."""
        return self._get(Consistency, self._path("/proofs/consistency"), {"old": old, "new": new})

    def receipt(self, seq: int) -> bytes:
        """The receipt of an entry, as a file for ``mingzhang verify``."""
        return self.fetch(self._path(f"/entries/{seq}/receipt"))

    def bundle(self) -> bytes:
        """The whole ledger as one archive, for ``mingzhang verify``."""
        return self.fetch(self._path("/bundle.zip"))

    # --- money -------------------------------------------------------------------------------------------------------

    def accounts(self) -> AccountItems:
        """Own accounts with what they hold."""
        return self._get(AccountItems, self._path("/accounts"))

    def open_items(self) -> Open:
        """What is not settled."""
        return self._get(Open, self._path("/open"))

    def lines(self, **wanted: Any) -> Iterator[LineItem]:
        """Lines that a filter lets through, by the fields of :class:`ledger.store.reading.lines.LineFilter`."""
        return self._walk(Lines, "/lines", {"limit": 200, **LineFilter(**wanted).model_dump(exclude_defaults=True)})

    def voucher(self, number: str) -> VoucherWhole:
        """A voucher with its legs and lines."""
        return self._get(VoucherWhole, self._path("/vouchers/", number))

    def payment(self, record: str) -> Payment:
        """A payment with all that it rests on."""
        return self._get(Payment, self._path("/payments/", record))

    def withdrawals(self, *, live: bool = False) -> Iterator[WithdrawalItem]:
        """Withdrawals with their steps, the newest first; ``live``: those on their way."""
        return self._walk(WithdrawalItems, "/withdrawals", {"limit": 200, "live": str(live).lower()})

    def authorities(self) -> Iterator[AuthorityItem]:
        """What owners granted, the newest first."""
        return self._walk(AuthorityItems, "/authorities", {"limit": 200})

    def contracts(self) -> Iterator[ContractItem]:
        """Contracts by code."""
        return self._walk(ContractItems, "/contracts", {"limit": 200})

    def parties(self) -> Iterator[PartyItem]:
        """Payers and payees by code."""
        return self._walk(PartyItems, "/parties", {"limit": 200})

    def statement(self, period: str, form: str = "json") -> bytes:
        """A published statement as it was signed, or one of its other forms (``csv``, ``xlsx``, ``pdf``, ``html``, …)."""
        return self.fetch(self._path("/statements/", f"{period}.{form}"))

    # --- votes -------------------------------------------------------------------------------------------------------

    def meetings(self) -> Iterator[MeetingItem]:
        """Meetings, the newest first."""
        return self._walk(MeetingItems, "/meetings", {"limit": 100})

    def meeting(self, called: str) -> MeetingWhole:
        """One meeting with its turnout, and its certificate once there is one."""
        return self._get(MeetingWhole, self._path("/meetings/", called))

    def ballots(self, called: str) -> Iterator[BallotItem]:
        """The ballots of a meeting."""
        return self._walk(BallotItems, f"/meetings/{quote(called)}/ballots", {"limit": 200})

    def unit(self, code: str) -> UnitItem:
        """A unit, for its owner and whoever holds an office."""
        return self._get(UnitItem, self._path("/units/", code))

    # --- signing in, handing in --------------------------------------------------------------------------------------

    def sign_in(self, signer: Signer) -> Who:
        """Sign in with a key; from then on its session's token is sent. Raises Refused ``signature.…``, ``access.…``."""
        said = self._post(Challenge, self._path("/session/challenge"), None).model_dump()
        if said["ledger"] != self.digest or said["site"] != self.address:
            raise Refused("client.foreign_challenge", [said["ledger"], said["site"]], [self.digest, self.address])
        made = {
            "challenge": said,
            "key": key_id(signer.alg, signer.public),
            "sig": base64.b64encode(signer.sign(signed_bytes(said))).decode(),
        }
        self.token = self._post(SignedIn, self._path("/session"), made).token
        return self._get(Who, self._path("/session"))

    def submit(self, submissions: Sequence[Submission]) -> Places:
        """Hand in signed records, all or none. Raises what refuses them."""
        return self._post(Places, self._path("/submissions"), [submission_json(one) for one in submissions])

    def attempt(self, submissions: Sequence[Submission]) -> Tried:
        """What handing in would do; nothing is written."""
        return self._post(Tried, self._path("/submissions/try"), [submission_json(one) for one in submissions])

    # --- asking ------------------------------------------------------------------------------------------------------

    def fetch(self, path: str, query: Mapping[str, Any] | None = None) -> bytes:
        """The bytes at a path of the service. Raises the error that the service answers with."""
        return self._ask("GET", path + (f"?{urlencode(query)}" if query else ""), None)

    def _path(self, below: str = "", name: str = "") -> str:
        return f"/api/v1/ledgers/{quote(self.digest)}{below}{quote(name, safe='')}"

    def _get(self, model: type[M], path: str, query: Mapping[str, Any] | None = None) -> M:
        return model.model_validate_json(self.fetch(path, query))

    def _post(self, model: type[M], path: str, value: object) -> M:
        body = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
        return model.model_validate_json(self._ask("POST", path, body))

    def _walk(self, model: type[M], below: str, query: Mapping[str, Any]) -> Iterator[Any]:
        after = ""
        while True:
            page: Any = self._get(model, self._path(below), {**query, **({"after": after} if after else {})})
            yield from page.items
            if not page.next:
                return
            after = page.next

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Accept-Language": self.locale, "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.address}{path}", body, headers, method=method)  # noqa: S310 - checked when it was made
        try:
            with self._opener.open(request, timeout=self.seconds) as answer:
                data: bytes = answer.read(LARGEST + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise _said(error.code, error.read(LARGEST)) from None
        except OSError as error:
            raise Unavailable("client.unreachable", type(error).__name__, self.address) from error
        if len(data) > LARGEST:
            raise Unavailable("client.too_large", path[:200], LARGEST)
        return data


def _said(status: int, data: bytes) -> MingzhangError:
    """The error that a problem tells."""
    try:
        problem = json.loads(data)
        rule, value, accepted = problem["rule"], problem.get("value"), problem.get("accepted")
    except (ValueError, TypeError, KeyError):
        return Unavailable("client.no_problem", status, "problem details (RFC 9457)")
    return ERRORS.get(status, Refused)(str(rule), value, accepted, status=status)
