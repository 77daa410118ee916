"""The administrator's page of users: make one, give a role, close and open an account, invite."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from models.errors import AccessError
from service.access.invitations import PATH, invite
from service.access.names import LONGEST_NAME
from service.access.roles import Role
from service.access.users import User, add_user, disable, enable, set_role, users
from service.web.pages.entry import Typed
from service.web.pages.render import render
from service.web.pages.route import PageRoute, said_of
from service.web.pages.visit import Manager, Managing, Visit
from service.web.problems import status_of
from service.web.running import Run, Running

router = APIRouter(prefix="/users", route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """What the page of users shows.

    Attributes:
        users: by name.
        roles: that there are.
        invited: who was invited just now; else empty.
        link: the invitation, shown this once; else empty.
        fault: what went wrong; else empty.
        name: of a user that was to be made, as it was typed.
        longest_name: characters.
    """

    users: Sequence[User]
    roles: tuple[Role, ...] = tuple(Role)
    invited: str = ""
    link: str = ""
    fault: str = ""
    name: str = ""
    longest_name: int = LONGEST_NAME


@router.get("")
def people(running: Run, visit: Manager) -> Response:
    """Every account."""
    return render(visit, "users.html", PeoplePage(users(running.store)))


@router.post("")
def add(request: Request, running: Run, visit: Managing, role: Annotated[Role, Form()], name: Typed = "") -> Response:
    """A new account, and the link by which its user sets a password."""
    try:
        return _invited(request, running, visit, add_user(running.store, name.strip(), role))
    except AccessError as error:
        return _failed(running, visit, error, name)


@router.post("/role")
def change(running: Run, visit: Managing, name: Annotated[str, Form()], role: Annotated[Role, Form()]) -> Response:
    """Another role, from the user's next request on."""
    try:
        set_role(running.store, name, role)
    except AccessError as error:
        return _failed(running, visit, error)
    return _done()


@router.post("/access")
def open_or_close(running: Run, visit: Managing, name: Annotated[str, Form()], open: Annotated[bool, Form()]) -> Response:  # noqa: A002  the field of the form
    """Let the user in, or out."""
    try:
        (enable if open else disable)(running.store, name)
    except AccessError as error:
        return _failed(running, visit, error)
    return _done()


@router.post("/invitation")
def again(request: Request, running: Run, visit: Managing, name: Annotated[str, Form()]) -> Response:
    """A link in place of earlier ones."""
    try:
        return _invited(request, running, visit, name)
    except AccessError as error:
        return _failed(running, visit, error)


def _invited(request: Request, running: Running, visit: Visit, name: str) -> Response:
    link = f"{request.url.scheme}://{request.url.netloc}{PATH}{invite(running.store, name)}"
    return render(visit, "users.html", PeoplePage(users(running.store), invited=name, link=link))


def _failed(running: Running, visit: Visit, error: AccessError, name: str = "") -> Response:
    return render(visit, "users.html", PeoplePage(users(running.store), fault=said_of(visit, error), name=name), status_of(type(error)))


def _done() -> Response:
    return RedirectResponse("/users", HTTPStatus.SEE_OTHER)
