"""What should be with a paper and is not: an invoice behind a payment, a page, a signature, where the money is to come from.

Row 9 of the table, and of row 7 the paper that holds several offers and takes none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered, WithdrawalApplied
from ledger.audit.checks import adding, figures, spending
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found

_PROOFS: Final = frozenset({"invoice", "receipt", "bank_paper"})
"""Kinds of papers that prove a payment by themselves."""
_CLAIMS: Final = frozenset({"letter", "form", "other"})
"""Kinds that ask for money, and so may print where it is to come from."""
_TO_BE_SIGNED: Final = frozenset({"form", "contract", "minutes"})
"""A letter asks: what is decided on it stands on the ledger."""

_DIGITS: Final = 6
"""Numbers with fewer are given out by everybody."""
_OFFERS: Final = 2

_PROOF: Final = re.compile("发票|收据|票据|小票|行程单|回单|完税证明|invoice|receipt|voucher", re.IGNORECASE)
_NOT_THERE: Final = re.compile(
    "无|未|缺|待|没有|后补|欠|补|\\bno\\b|\\bnot\\b|missing|without|to follow", re.IGNORECASE
)
_OF_THE_BANK: Final = re.compile("手续费|银行费用|账户管理费|bank|charge", re.IGNORECASE)
"""The bank's row is itself the paper behind what the bank takes."""
_NO_INVOICE: Final = re.compile(
    r"工资|薪酬|薪资|津贴|社保|公积金|税费|税金|payroll|wages|salar|^pay$|social insurance|^tax(?:es)?$", re.IGNORECASE
)
"""Nobody gives an invoice for wages or taxes."""
_PAGES: Final = re.compile(
    "缺附页|缺[^;；,，。]{0,4}页|页缺|缺页|半页缺|附件缺|缺附件|附件未见|未附附件|附页未见|missing (?:page|attachment)|page[s ]+missing",
    re.IGNORECASE,
)
_DRAFT: Final = re.compile("稿|draft", re.IGNORECASE)
_UNSIGNED: Final = re.compile(
    "栏空|空白|未签|未盖|未见签|未见盖|无签|无盖|没有签|没有盖|无日期|未写日期|未填日期|unsigned|not signed|undated|blank",
    re.IGNORECASE,
)
_OFFER: Final = re.compile("报价|比价|询价|方案|公司|中心|厂|店|行$|quot|offer|bid|ltd|co\\.|inc", re.IGNORECASE)
_TAKEN: Final = re.compile(
    "(?<!未)(?<!没有)(?<!尚未)(?:中标|定标|选定|选用|成交|采用|确定)|(?<!not )(?:awarded|accepted|chosen)",
    re.IGNORECASE,
)


def no_paper(case: Dossier) -> Iterator[Found]:
    """Money that went out, and neither a paper nor a contract says for what."""
    for noted in spending.paid(case):
        move = noted.fact.move
        if not move.document and not move.contract and not _is(case, noted, _OF_THE_BANK):
            yield found(
                spending.cite(case, noted),
                paid_day=noted.fact.on,
                paid_category=move.category,
                payee_party=move.party,
                amount_fen=-move.amount,
            )


def no_receipt(case: Dossier) -> Iterator[Found]:
    """Expenses behind which the ledger has no invoice or receipt when there was time to get one: a period's in one finding."""
    papers, grace = case.documents(), case.profile.integer("audit.late_days")
    rested_on = {noted.fact.move.document for noted in spending.paid(case)}
    beside = [act for act in papers.values() if act.body.kind in _PROOFS and act.digest not in rested_on]
    proofs = Counter(act.body.total_printed for act in beside)
    lines = [
        noted
        for noted in spending.paid(case)
        if noted.fact.move.nature == "expense" and noted.fact.move.document and not _is(case, noted, _NO_INVOICE)
    ]
    proven = {
        document
        for document in dict.fromkeys(noted.fact.move.document for noted in lines)
        if _proves(papers[document].body) or _take(proofs, papers[document].body.total_printed)
    }
    missing: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in lines:
        if noted.fact.move.document in proven or _take(proofs, -noted.fact.move.amount):
            continue
        if (case.day - period.parse_day(noted.fact.on)).days > grace:
            missing[noted.fact.period].append(noted)
    for code, bare in missing.items():
        yield found(
            *spending.cites(case, bare),
            *spending.behind(case, bare),
            period=code,
            count=len(bare),
            amount_fen=-sum(noted.fact.move.amount for noted in bare),
        )


def proof_reused(case: Dossier) -> Iterator[Found]:
    """One invoice entered more than once, or two receipts with the same number and amount."""
    groups: defaultdict[Hashable, list[Acted[DocumentEntered]]] = defaultdict(list)
    for act in case.acts(DocumentEntered):
        text = act.body.number_printed or ""
        number, digits = figures.document_number(text), sum(letter.isdigit() for letter in text)
        if act.body.kind in ("invoice", "receipt") and number is not None and digits >= _DIGITS:
            # Anybody buys a block of receipts that begins at one; an invoice's number is given out once.
            amount = act.body.total_printed if act.body.kind == "receipt" else None
            groups[act.body.kind, number, amount].append(act)
    for acts in groups.values():
        if len(acts) > 1:
            yield found(
                *(act.cite("number_printed") for act in acts),
                number=acts[0].body.number_printed or "",
                count=len(acts),
                amount_fen=max(act.body.total_printed or 0 for act in acts),
            )


def over_paper(case: Dossier) -> Iterator[Found]:
    """More went out on a paper than its total and did not come back, and no contract has it paid again and again."""
    agreed = {act.body.document for act in case.acts(ContractEntered)}
    for document, paper in case.documents().items():
        lines = [noted for noted in case.lines_of(document) if noted.fact.move.nature != "own_transfer"]
        total, spent = paper.body.total_printed, -sum(noted.fact.move.amount for noted in lines)
        if document in agreed or any(noted.fact.move.contract for noted in lines):
            continue
        if paper.body.kind in _CLAIMS | _PROOFS and total is not None and spent > total:
            yield found(
                *spending.cites(case, (noted for noted in lines if noted.fact.move.amount < 0)),
                paper.cite("total_printed"),
                paper=figures.name_of(paper.body),
                total_fen=total,
                paid_fen=spent,
                over_fen=spent - total,
            )


def funding_blank(case: Dossier) -> Iterator[Found]:
    """A paper that money was paid on and that does not say from where, while most such papers do."""
    documents = dict.fromkeys(noted.fact.move.document for noted in spending.paid(case))
    papers = [case.documents()[document] for document in documents if document]
    claims = [act for act in papers if act.body.kind in _CLAIMS]
    blank = [act for act in claims if act.body.funding_printed is None]
    if 2 * len(blank) < len(claims):
        for act in blank:
            yield found(act.cite(), paper=figures.name_of(act.body), subject=act.body.subject)


def unsigned(case: Dossier) -> Iterator[Found]:
    """A form, contract or minutes whose own approvals say that a signature or its day is missing. A draft is none yet; one that
    was entered again without the gap is mended.
    """
    for act in case.acts(DocumentEntered):
        body = act.body
        blank = _parts(body.approval_printed, _UNSIGNED)
        draft = _DRAFT.search((body.approval_printed or "") + (body.number_printed or ""))
        if body.kind in _TO_BE_SIGNED and blank and not draft and not _mended(case, act, "approval_printed", _UNSIGNED):
            yield found(
                act.cite("approval_printed"),
                paper=figures.name_of(body),
                subject=body.subject,
                blank="；".join(blank),
            )


def incomplete(case: Dossier) -> Iterator[Found]:
    """A paper that says itself that a page or an attachment is missing, and was not entered again with it."""
    for act in case.acts(DocumentEntered):
        for place in ("attachments_printed", "approval_printed"):
            missing = _parts(getattr(act.body, place), _PAGES)
            if missing and not _mended(case, act, place, _PAGES):
                yield found(
                    act.cite(place),
                    paper=figures.name_of(act.body),
                    subject=act.body.subject,
                    missing="；".join(missing),
                )


def offers_not_decided(case: Dossier) -> Iterator[Found]:
    """Several offers on one paper, and none is taken when there was time to."""
    grace = case.profile.integer("audit.late_days")
    used = {act.body.document for act in case.acts(ContractEntered)} | {
        act.body.document for act in case.acts(WithdrawalApplied)
    }
    for act in case.acts(DocumentEntered):
        body = act.body
        if body.kind != "quote" or act.digest in used or (case.day - period.parse_day(act.day)).days <= grace:
            continue
        offers = [row.worth for row in adding.rows_of(body) if row.worth and _OFFER.search(row.line.text)]
        texts = [body.subject, body.approval_printed or "", *(line.text for line in body.lines)]
        if len(offers) < len(body.lines) or len(offers) < _OFFERS or body.total_printed is not None:
            continue  # what one offer is made of
        if not any(_TAKEN.search(text) for text in texts) and not case.lines_of(act.digest):
            yield found(
                act.cite(),
                paper=figures.name_of(act.body),
                subject=body.subject,
                count=len(offers),
                highest_fen=max(offers),
                lowest_fen=min(offers),
            )


def _parts(printed: str | None, what: re.Pattern[str]) -> list[str]:
    """The clauses of a printed text that say this."""
    return [part.strip() for part in re.split("[;；,，。\n]", printed or "") if what.search(part)]


def _mended(case: Dossier, act: Acted[DocumentEntered], place: str, gap: re.Pattern[str]) -> bool:
    """Whether a later paper of the same kind and name says something else in that place."""
    return any(
        other.seq > act.seq
        and other.body.kind == act.body.kind
        and figures.name_of(other.body) == figures.name_of(act.body)
        and getattr(other.body, place) is not None
        and not gap.search(getattr(other.body, place))
        and not _DRAFT.search(other.body.approval_printed or "")
        for other in case.acts(DocumentEntered)
    )


def _take(proofs: Counter[int | None], amount: int | None) -> bool:
    """Use up a proof of this amount, if there is one left."""
    if amount is None or not proofs[amount]:
        return False
    proofs[amount] -= 1
    return True


def _proves(body: DocumentEntered) -> bool:
    """Whether a paper is a proof of payment or says that one is attached."""
    parts = re.split("[;；,，。、\n]", body.attachments_printed or "")
    return body.kind in _PROOFS or any(_PROOF.search(part) and not _NOT_THERE.search(part) for part in parts)


def _is(case: Dossier, noted: Noted[Line], what: re.Pattern[str]) -> bool:
    """Whether the category of a line is called so in the chart."""
    named = case.books.accounts.chart.categories[noted.fact.move.category]
    return bool(what.search(named.zh) or what.search(named.en))


_PAPER: Final = (DocumentEntered,)
_PAID: Final = (Line, DocumentEntered)

CHECKS: Final = (
    Check("enclosures.no_paper", "9", "high", ("AL 14",), (Line,), no_paper),
    Check("enclosures.no_receipt", "9", "high", ("AL 14",), _PAID, no_receipt),
    Check("enclosures.proof_reused", "9", "high", ("AL 14",), _PAPER, proof_reused),
    Check("enclosures.unsigned", "9", "medium", ("AL 14",), _PAPER, unsigned),
    Check("enclosures.incomplete", "9", "medium", ("AL 14",), _PAPER, incomplete),
    Check("enclosures.funding_blank", "9", "low", ("AL 14",), _PAID, funding_blank),
    Check("payment.over_paper", "12", "high", ("AL 14", "AL 17"), (*_PAID, ContractEntered), over_paper),
    Check(
        "quotes.not_decided",
        "7",
        "medium",
        ("BL 45",),
        (*_PAID, ContractEntered, WithdrawalApplied),
        offers_not_decided,
    ),
)
