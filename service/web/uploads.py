"""``POST /documents``: scans in, ids out. Who asks is known, and that there is room, before a byte of the body is read."""

from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from models.errors import UnknownTypeError
from service.store.progress import progress
from service.web.multipart import FIELD
from service.web.problems import MEDIA_TYPE, headers_of, problem_of, problems, request_id_of
from service.web.receiving import Taken, receive
from service.web.running import Run, Running
from service.web.shapes.documents import AcceptedJson, RefusedFileJson, RefusedJson, UploadedJson, document_url
from service.web.who import Uploader

router = APIRouter(tags=["documents"])

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "additionalProperties": False,
                    "properties": {FIELD: {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}
_REFUSED_BODY: Final = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/RefusedJson"}}}
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    415: {"description": "No file was taken: none is of a type that is read.", "content": _REFUSED_BODY},
    422: {"description": "No file was taken, or the body is no upload.", "content": _REFUSED_BODY},
}


@router.post(
    "/documents",
    status_code=202,
    response_model=UploadedJson,
    responses=problems(401, 403, 413, 429) | _REFUSED,
    openapi_extra=_BODY,
    summary="Upload scans",
)
async def upload(request: Request, response: Response, running: Run, identity: Uploader) -> UploadedJson | Response:
    """PDF, PNG, JPEG or TIFF, each by its content, each opened before it is taken. The same bytes again are the same document.

    What was taken will be read, whatever becomes of this process. Ask the document's `url`, or listen to its `events`.
    """
    taken = await receive(request, running, identity)
    refused = [_refused(each, request_id_of(request)) for each in taken if each.refusal is not None]
    if len(refused) == len(taken):
        return _nothing_taken(taken, refused, request_id_of(request))
    accepted = await to_thread.run_sync(_accepted, running, taken)
    response.headers["Location"] = accepted[0].url
    return UploadedJson(documents=accepted, refused=refused)


def _accepted(running: Running, taken: list[Taken]) -> list[AcceptedJson]:
    kept = [(each.name, each.registered) for each in taken if each.registered is not None]
    states = progress(running.store, {registered.sha256 for _, registered in kept})
    return [
        AcceptedJson(
            id=registered.sha256,
            name=name,
            state=states[registered.sha256].state,
            known=registered.known,
            url=document_url(registered.sha256),
        )
        for name, registered in kept
    ]


def _refused(taken: Taken, request_id: str) -> RefusedFileJson:
    assert taken.refusal is not None  # noqa: S101  the caller has asked
    return RefusedFileJson(name=taken.name, problem=problem_of(taken.refusal, request_id))


def _nothing_taken(taken: list[Taken], refused: list[RefusedFileJson], request_id: str) -> Response:
    """The first refusal stands for all, unless another one than a foreign type is among them."""
    refusals = [each.refusal for each in taken if each.refusal is not None]
    error = next((refusal for refusal in refusals if not isinstance(refusal, UnknownTypeError)), refusals[0])
    body = RefusedJson(**problem_of(error, request_id).model_dump(), refused=refused)
    return Response(body.model_dump_json(), body.status, headers_of(error), MEDIA_TYPE)
