"""``formtally serve``: one process tree. This process takes connections and delivers webhooks; children of it answer, and one reads."""

import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import NoReturn

from models.errors import UsageError
from service.access.invitations import PATH
from service.ending import ends_orderly
from service.report import print_line
from service.serving.dealing import Dealer, make_seat
from service.serving.deliver import Deliverer
from service.serving.destination import Network
from service.serving.keeping import Child, Keeper
from service.serving.listening import listen, only_this_machine
from service.serving.outbox import Outbox
from service.serving.sign import Sign
from service.serving.told import METRICS_VARIABLE, Told, options_of
from service.store.home import DATABASE_VARIABLE, FILES_VARIABLE, HOME_VARIABLE, Home
from service.store.opening import Store, open_store


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is put together from.

    Attributes:
        outbox: of a store.
        has_administrator: whether somebody can log in to a store as its administrator.
        invitation: the secret of a one-time link by which somebody becomes that.
    """

    outbox: Callable[[Store], Outbox]
    has_administrator: Callable[[Store], bool]
    invitation: Callable[[Store], str]


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        home: of the archive.
        host: name or address to listen at.
        port: 0 for any.
        worker: command of the child that reads.
        answerer: command of each child that answers, but for what it is told (`service.serving.told`).
        processes: how many answer.
        networks: that webhooks may reach although they are not public.
    """

    home: Home
    host: str
    port: int
    worker: tuple[str, ...]
    answerer: tuple[str, ...]
    processes: int = 1
    networks: tuple[Network, ...] = ()


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
        _welcome(service, sockets, store, parts)
        sign, numbers = stack.enter_context(Sign()), stack.enter_context(TemporaryDirectory(prefix="formtally-metrics-"))
        environment = worker_environment(service.home, os.environ)
        keepers = [Keeper(Child(service.worker, environment, "worker"), told=sign.show)]
        seats = []
        for number in range(1, service.processes + 1):
            seat = stack.enter_context(make_seat())
            told = Told(seat.there.fileno(), sign.descriptor, service.processes)
            command, inherited = (*service.answerer, *options_of(told)), (told.channel, told.sign)
            counting = environment | {METRICS_VARIABLE: numbers}
            keepers.append(Keeper(Child(command, counting, f"answerer {number}", inherited, own_log=True)))
            seats.append((seat, keepers[-1].alive))
        for keeper in keepers:
            stack.enter_context(keeper)
        stack.enter_context(Deliverer(parts.outbox(store), service.networks))
        stack.callback(_end, keepers)
        stack.enter_context(Dealer(sockets, seats))
        threading.Event().wait()
    raise AssertionError  # it ends by an exception alone


def _end(keepers: Sequence[Keeper]) -> None:
    """Begin to end all children, so that they end at the same time."""
    for keeper in keepers:
        keeper.end()


def worker_environment(home: Home, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the worker, which names the archive: a command line would show a password to every user."""
    return {**environment, HOME_VARIABLE: str(home.folder), DATABASE_VARIABLE: home.database, FILES_VARIABLE: home.files}


def _welcome(service: Service, sockets: list[socket.socket], store: Store, parts: Parts) -> None:
    """Say where the service is, and how to become its administrator where there is none.

    Raises:
        UsageError: there is none, and others than this machine could be first.
    """
    is_first = not parts.has_administrator(store)
    if is_first and not only_this_machine(sockets):
        remedy = "Start it once with --host 127.0.0.1 and open the link that it prints."
        raise UsageError(f"--host {service.host} would let others reach a service whose administrator has no password yet.", remedy)
    place = url_of(sockets[0])
    print_line(f"FormTally is at {place}/ until Ctrl-C.", sys.stdout)
    if is_first:
        print_line(f"Set the administrator's password, once, within a day: {place}{PATH}{parts.invitation(store)}", sys.stdout)


def url_of(sock: socket.socket) -> str:
    """The URL of what listens there, without a path."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
