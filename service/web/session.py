"""Logging in and out, who one is, and the first password."""

from fastapi import APIRouter, Request, Response

from service.access.credentials import change_password
from service.access.identity import Identity
from service.access.invitations import accept
from service.access.roles import RIGHTS
from service.access.sessions import log_in, log_out, log_out_everywhere
from service.web.problems import problems
from service.web.running import Run, Unhurried
from service.web.shapes.access import LoginJson, MeJson, PasswordJson, WelcomedJson, WelcomeJson
from service.web.who import COOKIE, Someone, check_origin, clear_cookie, set_cookie

router = APIRouter(tags=["users"])


@router.post("/session", dependencies=[Unhurried], responses=problems(401, 403, 413, 422, 429), summary="Log in")
def begin(request: Request, response: Response, running: Run, said: LoginJson) -> MeJson:
    """Sets a cookie that scripts cannot read and other sites cannot send. Programs use tokens."""
    check_origin(request)
    secret, identity = log_in(running.store, said.name, said.password, address_of(request))
    set_cookie(response, secret, running.settings.secure)
    return _me(identity)


@router.delete("/session", status_code=204, responses=problems(401, 403), summary="Log out")
def end(request: Request, response: Response, running: Run, identity: Someone) -> None:  # noqa: ARG001  whose session it is
    """Ends this session; a token is revoked by `DELETE /tokens/{id}`."""
    log_out(running.store, request.cookies.get(COOKIE, ""))
    clear_cookie(response, running.settings.secure)


@router.delete("/sessions", status_code=204, responses=problems(401, 403), summary="Log out everywhere")
def end_all(response: Response, running: Run, identity: Someone) -> None:
    """Ends every session of this user; tokens stay."""
    log_out_everywhere(running.store, identity.user)
    clear_cookie(response, running.settings.secure)


@router.get("/me", responses=problems(401), summary="Who asks")
def me(identity: Someone) -> MeJson:
    """The user behind the session or token, and what he may do."""
    return _me(identity)


@router.put(
    "/me/password", dependencies=[Unhurried], status_code=204, responses=problems(401, 403, 413, 422, 429), summary="Change the password"
)
def change(request: Request, running: Run, identity: Someone, said: PasswordJson) -> None:
    """Ends every session of this user, this one too; every token where that is asked for, as after a theft."""
    change_password(running.store, identity.user, said.old, said.new, address_of(request), revoke_tokens=said.revoke_tokens)


@router.post("/welcome", dependencies=[Unhurried], responses=problems(403, 413, 422, 429), summary="Take up an invitation")
def welcome(request: Request, running: Run, said: WelcomeJson) -> WelcomedJson:
    """Sets the password of the invited user; the invitation is used up."""
    check_origin(request)
    return WelcomedJson(user=accept(running.store, said.secret, said.password))


def address_of(request: Request) -> str:
    """The client's address; empty where the transport has none."""
    return request.client.host if request.client is not None else ""


def _me(identity: Identity) -> MeJson:
    rights = sorted(RIGHTS[identity.role])
    return MeJson(user=identity.user, role=identity.role, rights=rights, sees_all=identity.sees is None, csrf=identity.csrf)
