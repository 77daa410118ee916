"""What a backup says of itself: the file ``manifest.json`` in its folder, written last."""

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import StoreDamagedError, UsageError
from service.store.faults import disk_faults, fault
from service.store.history import Head
from service.wording import display

MANIFEST: Final = "manifest.json"


class Manifest(BaseModel):
    """A backup; ``database`` is empty where its first run has not ended.

    Attributes:
        made_at: UTC.
        database: name of the SQLite file in the folder.
        sha256: of that file, hex.
        documents: in it.
        corrections: in it.
        head: hash of the last correction.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal["formtally/backup/1"] = "formtally/backup/1"
    made_at: str = ""
    database: str = ""
    sha256: str = ""
    documents: int = 0
    corrections: int = 0
    head: str = ""

    @property
    def history(self) -> Head:
        """The end of the history that the backup holds."""
        return Head(self.corrections, self.head)


def read_manifest(folder: Path) -> Manifest:
    """What the backup in ``folder`` says of itself.

    Raises:
        UsageError: there is no backup, or none that ended.
        StoreDamagedError: it cannot be understood.
    """
    with disk_faults(f"The folder {display(folder)!r}"):
        try:
            data = (folder / MANIFEST).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise UsageError(f"{display(folder)!r} holds no backup.", "Give a folder that `formtally backup` has written.") from None
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise fault(StoreDamagedError, f"The file {display(folder / MANIFEST)!r}") from error
    if not manifest.database:
        raise UsageError(f"The backup in {display(folder)!r} was never finished.", "Run `formtally backup` again.")
    return manifest
