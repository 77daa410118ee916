"""From a page's record to HTML. Everything that is put in is escaped; what a template misses is an error, never a blank."""

from collections.abc import Iterator
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

_HEAD_END: Final = "</head>"

_HEADERS: Final = {"Vary": "Cookie, Accept-Language", "Referrer-Policy": "same-origin"}
"""No other site learns an address of ours. Under ``no-referrer`` a browser would say ``Origin: null`` of a page's own form."""


def render(visit: Visit, template: str, page: object, status: int = 200) -> HTMLResponse:
    """A page.

    Args:
        visit: to whom it is shown.
        template: file below ``templates``.
        page: the record that the template shows as ``page``.
        status: of the reply.
    """
    return HTMLResponse("".join(_pieces(visit, template, page)), status, headers=_headers(visit))


def render_in_parts(visit: Visit, template: str, page: object, then: BackgroundTask) -> StreamingResponse:
    """A page whose head goes before the rest is made: meanwhile the browser asks for its scripts and styles, and makes them ready.

    Args:
        visit: to whom it is shown.
        template: file below ``templates``.
        page: the record that the template shows as ``page``; what it works out late must not fail.
        then: what is done behind the reply.
    """
    return StreamingResponse(_parts(_pieces(visit, template, page)), headers=_headers(visit), media_type="text/html", background=then)


def _parts(pieces: Iterator[str]) -> Iterator[str]:
    head = list[str]()
    for piece in pieces:
        head.append(piece)
        if _HEAD_END in piece:
            break
    yield "".join(head)
    yield "".join(pieces)


def _pieces(visit: Visit, template: str, page: object) -> Iterator[str]:
    return _ENVIRONMENT.get_template(template).generate(visit=visit, t=visit.say, page=page)


def _headers(visit: Visit) -> dict[str, str]:
    return _HEADERS | {"Content-Language": visit.language}
