"""Random checks of clear forms, since when a form is taken, and what approved forms teach.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was drawn so far; what was approved so far is looked at when figures are asked for."""
    since = "since when; of an approved form when it was taken last"
    op.add_column("reviews", sa.Column("taken_at", sa.String(27), nullable=False, server_default="", comment=since))
    share = "share of clear forms drawn when this one was; 0: it was not"
    op.add_column("reviews", sa.Column("drawn", sa.Float(), nullable=False, server_default="0", comment=share))
    _make_lessons()
    period = "of the approval, UTC: a day as d2024-03-31, a whole month as m2024-03"
    op.create_table(
        "tallies",
        sa.Column("period", sa.String(length=11), nullable=False, comment=period),
        sa.Column("subject", sa.String(length=16), nullable=False, comment="what is counted, see service/learning/lesson.py"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "subject", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "learning",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("corrections", sa.Integer(), nullable=False, comment="id of the last correction whose form was looked at"),
        sa.CheckConstraint("id = 1", name="learning_is_one_row"),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_lessons() -> None:
    op.create_table(
        "lessons",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record that was approved"),
        sa.Column("at", sa.String(length=27), nullable=False, comment="of the approval"),
        sa.Column("seconds", sa.Float(), nullable=True, comment="from taking the form to approving it; NULL where that is unknown"),
        sa.Column("drawn", sa.Float(), nullable=False, comment="as in reviews"),
        sa.Column("accepted", sa.Integer(), nullable=False, comment="fields that the machine accepted"),
        sa.Column("wrong", sa.Integer(), nullable=False, comment="of those, how many were not as approved"),
        sa.Column("counted", sa.Text(), nullable=False, comment="JSON: what it adds to the tallies, to be taken back if the approval is"),
        sa.ForeignKeyConstraint(["document"], ["documents.sha256"]),
        sa.PrimaryKeyConstraint("document", "form"),
        sqlite_with_rowid=False,
    )
    op.create_index("lessons_drawn", "lessons", ["drawn", "at", "accepted", "wrong"], unique=False)
    op.create_index("lessons_by_age", "lessons", ["at", "seconds"], unique=False)
