"""``formtally archive watch``: scans that appear below a folder are registered as soon as they are whole."""

import math
import os
import re
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import ExitCode, InputError, NotFoundError
from models.limits import Limits
from service.archiving.adding import Added, add_file, path_pattern
from service.ending import ends_orderly
from service.inputs import InputFile, find_inputs
from service.report import print_line
from service.settings import limits_of, setting_values
from service.store.home import home_of
from service.store.opening import Store, open_store
from service.wording import display, printable

QUIET_SECONDS = 5.0
"""A file counts when neither its size nor its times have changed for so long: scanners and copies over a network write in bursts."""

LOOK_SECONDS = 1.0
"""Between looks at the folder: little beside the seconds that a file must be quiet."""

MOST_PAUSE_SECONDS = 600.0
"""Between tries at a file that is refused: the first comes soon, for a share that hiccups; what no try mends must not cost much."""

Stamp = tuple[int, int, int]
"""Size, time of the last change, inode: what a write or a rename changes."""

_NOWHERE: Stamp = (-1, 0, 0)
"""Of what cannot even be looked at."""


@dataclass(slots=True)
class _Sight:
    """A file as it was last seen.

    Attributes:
        stamp: when it was seen first as it is.
        due: when it is to be taken, s; infinite once it was.
        pause: until the try after the next refusal, s.
        told: why it was refused last; empty where it was not.
    """

    stamp: Stamp
    due: float
    pause: float
    told: str = ""


@dataclass(slots=True)
class Watch:
    """A folder under watch. What is refused is tried again, after longer and longer pauses, and told once.

    Attributes:
        store: where to.
        folder: absolute.
        pattern: tells year and unit from a path.
        limits: of a file's size.
        quiet: seconds without change.
    """

    store: Store
    folder: Path
    pattern: re.Pattern[str] | None
    limits: Limits
    quiet: float = QUIET_SECONDS
    _sights: dict[Path, _Sight] = field(default_factory=dict)

    def look(self, now: float) -> Iterator[Added]:
        """Register what has been quiet for long enough.

        Args:
            now: seconds, of a clock that never goes back.

        Raises:
            StoreError: nothing can be written.
        """
        files = {file.path: file for file in find_inputs([self.folder], self.store.home.folder, lambda _: False).files}
        self._forget_gone(files)
        for path, file in files.items():
            sight, stamp = self._sights.get(path), _stamp(path)
            if sight is not None and stamp in (sight.stamp, _NOWHERE):
                if now >= sight.due and (added := self._tried(file, sight, now)) is not None:
                    yield added
            elif stamp[0] != 0:
                self._sights[path] = _Sight(stamp, now + self.quiet, self.quiet)

    def _forget_gone(self, files: Mapping[Path, InputFile]) -> None:
        """Forget what is there no more; what lies below a folder that cannot be searched just now may still be there."""
        closed = [path for path, file in files.items() if file.refusal is not None or path == self.folder]
        for path in self._sights.keys() - files.keys():
            if not any(path.is_relative_to(folder) for folder in closed):
                del self._sights[path]

    def _tried(self, file: InputFile, sight: _Sight, now: float) -> Added | None:
        """What came of another try; None where that was told already."""
        try:
            registered = add_file(self.store, file, self.pattern, self.limits)
        except InputError as error:
            told, sight.told = sight.told, str(error)
            sight.due, sight.pause = now + sight.pause, min(2 * sight.pause, MOST_PAUSE_SECONDS)
            return Added(file, None, error) if sight.told != told else None
        sight.due = math.inf
        return Added(file, registered)


def run(options: Namespace) -> ExitCode:
    """Watch until a signal to end; a line for each scan.

    Raises:
        FormTallyError: the store cannot be written.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    limits = limits_of(setting_values({}, os.environ))
    folder = Path(options.folder).resolve()
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {display(folder)!r}.", "Check the path.")
    with ends_orderly(), open_store(home_of(options)) as store:
        watch = Watch(store, folder, path_pattern(options.pattern), limits)
        while True:
            for added in watch.look(time.monotonic()):
                _tell(added)
            time.sleep(LOOK_SECONDS)


def _tell(added: Added) -> None:
    name = display(added.file.given)
    if added.registered is None:
        error = added.refusal
        print_line(f"{name}: {error.code if error else ''}: {printable(str(error))}", sys.stderr)
    else:
        print_line(f"{name}: {'known' if added.registered.known else 'added'}", sys.stdout)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return _NOWHERE
    return status.st_size, status.st_mtime_ns, status.st_ino
