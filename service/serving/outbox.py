"""What the deliverer wants of the place where deliveries wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


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

    def given_up(self, delivery: Delivery, error: str) -> None:
        """It did not arrive, and never will.

        Raises:
            StoreError: this cannot be noted; it will be tried once more.
        """
