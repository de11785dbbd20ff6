"""Everything that can be checked of a published ledger, over any source: a folder, an archive, a server, a database.

Two passes over the entries. The first knows bytes only: manifest, entry bundles, leaf hashes, tiles, root. Then the head
is opened under the keys that the reader brought, or else under those that entry 0 names. The second pass reads each
entry strictly, follows the chain, has every signature checked beside it, applies every rule, and draws up every
published statement again. What is compared where:

=========================  =========================================================================================
manifest                   every file's length and SHA-256; none unlisted, none missing
checkpoint                 both keys of the log, the policy's witnesses, no line of a key nobody knows, its times
tiles, root                all hashes from the entries' own bytes; also at heads that the reader knows
entries                    canonical form, number, link, time, every signature, every rule by replay
statements                 recomputed to the byte, added up from their lines; roots by a second opinion
audit reports              drawn up again at their prefixes, where they were made with these checks
trust                      genesis digest, log keys, registrar, heads, as far as the reader knows them
=========================  =========================================================================================

Nothing ends a check but its end: whatever is wrong is a finding with its place, and what could not be checked any more
is one too. ``verify`` raises nothing for anything that a source may hold.

    report = verify(DirectorySource(Path("bundle")), Trust(genesis="9f0c…"))
    report.verdict, [str(finding.where) for finding in report.findings]
"""

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ledger.audit import secondopinion
from ledger.audit.brought import Genesis, read_genesis
from ledger.audit.chain import Chain
from ledger.audit.evidence import Evidence
from ledger.audit.findings import FAULTS, Findings, KeyUsed, Place, Report
from ledger.audit.following import Followed
from ledger.audit.heads import CHECKPOINT, Head, check_key_files, check_times, open_head, read_head, read_vkeys
from ledger.audit.manifest import check_manifest
from ledger.audit.published import Said
from ledger.audit.replay import IndexPast, Replay, entry_reader
from ledger.audit.reported import ReportChecks
from ledger.audit.secondopinion import SecondOpinion
from ledger.audit.signed import Keys, SignatureChecks
from ledger.audit.standing import Standing
from ledger.audit.statements import StatementChecks
from ledger.audit.texts import check_texts
from ledger.audit.tree import Leaves, Progress, bundle_at, read_bundle, read_tree, size_by_names
from ledger.audit.trust import Trust
from ledger.books import MACHINE, Books
from ledger.errors import MingzhangError, Refused
from ledger.log.entry import Entry, parse_entry
from ledger.log.merkle import leaf_hash
from ledger.log.note import VerifierKey
from ledger.log.source import Source
from ledger.log.tiles import WIDTH
from ledger.people.state import REGISTRAR
from ledger.period import format_time

T = TypeVar("T")

UNKNOWN = frozenset({"kind.unknown", "machine.unknown"})
"""Rules that say "newer than this program", not "wrong"."""


Follow = Callable[[Books, Entry, tuple[object, ...]], None]
"""Told of each entry that was applied: the books right after it, the entry, the facts that followed."""
Ended = Callable[[Standing, Sequence[Mapping[str, Any]]], None]
"""Told at the end: where the second pass stands, and the published statements as it drew them up, in order, if they were asked for."""


def verify(
    source: Source,
    trust: Trust | None = None,
    progress: Progress | None = None,
    *,
    bundle: bool = True,
    follow: Follow | None = None,
    ended: Ended | None = None,
    statements: bool = False,
    begun: Standing | None = None,
    shared: Followed | None = None,
) -> Report:
    """Check a published ledger. ``bundle`` false: a bare log, as a server or a database gives it, without files beside.
    ``follow`` rides along the one replay, ``ended`` is told where it ended, with all ``statements`` if they are wanted: they
    have every line that was ever booked. ``begun``: where an earlier run over this log ended in which nothing was wrong; this
    one goes on there, and raises as :meth:`.Standing.check` if it is not this log. ``shared``: what ``follow`` gathers, where
    that is all that an audit report needs.
    """
    riding = (follow, ended, statements, begun, shared)
    return _Verification(source, trust or Trust(), progress or _silent, bundle, *riding).run()


def _silent(_step: str, _done: int, _whole: int) -> None:
    pass


class _Verification:
    def __init__(
        self,
        source: Source,
        trust: Trust,
        progress: Progress,
        bundle: bool,
        follow: Follow | None = None,
        ended: Ended | None = None,
        statements: bool = False,
        begun: Standing | None = None,
        shared: Followed | None = None,
    ) -> None:
        self._findings = Findings()
        self._evidence = Evidence(source, self._findings)
        self._trust = trust
        self._progress = progress
        self._bundle = bundle
        self._follow = follow
        self._ended = ended
        self._drawn: list[Mapping[str, Any]] = []
        self._keep = self._drawn.append if statements else None
        self._begun = begun
        self._shared = shared
        self._books = Books()
        self._chain = Chain(self._findings)
        self._said = Said() if begun is None else begun.said

    def run(self) -> Report:
        findings, trust = self._findings, self._trust
        findings.versions |= {"machine": MACHINE, "python": platform.python_version()}
        merkletools = secondopinion.version()
        if merkletools is None:
            findings.add("second.absent")
        else:
            findings.versions["merkletools"] = merkletools
        if not trust.establishes_origin:
            findings.add("trust.self")
        if self._bundle:
            self._progress("files", 0, 1)
            self._guard("manifest.json", lambda: check_manifest(self._evidence, findings))
            self._progress("files", 1, 1)
        head = self._guard(CHECKPOINT, lambda: read_head(self._evidence, findings))
        size = size_by_names(self._evidence) if head is None else head.claimed.size
        root = None if head is None else head.claimed.root
        if size == 0:
            findings.add("log.empty", Place(CHECKPOINT))
        tree = self._guard("tile", lambda: read_tree(self._evidence, size, root, findings, self._progress))
        leaves = tree or Leaves(complete=False)
        if self._begun is not None:
            self._begun.check(leaves)
        genesis, own = self._read_genesis(leaves)
        ledger = findings.subject.get("ledger")
        if trust.genesis is not None and ledger != trust.genesis:
            findings.add("trust.genesis", Place(entry=0), value=ledger, accepted=trust.genesis)
        if genesis is not None and genesis.predecessor:
            findings.subject["predecessor"] = genesis.predecessor
        if head is not None:
            findings.subject |= {"origin": head.claimed.origin, "size": size, "root": head.claimed.root.hex()}
        opened = self._guard(CHECKPOINT, lambda: self._open(head, genesis, own))
        self._check_known_heads(head, leaves, size)
        self._guard("tile/entries", lambda: self._replay(leaves, size))
        self._guard(CHECKPOINT, lambda: self._check_end(opened, leaves))
        return findings.report()

    def _guard(self, path: str, check: Callable[[], T]) -> T | None:
        """The result of a check; should it end in an error that it does not know, that is said and the next one begins."""
        try:
            return check()
        except (MingzhangError, *FAULTS) as error:
            self._findings.fail(Place(path), error)
            return None

    def _open(self, head: Head | None, genesis: Genesis | None, own: tuple[VerifierKey, ...]) -> Head | None:
        policy = check_key_files(self._evidence, own, self._findings) if self._bundle else None
        if head is None:
            return None
        opened = open_head(head, own, policy, self._trust, self._findings)
        origin = head.claimed.origin
        if genesis and origin != genesis.origin and not self._findings.seen("head.origin"):
            self._findings.add("head.origin", Place(CHECKPOINT), value=origin, accepted=genesis.origin)
        return opened

    def _read_genesis(self, leaves: Leaves) -> tuple[Genesis | None, tuple[VerifierKey, ...]]:
        """Entry 0, and the log's keys that it names. What is wrong with it otherwise, the second pass says."""
        if leaves.genesis is None:
            return None, ()
        where = Place(bundle_at(0, len(leaves.hashes)).path, offset=2, entry=0)
        try:
            record = parse_entry(leaves.genesis).record
        except (MingzhangError, *FAULTS):
            return None, ()
        # The digest is told even of a genesis that a newer program wrote.
        self._findings.subject["ledger"] = record.digest
        genesis = self._said.genesis = read_genesis(record)
        if genesis is None:
            return None, ()
        return genesis, read_vkeys(genesis.vkeys, self._findings, where, "genesis.vkeys")

    def _check_known_heads(self, head: Head | None, leaves: Leaves, size: int) -> None:
        """The log must contain every head that the reader has seen, unchanged."""
        roots = leaves.roots(head.size for head in self._trust.heads)
        for known in self._trust.heads:
            where = Place(CHECKPOINT, field=f"size {known.size}")
            if head is not None and known.origin != head.claimed.origin:
                self._findings.add("trust.unknown_log", where, value=head.claimed.origin, accepted=known.origin)
            if known.size > size:
                self._findings.add("trust.head_older", where, value=size, accepted=known.size)
            elif known.size in roots and roots[known.size] != known.root:
                self._findings.add("trust.head_forked", where, value=roots[known.size].hex(), accepted=known.root.hex())

    def _replay(self, leaves: Leaves, size: int) -> None:
        findings, stand = self._findings, self._stand(leaves, size)
        files, replay, chain = self._evidence if self._bundle else None, stand.replay, stand.chain
        self._chain, first = chain, stand.size
        statements = StatementChecks(leaves.publications, stand.opinion, findings, files, self._keep, stand.statement)
        reports = ReportChecks([claim for claim in leaves.audits if claim.seq >= first], findings, shared=self._shared)
        self._recall(stand)
        noted = len(findings.found)
        running = True
        with SignatureChecks(findings, size - first, stand.keys) as signed:
            for entries in self._read(leaves, size, first):
                signed.add(entries)
                for entry, where in entries:
                    chain.follow(entry, where)
                    self._said.take(entry, where)
                    check_texts(entry, where, findings)
                    if running:
                        running = self._step(replay, entry, where, statements, reports, stand.opinion)
                    if not running:
                        chain.remember(entry.record)
                self._progress("rules", chain.next, size)
        stand.notices = (*stand.notices, *findings.found[noted:])
        stand.counts = {name: findings.counts[name] for name in findings.counts.keys() - self._counted}
        stand.leaves, stand.statement, stand.files = leaves.hashes, statements.last, self._bundle
        self._books = replay.books
        applied = findings.counts["applied"] = replay.books.head.size
        if applied < size and not findings.seen("log.too_large"):
            findings.add("replay.stopped", Place(entry=applied), value=applied, accepted=size)
        if self._bundle:
            self._said.check_files(leaves, self._evidence, findings)
            statements.compare()
        if self._ended is not None:
            self._ended(stand, self._drawn)

    def _stand(self, leaves: Leaves, size: int) -> Standing:
        """Where the second pass begins: before the first entry, or where an earlier run ended."""
        findings, begun = self._findings, self._begun
        read = _same(entry_reader(self._evidence, size), leaves)
        if begun is None:
            past = IndexPast(read)
            parts = (Replay(past), Chain(findings, past.used), self._said, Keys(), SecondOpinion(findings))
            return Standing(findings, *parts)
        names = begun.replay.past
        if not isinstance(names, IndexPast):
            raise AssertionError(f"a standing remembers its names itself, not by {type(names).__name__}")
        names.read = read
        begun.findings = begun.opinion.findings = findings
        begun.chain = Chain.after(begun.replay.books, findings, names.used)
        self._said.checked = begun.size if begun.files else 0
        return begun

    def _recall(self, stand: Standing) -> None:
        """What an earlier run noted and counted of the entries behind it stands in this one's report too."""
        self._counted = frozenset(self._findings.counts)
        self._findings.counts.update(stand.counts)
        for finding in stand.notices:
            self._findings.add(finding.code, finding.where, **finding.context)

    def _read(self, leaves: Leaves, size: int, first: int) -> Iterator[list[tuple[Entry, Place]]]:
        """The entries from ``first`` on that the first pass could reach, a bundle at a time, those that read as entries."""
        whole = len(leaves.hashes)
        for index in range(first // WIDTH, -(-whole // WIDTH)):
            try:
                bundle = bundle_at(index, size)
                raws = read_bundle(self._evidence, bundle)
            except MingzhangError:
                return  # it was there a moment ago; `replay.stopped` says the rest
            found, offset = [], 0
            for seq, raw in enumerate(raws, index * WIDTH):
                where = Place(bundle.path, offset=offset + 2, entry=seq)
                offset += 2 + len(raw)
                if seq < first:
                    continue
                try:
                    entry = parse_entry(raw)
                    # The tree was made of what the source gave the first time; a server may give two things.
                    if entry.leaf != leaves.hashes[seq]:
                        self._findings.add("entries.changed", where)
                    found.append((entry, where))
                except MingzhangError as error:
                    self._malformed(where, error)
                except FAULTS as error:
                    self._findings.fail(where, error)
            yield found

    def _malformed(self, where: Place, error: MingzhangError) -> None:
        within = error.context.get("offset")
        if isinstance(within, int) and where.offset is not None:
            where = Place(where.path, where.offset + within, where.entry)
        self._findings.refuse("entry.unknown" if error.rule == "entry.version" else "entry.malformed", where, error)

    def _step(
        self,
        replay: Replay,
        entry: Entry,
        where: Place,
        statements: StatementChecks,
        reports: ReportChecks,
        opinion: SecondOpinion,
    ) -> bool:
        """Apply one entry; False where the replay has to stop."""
        if entry.seq != replay.books.head.size:
            return False
        statements.before(replay)
        reports.before(replay.books)
        try:
            facts = replay.apply(entry)
        except MingzhangError as error:
            code = "rule.unknown" if error.rule in UNKNOWN else "rule.refused"
            self._findings.refuse(code, where, error, kind=entry.record.kind)
            return False
        except FAULTS as error:
            self._findings.fail(where, error)
            return False
        if self._follow is not None:
            self._follow(replay.books, entry, facts)
        try:
            statements.after(entry, facts, where)
            opinion.take(entry, facts, where)
            reports.after(replay.books, entry, facts, where)
        except (MingzhangError, *FAULTS) as error:
            self._findings.fail(where, error)
        return True

    def _check_end(self, head: Head | None, leaves: Leaves) -> None:
        """What can be said only at the end: times of the head, an open batch, the registrar."""
        books, findings = self._books, self._findings
        if books.head.size:
            findings.subject |= {"name": books.name, "machine": books.machine, "time": format_time(books.head.time)}
            if books.example:
                findings.subject["example"] = 1
        if head is not None:
            check_times(head, self._chain.time, findings)
        batch = self._chain.open
        if batch is not None and leaves.complete:
            findings.add("head.in_batch", Place(CHECKPOINT), value=batch.next, accepted=batch.count)
        self._check_registrar()

    def _check_registrar(self) -> None:
        """Every registrar that the ledger ever had holds a key that the reader was told of, if he was told of any."""
        known, people = self._trust.registrar, self._books.people
        if known and not any(term.role == REGISTRAR for terms in people.terms.values() for term in terms):
            self._findings.add("trust.registrar", accepted=sorted(known))
        for person, terms in sorted(people.terms.items()):
            if not any(term.role == REGISTRAR for term in terms):
                continue
            keys = people.persons[person].keys
            source = "outside" if known.intersection(keys) else "bundle"
            self._findings.keys += [KeyUsed("registrar", person, key, source) for key in keys]  # type: ignore[arg-type]
            if known and source == "bundle":
                founding = person.startswith(f"{self._books.ledger}#")
                code = "trust.registrar" if founding else "trust.registrar_later"
                self._findings.add(code, Place(field=person), value=list(keys), accepted=sorted(known))


def _same(read: Callable[[int], bytes], leaves: Leaves) -> Callable[[int], bytes]:
    """A reader of earlier entries that gives those of the tree, or refuses."""

    def checked(seq: int) -> bytes:
        raw = read(seq)
        if leaf_hash(raw) != leaves.hashes[seq]:
            raise Refused("entries.changed", seq, "the entry that stood there before")
        return raw

    return checked
