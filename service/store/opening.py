"""A store, opened: its database with the tables of this program, its originals, contents and images."""

from pathlib import Path
from typing import Self

from models.errors import UsageError
from service.store.contents import PageContents
from service.store.database import Database
from service.store.faults import disk_faults
from service.store.files import Files, open_files
from service.store.home import Home
from service.store.images import PageImages
from service.store.originals import Originals
from service.store.upgrading import has_tables, upgrade
from service.wording import display

_PRIVATE = 0o700
"""Of the home folder: what is on the forms is nobody else's."""


class Store:
    """One archive; usable from several processes and machines at once.

    Attributes:
        home: where it lives.
        database: documents, forms, corrections.
        files: originals and contents, by name.
        originals: as they came.
        contents: what was read on each page.
        images: pages as pictures, cached.
    """

    def __init__(self, home: Home, database: Database, files: Files) -> None:
        """Put together what `open_store` has opened."""
        self.home = home
        self.database = database
        self.files = files
        self.originals = Originals(files)
        self.contents = PageContents(files)
        self.images = PageImages(cache_of(home), self.originals)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()


def open_store(home: Home) -> Store:
    """The store at ``home``, made where there is none, its tables brought to what this program expects.

    Raises:
        UsageError: the URL of database or files cannot be understood.
        StoreNewerError: a newer program made it.
        StoreError: it cannot be read or written.
    """
    make_home(home.folder)
    files = open_files(home.files, cache_of(home))
    database = Database(home.database)
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return Store(home, database, files)


def open_existing(home: Home) -> Store:
    """The store at ``home``, for what makes no sense in a new one.

    Raises:
        UsageError: there is none.
        StoreError: see `open_store`.
    """
    with Database(home.database) as database:
        if not has_tables(database):
            raise UsageError(f"{database.place} holds no archive.", "Check --home and --database.")
    return open_store(home)


def make_home(folder: Path) -> None:
    """Make the home folder, for this user alone; one that exists is left as it is.

    Raises:
        StoreError: it cannot be made.
    """
    with disk_faults(f"The folder {display(folder)!r}"):
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)


def cache_of(home: Home) -> Path:
    """Folder for what can be made again at any time."""
    return home.folder / "cache"
