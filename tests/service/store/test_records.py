"""Documents, pages and forms: whole, once, and the same when written again."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import pytest
from sqlalchemy import Connection, Table, func, select

from models.errors import DamagedError, StoreDamagedError
from models.form import Problem
from service.store.documents import Found, State, begin, mark, register
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.pages import keep_page, page_content
from service.store.reading import document, form
from service.store.saving import Saved, save_document
from service.store.schema import DOCUMENTS, EARLIER_FORMS, EVENTS, FIELDS, FINDINGS, FORMS, METADATA, SOURCES
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, add_read, changed, document_of, form_of, unknown_form

PDF = b"%PDF-1"
SHA256 = hashlib.sha256(PDF).hexdigest()


def _count(store: Store, table: Table) -> int:
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def _everything(store: Store) -> dict[str, object]:
    """All rows of all tables but when they were written and numbers that a server draws, and all files."""
    with store.database.reading() as connection:
        rows: dict[str, object] = {
            table.name: [
                {key: value for key, value in row.items() if not key.endswith(("at", "id")) and key != "entry"}
                for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in METADATA.sorted_tables
        }
    root = Path(store.home.files)
    return rows | {
        str(path.relative_to(root)): path.read_bytes()
        for folder in ("originals", "pages", "staging")
        for path in root.glob(f"{folder}/**/*")
        if path.is_file()
    }


def test_an_original_is_kept_by_its_content_and_may_not_be_written(store: Store) -> None:
    assert register(store, Found(PurePath("a/../b.pdf")), io.BytesIO(PDF)).sha256 == SHA256
    kept = Path(store.home.files) / "originals" / SHA256[:2] / SHA256
    assert kept.read_bytes() == PDF
    assert kept.stat().st_mode & 0o777 == 0o444


def test_the_same_file_under_another_name_is_one_document_with_two_sources(store: Store) -> None:
    first = register(store, Found(PurePath("甲/a.pdf"), 2020, "甲"), io.BytesIO(PDF))
    again = register(store, Found(PurePath("甲/a.pdf")), io.BytesIO(PDF))
    other = register(store, Found(PurePath("b.pdf"), 2021), io.BytesIO(PDF))
    assert [first.known, again.known, other.known] == [False, True, True]
    assert (_count(store, DOCUMENTS), _count(store, SOURCES)) == (1, 2)
    found = document(store, SHA256)
    assert found is not None
    assert (found.name, found.paths, found.bytes, found.state) == ("a.pdf", ("甲/a.pdf", "b.pdf"), len(PDF), State.WAITING)


@pytest.mark.parametrize(
    "name", ["x" * 250, "../../etc/passwd", "a\nb;rm -rf.pdf", "=1+1.pdf", b"\xff\xfe.pdf".decode("utf-8", "surrogateescape")]
)
def test_a_strangers_name_is_text_and_nothing_else(store: Store, name: str) -> None:
    sha256 = add(store, path=f"{'d' * 3000}/{name}")
    assert sha256 == SHA256
    assert [path.name for path in Path(store.home.files).glob("originals/**/*") if path.is_file()] == [SHA256]
    found = document(store, sha256)
    assert found is not None
    assert found.paths[0].startswith("ddd")


def test_a_file_that_changes_while_it_is_copied_is_not_registered(store: Store) -> None:
    class Growing(io.BytesIO):
        def seek(self, place: int, whence: int = 0) -> int:
            super().seek(0, io.SEEK_END)
            self.write(b"more")
            return super().seek(place, whence)

    with pytest.raises(DamagedError):
        register(store, Found(PurePath("a.pdf")), Growing(PDF))
    assert _count(store, DOCUMENTS) == 0
    assert [path for path in Path(store.home.files).glob("originals/**/*") if path.is_file()] == []


def test_a_file_that_cannot_be_read_is_not_the_archives_fault(store: Store) -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, f"Input/output error of {size} bytes")

    with pytest.raises(DamagedError, match="cannot be read"):
        register(store, Found(PurePath("a.pdf")), Unreadable(PDF))


def test_an_original_cut_short_by_a_fault_of_the_disk_is_replaced(store: Store) -> None:
    add(store)
    kept = Path(store.home.files) / "originals" / SHA256[:2] / SHA256
    kept.chmod(0o644)
    kept.write_bytes(PDF[:3])
    add(store)
    assert kept.read_bytes() == PDF


def test_a_mark_tells_state_and_error(store: Store) -> None:
    sha256 = add(store)
    mark(store, sha256, State.FAILED, Problem(0, "input_encrypted", "A password is needed."), pages=6)
    found = document(store, sha256)
    assert found is not None
    assert (found.state, found.pages, found.error) == (State.FAILED, 6, Problem(0, "input_encrypted", "A password is needed."))
    mark(store, sha256, State.WAITING)
    found = document(store, sha256)
    assert found is not None
    assert (found.state, found.pages, found.error.code) == (State.WAITING, 6, "")


def test_no_unknown_document_is_marked_or_saved(store: Store) -> None:
    with pytest.raises(KeyError):
        mark(store, SHA256, State.DONE)
    with pytest.raises(KeyError):
        save_document(store, SHA256, "3+a", document_of(SHA256))


def test_a_page_is_kept_by_version_and_told_when_it_is_no_longer_what_it_was(store: Store) -> None:
    sha256 = add(store)
    assert page_content(store, sha256, 1, "3+a") is None
    keep_page(store, sha256, 1, "3+a", b"first")
    keep_page(store, sha256, 1, "3+a", b"second")
    keep_page(store, sha256, 1, "4+b", b"third")
    assert page_content(store, sha256, 1, "3+a") == b"second"
    assert page_content(store, sha256, 1, "4+b") == b"third"
    (path,) = Path(store.home.files).glob("pages/**/4+b/1.msgpack")
    path.chmod(0o644)
    path.write_bytes(b"other")
    with pytest.raises(StoreDamagedError, match="damaged"):
        page_content(store, sha256, 1, "4+b")


@pytest.mark.parametrize(("version", "page"), [("../x", 1), ("", 1), (".hidden", 1), ("a/b", 1), ("3", 0)])
def test_no_version_and_no_page_leads_out_of_its_folder(store: Store, version: str, page: int) -> None:
    sha256 = add(store)
    with pytest.raises(ValueError, match="no version or page"):
        keep_page(store, sha256, page, version, b"x")


def test_a_document_is_rows_that_a_person_can_read(store: Store) -> None:
    sha256 = add_read(store, form_of(), unknown_form())
    with store.database.reading() as connection:
        texts = dict(connection.execute(select(FIELDS.c.path, FIELDS.c.text).where(FIELDS.c.form == 1)).all())
        assert texts["fields.project_name"] == "环保项目"
        assert texts["tables.funds[0].executed"] == "980,710"
        assert connection.scalar(select(FIELDS.c.value).where(FIELDS.c.path == "tables.funds[0].executed")) == "980710"
        assert set(connection.scalars(select(FIELDS.c.path).where(FIELDS.c.form == 2))) == {"tables.cells[0]", "unplaced[0]"}
        assert connection.execute(select(FORMS.c.year, FORMS.c.unit, FORMS.c.project).where(FORMS.c.number == 1)).one() == (
            2020,
            "上海市某局",
            "环保项目",
        )
        assert connection.scalar(select(FINDINGS.c.cells)) == "tables.funds[0].executed"
    found = document(store, sha256)
    assert found is not None
    assert [stored.form for stored in found.forms] == [form_of(), unknown_form()]


def test_the_path_tells_year_and_unit_before_the_form_does(store: Store) -> None:
    sha256 = add(store, unit="乙局", year=2019)
    save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    stored = form(store, sha256, 1)
    assert stored is not None
    assert (stored.year, stored.unit) == (2019, "乙局")


def test_text_that_no_column_holds_is_stored_all_the_same(store: Store) -> None:
    odd = form_of(project="甲\0乙" + "长" * 5000)
    sha256 = add_read(store, odd)
    stored = form(store, sha256, 1)
    assert stored is not None
    assert stored.form == odd


def test_the_same_reading_again_changes_nothing(store: Store) -> None:
    sha256 = add_read(store)
    before = _everything(store)
    assert save_document(store, sha256, "3+a", document_of(sha256, changed(form_of(), "另一项目"))) == Saved.UNCHANGED
    assert _everything(store) == before


def test_a_newer_reading_takes_the_place_of_the_older_and_an_equal_form_keeps_its_version(store: Store) -> None:
    sha256 = add_read(store, form_of("甲"), form_of("乙"), form_of("丙"))
    assert save_document(store, sha256, "4+a", document_of(sha256, form_of("甲"), form_of("丁"))) == Saved.WRITTEN
    found = document(store, sha256)
    assert found is not None
    assert [(stored.version, stored.form) for stored in found.forms] == [(1, form_of("甲")), (2, form_of("丁"))]
    assert _count(store, EARLIER_FORMS) == 2
    assert save_document(store, sha256, "5+a", document_of(sha256, form_of("甲"), form_of("丁"), form_of("戊"))) == Saved.WRITTEN
    third = form(store, sha256, 3)
    assert third is not None
    assert third.version == 2


def test_a_late_second_delivery_does_not_undo_a_newer_reading(store: Store) -> None:
    sha256 = add_read(store, form_of("甲"), version="3+a")
    save_document(store, sha256, "4+a", document_of(sha256, form_of("乙")))
    assert save_document(store, sha256, "3+a", document_of(sha256, form_of("甲"))) == Saved.UNCHANGED
    stored = form(store, sha256, 1)
    assert stored is not None
    assert stored.form == form_of("乙")


def test_what_is_asked_to_be_read_again_is_taken_in_the_same_version(store: Store) -> None:
    sha256 = add(store)
    lost = Problem(2, "page_lost", "Twice.")
    keep_page(store, sha256, 1, "3+a", b"one")
    save_document(store, sha256, "3+a", document_of(sha256, form_of("甲"), problems=(lost,)))
    found = document(store, sha256)
    assert found is not None
    assert (found.state, found.problems) == (State.DONE, (lost,))
    mark(store, sha256, State.WAITING)
    keep_page(store, sha256, 2, "3+a", b"two")
    assert save_document(store, sha256, "3+a", document_of(sha256, form_of("甲"), form_of("乙"))) == Saved.WRITTEN
    found = document(store, sha256)
    assert found is not None
    assert (len(found.forms), found.problems) == (2, ())


def test_a_document_of_which_nothing_could_be_read_has_failed(store: Store) -> None:
    sha256 = add(store)
    save_document(store, sha256, "3+a", document_of(sha256, problems=(Problem(0, "input_damaged", "Cut off."),)))
    found = document(store, sha256)
    assert found is not None
    assert (found.state, found.error.code) == (State.FAILED, "input_damaged")


def test_forms_outlive_another_reading_that_comes_to_nothing(store: Store) -> None:
    sha256 = add_read(store)
    mark(store, sha256, State.WAITING)
    lost = Problem(0, "store_damaged", "The original is missing.")
    assert save_document(store, sha256, "3+a", document_of(sha256, problems=(lost,))) == Saved.KEPT
    found = document(store, sha256)
    assert found is not None
    assert (found.state, found.error, [stored.form for stored in found.forms]) == (State.FAILED, lost, [form_of()])


def test_a_document_that_waits_is_taken_by_one_reading(store: Store) -> None:
    sha256 = add(store)
    assert [begin(store, sha256, reading, "3+a") for reading in ("one", "other", "one")] == [True, False, True]
    mark(store, sha256, State.WAITING)
    assert begin(store, sha256, "other", "4+a")
    assert not begin(store, sha256, "one", "3+a")
    save_document(store, sha256, "4+a", document_of(sha256, form_of()))
    assert not any(begin(store, sha256, reading, "4+a") for reading in ("one", "other"))


def test_a_partly_spoilt_page_keeps_what_was_read_of_it(store: Store) -> None:
    sha256 = add(store)
    keep_page(store, sha256, 1, "3+a", b"half")
    save_document(store, sha256, "3+a", document_of(sha256, form_of(), problems=(Problem(1, "input_damaged", "Half."),)))
    assert page_content(store, sha256, 1, "3+a") == b"half"


def test_pages_of_an_older_reading_go_when_its_forms_do(store: Store) -> None:
    sha256 = add(store)
    for version in ("3+a", "4+a"):
        keep_page(store, sha256, 1, version, version.encode())
        save_document(store, sha256, version, document_of(sha256, form_of(version)))
    assert page_content(store, sha256, 1, "3+a") is None
    assert page_content(store, sha256, 1, "4+a") == b"4+a"
    assert [path.parent.name for path in Path(store.home.files).glob("pages/**/*.msgpack")] == ["4+a"]


def test_pages_of_a_reading_under_way_outlive_what_is_saved_meanwhile(store: Store) -> None:
    sha256 = add_read(store, version="3+a")
    keep_page(store, sha256, 1, "4+a", b"under way")
    save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    mark(store, sha256, State.WAITING)
    save_document(store, sha256, "3+b", document_of(sha256, form_of("乙")))
    assert page_content(store, sha256, 1, "4+a") == b"under way"


def test_what_a_person_has_corrected_outlives_a_newer_reading_with_its_pages(store: Store) -> None:
    sha256 = add(store)
    keep_page(store, sha256, 1, "3+a", b"old")
    save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "环保工程", "li"))
    keep_page(store, sha256, 1, "4+a", b"new")
    assert save_document(store, sha256, "4+a", document_of(sha256, form_of("乙"))) == Saved.KEPT
    assert save_document(store, sha256, "4+a", document_of(sha256, form_of("乙"))) == Saved.UNCHANGED
    stored = form(store, sha256, 1)
    assert stored is not None
    assert stored.form.fields["project_name"].text == "环保工程"
    assert page_content(store, sha256, 1, "3+a") == b"old"
    with store.database.reading() as connection:
        assert list(connection.scalars(select(EVENTS.c.kind).order_by(EVENTS.c.id))) == ["read", "kept"]


STEPS: list[tuple[str, Callable[[Store], object]]] = [
    ("register", add),
    ("reading", lambda store: mark(store, SHA256, State.READING, pages=2)),
    ("page 1", lambda store: keep_page(store, SHA256, 1, "3+a", b"one")),
    ("page 2", lambda store: keep_page(store, SHA256, 2, "3+a", b"two")),
    ("save", lambda store: save_document(store, SHA256, "3+a", document_of(SHA256, form_of(), unknown_form()))),
]


class _Killed(BaseException):
    """What stands for a SIGKILL: nobody handles it."""


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
@pytest.mark.parametrize("step", range(len(STEPS)), ids=[name for name, _ in STEPS])
def test_each_step_may_be_repeated_after_a_kill(
    store: Store, step: int, when: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_store(find_home(str(tmp_path / "undisturbed"), None, None, {})) as undisturbed:
        for _, do in STEPS:
            do(undisturbed)
        expected = _everything(undisturbed)
    for _, do in STEPS[:step]:
        do(store)
    with monkeypatch.context() as patch:
        _kill_at_commit(patch, store, when)
        with pytest.raises(_Killed):
            STEPS[step][1](store)
    for _, do in STEPS[step:]:
        do(store)
    assert _everything(store) == expected


def _kill_at_commit(patch: pytest.MonkeyPatch, store: Store, when: str) -> None:
    writing = store.database.writing

    @contextmanager
    def killed() -> Iterator[Connection]:
        with writing() as connection:
            yield connection
            if when == "before the commit":
                raise _Killed
        raise _Killed

    patch.setattr(store.database, "writing", killed)
