"""``GET /export``: the forms that a filter finds, as one file."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from models.errors import RequestInvalidError
from service.export.export import Format, export
from service.store.listed import FormFilter, FormRow
from service.store.listing import MOST_ROWS, list_forms
from service.store.opening import Store
from service.store.originals import BLOCK
from service.store.reading import form
from service.store.stored import StoredForm
from service.web.forms import Wanted
from service.web.problems import problems
from service.web.running import Run
from service.web.shapes.lists import BYTES
from service.web.who import Exporter

router = APIRouter(tags=["forms"])

MOST_IN_A_WORKBOOK: Final = 5000
"""Forms; its rows are in memory until the end, 200 MB for so many. The other formats take one form after the other."""

_TYPES: Final = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSON: "application/jsonl",
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, to be saved. What is in it: docs/export.md.",
        "content": dict.fromkeys(_TYPES.values(), BYTES),
    }
}


async def _placed(running: Run, identity: Exporter) -> AsyncIterator[None]:
    """A dependency: a place in the lane, kept until the file is taken, since it is on the disk for as long."""
    async with running.exports.place(identity.user):
        yield


@router.get(
    "/export",
    dependencies=[Depends(_placed, scope="request")],
    response_class=StreamingResponse,
    responses=_FILE | problems(401, 403, 422, 429),
    summary="Export forms",
)
async def forms(
    running: Run, identity: Exporter, wanted: Wanted, kind: Annotated[Format, Query(alias="format")] = Format.XLSX
) -> StreamingResponse:
    """The forms that `GET /forms` lists with the same filters, newest first; only what the user may see."""
    most = MOST_IN_A_WORKBOOK if kind is Format.XLSX else running.settings.most_exported
    async with running.folder() as folder:
        filtered = replace(wanted, owner=identity.sees)
        file = await running.exports.run(_written, running.store, filtered, kind, folder / "forms", most)
    headers = {"Content-Disposition": f'attachment; filename="forms.{kind}"'}
    return StreamingResponse(_blocks(file), headers=headers, media_type=_TYPES[kind])


def _written(store: Store, wanted: FormFilter, kind: Format, target: Path, most: int) -> BinaryIO:
    """The export, open; its name may go."""
    export(_stored(store, wanted, most), kind, target)
    return target.open("rb")


def _stored(store: Store, wanted: FormFilter, most: int) -> Iterator[StoredForm]:
    """One form after the other: no transaction stays open, and a form that goes meanwhile is left out."""
    for row in _listed(store, wanted, most):
        found = form(store, row.document, row.number)
        if found is not None:
            yield found if wanted.owner is None else replace(found, path=row.name)  # nobody is told another's name for his file


def _listed(store: Store, wanted: FormFilter, most: int) -> list[FormRow]:
    """All that are to be exported; a list takes a hundredth of the time that their fields do.

    Raises:
        RequestInvalidError: they are more than ``most``.
    """
    rows: list[FormRow] = []
    after = ""
    while True:
        page = list_forms(store, wanted, after, MOST_ROWS)
        rows += page.items
        if len(rows) > most:
            raise RequestInvalidError(f"More than {most} forms match.", "Narrow the filters, or run `formtally export`.")
        after = page.next
        if not after:
            return rows


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block
