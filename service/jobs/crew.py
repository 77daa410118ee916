"""A process that does durable work: its workers, its part in DBOS, and what it does about documents that others left behind."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

from dbos import DBOS, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID, WorkflowStatus

from models.errors import PageLostError
from models.form import Problem
from service.jobs.alive import absent, new_name, present
from service.jobs.complaints import heard
from service.jobs.desk import Desk
from service.jobs.ending import Ending
from service.jobs.readers import Readers
from service.jobs.scratch import scratch
from service.jobs.workflow import PAUSES, WORKFLOW, define
from service.pool import Pool
from service.reader import ReaderSpec, open_reader
from service.store.documents import BATCH, State, give_up, put_back
from service.store.faults import database_faults
from service.store.opening import Store
from service.store.reading import Waiting, documents_in, waiting
from service.store.reviews import NO_CHECKS, Checks

QUEUE = "documents"

STEPS = "2"
"""Raised when the steps of the workflow change: no process goes on with steps that it does not know."""

POLL_SECONDS = 0.2
"""How often the queue is asked; a page takes seconds."""

_ENQUEUED, _PENDING, _EXHAUSTED = "ENQUEUED", "PENDING", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
"""DBOS's words for a workflow that waits, for one that some process has taken, and for one that has been taken up too often."""

_LOST = PageLostError("The program ended again and again while this was read.", "Look at it, then run `formtally archive retry`.")


@dataclass(frozen=True, slots=True)
class Means:
    """What a process works with.

    Attributes:
        reader: what its workers read with.
        workers: how many.
        megabytes: a worker that holds more after a task is replaced.
        pauses: between attempts at what may pass, s.
        checks: what people look at beside what needs them.
    """

    reader: ReaderSpec
    workers: int
    megabytes: int
    pauses: tuple[float, ...] = PAUSES
    checks: Checks = NO_CHECKS


@dataclass(slots=True)
class Crew:
    """This process at work; made by `at_work`.

    Attributes:
        store: of the documents.
        name: of this process, that no other has.
        version: of the reader.
        digitize: the workflow.
        ending: begun when there is no use in going on; says why.
        keep: makes sure that the others know this process alive; to be called every few seconds.
    """

    store: Store
    name: str
    version: str
    digitize: Callable[[str], str]
    ending: Ending
    keep: Callable[[], None]
    _handed_in: set[str] = field(default_factory=set)
    _dropped: frozenset[str] = frozenset()

    def hand_in(self, since: str = "") -> int:
        """Put documents that wait into the queue; how many were new to this process. One that is there already stays one.

        Args:
            since: only those that began to wait then or later, ISO 8601.

        Raises:
            StoreError: the database cannot be written.
        """
        with self._faults():
            new = [each for each in waiting(self.store, since) if self._id(each) not in self._handed_in]
            for each in new:
                if each.priority < BATCH:  # it may have waited among the others
                    self._forget_others(each)
                with SetWorkflowID(self._id(each)), SetEnqueueOptions(priority=each.priority):
                    DBOS.enqueue_workflow(QUEUE, self.digitize, each.sha256)
                self._handed_in.add(self._id(each))
        return len(new)

    def take_over(self) -> None:
        """Go on with the documents of processes that have ended, and let those wait again that no workflow reads.

        What a process with other steps or another reader left is begun anew, and so is what a person has asked for again meanwhile.

        Raises:
            StoreError: the database cannot be written.
        """
        with self._faults():
            being_read = list(documents_in(self.store, State.READING))  # before the workflows: one that ends in between is done by then
            asked_again = {each.sha256: self._id(each) for each in waiting(self.store)}
            taken = _unfinished(_PENDING)
            gone = absent(self.store, {each.executor_id for each in taken if each.executor_id})
            left = [each for each in taken if each.executor_id in gone]
            for each in left:
                again = asked_again.get(_document(each.workflow_id), each.workflow_id) != each.workflow_id
                if again or each.app_version != application(self.version):
                    _forget(each.workflow_id)
            if left:
                DBOS._recover_pending_workflows(gone)
            for each in _unfinished(_EXHAUSTED):
                give_up(self.store, _document(each.workflow_id), Problem(0, _LOST.code, str(_LOST)))
                _forget(each.workflow_id)
            dropped = self._dropped_of(taken)
            for each in dropped:
                _forget(each.workflow_id)
            known = {_document(each.workflow_id) for each in taken if each.executor_id not in gone and each not in dropped}
            for sha256 in being_read:
                if sha256 not in known and not _unfinished(_ENQUEUED, _PENDING, document=sha256):
                    put_back(self.store, sha256)

    def start_over(self) -> None:
        """Forget what waits in the queue for processes with other steps or another reader: it is handed in anew.

        Raises:
            StoreError: the database cannot be written.
        """
        with self._faults():
            for each in _unfinished(_ENQUEUED):
                if each.app_version != application(self.version):
                    _forget(each.workflow_id)
            self._handed_in.clear()

    def _forget_others(self, document: Waiting) -> None:
        for each in _unfinished(_ENQUEUED, document=document.sha256):
            if each.workflow_id != self._id(document):
                _forget(each.workflow_id)

    def _dropped_of(self, taken: list[WorkflowStatus]) -> list[WorkflowStatus]:
        """Workflows that this process has taken and no longer runs: DBOS drops one where it loses the database between two statements.

        One that was taken a moment ago may not run as yet: it must have been so the last time too.
        """
        running = self.ending.documents()
        idle = [each for each in taken if each.executor_id == self.name and _document(each.workflow_id) not in running]
        before, self._dropped = self._dropped, frozenset(each.workflow_id for each in idle)
        return [each for each in idle if each.workflow_id in before]

    def _faults(self) -> AbstractContextManager[None]:
        return database_faults(self.store.database.place, self.store.database.file)

    def _id(self, document: Waiting) -> str:
        """The content, the version of the reader, and since when it waits: what is asked for again is another workflow."""
        return f"{document.sha256}/{self.version}/{document.since}"


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
    name, version, ending = new_name(), open_reader(means.reader).version, Ending()
    with ExitStack() as stack:
        stack.enter_context(heard(store.database, ending))
        keep = stack.enter_context(present(store, name))
        folder = stack.enter_context(scratch(store, name))
        stack.enter_context(_dbos(store, name, version))
        stack.callback(ending.wait)
        readers = stack.enter_context(Readers(Pool(means.workers, means.reader, means.megabytes, folder), ending.begin))
        stack.callback(ending.begin)
        digitize = define(Desk(store, readers, version, means.reader.limits, folder, ending, means.checks), means.pauses)
        with database_faults(store.database.place, store.database.file):
            DBOS.launch()
            DBOS.register_queue(QUEUE, worker_concurrency=means.workers, polling_interval_sec=POLL_SECONDS, on_conflict="always_update")
        yield Crew(store, name, version, digitize, ending, keep)


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
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": POLL_SECONDS,  # nobody listens, but its thread ends only between two looks
        }
    )
    try:
        yield
    finally:
        DBOS.destroy(destroy_registry=True)


def _unfinished(*states: str, document: str = "") -> list[WorkflowStatus]:
    """Workflows in ``states``, of one document where it is named."""
    prefix = f"{document}/" if document else None
    return DBOS.list_workflows(name=WORKFLOW, status=list(states), workflow_id_prefix=prefix, load_input=False, load_output=False)


def _forget(workflow_id: str) -> None:
    DBOS.cancel_workflow(workflow_id)
    DBOS.delete_workflow(workflow_id)


def _document(workflow_id: str) -> str:
    return workflow_id.partition("/")[0]
