"""Who has keyed all that a form still waits for, so that it goes to another.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has keyed before this is known again with the form's next change."""
    told = "who has keyed all that waits for two people; empty: nobody"
    op.add_column("reviews", sa.Column("keyer", sa.Text(), nullable=False, server_default="", comment=told))
