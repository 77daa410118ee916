"""Who uploaded what, and under which name: the same bytes may be many users', and none is told another's name for them."""

from sqlalchemy import Connection, exists, func, select

from service.store.opening import Store
from service.store.schema import CATALOGUE, CATALOGUE_OWNERS, DOCUMENTS, OWNERS, USERS
from service.store.writing import insert_new, now, storable_text


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


def name_of(store: Store, sha256: str, user: str) -> str:
    """Under which name ``user`` uploaded this document; empty where it was not this user.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        return connection.scalar(select(OWNERS.c.name).where(OWNERS.c.document == sha256, OWNERS.c.user == user)) or ""


def uploads_since(store: Store, user: str, moment: str) -> int:
    """How many documents ``user`` uploaded at ``moment`` (ISO 8601 as the store writes it) or later; one sent twice counts once.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(OWNERS).where(OWNERS.c.user == user, OWNERS.c.at >= moment)) or 0
