"""``/documents/{id}/events``: each change of a document's state as a server-sent event."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from service.store.documents import State
from service.store.owners import Upload
from service.web.documents import Id
from service.web.problems import problems
from service.web.running import Run, Running
from service.web.seen import seen_document, sees, told_of, upload_seen
from service.web.shapes.documents import state_json
from service.web.watching import Listener
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


@dataclass(frozen=True, slots=True)
class Listening:
    """Somebody listens to a document, which he calls ``name`` and may see by ``upload``, or as he may see everything."""

    document: str
    name: str
    upload: Upload | None
    listener: Listener


async def listen(running: Run, identity: Someone, id: Id) -> AsyncIterator[Listening]:  # noqa: A002  the name that callers see
    """A dependency: an ear, found before the reply begins, which could not take itself back, and given up when it has ended."""
    found = await to_thread.run_sync(seen_document, running, identity, id)
    upload = await to_thread.run_sync(upload_seen, running, identity, id)
    async with running.watcher.listening(id, identity.user) as listener:
        yield Listening(id, found.name if upload is None else upload.name, upload, listener)


Ear = Annotated[Listening, Depends(listen, scope="request")]


class EventStream(StreamingResponse):
    """Server-sent events (HTML Living Standard, 9.2)."""

    media_type = "text/event-stream"


@router.get("/{id}/events", response_class=EventStream, responses=_EVENTS | problems(401, 404, 422, 429), summary="Wait for a document")
async def events(request: Request, running: Run, listening: Ear) -> EventStream:
    """The state now, then at each change; a comment every 15 s in between."""
    return EventStream(_told(request, running, listening))


async def _told(request: Request, running: Running, listening: Listening) -> AsyncIterator[str]:
    while True:
        word = await listening.listener.heard(KEEP_ALIVE_SECONDS)
        if not await to_thread.run_sync(_may_hear, request, running, listening.document):
            return
        if word is None:
            yield ": still here\n\n"
            continue
        said = state_json(told_of(word, listening.upload), listening.name)
        yield f"event: state\ndata: {said.model_dump_json()}\n\n"
        if word.state in (State.DONE, State.FAILED):
            return


def _may_hear(request: Request, running: Running, sha256: str) -> bool:
    identity = identity_now(request, running)
    return identity is not None and sees(running, identity, sha256)
