"""One form under one noise: what each reader makes of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from bench.kept import KeptEngine
from bench.repair import scan
from bench.repair.lattices import perturbed
from bench.repair.printed import ELSEWHERE, numbers
from bench.repair.readers import readings
from bench.repair.recognized import Shot, Sitting, Spoiling
from bench.repair.tally import tally, wrong_repairs
from models.form import Form
from models.matched import Slot
from models.reading import AskedLine, Engine
from postprocess.places import Place
from postprocess.second_look import Looks
from tests.forms.contents import SelfEvaluation

SPOILING: Mapping[str, Spoiling] = {"blur": scan.blur, "resolution": scan.resolution, "seal": scan.seal}
"""The noises of pixels."""

MADE_UP = "lattice"
"""The noise without pixels."""

UNSPOILT = 0.0
"""Level of blur at which the numbers are read that no seal reaches."""


@dataclass(frozen=True, slots=True)
class Case:
    """One form under one level of noise; ``index`` of the form is 0-based, ``seed`` that of the run."""

    index: int
    form: SelfEvaluation
    noise: str
    level: float
    seed: int

    def shots(self) -> tuple[Shot, ...]:
        """Its scans, later ones going before earlier ones: what no seal can reach is read from a scan without one."""
        if self.noise == MADE_UP:
            return ()
        spoilt = [(self.noise, self.level)] if self.noise != "seal" else [("blur", UNSPOILT), ("seal", self.level)]
        return tuple(
            Shot(page, self.index, self.form, noise, level, self.seed, SPOILING[noise]) for page, (noise, level) in enumerate(spoilt, 1)
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """Counts of one form by reader, and a line for each wrong repair."""

    counts: dict[str, Counter[str]]
    wrong_repairs: tuple[str, ...]


def examine(kept: Path, case: Case) -> Examined:
    """Read ``case``, the recognizer's answers kept in the folder ``kept``, and decide it in every way."""
    sittings = {shot.page: Sitting(shot, KeptEngine(kept / shot.file(), load)) for shot in case.shots()}
    forms = readings(case.form, seen(case, sittings), partial(look, sittings))
    told = tuple(line for reader, form in forms.items() for line in _told(case, reader, form))
    return Examined({reader: tally(case.form, form) for reader, form in forms.items()}, told)


def seen(case: Case, sittings: Mapping[int, Sitting]) -> dict[Place, Slot]:
    """The numbers of a form, each with its lattice; ``sittings`` by page."""
    if case.noise == MADE_UP:
        return perturbed(case.form, case.level, np.random.default_rng([case.seed, case.index, int(case.level * 100)]))
    return {place: slot for sitting in sittings.values() for place, slot in sitting.read().items()}


def look(sittings: Mapping[int, Sitting], asked: Sequence[AskedLine]) -> Looks:
    """A second look at the lines that were drawn; the words, and lattices made up, have no pixels."""
    drawn = [each for each in asked if each.page in sittings and each.line.left < ELSEWHERE]
    return {
        line: looks
        for page, sitting in sittings.items()
        for line, looks in sitting.look([each for each in drawn if each.page == page]).items()
    }


@cache
def load() -> Engine:
    """The product's recognizer, one a process."""
    from ocr.paddle import load_engine  # noqa: PLC0415  takes seconds, and is not needed where everything was read before

    return load_engine(threads=1)


def _told(case: Case, reader: str, form: Form) -> Iterator[str]:
    planted = f", wrong on paper at {case.form.planted[0]}" if case.form.planted else ""
    for place, field in wrong_repairs(case.form, form).items():
        why = " / ".join(finding.message for finding in form.findings if str(place) in finding.cells)
        yield (
            f"wrong repair ({reader}): {case.noise} {case.level:g}, form {case.index}{planted}: {place} prints"
            f" {numbers(case.form)[place]!r}, read {field.read_as!r}, repaired to {field.text!r}: {why}"
        )
