"""One request for a page: who asks, in which language, and for a change the proof that one of our pages made it.

The dependencies are async so that they take no thread: only a secret that is not remembered is looked up in one.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Form, Query
from starlette.requests import Request

from models.errors import CrossSiteError, NotLoggedInError
from service.access.identity import Identity, demand
from service.access.roles import Right
from service.web.pages.catalogue import COOKIE as LANGUAGE
from service.web.pages.catalogue import Language, language_of, say, texts
from service.web.running import Run
from service.web.waiting import WaitingForms
from service.web.who import COOKIE, check_origin, visitor_of

CSRF_FIELD: Final = "csrf"
HOME: Final = "/"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for which page, and in which language it is answered.

    Attributes:
        path: of the request.
        query: of the request, without ``?``.
        language: of the reply.
        identity: None where nobody is logged in.
        queue: what waits for reviewers; None where no database is asked.
    """

    path: str
    query: str
    language: Language
    identity: Identity | None = None
    queue: WaitingForms | None = None

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue; see `service.web.pages.catalogue.say`."""
        return say(self.language, key, **values)

    def named(self, part: str, name: str) -> str:
        """What the catalogue calls ``name`` in ``part``; itself where it is of a template that the catalogue does not know."""
        return texts(self.language).get(f"{part}.{name}", name)

    def fault(self, code: str, seconds: int = 0) -> str:
        """What went wrong, by its code of docs/errors.md; ``seconds`` until it is worth trying again."""
        key = f"error.{code}"
        return self.say(key if key in texts(self.language) else "error.error", seconds=seconds)

    @property
    def someone(self) -> Identity:
        """Who is logged in.

        Raises:
            NotLoggedInError: nobody.
        """
        if self.identity is None:
            raise NotLoggedInError("This needs a user who is logged in.", "Log in.")
        return self.identity

    def may(self, right: str) -> bool:
        """Whether the user has a `Right`; nobody has any."""
        return self.identity is not None and self.identity.may(Right(right))

    @property
    def waiting(self) -> int:
        """How many forms wait for somebody who may correct."""
        return self.queue.count() if self.queue is not None else 0

    @property
    def here(self) -> str:
        """Where the visitor is, to come back to."""
        return f"{self.path}?{self.query}" if self.query else self.path


async def visitor(request: Request, running: Run) -> Visit:
    """A dependency: whoever asks, logged in or not."""
    visit = stranger(request)
    identity = await visitor_of(running, request.cookies.get(COOKIE, ""))
    if identity is not None:
        request.state.user = identity.user
    return Visit(visit.path, visit.query, visit.language, identity, running.waiting)


def stranger(request: Request) -> Visit:
    """Whoever asks, taken for nobody: for what must be answered without the database."""
    language = language_of(request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", ""))
    return Visit(request.url.path, request.url.query, language)


async def person(visit: Annotated[Visit, Depends(visitor)]) -> Visit:
    """A dependency: somebody is logged in, else `NotLoggedInError`."""
    visit.someone  # noqa: B018  it raises
    return visit


async def manager(visit: Annotated[Visit, Depends(visitor)]) -> Visit:
    """A dependency: an administrator, else `NotLoggedInError` or `ForbiddenError`."""
    demand(visit.identity, Right.MANAGE)
    return visit


async def corrector(visit: Annotated[Visit, Depends(visitor)]) -> Visit:
    """A dependency: somebody who may correct, else `NotLoggedInError` or `ForbiddenError`."""
    demand(visit.identity, Right.CORRECT)
    return visit


async def acting(request: Request, visit: Annotated[Visit, Depends(person)], csrf: Annotated[str, Form(max_length=200)] = "") -> Visit:
    """A dependency: somebody who is logged in changes something by a form of ours, else `CrossSiteError`."""
    return proven(request, visit, csrf)


async def managing(visit: Annotated[Visit, Depends(acting)]) -> Visit:
    """A dependency: an administrator changes something by a form of ours."""
    demand(visit.identity, Right.MANAGE)
    return visit


async def sending(request: Request, visit: Annotated[Visit, Depends(person)], csrf: Annotated[str, Query(max_length=200)] = "") -> Visit:
    """A dependency as `acting`, for a body that is not to be read before: the secret stands in the address, which no log keeps."""
    demand(visit.identity, Right.UPLOAD)
    return proven(request, visit, csrf)


def proven(request: Request, visit: Visit, csrf: str) -> Visit:
    """``visit``, which comes from one of our pages.

    Raises:
        CrossSiteError: a page of another site may have made it.
    """
    check_origin(request)
    if not visit.someone.has_csrf(csrf):
        raise CrossSiteError("The form does not bear the secret of this session.", "Open the page again.")
    return visit


def own_path(given: str) -> str:
    """``given`` where it is an address on this host, else the first page: nobody is led elsewhere by a link to our login."""
    local = given.startswith("/") and not given.startswith("//") and "\\" not in given
    plain = given.isprintable()  # a browser drops tabs and line ends, after which ``/\t/host`` is another host
    return given if local and plain else HOME


Visitor = Annotated[Visit, Depends(visitor)]
Person = Annotated[Visit, Depends(person)]
Corrector = Annotated[Visit, Depends(corrector)]
Acting = Annotated[Visit, Depends(acting)]
Manager = Annotated[Visit, Depends(manager)]
Managing = Annotated[Visit, Depends(managing)]
Sending = Annotated[Visit, Depends(sending)]
