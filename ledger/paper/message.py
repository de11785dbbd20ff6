"""The short text for the owners' group: what goes there beside the noticeboard and the city's website, with one hash.

Plain text, no markup, short enough for one telephone screen. The hash stands in it whole, so that the group, the wall and
the web can be compared to the letter.
"""

from collections.abc import Mapping
from typing import Any, Final

from ledger.paper.naming import Names
from ledger.paper.phrases import Phrases
from ledger.paper.poster import Block, Pair, Poster, poster
from ledger.paper.printed import PrintedWith
from ledger.paper.view import LATER, example_sentence
from ledger.publication.statement import digest_of

SIGNS: Final = {"agrees": "✓", "differs": "✗", "unknown": "？"}
MOST: Final = 3
"""Groups of expenses that are named."""


def message(statement: Mapping[str, Any], printed: PrintedWith = LATER, locale: str = "zh_CN") -> str:
    """The text, one fact a line. Raises as the statement's other prints do."""
    phrases = Phrases(locale)
    page = poster(Names(statement, phrases), printed)
    digest = digest_of(statement)
    lines = []
    if statement.get("example"):
        lines.append(
            example_sentence(phrases, statement["profile"]["name"], statement["period"]["first"]),
        )
    lines.append(phrases.text("message.title", name=statement["name"], period=page.period))
    for block in page.blocks:
        lines += _account(phrases, statement, block)
    lines += _money(phrases, statement["totals"], page)
    lines.append(phrases.text("message.on_what", bases=phrases.clauses(map(_counted, page.decisions))))
    points = phrases.clauses(map(_counted, page.open))
    lines.append(phrases.text("message.open", points=points) if points else phrases.text("poster.nothing_open"))
    if printed.objections_until:
        lines.append(page.objections)
    if printed.address:
        lines.append(phrases.text("message.address", address=printed.address))
    lines.append(phrases.text("message.code", code=page.code))
    lines.append(phrases.labelled(phrases.text("poster.fingerprint"), digest))
    lines.append(phrases.text("poster.same_everywhere"))
    # A name from the data must not look like a line of its own.
    return "".join(f"{' '.join(line.split())}\n" for line in lines)


def _account(phrases: Phrases, statement: Mapping[str, Any], block: Block) -> list[str]:
    day = phrases.day(statement["period"]["last"])
    what = {"account": block.title, "closing": block.closing, "day": day, "opening": block.opening}
    lines = [phrases.text("message.now", **what, change_label=block.change_label, change=block.change)]
    answer = block.answer
    lines.append(phrases.text("message.bank", sign=SIGNS[answer.state], text=answer.text))
    lines += [f"{item.number} {item.text} {item.amount}" for item in answer.items]
    return [*lines, *(extra for extra in (answer.more, *answer.cautions) if extra)]


def _money(phrases: Phrases, totals: Mapping[str, int], page: Poster) -> list[str]:
    lines = [phrases.text("message.moved", income=page.income.total, expense=page.expense.total)]
    if totals["others_received"] or totals["others_spent"]:
        received, spent = page.income.others_total, page.expense.others_total
        lines.append(phrases.text("message.others", received=received, spent=spent))
    most = phrases.join(f"{bar.label} {bar.amount}" for bar in page.expense.bars[:MOST])
    if most:
        lines.append(phrases.text("message.most", groups=most))
    return lines


def _counted(pair: Pair) -> str:
    return " ".join(part for part in (pair.label, pair.count, pair.amount) if part)
