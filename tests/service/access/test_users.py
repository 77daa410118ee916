"""Accounts, the names that corrections gave, and the last administrator."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text, update

from models.errors import LastAdministratorError, UsageError, UserExistsError, UserNameError, UserUnknownError
from service.access.credentials import set_password
from service.access.invitations import invite
from service.access.roles import Role
from service.access.sessions import identify_session, log_in
from service.access.tokens import identify_token, issue
from service.access.users import add_user, disable, enable, find_user, has_administrator, set_role, users
from service.store.backup import backup
from service.store.database import Database
from service.store.home import Home, find_home
from service.store.opening import Store, open_store
from service.store.restore import restore
from service.store.schema import INVITATIONS, USERS
from service.store.upgrading import _config, upgrade
from tests.service.access.conftest import PASSWORD
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add_read


def _admins(store: Store, *names: str) -> None:
    for name in names:
        add_user(store, name, Role.ADMIN)
        set_password(store, name, PASSWORD)


def test_accounts_are_listed_by_name(store: Store) -> None:
    for name, role in (("wang", Role.VIEWER), ("李四", Role.ADMIN), ("chen", Role.UPLOADER)):
        assert add_user(store, name, role) == name
    disable(store, "chen")
    assert [(user.name, user.role, user.disabled, user.has_password) for user in users(store)] == [
        ("chen", Role.UPLOADER, True, False),
        ("wang", Role.VIEWER, False, False),
        ("李四", Role.ADMIN, False, False),
    ]


@pytest.mark.parametrize("name", ["li", "LI", "ｌｉ"])
def test_a_name_is_taken_whatever_its_letters_look_like(store: Store, name: str) -> None:
    add_user(store, "li", Role.VIEWER)
    with pytest.raises(UserExistsError):
        add_user(store, name, Role.ADMIN)
    assert [(user.name, user.role) for user in users(store)] == [("li", Role.VIEWER)]
    with store.database.reading() as connection:
        assert list(connection.scalars(select(USERS.c.name))) == ["li"]


def test_of_many_at_once_one_gets_the_name(store: Store) -> None:
    def added(name: str) -> bool:
        try:
            add_user(store, name, Role.VIEWER)
        except UserExistsError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(added, ["Li", "li", "LI", "lI"] * 3)).count(True) == 1


def test_a_text_that_is_no_name_is_not_added(store: Store) -> None:
    with pytest.raises(UserNameError):
        add_user(store, "li\n", Role.VIEWER)


def test_who_has_corrected_is_no_user_until_he_is_added(store: Store) -> None:
    correct(store, Correction(add_read(store), 1, 1, "fields.project_name", "甲", "李四"))
    assert users(store) == []
    with pytest.raises(UserUnknownError):
        invite(store, "李四")
    assert add_user(store, "李四", Role.REVIEWER) == "李四"
    assert not find_user(store, "李四").disabled


def test_who_is_a_user_corrects_and_stays_what_he_is(store: Store) -> None:
    add_user(store, "李四", Role.REVIEWER)
    correct(store, Correction(add_read(store), 1, 1, "fields.project_name", "甲", "李四"))
    assert [(user.name, user.role, user.disabled) for user in users(store)] == [("李四", Role.REVIEWER, False)]


def test_names_in_an_older_archive_are_no_accounts(home: Home) -> None:
    home.folder.mkdir(parents=True)
    with Database(home.database) as database:
        with database.writing() as connection:
            command.upgrade(_config(connection), "0001")
            for name in ("li", "LI", "李四"):
                connection.execute(text("INSERT INTO users (name, added_at) VALUES (:name, '2025-01-01T00:00:00.000000Z')"), {"name": name})
        upgrade(database)
        with database.reading() as connection:
            kept = connection.execute(select(USERS.c.login, USERS.c.role, USERS.c.password, USERS.c.disabled)).all()
    assert kept == [(None, "viewer", "", True)] * 3
    with open_store(home) as store:
        assert users(store) == []
        assert add_user(store, "李四", Role.ADMIN) == "李四"
        assert find_user(store, "李四").added_at == "2025-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    "change", [lambda store, name: set_role(store, name, Role.VIEWER), disable, enable], ids=["set_role", "disable", "enable"]
)
def test_nobody_cannot_be_changed(store: Store, change: Callable[[Store, str], None]) -> None:
    with pytest.raises(UserUnknownError):
        change(store, "nobody")


@pytest.mark.parametrize("leave", [lambda store, name: set_role(store, name, Role.REVIEWER), disable], ids=["set_role", "disable"])
@pytest.mark.usefixtures("quick")
def test_the_last_administrator_stays(store: Store, leave: Callable[[Store, str], None]) -> None:
    _admins(store, "one", "two")
    add_user(store, "invited", Role.ADMIN)
    leave(store, "two")
    with pytest.raises(LastAdministratorError):
        leave(store, "ONE")
    set_role(store, "one", Role.ADMIN)
    leave(store, "invited")
    assert has_administrator(store)


@pytest.mark.usefixtures("quick")
def test_two_administrators_who_disable_each_other_do_not_both_succeed(store: Store) -> None:
    _admins(store, "one", "two")

    def left(name: str) -> bool:
        try:
            disable(store, name)
        except LastAdministratorError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(left, ["one", "two"])) == [False, True]
    assert has_administrator(store)


def test_who_is_disabled_behind_the_programs_back_is_nobody_too(store: Store, li: str) -> None:
    session, _ = log_in(store, li, PASSWORD, "127.0.0.1")
    _, token = issue(store, li, "a")
    with store.database.writing() as connection:
        connection.execute(update(USERS).values(disabled=True))
    assert identify_session(store, session) is None
    assert identify_token(store, token) is None


def test_an_archive_of_users_alone_is_not_restored_over(store: Store, tmp_path: Path) -> None:
    add_user(store, "li", Role.VIEWER)
    backup(store, tmp_path / "backup")
    with pytest.raises(UsageError, match="holds an archive already"):
        restore(tmp_path / "backup", store.home)
    assert [user.name for user in users(store)] == ["li"]


def test_what_ended_does_not_come_back_with_a_backup_and_passwords_do(store: Store, li: str, tmp_path: Path) -> None:
    session, _ = log_in(store, li, PASSWORD, "127.0.0.1")
    invite(store, li)
    _, token = issue(store, li, "a")
    backup(store, tmp_path / "backup")
    new = find_home(str(tmp_path / "new"), None, None, {})
    restore(tmp_path / "backup", new)
    with open_store(new) as restored:
        assert identify_session(restored, session) is None
        with restored.database.reading() as connection:
            assert connection.execute(select(INVITATIONS)).all() == []
        assert identify_token(restored, token) is not None
        log_in(restored, li, PASSWORD, "127.0.0.1")
