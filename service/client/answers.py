"""What a service answers, and nothing else: whatever has another shape is refused here."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from models.errors import ServiceAnswerError, UsageError, WrongSuffixError
from service.client.connection import LostError, Reply
from service.wording import printable

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, le=1_000_000)]

_MEND = "Check the URL; read the service's log."
_LONGEST = 500
"""Characters of a stranger's sentence that are shown."""

_LONGEST_WAIT = 600
"""Seconds that a service may ask to wait for; it is asked again then, whatever it said."""

_UNTOLD_WAIT = 5.0
"""Seconds, where it does not say."""

_UNPRINTABLE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Controls that JSON allows bare in a text, and what turns the direction of writing."""

_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_BETWEEN = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
"""Said by what stands before a service that is being started again."""


class LaterError(Exception):
    """The service has no room just now; ``seconds`` until it is to be asked again."""

    def __init__(self, seconds: float) -> None:
        """Keep the time."""
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class NotTakenError(Exception):
    """The service refuses a file; others go on."""


class Problem(BaseModel):
    """A body of type ``application/problem+json``."""

    code: str = ""
    title: str = ""
    detail: str = ""

    @property
    def line(self) -> str:
        """For a person; nothing in it steers a terminal."""
        return _shown(f"{self.code}: {self.detail or self.title}")


class Accepted(BaseModel):
    """A file that the service has."""

    id: Sha256
    known: bool = False


class Refused(BaseModel):
    """A file that it does not take."""

    problem: Problem


class Taken(BaseModel):
    """What came of an upload."""

    documents: list[Accepted] = []
    refused: list[Refused] = []


class State(StrEnum):
    """How far a document has come."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


class Fault(BaseModel):
    """What was wrong with a document (``page`` 0) or a page of it."""

    page: Number = 0
    code: str
    message: str = ""

    @property
    def line(self) -> str:
        """For a person; nothing in it steers a terminal."""
        return _shown(f"{f'page {self.page}: ' if self.page else ''}{self.code}: {self.message}")

    @property
    def is_warning(self) -> bool:
        """Whether it kept nothing from being read."""
        return self.code == WrongSuffixError.code


class Status(BaseModel):
    """A document, as far as the service has come with it."""

    id: Sha256
    state: State
    pages: Number | None = None
    pages_read: Number | None = None
    error: Fault | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.state in (State.DONE, State.FAILED)


class _Source(BaseModel):
    sha256: Sha256


class RecordHead(BaseModel):
    """What tells that something is a document JSON, and of which bytes."""

    schema_name: Annotated[Literal["formtally/document/1"], Field(alias="schema")]
    source: _Source
    problems: list[Fault] = []


@dataclass(frozen=True, slots=True)
class Record:
    """A document JSON.

    Attributes:
        body: as it came.
        line: compact, on one line, with an escape for whatever could steer a terminal.
        problems: of the document and its pages.
    """

    body: bytes
    line: str
    problems: tuple[Fault, ...]


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def parse(body: bytes, model: type[AnyModel]) -> AnyModel:
    """An answer's body.

    Raises:
        ServiceAnswerError: it has another shape.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise ServiceAnswerError(f"The service's answer is none of FormTally: {_shown(where)}: {_shown(first['msg'])}.", _MEND) from None


def check(reply: Reply) -> None:
    """See that a reply is a success.

    Raises:
        LaterError: there is no room just now.
        LostError: something before the service says that it is not there.
        NotTakenError: the request is refused, and why.
        UsageError: the token is not accepted, or the URL leads elsewhere.
    """
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if reply.status in _LATER:
        raise LaterError(_retry_after(reply))
    if reply.status in _BETWEEN:
        raise LostError(f"status {reply.status}")
    if reply.status < HTTPStatus.BAD_REQUEST:
        elsewhere = _shown(reply.headers.get("location", ""))
        raise UsageError(f"The URL leads elsewhere ({elsewhere}), which is not followed.", "Give the URL of the service itself.")
    problem = _problem(reply)
    if reply.status == HTTPStatus.UNAUTHORIZED:
        raise UsageError("The service does not accept the token, or there is none.", "Put it into FORMTALLY_TOKEN or --token-file.")
    if reply.status == HTTPStatus.FORBIDDEN:
        raise UsageError(f"The service does not allow this: {problem.line}", "Ask its administrator for the role of an uploader.")
    raise NotTakenError(problem.line)


def parse_record(body: bytes, sha256: str) -> Record:
    """The record of the document ``sha256``.

    Raises:
        ServiceAnswerError: it is no document JSON, or that of other bytes.
    """
    head = parse(body, RecordHead)
    if head.source.sha256 != sha256:
        raise ServiceAnswerError("The service's record is that of another file.", _MEND)
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise ServiceAnswerError("The service's record is no JSON that can be passed on.", _MEND) from error
    return Record(body, _UNPRINTABLE.sub(lambda found: _escaped(found[0]), text), tuple(head.problems))


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"


def _problem(reply: Reply) -> Problem:
    try:
        return Problem.model_validate_json(reply.body)
    except ValidationError:
        return Problem(code=f"status {reply.status}", detail="without a reason")


def _retry_after(reply: Reply) -> float:
    """Seconds from 1 to `_LONGEST_WAIT`, told as such or as a date (RFC 9110, 10.2.3)."""
    text = reply.headers.get("retry-after", "").strip()
    try:
        seconds = float(text[:9]) if text.isdecimal() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        seconds = _UNTOLD_WAIT
    return min(max(seconds, 1.0), _LONGEST_WAIT)


def _shown(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
