"""Small documents to be stored."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePath

from models.form import Document, Field, Finding, Form, Problem, Review, Source, Status, Verdict
from models.geometry import Box
from models.matched import UNKNOWN, Slot, UnknownCell
from models.template import Severity
from service.store.documents import Found, register
from service.store.opening import Store
from service.store.saving import save_document
from service.store.schema import USERS
from service.store.writing import now

BOX = Box(0.1, 0.2, 0.3, 0.4)
AMOUNT = Field("980,710", Decimal(980710), 1, BOX, 0.99, Status.READ)
FINDING = Finding("funds_sum", Severity.ERROR, Verdict.ON_PAPER, "合计不符", ("tables.funds[0].executed",), "3", "4")


def words(text: str) -> Field:
    """A field of text."""
    return Field(text, text or None, 1, BOX, 0.9, Status.READ if text else Status.BLANK)


def form_of(project: str = "环保项目", year: str = "2020", unit: str = "上海市某局") -> Form:
    """A self-evaluation with one row of funds and one finding."""
    fields = {"project_name": words(project), "year": words(year), "department": words(unit)}
    funds = {"source": words("年度资金总额"), "executed": AMOUNT}
    return Form("self_evaluation", "shanghai/self_evaluation@1", (1,), fields, {"funds": (funds,)}, (FINDING,), Review.CLEAR)


def unknown_form() -> Form:
    """A table that fits no template: one cell, and a line beside it."""
    cell = UnknownCell(0, 1, 2, 3, Slot(1, BOX, ()))
    return Form(UNKNOWN, "", (1,), unplaced=(words("附注"),), cells=(cell,), cell_fields=(words("甲"),))


def document_of(sha256: str, *forms: Form, problems: tuple[Problem, ...] = ()) -> Document:
    """What was read from a document of two pages."""
    return Document(Source("a.pdf", sha256, 2), forms, problems)


def add(store: Store, content: bytes = b"%PDF-1", path: str = "甲/2020/a.pdf", unit: str = "", year: int | None = None) -> str:
    """Register a document; its SHA-256."""
    return register(store, Found(PurePath(path), year, unit), io.BytesIO(content)).sha256


def add_read(store: Store, *forms: Form, content: bytes = b"%PDF-1", version: str = "3+a") -> str:
    """Register a document and save what was read; its SHA-256."""
    sha256 = add(store, content)
    save_document(store, sha256, version, document_of(sha256, *(forms or (form_of(),))))
    return sha256


def changed(form: Form, project: str) -> Form:
    """``form`` of another project."""
    return replace(form, fields={**form.fields, "project_name": words(project)})


def add_user(store: Store, name: str) -> None:
    """Let the store know a user."""
    with store.database.writing() as connection:
        connection.execute(USERS.insert(), {"name": name, "added_at": now()})
