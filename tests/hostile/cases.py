"""Writes the hostile files into a folder: contents, names, links and things that are no files at all."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from models import errors
from tests.hostile.image_cases import IMAGE_RECIPES
from tests.hostile.pdf_cases import PDF_RECIPES, sound_pdf
from tests.hostile.recipe import Recipe

_NAMES = (
    "-rf.pdf",
    "--help.pdf",
    "line\nbreak.pdf",
    "tab\tand\x07bell.pdf",
    "财政项目支出绩效自评表（二〇二〇年度）.pdf",
    "emoji 🧾.pdf",
    "quote ' and \" and `id`.pdf",
    "$(touch pwned).pdf",
    "%s%n{0}.pdf",
    "=1+1.pdf",
    "C:\\con.pdf",
    "é decomposed e\u0301.pdf",
    "right to left \u202efdp.pdf",
    os.fsdecode(b"not utf-8 \xff\xfe.pdf"),
    "x" * 251 + ".pdf",
    " .pdf",
)
"""Names of a sound PDF; every one must open."""
_SPARSE_BYTES = 2_000_000_000
"""Over the default limit on the size of a file; takes no room on the disk."""


@dataclass(frozen=True, slots=True)
class HostileCase:
    """A hostile file in place.

    Attributes:
        name: what it is, unique.
        path: where it is.
        expected: code of the error under the default limits; None where it opens.
        page: 1-based page that is lost with ``expected``, all others open; 0 where the whole file is.
        warning: code of the warning it is read with; "" where there is none.
    """

    name: str
    path: Path
    expected: str | None
    page: int = 0
    warning: str = ""


def write_hostile(folder: Path) -> list[HostileCase]:
    """Write all hostile files into the existing, empty ``folder``; one thing that is linked to lies beside it.

    Takes about a second and 30 MB of disk. No file needs more than seconds under the default limits.
    """
    cases = [_written(folder, recipe) for recipe in (*PDF_RECIPES, *IMAGE_RECIPES)]
    cases += [_written(folder, Recipe(name, None, sound_pdf)) for name in _NAMES]
    return cases + _links(folder) + _no_files(folder) + [_sparse(folder)]


def _written(folder: Path, recipe: Recipe) -> HostileCase:
    path = folder / recipe.name
    path.write_bytes(recipe.make())
    return HostileCase(ascii(recipe.name), path, recipe.expected, recipe.page, recipe.warning)


def _links(folder: Path) -> list[HostileCase]:
    outside = folder.parent / f"{folder.name} outside.pdf"
    outside.write_bytes(sound_pdf())
    targets = (
        ("link_out.pdf", str(outside), errors.OutsideFolderError.code),
        ("link_out_relative.pdf", f"../{outside.name}", errors.OutsideFolderError.code),
        ("link_to_zeros.pdf", "/dev/zero", errors.OutsideFolderError.code),
        ("link_to_own_memory.pdf", "/proc/self/mem", errors.OutsideFolderError.code),
        ("link_to_nothing.pdf", "nothing.pdf", errors.NotFoundError.code),
        ("link_to_itself.pdf", "link_to_itself.pdf", errors.NotFoundError.code),
        ("link_inside.pdf", "pdf_named.png", None),
    )
    for name, target, _ in targets:
        (folder / name).symlink_to(target)
    return [HostileCase(name, folder / name, expected) for name, _, expected in targets]


def _no_files(folder: Path) -> list[HostileCase]:
    os.mkfifo(folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket may have 107 bytes only
        try:
            server.bind("socket.pdf")
        finally:
            os.chdir(here)
    unknown = errors.UnknownTypeError.code
    return [HostileCase(name, folder / name, unknown) for name in ("pipe.pdf", "socket.pdf")]


def _sparse(folder: Path) -> HostileCase:
    path = folder / "two_gigabytes.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.truncate(_SPARSE_BYTES)
    return HostileCase(path.name, path, errors.TooLargeError.code)
