"""The application: layers around every request, and the routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from service.store.opening import Store
from service.version import installed_version
from service.web import (
    answering,
    arranging,
    corrections,
    documents,
    events,
    exports,
    figures,
    forms,
    health,
    hooks,
    openapi,
    pictures,
    regions,
    reviewing,
    reviews,
    session,
    tokens,
    turning,
    uploads,
    users,
)
from service.web.bodies import BodyLimit
from service.web.headers import API, OwnHost, ReplyHeaders
from service.web.metrics import Metrics
from service.web.pages.installing import install_pages
from service.web.requests import Requests
from service.web.running import started
from service.web.settings import WebSettings

_ROUTERS: Final[tuple[APIRouter, ...]] = (
    uploads.router,
    documents.router,
    events.router,
    pictures.router,
    forms.router,
    corrections.router,
    regions.router,
    turning.router,
    reviews.router,
    reviewing.router,
    arranging.router,
    exports.router,
    figures.router,
    hooks.router,
    session.router,
    tokens.router,
    users.router,
)
"""Below `API`. Pages for people stand beside them, without a prefix."""

_ABOUT: Final = (
    "Scans of budget-performance forms in, records that can be trusted out. Errors are `application/problem+json` with a stable `code`; "
    "amounts are decimal strings; what one may not see is 404."
)


def _operation(route: APIRoute) -> str:
    """What generated clients call a route: its module and its function, ``documents_one``."""
    return f"{route.endpoint.__module__.rpartition('.')[2]}_{route.name}"


def create_app(store: Store, settings: WebSettings) -> FastAPI:
    """The application over ``store``; its processes and threads live as long as its lifespan.

    Args:
        store: the archive, open; closed by the caller, afterwards.
        settings: what is allowed.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.openapi()  # now: it takes as long as a hundred requests, which would wait
        async with started(store, settings, metrics) as running:
            app.state.running = running
            yield

    app = FastAPI(
        title="FormTally",
        version=installed_version("formtally"),
        description=_ABOUT,
        lifespan=lifespan,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # they load scripts from another site
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    answering.install(app)
    openapi.install(app)
    app.add_middleware(BodyLimit, upload_bytes=settings.upload_bytes)
    app.add_middleware(OwnHost, hosts=settings.hosts)
    app.add_middleware(ReplyHeaders, secure=settings.secure)
    app.add_middleware(Requests, metrics=metrics)  # added last, it is the outermost
    for router in _ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(health.router)
    install_pages(app)
    return app
