"""The tables of one community's database.

Two kinds, kept apart because they live differently:

* :data:`LOG`: what cannot be had from anywhere else. Made and changed by migrations only; append-only by triggers
  (:mod:`ledger.store.triggers`). ``entry`` holds the bytes, ``node`` every complete subtree ``(level, i)`` of the tree,
  ``head`` one row with size and root as committed, ``checkpoint`` every note that was signed, ``cosignature`` the lines of
  witnesses, ``served`` the sizes that were given out, ``opening`` and ``document`` private texts under encryption,
  ``waiting`` and ``invitation`` what is not on the log yet and may be withdrawn, ``snapshot`` states to resume from.
* :data:`READ`: what follows from the entries. Never migrated: when its definition or ``projection.VERSION`` changes, the
  next writer drops and rebuilds it by replay. A new fact adds its table here and its writer in
  :mod:`ledger.store.projection`.

Plain SQL types only, so that PostgreSQL can hold the same tables. Hashes are bytes, digests that people and records name
are hex text, times are milliseconds since 1970 UTC, money is fen.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

LOG: Final = MetaData()
READ: Final = MetaData()

LINE_KEYS: Final = (
    "record", "unit", "motion", "contract", "party", "period", "category", "basis", "fund", "account", "nature",
)  # fmt: skip
"""What lines are asked for by, each with an index in log order; what tells fewest lines apart stands last."""

head = Table(
    "head",
    LOG,
    Column("id", Integer, CheckConstraint("id = 1", name="one_head"), primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("time", BigInteger, nullable=False),
)
"""One row: how far the log is committed. Its lock is the lock of the community."""

entry = Table(
    "entry",
    LOG,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)

node = Table(
    "node",
    LOG,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "checkpoint",
    LOG,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)
"""Every head that was signed, with the log's own two lines; a size is signed once."""

cosignature = Table(
    "cosignature",
    LOG,
    Column("size", Integer, ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("line", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""``key`` is ``name+hex(key ID)``; ``line`` the whole signature line with its newline."""

served = Table(
    "served",
    LOG,
    Column("size", Integer, ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
)
"""Signed heads that may be given out: the head guard has them and the witnesses were asked."""

opening = Table(
    "opening",
    LOG,
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("box", LargeBinary),
    Column("erased", Text),
    sqlite_with_rowid=False,
)
"""``box`` = nonce and ciphertext of salt and value; empty once erased by the recorded order that ``erased`` names."""

document = Table(
    "document",
    LOG,
    Column("digest", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("box", LargeBinary),
    Column("erased", Text),
)

snapshot = Table(
    "snapshot",
    LOG,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""The state after ``size`` entries; ``mark`` is a keyed hash, so that only our own is resumed from. May be deleted."""

waiting = Table(
    "waiting",
    LOG,
    Column("digest", Text, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("expires", BigInteger, nullable=False),
    Column("box", LargeBinary, nullable=False),
)
"""Acts that wait for further signatures (:mod:`ledger.store.waiting`): ``person`` signed first; ``box`` holds the submissions."""

invitation = Table(
    "invitation",
    LOG,
    Column("code", LargeBinary, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("expires", BigInteger, nullable=False),
    Column("waiting", Text),
)
"""Invitations to enrol a key (:mod:`ledger.store.invitations`): ``code`` is a keyed hash; ``waiting`` names what it was used for."""

projection = Table(
    "projection",
    LOG,
    Column("id", Integer, CheckConstraint("id = 1", name="one_projection"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
)
"""Which read tables stand in this database."""

APPEND_ONLY: Final = (entry, node, checkpoint, cosignature, served)
"""No row of these is ever changed or deleted."""
ERASABLE: Final = (opening, document)
"""Rows of these are never deleted; their box can be emptied once, by an order."""

# --- read tables ------------------------------------------------------------------------------------------------------

used = Table(
    "used",
    READ,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Names that stand in the log once (fact ``Used``): ``record`` (digests), ``id``, ``key``, bank lines …"""

line = Table(
    "line",
    READ,
    Column("period", Text, primary_key=True),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("booked", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("voucher", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("party", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("covers", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("motion", Text, nullable=False),
    Column("line_code", Text, nullable=False),
    Column("corrects", Text, nullable=False),
    Index("line_log", "seq", "i"),
    *(Index(f"line_{name}", name, "seq", "i") for name in LINE_KEYS),
    *(Index(f"line_{name}", name, "seq", "i") for name in ("day", "amount")),
)
"""A line 账行 by its period and its place there; ``day`` is the business date, empty text means "none". Log order is (seq, i)."""

voucher = Table(
    "voucher",
    READ,
    Column("number", Text, primary_key=True),
    Column("seq", Integer, nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("booked", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("corrects", Text, nullable=False, index=True),
)

leg = Table(
    "leg",
    READ,
    Column("voucher", Text, primary_key=True),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("fund", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The legs of a voucher, in order."""

step = Table(
    "step",
    READ,
    Column("application", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("stage", Integer),
    Column("whole", Integer, nullable=False),
    Column("day", Text, nullable=False),
    Column("amount", BigInteger),
    Index("step_by_kind", "step", "seq"),
    Index("step_seq", "seq"),
    sqlite_with_rowid=False,
)
"""A step of a withdrawal 付款, that of ``paid`` with its day and fen (negative: a contra took it back)."""

leaf = Table(
    "leaf",
    READ,
    Column("roll", Text, primary_key=True),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""A leaf of a frozen roll by the roll's record and its place there: the canonical JSON that its hash is made of."""

member = Table(
    "member",
    READ,
    Column("unit", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("roll", Text, nullable=False),
    Column("leaf", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""A unit on a roll, frozen by entry ``seq``, and the lowest code of its leaf: what ballots name."""

ballot = Table(
    "ballot",
    READ,
    Column("opened", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("record", Text, nullable=False, unique=True),
    Index("ballot_log", "opened", "seq"),
    sqlite_with_rowid=False,
)
"""A sealed ballot as it was taken in, by the record that it names, the leaf's unit and its revision."""

answer = Table(
    "answer",
    READ,
    Column("ballot", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("choices", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The choices of a ballot that the ledger has opened, as a JSON list, by the ballot's record."""

event = Table(
    "event",
    READ,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("data", Text, nullable=False),
    Index("event_ref", "name", "ref"),
    Index("event_log", "name", "seq", "i"),
)
"""Every other fact: the ``i``-th of entry ``seq``, by the name of its class and what it is about, whole as JSON."""

question = Table(
    "question",
    READ,
    Column("objection", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("application", Text, nullable=False),
    Index("question_log", "seq"),
    Index("question_about", "about", "seq"),
    Index("question_owner", "owner", "seq"),
    Index("question_application", "application", "seq"),
    sqlite_with_rowid=False,
)
"""An objection by its record: what record it is about (without ``#n``), who asked, which payment waited for the answer."""

statement = Table(
    "statement",
    READ,
    Column("digest", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""The canonical bytes of a published statement, so that it is drawn up once; whoever reads them compares the digest."""
