"""One form of the archive with where it comes from: what exports and the audit read."""

from dataclasses import dataclass

from models.form import Form
from service.store.reviewed import UNTOUCHED, Reviewed


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form as it stands in the store.

    Attributes:
        document: SHA-256 of the original, hex.
        number: place of the form in its document, from 1.
        version: of the form's record, from 1; each correction makes a new one.
        path: where the original was first found, as text; data, never to be opened.
        year: that the path or the form tells; None where neither does.
        unit: of the path, else of the form (主管部门, 申报单位名称); empty where neither tells.
        form: the record.
        reviewed: what people have said of it.
    """

    document: str
    number: int
    version: int
    path: str
    year: int | None
    unit: str
    form: Form
    reviewed: Reviewed = UNTOUCHED
