"""Numbers drawn into cells, scanned and read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.kept import KeptEngine
from bench.repair import scan, sheet
from bench.repair.printed import forms, numbers
from bench.repair.recognized import Shot, Sitting
from models.arrays import Bgr
from models.geometry import Box, Size
from models.reading import BLANK, AskedLine, Engine, Lattice, LineCrop
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


class AsWide(OneForAll):
    """An engine whose lattices have a time step for each column."""

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """Every column is the digit of its shade."""
        return [Lattice(each.pixels[:1].T.astype(np.int32), -each.pixels[:1].T.astype(np.float32)) for each in crops]


def _never() -> Engine:
    raise AssertionError("read again")


def test_what_was_read_is_kept_and_belongs_to_its_number(tmp_path: Path) -> None:
    shot = Shot(1, 0, FORMS[0], "blur", 0.0, 1, scan.blur)
    first = Sitting(shot, KeptEngine(tmp_path / "kept.npz", OneForAll)).read()
    again = Sitting(shot, KeptEngine(tmp_path / "kept.npz", _never)).read()
    assert first == again
    assert {place: slot.text for place, slot in first.items()} == dict.fromkeys(numbers(FORMS[0]), "1")
    with pytest.raises(AssertionError, match="read again"):
        Sitting(replace(shot, level=1.0), KeptEngine(tmp_path / "kept.npz", _never)).read()


def test_lattices_of_any_length_are_kept_as_they_were(tmp_path: Path) -> None:
    crops = [LineCrop(1, Box(0, 0, width, 9), np.full((9, width), width, np.uint8)) for width in (5, 50, 1)]
    first = KeptEngine(tmp_path / "kept.npz", AsWide).recognize(crops)
    again = KeptEngine(tmp_path / "kept.npz", _never).recognize([*reversed(crops), crops[1]])
    assert [len(lattice.codes) for lattice in first] == [5, 50, 1]
    for lattice, same in zip([*reversed(first), first[1]], again, strict=True):
        np.testing.assert_array_equal(lattice.codes, same.codes)
        np.testing.assert_array_equal(lattice.log_probabilities, same.log_probabilities)


def test_each_line_that_is_asked_for_is_looked_at(tmp_path: Path) -> None:
    sitting = Sitting(Shot(2, 0, FORMS[0], "seal", 0.5, 1, scan.seal), KeptEngine(tmp_path / "kept.npz", OneForAll))
    lines = [AskedLine(2, slot.pieces[0].reading.box, slot.box) for slot in sitting.read().values()]
    looks = sitting.look(lines[:2])
    assert list(looks) == lines[:2]
    assert all(looks.values())
    assert sitting.look([]) == {}
