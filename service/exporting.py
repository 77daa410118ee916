"""``formtally export``: the archive's forms as one file, or its originals as searchable PDF/A, one file each."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from models.content import PageContent
from models.errors import ExitCode, InputError, StoreDamagedError, UsageError
from models.form import Document, Review, Source
from models.limits import Limits
from service.content_file import decode
from service.ending import ends_orderly
from service.export.export import Format, export
from service.export.searchable import searchable_pdf
from service.report import print_line
from service.settings import limits_of, setting_values
from service.store.backup import noting
from service.store.documents import State
from service.store.home import home_of
from service.store.opening import Store, open_existing
from service.store.pages import page_content
from service.store.reading import EVERYTHING, Selection, StoredDocument, document, documents_in, forms
from service.store.reviewed import ReviewedState
from service.wording import display, plural, printable
from service.writing import replacing

PDF = "pdf"


def run(options: Namespace) -> ExitCode:
    """Write what was asked for; 2 where a page of an original cannot be shown, 4 where one, or what was read of it, is missing or damaged.

    Raises:
        FormTallyError: nothing could be written.
        KeyboardInterrupt: Ctrl-C or a signal to end; what was there before stays.
    """
    wanted, target = selection(options), Path(options.out)
    with ends_orderly(), open_existing(home_of(options)) as store:
        if options.format == PDF:
            return _write_originals(store, wanted, target, limits_of(setting_values({}, os.environ)))
        with closing(forms(store, wanted)) as found:
            written = export(found, Format(options.format), target)
    print_line(f"{display(target)}: {plural(written.forms, 'form')}, {plural(written.fields, 'field')}.", sys.stdout)
    return ExitCode.OK


def selection(options: Namespace) -> Selection:
    """Which forms a command line asks for.

    Raises:
        UsageError: the year is none.
    """
    if options.year is not None and not (options.year.isascii() and options.year.isdigit() and len(options.year) == 4):
        raise UsageError(f"--year must be four digits, not {options.year!r}.", "Such as 2020.")
    review = None if options.status is None else Review(options.status)
    reviewed = None if options.reviewed is None else ReviewedState(options.reviewed)
    return Selection(None if options.year is None else int(options.year), options.unit, options.kind, review, reviewed)


def _write_originals(store: Store, wanted: Selection, folder: Path, limits: Limits) -> ExitCode:
    """Each original with a form that is wanted, and those that were read and have none where all are, to ``folder``, by SHA-256."""
    faults = damaged = count = 0
    for known in _documents(store, wanted):
        target = folder / f"{known.sha256}.pdf"
        try:
            with replacing(target) as file, store.originals.local(known.sha256) as original:
                contents, lost = _contents(store, known)
                record = Document(Source(known.name, known.sha256, known.pages), tuple(form.form for form in known.forms), known.problems)
                made = searchable_pdf(original, contents, record, limits, file)
        except (InputError, StoreDamagedError) as error:
            print_line(printable(f"{known.paths[0]}: {error.code}: {error}"), sys.stderr)
            faults, damaged = faults + 1, damaged + isinstance(error, StoreDamagedError)
            continue
        count += 1
        for page in made.blank:
            print_line(printable(f"{known.paths[0]}, page {page}: cannot be opened and is left blank"), sys.stderr)
        for page in lost:
            print_line(printable(f"{known.paths[0]}, page {page}: what was read is lost: it has no text"), sys.stderr)
        faults, damaged = faults + bool(made.blank), damaged + bool(lost)
    print_line(f"{display(folder)}: {plural(count, 'original')}.", sys.stdout)
    if damaged:
        return ExitCode.OUTPUT
    return ExitCode.INPUT if faults else ExitCode.OK


def _contents(store: Store, known: StoredDocument) -> tuple[list[PageContent], list[int]]:
    """What was read on the pages of a document, and the numbers of those whose content is missing or damaged."""
    contents, lost = list[PageContent](), list[int]()
    for page in range(1, known.pages + 1):
        with noting(lost, page):
            content = page_content(store, known.sha256, page, known.version)
            contents += [decode(content)] if content is not None else []
    return contents, lost


def _documents(store: Store, wanted: Selection) -> Iterator[StoredDocument]:
    with closing(forms(store, wanted)) as chosen:
        found = dict.fromkeys(form.document for form in chosen)  # one that is to be read again has its forms still
    if wanted == EVERYTHING:
        found |= dict.fromkeys(documents_in(store, State.DONE))
    for sha256 in found:
        known = document(store, sha256)
        if known is not None:
            yield known
