"""Corrections: what a person says stands on the paper, and who said what before."""

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.errors import StaleVersionError, VersionMissingError
from service.store.correcting import Correction, correct
from service.store.form_rows import fields_of
from service.store.past import corrections_of
from service.web.conditions import is_match
from service.web.forms import ETAG, FormKey, etag
from service.web.problems import not_there, problems
from service.web.running import Run
from service.web.seen import seen_form
from service.web.shapes.documents import form_url
from service.web.shapes.forms import CorrectedJson, CorrectionJson, HistoryJson, PastCorrectionJson
from service.web.who import Corrector, Someone

router = APIRouter(prefix="/forms", tags=["forms"])

_MADE: Final[dict[int | str, dict[str, Any]]] = {201: {"description": "The next version stands.", "headers": ETAG[200]["headers"]}}

_IF_MATCH: Final[dict[str, Any]] = {
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


@router.post(
    "/{id}/corrections",
    status_code=201,
    response_model=CorrectedJson,
    responses=_MADE | problems(401, 403, 404, 412, 413, 422, 428),
    openapi_extra=_IF_MATCH,
    summary="Correct a field",
)
def add(  # noqa: PLR0913  what FastAPI is to find
    *,
    request: Request,
    response: Response,
    running: Run,
    identity: Corrector,
    id: FormKey,  # noqa: A002  the name that callers see
    said: CorrectionJson,
) -> CorrectedJson:
    """A new version of the record, and a line in the history that nobody can remove. Nothing happens where another version stands."""
    found = seen_form(running, identity, id)
    if_match = request.headers.getlist("if-match")
    if not if_match:
        raise VersionMissingError("It is not said which version is corrected.", "Send the ETag of the form as If-Match.")
    if not is_match(if_match, etag(found.version)):
        raise StaleVersionError(
            f"The record is no longer the one that was corrected. It stands at version {found.version}.",
            "Look at it as it is now, and correct that.",
        )
    if said.path not in fields_of(found.form):
        raise not_there()
    correction = Correction(found.document, found.number, found.version, said.path, said.text, identity.user, said.reason)
    version = correct(running.store, correction)
    url = form_url(found.document, found.number)
    response.headers.update({"ETag": etag(version), "Location": url})
    return CorrectedJson(id=id, version=version, url=url)


@router.get("/{id}/history", responses=problems(401, 404, 422), summary="What was corrected on a form")
def history(running: Run, identity: Someone, id: FormKey) -> HistoryJson:  # noqa: A002  the name that callers see
    """Every correction, the oldest first: who, when, what stood there, what stands there, why."""
    found = seen_form(running, identity, id)
    past = corrections_of(running.store, found.document, found.number)
    return HistoryJson(corrections=[PastCorrectionJson(**asdict(each)) for each in past])
