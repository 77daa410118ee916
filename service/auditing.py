"""``formtally audit``: what the forms of an archive say against each other, as a workbook and as a page."""

import sys
from argparse import Namespace
from collections import Counter
from contextlib import closing
from pathlib import Path

from models.errors import ExitCode
from service.audit import audit, write_page, write_workbook
from service.ending import ends_orderly
from service.report import print_line
from service.store.home import home_of
from service.store.opening import open_existing
from service.store.reading import forms
from service.wording import display, plural

WORKBOOK, PAGE = "audit.xlsx", "audit.html"


def run(options: Namespace) -> ExitCode:
    """Write both and say how many findings there are.

    Raises:
        FormTallyError: the store cannot be read, or the report not written.
        KeyboardInterrupt: Ctrl-C or a signal to end; what was there before stays.
    """
    folder = Path(options.out)
    home = home_of(options)
    with ends_orderly():
        with open_existing(home) as store, closing(forms(store)) as found:
            made = audit(found)
        write_workbook(made, folder / WORKBOOK)
        write_page(made, folder / PAGE)
    counted = Counter(finding.rule for finding in made.findings if finding.accuses)
    for rule, count in sorted(counted.items()):
        print_line(f"{rule}: {count}", sys.stdout)
    notes = sum(not finding.accuses for finding in made.findings)
    projects, accusations = plural(len(made.projects), "project"), plural(sum(counted.values()), "finding")
    print_line(f"{display(folder)}: {plural(made.forms, 'form')}, {projects}, {accusations}, {plural(notes, 'open note')}.", sys.stdout)
    return ExitCode.OK
