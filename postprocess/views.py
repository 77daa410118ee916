"""The time steps of a value: those of its characters alone, in the first reading of its lines and in every later look at them."""

from collections.abc import Sequence
from itertools import groupby
from math import exp

import numpy as np

from models.matched import Piece
from models.reading import BLANK, Lattice


def views(pieces: Sequence[Piece]) -> list[Lattice]:
    """What ``pieces`` say one after another in each view, the first reading's first; none where that was not made from its lattice.

    A line that was read once says the same in every view. Of a part of a line, a view that reads the rest of it otherwise is left out:
    it does not say where the part begins.
    """
    count = min((len(piece.reading.looks) for piece in pieces if piece.reading.looks), default=0)
    found = [_joined([_part(piece, view) for piece in pieces]) for view in range(count + 1)]
    return [] if found[0] is None else [lattice for lattice in found if lattice is not None]


def _part(piece: Piece, view: int) -> Lattice | None:
    """The time steps of ``piece`` in the first reading (``view`` 0) or a later look."""
    reading = piece.reading
    lattice = reading.looks[view - 1] if view and reading.looks else reading.lattice
    bounds = window(piece) if lattice is reading.lattice else _bounds_in_look(piece, lattice)
    if bounds is None:
        return None
    first, last = bounds
    return Lattice(lattice.codes[first:last].copy(), lattice.log_probabilities[first:last].copy())


def best_path(lattice: Lattice) -> float:
    """Probability (0-1) of the single most probable path through ``lattice``; 1 where it has no time steps."""
    return exp(float(lattice.log_probabilities[:, 0].sum())) if lattice.log_probabilities.size else 1.0


def window(piece: Piece) -> tuple[int, int] | None:
    """The time steps (first, one past the last) that belong to the characters of ``piece``, up to the neighbouring characters.

    None where the best path of the lattice does not say the reading's text: the reading was not made from it.
    """
    spans, text = _spans(piece.reading.lattice), piece.reading.text
    if "".join(character for character, _, _ in spans) != text or piece.reading.lattice.codes.size == 0:
        return None
    return _between(spans, piece.start, piece.end, len(piece.reading.lattice.codes))


def _bounds_in_look(piece: Piece, lattice: Lattice) -> tuple[int, int] | None:
    """As `window`, in a lattice that may say the characters of ``piece``, but not those around it, otherwise."""
    spans, text = _spans(lattice), piece.reading.text
    said, before, behind = "".join(character for character, _, _ in spans), text[: piece.start], text[piece.end :]
    if not (said.startswith(before) and said.endswith(behind)) or len(said) < len(before) + len(behind):
        return None
    return _between(spans, len(before), len(said) - len(behind), len(lattice.codes))


def _between(spans: Sequence[tuple[str, int, int]], start: int, end: int, steps: int) -> tuple[int, int]:
    """The time steps from behind the character before ``start`` up to that at ``end``."""
    return spans[start - 1][2] if start else 0, spans[end][1] if end < len(spans) else steps


def _spans(lattice: Lattice) -> list[tuple[str, int, int]]:
    """The characters of the best path, spaces at both ends left out, with their first time step and one past their last."""
    runs, start = [], 0
    for code, steps in groupby(lattice.codes[:, 0].tolist() if lattice.codes.size else ()):
        end = start + sum(1 for _ in steps)
        if code != BLANK:
            runs.append((chr(code), start, end))
        start = end
    seen = [index for index, (character, _, _) in enumerate(runs) if not character.isspace()]
    return runs[seen[0] : seen[-1] + 1] if seen else []


def _joined(parts: Sequence[Lattice | None]) -> Lattice | None:
    """All ``parts`` one after another, a certain blank between, as one lattice of the fewest characters a step."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    depth = min(part.codes.shape[1] for part in known)
    seam = np.full((1, depth), BLANK, np.int32), np.where(np.arange(depth) == 0, 0.0, -np.inf).astype(np.float32)[None]
    codes = [rows for part in known for rows in (seam[0], part.codes[:, :depth])][1:]
    logs = [rows for part in known for rows in (seam[1], part.log_probabilities[:, :depth])][1:]
    return Lattice(np.concatenate(codes), np.concatenate(logs))
