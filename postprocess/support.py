"""How probable given texts are under a lattice: the forward algorithm of connectionist temporal classification.

The probability of a text is the sum over all ways to spread it over the time steps, repeats being one character and blanks separating
(Graves et al., 2006, "Connectionist Temporal Classification", section 4.1). Where a beam search finds the most probable texts, this weighs
texts that are known beforehand, however improbable they are.

A lattice keeps only the best characters of a time step. What it left out is bounded: such a character is no more probable than the last one
kept, nor than all that remains of the distribution. So a text has a least and a greatest probability.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from models.look import look
from models.reading import BLANK, Lattice
from postprocess.looks import INDEPENDENT, UNSEEN


@dataclass(frozen=True, slots=True)
class Support:
    """Bounds of the probability (0-1) of a text under a lattice.

    Attributes:
        least: what the characters kept account for.
        most: the same if what the lattice left out were all in favour of the text.
    """

    least: float
    most: float


def supports(lattice: Lattice, texts: Sequence[str]) -> tuple[Support, ...]:
    """The probability of each of ``texts``, all spellings that print cannot tell apart (`look`) counted together.

    White space counts as blank: it is no part of how a text looks.
    """
    plain = [look(text) for text in texts]
    alphabet = sorted({character for text in plain for character in text})
    number = {character: index + 1 for index, character in enumerate(alphabet)}
    asked = np.zeros((len(plain), max(map(len, plain), default=0)), np.intp)
    for row, text in zip(asked, plain, strict=True):
        row[: len(text)] = [number[character] for character in text]
    ends = np.array([len(text) for text in plain], np.intp)
    least, most = (_forward(shares, asked, ends) for shares in _shares(lattice, number))
    return tuple(Support(low, high) for low, high in zip(least, most, strict=True))


def supports_in_views(views: Sequence[Lattice], texts: Sequence[str]) -> tuple[Support, ...]:
    """What all ``views`` of the same ink say of ``texts``, as `postprocess.looks.pooled` weighs views, the rest being one more text.

    Args:
        views: at least one.
        texts: no two that look alike.
    """
    found = [supports(view, texts) for view in views]
    if len(found) == 1:
        return found[0]
    weight = min(1.0, INDEPENDENT / len(found))
    rests = [Support(max(0.0, 1 - sum(each.most for each in said)), max(0.0, 1 - sum(each.least for each in said))) for said in found]
    every = [*zip(*found, strict=True), tuple(rests)]
    least = [prod(max(UNSEEN, each.least) for each in said) ** weight for said in every]
    most = [prod(max(UNSEEN, each.most) for each in said) ** weight for said in every]
    low, high = sum(least), sum(most)
    return tuple(
        Support(own / (own + high - most[index]), most[index] / (most[index] + low - own)) for index, own in enumerate(least[: len(texts)])
    )


def _forward(shares: NDArray[np.float64], asked: NDArray[np.intp], ends: NDArray[np.intp]) -> Iterator[float]:
    """The probability of each text.

    Args:
        shares: (T, 1 + A) probability of the blank and of each character of the alphabet at each time step.
        asked: (N, L) characters of the texts as columns of ``shares``, filled up with 0.
        ends: (N,) lengths of the texts.
    """
    blank = np.zeros((asked.shape[0], asked.shape[1] + 1))
    blank[:, 0] = 1.0
    shown = np.zeros_like(blank)
    joins = np.zeros(asked.shape, bool)
    joins[:, 1:] = asked[:, 1:] != asked[:, :-1]
    for step in shares:
        entered = blank[:, :-1] + np.where(joins, shown[:, :-1], 0.0)
        blank = (blank + shown) * step[0]
        shown[:, 1:] = (entered + shown[:, 1:]) * step[asked]
    return (min(1.0, float(share)) for share in (blank + shown)[np.arange(len(ends)), ends])


def _shares(lattice: Lattice, number: dict[str, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and greatest probability of blank (column 0) and characters (column ``number``) at each time step, (T, 1 + A)."""
    kept = np.exp(lattice.log_probabilities.astype(np.float64))
    column = {code: _column(code, number) for code in np.unique(lattice.codes).tolist()}
    least = np.zeros((len(kept), 1 + len(number)))
    for step, (codes, row) in enumerate(zip(lattice.codes.tolist(), kept.tolist(), strict=True)):
        for code, share in zip(codes, row, strict=True):
            if column[code] >= 0:
                least[step, column[code]] += share
    left = np.minimum(kept[:, -1:], np.maximum(0.0, 1.0 - kept.sum(axis=1, keepdims=True))) if kept.size else np.zeros((len(kept), 1))
    return least, np.minimum(1.0, least + left)


def _column(code: int, number: dict[str, int]) -> int:
    """Where the probability of a kept character counts; -1 where no text has it.

    A character's look is that inside a text: alone, 一 would be a dash.
    """
    if code == BLANK:
        return 0
    seen = look(f"字{chr(code)}")[1:]
    return 0 if not seen else number.get(seen if len(seen) == 1 else chr(code), -1)
