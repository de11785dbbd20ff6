"""Numbers of papers that do not run as numbers should: the same one twice, one missing, a year or a prefix that does not fit.

Row 11 of the table. A number is read where it is printed in one of the common ways (:mod:`.figures`); which papers are counted as
one is said by :mod:`.series`.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import Final

from ledger.accounts.records import DocumentEntered
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.figures import name_of, narrow
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.series import FROM_OTHERS, LEAST, Paper, Series, numbered, series_of

_APART: Final = frozenset({"form", "contract", "rules"})
"""Kinds that may carry the number of the letter they belong to."""
_SERIAL: Final = re.compile(r"[(\[]?([0-9]{1,3})(?:[)\]]|[、.](?![0-9]))|([①-⑳])")
_LEAST_LINES: Final = 3


def repeated(case: Dossier) -> Iterator[Found]:
    """Different papers with the same number."""
    for papers in _alike(case):
        if len({_content(paper) for paper in papers}) > 1:
            first, *others = papers
            yield found(
                *(paper.act.cite("number_printed") for paper in papers),
                number=first.printed,
                count=len(papers),
                subject=first.act.body.subject,
                other=next(paper.act.body.subject for paper in others if _content(paper) != _content(first)),
            )


def entered_twice(case: Dossier) -> Iterator[Found]:
    """The same paper registered more than once: what rests on one may be paid again on the other. Entered again with what was
    missing, a signature or an attachment, it is mended.
    """
    for papers in _alike(case):
        copies = {(p.act.body.approval_printed, p.act.body.attachments_printed) for p in papers}
        if len({_content(paper) for paper in papers}) == len(copies) == 1:
            first = papers[0]
            yield found(
                *(paper.act.cite() for paper in papers),
                number=first.printed,
                count=len(papers),
                subject=first.act.body.subject,
            )


def gaps(case: Dossier) -> Iterator[Found]:
    """Numbers missing between two that are here, of a series that is mostly here. A paper filed under a missing number is cited."""
    for series in series_of(case):
        if not series.complete:
            continue
        filed = _filed(case, series)
        for before, after in pairwise(series.papers):
            missing = range(before + 1, after)
            if missing:
                inside = [act for number in missing for act in filed.get(number, ())]
                lower, upper = series.papers[before][0], series.papers[after][0]
                yield found(
                    *(act.cite() for act in (lower.act, *inside, upper.act)),
                    before=lower.printed,
                    after=upper.printed,
                    missing=str(missing[0]) if len(missing) == 1 else f"{missing[0]}–{missing[-1]}",
                    count=len(missing),
                )


def years_differ(case: Dossier) -> Iterator[Found]:
    """The year in a paper's number is not that of its date."""
    for paper in numbered(case):
        body = paper.act.body
        if body.dated is None or paper.number.year is None or body.kind in FROM_OTHERS | {"contract", "rules"}:
            continue
        if int(body.dated[:4]) != paper.number.year:
            yield found(paper.act.cite("number_printed"), number=paper.printed, dated_day=body.dated)


def prefixes_mixed(case: Dossier) -> Iterator[Found]:
    """One series under several prefixes."""
    for series in series_of(case):
        prefixes = series.prefixes
        if len(prefixes) > 1:
            firsts = {prefix: next(p for p in series.first() if p.number.prefix == prefix) for prefix in prefixes}
            yield found(
                *(paper.act.cite("number_printed") for paper in firsts.values()),
                prefixes="、".join(prefixes),
                count=len(prefixes),
            )


def dates_backward(case: Dossier) -> Iterator[Found]:
    """Papers dated before one with a lower number: all that one such paper is ahead of, in one finding."""
    for series in series_of(case):
        papers = [(paper, dated) for paper in series.first() if (dated := paper.act.body.dated)]
        if len(papers) < LEAST:
            continue
        runs: list[list[tuple[Paper, str]]] = []  # a paper that none before is ahead of, then those that it is ahead of
        for paper, dated in papers:
            if runs and dated < runs[-1][0][1]:
                runs[-1].append((paper, dated))
            else:
                runs.append([(paper, dated)])
        for (first, dated), *later in runs:
            if later:
                other, other_dated = later[0]
                yield found(
                    first.act.cite("dated"),
                    *(paper.act.cite("dated") for paper, _ in later),
                    number=first.printed,
                    dated_day=dated,
                    other=other.printed,
                    other_day=other_dated,
                    count=len(later),
                )


def serials_missing(case: Dossier) -> Iterator[Found]:
    """Lines that print their own serial numbers, with one missing or twice."""
    for act in case.acts(DocumentEntered):
        serials = [_serial(line.text) for line in act.body.lines]
        here = [serial for serial in serials if serial is not None]
        if len(here) < _LEAST_LINES or len(here) < len(serials):
            continue
        missing = sorted(set(range(min(here), max(here))) - set(here))
        twice = sorted({serial for serial in here if here.count(serial) > 1})
        odd = [str(serial) for serial in (*missing, *twice)]
        if odd and len(missing) < len(here):
            place = serials.index(min(serial for serial in here if serial >= int(odd[0])))
            yield found(
                act.cite(f"lines/{place}"),
                paper=name_of(act.body),
                serials="、".join(odd),
                count=len(odd),
            )


def _alike(case: Dossier) -> Iterator[list[Paper]]:
    """Papers with the same number, where it says whose series it is; forms and contracts apart from letters."""
    groups: defaultdict[Hashable, list[Paper]] = defaultdict(list)
    for paper in numbered(case):
        kind = paper.act.body.kind
        if paper.number.prefix and kind not in FROM_OTHERS:
            groups[kind if kind in _APART else "", paper.number].append(paper)
    return (papers for papers in groups.values() if len(papers) > 1)


def _content(paper: Paper) -> Hashable:
    """What makes two papers the same: not when a file was saved or what was stamped on a copy."""
    body = paper.act.body
    return body.subject, body.dated, body.total_printed, body.lines


def _filed(case: Dossier, series: Series) -> dict[int, list[Acted[DocumentEntered]]]:
    """Papers by the number they are filed under, where most of a series is filed under its printed numbers."""
    filed: defaultdict[int, list[Acted[DocumentEntered]]] = defaultdict(list)
    for act in case.acts(DocumentEntered):
        if act.body.file_no is not None:
            filed[act.body.file_no].append(act)
    agreeing = sum(paper.act.body.file_no == paper.number.number for paper in series.first())
    return dict(filed) if 2 * agreeing > len(series.papers) else {}


def _serial(text: str) -> int | None:
    match = _SERIAL.match(narrow(text).strip())
    if match is None:
        return None
    return int(match[1]) if match[1] else ord(match[2]) - ord("①") + 1


_PAPER: Final = (DocumentEntered,)

CHECKS: Final = (
    Check("numbering.repeated", "11", "medium", ("AL 15",), _PAPER, repeated),
    Check("numbering.gap", "11", "medium", ("AL 15",), _PAPER, gaps),
    Check("numbering.backward", "11", "medium", ("AL 15",), _PAPER, dates_backward),
    Check("numbering.entered_twice", "11", "low", ("AL 15",), _PAPER, entered_twice),
    Check("numbering.year_differs", "11", "low", ("AL 15",), _PAPER, years_differ),
    Check("numbering.prefix_mixed", "11", "low", ("AL 15",), _PAPER, prefixes_mixed),
    Check("numbering.serials", "11", "low", ("AL 14",), _PAPER, serials_missing),
)
