"""One form: as on the paper, every value with the sign of how far it can be trusted, findings first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Response

from models.form import Field, Finding
from models.template import Severity
from service.review.opened import settled_by_people
from service.store.form_rows import fields_of
from service.store.progress import FormHead
from service.store.stored import StoredForm
from service.web.forms import FormKey
from service.web.pages.paper import Paper, paper_of
from service.web.pages.render import render
from service.web.pages.route import PageRoute
from service.web.pages.visit import Person
from service.web.running import Run
from service.web.seen import seen_document, seen_form, shown_name
from service.web.shapes.documents import form_url

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_WORST_FIRST: Final = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and where on the page the cells stand that it speaks of (those that the page shows)."""

    finding: Finding
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What the page of a form shows.

    Attributes:
        form: the record.
        name: of its file.
        paper: the form from top to bottom.
        findings: the worst first.
        heads: all forms of the document.
        settled: paths of the fields of which people have said what stands there: the record calls them confirmed.
    """

    form: StoredForm
    name: str
    paper: Paper
    findings: Sequence[Found]
    heads: Sequence[FormHead]
    settled: frozenset[str]

    @property
    def id(self) -> str:
        """Of the form."""
        return f"{self.form.document}.{self.form.number}"

    @property
    def accused(self) -> frozenset[str]:
        """Paths that a finding speaks of."""
        return frozenset(cell for found in self.findings for cell in found.cells)

    def status(self, path: str, field: Field) -> str:
        """What is said of a field: as the record has it, or that a person has settled it."""
        return "settled" if path in self.settled else field.status.value

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of its fields have each of these."""
        return Counter(self.status(path, field) for path, field in fields_of(self.form.form).items())

    def crop(self, path: str) -> str:
        """Address of the picture of the value at ``path``."""
        return f"{form_url(self.form.document, self.form.number)}/fields/{quote(path, safe='')}/crop.png"


@router.get("/forms/{id}")
def one(running: Run, visit: Person, id: FormKey) -> Response:  # noqa: A002  the name in addresses
    """The record as it stands now."""
    stored = seen_form(running, visit.someone, id)
    document = seen_document(running, visit.someone, stored.document)
    paper = paper_of(stored.form)
    page = RecordPage(
        form=stored,
        name=shown_name(running, visit.someone, document),
        paper=paper,
        findings=_findings(stored, paper),
        heads=document.forms,
        settled=settled_by_people(running.office, stored.document, stored.number),
    )
    return render(visit, "record.html", page)


def _findings(stored: StoredForm, paper: Paper) -> list[Found]:
    ordered = sorted(stored.form.findings, key=lambda finding: _WORST_FIRST.index(finding.severity))
    shown = paper.shown
    return [Found(each, tuple(dict.fromkeys(shown[cell] for cell in each.cells if cell in shown))) for each in ordered]
