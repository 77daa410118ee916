"""The page of figures: plots for the eye, and below each a table that says the same."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.requests import Request

from layouts.template_file import builtin_templates
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

    def label(self, name: str) -> str:
        """What the paper calls a field; empty where it has no label of its own."""
        label = label_of(name)
        return label if label != name else ""


def _labels() -> dict[str, str]:
    """What the paper calls each field, by its name, or table and column."""
    found: dict[str, str] = {}
    for template in builtin_templates():
        single = {spec.name: spec.labels for spec in template.fields}
        columns = {f"{table.name}.{column.name}": column.headings for table in template.tables for column in table.columns}
        found |= {name: printed[0] for name, printed in (single | columns).items() if printed and printed[0] and name not in found}
    return found


_LABELS: Final = _labels()


def label_of(name: str) -> str:
    """What the paper calls a field; its name where it has no label of its own."""
    return _LABELS.get(name, name)


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
        "fields": {"names": [label_of(each.name) for each in fields], "values": [_percent(each.wrong.share) for each in fields]},
        "slips": {
            "names": [visit.named("slip", each.name) for each in found.slips],
            "values": [each.count for each in found.slips],
        },
    }


def _percent(share: float) -> float:
    return round(100 * share, 3)
