"""One's own account: another password, and tokens by which programs act as oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from models.errors import AccessError, FormTallyError, UsageError
from service.access.clock import system_clock
from service.access.credentials import change_password
from service.access.passwords import SHORTEST
from service.access.roles import Role
from service.access.tokens import LONGEST_LABEL, Token, issue, revoke, tokens
from service.store.writing import stamp
from service.web.pages.entry import Typed, logged_in_anew
from service.web.pages.render import render
from service.web.pages.route import PageRoute, said_of
from service.web.pages.visit import Acting, Person, Visit
from service.web.problems import not_there, status_of
from service.web.running import Run, Running, Unhurried
from service.web.session import address_of

router = APIRouter(prefix="/account", route_class=PageRoute, include_in_schema=False)

_DONE: Final = {"password": "account.said_password", "all": "account.said_all", "revoked": "account.said_revoked"}
"""What the page says of what was done just before, by the word in its address."""

LIFETIMES: Final = (30, 90, 365)
"""Days of a token that are offered; for ever is the fourth."""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What the page of one's account shows.

    Attributes:
        user: name.
        role: at this moment.
        tokens: the oldest first.
        now: the moment, to tell tokens that have ended.
        secret: of a token just made, shown this once; else empty.
        said: key of a sentence on what was done; else empty.
        fault: what went wrong; else empty.
        shortest: characters of a password.
        longest_label: characters of a token's label.
        lifetimes: days of a token that are offered.
    """

    user: str
    role: Role
    tokens: Sequence[Token]
    now: str
    secret: str = ""
    said: str = ""
    fault: str = ""
    shortest: int = SHORTEST
    longest_label: int = LONGEST_LABEL
    lifetimes: tuple[int, ...] = LIFETIMES


@router.get("")
def account(running: Run, visit: Person, said: str = "") -> Response:
    """Password and tokens."""
    return _page(running, visit, said=_DONE.get(said, ""))


@router.post("/password", dependencies=[Unhurried])
def change(  # noqa: PLR0913  fields of the form
    request: Request,
    running: Run,
    visit: Acting,
    *,
    old: Typed = "",
    new: Typed = "",
    again: Typed = "",
    tokens_too: Annotated[bool, Form()] = False,
) -> Response:
    """Another password; every other session of the user ends, and every token where that is asked for."""
    if new != again:
        return _page(running, visit, HTTPStatus.UNPROCESSABLE_ENTITY, fault=visit.say("welcome.differ"))
    user = visit.someone.user
    try:
        change_password(running.store, user, old, new, address_of(request), revoke_tokens=tokens_too)
        reply = RedirectResponse(f"/account?said={'all' if tokens_too else 'password'}", HTTPStatus.SEE_OTHER)
        logged_in_anew(request, running, reply, user, new)
    except AccessError as error:
        return _failed(running, visit, error)
    return reply


@router.post("/tokens")
def make(running: Run, visit: Acting, label: Typed = "", days: Annotated[int, Form(ge=0, le=3650)] = 0) -> Response:
    """A token, whose secret this reply shows and nothing else ever."""
    ends_at = system_clock() + timedelta(days=days) if days else None
    try:
        _, secret = issue(running.store, visit.someone.user, label.strip(), ends_at)
    except (AccessError, UsageError) as error:
        return _failed(running, visit, error)
    return _page(running, visit, secret=secret)


@router.post("/tokens/revoke")
def remove(running: Run, visit: Acting, token: Typed = "") -> Response:
    """End a token at once."""
    if not revoke(running.store, visit.someone.user, token):
        raise not_there()
    return RedirectResponse("/account?said=revoked", HTTPStatus.SEE_OTHER)


def _failed(running: Running, visit: Visit, error: FormTallyError) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, AccessError) else status_of(type(error))
    fault = visit.say("account.label_wrong", most=LONGEST_LABEL) if isinstance(error, UsageError) else said_of(visit, error)
    return _page(running, visit, status, fault=fault)


def _page(  # noqa: PLR0913  each shown at its place
    running: Running, visit: Visit, status: int = HTTPStatus.OK, *, secret: str = "", said: str = "", fault: str = ""
) -> Response:
    me = visit.someone
    page = AccountPage(me.user, me.role, tokens(running.store, me.user), stamp(system_clock()), secret, said, fault)
    return render(visit, "account.html", page, status)
