"""The history of corrections: each row is chained to the one before by SHA-256, and the head of the chain is kept apart from it.

This finds whatever is changed, removed, inserted or put in another order by someone who does not write the whole chain anew. Whoever may
write the database can do that; the heads kept in backups, or on paper, find it too.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from models.errors import UsageError
from service.store.database import Database
from service.store.schema import CORRECTIONS, HISTORY
from service.store.writing import Record, Values, insert_new

GENESIS: Final = "0" * 64
"""What the first row is chained to."""

_LATER = ("action", "payload")
"""Columns that came later. A plain correction leaves them as they are by default and hashes as ever, so that no old hash has to change;
any other value of theirs makes it a row of the second schema, which says so in its first bytes."""

_PLAIN = ("set_field", "")
_CHAINED = tuple(column.name for column in CORRECTIONS.columns if column.name not in ("hash", *_LATER))
_SCHEMAS = {True: ("formtally/correction/1", _CHAINED), False: ("formtally/correction/2", (*_CHAINED, *_LATER))}
_ONLY_ROW = 1
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many corrections there are, and the hash of the last one."""

    length: int
    hash: str

    def __str__(self) -> str:
        """``12:0a1b…``, to be kept elsewhere."""
        return f"{self.length}:{self.hash}"


EMPTY = Head(0, GENESIS)


def parse_head(text: str) -> Head:
    """The head behind ``str(head)``.

    Raises:
        UsageError: ``text`` is none.
    """
    found = re.fullmatch(r"(\d{1,15}):([0-9a-f]{64})", text, re.ASCII)
    if found is None:
        raise UsageError(f"{text!r} is no end of a history.", "Give what `formtally history verify` or `formtally backup` has printed.")
    return Head(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Tampering:
    """A place where the history is not what was written.

    Attributes:
        row: id in ``corrections``; 0 where the head is meant.
        what: one sentence.
    """

    row: int
    what: str


def hash_of(row: Values) -> str:
    """SHA-256, hex, of the canonical bytes of a correction: a JSON array of the schema's name and every column but the hash, UTF-8.

    In a plain correction ``action`` and ``payload`` are left out; they may be absent from ``row``.
    """
    later = tuple(row.get(name, value) for name, value in zip(_LATER, _PLAIN, strict=True))
    schema, names = _SCHEMAS[later == _PLAIN]
    values = [schema, *({**row, **dict(zip(_LATER, later, strict=True))}[name] for name in names)]
    return hashlib.sha256(
        json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=repr).encode("utf-8", "surrogatepass")
    ).hexdigest()


def append(connection: Connection, row: Values) -> None:
    """Add ``row``, a correction without ``id``, ``previous`` and ``hash``, at the end; writers wait for each other here."""
    if head_of(connection) == EMPTY:
        insert_new(connection, HISTORY, {"id": _ONLY_ROW, "length": EMPTY.length, "hash": EMPTY.hash})
    last = connection.execute(select(HISTORY).with_for_update()).one()
    chained = {**row, "id": last.length + 1, "previous": last.hash}
    digest = hash_of(chained)
    connection.execute(CORRECTIONS.insert().values({**chained, "hash": digest}))
    connection.execute(update(HISTORY).values(length=last.length + 1, hash=digest))


def head_of(connection: Connection) -> Head:
    """The end of the chain as it is kept."""
    row = connection.execute(select(HISTORY)).one_or_none()
    return Head(row.length, row.hash) if row is not None else EMPTY


def verify_history(database: Database, known: Sequence[Head] = ()) -> list[Tampering]:
    """Every place where the history is not what was written; empty where it is whole.

    Args:
        database: of the store.
        known: heads of earlier times, from backups; the chain must still lead through them.

    Raises:
        StoreError: the database cannot be read.
    """
    with database.reading() as connection, _any_text(connection):
        return list(_tamperings(connection, known))


def _tamperings(connection: Connection, known: Sequence[Head]) -> Iterator[Tampering]:
    passed = {EMPTY}
    wanted = {head.length for head in known}
    last = EMPTY
    statement = select(CORRECTIONS).order_by(CORRECTIONS.c.id)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(statement):
        yield from _faults_of(row, last)
        last = Head(row.id, row.hash)
        if last.length in wanted:
            passed.add(last)
    kept = head_of(connection)
    if kept != last:
        yield Tampering(0, f"The chain ends at correction {last.length}, but {kept.length} were made, or the last is another one.")
    for head in known:
        if head not in passed:
            yield Tampering(head.length, "A backup holds another correction here: what came up to it was written anew.")


def _faults_of(row: Record, last: Head) -> Iterator[Tampering]:
    if row.id != last.length + 1:
        missing = (
            f"Correction {last.length + 1} is missing"
            if row.id == last.length + 2
            else f"Corrections {last.length + 1} to {row.id - 1} are missing"
        )
        yield Tampering(last.length + 1, f"{missing}.")
    elif row.previous != last.hash:
        yield Tampering(row.id, "It is not chained to the correction before: one of them was changed, inserted or moved.")
    if row.hash != hash_of(dict(row._mapping)):
        yield Tampering(row.id, "It was changed: its hash is that of other content.")


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """Let text that is no UTF-8 be read within the block: it is a fault to be told, not one to stumble over. Only SQLite holds such."""
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = str
