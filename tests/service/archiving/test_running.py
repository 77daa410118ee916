"""Documents that wait are read; what hinders one does not hinder the others."""

import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePath

import pytest

from models.errors import InstallationError, StoreUnreachableError
from models.form import Review
from models.limits import Limits
from service.archiving.adding import add
from service.archiving.running import summary, unfinished, work
from service.jobs import patience, workflow
from service.jobs.crew import Means, at_work
from service.messages import Task
from service.pool import Lost, Pool, Result
from service.reader import ReaderSpec
from service.store.documents import BATCH, UPLOAD, Found, State, mark, register
from service.store.opening import Store, open_store
from service.store.pages import keep_page, page_content
from service.store.reading import Counts, counts, document, documents_in, failed, forms, states
from service.store.reviewed import ReviewedState
from tests.service.archiving.conftest import Write
from tests.service.planned_reader import LOG, PLANNED, PREPARE


def means(workers: int = 2) -> Means:
    return Means(ReaderSpec(PLANNED, Limits()), workers, 1024, (0.01, 0.01))


def read(store: Store, workers: int = 2) -> None:
    work(store, means(workers), until=lambda now: not unfinished(now))


def log(store: Store) -> list[str]:
    path = store.home.folder / "originals" / LOG
    return path.read_text().splitlines() if path.exists() else []


def plan(store: Store, text: str, priority: int = BATCH) -> str:
    return register(store, Found(PurePath(f"/scans/{text}.pdf")), BytesIO(text.encode()), priority).sha256


def test_every_document_is_read_once_and_each_problem_stays_its_own(store: Store, write: Write, tmp_path: Path) -> None:
    for name, text in {
        "good.pdf": "pages=2",
        "page.pdf": "pages=3 2=damaged",
        "none.pdf": "nothing",
        "dying.pdf": "pages=1 1=die",
        "tired.pdf": "pages=2 1=die-once",
    }.items():
        write(name, text)
    list(add(store, [tmp_path / "scans"], None, Limits()))
    read(store)
    told = {}
    for state in State:
        for sha256 in documents_in(store, state):
            known = document(store, sha256)
            assert known is not None
            told[known.name] = (known.state, len(known.forms), known.error.code, [problem.page for problem in known.problems])
    assert told == {
        "good.pdf": (State.DONE, 2, "", []),
        "page.pdf": (State.DONE, 2, "", [2]),
        "none.pdf": (State.FAILED, 0, "input_damaged", []),
        "dying.pdf": (State.FAILED, 0, "page_lost", [1]),
        "tired.pdf": (State.DONE, 2, "", []),
    }
    assert summary(counts(store)) == "5 documents (3 done, 2 failed), 6 forms (6 clear)."


def test_what_people_have_done_is_told_beside_what_the_machine_says() -> None:
    documents, forms = dict.fromkeys(State, 0) | {State.DONE: 9}, {Review.CLEAR: 7, Review.NEEDS_REVIEW: 3}
    reviewed = {ReviewedState.NONE: 6, ReviewedState.WAITING: 1, ReviewedState.RETURNED: 0, ReviewedState.APPROVED: 3}
    assert summary(Counts(documents, forms, reviewed, 12)) == (
        "9 documents (9 done), 10 forms (7 clear, 3 needs review), 4 reviews (1 waiting, 3 approved)."
    )


def test_what_is_done_is_not_read_again_and_what_failed_only_when_asked(store: Store) -> None:
    plan(store, "pages=1 1=die")
    plan(store, "pages=2")
    read(store)
    before = len(log(store))
    read(store)
    assert len(log(store)) == before
    for each in failed(store, ()):
        mark(store, each.sha256, State.WAITING)
    read(store)
    assert len(log(store)) > before
    assert sum(form.version for form in forms(store)) == 2


def test_a_missing_part_ends_the_run_and_costs_no_document(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(store, "pages=1")
    monkeypatch.setenv(PREPARE, "no weights")
    with pytest.raises(InstallationError):
        read(store)
    assert counts(store).documents[State.FAILED] == 0
    monkeypatch.delenv(PREPARE)
    read(store)
    assert counts(store).documents[State.DONE] == 1


def test_an_upload_goes_before_the_archive(store: Store) -> None:
    batch = [plan(store, f"pages=1 1=slow batch={number}") for number in range(4)]
    with at_work(store, means(1)) as crew:
        crew.hand_in()
        upload = plan(store, "pages=1 upload=1", UPLOAD)
        assert plan(store, "pages=1 1=slow batch=3", UPLOAD) == batch[3]
        crew.hand_in()
        while unfinished(states(store)):
            assert not crew.ending.begun.wait(0.1)
    order = [line.split()[0] for line in log(store)]
    assert sorted(order) == sorted([*batch, upload])
    assert {upload, batch[3]} <= set(order[:3])  # one of the others may have been begun before


def test_a_share_that_is_not_mounted_ends_the_run_and_costs_no_document(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "AWAY_SECONDS", 0)
    share, unmounted = tmp_path / "share", tmp_path / "unmounted"
    with open_store(replace(store.home, files=str(share))) as shared:
        plan(shared, "pages=1")
        share.rename(unmounted)
        share.mkdir()
        with pytest.raises(StoreUnreachableError, match="it is empty"):
            read(shared)
        assert counts(shared).documents[State.FAILED] == 0
        share.rmdir()
        unmounted.rename(share)
        read(shared)
        assert counts(shared).documents[State.DONE] == 1


def test_a_run_tells_of_no_document_that_ended_before_it(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(2):
        plan(store, f"pages=1 number={number}")
    read(store)
    plan(store, "pages=1 another=1")
    capfd.readouterr()
    read(store)
    assert capfd.readouterr().out == "/scans/pages=1 another=1.pdf: 1 page read\n"


def test_nothing_is_left_in_the_home_but_what_is_kept(store: Store) -> None:
    plan(store, "pages=1")
    read(store)
    for name in ("scratch", "processes"):
        assert list((store.home.folder / name).iterdir()) == []


def test_a_page_that_was_lost_is_told_and_can_be_tried_again(store: Store) -> None:
    sha256 = plan(store, "pages=2 2=die")
    read(store)
    (faulty,) = failed(store, ())
    assert (faulty.sha256, faulty.state, [problem.page for problem in faulty.problems]) == (sha256, State.DONE, [2])
    assert failed(store, (sha256[:8],)) == failed(store, ("pages=2",)) == [faulty]
    assert failed(store, ("another",)) == []


def test_what_a_worker_cannot_even_begin_is_not_the_fault_of_a_document(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(store, "pages=1")
    monkeypatch.setattr(Pool, "results", _never_started)
    with pytest.raises(InstallationError, match="before they can read anything"):
        read(store)
    assert counts(store).documents[State.FAILED] == 0


def _never_started(pool: Pool, interruption: object = None) -> list[tuple[Task, Result]]:  # noqa: ARG001
    found = [(worker.task, Lost(working=False)) for worker in pool._workers if worker.task is not None]
    for worker in pool._workers:
        worker.task = None
    return list(found)


def test_a_document_that_no_workflow_reads_waits_again(store: Store) -> None:
    sha256 = plan(store, "pages=1")
    mark(store, sha256, State.READING)
    with at_work(store, means()) as crew:
        crew.take_over()
        assert counts(store).documents[State.WAITING] == 1
    read(store)
    assert counts(store).documents[State.DONE] == 1


def test_a_damaged_page_that_was_kept_is_read_again(store: Store) -> None:
    sha256 = plan(store, "pages=2")
    keep_page(store, sha256, 1, "planned-1", b"damaged")
    read(store)
    assert counts(store).documents[State.DONE] == 1
    assert len(list(forms(store))) == 2


def test_what_was_seen_again_is_kept_with_its_page(store: Store) -> None:
    seen, unseen = plan(store, "pages=2 look=see"), plan(store, "pages=1")
    read(store)
    contents = [page_content(store, seen, 1, "planned-1"), page_content(store, seen, 2, "planned-1")]
    assert all(content is not None and content.endswith(b" seen again") for content in contents)
    assert not (page_content(store, unseen, 1, "planned-1") or b"").endswith(b" seen again")


def test_an_end_in_the_middle_of_a_wait_costs_nothing(store: Store) -> None:
    """A worker has just died; before it is asked again, the run is ended."""
    plan(store, "pages=2 1=die-once")
    patient = replace(means(), pauses=(600.0,))
    begun = time.monotonic()
    with at_work(store, patient) as crew:
        crew.hand_in()
        while not (store.home.folder / "originals" / LOG).exists():
            assert not crew.ending.begun.wait(0.05)
        time.sleep(0.5)
    assert time.monotonic() - begun < 60
    assert counts(store).documents[State.READING] == 1
    read(store)
    assert (counts(store).documents[State.DONE], failed(store, ()), len(list(forms(store)))) == (1, [], 2)


def test_a_document_that_ends_every_process_is_given_up_and_can_be_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow, "MOST_ATTEMPTS", 1)
    sha256 = plan(store, "pages=1 1=hang")
    for _ in range(4):
        with at_work(store, means()) as crew:
            crew.take_over()
            crew.hand_in()
            deadline = time.monotonic() + 3
            while not log(store) and time.monotonic() < deadline:
                assert not crew.ending.begun.wait(0.05)
            crew.ending.begun.wait(0.5)
    with at_work(store, means()) as crew:
        crew.take_over()
    known = document(store, sha256)
    assert known is not None
    assert (known.state, known.error.code) == (State.FAILED, "page_lost")
    mark(store, sha256, State.WAITING)
    with at_work(store, means()) as crew:
        assert crew.hand_in() == 1
