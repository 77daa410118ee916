"""A catalogue of the forms for lists and search, who owns what, webhooks and what is to be delivered to them.

Revision ID: 0003
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from service.store.search import keep_text, searchable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 200

_ON_SQLITE = (
    """CREATE TRIGGER lists_follow_documents AFTER UPDATE OF state ON documents WHEN NEW.state <> OLD.state BEGIN
    UPDATE catalogue SET state = NEW.state WHERE document = NEW.sha256;
    UPDATE owners SET state = NEW.state WHERE document = NEW.sha256; END""",
    # columnsize=0, detail=none: neither lengths nor places are asked for; the tokens are cut already, ascii parts them at blanks alone
    "CREATE VIRTUAL TABLE search USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')",
)

_ON_POSTGRESQL = (
    """CREATE FUNCTION lists_follow_documents() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalogue SET state = NEW.state WHERE document = NEW.sha256;
    UPDATE owners SET state = NEW.state WHERE document = NEW.sha256;
    RETURN NULL; END $$""",
    """CREATE TRIGGER lists_follow_documents AFTER UPDATE OF state ON documents
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION lists_follow_documents()""",
    # its cost keeps the planner from ever cutting texts anew to look through them
    """CREATE FUNCTION search_grams(searched text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
        SELECT unnest(ARRAY[letter, letter || lead(letter, 1, '') OVER (ORDER BY place)]) COLLATE "C" AS gram
        FROM unnest(string_to_array(searched, NULL)) WITH ORDINALITY AS letters (letter, place)
    ) AS cut WHERE strpos(gram, ' ') = 0 $$""",
    # EXTERNAL: the text is looked through as it lies; what is beside it stays small
    "ALTER TABLE texts ALTER COLUMN text SET STORAGE EXTERNAL",
    "CREATE INDEX search ON texts USING gin (search_grams(text))",
    "ALTER INDEX search ALTER COLUMN 1 SET STATISTICS 0",  # for the same reason
)

_CATALOGUE = """
INSERT INTO catalogue (document, form, version, kind, template, review, year, unit, project, made_at, state, doubtful, findings)
SELECT forms.document, forms.number, forms.version, kind, template, review, forms.year, forms.unit, project, made_at, documents.state,
    (SELECT count(*) FROM fields WHERE fields.document = forms.document AND fields.form = forms.number AND status = 'doubtful'),
    (SELECT count(*) FROM findings WHERE findings.document = forms.document AND findings.form = forms.number)
FROM forms JOIN documents ON documents.sha256 = forms.document
ORDER BY made_at, forms.document, forms.number
"""

_RULES = """
INSERT INTO catalogue_rules (entry, rule)
SELECT DISTINCT catalogue.id, findings.rule FROM catalogue JOIN findings USING (document, form)
"""

_WORDS = """
SELECT catalogue.id, catalogue.unit, fields.text FROM catalogue JOIN fields USING (document, form)
WHERE catalogue.id > :after AND catalogue.id <= :upto ORDER BY catalogue.id
"""


def upgrade() -> None:
    """Make everything, and enter the forms that there are."""
    _index_documents()
    _make_catalogue()
    _make_webhooks()
    connection = op.get_bind()
    for statement in _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL:
        op.execute(statement)
    connection.execute(sa.text(_CATALOGUE))
    connection.execute(sa.text(_RULES))
    _keep_texts(connection)


def _keep_texts(connection: sa.Connection) -> None:
    last = connection.scalar(sa.text("SELECT max(id) FROM catalogue")) or 0
    for after in range(0, last, _AT_ONCE):
        rows = connection.execute(sa.text(_WORDS), {"after": after, "upto": after + _AT_ONCE}).all()
        for entry, words in groupby(rows, key=lambda row: row.id):
            found = list(words)
            keep_text(connection, entry, searchable([found[0].unit, *(row.text for row in found)]))


def _index_documents() -> None:
    op.execute("UPDATE documents SET unit = substr(unit, 1, 200) WHERE length(unit) > 200")  # what an index of PostgreSQL can hold
    op.drop_index("documents_by_state", table_name="documents")
    op.create_index("documents_by_state", "documents", ["state", "added_at", "sha256", "year", "unit"], unique=False)
    op.create_index("documents_by_unit", "documents", ["unit", "added_at", "sha256", "state", "year"], unique=False)
    op.create_index("documents_by_year", "documents", ["year", "added_at", "sha256", "state", "unit"], unique=False)
    op.create_index("documents_newest", "documents", ["added_at", "sha256", "state", "year", "unit"], unique=False)


def _make_catalogue() -> None:
    op.create_table(
        "owners",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Text(), nullable=False, comment="who uploaded it"),
        sa.Column("name", sa.Text(), nullable=False, comment="of the file as this user sent it, without folders"),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="of the document; a trigger keeps it"),
        sa.ForeignKeyConstraint(
            ["document"],
            ["documents.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.name"],
        ),
        sa.PrimaryKeyConstraint("document", "user"),
        sqlite_with_rowid=False,
    )
    op.create_index("owners_by_state", "owners", ["user", "state", "at", "document"], unique=False)
    op.create_index("owners_by_user", "owners", ["user", "at", "document"], unique=False)
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), nullable=False, comment="grows: the newest record has the highest"),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="of the document; a trigger keeps it"),
        sa.Column("doubtful", sa.Integer(), nullable=False, comment="how many fields are"),
        sa.Column("findings", sa.Integer(), nullable=False, comment="how many there are"),
        sa.ForeignKeyConstraint(
            ["document", "form"],
            ["forms.document", "forms.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("catalogue_by_form", "catalogue", ["document", "form"], unique=True)
    op.create_index("catalogue_by_kind", "catalogue", ["kind", "id"], unique=False)
    op.create_index("catalogue_by_review", "catalogue", ["review", "id"], unique=False)
    op.create_index("catalogue_by_state", "catalogue", ["state", "id"], unique=False)
    op.create_index("catalogue_by_template", "catalogue", ["template", "id"], unique=False)
    op.create_index("catalogue_by_unit", "catalogue", ["unit", "id"], unique=False)
    op.create_index("catalogue_by_year", "catalogue", ["year", "id"], unique=False)
    op.create_table(
        "catalogue_owners",
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False, comment="who uploaded the document"),
        sa.ForeignKeyConstraint(["entry"], ["catalogue.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry", "user"),
        sqlite_with_rowid=False,
    )
    op.create_index("catalogue_owners_newest", "catalogue_owners", ["user", "entry"], unique=False)
    op.create_table(
        "catalogue_rules",
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="of a finding"),
        sa.ForeignKeyConstraint(["entry"], ["catalogue.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry", "rule"),
        sqlite_with_rowid=False,
    )
    op.create_index("catalogue_rules_newest", "catalogue_rules", ["rule", "entry"], unique=False)
    op.create_table(
        "texts",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="all words of the form as they are searched, see service/store/search.py"),
        sa.ForeignKeyConstraint(["entry"], ["catalogue.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry"),
    )


def _make_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=32), nullable=False, comment="drawn at random"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False, comment="signs what is sent"),
        sa.Column("events", sa.Text(), nullable=False, comment="separated by blanks"),
        sa.Column("sees_all", sa.Boolean(), nullable=False, comment="else only what its user uploaded"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.name"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("webhooks_by_user", "webhooks", ["user"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False, comment="drawn at random: no restored archive gives one out again"),
        sa.Column("webhook", sa.String(length=32), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON, as it is signed and sent"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, delivered or given_up"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="that were begun"),
        sa.Column("next_at", sa.String(length=27), nullable=False, comment="when it is due; while it is being sent, when it is due again"),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("deliveries_by_webhook", "deliveries", ["webhook", "made_at"], unique=False)
    op.create_index("deliveries_due", "deliveries", ["state", "next_at"], unique=False)
