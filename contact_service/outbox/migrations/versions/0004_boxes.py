"""Boxes with answers for senders. An older release leaves them alone, so they stay for a newer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "boxes",
        sa.Column("place", sa.LargeBinary(32), primary_key=True),
        sa.Column("slot", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("reader_note", sa.LargeBinary, nullable=False),
        sa.Column("ends_ms", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", sa.LargeBinary(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("once", sa.LargeBinary(32), unique=True),
        if_not_exists=True,
    )
    op.create_index("ix_answers_place", "answers", ["place"], if_not_exists=True)


def downgrade() -> None:
    """The boxes stay: what waits for people is not thrown away with a release."""
    op.execute("DELETE FROM recent")  # five minutes, in words that an older release cannot read
