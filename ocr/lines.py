"""Text lines inside a cell, found from its ink.

A cell is bounded by ruling lines, so no detector is needed: the rows of ink between them are its lines. The difficulty is at the seams: 二
and 三 have gaps inside, specks are rows of their own, and a dash is a line two pixels high.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from models.arrays import Grey, Mask
from models.geometry import Box, Size

INK = 170
"""Grey below which a pixel of a clean page is ink. Thin digits of AR PL UMing under a blur of 1.5 px at 200 dpi (`bench.repair`, three
forms, 139 numbers) stay above 150: there 66 are misread, with 160 17, with 170 and 175 14. What shines through is white after cleaning."""

PALE = 190
"""Grey below which a pixel may be ink where something speaks for it: it stands beside a line, or nothing else stands in its cell. The 。
and = of drawn faxes come out at 150 to 160; cleaning leaves nothing that is not near something darker than 199."""

PALE_MARK = 0.15
"""Least size of a pale mark beside a line, in text heights: thinner is the blur of what it stands next to."""

RULE_MARGIN = 2
"""Px left out along the cell's inside, where the ruling line's blur ends."""

SPECK = 0.28
"""A line of its own that is smaller than this share of the text height both ways is a speck: even a lone dash is wider."""

JOIN_HEIGHT = 1.2
"""Two rows of ink are one line while together they are at most this many text heights tall."""

LINE_MARGIN = 0.18
"""Share of the text height added above and below a line: the recognizer was trained on boxes with about such a margin."""

SPECK_GAP_BEFORE, SPECK_GAP_BEHIND = 0.6, 1.0
"""Text heights of space that part a speck before or behind a line from a mark of its own: the faint ring of a 。 set in the middle of its
square stands 0.6 behind the last character, and nothing so small begins a line."""

MARGIN_MARK = 0.4
"""Text heights within which a mark stands at the left margin: a comma stands a third of its square inside it at the most."""

SPECK_ROW_GAP = 0.15
"""Text heights of space that part a speck above or below a line from it: the dot of 主 stands closer."""

SPLIT_GAP = 4.0
"""Text heights of empty space that divide a line into two readings: such gaps are columns set with spaces."""

RULE_THICKNESS = 0.25
"""Share of the text height up to which a stroke along a cell's edge is what was left of its ruling line."""

EDGE = 0.45
"""Text heights from a cell's edge within which a mark that keeps there wholly is dirt on the ruling line: text reaches further, dashes and
full stops stand clear of it by as much. On the phone samples the grain of a ruling line beside a seal is 10 px high, 0.4 of the text."""

RULE_LENGTH = 1.3
"""Text heights from which such a stroke is too long for a character."""

FALLBACK_HEIGHT = 0.115
"""Text height in inches where a page gives no evidence: 10.5 points with the leading off, less the white of the em square."""


@dataclass(frozen=True, slots=True)
class _Band:
    """One row of ink; y px, half open, relative to the cell."""

    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


def ink(grey: Grey) -> Mask:
    """(H, W) bool, True where there is ink in ``grey``, (H, W) uint8."""
    return np.less(grey, INK)


def pale_ink(grey: Grey) -> Mask:
    """(H, W) bool, True where there is ink, or what may be ink, in ``grey``, (H, W) uint8."""
    return np.less(grey, PALE)


def without_rulings(grey: Grey, cells: Sequence[Box], height: float) -> Grey:
    """A copy of ``grey``, (H, W) uint8, with what ruling lines left inside ``cells`` turned to paper.

    A line that drifts a few px over the page enters its cells. Left alone it joins all rows of ink of a cell into one.
    """
    result = grey.copy()
    for cell in cells:
        rows, columns = _slices(cell, grey)
        _erase_remnants(result[rows, columns], height)
    return result


def text_height(marks: Mask, cells: Sequence[Box], expected: float) -> float:
    """Usual height of a text line in ``cells``, px: the upper middle of the heights of their rows of ink near ``expected`` px."""
    heights = [band.height for cell in cells for band in _bands(_inside(marks, cell)[0]) if 0.5 * expected <= band.height <= 2.2 * expected]
    return float(np.percentile(heights, 60)) if heights else expected


def find_lines(marks: Mask, pale: Mask, cell: Box, height: float) -> list[Box]:
    """Boxes of the text lines in ``cell``, top to bottom and left to right, with margin, straight frame, px.

    Pale ink counts at the ends of a line, and where a cell holds nothing else (hysteresis, Canny, 1986, "A computational approach to edge
    detection", section V).

    Args:
        marks: (H, W) bool ink of the page (`ink`).
        pale: (H, W) bool the same with what may be ink (`pale_ink`).
        cell: inside of the cell, straight frame, px.
        height: usual text height, px.
    """
    return _lines(marks, pale, cell, height) or _lines(pale, pale, cell, height)


def _lines(marks: Mask, pale: Mask, cell: Box, height: float) -> list[Box]:
    inside, left, top = _inside(marks, cell)
    faint, _, _ = _inside(pale, cell)
    bands = _without_dirt(_joined(_without_specks(_bands(inside), inside, height), height), len(inside), height)
    margin = _left_margin(bands, inside, height)
    lines = []
    for index, band in enumerate(bands):
        above = bands[index - 1].bottom if index else -height
        below = bands[index + 1].top if index + 1 < len(bands) else inside.shape[0] + height
        upper, lower = _with_margin(band, above, below, height)
        for start, end in _parts(inside[band.top : band.bottom], faint[band.top : band.bottom], height, margin):
            lines.append(Box(start - LINE_MARGIN * height, upper, end + LINE_MARGIN * height, lower).moved(left, top))
    return lines


def _left_margin(bands: Sequence[_Band], inside: Mask, height: float) -> float:
    """Where the lines of a cell begin, px; infinite where there is only one, which may begin anywhere."""
    lines = [inside[band.top : band.bottom] for band in bands]
    starts = [next((run[0] for run in _runs(np.any(line, axis=0), 0) if not _speck(line, run, height)), np.inf) for line in lines]
    return min(starts) if len(starts) > 1 else np.inf


def _parts(line: Mask, faint: Mask, height: float, margin: float) -> list[tuple[int, int]]:
    """(start, end) columns of the readings that a line holds, without the specks that stand apart at both ends of each.

    A mark at the left ``margin`` of the other lines is no speck: a text that breaks anywhere may begin a line with a comma.
    """
    parts = []
    for first, last in _runs(np.any(line, axis=0), SPLIT_GAP * height):
        runs = [(first + start, first + end) for start, end in _runs(np.any(line[:, first:last], axis=0), 0)]
        while len(runs) > 1 and runs[1][0] - runs[0][1] >= SPECK_GAP_BEFORE * height and _speck(line, runs[0], height):
            if abs(runs[0][0] - margin) <= MARGIN_MARK * height:
                break
            runs.pop(0)
        while len(runs) > 1 and runs[-1][0] - runs[-2][1] >= SPECK_GAP_BEHIND * height and _speck(line, runs[-1], height):
            runs.pop()
        if len(runs) > 1 or not _speck(line, runs[0], height):
            parts.append((runs[0][0], runs[-1][1]))
    return [_with_pale_ends(part, parts, faint, height) for part in parts]


def _with_pale_ends(part: tuple[int, int], parts: Sequence[tuple[int, int]], faint: Mask, height: float) -> tuple[int, int]:
    """``part`` with the pale marks that stand at its ends, but for what belongs to the next part."""
    start, end = part
    least = max((other[1] for other in parts if other[1] <= start), default=0)
    most = min((other[0] for other in parts if other[0] >= end), default=faint.shape[1])
    runs = [run for run in _runs(np.any(faint, axis=0), 0) if run[0] >= least and run[1] <= most]
    for run in reversed(runs):
        if run[0] < start and start - run[1] < SPECK_GAP_BEFORE * height and _large(faint, run, height):
            start = run[0]
    for run in runs:
        if run[1] > end and run[0] - end < SPECK_GAP_BEHIND * height and _large(faint, run, height):
            end = run[1]
    return start, end


def _large(faint: Mask, run: tuple[int, int], height: float) -> bool:
    rows = np.flatnonzero(np.any(faint[:, run[0] : run[1]], axis=1))
    return min(run[1] - run[0], int(rows[-1]) + 1 - int(rows[0])) >= PALE_MARK * height


def _speck(line: Mask, run: tuple[int, int], height: float) -> bool:
    """Whether ``run`` is smaller than any character but a ring: the 。 behind a ）stands as far off as a speck, but no speck has a hole."""
    marks = line[:, run[0] : run[1]]
    rows = np.flatnonzero(np.any(marks, axis=1))
    small = max(run[1] - run[0], int(rows[-1]) + 1 - int(rows[0])) < SPECK * height
    return small and bool(np.array_equal(binary_fill_holes(marks), marks))


def _erase_remnants(inside: Grey, height: float) -> None:
    """Turn to paper, in place, strokes in the strips along the edges of ``inside`` that are longer than a character, blur included."""
    depth = RULE_MARGIN + round(RULE_THICKNESS * height)
    for upright in (inside, inside.T):
        for strip in (upright[:, :depth], upright[:, -depth:]):
            if strip.size:  # OpenCV's component analysis crashes the process on an empty image
                _, labels, stats, _ = cv2.connectedComponentsWithStats(ink(strip).astype(np.uint8), connectivity=8)
                long = np.flatnonzero(stats[:, cv2.CC_STAT_HEIGHT] >= RULE_LENGTH * height)
                remnant = np.isin(labels, long[long > 0]).astype(np.uint8)
                strip[cv2.dilate(remnant, np.ones((3, 3), np.uint8)) > 0] = 255


def _slices(cell: Box, array: NDArray[np.generic]) -> tuple[slice, slice]:
    """(rows, columns) of the inside of ``cell`` in an array of the page, the ruling lines' blur left out."""
    inner = cell.grown(-RULE_MARGIN, -RULE_MARGIN)
    return inner.slices(Size(array.shape[1], array.shape[0]))


def _inside(marks: Mask, cell: Box) -> tuple[Mask, int, int]:
    rows, columns = _slices(cell, marks)
    return marks[rows, columns], columns.start, rows.start


def _bands(inside: Mask) -> list[_Band]:
    return [_Band(start, end) for start, end in _runs(np.any(inside, axis=1), 0)]


def _without_specks(bands: list[_Band], inside: Mask, height: float) -> list[_Band]:
    """``bands`` but for those that are a single speck away from the others; left in, it makes the line beside it look taller."""
    kept = []
    for index, band in enumerate(bands):
        gaps = [bands[i + 1].top - bands[i].bottom for i in (index - 1, index) if 0 <= i < len(bands) - 1]
        columns = np.flatnonzero(np.any(inside[band.top : band.bottom], axis=0))
        small = _speck(inside[band.top : band.bottom], (int(columns[0]), int(columns[-1]) + 1), height)
        if not small or min(gaps, default=height) < SPECK_ROW_GAP * height:
            kept.append(band)
    return kept


def _without_dirt(bands: list[_Band], rows: int, height: float) -> list[_Band]:
    """``bands`` but for those that keep to the edges of a cell of so many ``rows``."""
    near = EDGE * height
    return [band for band in bands if band.bottom > near and band.top < rows - near]


def _joined(bands: list[_Band], height: float) -> list[_Band]:
    """Rows of ink put together to lines: the nearest pair first, while the result is no taller than a line."""
    bands = list(bands)
    while len(bands) > 1:
        gaps = [(bands[i + 1].top - bands[i].bottom, i) for i in range(len(bands) - 1) if _fits(bands[i], bands[i + 1], height)]
        if not gaps:
            break
        _, i = min(gaps)
        bands[i : i + 2] = [_Band(bands[i].top, bands[i + 1].bottom)]
    return bands


def _fits(upper: _Band, lower: _Band, height: float) -> bool:
    return lower.bottom - upper.top <= JOIN_HEIGHT * height


def _with_margin(band: _Band, above: float, below: float, height: float) -> tuple[float, float]:
    """Top and bottom of a line's crop: at least a text line tall, and never into the line above or below."""
    missing = max(0.0, height - band.height) / 2
    margin = missing + LINE_MARGIN * max(height, band.height)
    return max(band.top - margin, above), min(band.bottom + margin, below)


def _runs(marked: NDArray[np.bool_], bridge: float) -> list[tuple[int, int]]:
    """(start, end) of the runs of True; runs with at most ``bridge`` False between them are one."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=0, append=0))
    runs: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if runs and start - runs[-1][1] <= bridge:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
