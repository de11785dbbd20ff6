"""The log tables: head, entries, nodes, heads signed, cosigned and served, private texts, documents, snapshots."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    head = op.create_table(
        "head",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_head"), primary_key=True, autoincrement=False
        ),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "entry",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "node",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("i", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cosignature",
        sa.Column("size", sa.Integer, sa.ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("line", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "served",
        sa.Column("size", sa.Integer, sa.ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
    )
    op.create_table(
        "opening",
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("box", sa.LargeBinary),
        sa.Column("erased", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "document",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("box", sa.LargeBinary),
        sa.Column("erased", sa.Text),
    )
    op.create_table(
        "snapshot",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "projection",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_projection"), primary_key=True, autoincrement=False
        ),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "root": hashlib.sha256(b"").digest(), "time": 0}])
