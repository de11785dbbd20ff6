"""The auditor's pack 审计资料包 as files: what an accountant opens first, numbered as he asks for it.

====================  ==============================================================================================
:mod:`.money`         03–07: chart and opening, journal, trial balance, ledgers, bank reconciliation
:mod:`.owed`          09–11: contracts, ageing and petty cash, budgets, the maintenance fund
:mod:`.public`        12, 13: votes counted again; statements, postings, corrections, questions
:mod:`.record`        02, 14, 15, 17: the body and its authority, findings, the sample, the verification
:mod:`.listing`       01: what was asked for, what is there, what is missing
====================  ==============================================================================================

08 and 16 are prints, and made where paper is (:mod:`ledger.paper.vouchers`, :mod:`ledger.paper.letters`). Every file is a function
of the same review (:mod:`ledger.audit.pack`) and a language. :func:`archive` puts them into a ZIP without clock or machine in it, so
that the same log gives the same bytes.
"""

import io
import zipfile
from collections.abc import Mapping

from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.bundle import member_of
from ledger.exchange.pack import listing, money, owed, public, record
from ledger.exchange.pack.record import Say, Told
from ledger.exchange.sheets import workbook


def files(
    material: Material,
    locale: str,
    say: Say,
    *,
    word: str = "",
    further: Mapping[str, bytes] | None = None,
    papers: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """All files of a pack by their names in the archive.

    ``say``: how a finding reads; ``word``: what the auditor adds to the sample's seed; ``further``: files made elsewhere (prints,
    papers), by name; ``papers``: digest -> name of each paper among them.
    """
    titles = Titles(material.case, locale)
    made = {
        **record.files(material, locale, say, word),
        **money.files(material, locale),
        **owed.files(material, locale),
        **public.files(material, locale),
        **(further or {}),
    }
    sheets = (listing.asked(material, titles, made), listing.papers(material, titles, papers or {}))
    return {titles.text("pack.file_01") + ".xlsx": workbook(sheets, locale), **made}


def archive(found: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP, in the order of their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(found.items()):
            member = member_of(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, data)
    return made.getvalue()


__all__ = ["Told", "archive", "files"]
