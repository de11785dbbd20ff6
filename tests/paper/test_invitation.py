"""The letter under the door: its code in groups and in the picture, rooms and no person, both languages, hostile text as text."""

import pytest

from ledger.paper import invitation, qr
from tests.paper.test_html import HOSTILE

CODE = "01234 56789 ABCDE FGHJK"
LETTER = invitation.Letter(("3-2-501",), CODE, "2026-03-01", "https://books.example.org/c/9d7f00112233aabb/enrol")


def test_the_picture_carries_the_code_where_no_server_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, code = [], qr.code

    def noted(text: str) -> str:
        drawn.append(text)
        return code(text)

    monkeypatch.setattr(qr, "code", noted)
    invitation.render_pdf("江岸花园", [LETTER])
    assert drawn == [f"{LETTER.address}#{CODE.replace(' ', '')}"]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_one_sheet_each_and_the_same_bytes_again(locale: str) -> None:
    made = invitation.render_pdf("江岸花园", [LETTER, LETTER], locale)
    assert made == invitation.render_pdf("江岸花园", [LETTER, LETTER], locale)
    assert b"/Type/Pages/Count 2/" in made


def test_hostile_text_stays_text() -> None:
    attacking = invitation.Letter((HOSTILE,), CODE, "2026-03-01", LETTER.address)
    assert invitation.render_pdf(HOSTILE, [attacking], example=True).startswith(b"%PDF-")
