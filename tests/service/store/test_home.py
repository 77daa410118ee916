"""Where an archive is looked for, and that no secret of its URLs is shown."""

from pathlib import Path

import pytest

from models.errors import StoreUnreachableError, UsageError
from service.store.database import Database
from service.store.home import DATABASE_FILE, find_home
from service.store.opening import open_store

HIDDEN = "geheim7"


def test_an_option_stands_before_a_variable_before_a_default(tmp_path: Path) -> None:
    environment = {"FORMTALLY_HOME": "/variable", "HOME": "/home/li", "FORMTALLY_DATABASE": "postgresql://a", "FORMTALLY_FILES": "/files"}
    assert find_home(str(tmp_path), None, None, environment).folder == tmp_path
    assert find_home(None, None, None, environment).folder == Path("/variable")
    assert find_home(None, "sqlite:///b", "/c", environment).database == "sqlite:///b"
    assert find_home(None, None, None, environment).files == "/files"
    alone = find_home(None, None, None, {"HOME": "/home/li"})
    assert alone.folder == Path("/home/li/.local/share/formtally")
    assert (alone.database, alone.files) == (f"sqlite:///{alone.folder}/formtally.sqlite3", str(alone.folder))
    assert find_home(None, None, None, {"HOME": "/home/li", "XDG_DATA_HOME": "/data"}).folder == Path("/data/formtally")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://li:{HIDDEN}@127.0.0.1:1/db",
        f"postgresql://li@127.0.0.1:1/db?password={HIDDEN}",
        f"postgres://li:{HIDDEN}@127.0.0.1:1/db",
    ],
)
def test_a_password_is_neither_in_a_repr_nor_in_a_message(url: str, caplog: pytest.LogCaptureFixture) -> None:
    home = find_home("/home", url, f"s3://{HIDDEN}@bucket", {})
    assert HIDDEN not in repr(home)
    caplog.set_level("DEBUG")
    with Database(url) as database:
        assert HIDDEN not in repr(database) + database.place
        with pytest.raises(StoreUnreachableError) as caught, database.reading():
            pass
    assert HIDDEN not in str(caught.value) + caplog.text
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", HIDDEN, f"mysql://li:{HIDDEN}@host/db", f"postgresql://li:{HIDDEN}@host:x{HIDDEN}/db", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_of_something_else_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Database(url)
    assert HIDDEN not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("name", ["甲 乙", "a?b=c", "a%20b", "a#b", "a@b:c"])
def test_a_home_may_have_any_name(tmp_path: Path, name: str) -> None:
    with open_store(find_home(str(tmp_path / name), None, None, {})) as store:
        assert store.database.file == tmp_path / name / DATABASE_FILE
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / DATABASE_FILE).is_file()
