"""What answers in a service under test: an app of its own, or the real one that inspects by plan.

    python -c "from tests.service.serving.run_answerer import main; main()" [--web] …

What it is told further is in `service.serving.told`.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from service.serving.answering import answer
from service.serving.sign import shown
from service.serving.told import Told, told_by
from service.store.home import find_home
from service.store.opening import Store
from service.web.app import create_app
from service.web.settings import WebSettings
from tests.service.planned_reader import PLANNED

METRICS = "m" * 20
"""The token for ``/metrics``."""


def application(_: Store) -> Starlette:
    """Says ``here``, by which process, how long a body was, and something for ever."""

    async def here(_: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    async def process(_: Request) -> PlainTextResponse:
        return PlainTextResponse(str(os.getpid()))

    async def measure(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def forever(_: Request) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            while True:
                yield "again\n"
                await asyncio.sleep(0.1)

        return StreamingResponse(lines())

    routes = [Route("/", here), Route("/process", process), Route("/measure", measure, methods=["POST"]), Route("/forever", forever)]
    return Starlette(routes=routes)


def web(told: Told, store: Store) -> FastAPI:
    """The real one."""
    settings = WebSettings(inspector=PLANNED, inspectors=1, metrics_token=METRICS, processes=told.processes)
    return create_app(store, replace(settings, alive=partial(shown, told.sign)))


def main() -> None:
    """Do it; see the module."""
    told, rest = told_by(sys.argv[1:])
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    answer(find_home(None, None, None, os.environ), told, partial(web, told) if "--web" in rest else application)
