"""The small sample scans in ``samples/``: ``python -m tests.forms.demo samples`` draws them again."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.forms import contents, figures
from tests.forms.contents import Paper
from tests.forms.generate import Chance, Job, draw, seeded
from tests.forms.plant import plant
from tests.forms.style import style


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: what it is called, how it is scanned, the seed of all, rows of each form, and whether a number on paper is wrong."""

    name: str
    job: Job
    seed: str
    rows: tuple[int, ...]
    wrong: bool = False


SAMPLES = (
    Sample("self_evaluation_office", Job("office", 150, quality=52, suffix=".pdf"), "office 2", (5, 7)),
    Sample("self_evaluation_copier", Job("copier", 300, turn=90, suffix=".pdf"), "copier 1", (6,), wrong=True),
    Sample("performance_target_fax", Job("fax", 150, quality=35, suffix=".pdf"), "fax 2", (18,)),
    Sample("self_evaluation_phone", Job("phone", 170, quality=70, suffix=".jpg"), "phone 2", (5,)),
)


def write(sample: Sample, folder: Path) -> Path:
    """Draw ``sample`` and its truth into ``folder``; returns the scan."""
    rng = seeded(sample.seed)
    office = figures.habit(rng)
    make = contents.self_evaluation if sample.name.startswith("self") else contents.performance_target
    forms: list[Paper] = [make(rng, office, 2021, rows) for rows in sample.rows]
    if sample.wrong:
        forms = [plant(rng, form) for form in forms]
    look = replace(style(rng, forms), landscape=False, slack=2.0, merged=True)
    job = replace(sample.job, seals=tuple(form.implementing_unit for form in forms if isinstance(form, contents.SelfEvaluation)) or ("",))
    return draw(forms, look, job, Chance(rng, np.random.default_rng(list(sample.seed.encode()))), folder / sample.name)


if __name__ == "__main__":
    for chosen in SAMPLES:
        sys.stdout.write(f"{write(chosen, Path(sys.argv[1]))}\n")
