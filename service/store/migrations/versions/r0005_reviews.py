"""What reviewers do: more than corrections in the history, the queue of forms that wait for a person, drafts.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every form that needs a person waits for one; its doubts are counted, spanning cells once for each row."""
    what = "what was done, see service/review/changes.py"
    op.add_column("corrections", sa.Column("action", sa.String(16), nullable=False, server_default="set_field", comment=what))
    rest = "JSON of what the other columns do not say"
    op.add_column("corrections", sa.Column("payload", sa.Text(), nullable=False, server_default="", comment=rest))
    _make_reviews()
    _make_drafts()
    for statement in (_WAITING, _RULES):
        op.execute(statement)


_WAITING = """INSERT INTO reviews (document, form, state, open, rank, entered_at, year, unit, kind, editor, taken_by, taken_until)
SELECT document, number, 'waiting', open, -open, made_at, year, unit, kind, editor, '', '' FROM (
    SELECT forms.document, forms.number, forms.made_at, forms.year, forms.unit, forms.kind,
        (SELECT count(*) FROM fields
            WHERE fields.document = forms.document AND fields.form = forms.number AND fields.status = 'doubtful')
        + (SELECT count(*) FROM findings
            WHERE findings.document = forms.document AND findings.form = forms.number
            AND (findings.severity = 'error' OR findings.verdict = 'undecided')) AS open,
        coalesce((SELECT c."user" FROM corrections AS c WHERE c.document = forms.document AND c.form = forms.number
            ORDER BY c.id DESC LIMIT 1), '') AS editor
    FROM forms WHERE forms.review = 'needs_review' OR EXISTS
        (SELECT 1 FROM corrections AS d WHERE d.document = forms.document AND d.form = forms.number)) AS asked"""

_RULES = """INSERT INTO review_rules (rule, state, rank, entered_at, document, form)
SELECT DISTINCT findings.rule, reviews.state, reviews.rank, reviews.entered_at, reviews.document, reviews.form
FROM reviews JOIN findings ON findings.document = reviews.document AND findings.form = reviews.form
WHERE findings.severity = 'error' OR findings.verdict = 'undecided'"""


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, returned or approved"),
        sa.Column("open", sa.Integer(), nullable=False, comment="how many fields and findings wait for a person"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="minus open: the most doubtful come first"),
        sa.Column("entered_at", sa.String(length=27), nullable=False, comment="when it came into this state"),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False, comment="who changed it last; empty where nobody did"),
        sa.Column("taken_by", sa.Text(), nullable=False, comment="who works on it; empty where nobody does"),
        sa.Column("taken_until", sa.String(length=27), nullable=False, comment="when that ends by itself; empty where nobody does"),
        sa.ForeignKeyConstraint(["document"], ["documents.sha256"]),
        sa.PrimaryKeyConstraint("document", "form"),
        sqlite_with_rowid=False,
    )
    op.create_index("reviews_by_rank", "reviews", ["state", "rank", "entered_at", "document", "form"], unique=False)
    op.create_index("reviews_by_age", "reviews", ["state", "entered_at", "document", "form"], unique=False)
    for name in ("year", "unit", "kind"):
        op.create_index(f"reviews_by_{name}", "reviews", [name, "state", "rank", "entered_at", "document", "form"], unique=False)
    op.create_index("reviews_taken", "reviews", ["taken_until"], unique=False)
    op.create_table(
        "review_rules",
        sa.Column("rule", sa.Text(), nullable=False, comment="of an open finding"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="of the review, as its rank and age"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.String(length=27), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document", "form"], ["reviews.document", "reviews.form"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rule", "state", "rank", "entered_at", "document", "form"),
        sqlite_with_rowid=False,
    )
    op.create_index("review_rules_by_form", "review_rules", ["document", "form"], unique=False)


def _make_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record that the user saw"),
        sa.Column("texts", sa.Text(), nullable=False, comment="JSON: path to what was typed there"),
        sa.Column("saved_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.sha256"]),
        sa.ForeignKeyConstraint(["user"], ["users.name"]),
        sa.PrimaryKeyConstraint("document", "form", "user"),
        sqlite_with_rowid=False,
    )
    op.create_index("drafts_by_user", "drafts", ["user", "saved_at"], unique=False)
