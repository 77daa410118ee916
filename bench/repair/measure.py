"""One form under one noise: what each reader makes of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bench.repair import scan
from bench.repair.lattices import perturbed
from bench.repair.printed import numbers
from bench.repair.readers import readings
from bench.repair.recognized import Case, Recognizer, Spoiling
from bench.repair.tally import tally, wrong_repairs
from models.form import Form
from models.matched import Slot
from models.reading import Engine
from postprocess.places import Place

SPOILING: Mapping[str, Spoiling] = {"blur": scan.blur, "resolution": scan.resolution, "seal": scan.seal}
"""The noises of pixels."""

MADE_UP = "lattice"
"""The noise without pixels."""

UNSPOILT = 0.0
"""Level of blur at which the numbers are read that no seal reaches."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Counts of one form by reader, and a line for each wrong repair."""

    counts: dict[str, Counter[str]]
    wrong_repairs: tuple[str, ...]


def examine(kept: Path, case: Case) -> Examined:
    """Read ``case``, or take what was read before from the folder ``kept``, and decide it in every way."""
    forms = readings(case.form, _seen(case, _recognizer(kept)))
    told = tuple(line for seen in forms.values() for line in _told(case, seen))
    return Examined({reader: tally(case.form, seen) for reader, seen in forms.items()}, told)


def _seen(case: Case, recognizer: Recognizer) -> dict[Place, Slot]:
    """The numbers of a form; those that no seal can reach are read from a scan without one."""
    if case.noise == MADE_UP:
        return perturbed(case.form, case.level, np.random.default_rng([case.seed, case.index, int(case.level * 100)]))
    read = recognizer.read(case, SPOILING[case.noise])
    if len(read) == len(numbers(case.form)):
        return read
    return recognizer.read(Case(case.index, case.form, "blur", UNSPOILT, case.seed), scan.blur) | read


@lru_cache(maxsize=1)
def _recognizer(kept: Path) -> Recognizer:
    """The one of this process."""
    return Recognizer(kept, _engine)


def _engine() -> Engine:
    from ocr.paddle import load_engine  # noqa: PLC0415  takes seconds, and is not needed where everything was read before

    return load_engine(threads=1)


def _told(case: Case, seen: Form) -> Iterator[str]:
    planted = f", wrong on paper at {case.form.planted[0]}" if case.form.planted else ""
    for place, field in wrong_repairs(case.form, seen).items():
        why = " / ".join(finding.message for finding in seen.findings if str(place) in finding.cells)
        yield (
            f"wrong repair: {case.noise} {case.level:g}, form {case.index}{planted}: {place} prints {numbers(case.form)[place]!r},"
            f" read {field.read_as!r}, repaired to {field.text!r}: {why}"
        )
