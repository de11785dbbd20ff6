"""What hangs of a meeting: everything that was called stands on it, nobody's name and nobody's vote does."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest

from ledger.paper import announcement
from ledger.paper.announcement import Announcement, CalledWith, Leaf, Numbered, render_pdf
from ledger.paper.certificate import CertifiedWith
from tests.community import refused_as
from tests.paper.made import hexed
from tests.paper.test_certificate import Bodies, held
from tests.paper.test_html import HOSTILE
from tests.paper.test_pdf import PAGES

KNOWN = CalledWith(
    "江岸花园", hexed("call"), "civil-code-2021", majorities=("ordinary", "special"), hung_on="2026-01-05"
)
REPORT = CertifiedWith("江岸花园", certified_on="2026-02-03")
YEAR = {"start": "2026-01-01", "until": "2026-12-31"}
EFFECTS: tuple[tuple[dict[str, Any], str], ...] = (
    (
        {"type": "payment", "fund": "maintenance", "party": "roofer", "purpose": "3栋屋顶", "cap": 31_000_000, **YEAR},
        "屋顶公司，3栋屋顶，最多 310,000.00 元",
    ),
    (
        {
            "type": "budget", "start": "2026-01-01", "until": "2026-12-31",
            "lines": [
                {"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 100},
                {"line": "other", "fund": "service_fee", "categories": ["unheard_of"], "cap": 50},
            ],
        },
        "2 项，合计最多 1.50 元",
    ),
    (
        {"type": "delegation", "funds": ["service_fee"], "each": 500_000, "total": 1_000_000, **YEAR},
        "每笔最多 5,000.00 元，合计最多 10,000.00 元",
    ),
    ({"type": "ratification", "payments": [hexed("one"), hexed("two")]}, "追认 2 笔"),
)  # fmt: skip


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return held()


def with_effect(called: Mapping[str, Any], effect: dict[str, Any]) -> dict[str, Any]:
    first, *rest = called["motions"]
    return {**called, "motions": [{**first, "effect": effect}, *rest]}


def words_of(seen: Announcement) -> str:
    return str(asdict(seen))


@pytest.mark.parametrize(("effect", "said"), EFFECTS, ids=[effect["type"] for effect, _ in EFFECTS])
def test_the_notice_says_what_a_motion_does_to_the_money(bodies: Bodies, effect: dict[str, Any], said: str) -> None:
    known = replace(KNOWN, parties={"roofer": "屋顶公司"}, categories={"lift": "电梯"})
    seen = announcement.notice(with_effect(bodies[0], effect), known, "zh_CN")
    assert said in seen.motions[0].says[0] or said in " ".join(seen.motions[0].says)
    assert render_pdf(seen).startswith(b"%PDF-")


def test_the_notice_has_every_motion_with_its_text_and_its_majority(bodies: Bodies) -> None:
    called = bodies[0]
    seen = announcement.notice(called, KNOWN, "zh_CN")
    assert [motion.title for motion in seen.motions] == [motion["title"] for motion in called["motions"]]
    for shown, motion in zip(seen.motions, called["motions"], strict=True):
        assert motion["text"] in " ".join(shown.says).replace(" ", "")
    assert "一般事项" in seen.motions[0].kind
    assert "特别事项" in seen.motions[1].kind
    assert seen.warnings == ()
    assert seen.qr.endswith(f"#sha256={KNOWN.called}")
    assert any("没有纸质表决票" in note for note in seen.notes)


def test_an_opinion_poll_says_so_first() -> None:
    called, _ = held(phone=False)
    assert announcement.notice(called, KNOWN, "zh_CN").warnings == ("本次只征求意见，不产生用款依据。",)


def test_the_roll_hangs_with_codes_and_areas_and_adds_up(bodies: Bodies) -> None:
    leaves = [Leaf(1, ("a1", "a2"), 12_345, 1), Leaf(2, ("b1",), 10_000, 0)]
    seen = announcement.roll(bodies[0], leaves, hexed("root"), KNOWN, "zh_CN")
    (table,) = seen.tables
    assert table.rows == (("1", "a1 a2", "123.45", "1"), ("2", "b1", "100.00", "0"))
    assert table.last == ("合计", "", "223.45", "1")
    assert hexed("root") in words_of(seen).replace(" ", "")


def test_the_result_names_every_ballot_and_no_answer_of_any(bodies: Bodies) -> None:
    ballots = [Numbered(100 + n, hexed(f"ballot {n}"), opened=n != 3) for n in range(5)]
    seen = announcement.result(*bodies, ballots, KNOWN, REPORT, "zh_CN")
    assert [(motion.verdict, motion.passed) for motion in seen.motions] == [("通过", True), ("未通过", False)]
    (table,) = seen.tables
    cells = [cell for row in table.rows for cell in row]
    assert [cell for cell in cells if cell.isdecimal() and len(cell) == 3] == ["100", "101", "102", "103", "104"]
    assert cells.count("未能启封") == 1
    assert "5" in table.title
    assert seen.dated == "2026年2月3日"
    assert {len(row) for row in table.rows} == {len(table.heads)}


def test_bodies_of_two_meetings_are_no_result(bodies: Bodies) -> None:
    called, certified = bodies
    with refused_as("paper.items"):
        announcement.result({**called, "motions": called["motions"][:1]}, certified, [], KNOWN, REPORT, "zh_CN")


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_prints_are_tagged_and_the_same_every_time(bodies: Bodies, locale: str) -> None:
    leaves = [Leaf(n, (f"u{n:06}",), 10_000, 1) for n in range(1, 400)]
    seen = announcement.roll(bodies[0], leaves, hexed("root"), KNOWN, locale)
    made = render_pdf(seen, locale)
    assert made == render_pdf(seen, locale)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert len(PAGES.findall(made)) > 5


def test_hostile_titles_stay_text(bodies: Bodies) -> None:
    called = {**bodies[0], "title": HOSTILE}
    seen = announcement.notice(called, replace(KNOWN, community=HOSTILE, example=True), "zh_CN")
    assert len(PAGES.findall(render_pdf(seen))) >= 1
