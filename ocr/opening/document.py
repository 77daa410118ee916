"""The doors of this package: what a file is, one page of it, all pages of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import DamagedError, InputError, NoPagesError, TooManyPagesError
from models.limits import Limits
from models.page import PageImage
from ocr.opening.bounded import Allowance
from ocr.opening.pdf import open_pdf_page
from ocr.opening.poppler import page_count
from ocr.opening.raster import count_image_pages, open_image_page
from ocr.opening.sniff import PDF, media_type, suffix_warnings
from ocr.opening.source import Source, opened


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file before any page of it is opened.

    Attributes:
        media_type: by content: ``application/pdf``, ``image/png``, ``image/jpeg`` or ``image/tiff``.
        pages: how many it has, at least 1.
        warnings: faults it is read with all the same (`WrongSuffixError`).
    """

    media_type: str
    pages: int
    warnings: tuple[InputError, ...]


def inspect(path: Path, limits: Limits) -> FileFacts:
    """What ``path`` is and how many pages it has. Cheap: one child process, a few milliseconds for a PDF.

    Args:
        path: any name at all.
        limits: on pages, bytes and time.

    Raises:
        InputError: the named fault of the whole file. That this passes does not say that every page can be opened.
        InstallationError: poppler is missing.
    """
    with opened(path, limits) as source:
        return _facts(source, limits)


def open_page(path: Path, number: int, limits: Limits) -> PageImage:
    """One page as an image.

    An image file gives its own raster; EXIF orientation goes into ``turns`` and ``mirrored``. A page of a PDF is taken as a viewer shows
    it, its ``/Rotate`` applied and cut to its crop box: that is "the page as stored" everywhere else. Where it is one embedded scan it
    comes at the scan's own resolution, pixel for pixel; else at the dpi that gives text the height the recognizer wants.

    Args:
        path: any name at all.
        number: 1-based.
        limits: on pixels, memory and time.

    Raises:
        InputError: the named fault of this page (or of the whole file); other pages may be sound.
        InstallationError: poppler is missing.
    """
    with opened(path, limits) as source:
        return _open(source, media_type(source.head(), source.name), number, limits)


def rasterize(path: Path, limits: Limits) -> Iterator[PageImage]:
    """All pages in order, each opened when asked for; the file is opened once, so that all come from the same bytes.

    Args:
        path: any name at all.
        limits: on one page each; also on the number of pages.

    Raises:
        InputError: at the first page that cannot be opened. To go on behind it, use `inspect` and `open_page`.
        InstallationError: poppler is missing.
    """
    with opened(path, limits) as source:
        facts = _facts(source, limits)
        for number in range(1, facts.pages + 1):
            yield _open(source, facts.media_type, number, limits)


def _facts(source: Source, limits: Limits) -> FileFacts:
    kind = media_type(source.head(), source.name)
    allowance = Allowance.of(limits)
    pages = page_count(source, allowance) if kind == PDF else count_image_pages(source, kind, allowance)
    source.check_unchanged()
    if pages < 1:
        raise NoPagesError(f"{source.name!r} has no pages.", "Scan or export it again.")
    if pages > limits.pages:
        raise TooManyPagesError(f"{source.name!r} has more than {limits.pages} pages.", "Split it, or raise the limit on pages.")
    return FileFacts(kind, pages, suffix_warnings(source.name, kind))


def _open(source: Source, kind: str, number: int, limits: Limits) -> PageImage:
    if number < 1:
        raise ValueError(f"pages count from 1, got {number}")
    allowance = Allowance.of(limits)
    try:
        page = open_pdf_page(source, number, allowance) if kind == PDF else open_image_page(source, kind, number, allowance)
    except DamagedError:
        source.check_unchanged()  # the better reason
        raise
    source.check_unchanged()
    return page
