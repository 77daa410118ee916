"""What a request says it has seen: nobody writes over a version that he has not."""

from typing import Any, Final

from starlette.requests import Request

from models.errors import StaleVersionError, VersionMissingError
from service.access.identity import Identity
from service.review.acting import Seen
from service.store.reading import form_version
from service.web.conditions import is_match
from service.web.forms import etag
from service.web.problems import not_there
from service.web.running import Running
from service.web.seen import Place, check_seen, place_of

IF_MATCH: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": 'The `ETag` of the form that was seen: `"3"`.',
            "schema": {"type": "string", "examples": ['"1"']},
        }
    ]
}
"""Declared by hand: what lacks it is answered by 428, not as an invalid request."""


def check_version(request: Request, version: int) -> None:
    """Make sure that ``request`` is meant for ``version`` of a form, the one that stands.

    Raises:
        VersionMissingError: it does not say what it is meant for.
        StaleVersionError: it is meant for another.
    """
    if_match = request.headers.getlist("if-match")
    if not if_match:
        raise VersionMissingError("It is not said which version is meant.", "Send the ETag of the form as If-Match.")
    if not is_match(if_match, etag(version)):
        raise StaleVersionError(
            f"The record is no longer the one that was seen. It stands at version {version}.",
            "Look at it as it is now, and go on from there.",
        )


def reviewed(running: Running, identity: Identity, form_id: str) -> Place:
    """Where a form is that this user may see and that stands.

    Raises:
        NotThereError: there is none.
        StoreError: the database cannot be read.
    """
    return _standing(running, identity, form_id)[0]


def seen_by(request: Request, running: Running, identity: Identity, form_id: str) -> Seen:
    """The form that a request is about, as whoever asks has it before the eyes.

    Raises:
        NotThereError: there is none that this user may see.
        VersionMissingError: the request does not say which version it is meant for.
        StaleVersionError: another version stands.
        StoreError: the database cannot be read.
    """
    place, version = _standing(running, identity, form_id)
    check_version(request, version)
    return Seen(place.document, place.number, version, identity.user)


def _standing(running: Running, identity: Identity, form_id: str) -> tuple[Place, int]:
    place = place_of(form_id)
    check_seen(running, identity, place.document)
    version = form_version(running.store, place.document, place.number)
    if not version:
        raise not_there()
    return place, version
