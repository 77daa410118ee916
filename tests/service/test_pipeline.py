"""From the sample scans to checked records: on recorded readings for every sample, with the real recognizer for one."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from models.content import PageContent
from models.form import Document, Problem, Review, Source, Status, Verdict
from models.limits import Limits
from models.reading import CellText, Engine
from models.template import Severity
from ocr.opening import inspect
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, Trust, builtin_calibration, trust
from service.pipeline import assemble, look_again, read_page
from tests.recorded import RecordedEngine, Recording, RecordingEngine
from tests.truth import LONG, NUMBERS, Read, compare, load_truth

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
RECORDINGS = ROOT / "tests" / "resources" / "recordings"
FILES = ("self_evaluation_office.pdf", "self_evaluation_copier.pdf", "performance_target_fax.pdf", "self_evaluation_phone.jpg")

TRUST = trust(TARGET_ERROR)

SHORT = 0.95
LONG_TEXT = 0.5
"""Least shares of short and long texts without any error: a single faint comma spoils a long text."""


def digitize(path: Path, engine: Engine) -> Document:
    """The record of one file, its pages read one after another."""
    count = inspect(path, Limits()).pages
    pages = [read_page(path, number, engine, Limits()) for number in range(1, count + 1)]
    return assemble(pages, Source(path.name, "0" * 64, count), (), partial(look_again, path, engine, Limits(), pages), TRUST)


@pytest.fixture(scope="module")
def documents(request: pytest.FixtureRequest) -> Callable[[str], Document]:
    """Gives the record of a sample by its name, each read once."""
    known: dict[str, Document] = {}

    def document(name: str) -> Document:
        recording = RECORDINGS / f"{name}.npz"
        if name not in known and request.config.getoption("--record"):
            recorder = RecordingEngine(load_engine(1))
            known[name] = digitize(SAMPLES / name, recorder)
            recording.parent.mkdir(exist_ok=True)
            recorder.recording.save(recording)
        elif name not in known:
            known[name] = digitize(SAMPLES / name, RecordedEngine(Recording.load(recording)))
        return known[name]

    return document


def reads(document: Document, name: str) -> list[Read]:
    truth = load_truth(SAMPLES / f"{Path(name).stem}.truth.json")
    assert [form.kind for form in document.forms] == [each["form"] for each in truth]
    return [read for form, wanted in zip(document.forms, truth, strict=True) for read in compare(form, wanted)]


@pytest.mark.parametrize("name", FILES)
def test_every_number_of_the_samples_is_read_right(documents: Callable[[str], Document], name: str) -> None:
    wrong = [read for read in reads(documents(name), name) if read.name in NUMBERS and not read.right]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_texts_of_the_samples_are_read_right(documents: Callable[[str], Document], name: str) -> None:
    texts = [read for read in reads(documents(name), name) if read.name not in NUMBERS]
    short = [read for read in texts if read.name not in LONG]
    long = [read for read in texts if read.name in LONG]
    assert sum(read.right for read in short) >= SHORT * len(short), [read for read in short if not read.right]
    assert sum(read.right for read in long) >= LONG_TEXT * len(long), [read for read in long if not read.right]


@pytest.mark.parametrize("name", FILES)
def test_paper_that_is_wrong_is_reported_and_only_that(documents: Callable[[str], Document], name: str) -> None:
    for form, wanted in zip(documents(name).forms, load_truth(SAMPLES / f"{Path(name).stem}.truth.json"), strict=True):
        errors = [finding for finding in form.findings if finding.severity is Severity.ERROR]
        if wanted.get("planted"):
            assert errors
            assert form.review is Review.NEEDS_REVIEW
        else:
            assert [finding for finding in errors if finding.verdict is Verdict.ON_PAPER] == []


@pytest.mark.parametrize("name", FILES)
def test_every_field_lies_on_its_page(documents: Callable[[str], Document], name: str) -> None:
    document = documents(name)
    for form in document.forms:
        for field in form.fields.values():
            assert 1 <= field.page <= document.source.pages
            assert 0 <= field.box.left <= field.box.right <= 1
            assert 0 <= field.box.top <= field.box.bottom <= 1
            assert field.box.area > 0 or field.status is Status.DOUBTFUL


def test_a_page_that_could_not_be_read_keeps_the_forms_around_it_from_being_clear(documents: Callable[[str], Document]) -> None:
    name = "performance_target_fax.pdf"
    engine = RecordedEngine(Recording.load(RECORDINGS / f"{name}.npz"))
    first = read_page(SAMPLES / name, 1, engine, Limits())
    lost = Problem(2, "page_lost", "the second page")
    document = assemble([first], Source(name, "0" * 64, 2), [lost], partial(look_again, SAMPLES / name, engine, Limits(), [first]), TRUST)
    assert documents(name).problems == ()
    assert [form.review for form in document.forms] == [Review.NEEDS_REVIEW]
    assert document.problems == (lost,)


def test_a_table_that_fits_no_template_right_behind_a_form_may_be_the_rest_of_it() -> None:
    first = _first_page("performance_target_fax.pdf")
    strange = _nonsense(_first_page("self_evaluation_copier.pdf"))
    everything = Trust(builtin_calibration(), 0.0, counting=True)
    reviews = []
    for pages in ([first], [first, replace(strange, number=2)], [first, replace(strange, number=3)]):
        record = assemble(pages, Source("a.pdf", "0" * 64, 3), (), lambda _: {}, everything)
        reviews.append([(form.kind, form.review) for form in record.forms])
    target, unknown = "performance_target", ("unknown", Review.NEEDS_REVIEW)
    assert reviews == [
        [(target, Review.CLEAR)],
        [(target, Review.NEEDS_REVIEW), unknown],
        [(target, Review.CLEAR), unknown],
    ]


def _first_page(name: str) -> PageContent:
    return read_page(SAMPLES / name, 1, RecordedEngine(Recording.load(RECORDINGS / f"{name}.npz")), Limits())


def _nonsense(page: PageContent) -> PageContent:
    """``page`` with words in its cells that no form prints."""

    def cell(text: CellText) -> CellText:
        return replace(text, readings=tuple(replace(reading, text="甲乙", confidences=(1.0, 1.0)) for reading in text.readings))

    return replace(page, loose=(), grids=tuple(replace(grid, cells=tuple(map(cell, grid.cells))) for grid in page.grids))


@pytest.mark.engine
def test_the_real_recognizer_reads_a_form_over_two_pages() -> None:
    name = "performance_target_fax.pdf"
    found = reads(digitize(SAMPLES / name, load_engine(1)), name)
    assert [read for read in found if read.name in NUMBERS and not read.right] == []
    assert sum(read.right for read in found) >= 0.9 * len(found)
