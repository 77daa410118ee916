"""The command; see `bench.repair`."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import bench.repair
from bench.repair import plot, table
from bench.repair.measure import MADE_UP, Case, Examined, examine
from bench.repair.printed import forms
from bench.repair.readers import READERS
from bench.repair.tally import Counts

LEVELS: Mapping[str, Sequence[float]] = {
    "blur": (0.0, 1.25, 1.5),
    "resolution": (90.0, 75.0),
    "seal": (0.7, 0.9),
    MADE_UP: (16.0, 12.0, 10.0, 8.0),
}
"""Measured where nothing else is asked for: of each noise at least two levels at which plain reading has 90 to 99.5 % right."""

AT_A_TIME = 5
"""Forms handed to a worker at once."""


def main() -> None:
    """Print the rows of each level as soon as they are known."""
    options = _parser().parse_args()
    wanted = [(noise, level) for each in options.noise or LEVELS for noise, level in _levels(each)]
    drawn = forms(options.forms, options.seed)
    curves: dict[str, dict[float, dict[str, Counts]]] = {}
    print(table.HEAD, flush=True)
    with TemporaryDirectory() as scratch, ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        ask = partial(examine, options.cache or Path(scratch))
        for noise, level in wanted:
            begun = monotonic()
            cases = [Case(index, form, noise, level, options.seed) for index, form in enumerate(drawn)]
            counts = _summed(pool.map(ask, cases, chunksize=AT_A_TIME))
            curves.setdefault(noise, {})[level] = counts
            print(table.rows(noise, level, counts), flush=True)
            print(f"{noise} {level:g}: {monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    if options.plot is not None:
        plot.draw(curves, options.plot)


def _summed(examined: Iterable[Examined]) -> dict[str, Counts]:
    """The counts of all forms; wrong repairs are told as they come."""
    counts = {reader: Counter[str]() for reader in READERS}
    for each in examined:
        for reader, count in each.counts.items():
            counts[reader].update(count)
        for line in each.wrong_repairs:
            print(line, file=sys.stderr, flush=True)
    return dict(counts)


def _levels(asked: str) -> list[tuple[str, float]]:
    """Name and level, for each level of ``blur`` (the usual ones) or ``blur:0,1.5``."""
    noise, _, levels = asked.partition(":")
    return [(noise, float(level)) for level in (levels.split(",") if levels else LEVELS[noise])]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.repair", description=bench.repair.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, default=500)
    parser.add_argument("--noise", nargs="+", metavar="NAME[:LEVEL,...]", help="default: all, at their usual levels")
    parser.add_argument("--cache", type=Path, help="folder in which the recognizer's answers are kept")
    parser.add_argument("--plot", type=Path, help="draw the curves into this SVG or PNG")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    main()
