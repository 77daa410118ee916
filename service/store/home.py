"""Where an archive lives: one home folder, the database (a file in it, or a PostgreSQL URL) and its files (in it, or a bucket).

Standard library only, so that ``formtally --help`` stays quick; the URL is understood by `service.store.database`.
"""

import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

HOME_OPTION, HOME_VARIABLE = "--home", "FORMTALLY_HOME"
DATABASE_OPTION, DATABASE_VARIABLE = "--database", "FORMTALLY_DATABASE"
FILES_OPTION, FILES_VARIABLE = "--files", "FORMTALLY_FILES"
HOME_HELP = "folder of the archive"
DATABASE_HELP = "URL of the database; one with a password belongs into the variable, since other users see command lines"
FILES_HELP = "folder, or URL of a bucket as fsspec writes it, for originals and pages read"

DATABASE_FILE = "formtally.sqlite3"


@dataclass(frozen=True, slots=True)
class Home:
    """An archive's place.

    Attributes:
        folder: holds everything that has no other place; also the cache of page images.
        database: URL; may hold a password, and is therefore never shown.
        files: folder or fsspec URL of originals and pages; may hold a key, and is therefore never shown.
    """

    folder: Path
    database: str = field(repr=False)
    files: str = field(repr=False)


def find_home(home: str | None, database: str | None, files: str | None, environment: Mapping[str, str]) -> Home:
    """The archive that options (None where not given), else environment variables, else defaults name.

    The folder is ``~/.local/share/formtally`` (below ``XDG_DATA_HOME`` where that is set), the database and the files are in it.
    """
    named = home or environment.get(HOME_VARIABLE, "")
    data = environment.get("XDG_DATA_HOME", "")
    shared = Path(data) if data and Path(data).is_absolute() else Path(environment.get("HOME", "~")).expanduser() / ".local" / "share"
    folder = (Path(named) if named else shared / "formtally").absolute()
    return Home(
        folder,
        database or environment.get(DATABASE_VARIABLE, "") or f"sqlite:///{quote(str(folder / DATABASE_FILE), errors='surrogateescape')}",
        files or environment.get(FILES_VARIABLE, "") or str(folder),
    )


def home_of(options: Namespace) -> Home:
    """The archive that a command line names (`service.cli.add_place`), in this process's environment."""
    return find_home(options.home, options.database, options.files, os.environ)
