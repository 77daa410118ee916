"""The pages beside the API."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from service.web.headers import API
from service.web.pages import account, archive, entry, figures, people, record, review, reviews, upload, wording
from service.web.pages.assets import PATH, Assets
from service.web.pages.route import fault_page
from service.web.problems import not_there, reply_to, request_id_of

_ROUTERS: Final[tuple[APIRouter, ...]] = (
    entry.router,
    reviews.router,
    upload.router,
    archive.router,
    record.router,
    figures.router,
    review.router,
    account.router,
    people.router,
    wording.router,
)


def install_pages(app: FastAPI) -> None:
    """Let ``app`` show pages; none of them is part of its API."""
    for router in _ROUTERS:
        app.include_router(router)
    app.mount(PATH, Assets(), name="static")
    app.add_exception_handler(HTTPStatus.NOT_FOUND, _lost)


async def _lost(request: Request, error: Exception) -> Response:  # noqa: ARG001  what Starlette gives
    """An address that nothing has: a person in front of a browser gets a page, a program a problem."""
    if request.url.path.startswith(f"{API}/") or "text/html" not in request.headers.get("accept", ""):
        return reply_to(not_there(), request_id_of(request))
    return await fault_page(request, not_there())
