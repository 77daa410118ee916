"""How much a request may send: refused by what it announces before anything is read, and by counting while it is read."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import BodyTooLargeError
from service.web.headers import API
from service.web.problems import reply_to

SMALL_BYTES: Final = 256_000
"""For everything but an upload: a correction of the longest text on any form has some thousand characters."""

UPLOAD_PATH: Final = f"{API}/documents"
PLAIN_UPLOAD_PATH: Final = "/upload"
"""Of the page's form, for a browser without script."""

_UPLOADS: Final = frozenset({("POST", UPLOAD_PATH), ("POST", PLAIN_UPLOAD_PATH)})


class BodyLimit:
    """ASGI middleware in front of whatever parses bodies."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        """Take ``upload_bytes`` where uploads go and `SMALL_BYTES` elsewhere."""
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._upload_bytes if (scope["method"], scope["path"]) in _UPLOADS else SMALL_BYTES
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > most:
            reply = reply_to(_too_large(most), scope["state"]["request_id"], headers={"Connection": "close"})
            await reply(scope, receive, send)
            return
        left = most

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            if message["type"] == "http.request":
                left -= len(message.get("body", b""))
                if left < 0:
                    raise _too_large(most)
            return message

        await self._app(scope, counted, send)


def _too_large(most: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"A request to this address may have {most} bytes.", "Send less at once.")
