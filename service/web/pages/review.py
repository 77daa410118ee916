"""One form under review: the page and its scan, an input at the place of every value, and all that the scripts need without asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask

from layouts.template_file import builtin_templates
from models.form import Form
from models.template import Template
from postprocess.names import Names
from postprocess.places import cells_of
from service.review.changes import Return, action_of
from service.review.opened import Opened, opened
from service.review.stops import stops
from service.review.trail import Event, trail
from service.store.reviews import ReviewState
from service.web.forms import FormKey
from service.web.pages.assets import FIXED
from service.web.pages.paper import Paper, Spot, paper_of
from service.web.pages.render import render
from service.web.pages.route import PageRoute
from service.web.pages.visit import Corrector
from service.web.pages.wording import spoken_texts
from service.web.problems import not_there
from service.web.running import Run, Running
from service.web.seen import place_of, seen_document, shown_name
from service.web.shapes.documents import form_id
from service.web.shapes.review import SheetJson, equation_json, sheet_json

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_SCRIPTS: Final = tuple(f"{FIXED}/review/{script.name}" for script in sorted(Path(__file__).parent.glob("static/review/*.js")))
"""Named in the page, so that a browser asks for all of them at once and not one after the other."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What the page of a review shows.

    Attributes:
        id: of the form.
        document: SHA-256 of its original, hex.
        name: of its file.
        project: of the form; empty where none was found.
        pages: of the document.
        paper: the form from top to bottom.
        sheet: as the API tells it.
        order: paths that need a person, the first first.
        kind: of the form.
        names: of cells in tables, as findings call them, by path.
        texts: what the scripts say.
    """

    id: str
    document: str
    name: str
    project: str
    pages: int
    paper: Paper
    sheet: SheetJson
    order: tuple[str, ...]
    kind: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    returned: Event | None

    def label(self, spot: Spot) -> str:
        """What the value at a place is called: by its row where it stands in a table."""
        return self.names.get(spot.path, spot.label)

    @property
    def static(self) -> str:
        """Where scripts and styles are that belong together."""
        return FIXED

    @property
    def scripts(self) -> tuple[str, ...]:
        """That the page is made of."""
        return _SCRIPTS

    @property
    def given(self) -> dict[str, Any]:
        """What the scripts find in the page."""
        return {"sheet": self.sheet.model_dump(mode="json"), "shown": dict(self.paper.shown), "order": list(self.order)}


@router.get("/review/{id}")
def one(running: Run, visit: Corrector, id: FormKey) -> Response:  # noqa: A002  the name in addresses
    """The form as it stands now."""
    place = place_of(id)
    document = seen_document(running, visit.someone, place.document)
    found = opened(running.office, place.document, place.number, visit.someone.user)
    if found is None:
        raise not_there()
    paper, form = paper_of(found.form), found.form
    template = next((each for each in builtin_templates() if each.name == form.template), None)
    order = dict.fromkeys(paper.shown.get(path, path) for path in stops(form, template, found.closed))
    page = ReviewPage(
        id=form_id(place.document, place.number),
        document=place.document,
        name=shown_name(running, visit.someone, document),
        project=form.fields["project_name"].text if "project_name" in form.fields else "",
        pages=document.pages,
        paper=paper,
        sheet=_sheet(running, found),
        order=tuple(order),
        kind=form.kind,
        names=_names(form, template),
        texts=spoken_texts(visit.language),
        returned=_returned(running, found),
    )
    reply = render(visit, "review.html", page)
    reply.background = BackgroundTask(running.prepare, found.standing)
    return reply


def _returned(running: Running, found: Opened) -> Event | None:
    """Who has sent the form back, and why; None where nobody has."""
    if found.entry is None or found.entry.state != ReviewState.RETURNED:
        return None
    events = trail(running.store, found.standing.document, found.standing.number)
    return next((event for event in reversed(events) if event.action == action_of(Return())), None)


def _names(form: Form, template: Template | None) -> dict[str, str]:
    if template is None:
        return {}
    cells = cells_of(form)
    names = Names(template, cells)
    return {str(place): names.of(place) for place in cells if place.table}


def _sheet(running: Running, found: Opened) -> SheetJson:
    standing = found.standing
    laid = running.equations.over(standing.document, standing.number, standing.version, found.form)
    written = [equation_json(each) for each in laid.every()] if laid is not None else []
    return sheet_json(found, written, running.office.policy)
