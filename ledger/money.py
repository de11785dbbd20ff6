"""Money: integer fen (分, a hundredth of a yuan), from the text that a person types to the words on a cheque.

An amount is a plain ``int`` of fen within ±(2⁵³ − 1), which is 90 万亿 yuan and what canonical JSON holds. Nothing
here knows a fraction of a fen: parsing refuses more than two decimals instead of rounding, :func:`divide` says how it
rounds, and :func:`share` gives away every fen of the total.

>>> parse_yuan("￥1,234.56"), parse_yuan("－０．５"), format_yuan(-123456)
(123456, -50, '-1,234.56')
>>> format_capital(10700053)
'壹拾万柒仟元零伍角叁分'
>>> share(10000, [("2-101", 1), ("2-102", 1), ("2-103", 1)])
{'2-101': 3334, '2-102': 3333, '2-103': 3333}

Sources: capitals by 支付结算办法 annex 1 (正确填写票据和结算凭证的基本规定) and 会计基础工作规范 art. 52.
"""

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from ledger.errors import Malformed

Fen: TypeAlias = int
"""An amount of money in fen."""

MAX_FEN: Final = 2**53 - 1

# Full-width forms one by one rather than by NFKC, which would also read "10²" as 102 and "①" as 1.
_NARROW: Final = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xFFE5: "¥", 0x3000: " "}
_YUAN: Final = re.compile(
    r"(?:(?P<sign>[+-])¥?|¥(?P<inner>[+-])?)?(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<decimals>[0-9]+))?"
)
_MAX_TEXT: Final = 40

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))


def check_fen(fen: Fen) -> Fen:
    """Return `fen` if a ledger can hold it. Raises Malformed ``money.range``."""
    if not -MAX_FEN <= fen <= MAX_FEN:
        raise Malformed("money.range", fen, f"within ±{MAX_FEN} fen")
    return fen


def parse_yuan(text: str) -> Fen:
    """Read an amount of yuan as people and banks write it.

    Accepted: digits, plain or in groups of three by comma, at most two decimals after a point, one sign and one yuan
    sign before, full-width forms of all of these, spaces around. Not accepted: leading zeros, ``.5``, ``5.``,
    brackets for minus, words.

    Raises Malformed: ``money.text``, ``money.decimals`` (a third decimal, even if it is 0), ``money.range``.
    """
    found = _YUAN.fullmatch(text.translate(_NARROW).strip(" ")) if len(text) <= _MAX_TEXT else None
    if found is None:
        raise Malformed("money.text", text[: _MAX_TEXT + 1], "an amount like 1,234.56 or -0.50")
    decimals = found["decimals"] or ""
    if len(decimals) > 2:
        raise Malformed("money.decimals", text, "at most two decimals")
    fen = int(found["whole"].replace(",", "") + decimals.ljust(2, "0"))
    return check_fen(-fen if "-" in (found["sign"], found["inner"]) else fen)


def format_yuan(fen: Fen, grouping: bool = True) -> str:
    """Write `fen` as yuan with two decimals, ``-1,234.56``. Raises Malformed ``money.range``."""
    yuan, rest = divmod(abs(check_fen(fen)), 100)
    return f"{'-' if fen < 0 else ''}{yuan:{',' if grouping else ''}}.{rest:02}"


def format_capital(fen: Fen) -> str:
    """Write `fen` in the capitals of cheques and receipts (大写).

    人民币 is left to the form, which prints it directly before the amount. Where the rules leave a choice, this one
    way is taken: a run of zeros is one 零; a zero before a full 仟 is silent (壹拾万柒仟); a zero before 角 is
    written (捌拾元零叁角); 整 closes an amount that ends at 元 or 角. A negative amount begins with 负.

    Raises Malformed ``money.range``.
    """
    yuan, rest = divmod(abs(check_fen(fen)), 100)
    jiao, cents = divmod(rest, 10)
    words = _capital(yuan) + "元" if yuan or not rest else ""
    if jiao:
        words += ("零" if yuan and not yuan % 10 else "") + _DIGITS[jiao] + "角"
    elif cents and yuan:
        words += "零"
    words += _DIGITS[cents] + "分" if cents else "整"
    return ("负" if fen < 0 else "") + words


def divide(numerator: int, denominator: int) -> int:
    """Divide, rounding half away from zero: 5/2 is 3, -5/2 is -3. Raises Malformed ``money.divisor`` for 0."""
    if not denominator:
        raise Malformed("money.divisor", denominator, "not 0")
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def share(total: Fen, weights: Sequence[tuple[str, int]]) -> dict[str, Fen]:
    """Share `total` out by integer weights; the shares add up to it exactly and stand in the order of `weights`.

    Each gets its share rounded towards zero; the fen left over go one each to the largest remainders, among equal
    remainders to the smaller key (by code point). The order of `weights` does not matter; a negative total mirrors
    the positive one.

    Raises Malformed: ``money.range``, ``money.share_keys`` (the same key twice), ``money.share_weights`` (a negative
    one, or a sum of 0).
    """
    keys = [key for key, _ in weights]
    if len(set(keys)) != len(keys):
        raise Malformed("money.share_keys", keys, "each key once")
    whole = sum(weight for _, weight in weights)
    if whole <= 0 or any(weight < 0 for _, weight in weights):
        raise Malformed("money.share_weights", [weight for _, weight in weights], "weights from 0 with a sum above 0")
    amount = abs(check_fen(total))
    shares = {key: amount * weight // whole for key, weight in weights}
    by_remainder = sorted(weights, key=lambda item: (-(amount * item[1] % whole), item[0]))
    for key, _ in by_remainder[: amount - sum(shares.values())]:
        shares[key] += 1
    return shares if total >= 0 else {key: -fen for key, fen in shares.items()}


def _capital(number: int) -> str:
    """Write a whole number below 10¹⁶ in capitals."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return _capital(high) + name + gap + (_capital(low) if low else "")
    words, pending = "", False
    for place, name in _PLACES:
        digit = number // place % 10
        if digit:
            words += ("零" if pending and words else "") + _DIGITS[digit] + name
        pending = not digit
    return words or "零"
