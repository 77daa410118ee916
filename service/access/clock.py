"""The time, as whoever asks may set it, and as it was kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, with a zone."""


def system_clock() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def moment_of(text: str) -> datetime:
    """The inverse of `service.store.writing.stamp`."""
    return datetime.fromisoformat(text)
