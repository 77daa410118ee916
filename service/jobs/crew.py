"""A process that does durable work: its workers, its part in DBOS, and what it does about documents that others left behind."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from dbos import DBOS, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID, WorkflowStatus

from models.errors import FormTallyError
from service.jobs.alive import absent, new_name, present
from service.jobs.desk import Desk
from service.jobs.readers import Readers
from service.jobs.workflow import PAUSES, WORKFLOW, define
from service.pool import Pool
from service.reader import ReaderSpec, open_reader
from service.store.documents import State, mark
from service.store.opening import Store
from service.store.reading import Waiting, documents_in, waiting

QUEUE = "documents"

STEPS = "1"
"""Raised when the steps of the workflow change: no process goes on with steps that it does not know."""

UPLOAD, BATCH = 1, 100
"""Priorities: a person who waits goes before an archive."""

POLL_SECONDS = 0.2
"""How often the queue is asked; a page takes seconds."""

_ENQUEUED, _PENDING = "ENQUEUED", "PENDING"
"""DBOS's words for a workflow that waits, and for one that some process has taken."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a process works with.

    Attributes:
        reader: what its workers read with.
        workers: how many.
        megabytes: a worker that holds more after a task is replaced.
        pauses: between attempts at what may pass, s.
    """

    reader: ReaderSpec
    workers: int
    megabytes: int
    pauses: tuple[float, ...] = PAUSES


@dataclass(slots=True)
class Crew:
    """This process at work; made by `at_work`.

    Attributes:
        store: of the documents.
        version: of the reader.
        digitize: the workflow.
        trouble: set when there is no use in going on; ``fault`` says why.
    """

    store: Store
    version: str
    digitize: Callable[[str], str]
    trouble: threading.Event
    fault: FormTallyError | None = None
    _handed_in: set[str] = field(default_factory=set)

    def hand_in(self, priority: int = BATCH) -> int:
        """Put every document that waits into the queue; how many were new to this process. One that is there already stays one."""
        new = [each for each in waiting(self.store) if self._id(each) not in self._handed_in]
        for each in new:
            with SetWorkflowID(self._id(each)), SetEnqueueOptions(priority=priority):
                DBOS.enqueue_workflow(QUEUE, self.digitize, each.sha256)
            self._handed_in.add(self._id(each))
        return len(new)

    def take_over(self) -> None:
        """Go on with the documents of processes that have ended."""
        taken = _unfinished(_PENDING)
        gone = absent(self.store, {each.executor_id for each in taken if each.executor_id})
        if any(each.executor_id in gone and each.app_version == application(self.version) for each in taken):
            DBOS._recover_pending_workflows(gone)

    def start_over(self) -> None:
        """Hand documents in anew that nobody will go on with: those of processes with other steps or readers, and of a restored backup."""
        unfinished = _unfinished(_ENQUEUED, _PENDING)
        strange = [each for each in unfinished if each.app_version != application(self.version)]
        gone = absent(self.store, {each.executor_id for each in strange if each.status == _PENDING and each.executor_id})
        given_up = {each.workflow_id for each in strange if each.status == _ENQUEUED or each.executor_id in gone}
        for name in sorted(given_up):
            DBOS.cancel_workflow(name)
            DBOS.delete_workflow(name)  # its id must be free, should that version come back
        going_on = {_document(each.workflow_id) for each in unfinished if each.workflow_id not in given_up}
        for sha256 in list(documents_in(self.store, State.READING)):
            if sha256 not in going_on:
                mark(self.store, sha256, State.WAITING)

    def stop(self, fault: FormTallyError) -> None:
        """Called by a workflow that met what is not its document's fault."""
        self.fault = self.fault or fault
        self.trouble.set()

    def _id(self, document: Waiting) -> str:
        """The content and the version of the reader; asked for again, also since when."""
        again = f"/{document.since}" if document.version == self.version else ""
        return f"{document.sha256}/{self.version}{again}"


def application(version: str) -> str:
    """DBOS's application version of processes that read with ``version``."""
    return f"{STEPS}/{version}"


@contextmanager
def at_work(store: Store, means: Means) -> Iterator[Crew]:
    """This process at work for the block: it takes documents from the queue, and leaves those it has not finished to the next.

    Raises:
        InstallationError: a part is missing.
        StoreError: the database cannot be reached.
    """
    name, version = new_name(), open_reader(means.reader).version
    logging.getLogger("dbos").setLevel(logging.ERROR)
    with ExitStack() as stack:
        stack.enter_context(present(store, name))
        scratch = stack.enter_context(_scratch(store, name))
        stack.enter_context(_dbos(store, name, version))
        readers = stack.enter_context(Readers(Pool(means.workers, means.reader, means.megabytes, scratch)))
        crew = Crew(store, version, _not_yet, threading.Event())
        crew.digitize = define(Desk(store, readers, version, means.reader.limits, scratch, crew.stop), means.pauses)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=means.workers, polling_interval_sec=POLL_SECONDS, on_conflict="always_update")
        yield crew


@contextmanager
def _dbos(store: Store, name: str, version: str) -> Iterator[None]:
    """DBOS, made for the block; to be launched when the workflows are defined."""
    DBOS(
        config={
            "name": "formtally",
            "system_database_url": store.database.url,
            "application_version": application(version),
            "executor_id": name,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
        }
    )
    try:
        yield
    finally:
        DBOS.destroy(destroy_registry=True)


def _unfinished(*states: str) -> list[WorkflowStatus]:
    return DBOS.list_workflows(name=WORKFLOW, status=list(states), load_input=False, load_output=False)


def _document(workflow_id: str) -> str:
    return workflow_id.partition("/")[0]


@contextmanager
def _scratch(store: Store, name: str) -> Iterator[Path]:
    """A folder of this process alone, gone afterwards; those of processes that were killed go too."""
    folder = store.home.folder / "scratch"
    folder.mkdir(exist_ok=True)
    for gone in absent(store, [path.name for path in folder.iterdir()]):
        rmtree(folder / gone, ignore_errors=True)
    mine = folder / name
    mine.mkdir()
    try:
        yield mine
    finally:
        rmtree(mine, ignore_errors=True)


def _not_yet(sha256: str) -> str:
    raise AssertionError(f"no workflow is defined yet for {sha256}")
