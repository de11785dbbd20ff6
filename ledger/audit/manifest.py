"""``manifest.json``: what a bundle consists of, so that a damaged, missing or slipped-in file is named at once.

Canonical JSON, files ascending by path, itself left out::

    {"files": [{"path": "checkpoint", "sha256": hex, "size": bytes}, …], "manifest": 1}

>>> encode_manifest([File.of("checkpoint", b"abc")])[:40]
b'{"files":[{"path":"checkpoint","sha256":'
>>> [(file.path, file.size) for file in parse_manifest(encode_manifest([File.of("checkpoint", b"abc")]))]
[('checkpoint', 3)]

It is signed by nobody: whoever changes a file can change it too. Against a forger the other checks stand; against a bad
disk and a forgotten file this one is quicker and names the place.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger import canonical
from ledger.audit.evidence import Evidence
from ledger.audit.findings import Findings, Place
from ledger.errors import Malformed, NotFound
from ledger.log.source import MAX_FILES, check_path

MANIFEST: Final = "manifest.json"
_HEX64: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle."""

    path: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: str, data: bytes) -> "File":
        """The line of a file with these bytes."""
        return cls(path, len(data), hashlib.sha256(data).hexdigest())


def encode_manifest(files: Iterable[File]) -> bytes:
    """The manifest's bytes."""
    rows = [{"path": f.path, "size": f.size, "sha256": f.sha256} for f in sorted(files, key=lambda f: f.path)]
    return canonical.encode({"manifest": 1, "files": rows})


def parse_manifest(data: bytes) -> tuple[File, ...]:
    """Read a manifest strictly. Raises Malformed ``manifest.…``, ``canonical.…``, ``source.name``."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or value.keys() != {"manifest", "files"} or not isinstance(value["files"], list):
        raise Malformed("manifest.fields", None, "manifest and files")
    if value["manifest"] != 1 or value["manifest"] is True:
        raise Malformed("manifest.version", value["manifest"], 1)
    if len(value["files"]) > MAX_FILES:
        raise Malformed("manifest.files", len(value["files"]), f"at most {MAX_FILES}")
    files = tuple(map(_file, value["files"]))
    if any(a.path >= b.path for a, b in pairwise(files)):
        raise Malformed("manifest.order", None, "files ascending by path, each once")
    return files


def check_manifest(evidence: Evidence, findings: Findings) -> None:
    """Compare every file with the manifest, and the manifest with the files."""
    data = evidence.find(MANIFEST)
    if data is None:
        findings.add("manifest.missing", Place(MANIFEST))
        return
    try:
        listed = parse_manifest(data)
    except Malformed as error:
        findings.refuse("manifest.malformed", Place(MANIFEST, offset=_offset(error)), error)
        return
    for file in listed:
        try:
            found = File.of(file.path, evidence.attachment(file.path))
        except NotFound:
            findings.add("file.missing", Place(file.path))
            continue
        findings.counts["files"] += 1
        findings.counts["bytes"] += found.size
        if found != file:
            findings.add(
                "file.differs",
                Place(file.path),
                size=found.size,
                listed_size=file.size,
                sha256=found.sha256,
                listed=file.sha256,
            )
    for name in sorted(set(evidence.names()) - {file.path for file in listed} - {MANIFEST}):
        findings.add("file.unlisted", Place(name))


def _file(value: Any) -> File:
    if not isinstance(value, dict) or value.keys() != {"path", "size", "sha256"}:
        raise Malformed("manifest.file", None, "path, size and sha256")
    path, size, digest = value["path"], value["size"], value["sha256"]
    if not isinstance(path, str) or type(size) is not int or size < 0:
        raise Malformed("manifest.file", str(path)[:200], "a path and a size")
    if not isinstance(digest, str) or not _HEX64.fullmatch(digest):
        raise Malformed("manifest.file", str(digest)[:80], "64 hex digits")
    return File(check_path(path), size, digest)


def _offset(error: Malformed) -> int | None:
    offset = error.context.get("offset")
    return offset if isinstance(offset, int) else None
