"""What the scripts of the pages say, from the same catalogue."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse

from service.web.pages.catalogue import Language, texts
from service.web.pages.route import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_SPOKEN: Final = frozenset(
    "script state status kind error review review_state keying keying_sign truth action sign severity verdict rule record".split()  # noqa: SIM905  names
)
"""Parts of the catalogue that scripts need."""


@router.get("/texts/{language}.json")
def spoken(language: Annotated[Language, Path()]) -> JSONResponse:
    """Sentences by their keys; the same for everybody."""
    return JSONResponse(spoken_texts(language))


def spoken_texts(language: Language) -> dict[str, str]:
    """What scripts may say in ``language``, by key."""
    return {key: text for key, text in texts(language).items() if key.partition(".")[0] in _SPOKEN}
