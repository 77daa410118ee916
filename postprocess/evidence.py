"""How probable a text is, and what else it may be: the lattices of its lines, put together.

The probability of a line is that of its text under the lattice, over all its paths (`postprocess.beam`), not the product of its characters'
confidences: a character that was passed over has no confidence to lower it. Measured on 11,000 drawn lines (numbers, dates, words of the
forms, random characters; six fonts, 18 to 46 px; blurred, noisy, thresholded): wrong are 0.4 % of the lines between 0.9 and 0.99 and none
of 9,378 above, numbers that are not well formed set aside (a comma read as a point is sure of itself up to 0.999). At equal numbers of
accepted lines fewer are wrong than by the product or by the least confident character.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, product
from math import prod

from models.form import Alternative
from models.look import look
from models.matched import Piece, Slot
from postprocess.beam import MARKS, Hypothesis, best_readings, well_formed_readings
from postprocess.grammar import Grammar
from postprocess.looks import pooled
from postprocess.views import best_path, views

MOST = 5
"""Alternatives shown: a person chooses among a few or types."""

SHOWN = 0.005
"""Least probability of an alternative. A line whose best path leaves less than this has none, and is not searched."""

ILL_FORMED = 1e-3
"""How much less likely a number that is not well formed is to stand on paper. All 300 numbers of the nine genuine forms are well formed."""

PASSED_OVER = 0.5
"""Probability that is left to a text that lacks a mark of its line (`ocr.unread`): of eight such lines on 30 drawn pages four lack one."""

COMMAS = frozenset(",，")
"""Marks that part thousands."""

BUNCHED = 2
"""Power of a line's doubt in that of its text. The recognizer doubts sure lines too much: a right text of fifteen lines at 0.99 would be
one of 0.86, while of 215 drawn texts, 18 of them misread, the first 110 by this measure hold one misread one, by the plain product 107."""

NO_DOUBT = 1.0
"""Probability of a cell in which no ink was found: the recognizer was never asked, nothing measured says otherwise."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the pixels say about one value.

    Attributes:
        text: the lines put together, nothing between; spaces at both ends removed.
        confidence: probability of ``text`` (0-1), all lines together.
        alternatives: other texts, best first, at most `MOST`.
        lines: probability of each line (0-1), where it was read line by line.
    """

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    lines: tuple[float, ...] = ()

    @property
    def certainty(self) -> float:
        """What a calibration starts from (0-1): small doubts in many lines count less than a great one in a single line (`BUNCHED`)."""
        return prod(1 - (1 - each) ** BUNCHED for each in self.lines or (self.confidence,))


def weigh(slot: Slot) -> Evidence:
    """Put the lines of ``slot`` together. Texts that print cannot tell apart (`look`) count as one."""
    lines = [_readings(piece) for piece in slot.pieces]
    own = [line[0].confidence for line in lines]
    text = "".join(line[0].text for line in lines).strip()
    return Evidence(text, prod(own, start=NO_DOUBT), _alternatives(text, lines), tuple(own))


def weigh_number(slot: Slot, free: Evidence, grammar: Grammar, understood: Callable[[str], bool]) -> Evidence:
    """``free``, what `weigh` says of ``slot``; where it is not ``understood``, the most probable text that ``grammar`` accepts instead.

    The digits come from the same pixels; the first text stays among the alternatives. A word in a number's cell remains a word.
    """
    sound = understood(free.text) or is_word(free.text)
    found = () if sound else well_formed(slot, grammar, free)
    if not found:
        return free
    total = sum(each.probability for each in found) + ILL_FORMED * free.confidence
    best, *others = (Alternative(each.text, each.probability / total) for each in found)
    rest = [*others, Alternative(free.text, ILL_FORMED * free.confidence / total)]
    shown = sorted((other for other in rest if other.confidence >= SHOWN or other.text == free.text), key=_best_first)
    return Evidence(best.text, best.confidence, tuple(shown[:MOST]))


def _best_first(other: Alternative) -> tuple[float, str]:
    return -other.confidence, other.text


def is_word(text: str) -> bool:
    """Whether most of ``text`` is neither digit nor mark: what stands there was never a number, or a cell was cut wrongly."""
    return 2 * sum(character.isalpha() for character in text) > len(text)


def well_formed(slot: Slot, grammar: Grammar, free: Evidence) -> tuple[Hypothesis, ...]:
    """The readings of all lines of ``slot`` together that ``grammar`` accepts, best first; none where it was not read from its lattice.

    Where ``free``, the best reading without it, is one of these whose commas lost their tails, they share its probability: 2.643.200 is on
    no paper. The tails in one cell are lost together, so that no account mark by mark would do.
    """
    found = pooled([well_formed_readings(view, grammar) for view in views([piece for piece in slot.pieces if piece.text.strip()])])
    alike = {each.text: each.probability for each in found if not grammar.accepts(free.text) and without_tails(each.text, free.text)}
    if not alike:
        return found
    share = free.confidence / sum(alike.values())
    explained = [Hypothesis(each.text, each.probability + share * alike.get(each.text, 0.0)) for each in found]
    return tuple(sorted(explained, key=lambda each: (-each.probability, each.text)))


def without_tails(printed: str, read: str) -> bool:
    """Whether ``read`` is ``printed`` with points for commas, two marks or more: a single point may part decimals of another unit."""
    pairs = list(zip(printed, read, strict=False))
    marks = sum(there in MARKS for there in read)
    return len(printed) == len(read) and marks > 1 and all(here == there or (here in COMMAS and there in MARKS) for here, there in pairs)


def _readings(piece: Piece) -> list[Alternative]:
    """What ``piece`` may say, the text that is taken first; where a mark of its line was passed over, that is no more than a chance."""
    found = _seen(piece)
    missed = piece.reading.passed_over and found[0].text == piece.text
    return [Alternative(each.text, PASSED_OVER * each.confidence) for each in found] if missed else found


def _seen(piece: Piece) -> list[Alternative]:
    """The text of ``piece`` with its probability, then the others, best first; where it was looked at again, the best of all views."""
    seen = views([piece])
    if not seen:
        return [Alternative(piece.text, prod(piece.reading.confidences[piece.start : piece.end]))]
    sure = best_path(seen[0])
    if len(seen) == 1 and sure >= 1 - SHOWN:
        return [Alternative(piece.text, min(1.0, sure))]
    found = _by_look(piece.text, [(each.text, each.probability) for each in pooled([best_readings(view) for view in seen])])
    return found if len(seen) == 1 else sorted(found, key=_best_first)


def _by_look(text: str, found: Iterable[tuple[str, float]]) -> list[Alternative]:
    """One entry for each look, the most probable spelling standing for it; that of ``text`` first."""
    spellings, sums = {look(text): text}, {look(text): 0.0}
    for spelling, probability in found:
        key = look(spelling)
        spellings.setdefault(key, spelling)
        sums[key] = sums.get(key, 0.0) + probability
    first, *others = (Alternative(spelling, min(1.0, sums[key])) for key, spelling in spellings.items())
    return [first, *sorted(others, key=_best_first)]


def _alternatives(text: str, lines: list[list[Alternative]]) -> tuple[Alternative, ...]:
    """The most probable combinations of the lines' readings, without the one of ``text``."""
    combined = [Alternative("", 1.0)]
    for line in lines:
        pairs = product(combined, line)
        joined = [Alternative(start.text + more.text, start.confidence * more.confidence) for start, more in pairs]
        combined = sorted(joined, key=lambda whole: (-whole.confidence, whole.text))[: MOST + 1]
    others = (whole for whole in combined if look(whole.text) != look(text) and whole.confidence >= SHOWN)
    return tuple(Alternative(whole.text.strip(), whole.confidence) for whole in islice(others, MOST))
