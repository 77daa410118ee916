"""How long people have had a form in their hands: all their holdings together, without the hours in between.

An entry of the queue has one holding, `taken_at` to `taken_until`. Whoever takes the form after somebody else begins as much earlier as
people have held it before; so what is between the two moments is all of it.
"""

from datetime import datetime, timedelta
from typing import Final

from service.store.writing import Record, stamp

MINUTES: Final = 15
"""How long a form stays with who took it, unless he keeps it; a form takes two minutes, a hard one ten."""


def held_for(entry: Record, at: str) -> timedelta:
    """How long people have held a form until ``at``; nothing where nobody ever did.

    Args:
        entry: of `reviews`.
        at: ISO 8601.
    """
    if not entry.taken_at or not entry.taken_until:
        return timedelta()
    begun, ends, moment = (datetime.fromisoformat(each) for each in (entry.taken_at, entry.taken_until, at))
    if entry.taken_by:
        ends = moment if moment < ends else ends - timedelta(minutes=MINUTES)  # by itself: he was last heard of when it was prolonged
    return max(ends - begun, timedelta())


def begun_before(at: str, held: timedelta) -> str:
    """When a holding that goes on at ``at`` would have begun, had the form been ``held`` for so long without a break."""
    return stamp(datetime.fromisoformat(at) - held)
