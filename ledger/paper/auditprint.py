"""An audit report on paper. Apart from its words (:mod:`.audit`), which need none of the libraries that print."""

from dataclasses import asdict

from ledger.paper import pdf
from ledger.paper.audit import AuditView


def render_pdf(seen: AuditView, locale: str) -> bytes:
    """The report as PDF, the same bytes every time. Raises ``paper.fonts``, ``paper.typst``."""
    return pdf.compile_sheet("audit.typ", locale, asdict(seen), seen.qr)
