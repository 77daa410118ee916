"""The calibration of the reader by what people said of its readings: added to what was counted before, never put in its place.

A field counts where somebody was asked about it: doubtful ones, of which every one is looked at, and all of a form that was drawn to be
checked. Of the others nothing is known, since people look at the doubts; left out, they would have flattered the machine, counted with
the doubtful ones, accused it. A form that was drawn stands for as many as the share says (Horvitz and Thompson, 1952); weighted counts are
worth fewer than there are (Kish, 1965, "Survey sampling", 11.7), and so many are added. With fewer than `LEAST_FIELDS` a step stays as it
was. Fields of one form are taken for independent here; what the reader accepts is held against the random checks, which are not.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from postprocess.calibration import Calibration, Sort, Step
from service.document_json import CONFIDENCE_DIGITS
from service.learning.lesson import LOOKED, SEPARATOR, Subject
from service.learning.taking_in import day_of
from service.store.opening import Store
from service.store.schema import TALLIES

LEAST_FIELDS: Final = 200
"""Readings that a step needs to be changed: fewer cannot tell 1 in 100 wrong from 3."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Readings that are alike.

    Attributes:
        sort: of their texts.
        looked: a second look was taken.
        confidence: that their record has, rounded as there.
        share: of clear forms that were drawn, where these were accepted; 0 where a person was asked.
        count: how many.
        wrong: of those, how many.
    """

    sort: Sort
    looked: bool
    confidence: float
    share: float
    count: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Band:
    """One step before and after.

    Attributes:
        sort: of its texts.
        looked: a second look was taken.
        before: as it was.
        count: readings of approved forms that fall into it.
        wrong: of those, how many.
        after: as it is now; the same where there are too few.
    """

    sort: Sort
    looked: bool
    before: Step
    count: int
    wrong: int
    after: Step


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What comes of it.

    Attributes:
        calibration: to read by.
        bands: the steps that readings fell into.
        strange: readings whose confidence is none of the calibration's: arithmetic decided it, or another calibration.
    """

    calibration: Calibration
    bands: tuple[Band, ...]
    strange: int

    @property
    def changed(self) -> bool:
        """Whether there were enough readings for any step."""
        return any(band.before != band.after for band in self.bands)


def samples(store: Store, after: str, last: dt.date) -> tuple[Sample, ...]:
    """Readings of forms that were approved after the day ``after`` (ISO 8601; empty for all) and up to ``last``.

    Raises:
        StoreError: the database cannot be read.
    """
    sums = (func.sum(TALLIES.c["count"]), func.sum(TALLIES.c.wrong))
    within = (TALLIES.c.subject == Subject.SURE.value, TALLIES.c.period > day_of(after), TALLIES.c.period <= day_of(last.isoformat()))
    with store.database.reading() as connection:
        rows = connection.execute(select(TALLIES.c.name, *sums).where(*within).group_by(TALLIES.c.name)).all()
    return tuple(_sample(str(name), int(count), int(wrong)) for name, count, wrong in rows)


def _sample(name: str, count: int, wrong: int) -> Sample:
    sort, looked, confidence, share = name.split(SEPARATOR)
    return Sample(Sort(sort), looked == LOOKED, float(confidence), float(share), count, wrong)


def recalibrated(standing: Calibration, found: Sequence[Sample]) -> Recalibration:
    """``standing`` with what was ``found`` added.

    Args:
        standing: the calibration by which the samples were read.
        found: readings with what people said of them.
    """
    placed: dict[tuple[Sort, bool, int], list[Sample]] = {}
    strange = 0
    for sample in found:
        place = _place(standing, sample)
        if place is None:
            strange += sample.count
        else:
            placed.setdefault(place, []).append(sample)
    bands = tuple(_band(standing, place, members) for place, members in sorted(placed.items()))
    after = {(band.sort, band.looked, band.before.least): band.after for band in bands}
    curves = {
        key: _rising(tuple(after.get((*key, step.least), step) for step in steps)) if any(b[:2] == key for b in after) else steps
        for key, steps in standing.curves.items()
    }
    return Recalibration(Calibration(curves), bands, strange)


def _place(standing: Calibration, sample: Sample) -> tuple[Sort, bool, int] | None:
    """The curve and the step that gave a reading its confidence; a second look counts only where the first left a doubt."""
    for looked in (True, False) if sample.looked else (False,):
        for place, step in enumerate(standing.curves[sample.sort, looked]):
            if step.fields and math.isclose(round(step.probability, CONFIDENCE_DIGITS), sample.confidence, abs_tol=1e-9):
                return sample.sort, looked, place
    return None


def _band(standing: Calibration, place: tuple[Sort, bool, int], members: Iterable[Sample]) -> Band:
    sort, looked, number = place
    before = standing.curves[sort, looked][number]
    told = [(1 / each.share if each.share else 1.0, each.count, each.wrong) for each in members]
    total = sum(weight * count for weight, count, _ in told)
    worth = total**2 / sum(weight**2 * count for weight, count, _ in told)
    wrong = worth * sum(weight * wrong for weight, _, wrong in told) / total
    enough = worth >= LEAST_FIELDS
    after = Step(before.least, before.fields + int(worth), min(before.fields + int(worth), before.wrong + math.ceil(wrong - 1e-9)))
    return Band(sort, looked, before, sum(each[1] for each in told), sum(each[2] for each in told), after if enough else before)


def _rising(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """``steps`` with neighbours that fall pooled (pool adjacent violators, as `bench.calibration` fits them)."""
    rising: list[Step] = []
    for step in steps:
        rising.append(step)
        while len(rising) > 1 and rising[-1].fields and rising[-1].probability < rising[-2].probability:
            upper, lower = rising.pop(), rising.pop()
            rising.append(Step(lower.least, lower.fields + upper.fields, lower.wrong + upper.wrong))
    return tuple(rising)
