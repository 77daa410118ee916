"""A document as a durable workflow: it is inspected, each of its pages is read, its record is put together and saved.

DBOS keeps what each step came to; a workflow that was killed goes on behind its last step. What is kept is plain JSON. Steps come to a
value, never to an exception: replayed, it would be of another class.
"""

from collections.abc import Callable
from typing import TypeAlias

from dbos import DBOS

from models.form import Problem
from service.jobs.desk import Desk
from service.jobs.patience import patiently
from service.messages import Inspected
from service.store.documents import NO_ERROR

WORKFLOW = "digitize"

PAUSES = (2.0, 8.0)
"""Between attempts at a step whose worker died, s: long enough for another program's peak of memory to pass."""

MOST_ATTEMPTS = 20
"""Processes that may end while one document is being read, for that many power cuts do not happen: then it is the document."""

Said: TypeAlias = tuple[int, str, str]
"""A problem as JSON keeps it: page, code, message."""


def define(desk: Desk, pauses: tuple[float, ...] = PAUSES) -> Callable[[str], str]:
    """The workflow of one document, by its SHA-256; to be called before DBOS is launched.

    Args:
        desk: does the steps.
        pauses: between attempts at a step, s.
    """

    @DBOS.step(name="inspect")
    def inspect(sha256: str, reading: str) -> tuple[int, list[Said]] | None:
        found = patiently(lambda: desk.inspect(sha256, reading), 0, pauses, desk.ending)
        if found is None:
            return None
        return (found.pages, [_said(warning) for warning in found.warnings]) if isinstance(found, Inspected) else (0, [_said(found)])

    @DBOS.step(name="read")
    def read(sha256: str, page: int) -> Said:
        return _said(patiently(lambda: desk.read(sha256, page), page, pauses, desk.ending))

    @DBOS.step(name="assemble")
    def assemble(sha256: str, count: int, problems: list[Said]) -> None:
        told = [Problem(*problem) for problem in problems]
        failure = patiently(lambda: desk.assemble(sha256, count, told), 0, pauses, desk.ending)
        if failure is not None and patiently(lambda: desk.give_up(sha256, count, [*told, failure]), 0, (), desk.ending) is not None:
            raise RuntimeError(f"the failure of {sha256} could not be saved")  # the document is taken up again (`Crew.take_over`)

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_ATTEMPTS)
    def digitize(sha256: str) -> str:
        with desk.ending.running(sha256):
            inspected = inspect(sha256, DBOS.workflow_id or "")
            if inspected is None:
                return sha256
            count, problems = inspected
            pages = [read(sha256, page) for page in range(1, count + 1)]
            assemble(sha256, count, [*problems, *(told for told in pages if told[1] != NO_ERROR.code)])
        return sha256

    return digitize


def _said(problem: Problem) -> Said:
    return problem.page, problem.code, problem.message
