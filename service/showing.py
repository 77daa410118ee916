"""``formtally show``: one page with everything found on it, as a picture."""

import os
import sys
from argparse import Namespace
from pathlib import Path, PurePath

from models.errors import ExitCode, UsageError
from models.limits import Limits
from ocr.opening import inspect
from ocr.paddle import load_engine
from service.ending import ends_orderly
from service.settings import limits_of, positive, setting_values
from service.show import show_page
from service.wording import display, plural


def run(options: Namespace) -> ExitCode:
    """Draw the page and say where.

    Raises:
        FormTallyError: the page does not exist or cannot be read, or the picture not written.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    path = Path(options.input)
    page = positive(options.page, "--page")
    out = Path(options.out) if options.out is not None else Path(f"{path.stem}-page-{page}.png")
    limits = limits_of(setting_values({}, os.environ))
    with ends_orderly():
        _check_page(path, page, limits)
        show_page(path, page, out, load_engine(threads=1), limits)
    sys.stdout.write(f"{display(out)}\n")
    return ExitCode.OK


def _check_page(path: Path, page: int, limits: Limits) -> None:
    """Before the recognizer is loaded, which takes seconds."""
    last = inspect(path, limits).pages
    if page > last:
        name = display(PurePath(path.name))
        raise UsageError(f"{name} has {plural(last, 'page')}; there is no page {page}.", f"Choose --page from 1 to {last}.")
