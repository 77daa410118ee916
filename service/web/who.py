"""Who asks, and whether it is he himself: token or session, and for a browser's session the proof that one of our pages asks."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from anyio import to_thread
from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from models.errors import CrossSiteError, NotLoggedInError
from service.access.identity import Identity, demand, demand_session
from service.access.roles import Right
from service.access.sessions import identify_session
from service.access.tokens import identify_token
from service.web.running import Run, Running

COOKIE: Final = "formtally_session"
CSRF_HEADER: Final = "X-CSRF-Token"

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({"", "same-origin", "none"})
"""What ``Sec-Fetch-Site`` may say of a change: from here, by the user's own hand, or by a program that is no browser."""

_TOKEN = HTTPBearer(auto_error=False, scheme_name="token", description="An API token, `ft_…`, of `POST /tokens`.")
_SESSION = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="session",
    description=f"Of `POST /session`. Whatever changes something must bear the header `{CSRF_HEADER}` with what `GET /me` tells.",
)

Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)]
Cookie = Annotated[str | None, Security(_SESSION)]


async def identify(request: Request, running: Run, bearer: Bearer, cookie: Cookie) -> Identity:
    """A dependency: who asks; a token goes before a cookie.

    Raises:
        NotLoggedInError: nobody, or not any more.
        CrossSiteError: a page of another site may have made a browser ask.
    """
    if "authorization" in request.headers:
        identity = await _owner(running, bearer.credentials) if bearer is not None else None
    else:
        identity = await visitor_of(running, cookie or "")
    if identity is None:
        raise NotLoggedInError("This needs a user who is logged in.", "Log in, or send a token that is valid.")
    if identity.session and request.method not in _SAFE:
        check_origin(request)
        if not identity.has_csrf(request.headers.get(CSRF_HEADER, "")):
            raise CrossSiteError(f"The header {CSRF_HEADER} is missing or wrong.", "Send what GET /me tells.")
    request.state.user = identity.user
    return identity


async def _owner(running: Running, token: str) -> Identity | None:
    async def look(secret: str) -> Identity | None:
        return await running.look(identify_token, running.store, secret)

    return await running.remembered.whose("token", token, look)


async def visitor_of(running: Running, cookie: str) -> Identity | None:
    """Whose session a browser's cookie is; None where it is none, or not any more."""

    async def look(secret: str) -> Identity | None:  # in a thread: now and then it notes the use, and waits for other writers
        return await to_thread.run_sync(identify_session, running.store, secret)

    return await running.remembered.whose("session", cookie, look) if cookie else None


def check_origin(request: Request) -> None:
    """Make sure that no page of another site made a browser send this.

    Raises:
        CrossSiteError: the browser says that one did.
    """
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != request.headers.get("host", "").lower()
    if foreign or request.headers.get("sec-fetch-site", "") not in _OWN_SITES:
        raise CrossSiteError("A page of another site made this request.", "Use the service's own pages.")


def having(right: Right) -> Callable[[Identity], Awaitable[Identity]]:
    """A dependency: whoever asks must have ``right``, else `ForbiddenError`."""

    async def check(identity: Annotated[Identity, Depends(identify)]) -> Identity:  # waits for nothing: a thread would cost more
        return demand(identity, right)

    return check


async def in_person(identity: Annotated[Identity, Depends(identify)]) -> Identity:  # async as `having`'s
    """A dependency: whoever asks has logged in, else `ForbiddenError`."""
    return demand_session(identity)


Someone = Annotated[Identity, Depends(identify)]
InPerson = Annotated[Identity, Depends(in_person)]
Uploader = Annotated[Identity, Depends(having(Right.UPLOAD))]
Corrector = Annotated[Identity, Depends(having(Right.CORRECT))]
Exporter = Annotated[Identity, Depends(having(Right.EXPORT))]
Subscriber = Annotated[Identity, Depends(having(Right.WEBHOOKS))]
Manager = Annotated[Identity, Depends(having(Right.MANAGE))]


def identity_now(request: Request, running: Run) -> Identity | None:
    """Who asks, if the secret that ``request`` came with is still good: a connection that stays open asks now and then. Blocks."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return identify_token(running.store, token.strip())
    return identify_session(running.store, request.cookies.get(COOKIE, ""))


def set_cookie(response: Response, secret: str, secure: bool) -> None:
    """Let the browser keep a session's ``secret`` until it is closed, out of reach of scripts and of other sites."""
    response.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="strict", secure=secure)


def clear_cookie(response: Response, secure: bool) -> None:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure)
