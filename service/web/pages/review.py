"""One form under review: the page and its scan, an input at the place of every value, and all that the scripts need without asking."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask
from starlette.requests import Request

from layouts.template_file import builtin_templates
from postprocess.equations import Equations
from service.review.changes import Return, action_of
from service.review.keying import unkeyed
from service.review.opened import Opened, opened
from service.review.stops import stops
from service.review.trail import Event, trail
from service.store.reviews import ReviewState
from service.web.forms import FormKey
from service.web.pages.assets import PATH
from service.web.pages.paper import Paper, Spot, paper_of
from service.web.pages.render import render_in_parts
from service.web.pages.route import PageRoute
from service.web.pages.visit import Corrector
from service.web.pages.wording import spoken_texts
from service.web.problems import not_there, request_id_of
from service.web.running import Run, Running
from service.web.seen import place_of, seen_document, shown_name
from service.web.shapes.documents import form_id
from service.web.shapes.review import equations_json, sheet_json

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_STATIC: Final = Path(__file__).with_name("static")
_OWN: Final = sorted(_STATIC.glob("review/*.js"))
_SHARED: Final = sorted({name for script in _OWN for name in re.findall(r'from "\.\./(\w+\.js)"', script.read_text("utf-8"))})
_SCRIPTS: Final = (*(f"{PATH}/review/{script.name}" for script in _OWN), *(f"{PATH}/{name}" for name in _SHARED))
"""Named in the page, so that a browser asks for all of them at once and not one after the other."""


@dataclass(frozen=True)
class ReviewPage:
    """What the page of a review shows. What its head does not say is worked out when it comes to be written.

    Attributes:
        id: of the form.
        name: of its file.
        pages: of the document.
        found: the form as it is opened.
        returned: who has sent it back; None where nobody has.
        running: by what equations are laid, and what the rules about people are.
        texts: what the scripts say.
    """

    id: str
    name: str
    pages: int
    found: Opened
    returned: Event | None
    running: Running
    texts: Mapping[str, str]

    @property
    def document(self) -> str:
        """SHA-256 of the original, hex."""
        return self.found.standing.document

    @property
    def kind(self) -> str:
        """Of the form."""
        return self.found.form.kind

    @property
    def project(self) -> str:
        """Of the form; empty where none was found."""
        named = self.found.form.fields.get("project_name")
        return named.text if named is not None else ""

    @cached_property
    def paper(self) -> Paper:
        """The form from top to bottom."""
        return paper_of(self.found.form)

    def label(self, spot: Spot) -> str:
        """What the value at a place is called: by its row where it stands in a table."""
        return self._names.get(spot.path, spot.label)

    def status(self, spot: Spot) -> str:
        """How far the value at a place can be trusted, or that a person has said what stands there."""
        return "settled" if spot.path in self._settled else spot.field.status

    @property
    def scripts(self) -> tuple[str, ...]:
        """That the page is made of."""
        return _SCRIPTS

    @property
    def given(self) -> dict[str, Any]:
        """What the scripts find in the page: the form as the API tells it, and which paths need a person, the first first."""
        form, shown = self.found.form, self.paper.shown
        sheet = sheet_json(self.found, equations_json(self.found, self._laid), self.running.office.policy)
        template = next((each for each in builtin_templates() if each.name == form.template), None)
        asked = stops(form, template, self.found.closed, unkeyed(self.found.double_keyed))
        order = dict.fromkeys(shown.get(path, path) for path in asked)
        return {"sheet": sheet.model_dump(mode="json"), "shown": dict(shown), "order": list(order)}

    @cached_property
    def _laid(self) -> Equations | None:
        standing = self.found.standing
        return self.running.equations.over(standing.document, standing.number, standing.version, standing.form)

    @cached_property
    def _settled(self) -> frozenset[str]:
        return frozenset(self.found.settled)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return self._laid.names if self._laid is not None else {}


@router.get("/review/{id}")
def one(request: Request, running: Run, visit: Corrector, id: FormKey) -> Response:  # noqa: A002  the name in addresses
    """The form as it stands now."""
    place = place_of(id)
    document = seen_document(running, visit.someone, place.document)
    found = opened(running.office, place.document, place.number, visit.someone.user)
    if found is None:
        raise not_there()
    page = ReviewPage(
        id=form_id(place.document, place.number),
        name=shown_name(running, visit.someone, document),
        pages=document.pages,
        found=found,
        returned=_returned(running, found),
        running=running,
        texts=spoken_texts(visit.language),
    )
    return render_in_parts(visit, "review.html", page, request_id_of(request), BackgroundTask(running.prepare, found.standing))


def _returned(running: Running, found: Opened) -> Event | None:
    """Who has sent the form back, and why; None where nobody has."""
    if found.entry is None or found.entry.state != ReviewState.RETURNED:
        return None
    events = trail(running.store, found.standing.document, found.standing.number)
    return next((event for event in reversed(events) if event.action == action_of(Return())), None)
