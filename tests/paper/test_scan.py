"""Photographs of the board: found, of another statement, without a code; and files made to hurt."""

import io
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from ledger.errors import MingzhangError, Unavailable
from ledger.paper import scan, scan_child
from ledger.paper.pointer import Copy
from ledger.paper.scan import Seen, look, read_codes
from ledger.paper.statement import render_picture
from ledger.publication.statement import digest_of
from tests.community import refused_as
from tests.paper.made import half_year, hexed
from tests.paper.test_poster import ALL

DIGEST = digest_of(half_year())
SECOND = Copy("3栋大堂", 2, 8)


@cache
def sheet(copy: Copy = SECOND) -> Image.Image:
    """The poster as it hangs."""
    made = render_picture(half_year(), replace(ALL, copy=copy))
    return Image.open(io.BytesIO(made)).convert("RGB")


def photograph(
    hung: Image.Image | None = None, *, turned: float = 0, blur: float = 0, quality: int = 80, wall: int = 300
) -> bytes:
    """A photograph of a sheet on a grey wall, taken by hand."""
    hung = hung or sheet()
    board = Image.new("RGB", (hung.width + 2 * wall, hung.height + 2 * wall), (150, 145, 140))
    board.paste(hung, (wall, wall))
    board = board.rotate(turned, expand=True, fillcolor=(90, 90, 90), resample=Image.Resampling.BICUBIC)
    width, height = board.size
    corners = (0, 0, 40, height, width - 60, height - 30, width, 50)
    board = board.transform((width, height), Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    board.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize(
    "taken",
    [{}, {"turned": 7}, {"turned": 90}, {"turned": 180, "quality": 40}, {"turned": -31, "blur": 1.2}, {"wall": 1500}],
    ids=str,
)
def test_a_photograph_of_the_poster_shows_its_hash_and_its_copy(taken: dict[str, float]) -> None:
    assert look(read_codes(photograph(**taken)), DIGEST) == Seen("this", (SECOND,))  # type: ignore[arg-type]


def test_another_poster_and_none_at_all() -> None:
    taken = photograph()
    assert look(read_codes(taken), hexed("another")).found == "other"
    empty = io.BytesIO()
    Image.new("L", (1200, 900), 128).save(empty, "PNG")
    assert look(read_codes(empty.getvalue()), DIGEST) == Seen("none")


def test_two_posters_in_one_photograph() -> None:
    one, other = sheet(), sheet(Copy("5栋大堂", 3, 8))
    both = Image.new("RGB", (one.width * 2 + 200, one.height), (180, 180, 180))
    both.paste(one, (0, 0))
    both.paste(other, (one.width + 200, 0))
    found = look(read_codes(photograph(both)), DIGEST)
    assert set(found.copies) == {SECOND, Copy("5栋大堂", 3, 8)}


def test_a_code_that_only_looks_like_ours_is_another() -> None:
    forged = f"https://example.org/2019H1#sha256={DIGEST}&copy=9/8&place=x"
    assert look((forged,), DIGEST).found == "other"


# --- files made to hurt -----------------------------------------------------------------------------------------------


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png(width: int, height: int, colour: int = 2) -> bytes:
    """A small file that unpacks to a picture of this size."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, colour, 0, 0, 0])
    channels = {0: 1, 2: 3, 6: 4}[colour]
    packer = zlib.compressobj(9)
    row = bytes(1 + width * channels)
    packed = b"".join(packer.compress(row) for _ in range(min(height, 4000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("L", (10, 10)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (bytes, "photo.unreadable"),
        (lambda: b"\xff\xd8\xff\xe0 not a picture", "photo.unreadable"),
        (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "photo.unreadable"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.unreadable"),
        (gif, "photo.unreadable"),
        (lambda: png(100_000, 100_000, 0), "photo.too_large"),
        (lambda: png(10_900, 10_900, 6), "photo.too_large"),
        (lambda: png(500, 400)[:60], "photo.unreadable"),
    ],
    ids=["empty", "no jpeg", "eps", "svg", "gif", "ten gigapixels", "beyond memory", "cut short"],
)
def test_what_is_no_photograph_is_refused_within_the_limits(made: Callable[[], bytes], rule: str) -> None:
    data = made()
    began = time.monotonic()
    with refused_as(rule):
        read_codes(data)
    assert time.monotonic() - began < scan.SECONDS + 5


def test_every_beginning_of_a_photograph_answers_or_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_child, "SIDE", 400)
    taken = photograph(quality=30)
    for length in range(0, len(taken), len(taken) // 40):
        try:
            assert isinstance(scan_child.codes(taken[:length]), list)
        except scan_child.Refusal as refusal:
            assert refusal.rule == "photo.unreadable"


@pytest.mark.parametrize("act", ["bytearray(600 << 20)", "open('/dev/shm/x', 'xb', 0).write(b'x')"])
def test_the_child_gives_up_memory_and_files_for_good(act: str, tmp_path: Path) -> None:
    act = act.replace("/dev/shm", str(tmp_path))
    script = f"import runpy; runpy.run_path({scan_child.__file__!r})['confine'](); {act}"
    ended = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert {"b": "MemoryError", "o": "File too large"}[act[0]] in ended.stderr


def test_a_child_that_takes_too_long_or_says_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = photograph()
    with monkeypatch.context() as here, refused_as("photo.too_large"):
        here.setattr(scan, "MAX_ANSWER", 10)
        read_codes(taken)
    monkeypatch.setattr(scan, "SECONDS", 0.01)
    with refused_as("photo.too_large"):
        read_codes(taken)


def test_a_child_that_fails_is_an_unreadable_photograph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child.py").write_text("raise SystemExit(3)")
    monkeypatch.setattr(scan, "_CHILD", tmp_path / "child.py")
    with refused_as("photo.unreadable"):
        read_codes(photograph())


def test_without_the_reader_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MingzhangError) as caught:
        read_codes(b"")
    assert isinstance(caught.value, Unavailable)
    assert caught.value.rule == "photo.no_reader"


class Piped:
    """Standard input or output, as the child sees it."""

    def __init__(self, data: bytes = b"") -> None:
        self.buffer = io.BytesIO(data)


def said(data: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as here:
        here.setattr(scan_child, "confine", lambda: None)
        here.setattr("sys.stdin", Piped(data))
        out = Piped()
        here.setattr("sys.stdout", out)
        scan_child.main()
    return json.loads(out.buffer.getvalue())


def test_what_the_child_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(b"", monkeypatch) == {"refused": "photo.unreadable", "value": "UnidentifiedImageError"}
    answer = said(photograph(), monkeypatch)
    assert isinstance(answer, dict)
    assert len(answer["codes"]) == 1

    def exhausted(_data: bytes) -> list[str]:
        raise MemoryError

    monkeypatch.setattr(scan_child, "codes", exhausted)
    assert said(b"", monkeypatch) == {"refused": "photo.too_large", "value": "memory"}
