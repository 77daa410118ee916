"""Which pages and tables make which form of a document, as a reviewer says."""

from typing import Annotated

from fastapi import APIRouter, Body

from models.errors import UsageError
from service.access.identity import Identity
from service.review.acting import Seen
from service.review.arranged import arranged
from service.review.arranging import join_forms, read_as, split_form, undo_arrangement, without_page
from service.web.documents import Id
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.seen import check_seen
from service.web.shapes.arrangement import (
    ArrangeJson,
    ArrangementJson,
    ExcludeJson,
    JoinJson,
    ReadAsJson,
    SplitJson,
    UndoArrangementJson,
    arrangement_json,
)
from service.web.who import Corrector

router = APIRouter(prefix="/documents", tags=["reviews"])


@router.get("/{id}/arrangement", responses=problems(401, 403, 404, 409, 422), summary="Which pages make which form")
def one(running: Run, identity: Corrector, id: Id) -> ArrangementJson:  # noqa: A002  the name that callers see
    """Pages with their tables, forms with what they are made of, and the templates that there are."""
    check_seen(running, identity, id)
    return _arrangement(running, id)


@router.post("/{id}/arrangement", responses=problems(401, 403, 404, 409, 412, 413, 422), summary="Put forms together anew")
def arrange(running: Run, identity: Corrector, id: Id, said: Annotated[ArrangeJson, Body()]) -> ArrangementJson:  # noqa: A002
    """The forms concerned are read again from what is kept of their pages; what was done to them before counts no more, until an undo."""
    check_seen(running, identity, id)
    seen = _seen(identity, id, said, said.form)
    match said:
        case ReadAsJson():
            read_as(running.office, seen, said.template, said.reason)
        case ExcludeJson():
            without_page(running.office, seen, said.page, said.reason)
        case SplitJson():
            split_form(running.office, seen, said.at, said.template, said.reason)
        case JoinJson():
            join_forms(running.office, seen, _seen(identity, id, said, said.other), said.reason)
    return _arrangement(running, id)


@router.post("/{id}/arrangement/undo", responses=problems(401, 403, 404, 409, 412, 413, 422), summary="Undo an arrangement")
def undo(running: Run, identity: Corrector, id: Id, said: UndoArrangementJson) -> ArrangementJson:  # noqa: A002
    """For all forms that it concerned, if nothing else was done to any of them since."""
    check_seen(running, identity, id)
    undo_arrangement(running.office, Seen(id, said.form, said.version, identity.user), said.reason)
    return _arrangement(running, id)


def _seen(identity: Identity, document: str, said: ArrangeJson, number: int) -> Seen:
    version = said.versions.get(str(number))
    if version is None:
        raise UsageError(f"It is not said which version of form {number} was seen.", "Name it in versions.")
    return Seen(document, number, version, identity.user)


def _arrangement(running: Running, document: str) -> ArrangementJson:
    found = arranged(running.office, document)
    if found is None:
        raise not_there()
    return arrangement_json(document, found)
