"""What else a number or date may be: every well-formed reading that its pixels support, for deciding numbers jointly.

Probabilities are those of the lattice, divided among the readings that may stand on paper: a text that is not well formed is
`postprocess.evidence.ILL_FORMED` times less likely to be printed than one that is.
"""

from collections.abc import Callable, Iterable
from math import log

from models.form import Candidate, Value
from models.matched import Slot
from models.template import ValueKind
from postprocess.beam import joined, well_formed_readings
from postprocess.evidence import ILL_FORMED, Evidence, is_word
from postprocess.grammar import Grammar
from postprocess.values import parse_value, says_nothing

NEGLIGIBLE = 1e-6
"""Least probability of a candidate. A form has some 400 digits: what was left out is wrong on one form in 2,500 at the most."""


def candidates(slot: Slot, kind: ValueKind, grammar: Grammar, evidence: Evidence, understood: Callable[[str], bool]) -> tuple[Candidate, ...]:
    """The values that ``slot`` may print, best first; none where it is blank, a word, or not read from its lattice.

    Texts of one value with as many decimals are one candidate; that of ``evidence``, if it is among them, stands for it.

    Args:
        slot: its lines are put together.
        kind: of the value.
        grammar: of that kind.
        evidence: the slot as read, before any rule is asked.
        understood: whether a text is a value of this kind, as it can stand on this form, or says nothing.
    """
    lines = [piece for piece in slot.pieces if piece.text.strip()]
    word = is_word(evidence.text) and not says_nothing(evidence.text, kind)
    lattice = None if word else joined(lines)
    if lattice is None:
        return ()
    found = {reading.text: reading.probability for reading in well_formed_readings(lattice, grammar)}
    free = [(evidence.text, evidence.confidence), *((other.text, other.confidence) for other in evidence.alternatives)]
    offered = {text: share for text, share in free if text not in found and says_nothing(text, kind)}
    if not found and not offered:
        offered = dict(free[:1])
    return _normalized(_by_value(evidence.text, kind, [(text, share) for text, share in (found | offered).items() if understood(text)]))


def _by_value(first: str, kind: ValueKind, readings: Iterable[tuple[str, float]]) -> list[tuple[str, Value, float]]:
    """Text, value and probability of each value, that of the text ``first`` under this text."""
    groups: dict[str, tuple[str, Value, float]] = {}
    for text, share in readings:
        value = parse_value(text, kind)
        held, _, sum_before = groups.get(str(value), (text, value, 0.0))
        groups[str(value)] = (first if text == first else held), value, sum_before + share
    return list(groups.values())


def _normalized(readings: list[tuple[str, Value, float]]) -> tuple[Candidate, ...]:
    known = sum(share for _, _, share in readings)
    total = known + ILL_FORMED * max(0.0, 1.0 - known)
    kept = [(text, value, share / total) for text, value, share in readings if share / total >= NEGLIGIBLE]
    return tuple(Candidate(text, value, log(share)) for text, value, share in sorted(kept, key=lambda entry: (-entry[2], entry[0])))
