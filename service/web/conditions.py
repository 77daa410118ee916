"""``If-Match`` and ``If-None-Match``: lists of entity tags (RFC 9110, 8.8.3 and 13.1).

Tags of ours hold no comma and no tag holds a quotation mark, so that a list may be cut at its commas.
"""

from collections.abc import Iterable

_WEAK = "W/"
_ANY = ["*"]


def is_match(lines: Iterable[str], tag: str) -> bool:
    """Whether ``If-Match``, of one line or several, lets a change of what has the strong ``tag`` happen; a weak tag never does."""
    given = _tags(lines)
    return given == _ANY or tag in given


def is_known(lines: Iterable[str], tag: str) -> bool:
    """Whether ``If-None-Match`` says that the caller has what has ``tag``, weakly compared."""
    given = _tags(lines)
    return given == _ANY or tag in [each.removeprefix(_WEAK) for each in given]


def _tags(lines: Iterable[str]) -> list[str]:
    return [tag for line in lines for each in line.split(",") if (tag := each.strip(" \t"))]
