"""Born-digital PDFs read with and without the text that they carry.

    python -m bench.born_digital [--count 24] [--seed 1]

Prints forms of tests.forms to PDF (as many fonts, sizes and layouts as offices), reads each page once with the recognizer, and assembles
the documents twice: from the pixels alone, and with the file's text. Exact is a field whose text is the printed one, each character;
those that are not exact with the file's text are named.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from layouts.grid import find_grids
from models.content import PageContent
from models.form import Source, Status
from models.limits import Limits
from models.reading import Engine
from ocr.cleaning import clean
from ocr.confirm import confirm
from ocr.opening import inspect, open_page, text_layer
from ocr.paddle import load_engine
from ocr.recognize import recognize
from postprocess.calibration import TARGET_ERROR, trust
from service.pipeline import assemble, look_again
from tests.forms import contents
from tests.forms.contents import Paper
from tests.forms.generate import papers, seeded
from tests.forms.print import print_pdf
from tests.forms.sheet import sheets
from tests.forms.style import style
from tests.truth import Read, compare

_WHAT = ("self", "target", "mixed")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one document, read both ways, and the seconds it took: to recognize them, and to take their text."""

    seen: list[PageContent]
    told: list[PageContent]
    recognizing: float
    telling: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The pages of one document and what its fields say, read both ways."""

    pages: Pages
    from_pixels: list[Read]
    from_text: list[Read]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.born_digital", description=__doc__)
    parser.add_argument("--count", type=int, default=24, help="number of documents")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    engine = load_engine(1)
    with TemporaryDirectory() as folder:
        found = [_document(Path(folder), f"born digital/{asked.seed}/{index}", _WHAT[index % 3], engine) for index in range(asked.count)]
    seen, told = ([read for each in found for read in each.from_pixels], [read for each in found for read in each.from_text])
    pages = [page for each in found for page in each.pages.told]
    recognizing, telling = (sum(times) / len(pages) for times in zip(*((d.pages.recognizing, d.pages.telling) for d in found), strict=True))
    print("| read from | fields | exact | wrong | wrong, accepted | doubtful | s a page |")
    print("|---|---|---|---|---|---|---|")
    _print_row("pixels", seen, recognizing)
    _print_row("text", told, recognizing + telling)
    for read in told:
        if read.text != read.truth:
            print(f"{read.path}: {read.text!r}, printed {read.truth!r}")
    print(f"{sum(page.from_text for page in pages)} of {len(pages)} pages from text, every line; the text takes {telling:.2f} s a page")


def _document(folder: Path, seed: str, what: str, engine: Engine) -> Compared:
    chance = seeded(seed)
    forms = papers(chance, what, 1, planted=0.0)
    path = print_pdf(sheets(forms, style(chance, forms)), folder / "printed.pdf")
    pages = _read(path, engine)
    return Compared(pages, *(_record(path, each, engine, forms) for each in (pages.seen, pages.told)))


def _read(path: Path, engine: Engine) -> Pages:
    both: list[tuple[PageContent, PageContent]] = []
    recognizing = telling = 0.0
    for number in range(1, inspect(path, Limits()).pages + 1):
        begun = time.perf_counter()
        stored = open_page(path, number, Limits())
        page = clean(stored, engine)
        seen = recognize(page, find_grids(page), stored.dpi, engine)
        between = time.perf_counter()
        both.append((seen, confirm(seen, stored, text_layer(path, number, Limits()))))
        recognizing, telling = recognizing + between - begun, telling + time.perf_counter() - between
    return Pages([seen for seen, _ in both], [told for _, told in both], recognizing, telling)


def _record(path: Path, pages: Sequence[PageContent], engine: Engine, forms: Sequence[Paper]) -> list[Read]:
    look = partial(look_again, path, engine, Limits(), pages)
    document = assemble(pages, Source(path.name, "0" * 64, len(pages)), (), look, trust(TARGET_ERROR))
    truths = [json.loads(json.dumps(contents.truth(form))) for form in forms]
    return [read for form, truth in zip(document.forms, truths, strict=True) for read in compare(form, truth)]


def _print_row(name: str, reads: Sequence[Read], seconds: float) -> None:
    wrong = [read for read in reads if not read.right]
    accepted = sum(read.status is not Status.DOUBTFUL for read in wrong)
    doubtful = sum(read.status is Status.DOUBTFUL for read in reads)
    exact = sum(read.text == read.truth for read in reads)
    print(f"| {name} | {len(reads)} | {exact} | {len(wrong)} | {accepted} | {doubtful} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
