"""Figures: how much people have to do, how good the machine is, what people correct."""

import datetime as dt
import re
from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from models.errors import StoreBusyError
from service.learning.figures import Figures, figures
from service.learning.taking_in import take_in
from service.store.opening import Store
from service.web.problems import problems
from service.web.running import Run
from service.web.shapes.figures import FiguresJson, figures_json
from service.web.who import Corrector

router = APIRouter(prefix="/figures", tags=["figures"])

YEAR: Final = dt.timedelta(days=364)
"""What is shown where nothing else is asked for, with today."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(text: object) -> object:
    """Only days as ISO 8601 writes them: pydantic takes 0 for the first of January 1970."""
    if isinstance(text, str) and _DAY.fullmatch(text) is None:
        raise ValueError("is no day such as 2024-03-31")
    return text


Day = Annotated[dt.date, BeforeValidator(_written)]
First = Annotated[Day | None, Query(alias="from", description="First day, UTC; a year before the last one by default.")]
Last = Annotated[Day | None, Query(alias="to", description="Last day, UTC; today by default.")]


@router.get("", responses=problems(401, 403, 422), summary="How good the machine is, and what people correct")
def told(running: Run, identity: Corrector, first: First = None, last: Last = None) -> FiguresJson:  # noqa: ARG001  the right is asked
    """Counted on approved forms; nothing is told of a person."""
    return figures_json(figures_now(running.store, first, last))


def figures_now(store: Store, first: dt.date | None, last: dt.date | None) -> Figures:
    """The figures of a time with what people did up to now, as far as it is counted within half a second.

    Raises:
        UsageError: the time ends before it begins.
        StoreError: the store cannot be read.
    """
    with suppress(StoreBusyError):  # somebody else writes: what he does is counted the next time
        take_in(store)
    until = last or dt.datetime.now(dt.UTC).date()
    since = first or dt.date.fromordinal(max(1, until.toordinal() - YEAR.days))
    return figures(store, since, until)
