"""Who approved a form or sent it back, beside its state; and that state where lists look for it.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

from service.store.decisions import decision

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
        by, at = decision(connection, document, form)
        connection.execute(_DECIDED, {"by": by, "at": at, "document": document, "form": form})


_STATES = """UPDATE catalogue SET reviewed = reviews.state FROM reviews
WHERE reviews.document = catalogue.document AND reviews.form = catalogue.form"""

_DECIDED = sa.text("UPDATE reviews SET decided_by = :by, decided_at = :at WHERE document = :document AND form = :form")
