"""From a received file to a document that waits to be read, or to the reason why it is none."""

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePath
from typing import Final

from anyio import to_thread
from fastapi import Request

from models.errors import FormTallyError, InputError, QueueFullError, QuotaUsedError
from service.access.clock import system_clock
from service.access.identity import Identity
from service.messages import Inspect
from service.store.documents import UPLOAD, Found, Registered, register
from service.store.owners import own, uploads_since
from service.store.progress import uploads_waiting
from service.store.writing import stamp
from service.web.children import ask
from service.web.multipart import Received, receive_files
from service.web.running import Running

_DAY: Final = timedelta(days=1)
_QUEUE_SECONDS: Final = 60
"""Until it is worth asking again: some pages have been read by then."""
_QUOTA_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one file: ``registered``, or ``refusal``."""

    name: str
    registered: Registered | None
    refusal: FormTallyError | None = None


async def receive(request: Request, running: Running, identity: Identity) -> list[Taken]:
    """Every file of an upload, taken or refused. That there is room is known before a byte of the body is read.

    Raises:
        FormTallyError: nothing can be taken just now, or the body is no upload.
    """
    await to_thread.run_sync(check_room, running, identity)
    async with running.uploads.place(identity.user), running.folder() as folder:
        content_type = request.headers.get("content-type", "")
        files = await receive_files(content_type, request.stream(), folder, running.settings.upload_files)
        return [await running.uploads.run(take, running, identity, file) for file in files]


def check_room(running: Running, identity: Identity) -> None:
    """Whether this user may upload a document just now; blocks.

    Raises:
        QueueFullError: too many wait.
        QuotaUsedError: this user has had enough for a day.
        StoreError: the database cannot be read.
    """
    settings = running.settings
    if uploads_waiting(running.store) >= settings.most_waiting:
        raise QueueFullError(f"{settings.most_waiting} uploads wait to be read.", "Ask again later.", _QUEUE_SECONDS)
    if uploads_since(running.store, identity.user, stamp(system_clock() - _DAY)) >= settings.documents_a_day:
        many = f"This user has uploaded {settings.documents_a_day} documents within a day."
        raise QuotaUsedError(many, "Go on tomorrow, or ask for a larger quota.", _QUOTA_SECONDS)


def take(running: Running, identity: Identity, file: Received) -> Taken:
    """Look at one file and register it; what was registered outlives a kill from here on. Blocks.

    Raises:
        FormTallyError: it is not the file's fault.
    """
    try:
        check_room(running, identity)
        _inspect(running, file)
        with file.path.open("rb") as source:
            registered = register(running.store, Found(PurePath(file.name)), source, priority=UPLOAD)
    except (InputError, QueueFullError, QuotaUsedError) as refusal:
        return Taken(file.name, None, refusal)
    new = own(running.store, registered.sha256, identity.user, file.name)
    known = registered.known if identity.sees is None else not new  # what others have sent is not his to know
    return Taken(file.name, replace(registered, known=known))


def _inspect(running: Running, file: Received) -> None:
    """Let a process of limited means look at the file.

    Raises:
        InputError: it is no document that can be read.
        InstallationError: it cannot be looked at.
    """
    ask(running.inspectors, Inspect(os.fsencode(file.path)), running.settings.limits, file.path.name, file.name)
