"""What lists are asked with, and how OpenAPI says that a reply is bytes."""

from typing import Annotated, Final

from fastapi import Query

MOST_ROWS = 200
"""Of one page of a list."""

BYTES: Final[dict[str, object]] = {"schema": {"type": "string", "format": "binary"}}
"""In OpenAPI: a reply that is no text."""

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"

Year = Annotated[int | None, Query(ge=1, le=9999, description="Of the form, or of the place of the scan.", examples=[2020])]
Unit = Annotated[str | None, Query(max_length=200, pattern=_NO_CONTROLS, description="To the letter.", examples=["上海市教育委员会"])]
After = Annotated[str, Query(max_length=400, pattern="^[A-Za-z0-9_-]*$", description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Word = Annotated[str | None, Query(max_length=200, pattern=_NO_CONTROLS)]
Text = Annotated[str, Query(max_length=200, pattern=_NO_CONTROLS, description="Words that stand in the form.", examples=["信息化 运维"])]
