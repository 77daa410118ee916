"""What a reviewer has shown on a page, over the wire: a box, or which way up it stands."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Constraint

SMALLEST: Final = 0.001
"""Least width and height of a box, fractions of the page: 0.2 mm of A4. A dash is wider; a click is a box of nothing."""

NO_NUL: Final = r"^[^\x00]*$"
"""No database keeps that character."""

Fraction = Annotated[float, Constraint(ge=0, le=1, allow_inf_nan=False)]
Confidence = Annotated[float, Constraint(ge=0, le=1, description="Probability that the text is exactly what stands there.")]


class RegionJson(BaseModel):
    """A box that a reviewer has drawn."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"page": 1, "box": [0.42, 0.31, 0.51, 0.33], "path": "tables.funds[0].executed"}]},
    )

    page: Annotated[int, Constraint(ge=1, le=9999)]
    box: Annotated[
        list[Fraction],
        Constraint(
            min_length=4, max_length=4, description="[left, top, right, bottom] as fractions of the page as stored, as `box` of a field."
        ),
    ]
    path: Annotated[
        str,
        Constraint(
            max_length=200, description="Of the field that it is to fill: its kind and usual words help to read it. Empty for any text."
        ),
    ] = ""

    @model_validator(mode="after")
    def _some_room(self) -> Self:
        left, top, right, bottom = self.box
        if right - left < SMALLEST or bottom - top < SMALLEST:
            raise ValueError(f"the box is less than {SMALLEST} of the page wide or high")
        return self


class ReadingJson(BaseModel):
    """One reading of what stands in a box."""

    text: str
    confidence: Confidence


class RegionReadJson(BaseModel):
    """What stands in a box."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "980,710", "confidence": 0.9996, "alternatives": [{"text": "980,770", "confidence": 0.0004}]}]
        }
    )

    text: Annotated[str, Constraint(description="Lines put together as those of a cell; empty where nothing is.")]
    confidence: Confidence
    alternatives: Annotated[list[ReadingJson], Constraint(description="Best first.")]


class TurnJson(BaseModel):
    """Which way up a page stands."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"degrees": 180, "versions": {"1": 1, "2": 3}, "reason": "倒置"}]}
    )

    degrees: Annotated[Literal[0, 90, 180, 270], Constraint(description="Clockwise, from the page as stored to upright.")]
    versions: Annotated[
        dict[Annotated[int, Constraint(ge=1, le=9999)], Annotated[int, Constraint(ge=1)]],
        Constraint(max_length=1000, description="Of the forms of the document, by number, as they were seen."),
    ]
    reason: Annotated[str, Constraint(max_length=2000, pattern=NO_NUL)] = ""


class TurnedJson(BaseModel):
    """What came of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"versions": {"1": 2, "2": 4}, "forms": [1]}]})

    versions: Annotated[dict[int, int], Constraint(description="That each form concerned stands at, by number.")]
    forms: Annotated[list[int], Constraint(description="Those of them that there are now.")]
