"""Pictures: a page as stored in its file, and the cut-out of a field.

Strangers' files are opened by `service.store.images` in children within limits; what is decoded here is the PNG that it made.
"""

import hashlib
import io
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response
from PIL import Image

from models.errors import NotReadYetError
from models.geometry import Box, Size
from service.access.identity import Identity
from service.web.conditions import is_known
from service.web.documents import Id
from service.web.forms import FieldPath, FormKey
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.seen import picture, reduced_picture, seen_document, seen_field
from service.web.shapes.lists import BYTES
from service.web.who import Someone

router = APIRouter()

_MARGIN_X, _MARGIN_Y = 0.01, 0.006
"""Fractions of the page around a field's box: 2 mm of A4, so that a stroke that leaves the box is seen."""

_QUICK = 1
"""zlib level: a cut-out is small."""


def _told(name: str) -> dict[int | str, dict[str, Any]]:
    sent = {"description": f"{name}; `ETag` tells whether it is another one.", "content": {f"image/{name.lower()}": BYTES}}
    return {200: sent, 304: {"description": "It is the one of `If-None-Match`."}}


_PNG: Final = _told("PNG")


@router.get(
    "/documents/{id}/pages/{n}.png",
    tags=["documents"],
    response_class=Response,
    responses=_PNG | problems(401, 404, 409, 422, 429),
    summary="A page as a picture",
)
async def page(request: Request, running: Run, identity: Someone, id: Id, n: Annotated[int, Path(ge=1, le=9999)]) -> Response:  # noqa: A002  the names that callers see
    """The page as stored in its file: the frame of every `box`."""
    await to_thread.run_sync(_check_page, running, identity, id, n)
    tag = _tag(id, str(n))
    if _has(request, tag):
        return _same(tag)
    async with running.pictures.place():
        return _reply(await running.pictures.run(picture, running, id, n), tag)


@router.get(
    "/documents/{id}/pages/{n}.jpg",
    tags=["documents"],
    response_class=Response,
    responses=_told("JPEG") | problems(401, 404, 409, 422, 429),
    summary="A page as a smaller picture",
)
async def reduced(request: Request, running: Run, identity: Someone, id: Id, n: Annotated[int, Path(ge=1, le=9999)]) -> Response:  # noqa: A002  the names that callers see
    """The same page with its shorter side of 1240 pixels at most, to be looked at until the whole one has come."""
    await to_thread.run_sync(_check_page, running, identity, id, n)
    tag = _tag(id, str(n), "reduced")
    if _has(request, tag):
        return _same(tag)
    async with running.pictures.place():
        return _reply(await running.pictures.run(reduced_picture, running, id, n), tag, "image/jpeg")


@router.get(
    "/forms/{id}/fields/{path}/crop.png",
    tags=["forms"],
    response_class=Response,
    responses=_PNG | problems(401, 404, 422, 429),
    summary="A field as a picture",
)
async def crop(request: Request, running: Run, identity: Someone, id: FormKey, path: FieldPath) -> Response:  # noqa: A002  the name that callers see
    """Its box with a little around it, cut out of the page as stored."""
    stored, field = await to_thread.run_sync(seen_field, running, identity, id, path)
    tag = _tag(stored.document, str(field.page), repr(field.box))
    if _has(request, tag):
        return _same(tag)
    async with running.pictures.place():
        return _reply(await running.pictures.run(_cut, running, stored.document, field.page, field.box), tag)


def cut_out(png: bytes, box: Box) -> bytes:
    """The part of a picture in ``box`` (fractions of it, 0-1) and a little around, as PNG; at least one pixel."""
    with Image.open(io.BytesIO(png)) as image:
        size = Size(image.width, image.height)
        wide = box.grown(_MARGIN_X, _MARGIN_Y).scaled(size.width, size.height)
        rows, columns = wide.slices(size)
        corners = (columns.start, rows.start, max(columns.stop, columns.start + 1), max(rows.stop, rows.start + 1))
        data = io.BytesIO()
        image.crop(corners).save(data, "PNG", compress_level=_QUICK)
    return data.getvalue()


def _cut(running: Running, sha256: str, number: int, box: Box) -> bytes:
    return cut_out(picture(running, sha256, number), box)


def _check_page(running: Running, identity: Identity, sha256: str, number: int) -> None:
    found = seen_document(running, identity, sha256)
    if found.pages == 0:
        raise NotReadYetError("How many pages the document has is not known yet.", "Ask again when it is being read.")
    if number > found.pages:
        raise not_there()


def _tag(*parts: str) -> str:
    """An original never changes, so its pictures do not either."""
    return f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'


def _has(request: Request, tag: str) -> bool:
    return is_known(request.headers.getlist("if-none-match"), tag)


_KEPT: Final = "private, max-age=3600"
"""By the browser alone: others use the same proxy."""


def _same(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _KEPT})


def _reply(picture: bytes, tag: str, media_type: str = "image/png") -> Response:
    return Response(picture, media_type=media_type, headers={"ETag": tag, "Cache-Control": _KEPT})
