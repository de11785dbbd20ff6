"""Change the checks one condition at a time and see that a test notices: ``make mutants-of-checks``, or for one file

    python tests/audit/checks/mutants.py splits [dates …]

Each change is tried in a process of its own, split off from one that has loaded everything else, against the tests of its family
alone: a check whose own tests do not hold it is not held. What survives is listed with its line; survivors that mean the same, or
that nobody could tell apart, are argued in ``argued.toml``. The rest makes the run fail.
"""

import ast
import importlib
import importlib.machinery
import os
import signal
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
CHECKS: Final = ROOT / "ledger/audit/checks"
TESTS: Final = "tests/audit/checks"
LOADED: Final = (
    "hypothesis.strategies", "ledger.books", "ledger.log.snapshot", "ledger.publication.statement", "ledger.votes.certificate",
)  # fmt: skip
"""What is loaded once, before the splitting: all that tests need but the checks."""
SECONDS: Final = 120
"""After which a change that does not end counts as noticed."""
OF_OTHERS: Final = {
    "adding": ("sums",),
    "days": ("days", "postings", "publication", "receipts"),
    "motions": ("duration", "letting"),
    "owed": ("advances", "custody", "purposes"),
    "places": ("leases", "letting"),
    "series": ("numbering",),
    "wording": ("authority", "payees", "purposes", "repeated"),
}
"""Files that hold no checks of their own -> the families whose tests hold them, beside the worked examples in them."""
SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip

ARGUED: Final = Path(__file__).with_name("argued.toml")
Mutant = tuple[int, str]
"""The line, and what is done there."""


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Change ``tree`` in one place after another; it is whole again when the next is asked for. Thresholds with a name of their
    own are policy, argued where they stand: tests stand on both sides of them by that name. Types are nothing at run time.
    """
    named = {id(node.value) for node in tree.body if isinstance(node, ast.AnnAssign)}
    unread = {id(part) for node in ast.walk(tree) for said in _types(node) for part in ast.walk(said)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        match node:
            case ast.Compare(ops=ops):
                for at, old in enumerate(ops):
                    ops[at] = SWAPPED[type(old)]()  # type: ignore[call-overload]
                    yield node.lineno, f"{type(old).__name__} {at} swapped"
                    ops[at] = old
            case ast.BoolOp(op=op, values=values):
                node.op = SWAPPED[type(op)]()  # type: ignore[assignment]
                yield node.lineno, f"{type(op).__name__} swapped"
                node.op = op
                for at, old_value in enumerate(values):
                    del values[at]
                    yield node.lineno, f"operand {at} dropped"
                    values.insert(at, old_value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                node.operand = ast.UnaryOp(ast.Not(), operand)
                yield node.lineno, "not dropped"
                node.operand = operand
            case ast.comprehension(ifs=ifs):
                for at, condition in enumerate(ifs):
                    del ifs[at]
                    yield condition.lineno, f"filter {at} dropped"
                    ifs.insert(at, condition)
            case ast.BinOp(op=op) if type(op) in SWAPPED:
                node.op = SWAPPED[type(op)]()  # type: ignore[assignment]
                yield node.lineno, f"{type(op).__name__} swapped"
                node.op = op
            case ast.Constant(value=int(number)) if not isinstance(number, bool) and id(node) not in named:
                node.value = number + 1
                yield node.lineno, f"{number} raised"
                node.value = number


def _types(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case (
            ast.AnnAssign(annotation=said)
            | ast.arg(annotation=ast.expr() as said)
            | ast.FunctionDef(returns=ast.expr() as said)
        ):
            yield said


def survivors(family: str) -> Iterator[tuple[int, str, str]]:
    """What no test of a family notices: line, change, and the line's text."""
    path = CHECKS / f"{family}.py"
    source = path.read_text(encoding="utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    count = 0
    for line, change in mutants(tree):
        count += 1
        if _passes(family, ast.unparse(ast.fix_missing_locations(tree))):
            yield line, change, lines[line - 1].strip()
    print(f"{family}: {count} changes", flush=True)


def _passes(family: str, code: str) -> bool:
    """Whether the tests of a family pass with this code in its place, seen from a process that is lost afterwards."""
    child = os.fork()
    if not child:
        signal.alarm(SECONDS)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        _put(family, code)
        families = OF_OTHERS.get(family, (family,))
        tests = [f"{TESTS}/test_{name}.py" for name in families if (ROOT / TESTS / f"test_{name}.py").exists()]
        found = pytest.main(
            ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", str(CHECKS / f"{family}.py"), *tests]
        )
        os._exit(0 if found in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 1)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _put(family: str, code: str) -> None:
    name, real = f"ledger.audit.checks.{family}", importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> object:
        return compile(code, str(CHECKS / f"{family}.py"), "exec") if fullname == name else real(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


def main(families: Sequence[str]) -> int:
    """Try all changes of the families named, or of all; 1 when one survives without an argument."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.insert(0, str(ROOT))
    for module in LOADED:
        importlib.import_module(module)
    if any(name.startswith("ledger.audit.checks") for name in sys.modules):
        raise RuntimeError("the checks are loaded already: changed code would not be seen")
    every = sorted(path.stem for path in CHECKS.glob("*.py") if path.stem != "__init__")
    argued = {
        (one["family"], change, one["line"]): one["reason"]
        for one in tomllib.loads(ARGUED.read_text(encoding="utf-8")).get("argued", ())
        for change in one["changes"]
    }
    left = 0
    for family in families or every:
        began = time.monotonic()
        for line, change, text in survivors(family):
            reason = argued.get((family, change, text))
            left += reason is None
            print(f"{family}:{line}: {change}: {text}{f'  # {reason}' if reason else ''}", flush=True)
        print(f"{family}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{left} changes that no test notices and nobody argued")
    return 1 if left else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
