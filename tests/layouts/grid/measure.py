"""How many random tables are found exactly, per kind of fault: ``python -m tests.layouts.grid.measure --count 200``.

Draws the same tables every time (seed = number of the table), 2 to 14 rows and 2 to 8 columns with random spans and text, at 100, 150, 200
or 300 dpi with lines 1 px thick and more, and compares the set of (row, column, row span, column span), open edges included.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from layouts.grid import find_grids
from models.arrays import Grey
from models.grid import Grid
from tests.layouts.grid.drawing import (
    FONTS,
    FOOTERS,
    SOUND,
    Faults,
    Line,
    Place,
    Print,
    Table,
    draw,
    page_of,
    random_table,
    visible,
    wordy_table,
)

LEVELS = {
    "sound": SOUND,
    "open": SOUND,
    "faded": Faults(faded=0.4),
    "doubled": Faults(doubled=0.4),
    "drift": Faults(drift_px=4),
    "noise": Faults(noise=6),
    "bits": Faults(bits=True),
    "streaks": Faults(streaks=3),
    "small gaps": Faults(gaps=12, gap_mm=2),
    "gaps": Faults(gaps=12, gap_mm=5),
    "many gaps": Faults(gaps=60, gap_mm=4),
    "footer": SOUND,
    "wordy": SOUND,
    "wordy faults": Faults(gaps=6, gap_mm=2, noise=3),
    "all": Faults(gaps=8, gap_mm=3, faded=0.2, doubled=0.2, drift_px=3, noise=4, streaks=1),
}
"""Kinds of fault; ``open`` leaves cells of the first or last row open, ``footer`` has text close under the table and ``wordy`` long text in
wide cells."""


def case(level: str, seed: int, most: tuple[int, int] = (14, 8)) -> tuple[Grey, Table]:
    """The page and the table of one number."""
    rng = np.random.default_rng(seed)
    dpi = int(rng.choice([100, 150, 200, 300], p=[0.1, 0.35, 0.35, 0.2]))
    how = Print(dpi, int(rng.integers(1, max(2, round(dpi / 45)))), LEVELS[level])
    table = visible(wordy_table(rng, dpi) if level.startswith("wordy") else random_table(rng, dpi, most))
    if level == "open":
        last = len(table.rows) - 1
        cut = frozenset(c for r, c, h, _ in table.cells if r + h == last and rng.random() < 0.7)
        table = replace(table, open_bottom=cut, open_top=bool(rng.random() < 0.3))
    return draw([table], rng, how, [_footer(table, rng, how)] if level == "footer" else []), table


def _footer(table: Table, rng: np.random.Generator, how: Print) -> Line:
    # From a hair under the border, so that the text does not touch it, to a line's distance.
    y = table.rows[-1] + how.thickness + 2 + how.px(rng.uniform(0.1, 1.0))
    words, font = FOOTERS[int(rng.integers(0, len(FOOTERS)))], FONTS[int(rng.integers(0, len(FONTS)))]
    return Line(table.columns[0], y, words, font, float(rng.choice([9, 10.5, 12, 14])))


def places(grid: Grid) -> set[Place]:
    """Where the cells of ``grid`` stand."""
    return {(c.row, c.column, c.row_span, c.column_span) for c in grid.cells}


def opened(grid: Grid) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Cells without a line above, and without one below."""
    return {(c.row, c.column) for c in grid.cells if c.open_top}, {(c.row, c.column) for c in grid.cells if c.open_bottom}


def expected_open(table: Table) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The same of a drawn table."""
    last = len(table.rows) - 1
    above = {(r, c) for r, c, _, _ in table.cells if r == 0 and table.open_top}
    return above, {(r, c) for r, c, h, _ in table.cells if r + h == last and c in table.open_bottom}


def exact(grids: tuple[Grid, ...], table: Table) -> bool:
    """Whether ``table`` alone was found, cell by cell."""
    return len(grids) == 1 and places(grids[0]) == set(table.cells) and opened(grids[0]) == expected_open(table)


def failures(level: str, count: int) -> Iterator[int]:
    """The numbers below ``count`` that are not found exactly."""
    for seed in range(count):
        grey, table = case(level, seed)
        if not exact(find_grids(page_of(grey)), table):
            yield seed


def main() -> None:
    """Print one line per kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--level", action="append", choices=list(LEVELS))
    options = parser.parse_args()
    cv2.setNumThreads(1)
    for level in options.level or list(LEVELS):
        start = time.process_time()
        failed = list(failures(level, options.count))
        print(f"{level:10} {options.count - len(failed):4} of {options.count}  {time.process_time() - start:5.1f} s  not exact: {failed}")


if __name__ == "__main__":
    main()
