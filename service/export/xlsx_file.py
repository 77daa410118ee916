"""The workbook of the core, of any forms of the archive."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from postprocess.tables import Json
from service.document_json import form_json
from service.export.columns import count_fields
from service.export.exported import Exported
from service.store.stored import StoredForm
from service.workbook import draw_workbook


def write_xlsx(forms: Iterable[StoredForm], file: BinaryIO) -> Exported:
    """Write the workbook of ``forms``; its rows are in memory until the end, about 2 kB each (`service.workbook`)."""
    counted = [Exported()]

    def counting() -> Iterator[Json]:
        for stored in forms:
            counted[0] = counted[0].with_form(count_fields(stored))
            yield _document(stored)

    draw_workbook(counting(), file)
    return counted[0]


def _document(stored: StoredForm) -> Json:
    """The form as the only one of its document, which it says its number in, with what people have said of it."""
    people = {"state": stored.reviewed.state.value, "by": stored.reviewed.by, "at": stored.reviewed.at}
    form = form_json(stored.form).model_dump(mode="json") | {"number": stored.number, "reviewed": people}
    return {"source": {"name": stored.path}, "forms": [form], "problems": []}
