"""Search by runs of up to four characters, where it went by pairs: long words of common pairs took seconds.

Revision ID: 0006
"""

from alembic import op

from service.store.search import index_texts

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ON_POSTGRESQL = (
    "DROP INDEX search",
    "SET LOCAL maintenance_work_mem = '256MB'",  # the index is made in few rounds
    # the first search_grams went by pairs; its cost keeps the planner from ever cutting texts anew to look through them
    """CREATE OR REPLACE FUNCTION search_grams(searched text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS $$
    SELECT coalesce(array_agg(substr(run, place, length)), '{}')
    FROM unnest(string_to_array(searched, ' ')) AS run, generate_series(1, length(run)) AS place, generate_series(1, 4) AS length
    WHERE place + length <= length(run) + 1 $$""",
    "CREATE INDEX search ON texts USING gin (search_grams(text))",
    "ALTER INDEX search ALTER COLUMN 1 SET STATISTICS 0",  # for the same reason
)


def upgrade() -> None:
    """Make the index anew: 100,000 forms take some minutes."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("INSERT INTO search (search) VALUES ('delete-all')")
        index_texts(connection)
    else:
        for statement in _ON_POSTGRESQL:
            op.execute(statement)
