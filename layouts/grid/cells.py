"""From ruled stretches to cells: places without a line between them are one cell, and every cell is made a rectangle."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from layouts.grid.borders import Borders


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A rectangle of places in the lattice: rows ``top`` to ``bottom`` and columns ``left`` to ``right``, the last ones excluded."""

    top: int
    left: int
    bottom: int
    right: int


def spans_of(borders: Borders) -> tuple[Span, ...]:
    """The cells, each place in exactly one, in reading order.

    Places with no line between them hang together. A piece that is no rectangle lost a line: it is cut, never filled up, for a wrong cut
    leaves all digits readable and a wrong merge does not. The cut goes where most of a line is left.
    """
    labels = _labels(borders)
    spans: list[Span] = []
    for label in range(1, int(labels.max(initial=0)) + 1):
        spans.extend(_rectangles(labels == label, borders))
    return tuple(sorted(spans))


def used_edges(spans: tuple[Span, ...]) -> tuple[list[int], list[int]]:
    """The row and the column edges that some cell begins or ends at, ascending."""
    return sorted({r for s in spans for r in (s.top, s.bottom)}), sorted({c for s in spans for c in (s.left, s.right)})


def _labels(borders: Borders) -> NDArray[np.int32]:
    # Drawn at twice the size, a place is a dot and an absent line a bridge between two dots: connected components do the rest.
    rows, columns = borders.columns.shape[0], borders.rows.shape[1]
    canvas = np.zeros((2 * rows - 1, 2 * columns - 1), np.uint8)
    canvas[::2, ::2] = 1
    canvas[1::2, ::2] = ~borders.rows[1:-1]
    canvas[::2, 1::2] = ~borders.columns[:, 1:-1]
    _, labels = cv2.connectedComponents(canvas, connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(labels[::2, ::2], np.int32)


def _rectangles(mask: NDArray[np.bool_], borders: Borders) -> Iterator[Span]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    span = Span(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    if mask[span.top : span.bottom, span.left : span.right].all():
        yield span
        return
    for part in _cut(mask, span, borders):
        count, labels = cv2.connectedComponents(part.astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
        for label in range(1, count):
            yield from _rectangles(np.asarray(labels == label), borders)


def _cut(mask: NDArray[np.bool_], span: Span, borders: Borders) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    # Only edges where the outline turns inwards can mend it; of these the one with most evidence per stretch, then the shortest.
    options: list[tuple[float, int, int, int]] = []
    for edge in range(span.top + 1, span.bottom):
        severed = mask[edge - 1] & mask[edge]
        if severed.any() and (mask[edge - 1] != mask[edge]).any():
            options.append((-float(borders.row_share[edge][severed].mean()), int(severed.sum()), 0, edge))
    for edge in range(span.left + 1, span.right):
        severed = mask[:, edge - 1] & mask[:, edge]
        if severed.any() and (mask[:, edge - 1] != mask[:, edge]).any():
            options.append((-float(borders.column_share[:, edge][severed].mean()), int(severed.sum()), 1, edge))
    _, _, axis, edge = min(options)
    first, second = mask.copy(), mask.copy()
    if axis == 0:
        first[edge:], second[:edge] = False, False
    else:
        first[:, edge:], second[:, :edge] = False, False
    return first, second
