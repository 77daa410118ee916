"""``formtally template check``: every fault of template files with its place."""

import sys
from argparse import Namespace
from pathlib import Path

from layouts.template_file import load_template
from models.errors import ExitCode, TemplateError, UsageError
from service.wording import display, plural, printable


def run(options: Namespace) -> ExitCode:
    """Check all files, also after a bad one.

    Raises:
        UsageError: there were faults; each stands on stderr on a line of its own.
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
        sys.stderr.writelines(f"{printable(fault)}\n" for fault in faults)
        raise UsageError(f"{plural(len(faults), 'fault')}.", "Correct these places and run `formtally template check` again.")
    return ExitCode.OK
