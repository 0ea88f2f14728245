"""What was accepted lately tells no reference any more."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("recent")  # it remembered half an hour at most
    op.create_table(
        "recent",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("accepted_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("recent")
    op.create_table(
        "recent",
        sa.Column("mac", sa.LargeBinary(32), primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("accepted_ms", sa.BigInteger, nullable=False),
    )
