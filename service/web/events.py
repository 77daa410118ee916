"""``/documents/{id}/events``: each change of a document's state as a server-sent event."""

from collections.abc import AsyncIterator
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from service.store.documents import State
from service.web.documents import Id
from service.web.problems import problems
from service.web.running import Run, Running
from service.web.seen import seen_document, sees, shown_name
from service.web.shapes.documents import state_json
from service.web.who import Someone, identity_now

router = APIRouter(prefix="/documents", tags=["documents"])

KEEP_ALIVE_SECONDS: Final = 15
"""Between signs of life; proxies close what is silent for 30 to 60 s. It is also how long a revoked token, or who may
see less now, still listens, at most."""

_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "`event: state` with the JSON of `GET /documents/{id}` at each change; the end comes after `done` or `failed`.",
        "content": {
            "text/event-stream": {
                "schema": {  # of each event, as schemas of such streams are read
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                        "event": {"const": "state"},
                        "data": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "contentSchema": {"$ref": "#/components/schemas/DocumentStateJson"},
                        },
                    },
                }
            }
        },
    }
}


class EventStream(StreamingResponse):
    """Server-sent events (HTML Living Standard, 9.2)."""

    media_type = "text/event-stream"


@router.get("/{id}/events", response_class=EventStream, responses=_EVENTS | problems(401, 404, 422, 429), summary="Wait for a document")
async def events(request: Request, running: Run, identity: Someone, id: Id) -> EventStream:  # noqa: A002  the name that callers see
    """The state now, then at each change; a comment every 15 s in between."""
    found = await to_thread.run_sync(seen_document, running, identity, id)
    name = await to_thread.run_sync(shown_name, running, identity, found)
    running.watcher.check_room(identity.user)
    return EventStream(_told(request, running, identity.user, id, name))


async def _told(request: Request, running: Running, user: str, sha256: str, name: str) -> AsyncIterator[str]:
    async with running.watcher.listening(sha256, user) as listener:
        while True:
            word = await listener.heard(KEEP_ALIVE_SECONDS)
            if not await to_thread.run_sync(_may_hear, request, running, sha256):
                return
            if word is None:
                yield ": still here\n\n"
                continue
            yield f"event: state\ndata: {state_json(word, name).model_dump_json()}\n\n"
            if word.state in (State.DONE, State.FAILED):
                return


def _may_hear(request: Request, running: Running, sha256: str) -> bool:
    identity = identity_now(request, running)
    return identity is not None and sees(running, identity, sha256)
