"""What holds for every ES module that the service hands out, none of which ruff or mypy reads."""

import re
from pathlib import Path

import pytest

from tests.check.node import MODULES, node

STATIC = MODULES.parent
SCRIPTS = sorted(STATIC.rglob("*.js"))

# Newer than what WeChat's browser understands (Safari 14, an old Chromium). Each would be a page that does nothing there.
TOO_NEW = {
    "private members": r"(?:this|\bin)\.?\s*#\w|^\s+#\w+\s*[(=;]",
    "fields of classes": r"^(?:export )?class [^{]*\{\n(?:(?!\}).*\n)*?  (?:static )?\w+ = ",
    "logical assignment": r"\|\|=|&&=|\?\?=",
    "numeric separators": r"\b\d+_\d",
    "await at the top": r"^(?:const .* = )?await ",
    "new methods": r"\.(?:at|findLast|findLastIndex|replaceAll|groupBy|hasOwn|toSorted|toReversed|isWellFormed|fromAsync)\(",
    "64-bit views": r"BigInt64|BigUint64",
}
# Text that becomes code, and code from another house.
DANGEROUS = {
    "eval": r"\beval\b",
    "Function": r"\bFunction\s*\(",
    "text as a timer": r"set(?:Timeout|Interval)\(\s*[\"'`]",
    "import of what is computed": r"\bimport\s*\((?!\s*[\"']\./)",
    "import from elsewhere": r"\b(?:from|import)\s*[\"'](?!\.\.?/)",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(STATIC)))
def test_a_script_parses_says_what_it_is_and_makes_no_code_of_text(path: Path) -> None:
    source = path.read_text("utf-8")
    run = node("--check", path)
    assert run.returncode == 0, run.stderr
    assert re.match(r"(?:// @ts-check\n)?(?:/\*|//(?! @ts-check))", source), (
        "begins with a comment that says what it is"
    )
    code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", source, flags=re.S | re.M)
    found = [name for name, pattern in (TOO_NEW | DANGEROUS).items() if re.search(pattern, code, re.M)]
    assert found == []


@pytest.mark.parametrize("path", sorted(MODULES.glob("*.js")), ids=lambda path: path.name)
def test_a_checking_module_imports_its_neighbours_only(path: Path) -> None:
    """It runs in a page, in a worker, in Node, and from a bundle on a stick: nothing of a page may be in it."""
    source = path.read_text("utf-8")
    for target in re.findall(r"^(?:import|export)\b[^;]*?from \"([^\"]+)\";", source, re.M):
        assert re.fullmatch(r"\./[a-z0-9_]+\.js", target)
        assert (MODULES / target).is_file()
    assert not re.search(r"\b(?:(?:document(?!\.entered/)|window|localStorage|navigator)\.|fetch\()", source)
    assert len(source.splitlines()) <= 400


def test_there_are_scripts() -> None:
    assert {"bytes.js", "canonical.js", "ed25519.js", "sha2.js"} <= {path.name for path in SCRIPTS}


@pytest.mark.parametrize(
    "line",
    ["eval(x)", "new Function('x')", "setTimeout('x')", "import(where)", 'import x from "https://a.example/x.js";'],
)
def test_what_is_dangerous_is_found(line: str) -> None:
    assert any(re.search(pattern, line) for pattern in DANGEROUS.values())


@pytest.mark.parametrize(
    "line",
    [
        "x.at(-1)",
        "  #secret() {",
        "this.#x = 1",
        "a ??= 1",
        "1_000",
        "await x",
        "class A {\n  count = 0;\n}",
        "view.getBigUint64(0)",
    ],
)
def test_what_is_too_new_is_found(line: str) -> None:
    assert any(re.search(pattern, line, re.M) for pattern in TOO_NEW.values())
