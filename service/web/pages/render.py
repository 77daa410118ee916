"""From a page's record to HTML. Everything that is put in is escaped; what a template misses is an error, never a blank."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, StreamingResponse

from service.web.pages.assets import PATH
from service.web.pages.catalogue import Language
from service.web.pages.standing import stage_of
from service.web.pages.visit import Visit
from service.web.pages.written import WRITTEN

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals["languages"] = tuple(Language)
_ENVIRONMENT.globals["static"] = PATH
_ENVIRONMENT.filters.update(WRITTEN)
_ENVIRONMENT.filters["stage"] = stage_of
_ENVIRONMENT.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}

_LOG = logging.getLogger("formtally.web")

_HEAD_END: Final = "</head>"

_HEADERS: Final = {"Vary": "Cookie, Accept-Language", "Referrer-Policy": "same-origin"}
"""No other site learns an address of ours. Under ``no-referrer`` a browser would say ``Origin: null`` of a page's own form."""


@dataclass(frozen=True, slots=True)
class FaultPage:
    """What went wrong: the sentence, and the id by which the log knows the request."""

    said: str
    request_id: str


def render(visit: Visit, template: str, page: object, status: int = 200) -> HTMLResponse:
    """A page.

    Args:
        visit: to whom it is shown.
        template: file below ``templates``.
        page: the record that the template shows as ``page``.
        status: of the reply.
    """
    return HTMLResponse("".join(_pieces(visit, template, page)), status, headers=_headers(visit))


def render_in_parts(visit: Visit, template: str, page: object, request_id: str, then: BackgroundTask) -> StreamingResponse:
    """A page whose head goes before the rest is made: meanwhile the browser asks for its scripts and styles, and makes them ready.

    Args:
        visit: to whom it is shown.
        template: file below ``templates``.
        page: the record that the template shows as ``page``. Where what it works out late fails, the head has gone with status 200: the
            rest says that something went wrong.
        request_id: by which the log knows the request.
        then: what is done behind the reply.
    """
    parts = _parts(visit, _pieces(visit, template, page), request_id)
    return StreamingResponse(parts, headers=_headers(visit), media_type="text/html", background=then)


def _parts(visit: Visit, pieces: Iterator[str], request_id: str) -> Iterator[str]:
    head, begun = list[str](), ""
    for piece in pieces:
        before, end, begun = piece.partition(_HEAD_END)
        head.append(before + end)
        if end:
            break
    yield "".join(head)
    try:
        rest = begun + "".join(pieces)
    except Exception:  # noqa: BLE001  nobody else can tell the reader any more
        _LOG.exception("a page failed", extra={"request_id": request_id})
        rest = "".join(_pieces(visit, "fault_late.html", FaultPage(visit.fault("error"), request_id)))
    yield rest


def _pieces(visit: Visit, template: str, page: object) -> Iterator[str]:
    return _ENVIRONMENT.get_template(template).generate(visit=visit, t=visit.say, page=page)


def _headers(visit: Visit) -> dict[str, str]:
    return _HEADERS | {"Content-Language": visit.language}
