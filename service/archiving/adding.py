"""``formtally archive add``: every scan below folders becomes a document of the store; what is known by its content is only noted again."""

import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path, PurePath

from models.errors import ExitCode, InputError, UsageError
from models.limits import Limits
from ocr.opening.source import Source, opened
from service.ending import ends_orderly
from service.inputs import InputFile, find_inputs
from service.report import print_line
from service.settings import limits_of, setting_values
from service.store.documents import Found, Registered, register
from service.store.home import home_of
from service.store.opening import Store, open_store
from service.wording import display, plural, printable

PATTERN_OPTION = "--pattern"

YEARS = range(1990, 2100)
"""What a number in a path may mean by a year: budget performance has been evaluated since the 2000s."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one file: ``registered``, or why not."""

    file: InputFile
    registered: Registered | None
    refusal: InputError | None = None


def run(options: Namespace) -> ExitCode:
    """Register what is below the folders and say how much was new; 2 where something could not be read.

    Raises:
        FormTallyError: the store cannot be written.
        KeyboardInterrupt: Ctrl-C or a signal to end; what was registered stays.
    """
    limits = limits_of(setting_values({}, os.environ))
    pattern = path_pattern(options.pattern)
    with ends_orderly(), open_store(home_of(options)) as store:
        counted = {"new": 0, "known": 0, "refused": 0}
        for added in add(store, [Path(name).absolute() for name in options.folders], pattern, limits):
            counted[_kind(added)] += 1
            if added.refusal is not None:
                print_line(f"{display(added.file.given)}: {added.refusal.code}: {printable(str(added.refusal))}", sys.stderr)
    print_line(f"{plural(counted['new'], 'document')} added, {counted['known']} known, {counted['refused']} refused.", sys.stdout)
    return ExitCode.INPUT if counted["refused"] else ExitCode.OK


def add(store: Store, folders: Sequence[Path], pattern: re.Pattern[str] | None, limits: Limits) -> Iterator[Added]:
    """Register every scan below ``folders``, one after the other.

    Args:
        store: where to.
        folders: absolute; files too.
        pattern: by `path_pattern`; tells year and unit from a path.
        limits: of a file's size.

    Raises:
        StoreError: nothing more can be written.
    """
    for file in find_inputs(folders, store.home.folder, lambda _: False).files:
        try:
            yield Added(file, add_file(store, file, pattern, limits))
        except InputError as error:
            yield Added(file, None, error)


def add_file(store: Store, file: InputFile, pattern: re.Pattern[str] | None, limits: Limits) -> Registered:
    """Register one scan.

    Raises:
        InputError: it cannot be read, or changed meanwhile.
        StoreError: it cannot be kept.
    """
    if file.refusal is not None:
        raise file.refusal
    year, unit = told_by(pattern, file.path)
    with opened(file.path, limits) as source, FileIO(source.descriptor, closefd=False) as raw:
        return register(store, Found(PurePath(file.path), year, unit), _Unchanged(raw, source))


class _Unchanged(BufferedReader):
    """What is read of a file, refused at its end where the file changed since it was opened: it may be of two scans."""

    def __init__(self, raw: FileIO, source: Source) -> None:
        super().__init__(raw)
        self._source = source

    def read(self, size: int | None = -1, /) -> bytes:
        """See `BufferedReader`; an answer that is empty is the end.

        Raises:
            DamagedError: the file changed.
        """
        block = super().read(size)
        if not block:
            self._source.check_unchanged()
        return block


def path_pattern(text: str | None) -> re.Pattern[str] | None:
    """A regular expression with the groups ``year`` and ``unit``, either of which may be missing; None where none is given.

    Raises:
        UsageError: it is none, or has neither group.
    """
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UsageError(f"{PATTERN_OPTION} is no regular expression: {error}.", "Such as '(?P<year>20\\d\\d)/(?P<unit>[^/]+)'.") from error
    if not {"year", "unit"} & set(pattern.groupindex):
        raise UsageError(f"{PATTERN_OPTION} names neither year nor unit.", "Such as '(?P<year>20\\d\\d)/(?P<unit>[^/]+)'.")
    return pattern


def told_by(pattern: re.Pattern[str] | None, path: Path) -> tuple[int | None, str]:
    """Year (None where it is not told) and unit (empty) that ``path`` tells."""
    found = pattern.search(path.as_posix()) if pattern is not None else None
    told = found.groupdict() if found is not None else {}
    year = told.get("year") or ""
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    return (number if number in YEARS else None), (told.get("unit") or "").strip()


def _kind(added: Added) -> str:
    if added.registered is None:
        return "refused"
    return "known" if added.registered.known else "new"
