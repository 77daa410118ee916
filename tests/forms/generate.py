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
from tests.forms.scan import MACHINES, Machine, Sheet, Stored
from tests.forms.sheet import sheets
from tests.forms.store import store
from tests.forms.style import style

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
class _Order:
    folder: Path
    seed: int
    kinds: Sequence[str]
    forms_per_file: tuple[int, int]
    planted: float


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
    order = _Order(folder, seed, kinds, forms_per_file, planted)
    return [_file(order, index) for index in range(count)]


def _file(order: _Order, index: int) -> Path:
    rng, noise = seeded(f"{order.seed}/{index}"), np.random.default_rng([order.seed, index])
    kind, what, turn = (
        order.kinds[index % len(order.kinds)],
        _FORMS[(index // len(KINDS) + index) % len(_FORMS)],
        _TURNS[index % len(_TURNS)],
    )
    forms = papers(rng, what, rng.randint(*order.forms_per_file), order.planted)
    machine = MACHINES[kind]
    dpi = rng.choice(machine.content)
    with TemporaryDirectory() as scratch:
        pages = rasterize(print_pdf(sheets(forms, style(rng, forms)), Path(scratch, "print.pdf")), dpi)
    scans = [machine.work(noise, Sheet(page, pages[i - 1], dpi, _seal(rng, machine, forms))) for i, page in enumerate(pages)]
    claimed = machine.stored or dpi
    stem = order.folder / f"{index:03d}_{kind}_{what}_{turn}"
    _write_truth(stem, {"kind": kind, "forms": [contents.truth(form) for form in forms], "pages": len(pages), "dpi": claimed})
    return store(rng, _turned(rng, scans, turn), stem, claimed, kind)


def _write_truth(stem: Path, record: dict[str, object]) -> None:
    path = stem.with_name(stem.name + ".truth.json")
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _seal(rng: random.Random, machine: Machine, forms: Sequence[Paper]) -> str:
    """Name in the seal of one page, empty for none: usual on self-evaluations, seldom on target forms."""
    form = rng.choice(forms)
    usual = 0.8 if isinstance(form, SelfEvaluation) else 0.35
    if not machine.colour or rng.random() > usual:
        return ""
    return form.implementing_unit if isinstance(form, SelfEvaluation) else form.applicant_unit


def _turned(rng: random.Random, scans: Sequence[Stored], turn: int) -> list[Stored]:
    """Each page turned clockwise by ``turn``; in some turned files every other page lies the other way round."""
    flip = 180 if turn and rng.random() < 0.2 else 0
    return [_quarter(scan, (turn + flip * (i % 2)) // 90) for i, scan in enumerate(scans)]


def _quarter(scan: Stored, turns: int) -> Stored:
    turned = np.rot90(scan, -turns)
    return np.asarray(turned, np.bool_) if scan.dtype == np.bool_ else np.asarray(turned, np.uint8)
