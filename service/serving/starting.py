"""``formtally serve``, the door: what the command line and the environment ask for, put together and started."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from models.errors import UsageError
from service.access.invitations import invite
from service.access.roles import Role
from service.access.users import add_user, has_administrator, users
from service.double_keying import DOUBLE_KEYED_OPTION, double_keyed
from service.learned import learned_from
from service.machine import usable_cores
from service.review.policy import Policy
from service.serving.destination import parse_networks
from service.serving.outbox import StoredOutbox
from service.serving.serve import Parts, Service, serve
from service.settings import (
    CHECK_SHARE_OPTION,
    LEARNED_OPTION,
    SETTINGS,
    TARGET_ERROR_OPTION,
    check_share,
    learned,
    limits_of,
    positive,
    setting_values,
    target_error,
)
from service.store.home import Home, home_of
from service.store.opening import Store
from service.web.headers import host_name
from service.web.logs import JsonLines
from service.web.settings import LOOPBACK, WebSettings
from service.wording import printable

NETWORKS_VARIABLE = "FORMTALLY_WEBHOOK_NETWORKS"
TWO_PEOPLE_VARIABLE = "FORMTALLY_TWO_PEOPLE"

ADMINISTRATOR = "admin"
"""Name of the first user, who adds the others."""

METRICS_VARIABLE = "FORMTALLY_METRICS_TOKEN"

_SHORTEST_TOKEN = 20
"""Letters and digits drawn at random: 119 bits. Nothing counts who guesses, so nobody must come near."""

_MAKE_TOKEN = "Make one by `openssl rand -hex 32`."  # noqa: S105  how one is made
ANSWERERS = 2
"""Processes that answer. Each takes 130 MB, and what it does at once is bound to one core."""

_WORKER = (sys.executable, "-m", "service.serving.reading")
_ANSWERER = (sys.executable, "-c", "import sys; from service.serving.answering import main; main(sys.argv[1:])")
"""Not by ``-m``: the processes in which it opens pages import its main module anew, and this one takes 130 MB and two seconds."""
_LARGEST_PORT = 65535
_ANY = ("0.0.0.0", "::", "")  # noqa: S104  what to refuse as a name
_SEE_HELP = "See `formtally serve --help`."


def run(options: Namespace) -> NoReturn:
    """Serve until a signal to end.

    Raises:
        FormTallyError: it cannot be started.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    web_settings(options, os.environ)  # here, where a person sees what is wrong, and not first in a child
    service = service_of(options, home_of(options), os.environ)
    log_as_json()
    serve(service, Parts(StoredOutbox, has_administrator, invite_administrator))


def log_as_json() -> None:
    """Log on standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def service_of(options: Namespace, home: Home, environment: Mapping[str, str]) -> Service:
    """Where to listen, what reads, and where webhooks may lead.

    Raises:
        UsageError: a value makes no sense.
    """
    port = 0 if options.port == "0" else positive(options.port, "--port")
    if port > _LARGEST_PORT:
        raise UsageError(f"--port must be a number from 0 to {_LARGEST_PORT}.", _SEE_HELP)
    named = [text for text in environment.get(NETWORKS_VARIABLE, "").split(",") if text.strip()]
    networks = parse_networks(options.webhook_network or named)
    processes = most_useful() if options.processes is None else positive(options.processes, "--processes")
    worker, answerer = (*_WORKER, *worker_options(options, environment)), (*_ANSWERER, *answerer_options(options))
    return Service(home, options.host, port, worker, answerer, processes, networks)


def most_useful() -> int:
    """How many processes answer where nobody says: as many as there are cores, but no more than `ANSWERERS`."""
    return min(ANSWERERS, usable_cores())


def worker_options(options: Namespace, environment: Mapping[str, str]) -> list[str]:
    """The options of ``formtally worker`` that are meant for it, checked here, where a person sees what is wrong.

    Raises:
        UsageError: a value makes no sense.
    """
    setting_values(vars(options), environment)
    target_error(options.target_error, environment)
    check_share(options.check_share, environment)
    double_keyed(options.double_keyed, environment)
    learned_from(learned(options.learned, environment))
    if options.workers is not None:
        positive(options.workers, "--workers")
    told = {
        "--workers": options.workers,
        TARGET_ERROR_OPTION: options.target_error,
        CHECK_SHARE_OPTION: options.check_share,
        LEARNED_OPTION: options.learned,
    }
    told |= {setting.option: getattr(options, setting.name) for setting in SETTINGS}
    keyed = [word for name in options.double_keyed for word in (DOUBLE_KEYED_OPTION, name)]
    return [*keyed, *(word for option, value in told.items() if value is not None for word in (option, value))]


def answerer_options(options: Namespace) -> list[str]:
    """The options of ``formtally serve`` that are meant for what answers."""
    several = (("--name", options.name), (DOUBLE_KEYED_OPTION, options.double_keyed))
    named = [word for option, values in several for value in values for word in (option, value)]
    flags = [option for option, said in (("--https", options.https), ("--two-people", options.two_people)) if said]
    one = {
        "--metrics-token-file": options.metrics_token_file,
        TARGET_ERROR_OPTION: options.target_error,
        LEARNED_OPTION: options.learned,
    }
    one |= {setting.option: getattr(options, setting.name) for setting in SETTINGS}
    told = [word for option, value in one.items() if value is not None for word in (option, value)]
    return [f"--host={options.host}", *named, *flags, *told]


def web_settings(options: Namespace, environment: Mapping[str, str]) -> WebSettings:
    """What the web app is called and allows.

    Raises:
        UsageError: a value makes no sense, or nobody could call it by a name.
    """
    if options.host in _ANY and not options.name:
        raise UsageError(f"With --host {options.host} the service must be told what it is called.", "Give --name, such as forms.example.")
    named = [name for name in (options.host, *options.name) if name not in _ANY]
    hosts = dict.fromkeys([*LOOPBACK, *(host_name(f"[{name}]" if ":" in name else name) for name in named)])
    limits = limits_of(setting_values(vars(options), environment))
    return WebSettings(
        limits=limits,
        hosts=tuple(hosts),
        secure=options.https,
        policy=review_policy(options, environment),
        target_error=target_error(options.target_error, environment),
        learned=learned(options.learned, environment),
        metrics_token=metrics_token(options.metrics_token_file, environment),
    )


def metrics_token(file: str | None, environment: Mapping[str, str]) -> str:
    """The token in ``file``, else in the environment; empty where there is none.

    Raises:
        UsageError: the file cannot be read, or what is given is easily guessed or can stand in no header.
    """
    try:
        token = environment.get(METRICS_VARIABLE, "") if file is None else Path(file).read_text("ascii")
    except (OSError, ValueError) as error:
        raise UsageError(f"--metrics-token-file {printable(file or '')!r} cannot be read as a token.", _MAKE_TOKEN) from error
    token = token.strip()
    if token and (len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise UsageError(f"The token for /metrics must have {_SHORTEST_TOKEN} or more letters and digits.", _MAKE_TOKEN)
    return token


def review_policy(options: Namespace, environment: Mapping[str, str]) -> Policy:
    """How many people a review takes.

    Raises:
        UsageError: a value makes no sense, or no form has a field of such a name.
    """
    said = environment.get(TWO_PEOPLE_VARIABLE, "")
    if said not in ("", "0", "1"):
        raise UsageError(f"{TWO_PEOPLE_VARIABLE} must be 0 or 1, not {said!r}.", _SEE_HELP)
    return Policy(options.two_people or said == "1", double_keyed(options.double_keyed, environment))


def invite_administrator(store: Store) -> str:
    """The secret of a one-time link by which the first administrator sets a password.

    Raises:
        UserExistsError: `ADMINISTRATOR` is a user without that role, and there is none with it.
        StoreError: it cannot be written.
    """
    able = [user.name for user in users(store) if user.role is Role.ADMIN and not user.disabled]
    return invite(store, able[0] if able else add_user(store, ADMINISTRATOR, Role.ADMIN))
