"""``formtally backup`` and ``formtally restore``: a whole archive into a folder, and back."""

import sys
from argparse import Namespace
from pathlib import Path

from models.errors import ExitCode
from service.ending import ends_orderly
from service.store.backup import Copied, backup
from service.store.home import home_of
from service.store.opening import open_existing
from service.store.restore import restore
from service.wording import display, plural, printable


def run_backup(options: Namespace) -> ExitCode:
    """Make or renew a backup and say what is in it; 4 where something could not be copied because it is damaged.

    Raises:
        FormTallyError: there is none, or it could not be made.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    home = home_of(options)
    with ends_orderly(), open_existing(home) as store:
        return _told(backup(store, Path(options.folder)), Path(options.folder))


def run_restore(options: Namespace) -> ExitCode:
    """Bring a backup back and say what came; 4 where something in it is damaged, 2 where its history was tampered with.

    Raises:
        FormTallyError: nothing came back.
        KeyboardInterrupt: Ctrl-C or a signal to end; the same command goes on.
    """
    home = home_of(options)
    with ends_orderly():
        restored = restore(Path(options.folder), home)
    for fault in restored.tamperings:
        sys.stderr.write(f"correction {fault.row}: {printable(fault.what)}\n")
    told = _told(restored.copied, home.folder)
    return ExitCode.INPUT if told == ExitCode.OK and restored.tamperings else told


def _told(copied: Copied, folder: Path) -> ExitCode:
    for name in copied.damaged:
        sys.stderr.write(f"damaged or missing: {name}\n")
    said = copied.manifest
    documents, corrections = plural(said.documents, "document"), plural(said.corrections, "correction")
    sys.stdout.write(f"{display(folder)}: {documents}, {corrections}, {plural(copied.files, 'file')} copied\nhistory {said.history}\n")
    return ExitCode.OUTPUT if copied.damaged else ExitCode.OK
