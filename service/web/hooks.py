"""Webhooks: each user's own addresses that are told when a document is done."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.access.subscribing import subscribe, switch
from service.store.outbox import deliveries
from service.store.webhooks import Webhook, remove_webhook, webhooks
from service.web.problems import not_there, problems
from service.web.running import Run
from service.web.shapes.access import (
    DeliveriesJson,
    DeliveryJson,
    HookedJson,
    NewWebhookJson,
    WebhookChangeJson,
    WebhookJson,
    WebhooksJson,
)
from service.web.who import Subscriber

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("", responses=problems(401, 403), summary="List one's webhooks")
def listed(running: Run, identity: Subscriber) -> WebhooksJson:
    """Without their secrets."""
    return WebhooksJson(webhooks=[_json(hook) for hook in webhooks(running.store, identity.user)])


@router.post("", status_code=201, responses=problems(401, 403, 409, 413, 422), summary="Make a webhook")
def add(running: Run, identity: Subscriber, said: NewWebhookJson) -> HookedJson:
    """Told of whatever this user may see. The secret, which signs what is posted, is in this reply and nowhere else."""
    hook = subscribe(running.store, identity.user, said.url, said.events)
    return HookedJson(**_json(hook).model_dump(), secret=hook.secret)


@router.patch("/{id}", responses=problems(401, 403, 404, 409, 413, 422), summary="Silence a webhook, or tell it again")
def change(running: Run, identity: Subscriber, id: Id, said: WebhookChangeJson) -> WebhookJson:  # noqa: A002  the name that callers see
    """What waits for it goes on waiting."""
    if not switch(running.store, identity.user, id, active=said.active):
        raise not_there()
    return next(_json(hook) for hook in webhooks(running.store, identity.user) if hook.id == id)


@router.delete("/{id}", status_code=204, responses=problems(401, 403, 404, 422), summary="Remove a webhook")
def remove(running: Run, identity: Subscriber, id: Id) -> None:  # noqa: A002  the name that callers see
    """With all that it was still to be told."""
    if not remove_webhook(running.store, identity.user, id):
        raise not_there()


@router.get("/{id}/deliveries", responses=problems(401, 403, 404, 422), summary="What a webhook was told")
def told(running: Run, identity: Subscriber, id: Id) -> DeliveriesJson:  # noqa: A002  the name that callers see
    """The last fifty, with why they could not be delivered."""
    if all(hook.id != id for hook in webhooks(running.store, identity.user)):
        raise not_there()
    return DeliveriesJson(
        deliveries=[
            DeliveryJson(
                id=each.id,
                event=each.event,
                document=each.document,
                state=each.state,
                attempts=each.attempts,
                made_at=each.made_at,
                next_at=each.next_at,
                last_error=each.last_error,
            )
            for each in deliveries(running.store, identity.user, id)
        ]
    )


def _json(hook: Webhook) -> WebhookJson:
    return WebhookJson(id=hook.id, url=hook.url, events=list(hook.events), active=hook.active, added_at=hook.added_at)
