"""The page of figures: plots for the eye, and below each a table that says the same."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.requests import Request

from models.errors import RequestInvalidError
from service.access.identity import demand
from service.access.roles import Right
from service.learning.figures import Figures
from service.web.figures import figures_now
from service.web.pages.render import render
from service.web.pages.route import PageRoute
from service.web.pages.visit import Person, Visit
from service.web.running import Run

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PLOTTED: Final = 15
"""Bars of one plot: more are not told apart; the table has all."""


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The figures of a time.

    Attributes:
        found: all of them.
        plots: what scripts draw, by the name of the plot.
    """

    found: Figures
    plots: dict[str, Any]


@router.get("/figures")
def shown(request: Request, running: Run, visit: Person) -> Response:
    """For those who correct and those who manage."""
    demand(visit.identity, Right.CORRECT)
    found = figures_now(running.store, _day(request, "from"), _day(request, "to"))
    return render(visit, "figures.html", FiguresPage(found, _plots(visit, found)))


def _day(request: Request, name: str) -> dt.date | None:
    text = request.query_params.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise RequestInvalidError(f"The field {name!r} names no day.", "Give it as 2024-03-31.") from None


def _plots(visit: Visit, found: Figures) -> dict[str, Any]:
    """Names in the reader's language; shares in percent."""
    fields = [each for each in found.fields if each.wrong.hits][:PLOTTED]
    return {
        "months": {
            "names": [each.month for each in found.months],
            "values": [_percent(each.untouched.share) for each in found.months],
        },
        "fields": {
            "names": [visit.named("field", each.name) for each in fields],
            "values": [_percent(each.wrong.share) for each in fields],
        },
        "slips": {
            "names": [visit.named("slip", each.name) for each in found.slips],
            "values": [each.count for each in found.slips],
        },
    }


def _percent(share: float) -> float:
    return round(100 * share, 3)
