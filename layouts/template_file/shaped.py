"""Plain values into the shapes of the schema, faults collected instead of raised."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from layouts.template_file.faults import Fault, Place

Shape = TypeVar("Shape", bound=BaseModel)

_MESSAGES = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "string_type": "must be text; put it in quotes if it looks like a number",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "model_type": "must be a mapping (key: value)",
}
"""What pydantic says in words of its own, by its type of error."""


def shaped(shape: type[Shape], value: object, place: Place, faults: list[Fault]) -> Shape | None:
    """``value`` as a ``shape``; None and the reasons added to ``faults`` where it is not one."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults.extend(Fault((*place, *one["loc"]), _MESSAGES.get(one["type"], one["msg"])) for one in found)
        return None
