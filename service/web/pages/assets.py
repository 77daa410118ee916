"""Style sheets, scripts and pictures of the pages: files as they stand, no build step."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOLDER: Final = Path(__file__).with_name("static")
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def _digest() -> str:
    files = sorted(path for path in _FOLDER.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


PATH: Final = f"/static/{_digest()}"
"""An address that changes with what the files hold: a browser keeps them without asking, and after an upgrade nobody sees an old script on
a new page. What they import from each other has it too."""


class Assets(StaticFiles):
    """The files of this package, each with its type."""

    def __init__(self) -> None:
        """They lie beside this module."""
        super().__init__(directory=_FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """See Starlette."""
        scope["state"]["route"] = f"{PATH}/{{path}}"
        reply = await super().get_response(path, scope)
        reply.headers["Cache-Control"] = "max-age=31536000, immutable"
        if kind := _TYPES.get(Path(path).suffix):  # whatever this machine's registry of types says
            reply.headers["Content-Type"] = kind
        return reply
