"""The pages beside the API."""

from typing import Final

from fastapi import APIRouter, FastAPI

from service.web.pages import account, archive, entry, people, record, upload, wording
from service.web.pages.assets import PATH, Assets

_ROUTERS: Final[tuple[APIRouter, ...]] = (
    entry.router,
    upload.router,
    archive.router,
    record.router,
    account.router,
    people.router,
    wording.router,
)


def install_pages(app: FastAPI) -> None:
    """Let ``app`` show pages; none of them is part of its API."""
    for router in _ROUTERS:
        app.include_router(router)
    app.mount(PATH, Assets(), name="static")
