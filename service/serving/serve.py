"""``formtally serve``: one process tree. This process answers requests and delivers webhooks; a child of it reads what waits."""

import os
import socket
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NoReturn

from models.errors import UsageError
from service.ending import ends_orderly
from service.report import print_line
from service.serving.deliver import Deliverer
from service.serving.destination import Network, parse_networks
from service.serving.http_server import make_server, run_server
from service.serving.keeping import Keeper
from service.serving.listening import listen, only_this_machine
from service.serving.outbox import Outbox
from service.settings import SETTINGS, TARGET_ERROR_OPTION, positive, setting_values, target_error
from service.store.home import DATABASE_VARIABLE, FILES_VARIABLE, HOME_VARIABLE, Home
from service.store.opening import Store, open_store

NETWORKS_OPTION, NETWORKS_VARIABLE = "--webhook-network", "FORMTALLY_WEBHOOK_NETWORKS"

_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is put together from.

    Attributes:
        application: ASGI, of a store.
        outbox: of a store.
        invitation: gives the secret of a one-time link that sets the administrator's password; empty where there is a password.
    """

    application: Callable[[Store], Any]
    outbox: Callable[[Store], Outbox]
    invitation: Callable[[Store], str]


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        home: of the archive.
        host: name or address to listen at.
        port: 0 for any.
        worker: command of the child that reads.
        networks: that webhooks may reach although they are not public.
    """

    home: Home
    host: str
    port: int
    worker: tuple[str, ...]
    networks: tuple[Network, ...] = ()


def service_of(options: Namespace, home: Home, environment: Mapping[str, str]) -> Service:
    """What a command line and the environment ask for.

    Raises:
        UsageError: a value makes no sense.
    """
    port = 0 if options.port == "0" else positive(options.port, "--port")
    if port > _LARGEST_PORT:
        raise UsageError(f"--port must be a number from 0 to {_LARGEST_PORT}.", "See `formtally serve --help`.")
    named = [text for text in environment.get(NETWORKS_VARIABLE, "").split(",") if text.strip()]
    networks = parse_networks(options.webhook_network or named)
    return Service(home, options.host, port, (*_WORKER, *worker_options(options, environment)), networks)


_WORKER = (sys.executable, "-m", "service.serving.reading")


def worker_options(options: Namespace, environment: Mapping[str, str]) -> list[str]:
    """The options of ``formtally worker`` that are meant for it, checked here, where a person sees what is wrong.

    Raises:
        UsageError: a value makes no sense.
    """
    setting_values(vars(options), environment)
    target_error(options.target_error, environment)
    if options.workers is not None:
        positive(options.workers, "--workers")
    told = {"--workers": options.workers, TARGET_ERROR_OPTION: options.target_error}
    told |= {setting.option: getattr(options, setting.name) for setting in SETTINGS}
    return [word for option, value in told.items() if value is not None for word in (option, value)]


def serve(service: Service, parts: Parts) -> NoReturn:
    """Serve until a signal to end, then end everything.

    Raises:
        UsageError: the port is taken, or strangers could reach a service that has no administrator's password.
        StoreError: the archive cannot be opened.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    with ends_orderly(), ExitStack() as stack:
        sockets = listen(service.host, service.port)
        for sock in sockets:
            stack.enter_context(sock)
        store = stack.enter_context(open_store(service.home))
        _welcome(service, sockets, parts.invitation(store))
        server = make_server(parts.application(store))
        stack.enter_context(Keeper(service.worker, worker_environment(service.home, os.environ), "worker"))
        stack.enter_context(Deliverer(parts.outbox(store), service.networks))
        run_server(server, sockets)
    raise AssertionError  # the server ends by an exception alone


def worker_environment(home: Home, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the worker, which names the archive: a command line would show a password to every user."""
    return {**environment, HOME_VARIABLE: str(home.folder), DATABASE_VARIABLE: home.database, FILES_VARIABLE: home.files}


def _welcome(service: Service, sockets: list[socket.socket], invitation: str) -> None:
    """Say where the service is, and how to become its administrator where there is none.

    Raises:
        UsageError: there is none, and others than this machine could be first.
    """
    if invitation and not only_this_machine(sockets):
        remedy = "Start it once with --host 127.0.0.1 and open the link that it prints, or run `formtally user`."
        raise UsageError(f"--host {service.host} would let others reach a service whose administrator has no password yet.", remedy)
    place = url_of(sockets[0])
    print_line(f"FormTally is at {place}/ until Ctrl-C.", sys.stdout)
    if invitation:
        print_line(f"Set the administrator's password, once, within a day: {place}/welcome#{invitation}", sys.stdout)


def url_of(sock: socket.socket) -> str:
    """The URL of what listens there, without a path."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
