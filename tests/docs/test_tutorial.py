"""The tutorials, and the pages that go on from them, are typed in both languages; what they show is what is said."""

from pathlib import Path

import pytest

from tests.docs.walk import Clock, Command, File, Walker, differs, read

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    "zh": ("tutorial.zh.md", "auditor.zh.md", "owner.zh.md"),
    "en": ("tutorial.en.md", "auditor.en.md"),
}
MUST_BE_TYPED = {
    "keys", "community", "people", "units", "account", "meeting", "ballot", "withdraw", "bank", "statement", "log",
    "bundle", "proof", "verify",
}  # fmt: skip


@pytest.mark.parametrize("language", PAGES)
def test_a_reader_who_types_a_page_sees_what_it_shows(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = Walker(tmp_path, monkeypatch)
    monkeypatch.setenv("MINGZHANG_LANG", language)
    typed = {group for page in PAGES[language] for group in walk(walker, page)}
    assert typed >= MUST_BE_TYPED
    assert {path.name for path in (tmp_path / "wall").iterdir()} == {
        f"2026H1.{form}" for form in ("json", "html", "pdf", "poster.pdf")
    }


def walk(walker: Walker, page: str) -> set[str]:
    """Do all that a page says; the groups of commands that were typed."""
    typed = set()
    steps = list(read((DOCS / page).read_text("utf-8")))
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        match step:
            case File():
                walker.write(step)
            case Clock():
                assert step.time > walker.time, "nobody goes back in time"
                walker.time = step.time
            case Command():
                answer = walker.type(step)
                asked = isinstance(after, Command) and after.line == "echo $?"
                where = f"{page}:{step.number}: {step.line}\n{answer}"
                assert walker.ended == 0 or asked or step.line == "echo $?", where
                assert not step.shown or not differs(step.shown, answer), f"{differs(step.shown, answer)!r} in {where}"
                typed.add(step.line.split()[1])
    return typed


@pytest.mark.parametrize("number", range(2))
def test_both_languages_take_the_same_steps(number: int) -> None:
    def outline(page: str) -> list[object]:
        steps = read((DOCS / page).read_text("utf-8"))
        return [step if isinstance(step, Clock) else said_in_any_language(step) for step in steps]

    assert outline(PAGES["zh"][number]) == outline(PAGES["en"][number])


def said_in_any_language(step: Command | File) -> str:
    """A step without what is said in one language or the other."""
    if isinstance(step, File):
        return step.name
    words = step.line.split()
    return " ".join(words[:3]) if words[0] == "mingzhang" else step.line.partition("=")[0]


@pytest.mark.parametrize(
    ("shown", "answer", "wrong"),
    [
        (("seq 1", "record …"), "seq     1\nrecord  ab\n", ""),
        (("seq 1",), "seq 1\nrecord ab\n", "(more was said than is shown)"),
        (("seq 1", "…"), "seq 1\nrecord ab\n", ""),
        (("…", "units 6", "first 3"), "units 6\nrows 6\nunits 6\nfirst 3\n", ""),
        (("…", "units 6", "first 4"), "units 6\nrows 6\nunits 6\nfirst 3\n", "first 4"),
        (("a", "c"), "a\nb\nc\n", "c"),
        (("a.c",), "abc\n", "a.c"),
    ],
)
def test_what_is_shown_is_compared_line_by_line(shown: tuple[str, ...], answer: str, wrong: str) -> None:
    assert differs(shown, answer) == wrong


def test_a_tutorial_is_read_as_people_read_it() -> None:
    text = (
        "<!-- clock 2026-01-05T09:00:00+08:00 -->\n```csv a.csv\nx,y\n1,2\n```\n"
        "```console\n$ mingzhang units import a.csv \\\n    --as li\nunits 1\n$ echo $?\n0\n```\n```sh\nls\n```\n"
    )
    clock, file, command, asked = read(text)
    assert clock == Clock(1767574800000)
    assert file == File("a.csv", "x,y\n1,2\n")
    assert command == Command("mingzhang units import a.csv --as li", ("units 1",), 7)
    assert asked == Command("echo $?", ("0",), 10)
