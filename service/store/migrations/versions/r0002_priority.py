"""How urgent a document is, and an index for what has changed of late.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there came with an archive."""
    comment = "1 where a person waits, 100 of an archive"
    op.add_column("documents", sa.Column("priority", sa.Integer(), nullable=False, server_default="100", comment=comment))
    op.create_index("documents_by_change", "documents", ["state", "changed_at"])
    op.create_index("forms_by_review", "forms", ["review"])
