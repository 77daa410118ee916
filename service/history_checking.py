"""``formtally history verify``: is the history of corrections what was written?"""

import sys
from argparse import Namespace
from pathlib import Path

from models.errors import ExitCode
from service.store.history import head_of, parse_head, verify_history
from service.store.home import home_of
from service.store.manifest import read_manifest
from service.store.opening import open_existing
from service.wording import plural, printable


def run(options: Namespace) -> ExitCode:
    """Print the end of the history, or every place where it was tampered with; 2 where there is one.

    Raises:
        FormTallyError: it cannot be read.
    """
    known = [*map(parse_head, options.head), *(read_manifest(Path(folder)).history for folder in options.backup)]
    with open_existing(home_of(options)) as store:
        faults = verify_history(store.database, known)
        with store.database.reading() as connection:
            head = head_of(connection)
    for fault in faults:
        sys.stdout.write(f"correction {fault.row}: {printable(fault.what)}\n" if fault.row else f"{printable(fault.what)}\n")
    sys.stdout.write(f"{plural(len(faults), 'fault')} found.\n" if faults else f"The history is whole.\nhistory {head}\n")
    return ExitCode.INPUT if faults else ExitCode.OK
