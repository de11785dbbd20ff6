"""The photograph of a board in the example: drawn here from the poster that hangs there, since nobody can photograph an invented wall.

It has to be drawn again when anything in the year before the sighting changes, for the poster's code then is another
(``test_the_photograph_shows_the_statement_that_hung`` says so)::

    mingzhang demo --build FOLDER && python tests/example/board.py FOLDER

Poppler's ``pdftoppm`` and Pillow draw it.
"""

import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

TARGET = Path(__file__).resolve().parents[2] / "ledger" / "example" / "data" / "photographs" / "board.jpg"
WALL, FRAME, CORK, SHADOW = (206, 202, 192), (92, 66, 44), (176, 138, 92), (120, 92, 60)
SIZE = (1200, 1500)
POSTER_WIDTH = 820
TILT = 1.6
QUALITY = 62


def draw(poster: Image.Image) -> Image.Image:
    """A poster on a cork board in a frame, a little askew."""
    photograph = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(photograph)
    pen.rectangle((70, 70, SIZE[0] - 70, SIZE[1] - 70), fill=FRAME)
    pen.rectangle((105, 105, SIZE[0] - 105, SIZE[1] - 105), fill=CORK)
    sheet = poster.convert("RGB").resize(
        (POSTER_WIDTH, POSTER_WIDTH * poster.height // poster.width), Image.Resampling.LANCZOS
    )
    askew = sheet.rotate(TILT, expand=True, fillcolor=CORK, resample=Image.Resampling.BICUBIC)
    corner = ((SIZE[0] - askew.width) // 2, (SIZE[1] - askew.height) // 2)
    shade = Image.new("L", sheet.size, 255).rotate(TILT, expand=True)
    photograph.paste(SHADOW, (corner[0] + 8, corner[1] + 10), shade)
    photograph.paste(askew, corner, shade)
    for x in (corner[0] + 60, corner[0] + askew.width - 60):
        pen.ellipse((x - 9, corner[1] + 22, x + 9, corner[1] + 40), fill=(178, 34, 34))
    return photograph.filter(ImageFilter.GaussianBlur(0.6))


def main(folder: Path) -> None:
    """Draw the first page of the poster of 2018H2 that lies in a built example."""
    page = ["pdftoppm", "-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile"]
    target = folder / "board"
    subprocess.run([*page, str(folder / "statements" / "2018H2.poster.pdf"), str(target)], check=True)
    draw(Image.open(target.with_suffix(".png"))).save(TARGET, quality=QUALITY, optimize=True)
    target.with_suffix(".png").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
