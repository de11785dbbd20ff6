"""The slip of a question on paper, and its answer as a letter: what they say, and to whom."""

import pytest

from ledger.paper import reply
from ledger.paper.reply import Question
from tests.paper.test_html import HOSTILE

LEAF = "cd" * 32
TAKEN = Question(
    community="江岸花园",
    about="2026年1月7日 电梯（lift） −70.00 元",
    slip="2026-0007",
    entry=77,
    leaf=LEAF,
    on="2026-01-12",
    due="2026-01-19",
    address="https://example.org/q",
    text="电梯为什么修了两次",
)
ANSWERED = Question(**{name: getattr(TAKEN, name) for name in Question.__slots__} | {
    "answer": "是两部电梯，\n各修一次。", "answered_on": "2026-01-21",
})  # fmt: skip


def test_the_slip_says_number_and_days_and_nothing_private() -> None:
    seen = reply.slip(TAKEN)
    assert seen.number == "回条编号 2026-0007"
    assert dict(seen.facts) == {
        "您问的是": TAKEN.about,
        "收到日期": "2026年1月12日",
        "应在此日前答复": "2026年1月19日",
    }
    assert seen.texts == ()
    assert seen.qr == f"https://example.org/q#77.{LEAF}"


def test_the_letter_says_question_and_answer_and_that_it_was_late() -> None:
    seen = reply.answer(ANSWERED)
    assert seen.texts == (("您的问题", TAKEN.text), ("答复", ANSWERED.answer))
    assert dict(seen.facts)["答复日期"] == "2026年1月21日（晚于期限）"


def test_without_a_slip_its_entry_names_it() -> None:
    asked = Question(
        "江岸花园", "x", "", 77, LEAF, "2026-01-12", "2026-01-19", "", answer="y", answered_on="2026-01-19"
    )
    seen = reply.answer(asked)
    assert seen.number == "存证记录 第77号"
    assert dict(seen.facts)["答复日期"] == "2026年1月19日"
    assert [label for label, _ in seen.texts] == ["答复"]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_both_are_printed(locale: str) -> None:
    for view in (reply.slip(TAKEN, locale), reply.answer(ANSWERED, locale)):
        made = reply.render_pdf(view, locale)
        assert made == reply.render_pdf(view, locale)
        assert made.startswith(b"%PDF-")


def test_hostile_text_stays_text() -> None:
    attacking = Question(HOSTILE, HOSTILE, "x", 1, LEAF, "2026-01-12", "2026-01-19", "", HOSTILE, HOSTILE, "2026-01-19")
    assert reply.render_pdf(reply.answer(attacking)).startswith(b"%PDF-")
