"""The one place of this door where errors are caught: each becomes a problem."""

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.errors import FormTallyError, MethodError, RequestInvalidError
from service.web.openapi import methods_at
from service.web.problems import not_there, reply_to, request_id_of

_SHOWN_FAULTS: Final = 20
"""Places of an invalid request that are named; a hostile one may have thousands."""


def install(app: FastAPI) -> None:
    """Let ``app`` answer every error in this way; what nobody foresaw is answered by `service.web.requests`."""

    def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, FormTallyError)  # noqa: S101  registered for it below
        return reply_to(error, request_id_of(request))

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it below
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:_SHOWN_FAULTS]]
        return reply_to(_invalid("The request does not say what it should."), request_id_of(request), faults)

    def of_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for it below
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := methods_at(app, request.url.path)):
            headers["Allow"] = ", ".join(methods)  # Starlette names those of the first route alone
        return reply_to(_named(error), request_id_of(request), headers=headers)

    app.add_exception_handler(FormTallyError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, of_framework)


def _named(error: HTTPException) -> FormTallyError:
    if isinstance(error.__cause__, FormTallyError):  # reading the body failed for a reason with a name
        return error.__cause__
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return not_there()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodError("This address knows no such method.", "Use one that the header Allow names.")
        case _:
            return _invalid("The body of the request cannot be understood.")


def _invalid(what: str) -> RequestInvalidError:
    return RequestInvalidError(what, "Hold it against /api/v1/openapi.json.")
