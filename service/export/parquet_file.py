"""The tidy table as Parquet: typed columns, numbers as decimal128, so that sums are exact in whatever reads them.

Text was the other choice for numbers: exact as well, and of any length, but every reader would have to convert it, and most would convert
it to floats.
"""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from service.export.columns import COLUMNS, NUMBER_DIGITS, NUMBER_PLACES, SCHEMA, Column, Row, Sort, rows_of
from service.export.exported import Exported
from service.store.stored import StoredForm

ROWS_A_GROUP = 50_000
"""Rows held in memory until they are written: with texts of usual length about 50 MB."""

TYPES: Mapping[Sort, Any] = {
    Sort.TEXT: pa.string(),
    Sort.WHOLE: pa.int32(),
    Sort.DECIMAL: pa.decimal128(NUMBER_DIGITS, NUMBER_PLACES),
    Sort.DATE: pa.date32(),
    Sort.MOMENT: pa.timestamp("us", tz="UTC"),
    Sort.FRACTION: pa.float64(),
}


def parquet_schema() -> Any:
    """The `pyarrow.Schema` of the file; its metadata names the schema."""
    return pa.schema([_field(column) for column in COLUMNS], metadata={"schema": SCHEMA})


def write_parquet(forms: Iterable[StoredForm], file: BinaryIO) -> Exported:
    """Write every field of ``forms``, `ROWS_A_GROUP` rows at a time."""
    counted, schema, waiting = Exported(), parquet_schema(), list[Row]()
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for stored in forms:
            before = len(waiting)
            waiting.extend(rows_of(stored))
            counted = counted.with_form(len(waiting) - before)
            if len(waiting) >= ROWS_A_GROUP:
                writer.write_batch(_batch(waiting, schema))
                waiting.clear()
        if waiting or counted.fields == 0:
            writer.write_batch(_batch(waiting, schema))
    return counted


def _field(column: Column) -> Any:
    return pa.field(column.name, TYPES[column.sort], nullable=column.optional, metadata={"meaning": column.meaning})


def _batch(rows: list[Row], schema: Any) -> Any:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.record_batch([pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema)
