"""For those who watch the service: is it alive, is it ready, what does it do."""

import hmac
import shutil
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from models.errors import StoreError
from service.access.identity import demand
from service.access.roles import Right
from service.store.faults import disk_faults
from service.store.progress import uploads_waiting
from service.web.problems import problems
from service.web.running import Run, Running
from service.web.who import Bearer, Cookie, identify

router = APIRouter(tags=["service"])

LEAST_ROOM_MEGABYTES: Final = 1024
"""On the disk of the home; below, uploads begin to fail."""

_METRICS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Prometheus' text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


class HealthJson(BaseModel):
    """The process answers."""

    status: str = "ok"


class ReadyJson(BaseModel):
    """Whether uploads are taken and read."""

    ready: bool
    database: bool
    room: bool
    workers: bool


@router.get("/healthz", responses=problems(), summary="Is the process alive")
async def healthy() -> HealthJson:  # async so that it takes no thread: it waits for nothing
    """Says nothing of database and disk."""
    return HealthJson()


@router.get(
    "/readyz",
    response_model=ReadyJson,
    responses=problems() | {503: {"model": ReadyJson, "description": "It is not."}},
    summary="Is the service ready",
)
def ready(running: Run) -> Response:
    """Whether the database answers, the disk has room, and what reads documents is alive."""
    database, room, workers = _database(running), _room(running), running.settings.alive()
    told = ReadyJson(ready=database and room and workers, database=database, room=room, workers=workers)
    return Response(told.model_dump_json(), 200 if told.ready else 503, media_type="application/json")


@router.get("/metrics", response_class=Response, responses=_METRICS | problems(401, 403), summary="Numbers for Prometheus")
async def metrics(request: Request, running: Run, bearer: Bearer, cookie: Cookie) -> Response:
    """For the token that the service was started with for this alone, and for administrators."""
    if bearer is None or not _is_given(bearer.credentials, running.settings.metrics_token):
        demand(await identify(request, running, bearer, cookie), Right.MANAGE)
    page = await to_thread.run_sync(running.metrics.page, running.store)
    return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")


def _database(running: Running) -> bool:
    try:
        uploads_waiting(running.store)
    except StoreError:
        return False
    return True


def _room(running: Running) -> bool:
    try:
        with disk_faults("The home"):
            return shutil.disk_usage(running.store.home.folder).free >= LEAST_ROOM_MEGABYTES * 1_000_000
    except StoreError:
        return False


def _is_given(said: str, token: str) -> bool:
    """Whether ``said`` is the token, where there is one, in a time that does not tell how much of it is right."""
    return token != "" and hmac.compare_digest(said.encode(errors="surrogatepass"), token.encode())
