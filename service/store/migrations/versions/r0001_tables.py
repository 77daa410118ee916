"""The first tables, and the triggers that let corrections only ever be added.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER corrections_are_not_changed BEFORE UPDATE ON corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are only added'); END""",
    """CREATE TRIGGER corrections_are_not_removed BEFORE DELETE ON corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are only added'); END""",
    """CREATE TRIGGER corrections_are_not_replaced BEFORE INSERT ON corrections
    WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'corrections are only added'); END""",
    """CREATE TRIGGER history_only_grows BEFORE UPDATE ON history WHEN NEW.id <> OLD.id OR NEW.length <> OLD.length + 1
    BEGIN SELECT RAISE(ABORT, 'the history only grows'); END""",
    """CREATE TRIGGER history_is_not_removed BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'the history only grows'); END""",
    """CREATE TRIGGER history_is_not_replaced BEFORE INSERT ON history WHEN EXISTS (SELECT 1 FROM history)
    BEGIN SELECT RAISE(ABORT, 'the history only grows'); END""",
)

_APPEND_ONLY_POSTGRESQL = (
    """CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER corrections_are_not_changed BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION only_added()""",
    """CREATE TRIGGER corrections_are_not_emptied BEFORE TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION only_added()""",
    """CREATE TRIGGER history_only_grows BEFORE UPDATE ON history
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.length <> OLD.length + 1) EXECUTE FUNCTION only_added()""",
    """CREATE TRIGGER history_is_not_removed BEFORE DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION only_added()""",
    """CREATE TRIGGER history_is_not_emptied BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION only_added()""",
)


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the original, hex; its name below originals/"),
        sa.Column("name", sa.Text(), nullable=False, comment="of the file as first found, without folders"),
        sa.Column("path", sa.Text(), nullable=False, comment="as first found"),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False, comment="0 while unknown"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, reading, done or failed"),
        sa.Column("version", sa.Text(), nullable=False, comment="of the pipeline that read it last; empty before"),
        sa.Column("year", sa.Integer(), nullable=True, comment="that the path tells"),
        sa.Column("unit", sa.Text(), nullable=False, comment="that the path tells"),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.Column("changed_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("documents_by_state", "documents", ["state", "added_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False, comment="of the pipeline, where one was at work"),
        sa.Column("what", sa.Text(), nullable=False, comment="one sentence"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("events_by_document", "events", ["document", "kind", "version"], unique=False)
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("length", sa.Integer(), nullable=False, comment="of the chain: how many corrections there are"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="of the last one"),
        sa.CheckConstraint("id = 1", name="history_is_one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3, … without a gap"),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record that it made"),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False, comment="hash of the row before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 over all of the above, see service/store/history.py"),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.name"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("corrections_by_document", "corrections", ["document", "form"], unique=False)
    op.create_table(
        "earlier_forms",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.PrimaryKeyConstraint("document", "number", "version"),
    )
    op.create_table(
        "forms",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place in the document, from 1"),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record, from 1"),
        sa.Column("pipeline", sa.Text(), nullable=False, comment="version that read it"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True, comment="of the path, else of the form"),
        sa.Column("unit", sa.Text(), nullable=False, comment="of the path, else of the form"),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("record", sa.Text(), nullable=False, comment="the form as in the document JSON"),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.PrimaryKeyConstraint("document", "number"),
    )
    op.create_index("forms_by_year", "forms", ["year", "unit", "document", "number"], unique=False)
    op.create_table(
        "pages",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("version", sa.Text(), nullable=False, comment="of the pipeline that read it"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="read or problem"),
        sa.Column(
            "content_sha256", sa.String(length=64), nullable=False, comment="of what was read, kept below pages/; empty where nothing was"
        ),
        sa.Column("problem_code", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.PrimaryKeyConstraint("document", "number", "version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("path_sha256", sa.String(length=64), nullable=False, comment="a path may be longer than a key"),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.PrimaryKeyConstraint("document", "path_sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fields",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False, comment="fields.total_score, tables.indicators[3].score"),
        sa.Column("text", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("value", sa.Text(), nullable=True, comment="decimal, ISO 8601 date or text; NULL where there is none"),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("left_edge", sa.Float(), nullable=False, comment="fraction of the page as stored"),
        sa.Column("top_edge", sa.Float(), nullable=False, comment="fraction of the page as stored"),
        sa.Column("right_edge", sa.Float(), nullable=False, comment="fraction of the page as stored"),
        sa.Column("bottom_edge", sa.Float(), nullable=False, comment="fraction of the page as stored"),
        sa.ForeignKeyConstraint(
            ["document", "form"],
            ["forms.document", "forms.number"],
        ),
        sa.PrimaryKeyConstraint("document", "form", "path"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False, comment="paths of fields, one a line"),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document", "form"],
            ["forms.document", "forms.number"],
        ),
        sa.PrimaryKeyConstraint("document", "form", "position"),
        sqlite_with_rowid=False,
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _APPEND_ONLY_SQLITE if on_sqlite else _APPEND_ONLY_POSTGRESQL:
        op.execute(statement)
