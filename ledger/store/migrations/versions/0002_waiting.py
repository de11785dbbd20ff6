"""What waits beside the log: acts that further people must sign, and invitations to enrol a key. Rows of both are deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False, index=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("code", sa.LargeBinary, primary_key=True),
        sa.Column("person", sa.Text, nullable=False, index=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("waiting", sa.Text),
    )
