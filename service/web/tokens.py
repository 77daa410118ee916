"""API tokens: each user's own."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path

from service.access.clock import system_clock
from service.access.tokens import issue, revoke, tokens
from service.web.problems import not_there, problems
from service.web.running import Run
from service.web.shapes.access import IssuedJson, NewTokenJson, TokenJson, TokensJson
from service.web.who import InPerson, Someone

router = APIRouter(prefix="/tokens", tags=["users"])


@router.get("", responses=problems(401), summary="List one's tokens")
def listed(running: Run, identity: Someone) -> TokensJson:
    """Without their secrets, which nobody has but who was told them."""
    made = tokens(running.store, identity.user)
    return TokensJson(tokens=[TokenJson(id=each.id, label=each.label, made_at=each.made_at, ends_at=each.ends_at) for each in made])


@router.post("", status_code=201, responses=problems(401, 403, 409, 413, 422), summary="Make a token")
def add(running: Run, identity: InPerson, said: NewTokenJson) -> IssuedJson:
    """By it a program acts as this user. Its secret is in this reply and nowhere else. No token makes another: it needs a session."""
    ends_at = system_clock() + timedelta(days=said.days) if said.days is not None else None
    token, secret = issue(running.store, identity.user, said.label, ends_at)
    return IssuedJson(id=token, secret=secret)


@router.delete("/{id}", status_code=204, responses=problems(401, 403, 404, 422), summary="Revoke a token")
def remove(running: Run, identity: Someone, id: Annotated[str, Path(pattern="^[0-9a-f]{12}$")]) -> None:  # noqa: A002  the name that callers see
    """It is dead from this moment on."""
    if not revoke(running.store, identity.user, id):
        raise not_there()
