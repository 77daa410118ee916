"""What a running application works with, and the threads that its work is spread over."""

import logging
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
from postprocess.calibration import trust
from service.jobs.alive import new_name, present
from service.jobs.readers import Readers
from service.jobs.scratch import scratch
from service.pool import Pool
from service.reader import ReaderSpec
from service.review.acting import Office
from service.review.decider import Decider, Standing
from service.review.laid import LaidEquations
from service.store.faults import disk_faults
from service.store.opening import Store
from service.store.progress import progress
from service.web.metrics import Metrics
from service.web.settings import WebSettings
from service.web.watching import Watcher

THREADS: Final = 8
"""For routes and who asks. With the lanes, the watcher and the lock that says we are alive they hold 15 connections at most, as many as
SQLAlchemy gives at once. No thread holds two."""

UPLOADS, PICTURES, EXPORTS, PASSWORDS = 2, 2, 1, 2
"""Lanes: work that takes long never takes the threads of what is quick. A picture may take 300 MB while it is made."""

MOST_UPLOADS: Final = 64
"""Uploads under way at once; each may fill the disk with `WebSettings.upload_megabytes`, and waits for its turn to be looked at."""

MOST_WAITING: Final = 32
"""Requests for pictures, for exports, or with passwords, under way at once."""

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
    """

    threads: CapacityLimiter
    most: int
    _under_way: int = field(default=0, init=False)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the lane for the block.

        Raises:
            TooBusyError: there is none.
        """
        if self._under_way >= self.most:
            raise TooBusyError("Too many such requests are under way.", "Ask again later.", 5)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

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
        inspectors: processes that look at uploads.
        scratch: folder of this process alone.
        office: where reviewers work.
        equations: of the forms that they have open.
        watcher: of documents.
        uploads: lane.
        pictures: lane.
        exports: lane.
        passwords: lane; see `unhurried`.
        preparing: turn of forms that were opened; see `prepare`.
    """

    store: Store
    settings: WebSettings
    metrics: Metrics
    inspectors: Readers
    scratch: Path
    office: Office
    equations: LaidEquations
    watcher: Watcher
    uploads: Lane
    pictures: Lane
    exports: Lane
    passwords: Lane
    preparing: anyio.Semaphore

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
        inspectors = Readers(Pool(settings.inspectors, inspector, INSPECTOR_MEGABYTES, folder), _cannot_start)
        stack.enter_context(inspectors)
        watcher = Watcher(partial(progress, store))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watcher.run)
            tasks.start_soon(_stay_present, keep)
            yield Running(
                store=store,
                settings=settings,
                metrics=metrics,
                inspectors=inspectors,
                scratch=folder,
                office=Office(store, Decider(store, trust(settings.target_error)), settings.policy),
                equations=LaidEquations(store),
                watcher=watcher,
                uploads=Lane(CapacityLimiter(UPLOADS), MOST_UPLOADS),
                pictures=Lane(CapacityLimiter(PICTURES), MOST_WAITING),
                exports=Lane(CapacityLimiter(EXPORTS), MOST_WAITING),
                passwords=Lane(CapacityLimiter(PASSWORDS), MOST_WAITING),
                preparing=anyio.Semaphore(1),
            )
            tasks.cancel_scope.cancel()


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
