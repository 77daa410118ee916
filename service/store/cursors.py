"""Where a list goes on: the place of the last row shown, as a word that the caller hands back and need not understand."""

import base64
import json
from collections.abc import Sequence
from typing import Final, TypeAlias

from models.errors import UsageError

Place: TypeAlias = tuple[int | str, ...]
"""The values that a list is ordered by."""

_LONGEST: Final = 400
"""Characters of a cursor; ours have less than 200."""

_HIGHEST: Final = 2**31 - 1
"""That an id can be."""


def cursor(place: Place) -> str:
    """``place`` as a word of letters, digits, ``-`` and ``_``."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def place_of(word: str, kinds: Sequence[type[int] | type[str]]) -> Place:
    """The place behind `cursor`, whose values are of these ``kinds``.

    Raises:
        UsageError: ``word`` is no cursor of such a list.
    """
    found = _decoded(word) if len(word) <= _LONGEST else None
    if not isinstance(found, list) or [type(value) for value in found] != list(kinds) or not all(map(_possible, found)):
        raise UsageError("The list cannot go on from there.", "Give what the page before names as its next, or begin anew.")
    return tuple(found)


def _decoded(word: str) -> object:
    """The JSON in ``word``; None where there is none."""
    try:
        return json.loads(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None


def _possible(value: int | str) -> bool:
    return value.isascii() and value.isprintable() if isinstance(value, str) else 0 < value <= _HIGHEST
