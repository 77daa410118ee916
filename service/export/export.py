"""Forms of the archive to one file."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from service.export.csv_file import write_csv
from service.export.exported import Exported
from service.export.json_lines import write_json
from service.export.parquet_file import write_parquet
from service.export.xlsx_file import write_xlsx
from service.store.stored import StoredForm
from service.writing import replacing


class Format(StrEnum):
    """What forms are written as; originals become searchable PDF/A by `service.export.searchable`."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


_WRITERS: Mapping[Format, Callable[[Iterable[StoredForm], BinaryIO], Exported]] = {
    Format.XLSX: write_xlsx,
    Format.CSV: write_csv,
    Format.PARQUET: write_parquet,
    Format.JSON: write_json,
}


def export(forms: Iterable[StoredForm], kind: Format, target: Path) -> Exported:
    """Write ``forms``, in their order, to the file ``target``, which is there as a whole at the end or as it was before.

    Memory does not grow with the number of forms, except for a workbook.

    Raises:
        OutputError: ``target`` cannot be written.
    """
    with replacing(target) as file:
        return _WRITERS[kind](forms, file)
