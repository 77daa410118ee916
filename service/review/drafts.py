"""What a reviewer has typed but not yet sent, kept at every change: losing the connection loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, delete, select

from models.errors import UsageError
from service.store.correcting import check_texts
from service.store.opening import Store
from service.store.schema import DOCUMENTS, DRAFTS, USERS
from service.store.writing import Record, insert_new, now, put

MOST_CHARACTERS = 1_000_000
"""Of a draft; the longest form of an archive has some twenty thousand."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one user has typed into one form.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        user: who typed.
        version: of the record that he saw; another one may stand by now.
        texts: by path.
        saved_at: when, ISO 8601.
    """

    document: str
    number: int
    user: str
    version: int
    texts: Mapping[str, str]
    saved_at: str


def keep_draft(store: Store, draft: Draft) -> Draft:
    """Keep ``draft`` in place of the one before; as it is kept, with its time. One without texts is forgotten.

    Raises:
        UsageError: there is no such document, or it holds what no database keeps.
        StoreError: it was not kept.
    """
    texts = json.dumps(dict(draft.texts), ensure_ascii=False)
    check_texts(draft.user, [*draft.texts, *draft.texts.values()])
    if len(texts) > MOST_CHARACTERS:
        raise UsageError(f"A draft may have {MOST_CHARACTERS} characters.", "Type less.")
    kept = Draft(draft.document, draft.number, draft.user, draft.version, dict(draft.texts), now())
    if not draft.texts:
        drop_draft(store, draft.document, draft.number, draft.user)
        return kept
    key = {"document": kept.document, "form": kept.number, "user": kept.user}
    with store.database.writing() as connection:
        if connection.scalar(select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.sha256 == kept.document)) is None:
            raise UsageError("There is no such document.", "Look at the queue as it is now.")
        insert_new(connection, USERS, {"name": kept.user, "added_at": kept.saved_at})
        put(connection, DRAFTS, {**key, "version": kept.version, "texts": texts, "saved_at": kept.saved_at})
    return kept


def draft_of(store: Store, document: str, number: int, user: str) -> Draft | None:
    """What ``user`` has typed into a form; None where nothing is kept."""
    mine = and_(DRAFTS.c.document == document, DRAFTS.c.form == number, DRAFTS.c.user == user)
    with store.database.reading() as connection:
        row = connection.execute(select(DRAFTS).where(mine)).one_or_none()
    return _draft(row) if row is not None else None


def drafts_of(store: Store, user: str, limit: int = 50) -> tuple[Draft, ...]:
    """The drafts of ``user``, the latest first: what he has begun and not finished."""
    with store.database.reading() as connection:
        rows = connection.execute(select(DRAFTS).where(DRAFTS.c.user == user).order_by(DRAFTS.c.saved_at.desc()).limit(limit))
        return tuple(map(_draft, rows))


def drop_draft(store: Store, document: str, number: int, user: str) -> bool:
    """Forget what ``user`` has typed into a form; whether anything was kept. Approving does so by itself."""
    mine = and_(DRAFTS.c.document == document, DRAFTS.c.form == number, DRAFTS.c.user == user)
    with store.database.writing() as connection:
        return connection.execute(delete(DRAFTS).where(mine)).rowcount == 1


def _draft(row: Record) -> Draft:
    return Draft(row.document, row.form, row.user, row.version, json.loads(row.texts), row.saved_at)
