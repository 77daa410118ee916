"""What a running application works with, and the threads that its work is spread over.

Several applications may answer side by side, each in a process of its own; lanes are divided among them (`WebSettings.part`).
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Annotated, Final, ParamSpec, TypeVar

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends
from starlette.requests import Request

from models.errors import FormTallyError, StoreError, TooBusyError
from service.jobs.alive import new_name, present
from service.jobs.readers import Readers
from service.jobs.scratch import scratch
from service.learned import learned_trust
from service.pool import Pool
from service.reader import ReaderSpec
from service.review.acting import Office
from service.review.decider import KEPT, Decider, Standing
from service.review.hidden import HiddenFields
from service.review.laid import LaidEquations
from service.store.changes import Changes
from service.store.database import SQLITE
from service.store.faults import disk_faults
from service.store.opening import Store
from service.store.progress import progress
from service.web.metrics import Metrics
from service.web.remembered import Remembered
from service.web.settings import WebSettings
from service.web.waiting import WaitingForms
from service.web.watching import Watcher

THREADS: Final = 6
"""For routes that may wait. With the event loop, the lanes, the watcher and the lock that says we are alive they hold 15 connections at
most, as many as SQLAlchemy gives at once. No thread holds two."""

UPLOADS, PICTURES, EXPORTS, SEARCHES, PASSWORDS, REGIONS = 2, 2, 1, 1, 2, 1
"""Lanes: work that takes long never takes the threads of what is quick. A picture may take 300 MB while it is made. Threads that search
side by side hinder each other: between any two rows each must wait for Python's lock. A login holds one of `THREADS`. The thread that waits
for a box to be read holds no connection."""

MOST_UPLOADS: Final = 64
"""Uploads under way at once; each may fill the disk with `WebSettings.upload_megabytes`, and waits for its turn to be looked at."""

MOST_REGIONS: Final = 8
"""Boxes under way at once. One process reads them one after another, a second or two for the first of a page, so that nobody waits longer
than he would type."""

REGION_SECONDS: Final = 300
"""What reads boxes holds 560 MB; it is ended when nobody has drawn one for so long, and starting it again takes 4 s."""

READER_MEGABYTES: Final = 1024
"""It is replaced when it holds more after a box: three pages of A4 at 300 dpi are 150 MB."""

MOST_WAITING: Final = 32
"""Requests for pictures, for exports, or with passwords, under way at once."""

SHARE: Final = 4
"""Of the places for uploads, for exports and for boxes, one user takes a part in so many: the others come in whatever he does."""

_KEEP_SECONDS: Final = 10
"""Between looks at our lock; others look for locks that are free as often."""

INSPECTOR_MEGABYTES: Final = 512
"""A process that holds more after an upload is replaced; one has 150, and a large page leaves some behind."""

_LOG = logging.getLogger("formtally.web")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(slots=True)
class Lane:
    """Threads for one kind of work, and how many may wait for them.

    Attributes:
        threads: that work at once.
        most: under way, working or waiting.
        most_of_a_user: of these.
    """

    threads: CapacityLimiter
    most: int
    most_of_a_user: int
    _under_way: Counter[str] = field(default_factory=Counter, init=False)

    @asynccontextmanager
    async def place(self, user: str = "") -> AsyncIterator[None]:
        """A place in the lane for the block, for ``user`` where it is known who asks.

        Raises:
            TooBusyError: there is none, or none more for this user.
        """
        if self._under_way.total() >= self.most or (user and self._under_way[user] >= self.most_of_a_user):
            raise TooBusyError("Too many such requests are under way.", "Ask again later.", 5)
        self._under_way[user] += 1
        try:
            yield
        finally:
            self._under_way[user] -= 1
            self._under_way += Counter()  # drops who has none, or everybody would be remembered

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """``work``, done by one of the threads."""
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self.threads)


@dataclass(frozen=True, slots=True)
class Running:
    """One application between its start and its end.

    Attributes:
        store: the archive.
        settings: of the service.
        metrics: of the application.
        remembered: who asked lately.
        inspectors: processes that look at uploads.
        readers: the process that reads what reviewers show it, boxes and pages turned; started for the first, ended when there are none.
        scratch: folder of this process alone.
        office: where reviewers work.
        equations: of the forms that they have open.
        hidden: of these forms, while two people key it.
        waiting: how many forms wait for them.
        watcher: of documents.
        uploads: lane.
        pictures: lane.
        exports: lane.
        searches: lane.
        passwords: lane; see `unhurried`.
        regions: lane.
        preparing: turn of forms that were opened; see `prepare`.
    """

    store: Store
    settings: WebSettings
    metrics: Metrics
    remembered: Remembered
    inspectors: Readers
    readers: Readers
    scratch: Path
    office: Office
    equations: LaidEquations
    hidden: HiddenFields
    waiting: WaitingForms
    watcher: Watcher
    uploads: Lane
    pictures: Lane
    exports: Lane
    searches: Lane
    passwords: Lane
    regions: Lane
    preparing: anyio.Semaphore

    async def look(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """``work``, which reads no more than a page of a list: by a thread, but on SQLite at once.

        There it takes a millisecond, and a reader waits for no writer; to and from a thread it takes as long again, since Python's lock
        changes hands at each row.
        """
        if self.store.database.kind == SQLITE:
            return work(*args, **kwargs)
        return await to_thread.run_sync(partial(work, *args, **kwargs))

    async def prepare(self, form: Standing) -> None:
        """Bring at hand what ``form`` is decided from, which takes up to a second: the first change would wait for it."""
        with suppress(FormTallyError):  # whoever changes the form is told
            async with self.preparing:
                await to_thread.run_sync(self.office.decider.prepare, form)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A folder for one request.

        Raises:
            StoreError: it cannot be made.
        """
        with disk_faults("The folder for uploads"):
            made = await to_thread.run_sync(partial(mkdtemp, dir=self.scratch))
        try:
            yield Path(made)
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(partial(rmtree, made, ignore_errors=True))


@asynccontextmanager
async def started(store: Store, settings: WebSettings, metrics: Metrics) -> AsyncIterator[Running]:
    """Everything that runs beside the requests, for the block.

    Raises:
        StoreError: the home cannot be written.
    """
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    name, inspector = new_name(), ReaderSpec(settings.inspector, settings.limits)
    with ExitStack() as stack:
        keep = stack.enter_context(present(store, name))
        folder = stack.enter_context(scratch(store, name))
        inspectors = Readers(Pool(settings.part(settings.inspectors), inspector, INSPECTOR_MEGABYTES, folder), _cannot_start)
        stack.enter_context(inspectors)
        changes = stack.enter_context(Changes(store.database))
        reader = ReaderSpec(settings.reader, settings.limits, settings.target_error, settings.learned)
        readers = Readers(Pool(REGIONS, reader, READER_MEGABYTES, folder), _cannot_start, REGION_SECONDS)
        stack.enter_context(readers)
        decider = Decider(store, learned_trust(settings.target_error, settings.learned), settings.part(KEPT))
        office = Office(store, decider, settings.policy)
        watcher = Watcher(partial(progress, store))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watcher.run)
            tasks.start_soon(_stay_present, keep)
            yield Running(
                store=store,
                settings=settings,
                metrics=metrics,
                remembered=Remembered(changes.mark),
                inspectors=inspectors,
                readers=readers,
                scratch=folder,
                office=office,
                equations=LaidEquations(store),
                hidden=HiddenFields(office),
                waiting=WaitingForms(store),
                watcher=watcher,
                uploads=_lane(settings.part(UPLOADS), settings.part(MOST_UPLOADS), SHARE),
                pictures=_lane(settings.part(PICTURES), settings.part(MOST_WAITING)),
                exports=_lane(EXPORTS, settings.part(MOST_WAITING), SHARE),
                searches=_lane(SEARCHES, MOST_WAITING),
                passwords=_lane(settings.part(PASSWORDS), settings.part(MOST_WAITING)),
                regions=_lane(REGIONS, MOST_REGIONS, SHARE),
                preparing=anyio.Semaphore(1),
            )
            tasks.cancel_scope.cancel()


def _lane(threads: int, most: int, share: int = 1) -> Lane:
    """A lane of which one user takes a part in ``share`` at most."""
    return Lane(CapacityLimiter(threads), most, max(1, most // share))


async def _stay_present(keep: Callable[[], None]) -> None:
    """Hold on to the lock that says we are alive: without it another process would take our folder for left behind."""
    alone = CapacityLimiter(1)
    while True:
        await anyio.sleep(_KEEP_SECONDS)
        try:
            await to_thread.run_sync(keep, limiter=alone)
        except StoreError as error:
            _LOG.warning(str(error))


def _cannot_start(error: FormTallyError) -> None:
    _LOG.error(str(error))


def running(request: Request) -> Running:
    """What the application of ``request`` works with."""
    found = request.app.state.running
    assert isinstance(found, Running)  # noqa: S101  `service.web.app` puts it there
    return found


async def _running(request: Request) -> Running:
    """The same as a dependency, async so that it takes no thread: it waits for nothing."""
    return running(request)


Run = Annotated[Running, Depends(_running)]


async def unhurried(running: Run) -> AsyncIterator[None]:
    """A dependency of what checks passwords: it waits for its turn without a thread, so that logins never hold them all.

    Raises:
        TooBusyError: too many wait.
    """
    async with running.passwords.place(), running.passwords.threads:
        yield


Unhurried: Final = Depends(unhurried, scope="function")
"""Its turn ends with the work, not when the reply has been taken."""
