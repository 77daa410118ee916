"""Users, for those who manage them."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from service.access.invitations import PATH, invite
from service.access.users import User, add_user, disable, enable, find_user, set_role, users
from service.web.headers import API
from service.web.problems import problems
from service.web.running import Run
from service.web.shapes.access import InvitedJson, NewUserJson, UserChangeJson, UserJson, UserName, UsersJson
from service.web.who import Manager

router = APIRouter(prefix="/users", tags=["users"])

Name = Annotated[UserName, Path()]


@router.get("", responses=problems(401, 403), summary="List users")
def listed(running: Run, identity: Manager) -> UsersJson:  # noqa: ARG001  that he may
    """Every account, by name."""
    return UsersJson(users=[_json(user) for user in users(running.store)])


@router.post("", status_code=201, responses=problems(401, 403, 409, 413, 422), summary="Make a user")
def add(response: Response, running: Run, identity: Manager, said: NewUserJson) -> InvitedJson:  # noqa: ARG001  that he may
    """The new user sets a password by the invitation that is in the reply."""
    name = add_user(running.store, said.name, said.role)
    response.headers["Location"] = f"{API}/users/{quote(name, safe='')}"
    return _invited(running, name)


@router.get("/{name}", responses=problems(401, 403, 404, 422), summary="A user")
def one(running: Run, identity: Manager, name: Name) -> UserJson:  # noqa: ARG001  that he may
    """An account, by any case of letters."""
    return _json(find_user(running.store, name))


@router.patch("/{name}", responses=problems(401, 403, 404, 409, 413, 422), summary="Change a user")
def change(running: Run, identity: Manager, name: Name, said: UserChangeJson) -> UserJson:  # noqa: ARG001  that he may
    """Another role, or no more access; both hold from the user's next request on. None is ever removed: the history names them."""
    if said.role is not None:
        set_role(running.store, name, said.role)
    if said.disabled is not None:
        (disable if said.disabled else enable)(running.store, name)
    return _json(find_user(running.store, name))


@router.post("/{name}/invitation", status_code=201, responses=problems(401, 403, 404, 409, 422), summary="Invite a user")
def again(running: Run, identity: Manager, name: Name) -> InvitedJson:  # noqa: ARG001  that he may
    """In place of earlier invitations; it holds for 24 hours, for one password."""
    return _invited(running, find_user(running.store, name).name)


def _invited(running: Run, name: str) -> InvitedJson:
    secret = invite(running.store, name)
    return InvitedJson(name=name, secret=secret, path=f"{PATH}{secret}")


def _json(user: User) -> UserJson:
    return UserJson(name=user.name, role=user.role, disabled=user.disabled, has_password=user.has_password, added_at=user.added_at)
