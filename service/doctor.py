"""``formtally doctor``: is everything there that reading needs, and if not, what mends it?"""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from models.errors import ExitCode
from service.doctor_checks import CHECKS, Check, check_folder
from service.wording import plural, printable


def run(options: Namespace) -> ExitCode:
    """Print one line a check; 3 where any found a fault."""
    checks = [check() for check in CHECKS]
    if options.out is not None:
        checks.append(check_folder("output folder", Path(options.out)))
    return report(checks)


def report(checks: Sequence[Check]) -> ExitCode:
    """Print what was found, faults with what to do."""
    for check in checks:
        mark = "ok   " if check.sound else "FAULT"
        sys.stdout.write(f"{mark} {check.name}: {printable(check.found)}\n")
        if not check.sound:
            sys.stdout.write(f"      -> {check.remedy}\n")
    faults = sum(not check.sound for check in checks)
    sys.stdout.write(f"{plural(faults, 'fault')} found.\n" if faults else "Everything is there.\n")
    return ExitCode.INSTALLATION if faults else ExitCode.OK
