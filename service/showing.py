"""``formtally show``: one page with everything found on it, as a picture."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from models.errors import ExitCode
from ocr.paddle import load_engine
from service.settings import limits_of, positive, setting_values
from service.show import show_page
from service.wording import display


def run(options: Namespace) -> ExitCode:
    """Draw the page and say where.

    Raises:
        FormTallyError: the page cannot be read, or the picture not written.
    """
    path = Path(options.input)
    page = positive(options.page, "--page")
    out = Path(options.out) if options.out is not None else Path(f"{path.stem}-page-{page}.png")
    limits = limits_of(setting_values({}, os.environ))
    show_page(path, page, out, load_engine(threads=1), limits)
    sys.stdout.write(f"{display(out)}\n")
    return ExitCode.OK
