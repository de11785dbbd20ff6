"""An audit report 审计报告 as people read it: first what came of it, in plain words with figures; then how, and what waits.

The report (:mod:`ledger.audit.reports`) holds codes and figures; here they become sentences, tables and a sheet to sign. Only what
an auditor signed with firm and report code is called 审计报告; before that it is a 核查报告, which says so first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger import words
from ledger.audit.checks import SEVERITIES, Noted
from ledger.audit.checks.frame import Figure
from ledger.audit.reports import digest_of
from ledger.audit.reports.frame import WORST
from ledger.paper.findings import Findings
from ledger.paper.phrases import BLANK, Phrases
from ledger.paper.pointer import Pointer
from ledger.paper.poster import Pair
from ledger.paper.table import Table
from ledger.paper.view import example_sentence
from ledger.publication.audited import Reported
from ledger.rules.ratio import Share

SIGNS: Final[Mapping[str, str]] = {"agrees": "agrees", "differs": "differs"}
"""States with a sign of their own; the others are questions."""
_NAMED_BEFORE: Final = frozenset({"trust", "plan", "trustee_party"})
"""Columns that a print leaves out where every row says the same: the sentence before the table names it."""
_LISTS: Final[Mapping[str, str]] = {"categories": "category", "funds": "fund", "bases": "base"}
_CODES: Final[Mapping[str, str]] = {
    "base": "code.base.{}",
    "basis": "audited.rests.{}",
    "authority": "audited.allowed.{}",
    "direction": "code.direction.{}",
    "holder": "audited.held.{}",
    "line": "audited.line.{}",
    "body": "body.{}",
    "matter": "matter.{}",
    "result": "certificate.{}",
    "handed": "audited.handed.{}",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement in words, how it stands, and where to look: ``where`` in words; ``law`` and ``entries`` for what leads there.

    ``code``: what it is about, for whoever leads from one place to another.
    """

    state: str
    standing: str
    text: str
    where: str = ""
    code: str = ""
    law: str = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its sentences and tables, and how many findings belong to it."""

    code: str
    state: str
    title: str
    said: tuple[Sentence, ...]
    tables: tuple[Table, ...]
    belonging: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A finding: what it asks, in which words, by which law, from which entries, and what settles it."""

    weight: str
    title: str
    code: str
    says: str
    where: str
    clears: str
    remarks: tuple[str, ...] = ()
    severity: str = ""
    law: str = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditView:
    """The report, worded. ``answers`` fill the first page."""

    title: str
    community: str
    span: str
    warnings: tuple[str, ...]
    opinion: str
    example: str
    mark: str
    answers: tuple[Sentence, ...]
    counts: tuple[str, ...]
    parts: tuple[Part, ...]
    programme: Table
    questions: tuple[Question, ...]
    signature: tuple[Pair, ...]
    facts: tuple[Pair, ...]
    qr: str


class Spoken(Findings):
    """The sentences of one ledger's reports: the figures of findings, and the codes that reports have beside them."""

    def figure(self, name: str, met: Figure) -> str:
        """A figure as people write it, by the end of its name."""
        kind = name.rpartition("_")[2]
        if not isinstance(met, str) or not met:
            return super().figure(name, met)
        if kind in _LISTS:
            return self.phrases.join(self.figure(_LISTS[kind], one) for one in met.split(","))
        if kind == "rate":
            share = Share.parse(met)
            return self.phrases.percent(share.num, share.den)
        if kind in _CODES:
            key = _CODES[kind].format(met)
            return self.phrases.text(key) if words.has(key, self.phrases.locale) else met
        if name == "closed_period":
            return self.phrases.period(met)
        return super().figure(name, met)

    def statement(self, said: Mapping[str, Any]) -> Sentence:
        """A statement of a report in words."""
        figures = {name: self.figure(name, met) for name, met in said.get("figures", {}).items()}
        law, evidence = self.law(said.get("basis", ())), said.get("evidence", ())
        return Sentence(
            said["state"],
            self.standing(said["state"]),
            self.phrases.text(f"audited.said.{said['code']}", **figures),
            self.phrases.clauses([law, self.places(evidence)]),
            said["code"],
            law,
            entries_of(evidence),
        )

    def standing(self, state: str) -> str:
        """How something stands, in a word."""
        return self.phrases.text(f"audited.state.{state}")

    def law(self, basis: Sequence[str]) -> str:
        """The articles behind something."""
        return self.phrases.text("audited.law", law=self.phrases.join(map(self._article, basis))) if basis else ""

    def _article(self, cited: str) -> str:
        """An article by the name of its law, where the abbreviation has one."""
        short, _, article = cited.partition(" ")
        key = f"audited.statute.{short}"
        return self.phrases.text(key, article=article) if words.has(key, self.phrases.locale) else cited

    def _cell(self, column: str, met: Figure) -> str:
        """A figure in a table: days by their digits, which take least room."""
        return str(met) if met and column.endswith("_day") else self.figure(column, met)

    def _by_what_it_is_for(self, table: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Mapping[str, Any]]]:
        """Columns and rows with budget lines called by what they are for, where their categories stand beside their codes."""
        names, rows = table["columns"], table["rows"]
        if not {"line", "categories"} <= set(names):
            return names, rows
        line, categories = names.index("line"), names.index("categories")
        kept = [n for n in range(len(names)) if n != categories]

        def cells(row: Mapping[str, Any]) -> list[Figure]:
            met, key = list(row["cells"]), _CODES["line"].format(row["cells"][line])
            called = self.figure("categories", met[categories]) if met[categories] else met[line]
            # What has a name of its own is no line of the budget.
            named = words.has(key, self.phrases.locale)
            met[line] = (
                self.phrases.text("audited.line_of", name=self.phrases.text(key), what=called) if named else called
            )
            return [met[n] for n in kept]

        return [names[n] for n in kept], [{**row, "cells": cells(row)} for row in rows]

    def table(self, table: Mapping[str, Any]) -> Table:
        """A table of a report in words; how its rows stand is a column of its own where any stands for something."""
        phrases, (names, rows) = self.phrases, self._by_what_it_is_for(table)
        shown = [n for n, column in enumerate(names) if column not in _NAMED_BEFORE or _differ(rows, n)]
        columns = [names[n] for n in shown]
        stands = any("state" in row for row in rows)
        heads = [phrases.text(f"audited.column.{column}") for column in columns]
        # Beside what a line is for, the name of its fund needs no room of its own.
        kinds = ["short" if column == "fund" and "line" in columns else _kind(column) for column in columns]
        said = [
            [self._cell(*cell) for cell in zip(columns, (row["cells"][n] for n in shown), strict=True)] for row in rows
        ]
        if stands:
            heads.append(phrases.text("audited.column.state"))
            kinds.append("short")
            for row, cells in zip(rows, said, strict=True):
                cells.append(self.standing(row["state"]) if "state" in row else "")
        total = table.get("total", {})
        last = [self.figure(column, total[column]) if column in total else "" for column in columns]
        return Table(
            table["code"],
            phrases.text(f"audited.table.{table['code']}"),
            tuple(heads),
            tuple(kinds),
            tuple(map(tuple, said)),
            (*last, *([""] if stands else [])) if total and len(rows) > 1 else (),
        )


def entries_of(evidence: Iterable[Mapping[str, Any]]) -> tuple[int, ...]:
    """The numbers of the entries behind something, each once."""
    return tuple(dict.fromkeys(place["entry"] for place in evidence))


def _kind(column: str) -> str:
    """What a column holds, as its layout asks."""
    if column.endswith("_fen") or column in ("count", "number"):
        return "money"
    return "short" if column.endswith(("_day", "rate", "voucher", "base", "direction")) else "text"


def _differ(rows: Sequence[Mapping[str, Any]], number: int) -> bool:
    return len({row["cells"][number] for row in rows}) > 1


def headlines(section: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a reader must see of a section: what it begins with, and the statement that stands worst."""
    said: Sequence[Mapping[str, Any]] = section["said"]
    worst = min(said, key=lambda one: WORST.index(one["state"]))
    return [said[0]] if worst is said[0] else [said[0], worst]


def view(
    report: Mapping[str, Any],
    spoken: Spoken,
    signed: Noted[Reported] | None,
    *,
    rules: str,
    verified: bool,
    others: Sequence[Noted[Reported]] = (),
) -> AuditView:
    """Word a report; ``rules``: the name of the profile in force; ``others``: signed over the same with another digest. Raises ``words.…``."""
    phrases, digest = spoken.phrases, digest_of(report)
    example = bool(report.get("example"))
    unverified = [] if verified else [phrases.text("audited.not_verified", size=report["size"])]
    differing = [_differing(phrases, other, report) for other in others]
    failed = [phrases.text("audited.failed", codes=phrases.join(report["failed"]))] if "failed" in report else []
    unsigned = [] if signed else [phrases.text("audited.unsigned")]
    return AuditView(
        title=phrases.text(f"audited.{'title' if signed else 'draft'}.{report['sort']}"),
        community=report["name"],
        span=phrases.text(
            "audited.span",
            span=phrases.span_of_years(report["start"], report["until"]),
            size=report["size"],
            day=phrases.full_day(report["day"]),
        ),
        warnings=(*unverified, *unsigned, *differing, *failed),
        opinion=_opinion(phrases, signed) if signed else "",
        example=example_sentence(phrases, rules, report["start"]) if example else "",
        mark=phrases.text("term.example") if example else "",
        answers=tuple(_answers(spoken, report)),
        counts=tuple(counts(phrases, report)),
        parts=tuple(_part(spoken, section) for section in report["sections"]),
        programme=_programme(phrases, report["programme"]),
        questions=tuple(_question(spoken, finding) for finding in report["findings"]),
        signature=tuple(_signature(phrases, signed)),
        facts=tuple(Pair(phrases.text(f"audited.fact_{name}"), text) for name, text in _facts(phrases, report, digest)),
        qr=Pointer(f"{report['origin']}/audit", digest).text(),
    )


def _differing(phrases: Phrases, other: Noted[Reported], report: Mapping[str, Any]) -> str:
    """What to say of a report over the same that is signed with another digest."""
    said, named = other.fact, {"firm": other.fact.firm, "number": other.fact.number, "entry": other.seq}
    if (said.checks, said.form) == (report["checks"], report["audit"]):
        return phrases.text("audited.another", **named)
    return phrases.text("audited.made_otherwise", **named, checks=said.checks, form=said.form)


def counts(phrases: Phrases, report: Mapping[str, Any]) -> Iterable[str]:
    """How many findings there are, and how much of the programme the ledger gives."""
    findings = report["findings"]
    weights = Counter(finding["severity"] for finding in findings)
    yield phrases.text(
        "audited.answer_findings",
        count=len(findings),
        answered=sum("answers" in finding for finding in findings),
        lowered=sum("lowered" in finding for finding in findings),
        weights=phrases.join(f"{phrases.text(f'audit.severity.{one}')} {weights[one]}" for one in SEVERITIES),
    )
    given = Counter(one["state"] for one in report["programme"])
    yield phrases.text("audited.answer_programme", **{state: given[state] for state in ("whole", "part", "missing")})


def _answers(spoken: Spoken, report: Mapping[str, Any]) -> Iterable[Sentence]:
    """Each section in one sentence; the checklist stands for itself further down."""
    for section in report["sections"]:
        if section["code"] != "duties":
            title = spoken.phrases.text(f"audited.section.{section['code']}")
            said = " ".join(spoken.statement(one).text for one in headlines(section))
            belonging = _belonging(spoken.phrases, section)
            yield Sentence(section["state"], title, said, belonging, section["code"])


def _belonging(phrases: Phrases, section: Mapping[str, Any]) -> str:
    keys = section.get("findings", ())
    return phrases.text("audited.belonging", count=len(keys)) if keys else ""


def _part(spoken: Spoken, section: Mapping[str, Any]) -> Part:
    return Part(
        section["code"],
        section["state"],
        spoken.phrases.text(f"audited.section.{section['code']}"),
        tuple(spoken.statement(said) for said in section["said"]),
        tuple(spoken.table(table) for table in section["tables"] if table["rows"]),
        _belonging(spoken.phrases, section),
    )


def _programme(phrases: Phrases, inputs: Sequence[Mapping[str, Any]]) -> Table:
    rows = []
    for number, one in enumerate(inputs, 1):
        given = (
            phrases.text(
                "audited.counted" if item["count"] > 1 else "audited.counted_one",
                **{**item, "what": phrases.text(f"audited.what.{item['what']}")},
            )
            for item in one["given"]
        )
        missing = (phrases.text(f"audited.what.{what}") for what in one["missing"])
        name = phrases.text(f"audited.input.{one['code']}")
        standing = phrases.text(f"audited.given.{one['state']}")
        rows.append((f"{number}. {name}", standing, phrases.clauses(given), phrases.join(missing)))
    heads = ("programme_input", "column.state", "programme_given", "programme_missing")
    return Table(
        "programme",
        phrases.text("audited.programme"),
        tuple(phrases.text(f"audited.{head}") for head in heads),
        ("short", "short", "text", "text"),
        tuple(rows),
    )


def _question(spoken: Spoken, finding: Mapping[str, Any]) -> Question:
    phrases, law = spoken.phrases, spoken.law(finding["basis"])
    return Question(
        weight=phrases.text(f"audit.severity.{finding['severity']}"),
        title=spoken.title(finding["code"]),
        code=finding["code"],
        says=spoken.says(finding["code"], finding["figures"]),
        where=phrases.clauses((law, spoken.places(finding["evidence"]))),
        clears=phrases.text("audit.clears", how=spoken.clears(finding["code"])),
        remarks=tuple(spoken.remarks(finding)),
        severity=finding["severity"],
        law=law,
        entries=entries_of(finding["evidence"]),
    )


def _opinion(phrases: Phrases, signed: Noted[Reported]) -> str:
    said = signed.fact
    opinion = phrases.text(f"code.opinion.{said.opinion}")
    return phrases.text("audited.signed_as", opinion=opinion, firm=said.firm, number=said.number, entry=signed.seq)


def _signature(phrases: Phrases, signed: Noted[Reported] | None) -> Iterable[Pair]:
    said = signed.fact if signed else None
    opinion = phrases.text(f"code.opinion.{said.opinion}") if said else phrases.text("audited.opinions")
    for name, text in (
        ("firm", said.firm if said else BLANK * 2),
        ("number", said.number if said else BLANK * 2),
        ("opinion", opinion),
        ("day", phrases.full_day(signed.day) if signed else BLANK * 2),
    ):
        yield Pair(phrases.text(f"audited.sign_{name}"), text)


def _facts(phrases: Phrases, report: Mapping[str, Any], digest: str) -> Iterable[tuple[str, str]]:
    yield "origin", report["origin"]
    yield "ledger", phrases.digest(report["ledger"])
    yield "size", str(report["size"])
    yield "root", phrases.digest(report["root"])
    yield "checks", str(report["checks"])
    yield "form", str(report["audit"])
    yield "profile", phrases.digest(report["profile"])
    yield "digest", phrases.digest(digest)
