"""What was read, as a table for the eye: one row a form, Chinese columns aligned."""

from collections.abc import Iterable, Mapping
from itertools import islice

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.form import Document, Field, Finding, Form, Review, Status
from models.template import Severity
from service.wording import plural, printable

ROWS = 200
"""Forms shown; more are in the workbook, where they can be searched."""

_NAME_WIDTH = 40
"""Columns for a project name; Chinese characters take two each."""

_PIPE_WIDTH = 160
"""Columns where stdout is no terminal."""

_KINDS = {"self_evaluation": "自评表", "performance_target": "目标表", "unknown": "unknown"}
_FIGURES = {"self_evaluation": "total_score", "performance_target": "current_budget"}
"""The one number that says most about a form."""


def print_results(documents: Iterable[Document]) -> None:
    """A table of the forms of ``documents`` on stdout."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=_PIPE_WIDTH)
    table = Table("File", "Page", "Form", "Year", "Project", box=None, pad_edge=False)
    table.add_column("Score/budget", justify="right")
    table.add_column("Review")
    forms = ((document, form) for document in documents for form in document.forms)
    for document, form in islice(forms, ROWS):
        table.add_row(*_row(document, form))
    console.print(table)
    if (more := sum(1 for _ in forms)) > 0:
        console.print(f"... and {plural(more, 'more form')} in the workbook")


def _row(document: Document, form: Form) -> tuple[Text, ...]:
    pages = f"{form.pages[0]}-{form.pages[-1]}" if len(form.pages) > 1 else str(form.pages[0])
    texts = {name: _shown(form.fields, name) for name in ("year", "project_name", _FIGURES.get(form.kind, ""))}
    cells = (document.source.name, pages, _KINDS.get(form.kind, form.kind), *texts.values())
    return (*(Text(_short(printable(cell)), overflow="fold") for cell in cells), _review(form))


def _shown(fields: Mapping[str, Field], name: str) -> str:
    field = fields.get(name)
    return "" if field is None else field.text


def _short(text: str) -> str:
    return text if cell_len(text) <= _NAME_WIDTH else set_cell_size(text, _NAME_WIDTH - 1) + "…"


def _review(form: Form) -> Text:
    if form.review is Review.CLEAR:
        return Text("clear", style="green")
    doubtful = sum(field.status is Status.DOUBTFUL for field in _all_fields(form))
    errors = _errors(form.findings)
    reasons = [f"{doubtful} doubtful"] * (doubtful > 0) + [f"{errors} contradicted"] * (errors > 0)
    return Text("review" + ": " * bool(reasons) + ", ".join(reasons), style="red" if errors else "yellow")


def _errors(findings: tuple[Finding, ...]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)


def _all_fields(form: Form) -> Iterable[Field]:
    yield from form.fields.values()
    for rows in form.tables.values():
        for row in rows:
            yield from row.values()
    yield from form.cell_fields
