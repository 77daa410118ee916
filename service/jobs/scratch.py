"""A folder in the home for what one process works on; it goes with the process, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from service.jobs.alive import absent
from service.store.faults import disk_faults
from service.store.opening import Store
from service.wording import display


@contextmanager
def scratch(store: Store, name: str) -> Iterator[Path]:
    """A folder of the process called ``name`` alone, gone afterwards; those of processes that were killed go too.

    Args:
        store: whose home it is in.
        name: whose lock is held (`service.jobs.alive.present`) for the block.

    Raises:
        StoreError: it cannot be made.
    """
    folder = store.home.folder / "scratch"
    with disk_faults(f"The folder {display(folder)!r}"):
        folder.mkdir(exist_ok=True)
    for gone in absent(store, [path.name for path in folder.iterdir()]):
        rmtree(folder / gone, ignore_errors=True)
    mine = folder / name
    with disk_faults(f"The folder {display(folder)!r}"):
        mine.mkdir()
    try:
        yield mine
    finally:
        rmtree(mine, ignore_errors=True)
