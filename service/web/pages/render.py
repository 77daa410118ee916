"""From a page's record to HTML. Everything that is put in is escaped; what a template misses is an error, never a blank."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from service.web.pages.catalogue import Language
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
_ENVIRONMENT.filters.update(WRITTEN)
_ENVIRONMENT.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}

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
    html = _ENVIRONMENT.get_template(template).render(visit=visit, t=visit.say, page=page)
    return HTMLResponse(html, status, headers=_HEADERS | {"Content-Language": visit.language})
