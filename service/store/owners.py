"""Who uploaded what, and under which name: the same bytes may be many users', and none is told another's name for them."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, exists, func, select

from service.store.opening import Store
from service.store.schema import CATALOGUE, CATALOGUE_OWNERS, DOCUMENTS, OWNERS, USERS
from service.store.writing import insert_new, now, storable_text

_UPLOAD = select(OWNERS.c.name, OWNERS.c.at).where(OWNERS.c.document == bindparam("document"), OWNERS.c.user == bindparam("user"))


@dataclass(frozen=True, slots=True)
class Upload:
    """That a user uploaded a document: under which name, and when first (ISO 8601)."""

    name: str
    at: str


def own(store: Store, sha256: str, user: str, name: str) -> bool:
    """Note that ``user`` uploaded a document; whether it is new to this user.

    Args:
        store: where the document is.
        sha256: the document, registered before.
        user: who is known to the store.
        name: of the file as the user sent it, without folders; text, never a path.

    Raises:
        KeyError: there is no such document or user.
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        document = select(DOCUMENTS.c.state).where(DOCUMENTS.c.sha256 == sha256).with_for_update()  # no form is entered meanwhile
        state = connection.scalar(document)
        if state is None:
            raise KeyError(sha256)
        if connection.scalar(select(USERS.c.name).where(USERS.c.name == user)) is None:
            raise KeyError(user)
        row = {"document": sha256, "user": user, "name": storable_text(name), "at": now(), "state": state}
        new = insert_new(connection, OWNERS, row)
        if new:
            entries = select(CATALOGUE.c.id, OWNERS.c.user).join(OWNERS, OWNERS.c.document == CATALOGUE.c.document)
            mine = entries.where(OWNERS.c.document == sha256, OWNERS.c.user == user)
            connection.execute(CATALOGUE_OWNERS.insert().from_select(["entry", "user"], mine))
    return new


def owned(store: Store, sha256: str, user: str) -> bool:
    """Whether ``user`` uploaded this document.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        return owns(connection, sha256, user)


def owns(connection: Connection, sha256: str, user: str) -> bool:
    """`owned`, within a transaction."""
    return bool(connection.scalar(select(exists().where(OWNERS.c.document == sha256, OWNERS.c.user == user))))


def upload_of(store: Store, sha256: str, user: str) -> Upload | None:
    """The upload by which this document is the user's; None where it is not.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        row = connection.execute(_UPLOAD, {"document": sha256, "user": user}).one_or_none()
    return Upload(row.name, row.at) if row is not None else None


def uploads_since(store: Store, user: str, moment: str) -> int:
    """How many documents ``user`` uploaded at ``moment`` (ISO 8601 as the store writes it) or later; one sent twice counts once.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(OWNERS).where(OWNERS.c.user == user, OWNERS.c.at >= moment)) or 0
