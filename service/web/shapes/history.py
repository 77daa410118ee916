"""What was done to a form, and what has become of it, over the wire."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from service.review.differences import Difference
from service.review.trail import Event
from service.web.shapes.documents import Moment
from service.web.shapes.forms import Path, Version


class PastCorrectionJson(BaseModel):
    """One thing that somebody did."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2020-03-01T08:15:00.000000Z",
                    "user": "张三",
                    "version": 4,
                    "action": "add_row",
                    "path": "",
                    "text_before": "",
                    "text": "",
                    "reason": "",
                    "payload": {"action": "add_row", "table": "indicators", "row": 3},
                    "hidden": False,
                }
            ]
        }
    )

    at: Moment
    user: str
    version: Annotated[int, Constraint(ge=1, description="Of the record that it made.")]
    action: Annotated[str, Constraint(description="What was done.", examples=["set_field"])]
    path: Annotated[str, Constraint(description="Of the field, as it was called then; empty where none is meant.")]
    text_before: str
    text: str
    reason: str
    payload: Annotated[dict[str, Any], Constraint(description="What the others do not say; empty for a plain correction.")]
    hidden: Annotated[bool, Constraint(description="Somebody's keying of a field that two people key: what he said is not told as yet.")]


class HistoryJson(BaseModel):
    """What was done to a form, the oldest first."""

    corrections: list[PastCorrectionJson]


class DifferenceJson(BaseModel):
    """A field that is not as it was."""

    path: Path
    before: Annotated[str | None, Constraint(description="Its text; null where there was no such field.")]
    after: Annotated[str | None, Constraint(description="Its text; null where there is no such field any more.")]
    user: Annotated[str, Constraint(description="Who said so, or whose change made the rules say so; empty where nobody did.")]
    at: Annotated[str, Constraint(description="When, UTC, ISO 8601; empty where nobody did.")]


class DifferencesJson(BaseModel):
    """What has become of a form since a version of it was seen."""

    version: Version
    fields: list[DifferenceJson]


def event_json(event: Event) -> PastCorrectionJson:
    """``event`` over the wire."""
    return PastCorrectionJson(
        at=event.at,
        user=event.user,
        version=event.version,
        action=event.action,
        path=event.path,
        text_before=event.text_before,
        text=event.text,
        reason=event.reason,
        payload=json.loads(event.payload) if event.payload else {},
        hidden=event.hidden,
    )


def difference_json(found: Difference, events: Sequence[Event]) -> DifferenceJson:
    """``found`` over the wire, with who is behind it: the last who spoke of that field, else the last who did anything."""
    by = next((event for event in reversed(events) if event.path == found.path), events[-1] if events else None)
    return DifferenceJson(
        path=found.path,
        before=found.before,
        after=found.after,
        user=by.user if by is not None else "",
        at=by.at if by is not None else "",
    )
