"""Files of scanned forms with their truth: contents, print and scan put together."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.forms import contents, figures
from tests.forms.contents import Paper, SelfEvaluation
from tests.forms.plant import plant
from tests.forms.print import print_pdf, rasterize
from tests.forms.scan import MACHINES, Sheet, Stored
from tests.forms.sheet import sheets
from tests.forms.store import choose_quality, choose_suffix, store
from tests.forms.style import Style, style

KINDS: Sequence[str] = tuple(MACHINES)
_TURNS = (0, 90, 0, 270, 0, 180, 0)  # of successive files; seven, so that every kind and form meets every turn
_FORMS = ("self", "target", "self", "target", "mixed")
_ROWS = ((3, 6), (5, 9), (8, 14), (14, 30))


def seeded(seed: str) -> random.Random:
    """A generator of contents and styles that gives the same for the same ``seed`` on every machine."""
    return random.Random(seed)  # noqa: S311 - chance that can be repeated is the purpose, nothing here is secret


def papers(rng: random.Random, what: str, count: int, planted: float) -> list[Paper]:
    """``count`` forms of one office and year: ``self``, ``target`` or ``mixed``; the share ``planted`` of them is wrong on paper."""
    office, year = figures.habit(rng), rng.randint(2018, 2024)
    drawn: list[Paper] = []
    for _ in range(count):
        rows = rng.randint(*rng.choices(_ROWS, (4, 3, 2, 2))[0])
        make = contents.self_evaluation if what == "self" or (what == "mixed" and rng.random() < 0.5) else contents.performance_target
        form = make(rng, office, year, rows)
        drawn.append(plant(rng, form) if rng.random() < planted else form)
    return drawn


@dataclass(frozen=True, slots=True)
class Chance:
    """The two sources of chance of one file: ``contents`` for everything but pixels, ``noise`` for pixels."""

    contents: random.Random
    noise: np.random.Generator


@dataclass(frozen=True, slots=True)
class Job:
    """How a file is scanned.

    Attributes:
        kind: name in `MACHINES`.
        dpi: at which the machine sees the page.
        turn: of the pages, degrees clockwise: 0, 90, 180 or 270.
        flip: every other page lies the other way round.
        seals: name in the seal of each page, empty for none, taken in turn.
        quality: of JPEG compression.
        suffix: of the file; empty for one that suits the pages.
        exif: a JPEG file says how it is turned.
    """

    kind: str
    dpi: int
    turn: int = 0
    flip: bool = False
    seals: tuple[str, ...] = ("",)
    quality: int = 80
    suffix: str = ""
    exif: bool = False


def draw(forms: Sequence[Paper], look: Style, job: Job, chance: Chance, stem: Path) -> Path:
    """Print ``forms``, scan them and write the file beside its truth; returns the file."""
    with TemporaryDirectory() as scratch:
        pages = rasterize(print_pdf(sheets(forms, look), Path(scratch, "print.pdf")), job.dpi)
    machine = MACHINES[job.kind]
    printed = [Sheet(page, pages[i - 1], job.dpi, job.seals[i % len(job.seals)]) for i, page in enumerate(pages)]
    scans = [_turned(machine.work(chance.noise, sheet), job, i) for i, sheet in enumerate(printed)]
    claimed = machine.stored or job.dpi
    record = {"kind": job.kind, "forms": [contents.truth(form) for form in forms], "pages": len(pages), "dpi": claimed}
    truth = stem.with_name(stem.name + ".truth.json")
    truth.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path = stem.with_name(stem.name + (job.suffix or choose_suffix(chance.contents, scans)))
    return store(scans, path, claimed, job.quality, job.turn if job.exif else 0)


def _turned(scan: Stored, job: Job, number: int) -> Stored:
    quarters = (job.turn + (180 if job.flip and number % 2 else 0)) // 90
    turned = np.rot90(scan, -quarters)
    return np.asarray(turned, np.bool_) if scan.dtype == np.bool_ else np.asarray(turned, np.uint8)


def generate(
    folder: Path, count: int, seed: int, kinds: Sequence[str] = KINDS, *, forms_per_file: tuple[int, int] = (1, 3), planted: float = 0.0
) -> list[Path]:
    """Write ``count`` scans and their truth into ``folder``; the same arguments give the same truth.

    Args:
        folder: made where missing.
        count: number of files.
        seed: of everything.
        kinds: names in `MACHINES`, taken in turn.
        forms_per_file: least and most forms in a file.
        planted: share of forms whose paper is wrong.

    Returns:
        The scans, NAME.pdf (or .tif, .png, .jpg); NAME.truth.json stands beside each. NAME tells number, kind, forms and turn clockwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for index in range(count):
        rng = seeded(f"{seed}/{index}")
        chance = Chance(rng, np.random.default_rng([seed, index]))
        what = _FORMS[(index // len(KINDS) + index) % len(_FORMS)]
        forms = papers(rng, what, rng.randint(*forms_per_file), planted)
        job = _job(rng, kinds[index % len(kinds)], _TURNS[index % len(_TURNS)], forms)
        files.append(draw(forms, style(rng, forms), job, chance, folder / f"{index:03d}_{job.kind}_{what}_{job.turn}"))
    return files


def _job(rng: random.Random, kind: str, turn: int, forms: Sequence[Paper]) -> Job:
    machine = MACHINES[kind]
    return Job(
        kind,
        dpi=rng.choice(machine.content),
        turn=turn,
        flip=bool(turn) and rng.random() < 0.2,
        seals=tuple(_seal(rng, form) for form in rng.choices(forms, k=7)) if machine.colour else ("",),
        quality=choose_quality(rng, kind),
        exif=rng.random() < 0.5,
    )


def _seal(rng: random.Random, form: Paper) -> str:
    """Usual on self-evaluations, seldom on target forms; empty for none."""
    usual = 0.8 if isinstance(form, SelfEvaluation) else 0.35
    name = form.implementing_unit if isinstance(form, SelfEvaluation) else form.applicant_unit
    return name if rng.random() < usual else ""
