"""What is shipped and committed: requirements that are met, a wheel with its data, nothing of the maker's machine.

pip installs the locks with ``--no-deps`` and so resolves nothing: whether the locks are complete is asked here.
"""

import ast
import functools
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

# merkletools asks for pysha3, which no longer builds; it imports without it, and SHA-256 is hashlib's.
NEVER_INSTALLED = {"pysha3"}

# The rooms that a stranger runs when he verifies a bundle: `audit` and all below it.
VERIFIER = [
    *("audit", "books", "publication", "accounts", "votes", "people", "rules", "log", "signatures"),
    *("canonical", "errors", "money", "period", "words"),
]
IMPORTED_AS = {"pynacl": "nacl", "rpds-py": "rpds"}


# --- requirements ----------------------------------------------------------------------------------------------------


def _group(name: str) -> Iterator[str]:
    for item in PROJECT["dependency-groups"][name]:
        if isinstance(item, str):
            yield item
        else:
            yield from _group(item["include-group"])


def _unmet(requirement: Requirement, extra: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    """Everything below ``requirement`` that is missing or of a wrong version."""
    environment = cast(dict[str, str], default_environment()) | {"extra": extra}
    name = canonicalize_name(requirement.name)
    if name in NEVER_INSTALLED or (requirement.marker and not requirement.marker.evaluate(environment)):
        return
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        yield f"{requirement}: not installed"
        return
    if not requirement.specifier.contains(distribution.version, prereleases=True):
        yield f"{requirement}: {distribution.version} is installed"
    for wanted in {"", *requirement.extras}:
        if (name, wanted) not in seen:
            seen.add((name, wanted))
            for below in distribution.requires or []:
                yield from _unmet(Requirement(below), wanted, seen)


@pytest.mark.parametrize("extra", ["", *PROJECT["project"]["optional-dependencies"]])
def test_what_the_metadata_asks_for_is_installed(extra: str):
    wanted = Requirement(f"mingzhang[{extra}]" if extra else "mingzhang")
    assert list(_unmet(wanted, "", set())) == []


def test_what_the_groups_ask_for_is_installed():
    assert [fault for text in _group("dev") for fault in _unmet(Requirement(text), "", set())] == []


def test_a_missing_or_old_requirement_is_noticed():
    assert list(_unmet(Requirement("a-distribution-nobody-has"), "", set()))
    assert list(_unmet(Requirement("pytest<1"), "", set()))


def _asked(texts: Iterable[str], extra: str = "") -> Iterator[tuple[str, str, str]]:
    """(extra, distribution, versions) of each requirement; our own extras are resolved into what they stand for."""
    for text in texts:
        requirement = Requirement(text)
        if requirement.name == "mingzhang":
            for other in requirement.extras:
                yield from _asked(PROJECT["project"]["optional-dependencies"][other], extra)
        else:
            named = re.search(r"extra == ['\"](\w+)['\"]", str(requirement.marker))
            yield named[1] if named else extra, canonicalize_name(requirement.name), str(requirement.specifier)


def test_the_installed_metadata_is_that_of_the_project_file():
    declared = set(_asked(PROJECT["project"]["dependencies"]))
    for extra, texts in PROJECT["project"]["optional-dependencies"].items():
        declared |= set(_asked(texts, extra))
    assert set(_asked(importlib.metadata.requires("mingzhang") or [])) == declared


def test_both_locks_hold_the_project_and_the_larger_holds_the_smaller():
    run, dev = (_pinned(name) for name in LOCKS)
    assert run.items() <= dev.items()
    wanted = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    wanted += [Requirement(text) for texts in PROJECT["project"]["optional-dependencies"].values() for text in texts]
    wanted += [Requirement(text) for group in ("second-opinion", "build") for text in _group(group)]
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        if name != "mingzhang":
            assert requirement.specifier.contains(run[name]), requirement
    for requirement in map(Requirement, _group("dev")):
        assert requirement.specifier.contains(dev[canonicalize_name(requirement.name)]), requirement


def _pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ;\n]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_names_no_address(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-|--)(?!-hash)[a-z]", text.replace("    --hash=", ""), flags=re.MULTILINE)
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


# --- the verifier ----------------------------------------------------------------------------------------------------


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def test_audit_and_all_below_it_import_the_base_dependencies_only():
    base = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    # pydantic_core is pydantic's own half; merkletools is asked where it is installed (the contract names the room).
    allowed = {IMPORTED_AS.get(name, name) for name in base} | {"ledger", "pydantic_core", "merkletools"}
    allowed |= set(sys.stdlib_module_names)
    seen, foreign = 0, []
    for room in VERIFIER:
        for path in [ROOT / "ledger" / f"{room}.py", *(ROOT / "ledger" / room).rglob("*.py")]:
            if path.is_file():
                seen += 1
                foreign += [f"{path.relative_to(ROOT)}: {name}" for name in _imports(path) if name not in allowed]
    assert seen
    assert foreign == []


# --- the wheel -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_every_file_of_both_packages_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    committed = {name for name in _files() if name.startswith(("ledger/", "api/"))}
    # Compared both ways among what git knows: a colleague's file of this minute is no fault of the wheel.
    assert committed - held == set()
    assert {name for name in held if not name.startswith(("ledger/", "api/"))} == set()
    assert "ledger/errors.py" in held


def test_the_wheel_carries_licence_and_command(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        (commands,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        assert b"Apache License" in archive.read(licence)
        assert "mingzhang = ledger.cli:main" in archive.read(commands).decode()
        assert "License-Expression: Apache-2.0" in archive.read(metadata).decode()


# --- the committed files ---------------------------------------------------------------------------------------------


@functools.cache
def _files() -> tuple[str, ...]:
    """What git has, if it is still there; a clone of another user's is read too."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(name for name in listed if name and (ROOT / name).is_file())


def _occurrences(pattern: str) -> list[str]:
    compiled = re.compile(pattern.encode(), flags=re.IGNORECASE)
    found = []
    for name in _files():
        for number, line in enumerate((ROOT / name).read_bytes().split(b"\n"), start=1):
            if compiled.search(line):
                found.append(f"{name}:{number}")
    return found


def test_git_knows_the_project():
    assert {"pyproject.toml", "Makefile", *LOCKS} <= set(_files())


def test_no_committed_file_names_a_package_registry():
    # Put together here, so that this file does not name them either.
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"))]
    hosts += [".".join(parts) for parts in (("pythonhosted", "org"), ("proxy", "golang", "org"), ("crates", "io"))]
    configured = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    listed = subprocess.run(configured, check=True, capture_output=True, text=True).stdout
    hosts += re.findall(r"https?://(?:[^/@\s']*@)?([^/:\s']+)", listed)
    hosts += re.findall(r"https?://(?:[^/@\s,]*@)?([^/:\s,]+)", os.environ.get("GOPROXY", ""))
    assert _occurrences("|".join(re.escape(host) for host in hosts)) == []


def test_no_committed_file_carries_a_path_of_a_machine():
    # The folders that Linux and macOS give to people and to passing work, and where this very clone lies.
    folders = {f"/{name}/" for name in ("work", "root", "tmp", "home", "Users")} | {f"{ROOT}/", f"{Path.home()}/"}
    assert _occurrences(r"(?<![\w.}~*-])(" + "|".join(re.escape(folder) for folder in sorted(folders)) + ")") == []


def test_no_committed_file_holds_a_private_key():
    assert _occurrences("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----") == []


def test_no_committed_folder_of_tests_is_a_package():
    assert [name for name in _files() if name.startswith("tests/") and name.endswith("__init__.py")] == []
