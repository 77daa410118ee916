"""The tables, as a person finds them in any database browser. The migrations make them; a test holds both to the same.

Times are UTC as ISO 8601 text. Text columns are for finding and reading; the record itself is the JSON in ``forms.record``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    true,
)

REVISION = "0009"
"""The last migration that makes these tables."""

METADATA = MetaData()

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("sha256", String(64), primary_key=True, comment="of the original, hex; its name below originals/"),
    Column("name", Text, nullable=False, comment="of the file as first found, without folders"),
    Column("path", Text, nullable=False, comment="as first found"),
    Column("bytes", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False, comment="0 while unknown"),
    Column("state", String(16), nullable=False, comment="waiting, reading, done or failed"),
    Column("version", Text, nullable=False, comment="of the pipeline that read it last; empty before"),
    Column("year", Integer, comment="that the path tells"),
    Column("unit", Text, nullable=False, comment="that the path tells"),
    Column("error_code", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("added_at", String(27), nullable=False),
    Column("changed_at", String(27), nullable=False),
    Column("priority", Integer, nullable=False, server_default="100", comment="1 where a person waits, 100 of an archive"),
    Index("documents_by_change", "state", "changed_at"),
    Index("documents_by_state", "state", "added_at", "sha256", "year", "unit"),
    Index("documents_newest", "added_at", "sha256", "state", "year", "unit"),
    Index("documents_by_year", "year", "added_at", "sha256", "state", "unit"),
    Index("documents_by_unit", "unit", "added_at", "sha256", "state", "year"),
    sqlite_with_rowid=False,
)

SOURCES = Table(
    "sources",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("path_sha256", String(64), primary_key=True, comment="a path may be longer than a key"),
    Column("path", Text, nullable=False),
    Column("added_at", String(27), nullable=False),
    sqlite_with_rowid=False,
)

PAGES = Table(
    "pages",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="from 1"),
    Column("version", Text, primary_key=True, comment="of the pipeline that read it"),
    Column("state", String(16), nullable=False, comment="read or problem"),
    Column("content_sha256", String(64), nullable=False, comment="of what was read, kept below pages/; empty where nothing was"),
    Column("problem_code", Text, nullable=False),
    Column("problem", Text, nullable=False),
    sqlite_with_rowid=False,
)

FORMS = Table(
    "forms",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="place in the document, from 1"),
    Column("version", Integer, nullable=False, comment="of the record, from 1"),
    Column("pipeline", Text, nullable=False, comment="version that read it"),
    Column("kind", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("review", String(16), nullable=False),
    Column("year", Integer, comment="of the path, else of the form"),
    Column("unit", Text, nullable=False, comment="of the path, else of the form"),
    Column("project", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("record", Text, nullable=False, comment="the form as in the document JSON"),
    Index("forms_by_year", "year", "unit", "document", "number"),
    Index("forms_by_review", "review"),
)

EARLIER_FORMS = Table(
    "earlier_forms",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("pipeline", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("record", Text, nullable=False),
)

_FORM = (["document", "form"], ["forms.document", "forms.number"])

FIELDS = Table(
    "fields",
    METADATA,
    Column("document", String(64), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("path", Text, primary_key=True, comment="fields.total_score, tables.indicators[3].score"),
    Column("text", Text, nullable=False, comment="as printed"),
    Column("value", Text, comment="decimal, ISO 8601 date or text; NULL where there is none"),
    Column("status", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("page", Integer, nullable=False),
    *(
        Column(edge, Float, nullable=False, comment="fraction of the page as stored")
        for edge in ("left_edge", "top_edge", "right_edge", "bottom_edge")
    ),
    ForeignKeyConstraint(*_FORM),
    sqlite_with_rowid=False,
)

FINDINGS = Table(
    "findings",
    METADATA,
    Column("document", String(64), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("position", Integer, primary_key=True, comment="from 1"),
    Column("rule", Text, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("cells", Text, nullable=False, comment="paths of fields, one a line"),
    Column("expected", Text, nullable=False),
    Column("printed", Text, nullable=False),
    ForeignKeyConstraint(*_FORM),
    sqlite_with_rowid=False,
)

USERS = Table(
    "users",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("added_at", String(27), nullable=False),
    Column("login", Text, comment="what names are compared by; NULL for a name that only corrections give: it is no account"),
    Column("role", String(16), nullable=False, server_default="viewer", comment="viewer, uploader, reviewer or admin"),
    Column("password", Text, nullable=False, server_default="", comment="argon2id, encoded; empty before there is one"),
    Column("disabled", Boolean, nullable=False, server_default=true()),
    Index("users_by_login", "login", unique=True),
    sqlite_with_rowid=False,
)

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3, … without a gap"),
    Column("at", String(27), nullable=False),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("document", ForeignKey("documents.sha256"), nullable=False),
    Column("form", Integer, nullable=False),
    Column("version", Integer, nullable=False, comment="of the record that it made"),
    Column("path", Text, nullable=False),
    Column("text_before", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("previous", String(64), nullable=False, comment="hash of the row before"),
    Column("hash", String(64), nullable=False, comment="SHA-256 over all of the above, see service/store/history.py"),
    Column("action", String(16), nullable=False, server_default="set_field", comment="what was done, see service/review/changes.py"),
    Column("payload", Text, nullable=False, server_default="", comment="JSON of what the other columns do not say"),
    Index("corrections_by_document", "document", "form"),
)

HISTORY = Table(
    "history",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="always 1"),
    Column("length", Integer, nullable=False, comment="of the chain: how many corrections there are"),
    Column("hash", String(64), nullable=False, comment="of the last one"),
    CheckConstraint("id = 1", name="history_is_one_row"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("document", String(64), nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False, comment="of the pipeline, where one was at work"),
    Column("what", Text, nullable=False, comment="one sentence"),
    Index("events_by_document", "document", "kind", "version"),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("sha256", String(64), primary_key=True, comment="of the secret in the browser's cookie, hex"),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("used_at", String(27), nullable=False, comment="last, to within minutes"),
    Index("sessions_by_user", "user"),
    Index("sessions_by_age", "made_at"),
    sqlite_with_rowid=False,
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", String(12), primary_key=True, comment="names it for people; no secret"),
    Column("sha256", String(64), nullable=False, unique=True, comment="of the secret, hex"),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("label", Text, nullable=False, comment="what it is for"),
    Column("made_at", String(27), nullable=False),
    Column("ends_at", String(27), nullable=False, comment="empty where it does not end by itself"),
    Index("tokens_by_user", "user"),
    sqlite_with_rowid=False,
)

INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("user", ForeignKey("users.name"), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True, comment="of the secret, hex"),
    Column("ends_at", String(27), nullable=False),
    sqlite_with_rowid=False,
)

LOGIN_ATTEMPTS = Table(
    "login_attempts",
    METADATA,
    Column(
        "sha256", String(64), primary_key=True, comment="of a name, an address or both; a name may be a password typed in the wrong place"
    ),
    Column("level", Float, nullable=False, comment="failures at last_at, less those that time has forgiven"),
    Column("last_at", String(27), nullable=False),
    Column("known_at", String(27), nullable=False, comment="when the name last logged in from the address; empty where it never did"),
    Index("login_attempts_by_age", "last_at"),
    sqlite_with_rowid=False,
)

OWNERS = Table(
    "owners",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("user", ForeignKey("users.name"), primary_key=True, comment="who uploaded it"),
    Column("name", Text, nullable=False, comment="of the file as this user sent it, without folders"),
    Column("at", String(27), nullable=False),
    Column("state", String(16), nullable=False, comment="of the document; a trigger keeps it"),
    Index("owners_by_user", "user", "at", "document"),
    Index("owners_by_state", "user", "state", "at", "document"),
    sqlite_with_rowid=False,
)

CATALOGUE = Table(
    "catalogue",
    METADATA,
    Column("id", Integer, primary_key=True, comment="grows: the newest record has the highest"),
    Column("document", String(64), nullable=False),
    Column("form", Integer, nullable=False),
    Column("version", Integer, nullable=False, comment="of the record"),
    Column("kind", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("review", String(16), nullable=False),
    Column("year", Integer),
    Column("unit", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("state", String(16), nullable=False, comment="of the document; a trigger keeps it"),
    Column("doubtful", Integer, nullable=False, comment="how many fields are"),
    Column("findings", Integer, nullable=False, comment="how many there are"),
    Column("reviewed", String(16), nullable=False, server_default="none", comment="its state in reviews; none where it is not there"),
    Index("catalogue_by_form", "document", "form", unique=True),
    *(Index(f"catalogue_by_{name}", name, "id") for name in ("year", "unit", "kind", "template", "review", "state", "reviewed")),
    ForeignKeyConstraint(["document", "form"], ["forms.document", "forms.number"]),
)
"""One entry a form: what lists show and filter by, so that no list reads a record."""


def _filed(name: str, heading: Column[str]) -> Table:
    """A table of the entries of the catalogue below a heading that an entry has several of."""
    return Table(
        name,
        METADATA,
        Column("entry", ForeignKey("catalogue.id", ondelete="CASCADE"), primary_key=True),
        heading,
        Index(f"{name}_newest", heading.name, "entry"),
        sqlite_with_rowid=False,
    )


CATALOGUE_OWNERS = _filed("catalogue_owners", Column("user", Text, primary_key=True, comment="who uploaded the document"))
CATALOGUE_RULES = _filed("catalogue_rules", Column("rule", Text, primary_key=True, comment="of a finding"))

TEXTS = Table(
    "texts",
    METADATA,
    Column("entry", ForeignKey("catalogue.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, comment="all words of the form as they are searched, see service/store/search.py"),
)

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", String(32), primary_key=True, comment="drawn at random"),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False, comment="signs what is sent"),
    Column("events", Text, nullable=False, comment="separated by blanks"),
    Column("sees_all", Boolean, nullable=False, comment="else only what its user uploaded"),
    Column("active", Boolean, nullable=False),
    Column("added_at", String(27), nullable=False),
    Index("webhooks_by_user", "user"),
    sqlite_with_rowid=False,
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", String(32), primary_key=True, comment="drawn at random: no restored archive gives one out again"),
    Column("webhook", ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("document", String(64), nullable=False),
    Column("body", Text, nullable=False, comment="JSON, as it is signed and sent"),
    Column("state", String(16), nullable=False, comment="waiting, delivered or given_up"),
    Column("attempts", Integer, nullable=False, comment="that were begun"),
    Column("next_at", String(27), nullable=False, comment="when it is due; while it is being sent, when it is due again"),
    Column("last_error", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Index("deliveries_due", "state", "next_at"),
    Index("deliveries_by_webhook", "webhook", "made_at"),
    sqlite_with_rowid=False,
)

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("state", String(16), nullable=False, comment="waiting, returned or approved"),
    Column("open", Integer, nullable=False, comment="how many fields and findings wait for a person"),
    Column("rank", Integer, nullable=False, comment="minus open: the most doubtful come first"),
    Column("entered_at", String(27), nullable=False, comment="when it came into this state"),
    Column("year", Integer),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("editor", Text, nullable=False, comment="who changed it last; empty where nobody did"),
    Column("taken_by", Text, nullable=False, comment="who works on it; empty where nobody does"),
    Column("taken_until", String(27), nullable=False, comment="when that ends by itself; empty where nobody does"),
    Column("taken_at", String(27), nullable=False, server_default="", comment="since when, as service/store/holding.py counts it"),
    Column("drawn", Float, nullable=False, server_default="0", comment="share of clear forms drawn when this one was; 0: it was not"),
    Column("decided_by", Text, nullable=False, server_default="", comment="who approved it or sent it back; empty while it waits"),
    Column("decided_at", String(27), nullable=False, server_default="", comment="when; empty while it waits"),
    Column("keyer", Text, nullable=False, server_default="", comment="who has keyed all that waits for two people; empty: nobody"),
    Column("held", Float, comment="seconds that people had held it when it was approved; NULL where that is unknown, or it is not"),
    Index("reviews_by_rank", "state", "rank", "entered_at", "document", "form"),
    Index("reviews_by_age", "state", "entered_at", "document", "form"),
    *(Index(f"reviews_by_{name}", name, "state", "rank", "entered_at", "document", "form") for name in ("year", "unit", "kind")),
    Index("reviews_taken", "taken_until"),
    sqlite_with_rowid=False,
)
"""One entry for each form that concerns a person; a form that is clear and was never touched has none.

What `taken_at` and `taken_until` say where nobody holds it: see `service.store.holding`."""

REVIEW_RULES = Table(
    "review_rules",
    METADATA,
    Column("rule", Text, primary_key=True, comment="of an open finding"),
    Column("state", String(16), primary_key=True, comment="of the review, as its rank and age"),
    Column("rank", Integer, primary_key=True),
    Column("entered_at", String(27), primary_key=True),
    Column("document", String(64), primary_key=True),
    Column("form", Integer, primary_key=True),
    Index("review_rules_by_form", "document", "form"),
    ForeignKeyConstraint(["document", "form"], ["reviews.document", "reviews.form"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
"""The reviews below the rules that their forms break, in the order in which they are taken."""

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("user", ForeignKey("users.name"), primary_key=True),
    Column("version", Integer, nullable=False, comment="of the record that the user saw"),
    Column("texts", Text, nullable=False, comment="JSON: path to what was typed there"),
    Column("saved_at", String(27), nullable=False),
    Index("drafts_by_user", "user", "saved_at"),
    sqlite_with_rowid=False,
)

LESSONS = Table(
    "lessons",
    METADATA,
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("version", Integer, nullable=False, comment="of the record that was approved"),
    Column("at", String(27), nullable=False, comment="of the approval"),
    Column("seconds", Float, comment="from taking the form to approving it; NULL where that is unknown"),
    Column("drawn", Float, nullable=False, comment="as in reviews"),
    Column("accepted", Integer, nullable=False, comment="fields that the machine accepted"),
    Column("wrong", Integer, nullable=False, comment="of those, how many were not as approved"),
    Column("counted", Text, nullable=False, comment="JSON: what it adds to the tallies, to be taken back if the approval is"),
    Index("lessons_drawn", "drawn", "at", "accepted", "wrong"),
    Index("lessons_by_age", "at", "seconds"),
    sqlite_with_rowid=False,
)
"""What each approved form has taught: the machine's reading against the approved one."""

TALLIES = Table(
    "tallies",
    METADATA,
    Column("period", String(11), primary_key=True, comment="of the approval, UTC: a day as d2024-03-31, a whole month as m2024-03"),
    Column("subject", String(16), primary_key=True, comment="what is counted, see service/learning/lesson.py"),
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The lessons added up by days and by months, so that figures over any time are quick."""

LEARNING = Table(
    "learning",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="always 1"),
    Column("corrections", Integer, nullable=False, comment="id of the last correction whose form was looked at"),
    CheckConstraint("id = 1", name="learning_is_one_row"),
)
