"""What DBOS only logs is heard."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from models.errors import StoreFullError
from service.jobs.complaints import heard
from service.jobs.ending import Ending
from service.store.database import Database

DBOS = logging.getLogger("dbos")


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[Ending]:
    found = Ending()
    with heard(Database(f"sqlite:///{tmp_path}/a.sqlite3"), found):
        yield found


def of_sqlite(code: int, text: str) -> DBAPIError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return OperationalError("UPDATE workflow_status", {"secret": 1}, error)


def complain(error: Exception, level: int) -> None:
    """As DBOS does: the text alone, while the exception is being handled."""

    def fail() -> None:
        raise error

    try:
        fail()
    except Exception as caught:  # noqa: BLE001  whatever it is
        DBOS.log(level, f"Exception encountered in queue thread: {caught}")


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_a_full_disk_ends_the_work_and_only_its_sentence_is_left(ending: Ending, level: int, capfd: pytest.CaptureFixture[str]) -> None:
    complain(of_sqlite(sqlite3.SQLITE_FULL, "database or disk is full"), level)
    assert ending.begun.is_set()
    assert isinstance(ending.fault, StoreFullError)
    assert "secret" not in str(ending.fault)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
@pytest.mark.parametrize(
    "error",
    [
        of_sqlite(sqlite3.SQLITE_BUSY, "database is locked"),
        OperationalError("SELECT 1", {}, psycopg.OperationalError("server closed the connection unexpectedly")),
    ],
)
def test_a_database_that_is_away_is_waited_for(ending: Ending, error: Exception, level: int, capfd: pytest.CaptureFixture[str]) -> None:
    complain(error, level)
    assert not ending.begun.is_set()
    assert capfd.readouterr() == ("", "")


def test_other_errors_are_not_lost(ending: Ending, caplog: pytest.LogCaptureFixture) -> None:
    complain(ZeroDivisionError("division by zero"), logging.ERROR)
    assert not ending.begun.is_set()
    (ours,) = (record for record in caplog.records if record.name == "service.jobs.complaints")
    assert "division by zero" in ours.getMessage()


def test_nothing_is_heard_behind_the_block(tmp_path: Path) -> None:
    found = Ending()
    with heard(Database(f"sqlite:///{tmp_path}/a.sqlite3"), found):
        pass
    complain(of_sqlite(sqlite3.SQLITE_FULL, "database or disk is full"), logging.WARNING)
    assert not found.begun.is_set()
