"""Other views of a line: what each takes away or puts back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.arrays import Bgr, Grey
from models.geometry import Box, Straightening
from models.page import CleanPage, PageImage
from models.reading import AskedLine, Lattice, LineCrop
from ocr.second_look import look_again, without_neighbours

LINE = Box(20, 40, 180, 70)
CELL = Box(10, 10, 190, 110)
TIGHT, WIDE, ALONE, SMALL, BINARY, STORED, COLOURLESS = range(7)


@dataclass
class Watcher:
    """An engine that keeps what it is shown and says its number."""

    shown: list[Grey] = field(default_factory=list)

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        self.shown += [crop.pixels for crop in crops]
        return [Lattice(np.array([[ord("0") + index]], np.int32), np.zeros((1, 1), np.float32)) for index in range(len(crops))]

    def detect(self, page: int, image: Bgr) -> list[Box]:
        raise AssertionError((page, image.shape))


def page(stored: Bgr) -> tuple[PageImage, CleanPage]:
    grey = stored.max(axis=2)
    image = PageImage(1, stored, 300)
    return image, CleanPage(1, grey, np.zeros(grey.shape, np.bool_), Straightening(image.size, image.size))


def drawn() -> Bgr:
    """Three characters, the tail of a neighbour above, and a red stroke over the last."""
    pixels = np.full((120, 200, 3), 250, np.uint8)
    for left in (30, 80, 130):
        pixels[46:64, left : left + 18] = 20
    pixels[20:42, 55:60] = 20
    pixels[55, 120:175] = (60, 60, 230)
    return pixels


def views(stored: Bgr) -> tuple[list[Grey], Watcher]:
    """The pixels of each view, those read once for several included."""
    watcher = Watcher()
    (found,) = look_again(*page(stored), [AskedLine(1, LINE, CELL)], watcher)
    return [watcher.shown[int(chr(lattice.codes[0, 0]))] for lattice in found], watcher


def test_a_neighbour_is_seen_in_the_wider_cut_and_left_out_of_the_next() -> None:
    seen, _ = views(drawn())
    assert seen[WIDE].shape[0] > LINE.height > seen[TIGHT].shape[0]
    assert (seen[WIDE][:8] < 100).any()
    assert not (seen[ALONE][:8] < 100).any()
    assert (seen[ALONE] < 100).sum() > 900


def test_the_stamp_is_there_as_stored_and_gone_without_colour() -> None:
    seen, _ = views(drawn())
    between = slice(102, 108)
    assert seen[STORED][15, between].max() < 150
    assert seen[COLOURLESS][15, between].min() > 200
    assert seen[STORED].min() == 0
    assert seen[STORED].max() == 255


def test_a_smaller_and_a_black_and_white_view() -> None:
    seen, _ = views(drawn())
    assert seen[SMALL].shape[0] > 1.4 * LINE.height
    assert set(np.unique(seen[BINARY])) == {0, 255}


def test_views_that_look_the_same_are_read_once() -> None:
    _, watcher = views(np.full((120, 200, 3), 250, np.uint8))
    assert len(watcher.shown) < 7


def hidden(stored: Bgr) -> list[Grey]:
    watcher = Watcher()
    look_again(*page(stored), [AskedLine(1, CELL, CELL, alone=True)], watcher)
    return watcher.shown


def test_a_stamp_over_an_empty_cell_hides_nothing() -> None:
    pixels = np.full((120, 200, 3), 250, np.uint8)
    pixels[20:100, 60:66] = (60, 60, 220)
    assert {view.min() for view in hidden(pixels)} == {255}


def test_ink_that_went_with_the_stamp_is_found_again() -> None:
    pixels = np.full((120, 200, 3), 250, np.uint8)
    pixels[50:80, 60:130] = (60, 60, 220)
    pixels[52:78, 80:100] = 20
    seen, smaller = hidden(pixels)
    assert seen.min() < 50
    assert 1.4 * seen.shape[0] < smaller.shape[0] < 60


def test_where_several_lines_went_with_the_stamp_nothing_is_said() -> None:
    pixels = np.full((120, 200, 3), 250, np.uint8)
    pixels[20:100, 60:130] = (60, 60, 220)
    for top in (26, 70):
        pixels[top : top + 24, 80:100] = 20
    assert hidden(pixels) == []


def test_nothing_asked_is_nothing_read() -> None:
    assert look_again(*page(drawn()), [], Watcher()) == []


def test_a_descender_of_the_line_itself_stays() -> None:
    crop = np.full((40, 60), 255, np.uint8)
    crop[10:40, 10:14] = 0
    crop[0:14, 40:44] = 0
    kept = without_neighbours(crop, 10)
    assert (kept[:, 10:14] == 0).any()
    assert not (kept[:, 40:44] == 0).any()
