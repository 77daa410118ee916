"""A process of a service that answers, over connections that are dealt to it; `service.serving.starting` says how it is started.

The options are those of ``formtally serve``, and `service.serving.told`. Its standard input is a pipe from the service that never says
anything but its end.
"""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import FastAPI

from service.cli import build_parser
from service.ending import ends_orderly
from service.serving.http_server import make_server, run_server
from service.serving.reading import end_with
from service.serving.sign import shown
from service.serving.starting import log_as_json, web_settings
from service.serving.told import Told, told_by
from service.store.home import Home, home_of
from service.store.opening import Store, open_store
from service.web.app import create_app


def answer(home: Home, told: Told, application: Callable[[Store], Any]) -> None:
    """Answer by an ASGI application over the archive's store until a signal to end, or until the service is gone.

    Raises:
        InstallationError: the application did not start.
        StoreError: the archive cannot be opened.
    """
    end_with(sys.stdin.fileno())
    with suppress(KeyboardInterrupt), ends_orderly(), socket.socket(fileno=told.channel) as channel, open_store(home) as store:
        run_server(make_server(application(store), channel))


def main(arguments: Sequence[str]) -> None:
    """Do it; see the module."""
    told, rest = told_by(arguments)
    options = build_parser().parse_args(["serve", *rest])
    settings = replace(web_settings(options, os.environ), alive=partial(shown, told.sign), processes=told.processes)

    def application(store: Store) -> FastAPI:
        return create_app(store, settings)

    log_as_json()
    answer(home_of(options), told, application)
