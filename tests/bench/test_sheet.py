"""Numbers drawn into cells, scanned and read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bench.repair import scan, sheet
from bench.repair.printed import forms, numbers
from bench.repair.recognized import Case, Recognizer
from models.arrays import Bgr
from models.geometry import Box, Size
from models.reading import BLANK, Engine, Lattice, LineCrop
from postprocess.places import Place

FORMS = forms(6, 1)


@pytest.mark.parametrize("index", range(len(FORMS)))
def test_every_number_stands_inside_a_cell_of_its_own(index: int) -> None:
    drawn = sheet.whole(FORMS[index], np.random.default_rng(index))
    size = Size(drawn.grey.shape[1], drawn.grey.shape[0])
    assert set(drawn.cells) == set(numbers(FORMS[index]))
    for place, cell in drawn.cells.items():
        inside = drawn.grey[cell.grown(-2, -2).slices(size)]
        assert (inside[2:-2, 2:-2] < 128).any(), place
        assert min(inside[:2].min(), inside[-2:].min(), inside[:, :2].min(), inside[:, -2:].min()) == 255, place
        assert all(cell.intersection(other).area == 0 for name, other in drawn.cells.items() if name != place)


@pytest.mark.parametrize("index", range(len(FORMS)))
def test_the_totals_are_the_last_rows(index: int) -> None:
    drawn = sheet.totals(FORMS[index], np.random.default_rng(index))
    last = len(FORMS[index].indicators) - 1
    assert (
        {Place("total_score"), Place("total_weight"), Place("score", "indicators", last)} <= set(drawn.cells) <= set(numbers(FORMS[index]))
    )
    assert len({cell.top for cell in drawn.cells.values()}) <= sheet.UNDER_SEAL


def test_a_coarser_scan_shows_the_same_cells_smaller() -> None:
    fine, coarse = (scan.resolution(FORMS[0], dpi, np.random.default_rng(1)) for dpi in (150.0, 75.0))
    assert coarse.pixels.shape[0] == pytest.approx(fine.pixels.shape[0] / 2, abs=1)
    assert coarse.cells[Place("total_score")].left == pytest.approx(fine.cells[Place("total_score")].left / 2)


def test_blur_spreads_the_ink() -> None:
    sharp, blurred = (scan.blur(FORMS[0], level, np.random.default_rng(1)).pixels for level in (0.0, 2.0))
    assert np.diff(sharp.astype(int), axis=1).std() > 1.5 * np.diff(blurred.astype(int), axis=1).std()


def test_a_seal_lies_over_the_total_score_and_hides_ink_beneath_it() -> None:
    open_ink, hidden = (scan.seal(FORMS[0], level, np.random.default_rng(1)) for level in (0.0, 1.0))
    rows, columns = np.nonzero(hidden.pixels[..., 2].astype(int) - hidden.pixels[..., 1] > 60)
    stamped = Box(float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max()))
    assert hidden.cells[Place("total_score")].intersection(stamped).area > 0
    assert (open_ink.pixels[rows, columns].min(axis=1) < 25).sum() > (hidden.pixels[rows, columns].min(axis=1) < 25).sum()


class OneForAll:
    """An engine that reads every line as 1."""

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        one = Lattice(np.array([[ord("1"), BLANK]], np.int32), np.array([[-0.1, -2.4]], np.float32))
        return [one] * len(crops)

    def detect(self, page: int, image: Bgr) -> list[Box]:
        raise AssertionError(f"nothing stands outside of the cells: page {page}, {image.shape}")


def _never() -> Engine:
    raise AssertionError("read again")


def test_what_was_read_is_kept_and_belongs_to_its_number(tmp_path: Path) -> None:
    case = Case(0, FORMS[0], "blur", 0.0, 1)
    first = Recognizer(tmp_path, OneForAll).read(case, scan.blur)
    again = Recognizer(tmp_path, _never).read(case, scan.blur)
    assert first == again
    assert {place: slot.text for place, slot in first.items()} == dict.fromkeys(numbers(FORMS[0]), "1")
    with pytest.raises(AssertionError, match="read again"):
        Recognizer(tmp_path, _never).read(Case(0, FORMS[0], "blur", 1.0, 1), scan.blur)
