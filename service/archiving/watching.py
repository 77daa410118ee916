"""``formtally archive watch``: scans that appear below a folder are registered as soon as they are whole."""

import os
import re
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
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

Stamp = tuple[int, int, int]
"""Size, time of the last change, inode: what a write or a rename changes."""


@dataclass(slots=True)
class Watch:
    """A folder under watch.

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
    _seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _done: dict[Path, Stamp] = field(default_factory=dict)

    def look(self, now: float) -> Iterator[Added]:
        """Register what has been quiet for long enough.

        Args:
            now: seconds, of a clock that never goes back.

        Raises:
            StoreError: nothing can be written.
        """
        files = {file.path: file for file in find_inputs([self.folder], self.store.home.folder, lambda _: False).files}
        for gone in self._seen.keys() - files.keys():
            del self._seen[gone]
        for path, file in files.items():
            stamp = _stamp(path)
            if stamp is None or self._done.get(path) == stamp or stamp[0] == 0:
                continue
            first = self._seen.get(path)
            if first is None or first[0] != stamp:
                self._seen[path] = (stamp, now)
            elif now - first[1] >= self.quiet:
                self._done[path] = stamp
                yield self._added(file)

    def _added(self, file: InputFile) -> Added:
        try:
            return Added(file, add_file(self.store, file, self.pattern, self.limits))
        except NotFoundError as error:
            self._done.pop(file.path, None)
            return Added(file, None, error)
        except InputError as error:
            return Added(file, None, error)


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


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
