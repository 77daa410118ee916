"""A searchable PDF/A-2b of one original, page by page: at no time is more than one page in memory, finished pictures wait on disk."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from models.content import PageContent
from models.errors import InputError
from models.form import Document
from models.geometry import Straightening
from models.limits import Limits
from models.page import PageImage
from ocr.opening import open_page
from service.export.searchable.glyphless import Glyphless
from service.export.searchable.laying import lay
from service.export.searchable.lines import Line, lines_of
from service.export.searchable.matrix import Matrix, then, written
from service.export.searchable.overlay import FONT, Sheet, overlay
from service.export.searchable.pdfa import make_pdfa
from service.export.searchable.picture import NAME, picture_file

_BLANK = (595.28, 841.89)
"""Points, A4: what stands for a page that cannot be opened."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """What was written: how many pages, and which of them (from 1) are blank because they cannot be opened."""

    pages: int
    blank: tuple[int, ...] = ()


def searchable_pdf(original: Path, pages: Sequence[PageContent], document: Document, limits: Limits, file: BinaryIO) -> Searchable:
    """Write the original with the text of its record as a PDF/A-2b; the same arguments give the same bytes.

    Pages are shown upright. Nothing of the original but its pictures is carried over. A page that was not read has no text, one that
    cannot be opened is blank.

    Args:
        original: the scan, untouched.
        pages: what was read of it.
        document: its record, with what was repaired and corrected.
        limits: on opening pages.
        file: to be written.

    Raises:
        InputError: no page can be opened; the fault of the first.
        InstallationError: poppler is missing.
        OSError: ``file`` or the temporary folder cannot be written.
    """
    lines, frames = lines_of(pages, document), {page.number: page.straightening for page in pages}
    pdf, font, blank = Pdf.new(), Glyphless(), dict[int, InputError]()
    shared = pdf.make_indirect(Dictionary())
    with tempfile.TemporaryDirectory(prefix="formtally-") as folder, ExitStack() as pictures:
        for number in range(1, document.source.pages + 1):
            try:
                page = open_page(original, number, limits)
            except InputError as error:
                blank[number] = error
                pdf.pages.append(_page(pdf, _BLANK, 0, {}, b""))
                continue
            file_of_picture = Path(folder, f"{number}.pdf")
            turned = picture_file(original, page, limits, file_of_picture)
            picture = pictures.enter_context(Pdf.open(file_of_picture))  # its data are read when all is saved
            frame = frames.get(number, Straightening(page.size, page.size, page.turns, mirrored=page.mirrored))
            _add(pdf, _Sheet(page, frame, picture, turned), lines.get(number, ()), font, shared)
        if len(blank) == document.source.pages and blank:
            raise next(iter(blank.values()))
        font.embed(pdf, shared)
        make_pdfa(pdf, document.source.name, document.source.sha256)
        pdf.save(file, min_version="1.7", deterministic_id=True)
    return Searchable(document.source.pages, tuple(blank))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page about to be added: as opened, its frame, the open PDF of its picture, and how that is turned."""

    page: PageImage
    frame: Straightening
    picture: Pdf
    turned: Matrix


def _add(pdf: Pdf, sheet: _Sheet, lines: Sequence[Line], font: Glyphless, shared: Object) -> None:
    page, place = sheet.page, Sheet.of(sheet.page)
    size = place.sides
    mirror: Matrix = (-1, 0, 0, 1, 1, 0) if page.mirrored else (1, 0, 0, 1, 0, 0)
    onto = then(then(sheet.turned, mirror), (size[0], 0, 0, size[1], 0, 0))
    laid = (lay(line, page.pixels, sheet.frame) for line in lines)
    content = f"q {written(onto)} cm {NAME} Do Q\n".encode("ascii") + overlay(laid, sheet.frame, place, font)
    picture = sheet.picture.pages[0].obj.Resources.XObject[NAME]
    resources = {"/XObject": Dictionary({NAME: pdf.copy_foreign(picture)}), "/Font": Dictionary({FONT: shared})}
    pdf.pages.append(_page(pdf, size, sheet.frame.turns, resources, content))


def _page(pdf: Pdf, size: tuple[float, float], turns: int, resources: Mapping[str, Object], content: bytes) -> Page:
    return Page(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *size]),
            Rotate=90 * (turns % 4),
            Resources=Dictionary(dict(resources)),
            Contents=pdf.make_indirect(Stream(pdf, content)),
        )
    )
