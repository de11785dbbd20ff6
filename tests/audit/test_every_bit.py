"""Every bit of every file of a small bundle, changed; every file cut short: found, and the place named.

Two ways. *As a bad disk does it*: the manifest names the file. *As a forger does it*, who makes the manifest fit again:
then the evidence itself must tell. Two files hold what nobody signed beyond the log's keys: the names and addresses of
witnesses in ``policy.txt`` are the keeper's own words, so there a forger's change may stand; it never lends trust, since
who needs witnesses brings a policy.

The default suite takes a sample that a seed moves through the files; ``-m slow`` takes every bit.
"""

import random
from collections.abc import Iterator

import pytest

from ledger.audit import Report
from ledger.audit.evidence import Evidence
from ledger.audit.findings import Findings
from ledger.audit.manifest import MANIFEST, check_manifest
from tests.audit.specimen import InMemory, check, remade, small

FILES = ["checkpoint", "policy.txt", "statements/2026H1.json", "tile/0/000.p/10", "tile/entries/000.p/10", "vkeys.txt"]
EVIDENCE = [path for path in FILES if path != "policy.txt"]
SAMPLE = 60
PARTS = 64
"""The sweep over every bit is cut so that one test takes a minute or less."""


def flipped(data: bytes, bit: int) -> bytes:
    """The data with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def sample(path: str, bits: int, size: int) -> list[int]:
    """Bits of a file, the same each time, spread over all of it."""
    chance = random.Random(path)  # a sample, not a secret
    step = max(1, bits // size)
    return [min(bits - 1, start + chance.randrange(step)) for start in range(0, bits, step)]


def names_the_place(report: Report, path: str) -> bool:
    """Whether a finding says ``differs`` about this file, or about an entry that lies in it."""
    return any(
        finding.severity == "differs"
        and (path in str(finding.where) or (path.startswith("tile/") and finding.where.entry is not None))
        for finding in report.findings
    )


def test_the_files_are_these():
    assert sorted(small().files) == sorted([*FILES, MANIFEST])
    assert sum(len(data) for data in small().files.values()) < 40_000


def by_manifest(path: str, bits: Iterator[int] | list[int]) -> Iterator[int]:
    """The bits whose change the manifest does not tell, with the file named."""
    for bit in bits:
        findings = Findings()
        files = dict(small().files) | {path: flipped(small().files[path], bit)}
        check_manifest(Evidence(InMemory(files), findings), findings)
        told = [str(finding.where).split("@")[0] for finding in findings.found]
        # A changed manifest is malformed, or names a file that is not there or not so.
        if not told or (path != MANIFEST and path not in told):
            yield bit


@pytest.mark.uncounted
@pytest.mark.parametrize("path", [*FILES, MANIFEST])
def test_a_bad_disk_is_told_by_the_manifest(path: str):
    bits = len(small().files[path]) * 8
    assert list(by_manifest(path, sample(path, bits, 1_000))) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", [*FILES, MANIFEST])
def test_every_bit_of_a_bad_disk_is_told_by_the_manifest(path: str):
    assert list(by_manifest(path, list(range(len(small().files[path]) * 8)))) == []


def unnoticed(path: str, bits: list[int]) -> Iterator[int]:
    """The bits whose change a forger with a fitting manifest gets past a reader with keys from elsewhere."""
    for bit in bits:
        files = remade(dict(small().files) | {path: flipped(small().files[path], bit)})
        report = check(files, small().outside)
        if report.verdict != "differs" or not names_the_place(report, path):
            yield bit


@pytest.mark.parametrize("path", EVIDENCE)
@pytest.mark.uncounted
def test_a_changed_bit_is_found_in_the_evidence_itself(path: str):
    assert list(unnoticed(path, sample(path, len(small().files[path]) * 8, SAMPLE))) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("path", EVIDENCE)
def test_every_bit_changed_is_found_in_the_evidence_itself(path: str, part: int):
    bits = list(range(len(small().files[path]) * 8))
    assert list(unnoticed(path, bits[part::PARTS])) == []


@pytest.mark.uncounted
@pytest.mark.parametrize("path", EVIDENCE)
def test_a_changed_bit_is_found_with_the_bundles_own_keys_too(path: str):
    """But for what only an outside key can tell, a bundle contradicts itself."""
    for bit in sample(path, len(small().files[path]) * 8, 40):
        files = remade(dict(small().files) | {path: flipped(small().files[path], bit)})
        assert check(files).verdict == "differs", bit


@pytest.mark.uncounted
def test_what_a_policy_says_of_the_logs_keys_is_compared():
    """Names and addresses of witnesses aside, a changed bit of the policy is a key that does not fit."""
    data = small().files["policy.txt"]
    end = data.index(b"witness ") * 8
    for bit in sample("policy.txt", end, 60):
        files = remade(dict(small().files) | {"policy.txt": flipped(data, bit)})
        assert check(files, small().outside).verdict == "differs", bit


def cuts(size: int) -> list[int]:
    """Lengths that a file may be cut to."""
    return sorted({0, 1, 2, *range(0, size, max(1, size // 12)), size - 33, size - 2, size - 1} - {size})


@pytest.mark.uncounted
@pytest.mark.parametrize("path", [*FILES, MANIFEST])
def test_a_file_cut_short_is_found(path: str):
    for length in cuts(len(small().files[path])):
        if length < 0:
            continue
        files = dict(small().files) | {path: small().files[path][:length]}
        assert path in {str(finding.where).split("@")[0] for finding in check(files, small().outside).findings}, length
        if path not in (MANIFEST, "policy.txt"):
            report = check(remade(files), small().outside)
            assert report.verdict == "differs", length
            assert names_the_place(report, path), length


@pytest.mark.slow
@pytest.mark.parametrize("path", EVIDENCE)
def test_every_cut_is_found(path: str):
    for length in range(len(small().files[path])):
        kept = small().files[path][:length]
        report = check(remade(dict(small().files) | {path: kept}), small().outside)
        if path == "checkpoint" and kept == small().files[path].rpartition(b"\n\xe2")[0] + b"\n":
            # Just the witness's line is gone: nothing contradicts, and what the reader asks for is not there.
            assert report.verdict == "cannot_be_checked"
            assert [(f.code, f.where.path) for f in report.findings] == [("witness.quorum", "checkpoint")]
            continue
        assert report.verdict == "differs", length
        assert names_the_place(report, path), length


@pytest.mark.parametrize("path", EVIDENCE)
def test_a_file_with_more_behind_it_is_found(path: str):
    for more in (b"\n", b"\x00", b"{}", small().files[path]):
        report = check(remade(dict(small().files) | {path: small().files[path] + more}), small().outside)
        assert report.verdict == "differs"
        assert names_the_place(report, path)
