"""Which files a run reads: the inputs as given, folders searched in depth, always in the same order, nothing dropped in silence."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from models.errors import InputError, NotFoundError
from ocr.opening import check_inside

_DROPPINGS = frozenset({"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"})
"""What Windows, macOS, NAS boxes and file systems leave in folders, lower case. Hidden names and Office locks (``~$``) go with them."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One input.

    Attributes:
        path: absolute, the folder it was found in resolved.
        relative: below the folder that was given; the bare name where a file was given.
        given: as a person would name it.
        refusal: why it is not even opened; None where it may be.
    """

    path: Path
    relative: PurePath
    given: PurePath
    refusal: InputError | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A name that is no input, and why."""

    path: PurePath
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The inputs in order, and what was passed over."""

    files: tuple[InputFile, ...]
    ignored: tuple[Ignored, ...]


def find_inputs(given: Sequence[Path], out: Path, is_result: Callable[[Path], bool]) -> Found:
    """All inputs behind ``given``, each once: in the order given, within a folder by the bytes of the names.

    Args:
        given: files and folders.
        out: folder of the results; what lies below it is no input where it lies inside a given folder.
        is_result: tells results of earlier runs in ``out``, for the case that this is itself a given folder.
    """
    files: dict[Path, InputFile] = {}
    ignored: list[Ignored] = []
    for start in given:
        for found in _behind(start, out, is_result):
            if isinstance(found, Ignored):
                ignored.append(found)
            elif found.path in files:
                ignored.append(Ignored(found.given, "given twice"))
            else:
                files[found.path] = found
    return Found(tuple(files.values()), tuple(ignored))


def _behind(start: Path, out: Path, is_result: Callable[[Path], bool]) -> Iterator[InputFile | Ignored]:
    if os.path.isdir(start):  # noqa: PTH112 - Path.is_dir raises for a name too long or a folder without rights
        return _walk(start, out, is_result)
    place = Path(os.path.realpath(start.parent)) / start.name  # Path.resolve raises for a loop of links
    return iter((InputFile(place, PurePath(start.name), start),))


def _walk(start: Path, out: Path, is_result: Callable[[Path], bool]) -> Iterator[InputFile | Ignored]:
    """Depth first with a stack of its own: hostile folders are nested deeper than Python may call."""
    root = start.resolve()
    stack = [(root, True)]
    while stack:
        path, is_folder = stack.pop()
        relative = path.relative_to(root)
        given = start / relative
        if path != root and (reason := _reason_to_ignore(path, root, out, is_result)):
            yield Ignored(given, reason)
        elif not is_folder:
            yield InputFile(path, relative, given, _refusal(path, root))
        else:
            try:
                stack += sorted(_entries(path), key=lambda entry: os.fsencode(entry[0]), reverse=True)
            except OSError as error:
                yield InputFile(path, relative, given, _unreadable(path, error))


def _entries(folder: Path) -> Iterator[tuple[Path, bool]]:
    """What lies in ``folder``, and whether it is itself a folder (a link is none)."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield Path(entry.path), entry.is_dir(follow_symlinks=False)


def _reason_to_ignore(path: Path, root: Path, out: Path, is_result: Callable[[Path], bool]) -> str:
    """Why ``path`` is no input; empty where it is one."""
    name = path.name.lower()
    if name in _DROPPINGS or name.startswith((".", "~$")):
        return "hidden or left by a system"
    if path == out:
        return "the output folder"
    if is_result(path):
        return "a result of an earlier run"
    return "a link to a folder that is searched anyway" if _is_link_to_own_folder(path, root) else ""


def _is_link_to_own_folder(path: Path, root: Path) -> bool:
    try:
        return path.is_symlink() and path.is_dir() and path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a loop of links, or a path too long: refused as a file further on
        return False


def _refusal(path: Path, root: Path) -> InputError | None:
    """Why the file at ``path`` must not be opened: it is a link out of ``root``."""
    try:
        check_inside(path, root)
    except InputError as error:
        return error
    return None


def _unreadable(path: Path, error: OSError) -> NotFoundError:
    return NotFoundError(f"The folder {path.name!r} cannot be searched: {error.strerror}.", "Give this user the right to read it.")
