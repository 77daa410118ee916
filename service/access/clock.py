"""Time as it is kept: UTC, ISO 8601 with microseconds, so that the order of the texts is that of the moments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, with a zone."""


def system_clock() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """``moment`` as `service.store.writing.now` writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.fromisoformat(text)
