r"""Trust policies: which logs and witnesses count, and how many must have cosigned (C2SP tlog-policy, 2026).

Guarantees: :func:`check_head` returns a checkpoint only if its origin is that of a listed log, all listed keys of that
log signed it, no known line failed, and the witnesses that cosigned it make up the quorum.

::

    log <vkey> [<url>]                       key name = origin
    witness <name> <vkey> [<url>]            types 04 and 06
    group <name> all|any|<k> <member> ...    names defined above it; a name is a member of one group at most
    quorum <name>|none                       exactly one line, of a name defined above it

Lines end in a newline, words are parted by spaces and tabs, a line whose first word begins with ``#`` is a comment
(there is none behind a word). Names are octets: they are compared, never normalised. A witness counts once, by one
name.

>>> from ledger.log.note import COSIGNATURE_ED25519, ED25519, SigningKey
>>> log = SigningKey("example.com/books", ED25519, b"\1" * 32).vkey
>>> street, school = (SigningKey(f"example.org/{n}", COSIGNATURE_ED25519, n * 16).vkey for n in (b"st", b"sc"))
>>> text = f'''# who must have seen the books
... log {log}
... witness street {street} https://example.org/street/
... witness school {school}
... group two 2 street school
... quorum two
... '''
>>> policy = parse_policy(text.encode())
>>> policy.met_by({"street"}), policy.met_by({"street", "school"})
(False, True)
>>> parse_policy(format_policy(policy)) == policy
True

Where the text leaves a choice: a log with several listed keys must have signed with each (the text is content with any
one; see :mod:`ledger.log.checkpoint` for why we are not); ``all``, ``any`` and ``none`` are no names; a policy without
``log`` lines serves only where the caller brings the log's keys.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import Checkpoint, Cosignature, open_checkpoint, parse_checkpoint
from ledger.log.note import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, Line, VerifierKey, parse_vkey, split_note

MAX_POLICY = 1_000_000

_WORDS = re.compile(r"[ \t]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,5}")
_RESERVED = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Log:
    """A listed log key, and where the log can be reached."""

    vkey: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A listed witness: its name in this policy, its key, and where it can be reached."""

    name: str
    vkey: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """``threshold`` of ``members`` (witnesses and groups defined before) make the group a witness."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy; ``quorum`` is the name of a witness or group, None for ``none``.

    Raises Malformed as :func:`parse_policy`: a policy made in code obeys the same rules.
    """

    logs: tuple[Log, ...] = ()
    witnesses: tuple[KnownWitness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str | None = None

    def __post_init__(self) -> None:
        _check_keys("log", [log.vkey for log in self.logs])
        _check_keys("witness", [witness.vkey for witness in self.witnesses])
        for witness in self.witnesses:
            if witness.vkey.type not in (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44):
                raise Malformed("policy.witness_type", witness.vkey.type, "4 or 6", name=witness.name)
        defined: set[str] = set()
        for witness in self.witnesses:
            _define(defined, witness.name)
        members: set[str] = set()
        for group in self.groups:
            if not 1 <= group.threshold <= len(group.members):
                raise Malformed("policy.threshold", group.threshold, f"1 to {len(group.members)}", name=group.name)
            _check_defined(defined, group.members)
            for member in group.members:
                if member in members:
                    raise Malformed("policy.member_twice", member, "a member of one group, once")
                members.add(member)
            _define(defined, group.name)
        if self.quorum is not None:
            _check_defined(defined, [self.quorum])

    def keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """The listed keys of the log with this origin."""
        return tuple(log.vkey for log in self.logs if log.vkey.name == origin)

    def met_by(self, cosigned: Collection[str]) -> bool:
        """Whether the witnesses of these names make up the quorum."""
        have = {witness.name for witness in self.witnesses if witness.name in cosigned}
        for group in self.groups:
            if sum(member in have for member in group.members) >= group.threshold:
                have.add(group.name)
        return self.quorum is None or self.quorum in have


@dataclass(frozen=True, slots=True)
class Trusted:
    """A head that a policy accepts: by which log keys, cosigned by whom (names in the policy), the lines of others."""

    checkpoint: Checkpoint
    log_keys: tuple[VerifierKey, ...]
    cosigned: tuple[tuple[str, Cosignature], ...]
    unknown: tuple[Line, ...]


def check_head(data: bytes, policy: Policy, log: Sequence[VerifierKey] = ()) -> Trusted:
    """Open a checkpoint under a policy; ``log`` are keys known from elsewhere, which then replace the listed ones.

    Raises as :func:`~ledger.log.checkpoint.open_checkpoint`; Refused ``policy.unknown_log``, ``policy.quorum``.
    """
    origin = parse_checkpoint(split_note(data)[0]).origin
    keys = tuple(log) or policy.keys_of(origin)
    if not keys:
        raise Refused("policy.unknown_log", origin, sorted({log.vkey.name for log in policy.logs}))
    opened = open_checkpoint(data, keys, [witness.vkey for witness in policy.witnesses])
    names = {witness.vkey: witness.name for witness in policy.witnesses}
    cosigned = tuple((names[cosignature.key], cosignature) for cosignature in opened.cosignatures)
    if not policy.met_by({name for name, _ in cosigned}):
        raise Refused("policy.quorum", [name for name, _ in cosigned], policy.quorum)
    return Trusted(opened.checkpoint, keys, cosigned, opened.unknown)


def parse_policy(data: bytes) -> Policy:
    """Read a policy.

    Raises Malformed ``policy.size``, ``policy.control``, ``policy.final_newline``, ``policy.line`` (unknown or
    incomplete), ``policy.quorum_lines``, ``policy.reserved``, ``policy.name_twice``, ``policy.unknown_name``,
    ``policy.member_twice``, ``policy.threshold``, ``policy.key_twice``, ``policy.witness_type``, and ``note.…`` for
    a vkey.
    """
    if len(data) > MAX_POLICY:
        raise Malformed("policy.size", len(data), f"at most {MAX_POLICY} bytes")
    if control := _CONTROL.search(data):
        raise Malformed("policy.control", control.start(), "no control character but tab and newline")
    if data and not data.endswith(b"\n"):
        raise Malformed("policy.final_newline", data[-40:], "a newline after the last line")
    # surrogateescape keeps octets that are not UTF-8 apart and brings them back unchanged.
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    defined: set[str] = set()
    logs: list[Log] = []
    witnesses: list[KnownWitness] = []
    groups: list[Group] = []
    quorums: list[str | None] = []
    for number, line in enumerate(lines, 1):
        words = [word for word in _WORDS.split(line) if word]
        if not words or words[0].startswith("#"):
            continue
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                logs.append(Log(parse_vkey(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                witnesses.append(KnownWitness(name, parse_vkey(vkey), *url))
                _define(defined, name)
            case ["group", name, threshold, *members] if members:
                _check_defined(defined, members)
                groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
                _define(defined, name)
            case ["quorum", "none"]:
                quorums.append(None)
            case ["quorum", name]:
                _check_defined(defined, [name])
                quorums.append(name)
            case _:
                raise Malformed("policy.line", line[:200], "log, witness, group or quorum with its words", line=number)
    if len(quorums) != 1:
        raise Malformed("policy.quorum_lines", len(quorums), "exactly one")
    return Policy(tuple(logs), tuple(witnesses), tuple(groups), quorums[0])


def introducing(logs: Sequence[VerifierKey], witnesses: Sequence[VerifierKey]) -> Policy:
    """The policy of a log's own keeper: whose lines stand on its heads, each witness named as ``<key name>+<key id>``.

    Its quorum is ``none``: how many must have cosigned is for the reader to say, not for whom he checks.
    """
    named = tuple(KnownWitness(f"{key.name}+{key.key_id.hex()}", key) for key in witnesses)
    return Policy(tuple(Log(key) for key in logs), named)


def format_policy(policy: Policy) -> bytes:
    """The policy as text; :func:`parse_policy` gives it back. Raises Malformed ``policy.word``."""
    rows: list[list[str]] = [["log", str(log.vkey), *([log.url] if log.url else [])] for log in policy.logs]
    rows += [["witness", w.name, str(w.vkey), *([w.url] if w.url else [])] for w in policy.witnesses]
    rows += [["group", g.name, str(g.threshold), *g.members] for g in policy.groups]
    rows.append(["quorum", policy.quorum or "none"])
    for word in (word for row in rows for word in row):
        if not word or set(word) & set(" \t\n") or word.startswith("#"):
            raise Malformed("policy.word", word, "a word without blanks that does not begin with #")
    return "".join(" ".join(row) + "\n" for row in rows).encode("utf-8", "surrogateescape")


def _threshold(text: str, members: int) -> int:
    if text in ("all", "any"):
        return members if text == "all" else 1
    if not _THRESHOLD.fullmatch(text):
        raise Malformed("policy.threshold", text[:20], f"all, any or 1 to {members}")
    return int(text)


def _define(defined: set[str], name: str) -> None:
    if name in _RESERVED:
        raise Malformed("policy.reserved", name, "another name")
    if name in defined:
        raise Malformed("policy.name_twice", name, "a name of its own")
    defined.add(name)


def _check_defined(defined: Collection[str], names: Sequence[str]) -> None:
    for name in names:
        if name not in defined:
            raise Malformed("policy.unknown_name", name[:80], "a name defined on an earlier line")


def _check_keys(what: str, keys: Sequence[VerifierKey]) -> None:
    seen: set[bytes] = set()
    for key in keys:
        if key.public in seen:
            raise Malformed("policy.key_twice", key.name, f"each public key in one {what} line")
        seen.add(key.public)
