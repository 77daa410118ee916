"""How pages write sizes and moments."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

_STEP = 1000


def written_bytes(count: int) -> str:
    """``481 kB``: decimal units, as the limits of uploads are given."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < _STEP:
            return f"{size:.3g} {unit}" if unit != "B" else f"{count} B"
        size /= _STEP
    return f"{size:.3g} GB"


def written_moment(moment: str) -> str:
    """``2020-03-01 08:15``, still UTC; a browser that runs our script shows its own zone's instead."""
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def written_clock(moment: str) -> str:
    """``08:15`` of a moment that is near."""
    return written_moment(moment)[-5:]


WRITTEN: Final[Mapping[str, Callable[..., str]]] = MappingProxyType(
    {"bytes": written_bytes, "moment": written_moment, "clock": written_clock}
)
"""Filters of the templates."""
