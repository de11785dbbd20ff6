"""A published statement on paper and in chats: what it is printed with, and its forms by file name.

Beside the statement stand who signed it and when, the days that the profile sets from then on, and the 核对码 of the
earliest outside cosignature; nothing of it is hashed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger import canonical
from ledger.exchange import workbook
from ledger.paper import statement as prints
from ledger.paper.message import message
from ledger.paper.printed import PrintedWith, Unexplained, check_code
from ledger.store import reviewing, statements, witnessed
from ledger.store.reading.postings import posting_days

if TYPE_CHECKING:
    from ledger.store.store import Store


def printed_with(store: "Store", code: str, address: str = "", unexplained: Unexplained | None = None) -> PrintedWith:
    """The later facts of a published statement. Hanging is meant to begin on the day of publication.

    ``address``: where it is on the web, for its QR code; ``unexplained``: what the checks ask, by who had them asked
    (:func:`asked`). Raises NotFound ``statement.unknown``.
    """
    books = store.books
    stands = statements.stands(store, code)
    entry = store.entry(stands.seq)
    with store.reading() as reader:
        cosigned = witnessed.earliest(reader.rows, stands.seq)
    profile = books.rules.profile
    day, until = posting_days(books, entry)
    signers = (books.people.keys[signature.key].person for signature in entry.signatures)
    roles = (sorted(books.people.roles_of(person, day.isoformat())) for person in signers)
    return PrintedWith(
        record=stands.record,
        entry=stands.seq,
        published_on=day.isoformat(),
        signers=tuple(held[0] for held in roles if held),
        posted_from=day.isoformat(),
        posted_until=until.isoformat(),
        objections_until=(until + timedelta(days=profile.days("statement.objection_extra").count)).isoformat(),
        reply_days=profile.days("statement.reply").count,
        address=address,
        check_code=check_code(stands.digest, cosigned.data) if cosigned else "",
        unexplained=unexplained,
    )


def asked(store: "Store", code: str) -> Unexplained:
    """What the checks ask of the entries that a published statement rests on. Raises NotFound ``statement.unknown``."""
    return reviewing.unexplained(store, statements.stands(store, code).prefix)


def form(drawn: Mapping[str, Any], printed: PrintedWith, ending: str, locale: str) -> bytes:
    """One form of a statement, by its ending: a key of :data:`FORMS`. Raises ``paper.…``."""
    return FORMS[ending](drawn, printed, locale)


def forms(store: "Store", code: str, locale: str) -> dict[str, bytes]:
    """The forms of a published statement by file name: what is hashed, what people read, what hangs, and its first sheet alone.

    Raises ``statement.unknown``, ``statement.digest_differs``, ``paper.…``.
    """
    drawn = statements.published(store, code)
    printed = printed_with(store, code, unexplained=asked(store, code))
    return {
        f"{code}.{ending}": form(drawn, printed, ending, locale) for ending in ("json", "html", "pdf", "poster.pdf")
    }


def kit(store: "Store", code: str, places: Sequence[str], address: str, locale: str) -> dict[str, bytes]:
    """What is hung and handed round: a numbered poster a place, picture and text for the group, data; by file name.

    Raises as :func:`forms`, and ``paper.copies``, ``paper.place``.
    """
    drawn = statements.published(store, code)
    printed = printed_with(store, code, address, asked(store, code))
    return {
        f"{code}.copies.pdf": prints.render_copies(drawn, printed, places, locale),
        f"{code}.png": prints.render_picture(drawn, printed, locale),
        f"{code}.txt": message(drawn, printed, locale).encode(),
        f"{code}.json": canonical.encode(drawn),
    }


Make = Callable[[Mapping[str, Any], PrintedWith, str], bytes]
FORMS: Final[Mapping[str, Make]] = {
    "json": lambda drawn, _printed, _locale: canonical.encode(dict(drawn)),
    "html": lambda drawn, printed, locale: prints.render_html(drawn, printed, locale).encode(),
    "pdf": prints.render_pdf,
    "poster.pdf": prints.render_poster,
    "txt": lambda drawn, printed, locale: message(drawn, printed, locale).encode(),
    "csv": lambda drawn, _printed, locale: workbook.csv_of(drawn, locale),
    "xlsx": lambda drawn, _printed, locale: workbook.xlsx_of(drawn, locale),
}
"""Every form by its ending: exact canonical bytes, page, whole print, first sheet, message for the owners' group, lines."""
