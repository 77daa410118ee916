"""A reader for tests whose inputs say what shall happen: ``pages=3 2=die`` has three pages, the second of which kills its worker.

What a page may do: ``die`` (always), ``die-once``, ``hang``, ``hang-once``, ``slow`` (half a second), ``fail`` (an error nobody foresaw),
``damaged``, ``full`` (the disk), ``broken`` (the installation), ``grow`` (takes 200 MB), ``hoard`` (takes 5 GB), ``append`` (changes the
input), ``child`` (starts a process that would outlive it), ``orphan`` (dies after that). ``inspect=…``, ``assemble=…`` and ``look=…`` do
the same at these stages, ``look=see`` sees something. ``kilobytes=400`` makes what is read on each page that long. Each page that is read
is noted in a file beside the input's folder.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from models.errors import DamagedError, InstallationError, OutputError
from models.form import Document, Field, Form, Problem, Review, Source, Status
from models.geometry import Box
from models.limits import Limits
from service.messages import Inspected, Region, Wanted
from service.reader import Assembly, SpoiltError

PLANNED = "tests.service.planned_reader:PlannedReader"
LOG = "pages-read"
PREPARE = "PLANNED_PREPARE"
"""Environment variable: the message with which loading fails."""
VERSION = "PLANNED_VERSION"
"""Environment variable: the reader's version, where it is another than ``planned-1``."""
_MARK = b"content of page "
_SEEN = b" seen again"
_GROWN: list[bytes] = []


class PlannedReader:
    """A `service.reader.Reader`."""

    version = os.environ.get(VERSION, "planned-1")

    def __init__(self, limits: Limits, target_error: float) -> None:  # noqa: ARG002  nothing is accepted on its pixels
        """Nothing to load."""
        self.limits = limits

    def inspect(self, path: Path) -> Inspected:
        """As many pages as the plan says."""
        plan = plan_of(path)
        _happen(plan.get("inspect", ""), path, "inspect")
        return Inspected(int(plan["pages"]), ())

    def prepare(self) -> None:
        """Nothing to load, but it may go wrong."""
        if PREPARE in os.environ:
            raise RuntimeError(os.environ[PREPARE])

    def read(self, path: Path, page: int) -> bytes:
        """Note the page, then do what the plan says."""
        with (path.parents[1] / LOG).open("a") as log:
            log.write(f"{path.name} {page}\n")
        plan = plan_of(path)
        _happen(plan.get(str(page), ""), path, str(page))
        return _MARK + f"{page} {path}".encode() + b"\n" + bytes(1024 * int(plan.get("kilobytes", "0")))

    def read_turned(self, path: Path, page: int, turns: int, others: Sequence[bytes]) -> bytes:  # noqa: ARG002
        """As any page."""
        return self.read(path, page)

    def read_region(self, path: Path, page: int, box: Box, turns: int | None, wanted: Wanted) -> Region:  # noqa: ARG002
        """Do what the plan says of the page, then say where the box begins."""
        _happen(plan_of(path).get(str(page), ""), path, str(page))
        return Region(f"{wanted.path} {box.left}", 0.5, ())

    def assemble(self, path: Path | None, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Assembly:
        """One form a page."""
        if not all(page.startswith(_MARK) for page in pages):
            raise SpoiltError
        names = [page.removeprefix(_MARK).removesuffix(_SEEN).partition(b"\n")[0].decode() for page in pages]
        numbers, paths = zip(*(name.split(" ", 1) for name in names), strict=True)
        plan = plan_of(Path(paths[0]))
        _happen(plan.get("assemble", ""), Path(paths[0]), "assemble")
        if path is not None:
            _happen(plan.get("look", ""), path, "look")
        seen = tuple(page + _SEEN for page in pages) if path is not None and plan.get("look") == "see" else ()
        return Assembly(Document(source, tuple(_form(int(number)) for number in numbers), tuple(problems)), 2, 0.5, seen)


def plan_of(path: Path) -> dict[str, str]:
    """What an input says; anything else is damaged."""
    try:
        return dict(word.split("=") for word in path.read_text("ascii").split())
    except ValueError as error:
        raise DamagedError(f"{path.name!r} is no plan.", "Write one.") from error


def pages_read(folder: Path) -> list[str]:
    """``name page`` for each page that any worker began to read."""
    log = folder.parent / LOG
    return log.read_text().splitlines() if log.exists() else []


def _form(page: int) -> Form:
    number = Field(str(page), Decimal(page), page, Box(0.1, 0.1, 0.2, 0.2), 0.99, Status.READ)
    return Form("self_evaluation", "planned@1", (page,), {"total_score": number}, review=Review.CLEAR)


def _happen(what: str, path: Path, where: str) -> None:
    if what:
        _ACTIONS[what](path, where)


def _die(_: Path, __: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _first_time(path: Path, where: str) -> bool:
    mark = path.with_name(f".{path.name}-{where}-once")
    first = not mark.exists()
    mark.touch()
    return first


def _die_once(path: Path, where: str) -> None:
    if _first_time(path, where):
        _die(path, where)


def _hang_once(path: Path, where: str) -> None:
    if _first_time(path, where):
        time.sleep(60)


def _damaged(path: Path, _: str) -> None:
    raise DamagedError(f"{path.name!r} is damaged.", "Scan it again.")


def _fail(_: Path, where: str) -> None:
    raise ZeroDivisionError(f"page {where}")


def _full(_: Path, __: str) -> None:
    raise OutputError("The disk is full.", "Free some space.")


def _broken(_: Path, __: str) -> None:
    raise InstallationError("The weights are gone.", "Run make setup.")


def _grow(_: Path, __: str) -> None:
    _GROWN.append(b"\1" * 200_000_000)


def _append(path: Path, _: str) -> None:
    with path.open("a") as plan:
        plan.write(" ")


def _child(path: Path, _: str) -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    path.with_name(".child").write_text(str(child.pid))
    time.sleep(60)


def _orphan(path: Path, where: str) -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    path.with_name(".child").write_text(str(child.pid))
    _die(path, where)


_ACTIONS: dict[str, Callable[[Path, str], None]] = {
    "die": _die,
    "die-once": _die_once,
    "hang": lambda _, __: time.sleep(60),
    "hang-once": _hang_once,
    "slow": lambda _, __: time.sleep(0.5),
    "fail": _fail,
    "damaged": _damaged,
    "full": _full,
    "broken": _broken,
    "grow": _grow,
    "child": _child,
    "orphan": _orphan,
    "append": _append,
    "see": lambda _, __: None,
    "hoard": lambda _, __: _GROWN.append(bytes(5_000_000_000)),
}
