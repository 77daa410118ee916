"""A page that was read the wrong way up, turned by a reviewer: read again as he says, and its forms made anew."""

import os
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path

from models.errors import ServiceFaultError
from service.access.identity import Identity
from service.messages import Kept, ReadTurned
from service.review.turning import Others, Turn, others_of, turn_page
from service.web.children import ask
from service.web.documents import Id
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.seen import seen_document, shown_name
from service.web.shapes.regions import TurnedJson, TurnJson
from service.web.who import Corrector

router = APIRouter(tags=["reviews"])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be done, what it takes, and by what ``name`` a person knows the document."""

    turn: Turn
    others: Others
    name: str


@router.post(
    "/documents/{id}/pages/{n}/turn",
    responses=problems(401, 403, 404, 409, 412, 413, 422, 429),
    summary="Turn a page",
)
async def turn(running: Run, identity: Corrector, id: Id, n: Annotated[int, Path(ge=1, le=9999)], said: TurnJson) -> TurnedJson:  # noqa: A002  the names that callers see
    """The page is read again as it is said to stand, which takes some seconds, and the forms that it belongs to are made anew.

    All of it is one step of these forms' history, and undone as one. The original is not touched.
    """
    wanted = await to_thread.run_sync(_wanted, running, identity, id, n, said)
    async with running.regions.place(identity.user), running.folder() as folder:
        content = await running.regions.run(_read, running, wanted, folder)
    done = await to_thread.run_sync(turn_page, running.office, wanted.turn, content, said.reason)
    return TurnedJson(versions=dict(done.versions), forms=list(done.forms))


def _wanted(running: Running, identity: Identity, sha256: str, page: int, said: TurnJson) -> _Wanted:
    """See that it can be done before a page is read for it.

    Raises:
        NotThereError: there is no such page that this user may see.
        UsageError: the page was read that way up.
    """
    document = seen_document(running, identity, sha256)
    if page > document.pages:
        raise not_there()
    wanted = Turn(sha256, page, said.degrees // 90, said.versions, identity.user)
    return _Wanted(wanted, others_of(running.office, wanted), shown_name(running, identity, document))


def _read(running: Running, wanted: _Wanted, folder: FilePath) -> bytes:
    """What stands on the page; blocks.

    Raises:
        InputError: the page cannot be opened or read.
        InstallationError: nothing can be read just now.
        StoreError: the original is gone.
    """
    files = [folder / str(index) for index in range(len(wanted.others.pages))]
    for file, content in zip(files, wanted.others.pages, strict=True):
        file.write_bytes(content)
    target, names = folder / "page", tuple(os.fsencode(file.relative_to(running.scratch)) for file in files)
    with running.store.originals.local(wanted.turn.document) as original:
        into = os.fsencode(target.relative_to(running.scratch))
        task = ReadTurned(os.fsencode(original), wanted.turn.page, wanted.turn.turns, names, into)
        found = ask(running.readers, task, running.settings.limits, original.name, wanted.name)
    if not isinstance(found, Kept):
        raise ServiceFaultError(
            "What was read of the other pages cannot be used.", "Read the document again with `formtally archive retry`."
        )
    return target.read_bytes()
