"""Canonical JSON: one value, one byte string, for as long as a ledger stands.

The bytes are those of RFC 8785 (JSON Canonicalization Scheme), restricted to the subset on which every JSON library
of every language agrees:

* objects, arrays, strings, ``true``, ``false`` and integers within ±(2⁵³ − 1); no ``null`` (what is not there is left
  out), no fractions, no exponents;
* keys match ``[a-z0-9_]+`` and stand once, in ascending order (ASCII only, so that UTF-16 units and code points sort
  alike);
* at most 16 containers within one another (``[]`` is one deep);
* no insignificant white space, no byte order mark; a character is escaped only where RFC 8785 §3.2.2.2 escapes it.

:func:`decode` is every reader's first check: it parses, checks the subset, encodes again and compares. Two different
byte strings therefore never stand for the same value, and whatever a reader of another make would silently repair (a
double key, a ``1.0``, an escaped letter) is refused here.

>>> encode({"fen": 1800000, "at": "2019-06-30", "kind": "deposit.recorded/1"})
b'{"at":"2019-06-30","fen":1800000,"kind":"deposit.recorded/1"}'
>>> decode(b'{"at":"2019-06-30","fen":1800000}')
{'at': '2019-06-30', 'fen': 1800000}

Unicode normalisation is not judged here. :func:`check_text` is, at admission only: its tables change with each
edition of Unicode, and a replay in seventy years must not depend on them.
"""

import binascii
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NoReturn, TypeAlias

import orjson

from ledger.errors import Malformed

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json]"

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 16

COMMITMENT_DOMAIN: Final = b"mingzhang/commit/1\x00"
SALT_BYTES: Final = 32

_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_is_key: Final = re.compile("[a-z0-9_]+").fullmatch
_known_keys: Final[set[str]] = set()
_MAX_KNOWN_KEYS: Final = 4096
_SHOWN: Final = 64

# C0 controls but LF, DEL and C1, bidirectional controls, and whatever takes no room on paper: soft hyphen, joiners,
# fillers, variation selectors, tags, interlinear annotation, noncharacters.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def encode(value: object) -> bytes:
    """Return the canonical bytes of `value`, which may come from anywhere.

    Raises Malformed: ``canonical.null``, ``canonical.fraction``, ``canonical.integer``, ``canonical.key``,
    ``canonical.text`` (a lone surrogate), ``canonical.depth``, ``canonical.type`` (anything but exactly bool, int,
    str, list, dict).
    """
    if not _in_subset(value):
        _refuse(value)
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError:
        _refuse(value)


def encode_trusted(value: object) -> bytes:
    """Return the bytes of :func:`encode` for a value that our own code made; the subset is not checked.

    Only an integer out of bounds still fails, as TypeError: a fault of the program, not of its input.
    """
    return orjson.dumps(value, option=_OPTIONS)


def decode(data: bytes, *, limit: int | None = None) -> Json:
    """Return the value whose canonical bytes are exactly `data`; `limit` is the greatest length accepted, in bytes.

    Raises Malformed: ``canonical.length``, ``canonical.not_json``, what :func:`encode` raises for the value, and
    ``canonical.not_canonical`` where the bytes say the value in another way (white space, order, double keys, escapes).
    """
    if limit is not None and len(data) > limit:
        raise Malformed("canonical.length", len(data), f"at most {limit} bytes")
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed("canonical.not_json", str(error), "RFC 8259 JSON in UTF-8 without byte order mark") from error
    again = encode(value)
    if again != data:
        where = next((i for i, (met, due) in enumerate(zip(data, again, strict=False)) if met != due), len(again))
        raise Malformed("canonical.not_canonical", data[where : where + 16], again[where : where + 16], offset=where)
    return value


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical bytes of `value`, in hex. Raises as :func:`encode`."""
    return hashlib.sha256(encode(value)).hexdigest()


def commitment(ledger: str, kind: str, field: str, value: object, salt: bytes) -> str:
    """Return the salted commitment that stands on the ledger in the place of `value`, in hex.

    SHA-256("mingzhang/commit/1" ‖ 0x00 ‖ salt[32] ‖ canonical {field, kind, ledger, value}). The salt hides a value
    that could be guessed (a telephone number, a choice among three); ledger, kind and field keep an opening from
    being used in another place.

    Raises Malformed: ``commitment.salt``, and what :func:`encode` raises.
    """
    if len(salt) != SALT_BYTES:
        raise Malformed("commitment.salt", len(salt), f"{SALT_BYTES} random bytes")
    content = encode({"ledger": ledger, "kind": kind, "field": field, "value": value})
    return hashlib.sha256(COMMITMENT_DOMAIN + salt + content).hexdigest()


def encode_base64(data: bytes) -> str:
    """RFC 4648 §4, with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode_base64(value: object, rule: str) -> bytes:
    """The inverse of :func:`encode_base64`, refusing every other spelling: one text for one byte string.

    Raises Malformed ``rule``.
    """
    if not isinstance(value, str):
        raise Malformed(rule, type(value).__name__, "a string")
    try:
        data = binascii.a2b_base64(value, strict_mode=True)
    except ValueError:  # binascii.Error, or a character that is not ASCII
        raise Malformed(rule, value[:80], "base64 with padding") from None
    if encode_base64(data) != value:
        raise Malformed(rule, value[:80], "base64 with padding and no spare bits")
    return data


def check_text(text: str, field: str) -> None:
    """Refuse a text that prints as something other than what it says; `field` names the place for the error.

    Only admission refuses by this; replay never asks, and verification makes it a notice.

    Raises Malformed: ``text.unprintable`` (a control but line feed, a bidirectional control, a character that takes
    no room, a lone surrogate), ``text.not_nfc``.
    """
    if found := _UNPRINTABLE.search(text):
        raise Malformed(
            "text.unprintable",
            f"U+{ord(found[0]):04X}",
            "printable characters and line feed",
            field=field,
            at=found.start(),
        )
    if not unicodedata.is_normalized("NFC", text):
        raise Malformed("text.not_nfc", text[:_SHOWN], unicodedata.normalize("NFC", text[:_SHOWN]), field=field)


def texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every string among the values, with its place (``/lines/0/text`` below ``where``)."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from texts(child, f"{where}/{key}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from texts(child, f"{where}/{index}")


def _in_subset(value: object) -> bool:
    """Tell quickly whether `value` is in the subset; integer bounds and surrogates are left to the encoder."""
    kind = type(value)
    if kind is dict or kind is list:
        return _container_in_subset(value, MAX_DEPTH)  # type: ignore[arg-type]
    return kind is str or kind is int or kind is bool


def _container_in_subset(container: dict[str, object] | list[object], room: int) -> bool:
    if not room:
        return False
    children: Iterable[object] = container
    if type(container) is dict:
        # The pattern costs more than all the rest together, and a ledger uses the same few dozen names all day.
        if not _known_keys.issuperset(container) and not _learn_keys(container):
            return False
        children = container.values()
    for child in children:
        kind = type(child)
        if kind is str or kind is int:
            continue
        if kind is dict or kind is list:
            if not _container_in_subset(child, room - 1):  # type: ignore[arg-type]
                return False
        elif kind is not bool:
            return False
    return True


def _learn_keys(keys: Collection[object]) -> bool:
    """Tell whether all `keys` are well formed; remember them if they are few and short, as ours are."""
    if not all(isinstance(key, str) and _is_key(key) for key in keys):
        return False
    if len(_known_keys) + len(keys) <= _MAX_KNOWN_KEYS and all(len(str(key)) <= 32 for key in keys):
        _known_keys.update(str(key) for key in keys)
    return True


def _refuse(value: object) -> NoReturn:
    """Find the first place where `value` leaves the subset and raise the error that names it."""
    _explain(value, "", MAX_DEPTH)
    raise AssertionError("canonical: a value was refused that no rule refuses")


def _explain(value: object, where: str, room: int) -> None:
    kind = type(value)
    if value is None:
        raise Malformed("canonical.null", None, "the key left out", where=where)
    if kind is float:
        raise Malformed("canonical.fraction", value, "an integer in the smallest unit", where=where)
    if isinstance(value, int) and kind is int and abs(value) > MAX_INTEGER:
        met = value if value.bit_length() <= 64 else f"an integer of {value.bit_length()} bits"
        raise Malformed("canonical.integer", met, "within ±(2**53 - 1)", where=where)
    if isinstance(value, str) and kind is str and not _encodes(value):
        raise Malformed("canonical.text", ascii(value[:_SHOWN]), "characters without lone surrogates", where=where)
    if kind in (str, int, bool):
        return
    if kind is not dict and kind is not list:
        raise Malformed("canonical.type", kind.__name__, "bool, int, str, list or dict", where=where)
    if not room:
        raise Malformed(
            "canonical.depth", f"more than {MAX_DEPTH}", f"at most {MAX_DEPTH} containers within one another"
        )
    if isinstance(value, dict):
        for key, child in value.items():
            if not isinstance(key, str) or not _is_key(key):
                raise Malformed("canonical.key", key, "[a-z0-9_]+", where=where)
            _explain(child, f"{where}/{key}", room - 1)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _explain(child, f"{where}/{index}", room - 1)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
