"""How long a client goes on where a service is restarted, busy or gone."""

import time
from collections.abc import Callable
from typing import TypeVar

from models.errors import ServiceUnreachableError
from service.client.answers import LaterError
from service.client.connection import LostError, Place
from service.wording import plural

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""After each failure to connect, s; the last again and again: a restart takes seconds, and many clients must not all come at once."""

PATIENCE_SECONDS = 300.0
"""Without an answer; a machine that is started anew is back by then."""

T = TypeVar("T")
Tell = Callable[[str], None]


def patiently(place: Place, attempt: Callable[[], T], tell: Tell) -> T:
    """What ``attempt`` gives, once it comes through. Whoever is told to come again later does so for as long as it takes.

    Args:
        place: for messages.
        attempt: may be done any number of times.
        tell: is told of every wait.

    Raises:
        ServiceUnreachableError: nobody has answered for `PATIENCE_SECONDS`.
    """
    failures, since = 0, time.monotonic()
    while True:
        try:
            return attempt()
        except LaterError as later:
            failures, since, pause = 0, time.monotonic() + later.seconds, later.seconds
            tell(f"{place} has no room just now; again in {plural(round(pause), 'second')}")
        except LostError as error:
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            if time.monotonic() + pause - since > PATIENCE_SECONDS:
                remedy = "Check the URL and that `formtally serve` runs there; then send again."
                raise ServiceUnreachableError(f"{place} does not answer: {error}.", remedy) from error
            tell(f"{place} does not answer ({error}); again in {plural(round(pause), 'second')}")
        time.sleep(pause)
