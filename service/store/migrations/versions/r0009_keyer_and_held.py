"""Who has keyed all that a form still waits for, so that it goes to another; and how long people had held it when it was approved.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has keyed before this is known again with the form's next change.

    Of an approved form `taken_at` may be that of somebody who has looked at it since: it is timed by nothing.
    """
    told = "who has keyed all that waits for two people; empty: nobody"
    op.add_column("reviews", sa.Column("keyer", sa.Text(), nullable=False, server_default="", comment=told))
    held = "seconds that people had held it when it was approved; NULL where that is unknown, or it is not"
    op.add_column("reviews", sa.Column("held", sa.Float(), nullable=True, comment=held))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.execute("COMMENT ON COLUMN reviews.taken_at IS 'since when, as service/store/holding.py counts it'")
