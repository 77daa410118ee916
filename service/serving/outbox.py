"""Where deliveries wait, as the deliverer wants it: times are times, and what is told stands beside whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from service.store import outbox
from service.store.opening import Store


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook.

    Attributes:
        id: told to the receiver, who may get a delivery twice.
        webhook: id of its webhook.
        url: of the webhook.
        secret: shared with the receiver.
        event: such as ``document.done``.
        body: JSON.
        attempts: that were begun, this one included.
        made_at: when the event happened, UTC.
    """

    id: str
    webhook: str
    url: str
    secret: str = field(repr=False)
    event: str
    body: str = field(repr=False)
    attempts: int
    made_at: datetime


class Outbox(Protocol):
    """Where deliveries wait; several processes may take from it."""

    def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """At most ``limit`` whose time has come; for two minutes nobody else is given them.

        Raises:
            StoreError: it cannot be read.
        """

    def delivered(self, delivery: Delivery) -> None:
        """It has arrived.

        Raises:
            StoreError: this cannot be noted; it will be delivered again.
        """

    def postponed(self, delivery: Delivery, error: str, next_at: datetime) -> None:
        """It did not arrive, and is due again then.

        Raises:
            StoreError: this cannot be noted; it is due again when nobody has it any more.
        """

    def returned(self, deliveries: Collection[Delivery], next_at: datetime) -> None:
        """They were not tried, which counts as no attempt, and are due again then.

        Raises:
            StoreError: this cannot be noted; they are due again when nobody has them any more.
        """

    def given_up(self, delivery: Delivery, error: str) -> None:
        """It did not arrive, and never will.

        Raises:
            StoreError: this cannot be noted; it will be tried once more.
        """

    def forget(self, before: datetime) -> None:
        """Remove what has arrived or was given up, of events before then.

        Raises:
            StoreError: nothing was removed.
        """


@dataclass(frozen=True, slots=True)
class StoredOutbox:
    """The outbox of an archive (`service.store.outbox`); see `Outbox`."""

    store: Store

    def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """See `Outbox`."""
        return [
            Delivery(
                id=each.id,
                webhook=each.webhook.id,
                url=each.webhook.url,
                secret=each.webhook.secret,
                event=each.event,
                body=each.body,
                attempts=each.attempts,
                made_at=datetime.fromisoformat(each.made_at),
            )
            for each in outbox.due(self.store, _written(now), limit)
        ]

    def delivered(self, delivery: Delivery) -> None:
        """See `Outbox`."""
        outbox.delivered(self.store, delivery.id)

    def postponed(self, delivery: Delivery, error: str, next_at: datetime) -> None:
        """See `Outbox`."""
        outbox.postponed(self.store, delivery.id, error, _written(next_at))

    def returned(self, deliveries: Collection[Delivery], next_at: datetime) -> None:
        """See `Outbox`."""
        outbox.returned(self.store, [each.id for each in deliveries], _written(next_at))

    def given_up(self, delivery: Delivery, error: str) -> None:
        """See `Outbox`."""
        outbox.given_up(self.store, delivery.id, error)

    def forget(self, before: datetime) -> None:
        """See `Outbox`."""
        outbox.forget_settled(self.store, _written(before))


def _written(moment: datetime) -> str:
    """As `service.store.writing.now` writes it: texts are compared."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
