"""Style sheets, scripts and pictures of the pages: files as they stand, no build step."""

from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PATH: Final = "/static"

_FOLDER: Final = Path(__file__).with_name("static")
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Assets(StaticFiles):
    """Asked for anew at each page, and told that nothing has changed: after an upgrade nobody sees an old script on a new page."""

    def __init__(self) -> None:
        """The files of this package."""
        super().__init__(directory=_FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """See Starlette."""
        scope["state"]["route"] = f"{PATH}/{{path}}"
        reply = await super().get_response(path, scope)
        reply.headers["Cache-Control"] = "no-cache"
        if kind := _TYPES.get(Path(path).suffix):  # whatever this machine's registry of types says
            reply.headers["Content-Type"] = kind
        return reply
