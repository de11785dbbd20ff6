"""The other side of :mod:`ledger.paper.scan`: a process of its own that decodes one hostile photograph.

Run as a file, never imported by the reader's process outside tests: bytes on standard input, one JSON object on standard
output, ``{"codes": [text, …]}`` or ``{"refused", "value"}``. It first gives up memory, processor time and files for good, so that
a picture which asks for terabytes ends this process and nothing else. It needs the standard library, Pillow and
zxing-cpp, nothing of the ledger.
"""

import io
import json
import resource
import sys
import warnings

import zxingcpp
from PIL import Image, UnidentifiedImageError

MEMORY = 512 << 20
SECONDS = 20
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 120_000_000
SIDE = 2400
"""Pixels of the longer side that a code is looked for first; then in twice as many."""
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
MAX_CODES = 16
MAX_TEXT = 2000


class Refusal(Exception):
    """Why the photograph is not read: rule and value."""

    def __init__(self, rule: str, value: str) -> None:
        super().__init__(rule, value)
        self.rule, self.value = rule, value


def confine() -> None:
    """Give up memory, processor time and the writing of files, irrevocably for this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def codes(data: bytes) -> list[str]:
    """The texts of the QR codes in a photograph, each once."""
    for side in (SIDE, 2 * SIDE):
        picture = opened(data, side)
        found = zxingcpp.read_barcodes(picture, formats=QR_CODES)
        texts = list(dict.fromkeys(one.text[:MAX_TEXT] for one in found))
        if texts or max(picture.size) < side:
            return texts[:MAX_CODES]
    return []


def opened(data: bytes, side: int) -> Image.Image:
    """A photograph in grey, its longer side at most ``side`` pixels."""
    # The size is judged here, by the header, before anything is unpacked.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise Refusal("photo.too_large", f"{width} × {height}")
        picture.draft("L", (side, side))
        grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refusal("photo.unreadable", type(error).__name__) from None
    grey.thumbnail((side, side))
    return grey


def main() -> None:
    """Read standard input, answer on standard output; a limit met ends the process by a signal."""
    answer: dict[str, object]
    try:
        confine()
        answer = {"codes": codes(sys.stdin.buffer.read())}
    except Refusal as refusal:
        answer = {"refused": refusal.rule, "value": refusal.value}
    except MemoryError:
        answer = {"refused": "photo.too_large", "value": "memory"}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
