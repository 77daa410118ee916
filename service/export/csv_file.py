"""The tidy table as CSV: UTF-8 with a byte order mark (Excel asks for it), commas, lines ended by CR LF (RFC 4180)."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from service.export.cells import disarmed
from service.export.columns import COLUMNS, rows_of
from service.export.exported import Exported
from service.store.stored import StoredForm

ENCODING = "utf-8-sig"


def write_csv(forms: Iterable[StoredForm], file: BinaryIO) -> Exported:
    """Write every field of ``forms``; one form at a time is in memory."""
    counted = Exported()
    text = io.TextIOWrapper(file, encoding=ENCODING, newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in COLUMNS])
    for stored in forms:
        rows = [[_written(value) for value in row] for row in rows_of(stored)]
        writer.writerows(rows)
        counted = counted.with_form(len(rows))
    text.flush()
    text.detach()  # the file is the caller's
    return counted


def _written(value: str | float | Decimal | date | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return disarmed(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
        case date():
            return value.isoformat()
        case _:
            return repr(value)
