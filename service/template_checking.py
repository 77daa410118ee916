"""``formtally template check``: every fault of template files with its place."""

import sys
from argparse import Namespace
from pathlib import Path

from layouts.template_file import load_template
from models.errors import ExitCode, TemplateError
from service.wording import display


def run(options: Namespace) -> ExitCode:
    """Check all files, also after a bad one.

    Raises:
        TemplateError: with the faults of all files.
    """
    faults: list[str] = []
    for path in map(Path, options.files):
        try:
            template = load_template(path)
        except TemplateError as error:
            faults += error.faults
        else:
            sys.stdout.write(f"{display(path)}: {template.name} is sound\n")
    if faults:
        raise TemplateError(tuple(faults))
    return ExitCode.OK
