"""The documents of an archive: kept as they came, with where they were found and how far they have come.

Every write may be repeated after a kill at any point: the original comes before the row that names it, and a row that is there is not
written twice.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO, Final

from sqlalchemy import Connection, select, update

from models.form import Problem
from service.store.form_rows import NAME_LENGTH
from service.store.opening import Store
from service.store.originals import digest_of
from service.store.outbox import tell_ended
from service.store.schema import DOCUMENTS, EVENTS, SOURCES
from service.store.writing import Values, insert_new, note, now, plain
from service.wording import storable

NO_ERROR: Final = Problem(0, "", "")

UPLOAD: Final = 1
BATCH: Final = 100
"""Priorities: a person who waits goes before an archive."""


_BEGUN: Final = "begun"
"""Kind of an event: a reading, named in it, took a document that waited."""


class State(StrEnum):
    """How far a document has come."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was found.

    Attributes:
        path: with its folders.
        year: that the path tells; None where it does not.
        unit: that the path tells; empty where it does not.
    """

    path: PurePath
    year: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A document of the store.

    Attributes:
        sha256: its id.
        known: it was there before, under this path or another.
    """

    sha256: str
    known: bool


def register(store: Store, found: Found, source: BinaryIO, priority: int = BATCH) -> Registered:
    """Keep the original and where it came from; its state is `State.WAITING` where it is new.

    A document that is known may still be waiting, where its first registration was the last thing done: ask `documents_in`, not ``known``,
    for what is to be read. One that waits already waits at the more urgent of both priorities.

    Args:
        store: where to.
        found: the path; kept as text.
        source: the bytes; read twice from their beginning where they are new.
        priority: `UPLOAD` or `BATCH`.

    Raises:
        DamagedError: ``source`` changed while it was copied.
        StoreError: nothing was registered.
    """
    digest = digest_of(source)
    store.originals.add(source, digest)
    path, at = storable(found.path), now()
    row = {
        "sha256": digest.sha256,
        "name": storable(PurePath(found.path.name)),
        "path": path,
        "bytes": digest.bytes,
        "pages": 0,
        "state": State.WAITING.value,
        "version": "",
        "year": found.year,
        "unit": plain(found.unit)[:NAME_LENGTH],
        "error_code": "",
        "error": "",
        "added_at": at,
        "changed_at": at,
        "priority": priority,
    }
    provenance = {"document": digest.sha256, "path_sha256": hashlib.sha256(path.encode()).hexdigest(), "path": path, "added_at": at}
    with store.database.writing() as connection:
        new = insert_new(connection, DOCUMENTS, row)
        insert_new(connection, SOURCES, provenance)
        less_urgent = (DOCUMENTS.c.sha256 == digest.sha256, DOCUMENTS.c.state == State.WAITING, DOCUMENTS.c.priority > priority)
        connection.execute(update(DOCUMENTS).where(*less_urgent).values(priority=priority, changed_at=at))
    return Registered(digest.sha256, not new)


def mark(store: Store, sha256: str, state: State, error: Problem = NO_ERROR, pages: int | None = None) -> None:
    """Say how far a document has come. `State.WAITING` asks for it to be read again: the next `save_document` is taken.

    Args:
        store: where it is.
        sha256: the document.
        state: from now on.
        error: why it failed.
        pages: how many it has, once that is known.

    Raises:
        KeyError: there is no such document.
        StoreError: nothing was written.
    """
    values: dict[str, object] = {"state": state.value, "error_code": error.code, "error": plain(error.message), "changed_at": now()}
    if pages is not None:
        values |= {"pages": pages}
    with store.database.writing() as connection:
        if connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).values(values)).rowcount == 0:
            raise KeyError(sha256)
        if state in (State.DONE, State.FAILED):
            tell_ended(connection, sha256, error if state == State.FAILED else None)


def begin(store: Store, sha256: str, reading: str, version: str) -> bool:
    """Let ``reading`` take a document that waits; whether it has it, now or since earlier.

    Several may want one document, handed in by programs of two versions or at two priorities: the first has it.

    Args:
        store: where it is.
        sha256: the document.
        reading: an id that no other reading has.
        version: of the pipeline that is to read it.

    Raises:
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        if _left(connection, sha256, State.WAITING, {"state": State.READING.value, "error_code": "", "error": ""}):
            note(connection, sha256, _BEGUN, reading, version)
            return True
        begun = select(EVENTS.c.what).where(EVENTS.c.document == sha256, EVENTS.c.kind == _BEGUN)
        last = connection.scalar(begun.order_by(EVENTS.c.id.desc()).limit(1))
        return last == reading and connection.scalar(select(DOCUMENTS.c.state).where(DOCUMENTS.c.sha256 == sha256)) == State.READING


def give_up(store: Store, sha256: str, error: Problem) -> bool:
    """Call a document that is being read failed; whether it was still being read.

    Raises:
        StoreError: nothing was written.
    """
    values = {"state": State.FAILED.value, "error_code": error.code, "error": plain(error.message)}
    with store.database.writing() as connection:
        given_up = _left(connection, sha256, State.READING, values)
        if given_up:
            tell_ended(connection, sha256, error)
    return given_up


def put_back(store: Store, sha256: str) -> bool:
    """Let a document that is being read wait again; whether it was still being read.

    Raises:
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        return _left(connection, sha256, State.READING, {"state": State.WAITING.value})


def _left(connection: Connection, sha256: str, state: State, values: Values) -> bool:
    """Write ``values`` if the document is in ``state``; whether it was."""
    there = (DOCUMENTS.c.sha256 == sha256, DOCUMENTS.c.state == state)
    return connection.execute(update(DOCUMENTS).where(*there).values({**values, "changed_at": now()})).rowcount == 1
