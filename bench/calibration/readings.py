"""Fields of scans with what the recognizer said of itself and whether it was right."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.kept import KeptEngine
from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.content import PageContent
from models.form import Form, Status
from models.limits import Limits
from models.matched import MatchedForm
from models.reading import AskedLine, Engine
from models.template import ValueKind
from ocr.opening import inspect
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, Calibration, Sort, Trust, builtin_calibration, sort_of
from postprocess.check import check_file
from postprocess.marks import is_nothing
from postprocess.places import Place, cells_of
from postprocess.reassemble import reassemble
from postprocess.second_look import Looks, lines_in_doubt, with_looks
from service.pipeline import look_again, read_page
from tests.truth import Read, compare, load_truth

TRUTH = ".truth.json"


@dataclass(frozen=True, slots=True)
class Sample:
    """One field: its sort, whether it was looked at again, what the recognizer said of itself (0-1), and whether it was right."""

    sort: Sort
    looked: bool
    certainty: float
    right: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """One file and who reads it."""

    path: Path
    engine: Engine

    def pages(self) -> list[PageContent]:
        """Every page."""
        return [read_page(self.path, number, self.engine, Limits()) for number in range(1, inspect(self.path, Limits()).pages + 1)]

    def looks(self, pages: Sequence[PageContent], asked: Sequence[AskedLine]) -> Looks:
        """Further views of ``asked``."""
        return look_again(self.path, self.engine, Limits(), pages, asked)


def samples_of(kept: Path, path: Path) -> list[Sample]:
    """The samples of one file beside its truth, by the calibration that comes with the program; for a worker process."""
    calibration = builtin_calibration()
    scan = Scan(path, KeptEngine(kept / f"{path.stem}.npz", _engine))
    return list(samples(scan, path.with_name(path.stem + TRUTH), calibration, calibration.threshold(TARGET_ERROR)))


@cache
def _engine() -> Engine:
    return load_engine(threads=1)


def samples(scan: Scan, truth: Path, calibration: Calibration, least: float) -> Iterator[Sample]:
    """Every field that nothing but its pixels makes doubtful: as first read, and as read after a second look where it took one.

    Args:
        scan: the file.
        truth: its forms as drawn.
        calibration: by which fields are looked at again.
        least: probability below which they are.
    """
    templates = {template.name: template for template in builtin_templates()}
    pages, wanted = scan.pages(), load_truth(truth)
    frames = {page.number: page.straightening for page in pages}
    known = [form for form in match_forms(pages, tuple(templates.values())) if form.template in templates]
    if len(known) != len(wanted):
        print(f"{scan.path.name}: {len(known)} of {len(wanted)} forms found, left out", file=sys.stderr)
        return
    copied = frozenset(page.number for page in pages if page.bilevel)
    everything, trusted = Trust(calibration, 0.0, counting=True), Trust(calibration, least, counting=True)

    def read(forms: Sequence[MatchedForm], trust: Trust) -> list[Form]:
        return [reassemble(form, templates[form.template], frames, trust, copied) for form in forms]

    yield from _compared(read(known, everything), wanted, copied, looked=False)
    asked = lines_in_doubt(known, check_file([(form, templates[form.template]) for form in read(known, trusted)]))
    looks = scan.looks(pages, asked) if asked else {}
    yield from _compared(read([with_looks(form, looks) for form in known], everything), wanted, copied, looked=True)


def _compared(forms: Sequence[Form], wanted: Sequence[dict[str, object]], copied: frozenset[int], *, looked: bool) -> Iterator[Sample]:
    for form, truth in zip(forms, wanted, strict=True):
        cells = {str(place).removeprefix("fields.").removeprefix("tables."): (place, field) for place, field in cells_of(form).items()}
        for read in compare(form, truth):
            place, field = cells.get(read.path, (None, None))
            if place is None or field is None or field.status not in (Status.READ, Status.BLANK) or (field.looks > 0) is not looked:
                continue
            sort = sort_of(field.text, _kind(form, place), field.page in copied)
            yield Sample(sort, looked, field.certainty, read.right or _says_as_little(read))


def _says_as_little(read: Read) -> bool:
    """Whether a dash too faint to be seen was taken for a blank: neither says a value, and no person would see more."""
    return read.text == "" and is_nothing(read.truth)


def _kind(form: Form, place: Place) -> ValueKind:
    template = next(template for template in builtin_templates() if template.name == form.template)
    specs = template.fields if not place.table else next(table.columns for table in template.tables if table.name == place.table)
    return next(spec.kind for spec in specs if spec.name == place.name)
