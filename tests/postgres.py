"""A PostgreSQL cluster of the tests' own, on a Unix socket in a temporary folder, gone with the block."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_PROGRAMS = Path("/usr/lib/postgresql")
_OWNER = "postgres"
"""The server refuses to run as root; Debian's package makes this user."""

_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=40",
    "shared_buffers=16MB",
)
_STARTING_SECONDS = 60
_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder of the newest server that is installed; None where there is none."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running cluster; its URL, without the name of a database."""
    folder = Path(tempfile.mkdtemp(prefix="formtally-pg-"))  # the path of a socket may have 107 bytes: pytest's folders are too deep
    root = os.geteuid() == 0
    try:
        if root:
            shutil.chown(folder, _OWNER, _OWNER)
        data = folder / "data"
        _run(root, programs / "initdb", "-D", data, "-U", "formtally", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories={folder}"))
        _run(root, programs / "pg_ctl", "-D", data, "-w", "-t", _STARTING_SECONDS, "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql://formtally@/{{}}?host={folder}"
        finally:
            _run(root, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart(programs: Path, url: str) -> None:
    """Kill the server of the cluster at ``url`` as a power cut does, and start it again."""
    data = Path(url.partition("host=")[2]) / "data"
    _run(
        os.geteuid() == 0,
        programs / "pg_ctl",
        "-D",
        data,
        "-m",
        "immediate",
        "-w",
        "-t",
        _STARTING_SECONDS,
        "-l",
        data.parent / "log",
        "restart",
    )


def new_database(url: str, template: str = "template1") -> str:
    """The URL of a new database in the cluster at ``url``: empty, or a copy of ``template``, to which nobody may be connected."""
    name = f"test{next(_NUMBERS)}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(copied)
    return url.format(name)


def _run(root: bool, *command: object) -> None:
    words = [*(("runuser", "-u", _OWNER, "--") if root else ()), *map(str, command)]
    done = subprocess.run(words, cwd="/", check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment())
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
