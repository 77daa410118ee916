"""Brings events to the webhooks that asked for them: signed, again and again until they arrive, each receiver by itself."""

import hashlib
import hmac
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from models.errors import FormTallyError, StoreError, UsageError
from service.serving.destination import Network, UndeliveredError, parse_destination, resolve
from service.serving.outbox import Delivery, Outbox
from service.serving.posting import SECONDS, post

_LOG = logging.getLogger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
"""After the first failure, the second, and so on; the last again and again: a restart is over in seconds, a weekend's failure in days."""

GIVEN_UP_AFTER = timedelta(days=3)
"""From when the event happened: longer than a weekend."""

RECEIVERS_AT_ONCE = 16
"""Receivers that hang hold a thread each for `SECONDS` and then rest; so many at the same moment are not expected."""

_REST = timedelta(seconds=30)
"""So long after a failure nothing else is tried at that receiver; not longer, or one event that it refuses would hold up all."""

KEPT = timedelta(days=30)
"""What has arrived can be looked at for so long."""

_FORGET_EVERY = timedelta(hours=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_LOOK_SECONDS = 1.0
_FAULT_SECONDS = 10.0
_AT_ONCE = 500
_HELD = timedelta(seconds=20)
"""Shorter than a lease: what waited so long behind a slow receiver is given back, before another process is given it too."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=`` and the HMAC-SHA-256 of ``timestamp.body`` in hex: what a receiver holds the header ``X-FormTally-Signature`` against."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def deliver(delivery: Delivery, allowed: Iterable[Network], now: datetime, seconds: float = SECONDS) -> None:
    """Try once.

    Args:
        delivery: what and where to.
        allowed: networks that may be reached although they are not public.
        now: told to the receiver and signed, so that nobody can repeat an old delivery as a new one.
        seconds: for the whole attempt.

    Raises:
        UndeliveredError: it did not arrive.
    """
    body, timestamp = delivery.body.encode(), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "FormTally",
        "X-FormTally-Event": delivery.event,
        "X-FormTally-Delivery": delivery.id,
        "X-FormTally-Timestamp": timestamp,
        "X-FormTally-Signature": sign(delivery.secret, timestamp, body),
    }
    try:
        destination = parse_destination(delivery.url)
    except UsageError as error:
        raise UndeliveredError(str(error), str(error)) from error
    post(destination, resolve(destination, allowed), headers, body, seconds)


def next_attempt(delivery: Delivery, now: datetime) -> datetime | None:
    """When to try again what has just failed; None: not any more."""
    again = now + PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    return again if again < delivery.made_at + GIVEN_UP_AFTER else None


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Line:
    """Deliveries for one webhook, one after the other, each with when it was taken; none is tried before ``rested``."""

    waiting: deque[tuple[Delivery, datetime]] = field(default_factory=deque)
    busy: bool = False
    rested: datetime = _NEVER

    def untried(self, now: datetime) -> list[Delivery]:
        """Take out what is not to be tried now: everything while the receiver rests, else what has waited behind others for too long."""
        found = []
        while self.waiting and (now < self.rested or now - self.waiting[0][1] > _HELD):
            found.append(self.waiting.popleft()[0])
        return found


class Deliverer:
    """Delivers, in threads of its own, for as long as its block lasts."""

    def __init__(
        self, outbox: Outbox, allowed: Iterable[Network], clock: Callable[[], datetime] = utc_now, seconds: float = SECONDS
    ) -> None:
        """Nothing is done yet.

        Args:
            outbox: where deliveries come from.
            allowed: networks that may be reached although they are not public.
            clock: gives the time, UTC.
            seconds: for one attempt.
        """
        self._outbox = outbox
        self._allowed = tuple(allowed)
        self._clock = clock
        self._seconds = seconds
        self._forgot = _NEVER
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = ThreadPoolExecutor(RECEIVERS_AT_ONCE, thread_name_prefix="formtally-deliver")
        self._looking = threading.Thread(target=self._look, name="formtally-deliverer", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._looking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End; attempts under way are waited for, the rest is handed back to whoever comes next."""
        self._ending.set()
        self._looking.join()
        self._threads.shutdown()
        left = [each for line in self._lines.values() for each, _ in line.waiting]
        if left:
            self._hand_back(left, self._clock())

    def _look(self) -> None:
        pause = 0.0
        while not self._ending.wait(pause):
            try:
                found = self._take()
            except StoreError as error:
                _LOG.error("webhooks wait: %s", error)
                pause = _FAULT_SECONDS
            except Exception:  # noqa: BLE001  a fault of ours must not end what nobody would miss for days; it is logged
                _LOG.exception("webhooks wait")
                pause = _FAULT_SECONDS
            else:
                pause = 0.0 if found else _LOOK_SECONDS

    def _take(self) -> int:
        """Put what is due into the lines; how much that was."""
        if self._clock() - self._forgot > _FORGET_EVERY:
            self._forgot = self._clock()
            self._outbox.forget(self._forgot - KEPT)
        with self._lock:
            now = self._clock()
            self._lines = {webhook: line for webhook, line in self._lines.items() if line.busy or now < line.rested}
            room = _AT_ONCE - sum(len(line.waiting) for line in self._lines.values())
        due = self._outbox.due(self._clock(), room) if room > 0 else ()
        with self._lock:
            for each in due:
                line = self._lines.setdefault(each.webhook, _Line())
                line.waiting.append((each, self._clock()))
                if not line.busy:
                    line.busy = True
                    self._threads.submit(self._work_off, each.webhook, line)
        return len(due)

    def _work_off(self, webhook: str, line: _Line) -> None:
        """Deliver what waits for one webhook, until nothing does."""
        while True:
            with self._lock:
                if not line.waiting or self._ending.is_set():
                    line.busy = False
                    return
                now = self._clock()
                untried = line.untried(now)
                delivery = line.waiting.popleft()[0] if line.waiting else None
            try:
                if untried:
                    self._hand_back(untried, max(now, line.rested))
                if delivery is not None:
                    self._one(delivery, line)
            except FormTallyError as error:
                _LOG.error("webhook %s: %s", webhook, error)
            except Exception:  # noqa: BLE001  nor may it leave a line that nobody works off
                _LOG.exception("webhook %s", webhook)

    def _hand_back(self, untried: list[Delivery], next_at: datetime) -> None:
        try:
            self._outbox.returned(untried, next_at)
        except StoreError as error:
            _LOG.warning("webhooks wait: %s", error)  # they are due again when the lease ends

    def _one(self, delivery: Delivery, line: _Line) -> None:
        try:
            deliver(delivery, self._allowed, self._clock(), self._seconds)
        except UndeliveredError as error:
            self._failed(delivery, error, line)
        else:
            self._outbox.delivered(delivery)

    def _failed(self, delivery: Delivery, error: UndeliveredError, line: _Line) -> None:
        now = self._clock()
        again = next_attempt(delivery, now)
        line.rested = now + _REST if again is None else min(again, now + _REST)
        _LOG.warning("webhook %s: %s (%s)", delivery.webhook, error, "given up" if again is None else f"again in {again - now}")
        if again is None:
            self._outbox.given_up(delivery, error.told)
        else:
            self._outbox.postponed(delivery, error.told, again)
