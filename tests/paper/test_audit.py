"""Audit reports in words and print: every statement has its sentence in both languages, and only a signed one is an audit."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ledger.audit.reports
from ledger import words
from ledger.audit.checks import Noted
from ledger.audit.reports.programme import PROGRAMME
from ledger.audit.reports.trust import DUTIES
from ledger.paper.audit import AuditView, Spoken, headlines, view
from ledger.paper.auditprint import render_pdf
from ledger.paper.findings import Registers
from ledger.paper.phrases import Phrases
from ledger.publication.audited import Reported
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.reports.drawn import drawn, reviewed
from tests.audit.reports.test_pay import agreed, paid, received
from tests.audit.reports.test_trust import planned

HOUSE = Path(ledger.audit.reports.__file__).parent
LOCALES = ("zh_CN", "en")


def managed() -> Treasury:
    """A year in which the trustee took more than its share, and was paid for something else."""
    house = treasury()
    agreed(house, other_base="receivable", cap=70_00)
    received(house, 1_000_00)
    paid(house, 95_00)
    house.take((house.day, -30_00, [spent(30_00, party="lift")]))
    return house


def worded(house: Treasury, locale: str, signed: Noted[Reported] | None = None, *, verified: bool = True) -> AuditView:
    made = reviewed(house)
    spoken = Spoken(Phrases(locale), Registers.of(made.dossier))
    return view(drawn(house, "trust"), spoken, signed, rules="civil-code-2021", verified=verified)


def codes(pattern: str) -> set[str]:
    return {found for file in HOUSE.glob("*.py") for found in re.findall(pattern, file.read_text("utf-8"))}


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_that_a_report_may_say_has_its_words(locale: str) -> None:
    spoken = codes(r'Said\(\s*"([a-z_0-9]+)"') | {f"duty_{duty}" for duty in DUTIES}
    spoken |= {"beside_pay", "same_hands", "paid_over", "paid_within", "other_over", "other_within", "base_unknown"}
    assert len(spoken) > 40
    sections = codes(r'Section\(\s*"([a-z_]+)"')
    needed = {f"audited.said.{code}" for code in spoken} | {f"audited.section.{code}" for code in sections}
    needed |= {f"audited.table.{code}" for code in codes(r'Table\(\s*"([a-z_]+)"')}
    needed |= {f"audited.input.{one.code}" for one in PROGRAMME}
    needed |= {f"audited.what.{what}" for one in PROGRAMME for what in (*one.needed, *one.beyond)}
    assert {key for key in needed if not words.has(key, locale)} == set()


def test_the_first_page_says_the_figures_in_plain_words() -> None:
    seen = worded(managed(), "zh_CN")
    pay = next(answer for answer in seen.answers if answer.standing == "酬金")
    assert pay.state == "differs"
    assert "按实收应付酬金 70.00 元，已付 1 笔、95.00 元，多付 25.00 元，与约定不一致。" in pay.text
    assert any("核查提示" in line for line in seen.counts)


def test_a_sentence_says_law_and_entries() -> None:
    seen = worded(managed(), "en")
    part = next(part for part in seen.parts if part.title == "The trustee's pay")
    over = next(one for one in part.said if one.standing == "differs")
    assert over.where.startswith("basis Trust Law 35, Trust Law 36; entries ")
    assert (
        over.text == 'By the base "received" 70.00 yuan is due; 95.00 was paid (payments: 1), 25.00 more than agreed.'
    )
    (years, _paid) = part.tables
    assert years.heads[:3] == ("from", "to", "base")
    assert years.rows[0][4:] == ("9.00%", "90.00", "0.00", "70.00", "70.00")


def test_lines_of_a_budget_are_called_by_what_they_are_for() -> None:
    """Their codes are the treasurer's; what is in no line says so before what it was for."""
    house = managed()
    planned(house, ("l1", "out", ["lift", "cleaning"], 50_00), ("l2", "in", ["service_fee"], 900_00))
    received(house, 3_00, category="interest")
    (part,) = (part for part in worded(house, "zh_CN").parts if part.title == "开放式预算执行")
    (table,) = part.tables
    assert table.heads[:3] == ("项目", "收支", "资金")
    assert [row[0] for row in table.rows] == ["电梯、保洁", "物业费", "预算未列：利息", "预算未列：物业服务酬金"]


def test_only_what_an_auditor_signed_is_called_an_audit() -> None:
    draft = worded(managed(), "zh_CN")
    assert (draft.title, draft.opinion) == ("信托制核查报告", "")
    assert draft.warnings[0].startswith("尚未经审计机构签署")
    fact = Reported("", "trust", "2026-01-01", "2026-12-31", 1, "", 1, 1, "adverse", "某事务所", "2026-7")
    signed = worded(managed(), "zh_CN", Noted(9, "2027-02-01", "ab" * 32, fact))
    assert (signed.title, signed.warnings) == ("信托制审计报告", ())
    assert signed.opinion == "审计意见类型：否定意见（某事务所，报告编号 2026-7，存证记录 第9号）"
    assert [pair.amount for pair in signed.signature] == ["某事务所", "2026-7", "否定意见", "2027年2月1日"]


def test_a_report_signed_with_another_digest_is_said() -> None:
    made = reviewed(managed())
    fact = Reported("", "trust", "2026-01-01", "2026-12-31", 1, "", 1, 1, "adverse", "某事务所", "2026-7")
    spoken = Spoken(Phrases("zh_CN"), Registers.of(made.dossier))
    others = [Noted(9, "2027-02-01", "ab" * 32, fact)]
    seen = view(drawn(managed(), "trust"), spoken, None, rules="", verified=True, others=others)
    assert "某事务所" in seen.warnings[-1]
    assert "2026-7" in seen.warnings[-1]


def test_a_ledger_that_did_not_verify_is_said_first() -> None:
    assert "核验未通过" in worded(managed(), "zh_CN", verified=False).warnings[0]


def test_a_section_leads_with_what_it_begins_with_and_with_the_worst() -> None:
    said: list[dict[str, Any]] = [
        {"code": code, "state": state} for code, state in (("a", "told"), ("b", "agrees"), ("c", "open"))
    ]
    assert [one["code"] for one in headlines({"said": said})] == ["a", "c"]
    assert [one["code"] for one in headlines({"said": said[2:]})] == ["c"]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_print_is_the_same_bytes_every_time(locale: str) -> None:
    seen = worded(managed(), locale)
    made = render_pdf(seen, locale)
    assert made.startswith(b"%PDF")
    assert made == render_pdf(seen, locale)


def test_words_need_none_of_the_libraries_that_print() -> None:
    """``audit report`` tells a report on the terminal where the base dependencies alone are installed."""
    ask = "import sys, ledger.paper.audit; sys.exit(any(name in sys.modules for name in ('typst', 'segno', 'PIL')))"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0
