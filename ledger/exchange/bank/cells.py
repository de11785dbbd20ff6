"""The text of one cell: money, dates, times, names. Pure, strict, and forgiving only about what banks really print.

Money comes as ``1,234.56``, ``¥1,234.56``, ``+10000.00``, full-width or ``-`` for nothing, and leaves as integer fen:

>>> money("86,420.15"), money("－１２３．４"), money("人民币 5 元"), money("--"), money("")
(8642015, -12340, 500, None, None)

Three decimals are refused rather than rounded, and so is a comma in the wrong place:

>>> money("0.005")
Traceback (most recent call last):
ledger.errors.Malformed: bank.sub_fen; got '0.005'; accepted: 0.00
>>> money("12,34.5")
Traceback (most recent call last):
ledger.errors.Malformed: bank.not_money; got '12,34.5'; accepted: 1,234.56

A date may carry its time, and a time may stand alone:

>>> moment("20260801 15:24:03"), moment("2026年8月1日"), clock("93001")
((datetime.date(2026, 8, 1), '15:24:03'), (datetime.date(2026, 8, 1), None), '09:30:01')
"""

import datetime
import re
import unicodedata

from ledger.errors import Malformed

LARGEST = 2**53 - 1
"""The largest amount in fen: what canonical JSON can carry."""

_MONEY = re.compile(r"(?P<sign>[+-]?)(?P<yuan>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?:\.(?P<part>[0-9]+))?")
_MARKS = re.compile(r"^(?:CNY|RMB|人民币|[¥￥])+|元$", re.IGNORECASE)
_NOTHING = re.compile(r"[-–—_/]*")
_DAY = re.compile(
    r"(?:([0-9]{4})([0-9]{2})([0-9]{2})|([0-9]{4})([-/.])([0-9]{1,2})\5([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日)"
)
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[:.][0-9]+)?)?|([0-9]{5,6})")
_STAMP = re.compile(r"([0-9]{8})([0-9]{6})[0-9]{0,9}")
_INVISIBLE = {"Cf", "Cc", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    r"""The text in compatibility form, trimmed: full-width digits, signs and blanks become ASCII.

    >>> plain("\t２０２６－０８－０１\u00a0")
    '2026-08-01'
    """
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def words(text: str) -> str:
    r"""A name or narration for the eye: NFC, blanks collapsed, ``="…"`` unwrapped, dashes for "none" dropped.

    Control, bidi and zero-width characters are dropped, not refused: whoever pays in chooses the narration, and must
    not be able to make the treasurer's file unreadable, nor a screen read backwards.

    >>> words('="4000****1039"'), words("----"), words("a\u202eb\u200bc \n d")
    ('4000****1039', '', 'abc d')
    """
    spaced = " ".join(text.split())
    if spaced.startswith('="') and spaced.endswith('"') and len(spaced) > 2:
        spaced = spaced[2:-1]
    seen = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return "" if is_blank(seen) else unicodedata.normalize("NFC", " ".join(seen.split()))


def is_blank(text: str) -> bool:
    """Whether the cell says nothing: empty, blanks, or the dashes that stand for "none"."""
    return _NOTHING.fullmatch(plain(text)) is not None


def money(text: str) -> int | None:
    """Signed fen, or None for a cell that says nothing.

    Raises :class:`Malformed` ``bank.not_money`` or, for more than two decimals, ``bank.sub_fen``.
    """
    if is_blank(text):
        return None
    figure = _MARKS.sub("", "".join(plain(text).split()))
    found = _MONEY.fullmatch(figure)
    if found is None:
        raise Malformed("bank.not_money", text, "1,234.56")
    part = found["part"] or ""
    if len(part) > 2:
        raise Malformed("bank.sub_fen", text, "0.00")
    fen = int(found["yuan"].replace(",", "")) * 100 + int(part.ljust(2, "0"))
    if fen > LARGEST:
        raise Malformed("bank.not_money", text, yuan(LARGEST))
    return -fen if found["sign"] == "-" else fen


def yuan(fen: int) -> str:
    """Fen as the bank prints it, for messages.

    >>> yuan(-8642015), yuan(5)
    ('-86,420.15', '0.05')
    """
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02}"


def moment(text: str) -> tuple[datetime.date, str | None]:
    """The date of a cell and its time of day, where it has one. Raises :class:`Malformed` ``bank.not_date``."""
    whole = plain(text)
    if stamp := _STAMP.fullmatch(whole):
        whole = f"{stamp[1]} {stamp[2]}"
    found = _DAY.match(whole)
    if found is None:
        raise Malformed("bank.not_date", text, "2026-08-01")
    year, month, day = (int(part) for part in found.groups() if part is not None and part.isdigit())
    rest = whole[found.end() :]
    try:
        on = datetime.date(year, month, day)
    except ValueError:
        raise Malformed("bank.not_date", text, "2026-08-01") from None
    if not rest:
        return on, None
    if rest[0] not in " T-":
        raise Malformed("bank.not_date", text, "2026-08-01")
    return on, clock(rest[1:])


def clock(text: str) -> str | None:
    """``HH:MM:SS`` of a cell, None if it says nothing. Raises :class:`Malformed` ``bank.not_date``."""
    bare = plain(text)
    if is_blank(bare):
        return None
    found = _CLOCK.fullmatch(bare)
    if found is None:
        raise Malformed("bank.not_date", text, "15:24:03")
    digits = found[4].zfill(6) if found[4] else f"{found[1]:0>2}{found[2]}{found[3] or '00'}"
    if digits[:2] > "23" or digits[2:4] > "59" or digits[4:] > "59":
        raise Malformed("bank.not_date", text, "15:24:03")
    return f"{digits[:2]}:{digits[2:4]}:{digits[4:]}"


def account(text: str) -> str:
    """An account number as printed, without blanks: ``4420****8816``."""
    return "".join(words(text).split())


def same_account(one: str, other: str) -> bool:
    """Whether two printed account numbers can be the same account, asterisks standing for what the bank hides.

    >>> same_account("4420****8816", "4420123456788816"), same_account("4420****8816", "44201234567890")
    (True, False)
    """
    if "*" not in one and "*" not in other:
        return one == other
    (head, tail), (front, back) = _ends(one), _ends(other)
    return (head.startswith(front) or front.startswith(head)) and (tail.endswith(back) or back.endswith(tail))


def _ends(number: str) -> tuple[str, str]:
    """What is visible before the first and after the last asterisk; the whole number twice where nothing is hidden."""
    return number.partition("*")[0], number.rpartition("*")[2]
