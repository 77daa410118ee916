"""Figures over the wire. Shares are fractions (0-1) with the interval that holds the true one 95 times of 100."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from service.learning.figures import Figures

_Count = Annotated[int, Constraint(ge=0)]
_Share = Annotated[float, Constraint(ge=0, le=1)]


class _Told(BaseModel):
    """Taken from the noun of the same name in `service.learning.figures`."""

    model_config = ConfigDict(from_attributes=True)


class RateJson(_Told):
    """`hits` among `count`; where forms were drawn at different shares, `share` weighs them."""

    count: _Count
    hits: _Count
    share: _Share
    low: _Share
    high: _Share


class MonthJson(_Told):
    """Of the documents that came in a month: their forms, and those that no person had to touch."""

    month: Annotated[str, Constraint(examples=["2024-03"])]
    untouched: RateJson


class AccuracyJson(_Told):
    """How often the machine was wrong: of all that it read, and of what it asked nobody about."""

    name: Annotated[str, Constraint(description="Of a field, a template, or what a page was read from.", examples=["funds.executed"])]
    wrong: RateJson
    accepted: RateJson


class ChecksJson(_Told):
    """Random checks of clear forms, which alone tell how often an accepted field is wrong."""

    waiting: Annotated[int, Constraint(ge=0, description="Forms that were drawn and are not approved yet.")]
    forms: Annotated[RateJson, Constraint(description="Approved, with those of which a field was wrong.")]
    fields: Annotated[RateJson, Constraint(description="Accepted on them, with those that were wrong.")]


class SecondsJson(_Told):
    """From taking a form to approving it; forms that took more than an hour are left out."""

    forms: _Count
    median: Annotated[float, Constraint(ge=0)]
    slow: Annotated[float, Constraint(ge=0, description="Nine of ten took no longer.")]


class ConfusionJson(_Told):
    """A character that was read for another; ∅ for one that was lost or made up."""

    read: str
    printed: str
    count: _Count


class NamedJson(_Told):
    """How often something was met."""

    name: str
    count: _Count


class FiguresJson(_Told):
    """What is known of a time."""

    first: dt.date
    last: dt.date
    months: list[MonthJson]
    untouched: Annotated[RateJson, Constraint(description="Forms of documents that came then, with those that needed nobody.")]
    approved: Annotated[RateJson, Constraint(description="Forms approved then, with those of which a field was wrong.")]
    arranged: Annotated[int, Constraint(ge=0, description="Approved forms that people had put together anew.")]
    behind: Annotated[int, Constraint(ge=0, description="Corrections that are not counted yet: ask again.")]
    checks: ChecksJson
    seconds: SecondsJson
    fields: list[AccuracyJson]
    templates: list[AccuracyJson]
    sources: list[AccuracyJson]
    slips: Annotated[list[NamedJson], Constraint(description="Kinds of change.")]
    confusions: list[ConfusionJson]
    closed: Annotated[list[NamedJson], Constraint(description="Rules whose findings were closed as wrong on paper.")]


def figures_json(found: Figures) -> FiguresJson:
    """``found`` over the wire."""
    return FiguresJson.model_validate(found)
