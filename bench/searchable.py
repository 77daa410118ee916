"""How well searchable PDF says and shows where: characters lost between record and pdftotext, and words beside their ink.

    python -m bench.searchable SAMPLES KEPT [--out DIR]

SAMPLES is a folder of PDF with their truth; KEPT keeps what was read of them (2.5 s a page the first time). For each file: the error rate
of characters (CER) of pdftotext and of PDFium (Chromium's engine) against the record, of record and pdftotext against the truth; and how
far each word of ``pdftotext -bbox-layout`` lies from the ink of the page rendered at 200 dpi.
"""

import argparse
import hashlib
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from models.content import PageContent
from models.form import Document, Field, Source
from models.geometry import Box
from models.limits import Limits
from ocr.opening import inspect
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, trust
from service import content_file
from service.document_json import Origin, parse_json, to_document, to_json
from service.export.searchable import searchable_pdf
from service.export.searchable.characters import MARK
from service.pipeline import VERSION, assemble, look_again, read_page
from tests.truth import compare, load_truth

DPI = 200
"""At which a px is counted."""
REACH = 6
"""Px around a word in which its ink is looked for."""
RULING = 60
"""Px from which a stroke is a ruling line."""
MEET = 3
"""Px between two words of a line that meet."""
LEAST_DARKER, SHARE_DARKER = 25, 0.35
"""Grey levels by which ink is darker than what is around it, and the share of what the upper quarter of the page's ink is."""
SPECK = 0.28
"""Share of a word's height; what is smaller is a speck or the dot of a character."""
DOT_GAP = 0.2
"""Share of a word's height that a dot stands off at most: the lower ring of a % does so by 0.18."""
DOT, DOTS_APART = 8, 5
"""Px that a dot of a faded stroke measures at most, and that it is away from the next."""
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)<')
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of pdftotext, its box in px at `DPI`."""

    text: str
    box: Box


def main() -> None:
    """Print a line for each file and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("kept", type=Path)
    parser.add_argument("--out", type=Path, help="keep the PDFs there")
    options = parser.parse_args()
    print(f"{'':36}  CER against the record   CER against the truth   px off")
    print(
        f"{'file':30}s/page {'pdftotext':>14} {'PDFium':>8} {'record':>14} {'pdftotext':>9} {'median':>8} {'99 %':>6} {'worst':>6}  over 3"
    )
    every: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        for original in sorted(options.samples.glob("*.pdf")):
            pages, document = recorded(original, options.kept)
            target = out / original.name
            begun = time.monotonic()
            with target.open("wb") as file:
                searchable_pdf(original, pages, document, _LIMITS, file)
            seconds = (time.monotonic() - begun) / len(pages)
            every += tell(original, document, target, seconds)
    print(f"{f'{len(every)} words':85} {spread(every)}")


def tell(original: Path, document: Document, target: Path, seconds: float) -> list[float]:
    """Print the line of one file; how far each word is off."""
    raw, chromium = plain(pdftotext(target, "-raw")), plain(pdfium(target))
    texts = [field.text for field in fields_of(document) if field.text]
    truth = [
        read
        for form, wanted in zip(document.forms, load_truth(original.with_suffix(".truth.json")), strict=True)
        for read in compare(form, wanted)
    ]
    offs = [off for page in range(1, document.source.pages + 1) for _, off in distances(target, page)]
    against = f"{cer(texts, raw):14.3%} {cer(texts, chromium):8.3%}"
    wanted = [read.truth for read in truth]
    said = sum(edits(plain(read.truth), plain(read.text)) for read in truth) / sum(len(plain(text)) for text in wanted)
    true = f"{said:22.4%} {cer(wanted, raw):10.4%}"
    print(
        f"{original.name:30}{seconds:6.2f} {against} {true} {np.median(offs):17.1f} {np.percentile(offs, 99):6.1f} {max(offs):6.1f}",
        flush=True,
    )
    return offs


def spread(offs: Sequence[float]) -> str:
    """Median, 99 %, worst, and how many are more than three px off."""
    return f"{np.median(offs):8.1f} {np.percentile(offs, 99):6.1f} {max(offs):6.1f} {sum(off > 3 for off in offs):7}"


def recorded(original: Path, kept: Path) -> tuple[list[PageContent], Document]:
    """What is read on the pages of ``original``, and its record; read once and kept."""
    kept.mkdir(parents=True, exist_ok=True)
    count = inspect(original, _LIMITS).pages
    files = [kept / f"{original.name}.{number}" for number in range(1, count + 1)]
    record = kept / f"{original.name}.json"
    if not record.exists():
        engine = load_engine(1)
        contents = [read_page(original, number, engine, _LIMITS) for number in range(1, count + 1)]
        look = partial(look_again, original, engine, _LIMITS, contents)
        source = Source(original.name, hashlib.sha256(original.read_bytes()).hexdigest(), count)
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content_file.encode(content))
        document = assemble(contents, source, (), look, trust(TARGET_ERROR))
        record.write_bytes(to_json(document, Origin(VERSION, _LIMITS, original.name)))
    return [content_file.decode(file.read_bytes()) for file in files], to_document(parse_json(record.read_bytes()))


def fields_of(document: Document) -> Iterator[Field]:
    """Every field, a merged cell once."""
    seen = set()
    for form in document.forms:
        for field in (
            *form.fields.values(),
            *(field for rows in form.tables.values() for row in rows for field in row.values()),
            *form.cell_fields,
        ):
            if (field.page, field.box, field.text) not in seen:
                seen.add((field.page, field.box, field.text))
                yield field


def pdftotext(file: Path, *options: str) -> str:
    """What pdftotext says."""
    return subprocess.run(["pdftotext", *options, str(file), "-"], check=True, capture_output=True).stdout.decode()


def pdfium(file: Path) -> str:
    """What Chromium's PDF engine says, as a person copies it in the browser."""
    with pypdfium2.PdfDocument(file) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def plain(text: str) -> str:
    """Without white space: lines are broken where the paper breaks them."""
    return re.sub(r"\s+", "", text)


def cer(texts: Sequence[str], whole: str) -> float:
    """Share of the characters of ``texts`` that the likest parts of ``whole`` say otherwise, wherever these stand."""
    places = np.array([ord(character) for character in whole])
    return sum(best_edits(plain(text), places) for text in texts) / sum(len(plain(text)) for text in texts)


def best_edits(text: str, whole: NDArray[np.int64]) -> int:
    """Fewest edits from ``text`` to any part of ``whole`` (Sellers, 1980, "The theory and computation of evolutionary distances")."""
    steps = np.arange(len(whole) + 1)
    costs = np.zeros(len(whole) + 1, np.int64)
    for row, character in enumerate(text, 1):
        kept = np.empty_like(costs)
        kept[0] = row
        kept[1:] = np.minimum(costs[1:] + 1, costs[:-1] + (whole != ord(character)))
        costs = np.minimum.accumulate(kept - steps) + steps
    return int(costs.min())


def edits(one: str, other: str) -> int:
    """Levenshtein distance of the whole texts."""
    places = np.array([ord(character) for character in other], np.int64)
    costs = np.arange(len(other) + 1)
    steps = np.arange(len(other) + 1)
    for row, character in enumerate(one, 1):
        kept = np.empty_like(costs)
        kept[0] = row
        kept[1:] = np.minimum(costs[1:] + 1, costs[:-1] + (places != ord(character)))
        costs = np.minimum.accumulate(kept - steps) + steps
    return int(costs[-1])


def distances(file: Path, page: int) -> Iterator[tuple[Word, float]]:
    """Each word of ``page`` (from 1) with how far it lies from its ink, px at `DPI`; words whose ink cannot be told are left out.

    At the left and the right that is the distance of both edges, above and below only how far ink stands out: 一 does not fill its line.
    Nor do marks such as ，fill their square: where a word begins or ends with one, only ink that stands out counts there. pdftotext parts
    words in the middle of a line where it drifts by half a point; such an edge is as far off as the next column without ink.
    """
    dark = ink(file, page)
    marks, told = marks_of(dark), words(file, page)
    boxes = np.array([(word.box.left, word.box.top, word.box.right, word.box.bottom) for word in told]).reshape(-1, 4)
    for index, word in enumerate(told):
        others = np.delete(boxes, index, axis=0)
        found = ink_of(word.box, marks, others)
        if found is not None:
            yield word, _off(word, found, dark, others)


def _off(word: Word, found: Box, dark: NDArray[np.uint8], others: NDArray[np.float64]) -> float:
    box = word.box
    beside = others[(np.minimum(others[:, 3], box.bottom) - np.maximum(others[:, 1], box.top)) > box.height / 2]
    sides = (
        (box.left, box.left - found.left, word.text[0], beside[:, 2]),
        (box.right, found.right - box.right, word.text[-1], beside[:, 0]),
    )
    offs = [box.top - found.top, found.bottom - box.bottom, 0.0]
    for edge, out, end, edges in sides:
        met = beside[np.abs(edges - edge) <= MEET]
        if len(met):
            rows = slice(max(0, round(max(box.top, met[0, 1]))), round(min(box.bottom, met[0, 3])))
            offs.append(_from_gap(edge, box.height / 2, dark[rows]))
        else:
            offs.append(out if MARK.match(end) else abs(out))
    return max(offs)


def _from_gap(edge: float, reach: float, dark: NDArray[np.uint8]) -> float:
    """How far ``edge`` is from a column without ink in ``dark`` rows; 0 where none is in ``reach``, since the characters touch."""
    first = max(0, round(edge - reach))
    free = np.flatnonzero(~dark[:, first : round(edge + reach)].any(axis=0)) + first
    return float(np.maximum(np.abs(free + 0.5 - edge) - 0.5, 0).min()) if len(free) else 0.0


def words(file: Path, page: int) -> list[Word]:
    """The words of pdftotext on ``page``."""
    told = pdftotext(file, "-bbox-layout", "-f", str(page), "-l", str(page))
    found = [([float(edge) * DPI / 72 for edge in match[:4]], unescape(match[4])) for match in _WORD.findall(told)]
    return [Word(text, Box(*edges)) for edges, text in found]


def ink(file: Path, page: int) -> NDArray[np.uint8]:
    """(H, W) 255 where the rendered page, at `DPI`, has ink other than ruling lines, else 0.

    Ink is what is darker than what is around it, by a good part of what the page's text is: streaks and the reverse side are less.
    """
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), str(file)]
    rendered = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    light = cv2.imdecode(rendered, cv2.IMREAD_COLOR).max(axis=2)  # a red stamp is bright in red
    darker = cv2.GaussianBlur(light, (41, 41), 0).astype(np.int16) - light
    usual = float(np.percentile(darker[darker > LEAST_DARKER], 75))
    dark = ((darker > max(LEAST_DARKER, SHARE_DARKER * usual)) * 255).astype(np.uint8)
    ruling = np.zeros_like(dark)
    for long, across in (((RULING, 1), (1, 3)), ((1, RULING), (3, 1))):
        thick = cv2.dilate(dark, np.ones(across[::-1], np.uint8))  # a line that is askew climbs from row to row
        ruling |= cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(long[::-1], np.uint8))
    dark[cv2.dilate(ruling, np.ones((3, 3), np.uint8)) > 0] = 0
    return np.asarray(dark, np.uint8)


def marks_of(dark: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(N, 4) left, top, right, bottom of the marks in ``dark``, px; dots in a row, as a faded stroke leaves them, are one."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    small = (np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= DOT)[labels] & (dark > 0)
    rows = cv2.morphologyEx((small * 255).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((DOTS_APART, DOTS_APART), np.uint8))
    found = []
    for marks in (np.where(small, 0, dark).astype(np.uint8), rows):
        left, top, width, height, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:].T
        found.append(np.column_stack([left, top, left + width, top + height]).astype(np.int32))
    return np.vstack(found)


def ink_of(box: Box, marks: NDArray[np.int32], others: NDArray[np.float64]) -> Box | None:
    """The bounds of the marks that belong to a word: their middle lies in or near its box, and they are neither specks nor rulings.

    What lies within one of the ``others`` ((N, 4) boxes of words) is that one's: marks with their middle there, or as far as they reach
    there from above or below. Specks count as dots of characters where they stand close to a larger mark, or where there is none.
    """
    wide, tall = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    x, y = (marks[:, 0] + marks[:, 2]) / 2, (marks[:, 1] + marks[:, 3]) / 2
    near = (x > box.left - REACH) & (x < box.right + REACH) & (y > box.top) & (y < box.bottom)
    sized = (tall <= 1.3 * box.height) & (wide <= 3 * box.height)
    large = near & sized & (np.maximum(wide, tall) >= SPECK * box.height)
    bounds = np.array([mark for mark in marks[large] if not _of_another(mark, box, others)]).reshape(-1, 4)
    dots = marks[near & sized & ~large & (x > box.left) & (x < box.right)]
    bounds = _with_dots(bounds, dots, DOT_GAP * box.height) if len(bounds) else dots
    if len(bounds) == 0:
        return None
    above, below = _rows_beside(box, others)
    (left, top), (right, bottom) = bounds[:, :2].min(axis=0).tolist(), bounds[:, 2:].max(axis=0).tolist()
    return Box(left, max(top, above), right, min(bottom, below))


def _with_dots(bounds: NDArray[np.int32], dots: NDArray[np.int32], gap: float) -> NDArray[np.int32]:
    """``bounds`` and those of the ``dots`` that stand at most a ``gap`` beside what belongs to the word."""
    while len(dots):
        close = (dots[:, 2] >= bounds[:, 0].min() - gap) & (dots[:, 0] <= bounds[:, 2].max() + gap)
        if not close.any():
            break
        bounds, dots = np.vstack([bounds, dots[close]]), dots[~close]
    return bounds


def _of_another(mark: NDArray[np.int32], box: Box, others: NDArray[np.float64]) -> bool:
    """Whether the middle of ``mark`` lies beside ``box`` in one of the ``others``."""
    x, y = (mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2
    if box.left < x < box.right:
        return False
    return bool(((others[:, 0] < x) & (x < others[:, 2]) & (others[:, 1] < y) & (y < others[:, 3])).any())


def _rows_beside(box: Box, others: NDArray[np.float64]) -> tuple[float, float]:
    """How far up and down ink can be that of ``box``, for the ``others`` above and below it: characters of two lines may touch."""
    across = others[(others[:, 0] < box.right) & (others[:, 2] > box.left)]
    middle = box.centre[1]
    above = across[(across[:, 1] + across[:, 3]) / 2 < middle - box.height / 2, 3]
    below = across[(across[:, 1] + across[:, 3]) / 2 > middle + box.height / 2, 1]
    return min(box.top, above.max(initial=-np.inf)), max(box.bottom, below.min(initial=np.inf))


if __name__ == "__main__":
    main()
