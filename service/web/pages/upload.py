"""The page that scans are dropped on. Its script sends them one by one to the API; without script a plain form does."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from service.access.identity import demand
from service.access.roles import Right
from service.store.listed import DocumentFilter
from service.store.listing import list_documents
from service.web.bodies import PLAIN_UPLOAD_PATH
from service.web.pages.render import render
from service.web.pages.route import PageRoute, said_of
from service.web.pages.standing import Stage, Standing, standings
from service.web.pages.visit import Person, Sending, Visit
from service.web.receiving import Taken, receive
from service.web.running import Run, Running

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_SHOWN: Final = 20
"""Documents of the user, those that came last: what he has sent today, or this morning."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    """What was not taken, what came last, and what one upload may have."""

    refused: Sequence[Refused]
    recent: Sequence[Standing]
    megabytes: int
    files: int

    @property
    def waits(self) -> bool:
        """Whether something is still to come of it."""
        return any(each.stage in (Stage.WAITING, Stage.READING) for each in self.recent)


@router.get("/")
def first(visit: Person) -> Response:
    """Where a visitor begins: with the forms that wait for him, else with the scans he brings, else with those that are there."""
    begins = "/reviews" if visit.may(Right.CORRECT) else PLAIN_UPLOAD_PATH if visit.may(Right.UPLOAD) else "/documents"
    return RedirectResponse(begins, HTTPStatus.SEE_OTHER)


@router.get(PLAIN_UPLOAD_PATH)
def upload(running: Run, visit: Person) -> Response:
    """The place to drop files, and what became of the last ones."""
    demand(visit.identity, Right.UPLOAD)
    return _shown(running, visit, ())


@router.post(PLAIN_UPLOAD_PATH)
async def send(request: Request, running: Run, visit: Sending) -> Response:
    """The plain form: as ``POST /api/v1/documents``, answered with a page."""
    refused = _refused(visit, await receive(request, running, visit.someone))
    if not refused:
        return RedirectResponse(PLAIN_UPLOAD_PATH, HTTPStatus.SEE_OTHER)
    return await to_thread.run_sync(_shown, running, visit, refused, HTTPStatus.UNPROCESSABLE_ENTITY)


def _refused(visit: Visit, taken: Sequence[Taken]) -> tuple[Refused, ...]:
    return tuple(Refused(each.name, said_of(visit, each.refusal)) for each in taken if each.refusal is not None)


def _shown(running: Running, visit: Visit, refused: Sequence[Refused], status: int = HTTPStatus.OK) -> Response:
    mine = list_documents(running.store, DocumentFilter(owner=visit.someone.user), "", _SHOWN)
    settings = running.settings
    page = UploadPage(refused, standings(running.store, mine.items), settings.upload_megabytes, settings.upload_files)
    return render(visit, "upload.html", page, status)
