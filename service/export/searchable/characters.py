"""Where the characters of a line meet: at gaps in its ink, as far as these agree with the widths that such characters have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.export.searchable.glyphless import EM, width

MARK = re.compile("[，。、；：！？（）《》「」『』【】〈〉〔〕“”‘’,.;:!?()]")
"""Marks that do not fill their square. Recognizers tell half and full width apart badly, so both are here."""

_END_MARK = 0.5
"""Ems of a mark at an end of the ink, where the empty half of its square does not count."""
_STRAY, _MARK_STRAY = 0.15, 0.4
"""Ems by which the width of a character may well differ from the usual one; a mark's differs more, for lines are set even at its cost."""
_PLACE_STRAY = 0.6
"""The same for where the recognizer saw it: a time step is a quarter of an em, and it may answer early or late within a character."""
_NO_GAP = 1.5
"""Price of parting two characters where there is no gap; a width that is wrong by a fifth of an em costs about as much."""
_WIDE = 0.2
"""Ems from which a gap beside a mark is the white of its square."""
_LEAST = 0.1
"""Ems that a character has at least."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A place (px) where two characters may meet, with the least price of all up to there and the edge before it."""

    place: float
    price: float
    before: "_Edge | None" = None


def edges_of(text: str, places: Sequence[float], blank: Sequence[tuple[float, float]], start: float, end: float) -> list[float]:
    """The edges of each character, one more than there are characters, from ``start`` to ``end``.

    The cheapest chain of edges, by dynamic programming over the gaps near each place (Viterbi).

    Args:
        text: at least one character.
        places: about the middle of each character, px.
        blank: starts and ends of the columns without ink, px.
        start: of the ink, px.
        end: of the ink, px.
    """
    ems = ems_of(text)
    em = (end - start) / sum(ems)
    edges = [_Edge(start, 0.0)]
    for index in range(1, len(text)):
        seen = (places[index - 1] + places[index]) / 2
        gaps = _meetings(text[index - 1 : index + 1], blank, _WIDE * em)
        near = [(gap, 0.0) for gap in gaps if abs(gap - seen) <= em] or [(min(max(seen, start), end), _NO_GAP)]
        stray = _MARK_STRAY if MARK.match(text[index - 1]) else _STRAY
        edges = [
            _cheapest(edges, place, price + ((place - seen) / (_PLACE_STRAY * em)) ** 2, (ems[index - 1] * em, stray * em, _LEAST * em))
            for place, price in [*near, (edges[0].place + ems[index - 1] * em, _NO_GAP)]
        ]
    stray = _MARK_STRAY if MARK.match(text[-1]) else _STRAY
    last: _Edge | None = _cheapest(edges, end, 0.0, (ems[-1] * em, stray * em, _LEAST * em))
    found: list[float] = []
    while last is not None:
        found.append(last.place)
        last = last.before
    return found[::-1]


def ems_of(text: str) -> list[float]:
    """Ems that each character of ``text`` usually fills with its ink and the white to the next."""
    return [_ems(text, index) for index in range(len(text))]


def _meetings(pair: str, blank: Sequence[tuple[float, float]], wide: float) -> Iterator[float]:
    """Where the two characters of ``pair`` may meet: in the middle of a gap, but for a space or the white of a mark's square."""
    before, behind = (MARK.match(character) is not None for character in pair)
    spaced = pair[0].isspace(), pair[1].isspace()
    for start, end in blank:
        if any(spaced):
            yield end if spaced[0] else start
        elif end - start <= wide or not (before or behind):
            yield (start + end) / 2
        else:
            yield from (x for x, own in ((start, behind), (end, before)) if own)


def _cheapest(before: Sequence[_Edge], place: float, price: float, size: tuple[float, float, float]) -> _Edge:
    usual, stray, least = size
    costs = [edge.price + ((max(place - edge.place, 0.0) - usual) / stray) ** 2 + (place - edge.place < least) * 100 for edge in before]
    best = min(range(len(before)), key=costs.__getitem__)
    return _Edge(place, costs[best] + price, before[best])


def _ems(text: str, index: int) -> float:
    at_end = index in (0, len(text) - 1) and len(text) > 1
    return _END_MARK if at_end and MARK.match(text[index]) else width(text[index]) / EM
