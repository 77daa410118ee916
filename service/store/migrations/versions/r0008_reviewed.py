"""Who approved a form or sent it back, beside its state; and that state where lists look for it.

Revision ID: 0008
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the history and the queue know already is filled in."""
    who, when = "who approved it or sent it back; empty while it waits", "when; empty while it waits"
    op.add_column("reviews", sa.Column("decided_by", sa.Text(), nullable=False, server_default="", comment=who))
    op.add_column("reviews", sa.Column("decided_at", sa.String(length=27), nullable=False, server_default="", comment=when))
    state = "its state in reviews; none where it is not there"
    op.add_column("catalogue", sa.Column("reviewed", sa.String(length=16), nullable=False, server_default="none", comment=state))
    op.execute(_STATES)
    op.create_index("catalogue_by_reviewed", "catalogue", ["reviewed", "id"], unique=False)
    connection = op.get_bind()
    for document, form in connection.execute(sa.text("SELECT document, form FROM reviews WHERE state <> 'waiting'")).all():
        by, at = _decision(connection, document, form)
        connection.execute(_DECIDED, {"by": by, "at": at, "document": document, "form": form})


def _decision(connection: sa.Connection, document: str, form: int) -> tuple[str, str]:
    """By whom and when, of the last approval or return that was not undone; an undo names the version that it undoes."""
    undone = set[int]()
    for version, action, payload, user, at in connection.execute(_SETTLING, {"document": document, "form": form}):
        if version in undone:
            continue
        if action != "undo":
            return user, at
        undone.add(json.loads(payload)["version"])
    return "", ""


_STATES = """UPDATE catalogue SET reviewed = reviews.state FROM reviews
WHERE reviews.document = catalogue.document AND reviews.form = catalogue.form"""

_SETTLING = sa.text("""SELECT version, action, payload, "user", at FROM corrections
WHERE document = :document AND form = :form AND action IN ('approve', 'return', 'undo') ORDER BY id DESC""")

_DECIDED = sa.text("UPDATE reviews SET decided_by = :by, decided_at = :at WHERE document = :document AND form = :form")
