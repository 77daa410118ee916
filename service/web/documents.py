"""Documents: the list, one, its record, its original."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from models.errors import NotReadYetError, UnknownTypeError
from models.form import Document, Problem, Source
from ocr.opening.sniff import HEAD_BYTES, JPEG, PDF, PNG, TIFF, media_type
from service.access.identity import Identity
from service.document_json import Origin, to_json
from service.document_shape import DocumentJson
from service.store.documents import State
from service.store.listed import DocumentFilter
from service.store.listing import list_documents
from service.store.opening import Store
from service.store.originals import BLOCK
from service.store.reading import StoredDocument, document
from service.web.names import ascii_name, renamed
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.seen import check_seen, seen_document, shown_name
from service.web.shapes.documents import SHA256, DocumentStateJson, state_json
from service.web.shapes.forms import DocumentsJson, document_row_json
from service.web.shapes.lists import BYTES, After, Limit, Unit, Year
from service.web.who import Someone

router = APIRouter(prefix="/documents", tags=["documents"])

Id = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the original, hex.", examples=[SHA256])]

_ENDED: Final = frozenset({State.DONE, State.FAILED})
_UNKNOWN: Final = "application/octet-stream"
_BYTES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file as it came.", "content": dict.fromkeys((PDF, PNG, JPEG, TIFF, _UNKNOWN), BYTES)}
}


async def document_filter(state: Annotated[State | None, Query()] = None, year: Year = None, unit: Unit = None) -> DocumentFilter:
    """A dependency: what a list is asked for, owner not yet said. It is async so that it takes no thread."""
    return DocumentFilter(state, year, unit)


Wanted = Annotated[DocumentFilter, Depends(document_filter)]


@router.get("", response_model=DocumentsJson, responses=problems(401, 422), summary="List documents")
async def listed(running: Run, identity: Someone, wanted: Wanted, after: After = "", limit: Limit = 50) -> Response:
    """The newest first; `next` of a page is `after` of the next."""
    found = await running.look(list_documents, running.store, replace(wanted, owner=identity.sees), after, limit)
    page = DocumentsJson([document_row_json(row) for row in found.items], found.next)
    return Response(msgspec.json.encode(page), media_type="application/json")


@router.get("/{id}", response_model=DocumentStateJson, responses=problems(401, 404, 422), summary="How far a document has come")
async def one(running: Run, identity: Someone, id: Id) -> Response:  # noqa: A002  the name that callers see
    """The same JSON as `events` sends."""
    told = await running.look(_state, running, identity, id)
    return Response(told.model_dump_json(), media_type="application/json")


@router.get("/{id}/record", response_model=DocumentJson, responses=problems(401, 404, 409, 422), summary="The record of a document")
def record(running: Run, identity: Someone, id: Id) -> Response:  # noqa: A002  the name that callers see
    """The document JSON: every form with its fields, findings and problems, as corrected up to now."""
    check_seen(running, identity, id)
    found = document(running.store, id)
    if found is None:
        raise not_there()
    if found.state not in _ENDED:
        raise NotReadYetError("The document is still to be read.", "Wait for its events, or ask again.")
    name = shown_name(running, identity, seen_document(running, identity, id))
    made = Document(Source(name, id, found.pages), tuple(each.form for each in found.forms), _problems(found, name))
    return Response(to_json(made, Origin(found.version, running.settings.limits, name)), media_type="application/json")


@router.get("/{id}/original", response_class=Response, responses=_BYTES | problems(401, 404, 422), summary="The original, to be downloaded")
def original(running: Run, identity: Someone, id: Id) -> StreamingResponse:  # noqa: A002  the name that callers see
    """Byte for byte. It comes from a stranger: a browser is told to save it, and never to show it here."""
    found = seen_document(running, identity, id)
    name = shown_name(running, identity, found)
    headers = {"Content-Disposition": disposition(name), "Content-Length": str(found.bytes)}
    return StreamingResponse(_blocks(running.store, id), headers=headers, media_type=_type(running.store, id))


def _state(running: Running, identity: Identity, sha256: str) -> DocumentStateJson:
    found = seen_document(running, identity, sha256)
    return state_json(found, shown_name(running, identity, found))


def disposition(name: str) -> str:
    """``Content-Disposition`` that has a browser save a file under ``name`` (RFC 6266), whatever is in it."""
    return f"attachment; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def _problems(found: StoredDocument, name: str) -> tuple[Problem, ...]:
    """Those of its pages, behind the one that made it fail as a whole; the file is called ``name`` in them."""
    failed = found.error.code and all((each.code, each.message) != (found.error.code, found.error.message) for each in found.problems)
    told = (found.error, *found.problems) if failed else found.problems
    return tuple(replace(each, message=renamed(each.message, found.name, name)) for each in told)


def _type(store: Store, sha256: str) -> str:
    with store.originals.local(sha256) as path, path.open("rb") as file:
        try:
            return media_type(file.read(HEAD_BYTES), "")
        except UnknownTypeError:
            return _UNKNOWN


def _blocks(store: Store, sha256: str) -> Iterator[bytes]:
    with store.originals.local(sha256) as path, path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
