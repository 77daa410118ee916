"""The audit of a generated archive: its plots, its page and workbook, and its time and memory.

    python -m bench.audit --plot docs/images        the plots of docs/audit.md: 5 years, 40 projects, breaks planted (seed 7)
    python -m bench.audit --report DIR              page and workbook of the same archive
    python -m bench.audit --forms 20000             seconds and peak memory of joining and comparing so many consistent forms

Forms are made while they are read (tests/service/audit/archive.py); making them is timed for itself and taken off.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from service.audit import Audit, audit, write_page, write_workbook
from service.audit.plots import rate_plot, score_plot, share_plot
from service.store.stored import StoredForm
from tests.service.audit.archive import archive, stored
from tests.service.audit.breaks import planted

SEED = 7
UNITS_A_TIME = 40
"""Offices made together; later ones stand in other towns."""


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--forms", type=int, default=0)
    options = parser.parse_args()
    if options.plot:
        for name, svg in plots(broken()).items():
            (options.plot / name).write_text(svg, "utf-8")
    if options.report:
        options.report.mkdir(parents=True, exist_ok=True)
        write_page(broken(), options.report / "audit.html")
        write_workbook(broken(), options.report / "audit.xlsx")
    if options.forms:
        measure(options.forms)


def broken() -> Audit:
    """The audit of the archive of the documents."""
    sheets = archive(SEED)
    planted(random.Random(SEED), sheets)  # noqa: S311 - chance that can be repeated is the purpose
    return audit(stored(sheets))


def plots(found: Audit) -> dict[str, str]:
    """File name to SVG."""
    return {"audit-findings.svg": share_plot(found), "audit-rates.svg": rate_plot(found), "audit-scores.svg": score_plot(found)}


def many(least: int) -> Iterator[StoredForm]:
    """At least so many forms that agree with each other, of ever new offices; none is left off half-way."""
    made = 0
    for seed in count(SEED):
        if made >= least:
            return
        sheets = archive(seed, UNITS_A_TIME, town=f"{seed}镇")
        made += len(sheets)
        yield from stored(sheets)


def measure(least: int) -> None:
    """Print seconds and peak memory for at least so many forms."""
    started = time.process_time()
    forms = sum(1 for _ in many(least))
    made, before = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    found = audit(many(least))
    spent = time.process_time() - started - made
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    accusing = sum(finding.accuses for finding in found.findings)
    print(f"{forms} forms, {len(found.projects)} projects, {accusing} findings that accuse, {len(found.findings) - accusing} open notes")
    print(f"{spent:.1f} s (making the forms: {made:.1f} s), peak {peak / 1024:.0f} MB of which {before / 1024:.0f} MB before")


if __name__ == "__main__":
    main()
