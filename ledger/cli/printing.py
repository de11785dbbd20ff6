"""What a published statement is printed with: who signed it and when, and the days that the profile sets from then on."""

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger import canonical, period
from ledger.paper import statement as prints
from ledger.paper.printed import PrintedWith

if TYPE_CHECKING:
    from ledger.store.store import Store


def printed_with(store: "Store", code: str) -> PrintedWith:
    """The later facts of a published statement. Hanging is meant to begin on the day of publication."""
    from ledger.store import statements

    books = store.books
    stands = statements.standing(store)[code]
    entry = store.entry(stands.seq)
    profile = books.rules.profile
    day = period.legal_day(entry.time, books.offset)
    until = day + timedelta(days=profile.days("statement.posting").count)
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
    )


def forms(store: "Store", code: str, locale: str) -> dict[str, bytes]:
    """The forms of a published statement by file name: what is hashed, what people read, what hangs, and its first sheet alone.

    Raises ``statement.unknown``, ``statement.digest_differs``, ``paper.…``.
    """
    from ledger.store import statements

    drawn = statements.published(store, code)
    printed = printed_with(store, code)
    return {
        f"{code}.json": canonical.encode(drawn),
        f"{code}.html": prints.render_html(drawn, printed, locale).encode(),
        f"{code}.pdf": prints.render_pdf(drawn, printed, locale),
        f"{code}.poster.pdf": prints.render_poster(drawn, printed, locale),
    }
