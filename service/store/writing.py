"""What every write of the store has in common."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import SQLITE
from service.store.schema import EVENTS

_OVERLAP = timedelta(minutes=2)
"""By how much the clocks of machines that share an archive may differ."""

Values: TypeAlias = Mapping[str, object]
"""Values by column, to be written."""

Record: TypeAlias = Row[*tuple[Any, ...]]
"""A row as it was read."""

_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> str:
    """The time, UTC, as ``2020-03-01T08:15:00.000000Z``."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """``moment``, which has a zone, as `now` writes it: the order of the texts is that of the moments."""
    return moment.astimezone(UTC).strftime(_TIME)


def shortly_before(moment: str) -> str:
    """What another machine's clock may have said at ``moment``, at the least; empty, which is before everything, where that is."""
    return stamp(datetime.fromisoformat(moment) - _OVERLAP) if moment else ""


def later(moment: str, seconds: float) -> str:
    """``seconds`` after ``moment``, both as `now` writes them."""
    return stamp(datetime.strptime(moment, _TIME).replace(tzinfo=UTC) + timedelta(seconds=seconds))


def plain(text: str) -> str:
    """``text`` without NUL, which PostgreSQL cannot hold in a column."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def storable_text(text: str) -> str:
    """``text`` as any database can hold it or be asked for it: without NUL, and with `?` for halves of surrogate pairs."""
    return plain(text).encode("utf-8", "replace").decode()


def insert_new(connection: Connection, table: Table, row: Values) -> bool:
    """Insert ``row`` unless its key is there; whether it was inserted."""
    insert = sqlite.insert if connection.dialect.name == SQLITE else postgresql.insert
    return connection.execute(insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)).one_or_none() is not None


def put(connection: Connection, table: Table, row: Values) -> None:
    """Insert ``row``, in place of the one with its key."""
    keys = [column.name for column in table.primary_key]
    insert = (sqlite.insert if connection.dialect.name == SQLITE else postgresql.insert)(table).values(row)
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_={name: row[name] for name in row if name not in keys}))


def note(connection: Connection, document: str, kind: str, what: str, version: str = "") -> None:
    """Add an event; it stands if the transaction does."""
    connection.execute(EVENTS.insert().values(at=now(), document=document, kind=kind, version=version, what=plain(what)))
