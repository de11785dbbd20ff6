"""Three forms of one statement: numbered copies to hang, a picture and a text for the group, all with the same hash."""

import re
import struct
from dataclasses import replace
from typing import Any

import pytest

from ledger.paper import pointer, qr
from ledger.paper.message import message
from ledger.paper.pointer import Copy, Pointer, copies, places_of
from ledger.paper.statement import PICTURE_BYTES, render_copies, render_picture, render_poster
from ledger.publication.statement import digest_of
from tests.community import refused_as
from tests.paper.made import half_year
from tests.paper.test_pdf import PAGES
from tests.paper.test_poster import ALL

PLACES = ["3栋大堂", "5栋大堂", "小区东门"]


def test_each_copy_has_its_own_sheet_and_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = qr.code

    def code(text: str) -> str:
        drawn.append(text)
        return real(text)

    monkeypatch.setattr(qr, "code", code)
    made = render_copies(half_year(), replace(ALL, copy=None), PLACES)
    assert len(PAGES.findall(made)) == len(PLACES)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    said = [pointer.read(text) for text in drawn]
    address, digest = ALL.address, digest_of(half_year())
    assert [one for one in said if one and one.copy] == [
        Pointer(address, digest, Copy(place, number, 3)) for number, place in enumerate(PLACES, 1)
    ]
    assert made == render_copies(half_year(), replace(ALL, copy=None), PLACES)


def test_one_copy_alone_is_the_poster_with_a_number() -> None:
    alone = render_copies(half_year(), ALL, ["3栋大堂"])
    assert len(alone) == pytest.approx(len(render_poster(half_year(), ALL)), rel=0.1)


@pytest.mark.parametrize(
    ("places", "rule"),
    [
        ([], "paper.copies"),
        (["墙"] * 65, "paper.copies"),
        (["墙", " "], "paper.place"),
        (["长" * 31], "paper.place"),
        (["墙\u202e"], "paper.place"),
        (["墙\n5栋"], "paper.place"),
    ],
)
def test_places_that_cannot_stand_on_a_poster(places: list[str], rule: str) -> None:
    with refused_as(rule):
        render_copies(half_year(), ALL, places)


def test_as_many_copies_as_a_record_may_name() -> None:
    assert len(copies([f"{n}栋" for n in range(64)])) == 64
    assert places_of(" 3栋大堂 \r\n\n5栋大堂\n") == ["3栋大堂", "5栋大堂"]


@pytest.mark.parametrize("place", ["3栋大堂", "A & B #1/2?=%20", "墙" * 30, "东门（左）"])
def test_what_a_code_says_is_read_again(place: str) -> None:
    one = Pointer("https://example.org/c/12/statements/2019H1", "0f" * 32, Copy(place, 7, 12))
    assert pointer.read(one.text()) == one
    assert pointer.read(Pointer("江岸花园", "0f" * 32).text()) == Pointer("江岸花园", "0f" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/",
        "https://example.org/#sha256=" + "0" * 63,
        "https://example.org/#sha256=" + "0F" * 32,
        "https://example.org/#sha256=" + "0" * 64 + "&copy=2/8",
        "https://example.org/#sha256=" + "0" * 64 + "&copy=9/8&place=x",
        "https://example.org/#sha256=" + "0" * 64 + "&copy=1/8&place=" + "x" * 31,
        "https://example.org/#sha256=" + "0" * 64 + "&copy=1/8&place=%E2%80%AE",
        "https://example.org/#sha256=" + "0" * 64 + "&copy=1/8&place=x#sha256=" + "1" * 64,
        "#sha256=" + "0" * 64 + "&more",
    ],
)
def test_a_code_of_somebody_else(text: str) -> None:
    assert pointer.read(text) is None


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_picture_is_what_a_telephone_shows(locale: str) -> None:
    made = render_picture(half_year(), ALL, locale)
    assert made.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", made[16:24])
    assert 1080 == width < height < 1600
    assert len(made) <= PICTURE_BYTES
    assert made == render_picture(half_year(), ALL, locale)


def test_a_crowded_poster_makes_a_smaller_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.paper.statement.PICTURE_BYTES", 330_000)
    made = render_picture(half_year(), ALL)
    assert struct.unpack(">I", made[16:20])[0] < 1080
    assert len(made) <= 330_000


def test_wall_group_and_web_have_the_same_hash() -> None:
    statement: dict[str, Any] = half_year()
    found = re.search(r"[0-9a-f]{64}", message(statement, ALL))
    assert found is not None
    assert found[0] == digest_of(statement)
