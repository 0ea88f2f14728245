"""How many letters a month had. An older release counts none, and leaves the numbers alone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("since_night", sa.Integer, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def downgrade() -> None:
    """The numbers stay for the report of the year."""
