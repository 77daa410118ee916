"""Words of a closed vocabulary, decoded from the kept lattice: the usual words of the template against all else that may be printed.

The probability of a usual word is that of its own text under the lattice; any other text is `UNUSUAL` times as likely to be printed. So a
character that was misread from weak pixels is put right, and a word of the office's own stays where the pixels are clear.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from models.form import Alternative, Field
from models.look import look
from models.reading import Lattice
from postprocess.evidence import BUNCHED, MOST, SHOWN, Evidence
from postprocess.support import Support, supports_in_views
from postprocess.vocabulary import nearest

UNUSUAL = 0.01
"""How likely a cell with usual words is to print another one: of more than 300 such cells on the nine genuine forms none does, so at most
one in a hundred (rule of three). Of 8,352 such texts on 176 files, genuine and drawn, 43 are misread: 9 are put right and none is changed
to a wrong word; with 0.001 it is 18, with 0.1 none. What speaks against less: of the 5,358 cells the second reading would be taken in 18 if
it were a usual word and the right one were not; with 0.001 in 186."""

CLEAR = 0.95
"""Least probability of a usual word to be taken where another text was read: as a number's against its rivals (`postprocess.reconcile`)."""


def weigh_word(read: Evidence, views: Sequence[Lattice], words: Sequence[str]) -> Evidence:
    """``read`` weighed against the usual ``words``, as the pixels offer them.

    Args:
        read: the lines put together, as read best.
        views: lattices of all lines, one for each time that they were looked at; none where the readings of ``read`` are all there is.
        words: the usual words; where there are none, or no ink, nothing changes.
    """
    sure = read.confidence >= 1 - SHOWN and look(read.text) in map(look, words)
    if sure or not words or not look(read.text):
        return read
    apart = tuple({look(word): word for word in reversed(words)}.values())
    return weighed(read, apart, supports_in_views(views, apart) if views else _offered(read, apart))


def weighed(read: Evidence, words: Sequence[str], found: Sequence[Support]) -> Evidence:
    """As `weigh_word`, where it is known how probable the words are.

    The text is replaced by a usual word of which the pixels leave no doubt (`CLEAR`); what was read stays among the alternatives. So does
    every usual word that it may be, or almost is (`nearest`), with probability 0 where the pixels do not offer it.

    Args:
        read: the lines put together, as read best.
        words: the usual words, at least one and no two that look alike.
        found: probability of each of ``words``, in the same order.
    """
    first = look(read.text)
    odds = _Odds({look(word): support for word, support in zip(words, found, strict=True)})
    shares = _shares(read, words, odds)
    best = max(odds.usual, key=lambda plain: (shares[plain].confidence, plain))
    taken = best if shares[best].confidence >= CLEAR else first
    kept = {first, look(nearest(read.text, words)), *odds.possible()} - {taken}
    told = shares.pop(taken)
    return Evidence(told.text, told.confidence, _shown(shares, kept))


def _shares(read: Evidence, words: Sequence[str], odds: "_Odds") -> dict[str, Alternative]:
    """By its look, every text that was read and every usual word, with its probability; what was read keeps its spelling."""
    free = (*reversed(read.alternatives), Alternative(read.text, read.confidence))
    found = {look(other.text): Alternative(other.text, other.confidence * odds.left) for other in free}
    spelt = {look(word): word for word in words}
    spelt |= {look(read.text): read.text} if look(read.text) in spelt else {}
    return found | {plain: Alternative(word, odds.share(plain)) for plain, word in spelt.items()}


def _shown(others: Mapping[str, Alternative], kept: Set[str]) -> tuple[Alternative, ...]:
    """The most probable of ``others``, best first, but first of all those that are ``kept``."""
    worth = [(plain, other) for plain, other in others.items() if other.confidence >= SHOWN or plain in kept]
    ranked = sorted(worth, key=lambda entry: (entry[0] not in kept, -entry[1].confidence, entry[1].text))[:MOST]
    return tuple(sorted((other for _, other in ranked), key=lambda other: (-other.confidence, other.text)))


def rivalled(field: Field, words: Sequence[str]) -> bool:
    """Whether a person must look: ``field`` says no usual word but may, or is not `CLEAR` of another one."""
    usual = {look(word) for word in words}
    clear = field.certainty >= 1 - (1 - CLEAR) ** BUNCHED and look(field.text) in usual
    return not clear and any(look(other.text) in usual for other in field.alternatives)


@dataclass(frozen=True, slots=True)
class _Odds:
    """What is printed in a cell: one of the ``usual`` words, by their look, or another text."""

    usual: Mapping[str, Support]

    def share(self, plain: str) -> float:
        """The least probability of a usual word, all others as probable as they can be."""
        own = self.usual[plain]
        return own.least / (own.least + self._sum_of_most() - own.most + self._rest())

    def possible(self) -> Set[str]:
        """The usual words worth showing, all others as improbable as they can be."""
        known = sum(each.least for each in self.usual.values())
        return {plain for plain, own in self.usual.items() if own.most >= SHOWN * (own.most + _beside(known - own.least, own.most))}

    @property
    def left(self) -> float:
        """By how much another text than the usual ones is less probable for these, at the most."""
        return UNUSUAL / (self._sum_of_most() + self._rest())

    def _sum_of_most(self) -> float:
        return sum(each.most for each in self.usual.values())

    def _rest(self) -> float:
        return UNUSUAL * max(0.0, 1.0 - sum(each.least for each in self.usual.values()))


def _beside(known: float, own: float) -> float:
    """Weight of all else beside a word of probability ``own``, where the other usual words have ``known``."""
    return known + UNUSUAL * max(0.0, 1.0 - known - own)


def _offered(read: Evidence, words: Sequence[str]) -> tuple[Support, ...]:
    """The probability of each word as far as the readings tell."""
    known = {look(other.text): other.confidence for other in (*read.alternatives, Alternative(read.text, read.confidence))}
    return tuple(Support(share, share) for share in (known.get(look(word), 0.0) for word in words))
