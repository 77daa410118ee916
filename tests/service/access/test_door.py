"""``formtally user``: what it prints and answers with."""

import re
from pathlib import Path

import pytest

from service.access.invitations import accept
from service.access.sessions import log_in
from service.access.tokens import identify_token
from service.cli import main
from service.store.home import find_home
from service.store.opening import open_store

_NEW = "another password"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The home of an archive without users."""
    open_store(find_home(str(tmp_path), None, None, {})).close()
    return tmp_path


def _said(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    assert main(["user", *words, "--home", str(folder)]) == 0
    return capsys.readouterr().out


def test_a_user_is_added_invited_and_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "李四: admin, without a password" in _said(capsys, folder, "add", "李四", "--role", "admin")
    link = _said(capsys, folder, "invite", "李四")
    found = re.fullmatch(r"/welcome#([\w-]{43})\n", link)
    assert found is not None
    assert _said(capsys, folder, "list") == "李四: admin, without a password\n"
    with open_store(find_home(str(folder), None, None, {})) as store:
        accept(store, found[1], _NEW)
        log_in(store, "李四", _NEW, "127.0.0.1")
    _said(capsys, folder, "add", "scanner", "--role", "viewer")
    _said(capsys, folder, "role", "scanner", "uploader")
    _said(capsys, folder, "disable", "scanner")
    assert _said(capsys, folder, "list") == "scanner: uploader, disabled, without a password\n李四: admin\n"
    _said(capsys, folder, "enable", "scanner")
    assert "disabled" not in _said(capsys, folder, "list")


def test_a_token_is_made_listed_and_revoked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _said(capsys, folder, "add", "scanner", "--role", "uploader")
    secret = _said(capsys, folder, "token", "scanner", "--label", "room 2", "--days", "3").strip()
    with open_store(find_home(str(folder), None, None, {})) as store:
        assert identify_token(store, secret) is not None
        listed = _said(capsys, folder, "tokens", "scanner")
        assert re.fullmatch(r"[0-9a-f]{12} room 2: made 20\S+Z, ends 20\S+Z\n", listed)
        assert secret not in listed
        _said(capsys, folder, "revoke", "scanner", listed.split()[0])
        assert identify_token(store, secret) is None
    _said(capsys, folder, "token", "scanner", "--label", "room 3")
    assert _said(capsys, folder, "list") == "scanner: uploader, without a password, 1 token\n"
    assert _said(capsys, folder, "tokens", "scanner").endswith("ends never\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "LI", "--role", "viewer"], "already"),
        (["add", "", "--role", "viewer"], "cannot be the name"),
        (["add", "wang", "--role", "king"], "--role"),
        (["add", "wang"], "--role"),
        (["invite", "wang"], "no such user"),
        (["revoke", "li", "0"], "no such token"),
        (["token", "li", "--label", ""], "label"),
        (["token", "li", "--label", "a", "--days", "0"], "--days"),
        (["token", "li", "--label", "a", "--days", "9" * 5000], "--days"),
        (["token", "li", "--label", "a", "--days", "-1"], "--days"),
        (["token", "li", "--label", "a", "--days", "²"], "--days"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_and_answered_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    _said(capsys, folder, "add", "li", "--role", "viewer")
    assert main(["user", *words, "--home", str(folder)]) == 1
    assert said in capsys.readouterr().err


def test_a_mistyped_home_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "li", "--role", "admin", "--home", str(tmp_path / "typo")]) == 1
    assert "holds no archive" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
