"""The outermost layer of a request: it gets an id, is logged and counted, and a fault of ours becomes a reply."""

import logging
import re
import secrets
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import ServiceFaultError
from service.web.headers import API
from service.web.metrics import Metrics
from service.web.problems import reply_to

HEADER: Final = "X-Request-ID"
"""A caller's own id is taken where it is well-formed, so that its log and ours can be held together."""

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_GONE = 499
"""What the log says where the caller has gone; no such reply is ever sent."""

_LOG = logging.getLogger("formtally.requests")


class Requests:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Count into ``metrics``."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        scope["state"] = scope.get("state", {}) | {"request_id": request_id}
        begun, status, bytes_sent, seconds = time.perf_counter(), 0, 0, 0.0

        async def telling(message: Message) -> None:
            nonlocal status, seconds, bytes_sent
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - begun
                MutableHeaders(scope=message)[HEADER] = request_id
            elif message["type"] == "http.response.body":
                bytes_sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, telling)
        except ClientDisconnect:
            status = _GONE
        except Exception:
            _LOG.exception("a request failed", extra={"request_id": request_id})
            if status:
                raise  # the reply has begun: only the connection's end can tell
            fault = ServiceFaultError("Something went wrong here.", f"Report it with the id {request_id}.")
            await reply_to(fault, request_id)(scope, receive, telling)
        finally:
            self._metrics.count(scope["method"], route_of(scope), status, seconds)
            _LOG.info("request", extra=_facts(scope, request_id) | {"status": status, "bytes": bytes_sent, "seconds": round(seconds, 4)})


def route_of(scope: Scope) -> str:
    """The template of the address (``/api/v1/documents/{id}``); empty where there is none, so that strangers cannot invent series."""
    found = str(getattr(scope.get("route"), "path", ""))  # below the prefix of its router
    return f"{API}{found}" if found and scope["path"].startswith(API) and not found.startswith(API) else found


def _facts(scope: Scope, request_id: str) -> dict[str, object]:
    client = scope.get("client")
    return {
        "request_id": request_id,
        "method": scope["method"],
        "path": scope["path"],
        "route": route_of(scope),
        "user": scope["state"].get("user", ""),
        "address": client[0] if client else "",
    }
