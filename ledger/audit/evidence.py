"""Reading a source that may be damaged, or made to harm: whatever goes wrong is a finding, and the check goes on.

:class:`Evidence` is itself a :class:`~ledger.log.source.Source`. A file that is not there raises NotFound as ever, for the
caller knows whether it must be; a file that is there and cannot be read (a link, a damaged archive member, too large)
is noted as ``file.unreadable`` and is then not there. Names are asked once.
"""

from collections.abc import Callable, Sequence

from ledger.audit.findings import FAULTS, Findings, Place
from ledger.errors import MingzhangError, NotFound
from ledger.log.source import Source
from ledger.log.tiles import ENTRIES, WIDTH, Tile


class Evidence:
    """A source whose faults become findings."""

    def __init__(self, source: Source, findings: Findings) -> None:
        """``findings`` gets what cannot be read."""
        self._source = source
        self._findings = findings
        self._names: tuple[str, ...] | None = None
        self._noted: set[str] = set()

    def checkpoint(self) -> bytes:
        """See :class:`~ledger.log.source.Source`. Raises NotFound ``source.file``, as every method here."""
        return self._read("checkpoint", self._source.checkpoint)

    def tile(self, level: int, index: int, width: int | None = None) -> bytes:
        """See :class:`~ledger.log.source.Source`."""
        path = Tile(level, index, width or WIDTH).path
        return self._read(path, lambda: self._source.tile(level, index, width))

    def entries(self, index: int, width: int | None = None) -> bytes:
        """See :class:`~ledger.log.source.Source`."""
        path = Tile(ENTRIES, index, width or WIDTH).path
        return self._read(path, lambda: self._source.entries(index, width))

    def attachment(self, path: str) -> bytes:
        """See :class:`~ledger.log.source.Source`."""
        return self._read(path, lambda: self._source.attachment(path))

    def find(self, path: str) -> bytes | None:
        """A file by its path, or None."""
        try:
            return self.attachment(path)
        except NotFound:
            return None

    def names(self) -> Sequence[str]:
        """See :class:`~ledger.log.source.Source`; none if they cannot be listed, which is noted once."""
        if self._names is None:
            try:
                self._names = tuple(self._source.names())
            except MingzhangError as error:
                self._findings.refuse("file.unreadable", Place(), error)
            except FAULTS as error:
                self._findings.fail(Place(), error)
        self._names = self._names or ()
        return self._names

    def _read(self, path: str, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except NotFound:
            raise
        except MingzhangError as error:
            if path not in self._noted:
                self._findings.refuse("file.unreadable", Place(path), error)
        except FAULTS as error:
            if path not in self._noted:
                self._findings.fail(Place(path), error)
        self._noted.add(path)
        raise NotFound("source.file", path, "a file that can be read") from None
