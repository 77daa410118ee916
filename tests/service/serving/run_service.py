"""A service for tests whose workers read plans, with an app of its own and an outbox in memory.

    python -m tests.service.serving.run_service HOME [--host HOST] [--invitation SECRET] [--deaf] [--web]

``--web``: app and outbox are the real ones, and webhooks may lead to this machine. ``--deaf``: the worker does not hear a request to end.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from models.errors import ExitCode, FormTallyError
from service.serving.outbox import StoredOutbox
from service.serving.serve import Parts, Service, serve
from service.store.home import find_home
from service.store.opening import Store
from service.web.app import create_app
from service.web.settings import WebSettings
from tests.service.planned_reader import PLANNED
from tests.service.serving.receivers import LOOPBACK, MemoryOutbox


def application(_: Store) -> Starlette:
    """Says ``here``, how long a body was, and something for ever."""

    async def here(_: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    async def measure(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def forever(_: Request) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            while True:
                yield "again\n"
                await asyncio.sleep(0.1)

        return StreamingResponse(lines())

    return Starlette(routes=[Route("/", here), Route("/measure", measure, methods=["POST"]), Route("/forever", forever)])


def main() -> int:
    """Do it; see the module. Errors end it as `service.cli` does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--invitation", default="")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--web", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    worker = (sys.executable, "-m", "tests.service.serving.run_worker", *(["deaf"] if options.deaf else []))
    service = Service(find_home(options.home, None, None, {}), options.host, 0, worker, LOOPBACK if options.web else ())
    settings = WebSettings(inspector=PLANNED, inspectors=1)
    parts = Parts(
        (lambda store, alive: create_app(store, replace(settings, alive=alive))) if options.web else lambda store, _: application(store),
        StoredOutbox if options.web else lambda _: MemoryOutbox(),
        lambda _: not options.invitation,
        lambda _: str(options.invitation),
    )
    try:
        serve(service, parts)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except FormTallyError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
