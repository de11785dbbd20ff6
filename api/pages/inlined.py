r"""ES modules as one plain script, for a page that is a single file.

A page opened from a stick (``file://``) may not load modules, and a policy by hashes allows only what stands in the file. So
each module becomes a function that returns what it exports, in the order in which they need one another; nothing else is
changed. Our modules keep to what this can read, which the tests hold: named imports, ``import * as``, exports where they
are declared, ``export { … } from``, no circles, no default exports.

>>> files = {"a.js": "export const one = 1;\n", "b.js": 'import { one as n } from "./a.js";\nalert(n);\n'}
>>> print(inlined("b.js", files), end="")
"use strict";
const $a = (() => {
const one = 1;
return { one };
})();
const $b = (() => {
const { one: n } = $a;
alert(n);
return {  };
})();
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

_IMPORT: Final = re.compile(r'^import\s+(\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+"([^"]+)";$', re.M)
_PASSED_ON: Final = re.compile(r'^export\s+(\{[^}]*\})\s+from\s+"([^"]+)";$', re.M)
_DECLARED: Final = re.compile(r"^export\s+((?:async\s+)?(?:const|let|function|class)\*?\s+(\w+))", re.M)
_LEFT: Final = re.compile(r"^\s*(?:import|export)\b.*$", re.M)
_NAME: Final = re.compile(r"\W")


def inlined(entry: str, files: Mapping[str, str]) -> str:
    """The script that does what the module ``entry`` does. Raises ValueError for what cannot be put into one script."""
    return '"use strict";\n' + "".join(_function(path, files[path]) for path in in_order(entry, files))


def in_order(entry: str, files: Mapping[str, str]) -> list[str]:
    """The modules that ``entry`` needs, each behind those that it needs itself. Raises ValueError for a circle."""
    found: list[str] = []
    open_: list[str] = []

    def visit(path: str) -> None:
        if path in open_:
            raise ValueError(f"{path} needs itself by way of {open_}")
        if path in found:
            return
        open_.append(path)
        for needed in _needs(path, files[path]):
            visit(needed)
        found.append(open_.pop())

    visit(entry)
    return found


def _needs(path: str, source: str) -> Iterator[str]:
    for pattern in (_IMPORT, _PASSED_ON):
        for match in pattern.finditer(source):
            yield _beside(path, match[2])


def _beside(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _variable(path: str) -> str:
    return "$" + _NAME.sub("_", path.removesuffix(".js"))


def _function(path: str, source: str) -> str:
    given: list[str] = []

    def imported(match: re.Match[str]) -> str:
        names, module = match[1], _variable(_beside(path, match[2]))
        if names.startswith("*"):
            return f"const {names.split()[-1]} = {module};"
        return f"const {_renamed(names)} = {module};"

    def passed_on(match: re.Match[str]) -> str:
        module = _variable(_beside(path, match[2]))
        given.extend(f"{name}: {module}.{name}" for name in re.findall(r"\w+", match[1]))
        return ""

    def declared(match: re.Match[str]) -> str:
        given.append(match[2])
        return match[1]

    body = _DECLARED.sub(declared, _PASSED_ON.sub(passed_on, _IMPORT.sub(imported, source)))
    left = _LEFT.search(re.sub(r"/\*.*?\*/", "", body, flags=re.S))
    if left is not None:
        raise ValueError(f"{path}: {left[0].strip()}")
    return f"const {_variable(path)} = (() => {{\n{body.strip()}\nreturn {{ {', '.join(given)} }};\n}})();\n"


def _renamed(names: str) -> str:
    """``{ a, b as c }`` as a pattern that takes an object apart."""
    parts = [part.strip() for part in names.strip("{} \n").split(",") if part.strip()]
    return "{ " + ", ".join(": ".join(re.split(r"\s+as\s+", part)) for part in parts) + " }"
