"""Where the result of each input is written: below the output folder as the input lies below its own, and never over another's."""

import hashlib
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path, PurePath

from service.inputs import InputFile
from service.writing import STATE

WORKBOOK = "forms.xlsx"
SUMMARY = "summary.json"
_LONGEST_NAME = 255
"""Bytes in one name, on every usual file system."""

_LONGEST_PATH = 3800
"""Bytes in a path; Linux allows 4095, and the longest name may still be added."""


class Names:
    """Gives each input of a run a file name of its own; the same inputs in the same order get the same names."""

    def __init__(self, out: Path) -> None:
        """Start with the names of the run's own files taken."""
        self._out = out
        self._files = {PurePath(WORKBOOK), PurePath(SUMMARY), STATE}
        self._folders: set[PurePath] = set()

    def claim(self, file: InputFile, is_mine: Callable[[Path], bool]) -> PurePath:
        """The first name that is free, below the output folder.

        Args:
            file: the input.
            is_mine: whether a file that exists already is an earlier result of this very input.
        """
        deep = len(os.fsencode(self._out / file.relative)) > _LONGEST_PATH
        relative = _flat(file.relative) if deep else file.relative
        name = next(name for name in _candidates(relative) if self._free(name, is_mine))
        self._files.add(name)
        self._folders.update(name.parents)
        return name

    def _free(self, name: PurePath, is_mine: Callable[[Path], bool]) -> bool:
        if name in self._files or name in self._folders or not self._files.isdisjoint(name.parents):
            return False
        path = self._out / name
        return not os.path.lexists(path) or is_mine(path)


def _candidates(relative: PurePath) -> Iterator[PurePath]:
    """``a.json``, ``a.pdf.json``, ``a.pdf~2.json``, … in the input's own folder."""
    folder = PurePath(*map(_folder, relative.parts[:-1]))
    yield folder / _fitting(relative.stem, ".json")
    yield folder / _fitting(relative.name, ".json")
    for number in count(2):
        yield folder / _fitting(relative.name, f"~{number}.json")


def _folder(part: str) -> str:
    """A folder must not take the name that a file below the output folder has or may want."""
    return _fitting(part, "~") if part in (WORKBOOK, STATE.name) or part.endswith(".json") else part


def _flat(relative: PurePath) -> PurePath:
    """A file nested deeper than a path below the output folder can say: one folder, named after the digest of the real ones."""
    return PurePath("~" + hashlib.sha256(os.fsencode(relative.parent)).hexdigest()[:16], relative.name)


def _fitting(name: str, end: str) -> str:
    """``name`` and ``end``, where too long with a digest instead of the rest of ``name``."""
    raw = os.fsencode(name)
    if len(raw) + len(end) <= _LONGEST_NAME:
        return name + end
    digest = hashlib.sha256(raw).hexdigest()[:16]
    return os.fsdecode(raw[: _LONGEST_NAME - len(end) - len(digest) - 1]) + "~" + digest + end
