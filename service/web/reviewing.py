"""One form under review: opened, changed, undone, approved; and what is asked at every keystroke."""

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from service.review.acting import Seen, act, approve, redo, undo
from service.review.drafts import Draft, draft_of, drop_draft, keep_draft
from service.review.keying import veiled
from service.review.opened import Opened, opened
from service.store.reading import form as stored_form
from service.web.forms import ETAG, FormKey, etag
from service.web.preconditions import IF_MATCH, reviewed, seen_by
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.shapes.changes import ChangesJson
from service.web.shapes.review import (
    DraftJson,
    EquationsJson,
    KeptDraftJson,
    SavedJson,
    SheetJson,
    TypingJson,
    draft_json,
    equation_json,
    equations_json,
    sheet_json,
)
from service.web.who import Corrector

router = APIRouter(prefix="/forms", tags=["reviews"])

_CHANGING: Final[dict[int | str, dict[str, Any]]] = ETAG | problems(401, 403, 404, 409, 412, 413, 422, 428)


@router.get("/{id}/review", response_model=SheetJson, responses=ETAG | problems(401, 403, 404, 422), summary="Open a form for review")
def sheet(running: Run, identity: Corrector, id: FormKey) -> Response:  # noqa: A002  the name that callers see
    """The record with all that a reviewer needs beside it. Opening takes no reservation: see `reservation`."""
    place = reviewed(running, identity, id)
    found = _opened(running, place.document, place.number, identity.user)
    reply = _reply(running, found)
    reply.background = BackgroundTask(running.prepare, found.standing)
    return reply


@router.post("/{id}/changes", response_model=SheetJson, responses=_CHANGING, openapi_extra=IF_MATCH, summary="Change a form under review")
def change(request: Request, running: Run, identity: Corrector, id: FormKey, said: ChangesJson) -> Response:  # noqa: A002
    """Rules and joint decision run again at once, with every value fixed that a person has said. The reply is the form as it is then."""
    seen = seen_by(request, running, identity, id)
    found = stored_form(running.store, seen.document, seen.number)
    if found is None:
        raise not_there()
    act(running.office, seen, said.said(found.form))
    return _after(running, seen)


@router.post("/{id}/undo", response_model=SheetJson, responses=_CHANGING, openapi_extra=IF_MATCH, summary="Undo the last step on a form")
def take_back(request: Request, running: Run, identity: Corrector, id: FormKey) -> Response:  # noqa: A002
    """The record is again as it was before; the history keeps both."""
    seen = seen_by(request, running, identity, id)
    undo(running.office, seen)
    return _after(running, seen)


@router.post("/{id}/redo", response_model=SheetJson, responses=_CHANGING, openapi_extra=IF_MATCH, summary="Do again what was undone last")
def do_again(request: Request, running: Run, identity: Corrector, id: FormKey) -> Response:  # noqa: A002
    """Possible until something else is done."""
    seen = seen_by(request, running, identity, id)
    redo(running.office, seen)
    return _after(running, seen)


@router.post("/{id}/approval", response_model=SheetJson, responses=_CHANGING, openapi_extra=IF_MATCH, summary="Approve a form")
def approval(request: Request, running: Run, identity: Corrector, id: FormKey) -> Response:  # noqa: A002
    """One's draft is laid on first, in the same step; nothing happens where a field is doubtful or a finding open afterwards."""
    seen = seen_by(request, running, identity, id)
    approve(running.office, seen)
    return _after(running, seen)


@router.post("/{id}/equations", responses=problems(401, 403, 404, 413, 422), summary="Equations of a field, as typed so far")
def equations(running: Run, identity: Corrector, id: FormKey, said: TypingJson) -> EquationsJson:  # noqa: A002
    """Those that involve the field at `path`, with `texts` in place; nothing is kept."""
    place = reviewed(running, identity, id)
    laid = running.equations.of(place.document, place.number)
    found = laid.involving(said.path, said.texts) if laid is not None else ()
    if any(map(running.office.policy.is_double_keyed, (path for each in found for path in each.paths))):
        concealed = running.hidden.of(place.document, place.number)
        found = tuple(veiled(each, concealed) for each in found)
    return EquationsJson(equations=[equation_json(each) for each in found])


@router.get("/{id}/draft", responses=problems(401, 403, 404, 422), summary="One's draft")
def draft(running: Run, identity: Corrector, id: FormKey) -> KeptDraftJson:  # noqa: A002
    """What one has typed and not sent, and into which version; 404 where nothing is kept."""
    place = reviewed(running, identity, id)
    found = draft_of(running.store, place.document, place.number, identity.user)
    if found is None:
        raise not_there()
    return draft_json(found)


@router.put("/{id}/draft", responses=problems(401, 403, 404, 413, 422), summary="Keep a draft")
def keep(running: Run, identity: Corrector, id: FormKey, said: DraftJson) -> SavedJson:  # noqa: A002
    """In place of the one before. One's own alone; approving uses it up."""
    place = reviewed(running, identity, id)
    kept = keep_draft(running.store, Draft(place.document, place.number, identity.user, said.version, said.texts, ""))
    return SavedJson(saved_at=kept.saved_at)


@router.delete("/{id}/draft", status_code=204, responses=problems(401, 403, 404, 422), summary="Drop one's draft")
def drop(running: Run, identity: Corrector, id: FormKey) -> None:  # noqa: A002
    """Whether or not there is one."""
    place = reviewed(running, identity, id)
    drop_draft(running.store, place.document, place.number, identity.user)


def _opened(running: Running, document: str, number: int, user: str) -> Opened:
    found = opened(running.office, document, number, user)
    if found is None:
        raise not_there()
    return found


def _after(running: Running, seen: Seen) -> Response:
    """The form as it stands after a step, or after another's by now: version and record go together. Whoever typed has his draft."""
    return _reply(running, replace(_opened(running, seen.document, seen.number, seen.user), draft=None))


def _reply(running: Running, found: Opened) -> Response:
    standing = found.standing
    running.hidden.over(found)
    laid = running.equations.over(standing.document, standing.number, standing.version, standing.form)
    made = sheet_json(found, equations_json(found, laid), running.office.policy)
    return Response(made.model_dump_json(), media_type="application/json", headers={"ETag": etag(standing.version)})
