"""An explicit state, the centre of each delivery, recent submissions, marks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("centre", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("state", sa.String(8), nullable=False, server_default="waiting"))
    op.execute("UPDATE deliveries SET state = 'given_up', due_ms = 0 WHERE due_ms IS NULL")
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("due_ms", existing_type=sa.BigInteger, nullable=False)
        table.drop_index("ix_deliveries_due_ms")
        table.create_index("deliveries_due", ["state", "due_ms"])
    op.create_table(
        "recent",
        sa.Column("mac", sa.LargeBinary(32), primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("accepted_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("marks")
    op.drop_table("recent")
    with op.batch_alter_table("deliveries") as table:
        table.drop_index("deliveries_due")
        table.alter_column("due_ms", existing_type=sa.BigInteger, nullable=True)
        table.create_index("ix_deliveries_due_ms", ["due_ms"])
    op.execute("UPDATE deliveries SET due_ms = NULL WHERE state = 'given_up'")
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("state")
        table.drop_column("centre")
