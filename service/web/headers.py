"""What every reply tells the browser, and what a request's ``Host`` must be."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import HostUnknownError
from service.web.problems import reply_to

API: Final = "/api/v1"

DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For data: whatever a browser takes it for, nothing in it may run or load anything."""

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""For pages: everything from here, nothing inline."""

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_HTTPS_ONLY: Final = "max-age=31536000"


class ReplyHeaders:
    """ASGI middleware: the headers of every reply. What a route has set stands."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        """``secure``: reached over HTTPS only."""
        self._app = app
        self._always = _ALWAYS | ({"Strict-Transport-Security": _HTTPS_ONLY} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers.setdefault(name, value)
                page = headers.get("content-type", "").startswith(("text/html", "text/css", "text/javascript"))
                headers.setdefault("Content-Security-Policy", PAGE_POLICY if page else DATA_POLICY)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, adding if scope["type"] == "http" else send)


class OwnHost:
    """ASGI middleware: refuse what was sent to another name.

    A foreign name that is made to lead here (DNS rebinding) would let its pages talk to this service as their own origin.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        """Take ``hosts``, without ports, lower case."""
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or host_name(Headers(scope=scope).get("host", "")) in self._hosts:
            await self._app(scope, receive, send)
            return
        foreign = HostUnknownError("This service is not called so.", "Use the name it was started for, or add yours to its settings.")
        await reply_to(foreign, scope["state"]["request_id"])(scope, receive, send)


def host_name(host: str) -> str:
    """A ``Host`` without its port, lower case: ``[::1]:8765`` is ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
