"""Errors over the wire: the error tree as ``application/problem+json`` (RFC 9457), by one table of statuses."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint
from starlette.requests import Request
from starlette.responses import Response

from models import errors
from models.errors import FormTallyError, NotThereError

MEDIA_TYPE: Final = "application/problem+json"

_STATUSES: Final[Mapping[type[FormTallyError], HTTPStatus]] = {
    errors.UsageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.InstallationError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotSettledError: HTTPStatus.CONFLICT,
    errors.NothingToUndoError: HTTPStatus.CONFLICT,
    errors.KeyedFirstError: HTTPStatus.CONFLICT,
    errors.PagesNotKeptError: HTTPStatus.CONFLICT,
    errors.SamePersonError: HTTPStatus.FORBIDDEN,
    errors.TakenError: HTTPStatus.LOCKED,
    errors.StoreFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StoreUnreachableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StaleVersionError: HTTPStatus.PRECONDITION_FAILED,
    errors.AccessError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotLoggedInError: HTTPStatus.UNAUTHORIZED,
    errors.WrongPasswordError: HTTPStatus.UNAUTHORIZED,
    errors.ForbiddenError: HTTPStatus.FORBIDDEN,
    errors.InvitationError: HTTPStatus.FORBIDDEN,
    errors.LoginThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UserUnknownError: HTTPStatus.NOT_FOUND,
    errors.UserExistsError: HTTPStatus.CONFLICT,
    errors.UserDisabledError: HTTPStatus.CONFLICT,
    errors.LastAdministratorError: HTTPStatus.CONFLICT,
    errors.TooManyError: HTTPStatus.CONFLICT,
    errors.RequestInvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.HostUnknownError: HTTPStatus.BAD_REQUEST,
    errors.CrossSiteError: HTTPStatus.FORBIDDEN,
    errors.NotThereError: HTTPStatus.NOT_FOUND,
    errors.MethodError: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.NotReadYetError: HTTPStatus.CONFLICT,
    errors.BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.VersionMissingError: HTTPStatus.PRECONDITION_REQUIRED,
    errors.RetryLaterError: HTTPStatus.TOO_MANY_REQUESTS,
}
"""By the nearest class of the tree; what has none here is a fault of ours."""


_AWAY_SECONDS: Final = "10"
"""Until a database or disk that was away may be back."""


class ProblemDetailsJson(BaseModel):
    """What went wrong; ``code`` is one of docs/errors.md and does not change, the sentences may."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:formtally:error:queue_full",
                    "title": "Too Many Requests",
                    "status": 429,
                    "detail": "2000 uploads wait to be read. Ask again later.",
                    "code": "queue_full",
                    "request_id": "5f0c1d4c9e8b4a7f",
                    "faults": [],
                }
            ]
        }
    )

    type: Annotated[str, Constraint(description="`urn:formtally:error:` and the code.")]
    title: Annotated[str, Constraint(description="The status in words.")]
    status: int
    detail: Annotated[str, Constraint(description="What happened and what to do, for people.")]
    code: str
    request_id: Annotated[str, Constraint(description="Names the request in the log.")]
    faults: Annotated[list[str], Constraint(description="The places of a request that are wrong.", default_factory=list)]


def status_of(kind: type[FormTallyError]) -> HTTPStatus:
    """The HTTP status that says an error of this ``kind``."""
    return next((_STATUSES[each] for each in kind.__mro__ if each in _STATUSES), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_of(error: FormTallyError, request_id: str, faults: list[str] | None = None) -> ProblemDetailsJson:
    """``error`` as a body."""
    status = status_of(type(error))
    return ProblemDetailsJson(
        type=f"urn:formtally:error:{error.code}",
        title=status.phrase,
        status=status,
        detail=str(error),
        code=error.code,
        request_id=request_id,
        faults=faults or [],
    )


def reply_to(error: FormTallyError, request_id: str, faults: list[str] | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """``error`` as a whole reply."""
    body = problem_of(error, request_id, faults)
    return Response(body.model_dump_json(), body.status, headers_of(error) | dict(headers or {}), MEDIA_TYPE)


def headers_of(error: FormTallyError) -> dict[str, str]:
    """What a reply says of ``error`` beside its body."""
    if isinstance(error, errors.RetryLaterError | errors.LoginThrottledError):
        return {"Retry-After": str(max(1, error.seconds))}
    match status_of(type(error)):
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": _AWAY_SECONDS}
        case _:
            return {}


def request_id_of(request: Request) -> str:
    """The id that `service.web.requests` gave the request."""
    return str(request.state.request_id)


def not_there() -> NotThereError:
    """The error for what is not there, or not for this user: the two are never told apart."""
    return NotThereError("There is nothing here that you may see.", "Check the address, and as whom you are logged in.")


_MEANINGS: Final[Mapping[int, str]] = {
    400: "The request cannot be understood, or names another host.",
    401: "Nobody is logged in, or not any more.",
    403: "This user may not do that, or another site may have made the request.",
    404: "There is nothing that this user may see.",
    409: "Not in this state.",
    412: "Somebody else changed it first.",
    413: "More bytes than a request may have.",
    415: "No type that is read.",
    422: "Not what it should be; `faults` names the places.",
    423: "Somebody else works on it.",
    428: "`If-Match` is missing.",
    429: "Too much just now; `Retry-After` says when to ask again.",
    500: "A fault of ours, or a damaged archive.",
    503: "The database or the disk cannot be reached.",
    507: "The disk is full.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says in OpenAPI of ``statuses`` beside those that every route has."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetailsJson"}}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in sorted({400, 500, 503, 507, *statuses})}
