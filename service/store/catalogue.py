"""The catalogue: an entry for each form, written and withdrawn with its record, that lists and search go by."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from models.form import Form, Status
from service.store.form_rows import fields_of
from service.store.reviewed import ReviewedState
from service.store.schema import CATALOGUE, CATALOGUE_OWNERS, CATALOGUE_RULES, OWNERS
from service.store.search import forget_text, keep_text, searchable
from service.store.writing import plain

_TAKEN_OVER = ("document", "version", "kind", "template", "review", "year", "unit", "project", "made_at")
"""Columns that are those of `forms`."""


def enter(connection: Connection, row: Mapping[str, object], form: Form, state: str, reviewed: ReviewedState) -> None:
    """Add the entry of a record.

    Args:
        connection: in the transaction that writes the record.
        row: of `forms`.
        form: what the row tells.
        state: of the document.
        reviewed: how far people have come with it.
    """
    fields = fields_of(form).values()
    values = {name: row[name] for name in _TAKEN_OVER} | {
        "form": row["number"],
        "state": state,
        "doubtful": sum(field.status == Status.DOUBTFUL for field in fields),
        "findings": len(form.findings),
        "reviewed": reviewed.value,
    }
    entry = connection.execute(CATALOGUE.insert().returning(CATALOGUE.c.id), values).scalar_one()
    owners = select(CATALOGUE.c.id, OWNERS.c.user).join(OWNERS, OWNERS.c.document == CATALOGUE.c.document).where(CATALOGUE.c.id == entry)
    connection.execute(CATALOGUE_OWNERS.insert().from_select(["entry", "user"], owners))
    if rules := {finding.rule for finding in form.findings}:
        connection.execute(CATALOGUE_RULES.insert(), [{"entry": entry, "rule": rule} for rule in sorted(rules)])
    keep_text(connection, entry, searchable([plain(str(row["unit"])), *(field.text for field in fields)]))


def withdraw(connection: Connection, document: str, number: int) -> None:
    """Take the entry of a form away, before its record goes."""
    key = (CATALOGUE.c.document == document, CATALOGUE.c.form == number)
    entry = connection.scalar(select(CATALOGUE.c.id).where(*key))
    if entry is not None:
        forget_text(connection, entry)
        connection.execute(CATALOGUE.delete().where(CATALOGUE.c.id == entry))
