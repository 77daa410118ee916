"""The way in and out: login, logout, the first password, and the language."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from models.errors import AccessError, FormTallyError, WrongPasswordError
from service.access.invitations import accept
from service.access.passwords import SHORTEST
from service.access.sessions import log_in, log_out
from service.web.pages.catalogue import COOKIE as LANGUAGE
from service.web.pages.catalogue import Language
from service.web.pages.render import render
from service.web.pages.route import LOGIN, PageRoute, said_of
from service.web.pages.visit import HOME, Acting, Visit, Visitor, own_path
from service.web.problems import headers_of, status_of
from service.web.running import Run, Running, Unhurried
from service.web.session import address_of
from service.web.who import COOKIE, check_origin, clear_cookie, set_cookie

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_YEAR_SECONDS: Final = 31_536_000

Typed = Annotated[str, Form(max_length=2000)]
"""Longer is no name and no password; what exactly may be one, `service.access` says."""


@dataclass(frozen=True, slots=True)
class LoginPage:
    """Name as typed before, where to go then, and what went wrong."""

    name: str
    next: str
    fault: str


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """The invitation as it came, how short a password may be, and what went wrong."""

    key: str
    shortest: int
    fault: str


@router.get("/login")
def login(visit: Visitor, next: Annotated[str, Query(max_length=2000)] = HOME) -> Response:  # noqa: A002  the name in addresses
    """The form; who is logged in already goes on."""
    if visit.identity is not None:
        return _to(own_path(next))
    return render(visit, "login.html", LoginPage("", own_path(next), ""))


@router.post("/login", dependencies=[Unhurried])
def enter(  # noqa: PLR0913  fields of the form
    request: Request,
    running: Run,
    visit: Visitor,
    *,
    name: Typed = "",
    password: Typed = "",
    next: Typed = HOME,  # noqa: A002  the field of the form
) -> Response:
    """Log in; a wrong password shows the form again, the name still in it."""
    check_origin(request)
    try:
        return _logged_in(request, running, name, password, own_path(next))
    except AccessError as error:
        return _again(visit, "login.html", LoginPage(name, own_path(next), said_of(visit, error)), error)


@router.post("/logout")
def leave(request: Request, running: Run, visit: Acting) -> Response:  # noqa: ARG001  that it is the user's own wish
    """Log out."""
    log_out(running.store, request.cookies.get(COOKIE, ""))
    reply = _to(LOGIN)
    clear_cookie(reply, running.settings.secure)
    return reply


@router.get("/welcome")
def welcome(visit: Visitor) -> Response:
    """The page of a one-time link. Its secret stands behind ``#``, which no browser sends: script or hand puts it into the form."""
    return render(visit, "welcome.html", WelcomePage("", SHORTEST, ""))


@router.post("/welcome", dependencies=[Unhurried])
def take_up(  # noqa: PLR0913  fields of the form
    request: Request, running: Run, visit: Visitor, *, key: Typed = "", password: Typed = "", again: Typed = ""
) -> Response:
    """Set the password and log in."""
    check_origin(request)
    if password != again:
        page = WelcomePage(key, SHORTEST, visit.say("welcome.differ"))
        return render(visit, "welcome.html", page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        user = accept(running.store, key.strip(), password)
        return _logged_in(request, running, user, password, HOME)
    except AccessError as error:
        return _again(visit, "welcome.html", WelcomePage(key, SHORTEST, said_of(visit, error)), error)


@router.post("/language")
def speak(request: Request, running: Run, language: Annotated[Language, Form()], back: Typed = HOME) -> Response:
    """Keep the language for this browser."""
    check_origin(request)
    reply = _to(own_path(back))
    reply.set_cookie(LANGUAGE, language, _YEAR_SECONDS, path="/", httponly=True, samesite="strict", secure=running.settings.secure)
    return reply


def logged_in_anew(request: Request, running: Running, reply: Response, user: str, password: str) -> None:
    """A session for whoever has just set this password, all others having ended."""
    secret, _ = log_in(running.store, user, password, address_of(request))
    set_cookie(reply, secret, running.settings.secure)


def _logged_in(request: Request, running: Running, name: str, password: str, target: str) -> Response:
    reply = _to(target)
    logged_in_anew(request, running, reply, name, password)
    return reply


def _again(visit: Visit, template: str, page: LoginPage | WelcomePage, error: FormTallyError) -> Response:
    """The form once more. A wrong password is no 401: no browser is to ask for credentials of its own."""
    status = HTTPStatus.FORBIDDEN if isinstance(error, WrongPasswordError) else status_of(type(error))
    reply = render(visit, template, page, status)
    reply.headers.update(headers_of(error) if status != HTTPStatus.FORBIDDEN else {})
    return reply


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
