"""Users get roles and passwords; sessions, tokens, invitations and counters of failed tries to log in.

Names that only corrections have given stay what they are: no account, nobody can log in by them.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    for column in (
        sa.Column(
            "login",
            sa.Text(),
            nullable=True,
            comment="what names are compared by; NULL for a name that only corrections give: it is no account",
        ),
        sa.Column("role", sa.String(length=16), server_default="viewer", nullable=False, comment="viewer, uploader, reviewer or admin"),
        sa.Column("password", sa.Text(), server_default="", nullable=False, comment="argon2id, encoded; empty before there is one"),
        sa.Column("disabled", sa.Boolean(), server_default=sa.true(), nullable=False),
    ):
        op.add_column("users", column)
    op.create_index("users_by_login", "users", ["login"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the secret in the browser's cookie, hex"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("used_at", sa.String(length=27), nullable=False, comment="last, to within minutes"),
        sa.ForeignKeyConstraint(["user"], ["users.name"]),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_user", "sessions", ["user"], unique=False)
    op.create_index("sessions_by_age", "sessions", ["made_at"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=12), nullable=False, comment="names it for people; no secret"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the secret, hex"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False, comment="what it is for"),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False, comment="empty where it does not end by itself"),
        sa.ForeignKeyConstraint(["user"], ["users.name"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("tokens_by_user", "tokens", ["user"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the secret, hex"),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"]),
        sa.PrimaryKeyConstraint("user"),
        sa.UniqueConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_attempts",
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of a name, an address or both; a name may be a password typed in the wrong place",
        ),
        sa.Column("level", sa.Float(), nullable=False, comment="failures at last_at, less those that time has forgiven"),
        sa.Column("last_at", sa.String(length=27), nullable=False),
        sa.Column(
            "known_at",
            sa.String(length=27),
            nullable=False,
            comment="when the name last logged in from the address; empty where it never did",
        ),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("login_attempts_by_age", "login_attempts", ["last_at"], unique=False)
