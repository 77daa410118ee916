"""Corrections: what a person says stands on the paper, who said what before, and what others have said since."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from service.review.acting import Said, Seen, act
from service.review.changes import SetField
from service.review.differences import changed_since
from service.review.trail import trail
from service.store.form_rows import fields_of
from service.web.forms import ETAG, FormKey, etag
from service.web.preconditions import IF_MATCH, check_version, reviewed
from service.web.problems import not_there, problems
from service.web.running import Run
from service.web.seen import seen_form
from service.web.shapes.documents import form_url
from service.web.shapes.forms import CorrectedJson, CorrectionJson
from service.web.shapes.history import DifferencesJson, HistoryJson, difference_json, event_json
from service.web.who import Corrector, Someone

router = APIRouter(prefix="/forms", tags=["forms"])

_MADE: Final[dict[int | str, dict[str, Any]]] = {201: {"description": "The next version stands.", "headers": ETAG[200]["headers"]}}


@router.post(
    "/{id}/corrections",
    status_code=201,
    response_model=CorrectedJson,
    responses=_MADE | problems(401, 403, 404, 412, 413, 422, 428),
    openapi_extra=IF_MATCH,
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
    """A new version of the record, in which the rules have been asked again, and a line in the history that nobody can remove.

    Nothing happens where another version stands. Where two people must key a field, it stands once another has said the same.
    """
    found = seen_form(running, identity, id)
    check_version(request, found.version)
    if said.path not in fields_of(found.form):
        raise not_there()
    seen = Seen(found.document, found.number, found.version, identity.user)
    acted = act(running.office, seen, [Said(SetField(said.path, said.text), said.reason)])
    url = form_url(found.document, found.number)
    response.headers.update({"ETag": etag(acted.version), "Location": url})
    return CorrectedJson(id=id, version=acted.version, url=url)


@router.get("/{id}/history", responses=problems(401, 404, 422), summary="What was done to a form")
def history(
    running: Run,
    identity: Someone,
    id: FormKey,  # noqa: A002  the name that callers see
    path: Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="Of one field.")] = None,
) -> HistoryJson:
    """Everything that people did, the oldest first: who, when, what stood there, what stands there, why.

    What another has keyed of a field that two people key is hidden until two have keyed it, or the form is approved.
    """
    place = reviewed(running, identity, id)
    past = trail(running.store, place.document, place.number, identity.user)
    return HistoryJson(corrections=[event_json(event) for event in past if path in (None, event.path)])


@router.get("/{id}/differences", responses=problems(401, 403, 404, 422), summary="What has become of a form since it was seen")
def differences(
    running: Run,
    identity: Corrector,
    id: FormKey,  # noqa: A002  the name that callers see
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="That was seen.")],
) -> DifferencesJson:
    """Every field whose text is another one now, and who changed it; for the second of two who work on a form.

    Of a field that two people key, neither what was read nor what another has keyed is told before two have.
    """
    place = reviewed(running, identity, id)
    found = changed_since(running.office, place.document, place.number, version, identity.user)
    return DifferencesJson(version=found.version, fields=[difference_json(each, found.events) for each in found.differences])
