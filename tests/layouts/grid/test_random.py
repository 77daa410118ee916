"""Random tables are drawn and found again, cell by cell."""

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from layouts.grid import find_grids
from tests.layouts.grid.drawing import Print, Table, draw, page_of, random_cells, visible
from tests.layouts.grid.measure import LEVELS, case, exact, failures

COUNT = 12


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    cv2.setNumThreads(1)


@given(seed=st.integers(0, 10_000), rows=st.integers(2, 6), columns=st.integers(2, 5), thickness=st.integers(1, 6))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_printed_table_is_found_again(seed: int, rows: int, columns: int, thickness: int) -> None:
    rng = np.random.default_rng(seed)
    edges = tuple(200 + 45 * r for r in range(rows + 1)), tuple(150 + 140 * c for c in range(columns + 1))
    table = visible(Table(*edges, random_cells(rng, rows, columns)))
    assume(len(table.cells) > 1)
    assert exact(find_grids(page_of(draw([table], rng, Print(150, thickness)))), table)


@pytest.mark.parametrize(
    ("level", "allowed"),
    [
        ("sound", 0),
        ("open", 0),
        ("faded", 1),
        ("doubled", 1),
        ("drift", 1),
        ("noise", 1),
        ("bits", 1),
        ("streaks", 1),
        ("small gaps", 1),
        ("gaps", 4),
        ("footer", 0),
        ("wordy", 0),
        ("wordy faults", 1),
    ],
)
def test_faulty_tables_are_found_as_often_as_measured(level: str, allowed: int) -> None:
    assert len(list(failures(level, COUNT))) <= allowed


def test_no_fault_makes_a_table_vanish() -> None:
    for level in LEVELS:
        grey, _ = case(level, 1)
        assert len(find_grids(page_of(grey))) == 1, level


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_large_tables_of_forty_rows_are_found_exactly(seed: int) -> None:
    grey, table = case("sound", seed, (40, 10))
    assert exact(find_grids(page_of(grey)), table)
