"""The history: nobody changes it through the database's own door, and whoever goes round the triggers is found."""
# ruff: noqa: S608  (to tamper is to write SQL by hand)

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.errors import UsageError
from service.store.database import SQLITE
from service.store.history import EMPTY, Head, hash_of, head_of, parse_head, verify_history
from service.store.home import DATABASE_FILE, find_home
from service.store.opening import Store, open_store
from service.store.schema import CORRECTIONS
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add_read

LENGTH = 6
COLUMNS = [column.name for column in CORRECTIONS.columns]


def _fill(store: Store) -> None:
    sha256 = add_read(store)
    for version in range(1, LENGTH + 1):
        correct(store, Correction(sha256, 1, version, "fields.project_name", f"第{version}版", "li", "因为"))


def _head(store: Store) -> Head:
    with store.database.reading() as connection:
        return head_of(connection)


def test_a_history_without_corrections_is_whole(store: Store) -> None:
    assert verify_history(store.database) == []
    assert _head(store) == EMPTY


def test_what_was_written_is_whole_and_its_head_tells_how_much(store: Store) -> None:
    _fill(store)
    head = _head(store)
    assert verify_history(store.database, [head, EMPTY]) == []
    assert head.length == LENGTH
    assert parse_head(str(head)) == head


@pytest.mark.parametrize("wrong", ["", "3", "3:abc", "x:" + "0" * 64, "٣:" + "0" * 64])
def test_a_head_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        parse_head(wrong)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE corrections SET text = 'x' WHERE id = 3",
        "DELETE FROM corrections WHERE id = 6",
        "DELETE FROM corrections",
        "UPDATE history SET length = 5",
        "UPDATE history SET hash = 'x'",
        "DELETE FROM history",
        "INSERT INTO history SELECT 2, length, hash FROM history",
    ],
)
def test_the_database_itself_refuses_to_change_the_history(store: Store, statement: str) -> None:
    _fill(store)
    with pytest.raises(DBAPIError, match=r"only|history_is_one_row"), store.database.writing() as connection:
        connection.execute(text(statement))
    assert verify_history(store.database, [_head(store)]) == []


@pytest.mark.parametrize(
    "statement", ["INSERT OR REPLACE INTO corrections SELECT * FROM corrections WHERE id = 3", "REPLACE INTO history SELECT 1, 1, 'x'"]
)
def test_sqlite_refuses_to_replace(tmp_path: Path, statement: str) -> None:
    with open_store(find_home(str(tmp_path), None, None, {})) as store:
        _fill(store)
        with pytest.raises(DBAPIError, match="only"), store.database.writing() as connection:
            connection.execute(text(statement))


def test_postgresql_refuses_to_empty_the_table(store: Store) -> None:
    if store.database.kind == SQLITE:
        pytest.skip("SQLite has no TRUNCATE")
    _fill(store)
    with pytest.raises(DBAPIError, match="only"), store.database.writing() as connection:
        connection.execute(text("TRUNCATE corrections"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a history, its triggers taken away."""
    folder = tmp_path_factory.mktemp("history")
    with open_store(find_home(str(folder), None, None, {})) as store:
        _fill(store)
    path = folder / DATABASE_FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def _faults(written: Path, *statements: str, known: tuple[Head, ...] = ()) -> int:
    """How many faults are found once ``statements`` have been run on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(written, folder))
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
        with open_store(find_home(folder, f"sqlite:///{copy}", None, {})) as store:
            return len(verify_history(store.database, known))


@contextmanager
def _in_memory(written: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(written.read_bytes())
        yield connection


def _values() -> st.SearchStrategy[str]:
    return st.one_of(
        st.integers(-1, 9).map(str),
        st.text("甲'1 ", max_size=3).map(lambda value: "'" + value.replace("'", "''") + "'"),
        st.sampled_from(["NULL", "x'ff'", "CAST(x'ff' AS TEXT)", "text || ' '", "1.5"]),
    )


@settings(max_examples=60, deadline=None)
@given(row=st.integers(1, LENGTH), column=st.sampled_from(COLUMNS[1:]), value=_values())
def test_any_single_change_is_found(written: Path, row: int, column: str, value: str) -> None:
    change = f'UPDATE OR IGNORE corrections SET "{column}" = {value} WHERE id = {row}'
    with _in_memory(written) as connection:
        before = connection.execute(f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM corrections WHERE id = {row}').fetchone()
        connection.execute(change)
        after = connection.execute(f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM corrections WHERE id = {row}').fetchone()
    assert (_faults(written, change) > 0) == (before != after)


@settings(max_examples=30, deadline=None)
@given(first=st.integers(1, LENGTH), last=st.integers(1, LENGTH))
def test_rows_removed_or_exchanged_are_found(written: Path, first: int, last: int) -> None:
    if first <= last:
        assert _faults(written, f"DELETE FROM corrections WHERE id BETWEEN {first} AND {last}") > 0
        closed = f"UPDATE corrections SET id = id - {last - first + 1} WHERE id > {last}"
        assert _faults(written, f"DELETE FROM corrections WHERE id BETWEEN {first} AND {last}", closed) > 0
    else:
        swap = (f"UPDATE corrections SET id = 99 WHERE id = {first}", f"UPDATE corrections SET id = {first} WHERE id = {last}")
        assert _faults(written, *swap, f"UPDATE corrections SET id = {last} WHERE id = 99") > 0


@settings(max_examples=10, deadline=None)
@given(place=st.integers(1, LENGTH + 1))
def test_an_inserted_row_is_found(written: Path, place: int) -> None:
    moved = f"UPDATE corrections SET id = -id - 1 WHERE id >= {place}"
    back = "UPDATE corrections SET id = -id WHERE id < 0"
    others = ", ".join(f'"{name}"' for name in COLUMNS[1:])
    forged = f"INSERT INTO corrections SELECT {place}, {others} FROM corrections ORDER BY id DESC LIMIT 1"
    assert _faults(written, moved, back, forged) > 0


@pytest.mark.parametrize("kept", range(LENGTH))
def test_a_cut_tail_is_found_by_the_head_that_is_kept_apart(written: Path, kept: int) -> None:
    assert _faults(written, f"DELETE FROM corrections WHERE id > {kept}") > 0


def test_a_tail_cut_together_with_the_head_is_found_by_a_head_kept_elsewhere(written: Path) -> None:
    with _in_memory(written) as connection:
        noted = Head(*connection.execute("SELECT length, hash FROM history").fetchone())
    cut = ("DELETE FROM corrections WHERE id > 3", "UPDATE history SET length = 3, hash = (SELECT hash FROM corrections WHERE id = 3)")
    assert _faults(written, *cut) == 0
    assert _faults(written, *cut, known=(noted,)) == 1


def test_a_chain_written_anew_is_found_by_a_head_kept_elsewhere(written: Path) -> None:
    statements = []
    with _in_memory(written) as connection:
        connection.row_factory = sqlite3.Row
        noted = Head(*connection.execute("SELECT length, hash FROM history").fetchone())
        previous = EMPTY.hash
        for row in connection.execute("SELECT * FROM corrections ORDER BY id"):
            forged = {**dict(row), "previous": previous, "reason": "伪造"}
            previous = hash_of(forged)
            statements.append(
                f"UPDATE corrections SET reason = '伪造', previous = '{forged['previous']}', hash = '{previous}' WHERE id = {row['id']}"
            )
    statements.append(f"UPDATE history SET hash = '{previous}'")
    assert _faults(written, *statements) == 0
    assert _faults(written, *statements, known=(noted,)) == 1


def test_the_hash_is_what_the_documentation_says() -> None:
    row = {name: name for name in COLUMNS} | {"id": 1, "form": 2, "version": 3, "text": '甲"\n', "action": "set_field", "payload": ""}
    said = '["formtally/correction/1",1,"at","user","document",2,3,"path","text_before","甲\\"\\n","reason","previous"]'
    assert hash_of(row) == hashlib.sha256(said.encode()).hexdigest()
    assert hash_of({name: value for name, value in row.items() if name not in ("action", "payload")}) == hash_of(row)


def test_the_hash_of_what_is_more_than_a_correction_says_what_it_is() -> None:
    row = {name: name for name in COLUMNS} | {"id": 1, "form": 2, "version": 3}
    said = '["formtally/correction/2",1,"at","user","document",2,3,"path","text_before","text","reason","previous","action","payload"]'
    assert hash_of(row) == hashlib.sha256(said.encode()).hexdigest()


@pytest.mark.parametrize("later", [{"action": "approve"}, {"payload": "{}"}])
def test_no_correction_can_be_made_into_something_else(later: dict[str, str]) -> None:
    row = {name: name for name in COLUMNS} | {"action": "set_field", "payload": ""}
    assert hash_of(row) != hash_of(row | later)
