"""What went wrong on the way to a page, as a page: who is nobody comes to the login, all else is said in the reader's language."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.errors import FormTallyError, LoginThrottledError, NotLoggedInError, RequestInvalidError, RetryLaterError, StoreError
from service.web.pages.render import FaultPage, render
from service.web.pages.visit import Visit, stranger, visitor
from service.web.problems import headers_of, request_id_of, status_of
from service.web.running import running

LOGIN: Final = "/login"


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI."""
        handler = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handler(request)
            except NotLoggedInError:
                return to_login(request)
            except FormTallyError as error:
                return await fault_page(request, error)
            except RequestValidationError:
                return await fault_page(request, _INVALID)
            except HTTPException as error:  # the body could not be read
                cause = error.__cause__
                return await fault_page(request, cause if isinstance(cause, FormTallyError) else _INVALID)

        return answering


_INVALID: Final = RequestInvalidError("The request does not say what it should.", "Go back and try again.")


def to_login(request: Request) -> Response:
    """To the login, and from there back: to the page itself, or to that whose form was sent."""
    here = stranger(request).here if request.method == "GET" else f"/{request.url.path.split('/')[1]}"
    return RedirectResponse(f"{LOGIN}?next={quote(here, safe='')}", HTTPStatus.SEE_OTHER)


def said_of(visit: Visit, error: FormTallyError) -> str:
    """``error`` in the reader's language."""
    return visit.fault(error.code, error.seconds if isinstance(error, RetryLaterError | LoginThrottledError) else 0)


async def fault_page(request: Request, error: FormTallyError) -> Response:
    """``error`` as a page for whoever asks."""
    visit = stranger(request)
    if not isinstance(error, StoreError):
        visit = await visitor(request, running(request))
    page = FaultPage(said_of(visit, error), request_id_of(request))
    reply = await to_thread.run_sync(render, visit, "fault.html", page, status_of(type(error)))  # it may count the forms that wait
    reply.headers.update(headers_of(error))
    return reply
