"""The printed labels of fields, each given to at most one place, all of them together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from layouts.matching.labels import CLOSED, Prefix, alike, begins, key, no_longer, prefix, similarity
from layouts.matching.script import compact
from layouts.matching.sheet import Sheet, SheetCell
from layouts.matching.tables import Body
from models.template import FieldSpec, Where

HALF_READ = 0.5
"""Similarity from which a label is believed in its place: between its neighbours of the template, where nothing else explains the text."""

DOUBTED = 0.9
"""A half-read label must hold a character of less confidence than this; a word read with certainty is another word (项目编号 for 项目名称).
Of 648 labels read rightly on scans 99 % have none below 0.915, so that certainty is the rule."""

_COLONS = ":;"

_LEADING = frozenset({Where.BEHIND, Where.INSIDE})


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a label was found.

    Attributes:
        cell: it stands in.
        start: its first character in the cell's script.
        end: behind label, bracketed unit and colon.
        stop: where a value behind it ends at the latest: at the next label, or at the end of the text.
        rank: how good the match is; about its similarity.
    """

    cell: SheetCell
    start: int
    end: int
    stop: int
    rank: float

    @property
    def whole(self) -> bool:
        """Whether the label is all that is written there."""
        return self.start == 0 and self.end >= len(self.cell.script.text)


Labels = tuple[str, ...]
Hits = Mapping[Labels, Hit]
"""By the spellings of the label: fields that share a label (总分) share its place."""


def find_labels(fields: Sequence[FieldSpec], cells: Sequence[SheetCell], lines: Sequence[SheetCell]) -> Hits:
    """The labels of ``fields`` that can be recognized by themselves.

    Args:
        fields: of the template.
        cells: of the grids, in reading order, without those that have another role.
        lines: loose lines that may hold labels with their values (a header that is not ruled).
    """
    wanted = _wanted(fields)
    places = [*cells, *lines]
    options = [[_best(labels, where, cell) for cell in places] for labels, where in wanted.items()]
    hits = _assigned(list(wanted), options)
    for labels, where in wanted.items():
        if labels not in hits and Where.BEHIND in where:
            found = [hit for cell in cells for hit in _inner(labels, cell, ())]
            found += [hit for line in lines for hit in _inner(labels, line, _colons(line))]
            if found:
                hits[labels] = max(found, key=lambda hit: hit.rank)
    return _stopped(hits)


def find_half_read(fields: Sequence[FieldSpec], hits: Hits, cells: Sequence[SheetCell], order: Mapping[SheetCell, int]) -> Hits:
    """The labels that are missing from ``hits``, in ``cells`` nothing else explains, between their neighbours in the template.

    Args:
        fields: of the template.
        hits: what is known already.
        cells: candidates.
        order: place of every cell in reading order.
    """
    wanted = list(_wanted(fields).items())
    known = _ascending(
        [(i, order[hits[labels].cell]) for i, (labels, _) in enumerate(wanted) if labels in hits and hits[labels].cell in order]
    )
    missing = [(i, labels, where) for i, (labels, where) in enumerate(wanted) if labels not in hits]
    options = []
    for i, labels, where in missing:
        first = max((at for j, at in known if j < i), default=-1)
        last = min((at for j, at in known if j > i), default=len(order))
        options.append([_half(labels, where, cell) if first < order[cell] < last else None for cell in cells])
    return _assigned([labels for _, labels, _ in missing], options)


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of ``pairs`` whose second numbers ascend: labels that a form prints in another order than its template say nothing."""
    longest: list[list[tuple[int, int]]] = []
    for pair in pairs:
        before = [chain for chain in longest if chain[-1][1] < pair[1]]
        longest.append([*max(before, key=len, default=[]), pair])
    return max(longest, key=len, default=[])


def find_by_position(fields: Sequence[FieldSpec], hits: Hits, bodies: Sequence[Body], sheet: Sheet) -> Hits:
    """The unreadable labels of `Where.CROSSING` that end a table: they stand in the row behind it, across several of its columns."""
    found: dict[Labels, Hit] = {}
    for labels, where in _wanted(fields).items():
        for body in bodies:
            if labels in hits or Where.CROSSING not in where or not set(labels).intersection(body.table.ends):
                continue
            cells = [cell for cell in sheet.covering(body.end) if cell.top == body.end]
            columns = [heading for heading in body.header.cells if heading is not None]
            if cells and sum(cells[0].overlap(heading.left, heading.right) > 0.5 for heading in columns) > 1:
                text = cells[0].script.text
                end = len(text) if any(no_longer(key(label), key(text)) for label in labels) else 0
                found[labels] = Hit(cells[0], 0, end, end, 0.0)
    return found


def _wanted(fields: Sequence[FieldSpec]) -> dict[Labels, frozenset[Where]]:
    wanted: dict[Labels, frozenset[Where]] = {}
    for field in fields:
        if field.labels:
            wanted[field.labels] = wanted.get(field.labels, frozenset()).union(field.where)
    return wanted


def _assigned(wanted: Sequence[Labels], options: Sequence[Sequence[Hit | None]]) -> dict[Labels, Hit]:
    """Each label at most one cell and each cell at most one label, at the highest total rank (Kuhn 1955)."""
    if not wanted or not options[0]:
        return {}
    ranks = np.array([[hit.rank if hit is not None else 0.0 for hit in row] for row in options])
    pairs = zip(*linear_sum_assignment(ranks, maximize=True), strict=True)
    return {wanted[int(i)]: hit for i, j in pairs if (hit := options[int(i)][int(j)]) is not None}


def _best(labels: Labels, where: Collection[Where], cell: SheetCell) -> Hit | None:
    """The best of the spellings in ``cell``: as all of its text, or at its beginning where a value may follow."""
    text = cell.script.text
    found: list[Hit] = []
    if _LEADING.intersection(where) and text:
        found += [_hit(cell, 0, match) for label in labels if (match := begins(compact(label), cell.script)) is not None]
    whole = [similarity(key(label), key(text)) + CLOSED for label in labels if text and alike(key(label), key(text))]
    found += [Hit(cell, 0, len(text), len(text), rank) for rank in whole]
    return max(found, key=lambda hit: hit.rank, default=None)  # of equals the first: a value of one character is no part of the label


def _half(labels: Labels, where: Collection[Where], cell: SheetCell) -> Hit | None:
    text = cell.script.text
    if cell.script.doubt(0, max(map(len, labels))) >= DOUBTED:
        return None
    whole = [similarity(key(label), key(text)) for label in labels if no_longer(key(label), key(text))]
    found = [Hit(cell, 0, len(text), len(text), rank) for rank in whole]
    if _LEADING.intersection(where):
        matches = [prefix(compact(label), cell.script) for label in labels]
        found += [_hit(cell, 0, match) for match in matches if match.closed]
    return max((hit for hit in found if hit.rank >= HALF_READ), key=lambda hit: hit.rank, default=None)


def _colons(cell: SheetCell) -> list[int]:
    return [i for i, char in enumerate(cell.script.text) if char in _COLONS]


def _inner(labels: Labels, cell: SheetCell, colons: Sequence[int]) -> Iterator[Hit]:
    """Further labels in one place: at the beginning of a line, or right before one of ``colons``."""
    text = cell.script.text
    for label in map(compact, labels):
        places = {*cell.script.starts[1:], *(i - len(label) + d for i in colons for d in (-1, 0, 1))}
        for start in places:
            match = begins(label, cell.script, start) if start > 0 else None
            if match is not None and match.closed and text[match.end - 1] in _COLONS:
                yield _hit(cell, start, match)


def _hit(cell: SheetCell, start: int, match: Prefix) -> Hit:
    return Hit(cell, start, match.end, len(cell.script.text), match.rank)


def _stopped(hits: Mapping[Labels, Hit]) -> Hits:
    """Each hit's value ends where the next label of the same cell begins."""
    return {
        labels: replace(
            hit, stop=min([other.start for other in hits.values() if other.cell is hit.cell and other.start > hit.start], default=hit.stop)
        )
        for labels, hit in hits.items()
    }
