"""Archives as seen from their doors: commands run in processes of their own, what an archive then says, and what lies in its home."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.store.documents import State
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import document, documents_in, forms
from tests.service.planned_reader import LOG

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""For anything to happen; on an idle machine all of it takes less than five."""


def command(*words: str | Path) -> list[str]:
    """The program and its arguments."""
    return [sys.executable, "-m", "tests.service.run_door", *map(str, words)]


def environment() -> dict[str, str]:
    """For programs that are started elsewhere than in `ROOT`."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


def run(*words: str | Path, within: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``within`` is a program that starts it, with its arguments."""
    started = [*within, *command(*words)]
    return subprocess.run(started, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=ROOT, env=environment())


@contextmanager
def started(*words: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """A command at work, as a terminal would have started it; killed at the end of the block."""
    process = subprocess.Popen(command(*words), cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(holds: Callable[[], object]) -> None:
    """Look again and again, `SECONDS` at the most."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < SECONDS, "it did not happen"
        time.sleep(0.05)


def descendants(process: int) -> list[int]:
    """Processes that ``process`` and its children started, and that still live."""
    folders = Path(f"/proc/{process}/task").glob("*")
    children = [int(child) for task in folders for child in (task / "children").read_text().split()]
    return children + [each for child in children for each in descendants(child)]


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def one_sentence(ended: subprocess.CompletedProcess[str]) -> str:
    """The message with which a command gave up: exit code 4, and nothing else on stderr, neither a trace nor what libraries log.

    Lines about documents are no part of it.
    """
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("/")]
    assert ended.returncode == 4, ended.stderr
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("formtally: "), ended.stderr
    return lines[0]


def told(home: Path, database: str = "") -> dict[str, object]:
    """Everything that an archive says, but for times."""
    with open_store(find_home(str(home), database or None, None, {})) as store:
        known = [document(store, sha256) for state in State for sha256 in documents_in(store, state)]
        return {each.sha256: each for each in known if each is not None} | {"forms": list(forms(store))}


def originals(home: Path) -> set[str]:
    """The SHA-256 of every original, each of which is what its name says."""
    found = [path for path in (home / "originals").rglob("*") if path.is_file() and path.name != LOG and not path.name.startswith(".")]
    for path in found:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    return {path.name for path in found}


def left(home: Path) -> list[Path]:
    """What programs at work leave in a home only while they live."""
    return [path for name in ("processes", "scratch", "staging") for path in (home / name).glob("*")]
